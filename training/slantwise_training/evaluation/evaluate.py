"""Reads a labelled set with a model and compares what it says with what is gold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.labels import TASK_LABELS, SpanLabel, StanceLabel, Task
from slantwise.reading import Backend, Reading
from slantwise.records import LabelledSentence, Span
from slantwise.score import ModelName
from slantwise_training.evaluation.answers import Answer, Seen, SpanAnswer
from slantwise_training.evaluation.counts import SpanCounts
from slantwise_training.evaluation.directed import (
    DIRECTED_LABELS,
    directed_label,
    directed_pair,
    directed_probabilities,
)
from slantwise_training.evaluation.result import (
    ATTRIBUTION,
    ATTRIBUTION_LABELS,
    DIRECTED,
    STANCE,
    Evaluation,
    LabelMeasure,
    Measure,
    SpanMeasure,
    told,
)
from slantwise_training.examples import stance_examples

__all__ = ["Partial", "RecordReader", "answers_any", "document_of", "evaluate"]

_SPANS = (
    SpanLabel.SOURCE,
    SpanLabel.CUE,
    SpanLabel.CONTENT,
    SpanLabel.HEDGE,
    SpanLabel.LOADED,
    SpanLabel.MENTION,
)
_ATTRIBUTING = frozenset({SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT})
_STANCES = (StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR)
_FEW = 10


@runtime_checkable
class Partial(Protocol):
    """A backend that does not find every kind of span or takes no stance: what it leaves out is not scored as wrong."""

    @property
    def span_labels(self) -> frozenset[SpanLabel]:
        """The span labels the model finds."""
        ...

    @property
    def has_stance(self) -> bool:
        """Whether `stance` means anything."""
        ...


@runtime_checkable
class RecordReader(Protocol):
    """A backend that looks at more than the text, such as the outlet; gold labels are in the record and off limits."""

    def read_records(self, records: Sequence[LabelledSentence]) -> list[Reading]:
        """Read each record's sentence."""
        ...


def document_of(record: LabelledSentence) -> str:
    """The document a record is of, told apart over corpora: what is resampled and never cut by a fold."""
    return f"{record.corpus}/{record.doc.id}"


def evaluate(
    backend: Backend,
    records: Iterable[LabelledSentence],
    *,
    batch: int = 256,
    model: ModelName | None = None,
    command: str | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """Compare a model with the gold labels of every record.

    Measured are: each task that a record is labelled for and the model answers; the spans of each label that a record
    marks exhaustively, and whether there is any source, cue or content span; the stance towards each target span with
    a value and each topic, the gold holder given; the stances of two entities towards each other, as one of five
    classes. A set without a single neutral stance (SEESAW) has two stances: the model's probability of neutral is left
    out of the choice. The text goes to the model whole. Likewise found spans of a kind that the set never marks are
    left out, with a warning.

    Args:
        backend: the model; see `Partial` and `RecordReader` for what it may add.
        records: the labelled set, read once.
        batch: sentences read at a time.
        model: the name to report.
        command: the command line to report.
        resamples: bootstrap samples behind each interval.
        seed: of the bootstrap.

    Raises:
        AskedWrong: `batch` is below 1.
        SlantwiseError: no record, or none with a label that the model answers.

    """
    if batch < 1:
        raise AskedWrong("a batch of at least one sentence", str(batch), "ask for 256")
    gathered = _Gathered(backend)
    source = iter(records)
    while chunk := list(islice(source, batch)):
        gathered.add(chunk)
    if not gathered.records:
        raise SlantwiseError("labelled sentences to evaluate on", "none", "check the corpus and split")
    measures, warnings = gathered.measures(resamples, seed)
    return Evaluation(
        model=model or ModelName(type(backend).__name__, ""),
        corpus="+".join(sorted(gathered.corpora)),
        split="+".join(sorted(gathered.splits)),
        records=gathered.records,
        documents=len(gathered.documents),
        measures=measures,
        warnings=tuple(warnings),
        seed=seed,
        resamples=resamples,
        command=command,
    )


def answers_any(backend: Backend, records: Iterable[LabelledSentence]) -> bool:
    """Whether a record has a label that the model answers; nothing is read for it."""
    spans, has_stance = frozenset(_SPANS), True
    if isinstance(backend, Partial):
        spans, has_stance = backend.span_labels, backend.has_stance
    return any(
        backend.decisions.keys() & record.labels.keys()
        or spans & set(record.exhaustive)
        or (has_stance and (record.stances or any(span.label is SpanLabel.TARGET for span in record.spans)))
        for record in records
    )


@dataclass(frozen=True, slots=True)
class _Stance:
    """A gold stance beside the model's probabilities, kept until it is known whether the set has a neutral class."""

    seen: Seen
    target: Span | str
    by_source: bool
    gold: StanceLabel
    p: NDArray[np.float64]


@dataclass(slots=True)
class _Gathered:
    """What was read so far."""

    backend: Backend
    span_labels: frozenset[SpanLabel] = frozenset(_SPANS)
    has_stance: bool = True
    records: int = 0
    corpora: dict[str, None] = field(default_factory=dict)
    splits: dict[str, None] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)
    offered: dict[str, None] = field(default_factory=dict)
    """Every measure the set has labels for, answered or not."""
    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    spans: dict[SpanLabel, list[SpanAnswer]] = field(default_factory=lambda: defaultdict(list))
    stances: list[_Stance] = field(default_factory=list)

    def __post_init__(self) -> None:
        if isinstance(self.backend, Partial):
            self.span_labels, self.has_stance = self.backend.span_labels, self.backend.has_stance

    def add(self, chunk: Sequence[LabelledSentence]) -> None:
        """Read some records and compare."""
        if isinstance(self.backend, RecordReader):
            readings = self.backend.read_records(chunk)
        else:
            readings = self.backend.read([record.text for record in chunk])
        pairs = [(Seen(record, reading.spans), reading) for record, reading in zip(chunk, readings, strict=True)]
        for seen, reading in pairs:
            self.records += 1
            self.corpora[seen.record.corpus] = self.splits[seen.record.split] = None
            self.documents.add(document_of(seen.record))
            self._add_tasks(seen, reading)
            self._add_spans(seen, reading)
        self._add_stances(pairs)

    def _add_tasks(self, seen: Seen, reading: Reading) -> None:
        record = seen.record
        for task, gold in record.labels.items():
            self.offered[task] = None
            if task not in reading.tasks:
                continue
            p, decision = reading.tasks[task], self.backend.decisions[task]
            answer = Answer(
                sentence=record.id,
                document=document_of(record),
                gold=gold,
                found=decision.label(task, p),
                p=tuple(p.tolist()),
                unsure=decision.is_unsure(p),
                seen=seen,
            )
            self.answers[task].append(answer)

    def _add_spans(self, seen: Seen, reading: Reading) -> None:
        record, document = seen.record, document_of(seen.record)
        for label in _SPANS:
            if label not in record.exhaustive:
                continue
            self.offered[label] = None
            if label not in self.span_labels:
                continue
            searched = SpanAnswer(seen, document, record.spans_of(label), reading.spans_of(label))
            self.spans[label].append(searched)
        looked_for = _ATTRIBUTING & set(record.exhaustive) & self.span_labels
        if looked_for:
            gold = any(span.label in looked_for for span in record.spans)
            found = any(span.label in looked_for for span in reading.spans)
            labels = ATTRIBUTION_LABELS[gold], ATTRIBUTION_LABELS[found]
            self.answers[ATTRIBUTION].append(Answer(record.id, document, *labels, seen=seen))

    def _add_stances(self, pairs: Sequence[tuple[Seen, Reading]]) -> None:
        asked = [(seen, stance_examples([seen.record], [reading])) for seen, reading in pairs]
        mentions = [example.mention for _, examples in asked for example in examples]
        if mentions:
            self.offered[STANCE] = None
        if not mentions or not self.has_stance:
            return
        p = self.backend.stance(mentions).astype(np.float64)
        if p.shape != (len(mentions), len(_STANCES)):
            raise ValueError(f"expected stances of shape {(len(mentions), len(_STANCES))}, found {p.shape}")
        done = 0
        for seen, examples in asked:
            rows = p[done : done + len(examples)]
            done += len(examples)
            spans = {(span.start, span.end): span for span in seen.record.spans_of(SpanLabel.TARGET)}
            for example, row in zip(examples, rows, strict=True):
                mention = example.mention
                target = spans.get((mention.start, mention.end), mention.name)
                by_source = mention.holder is not None
                self.stances.append(_Stance(seen, target, by_source, _STANCES[example.label], row))
            self._add_directed(seen, rows)

    def _add_directed(self, seen: Seen, rows: NDArray[np.float64]) -> None:
        record = seen.record
        pair = directed_pair(record)
        label = directed_label(*pair) if pair else None
        if label is not None:
            p = directed_probabilities(rows[0], rows[1])
            found = DIRECTED_LABELS[int(p.argmax())]
            answer = Answer(record.id, document_of(record), label, found, tuple(p.tolist()), seen=seen)
            self.answers[DIRECTED].append(answer)

    def measures(self, resamples: int, seed: int) -> tuple[dict[str, Measure], list[str]]:
        """What can be measured, in the order of the label Enums, and what to mind about it."""
        labels: dict[str, tuple[str, ...]] = {task: TASK_LABELS[task] for task in Task}
        labels |= {ATTRIBUTION: ATTRIBUTION_LABELS, DIRECTED: DIRECTED_LABELS}
        warnings = []
        if self.stances:
            stances, self.answers[STANCE] = _stance_answers(self.stances, self.backend.stance_margin)
            labels[STANCE] = tuple(stances)
            if StanceLabel.NEUTRAL not in stances:
                warnings.append("stance: no gold label is neutral; the model chose between against and favor alone")
        measures: dict[str, Measure] = {
            str(name): LabelMeasure(str(name), order, tuple(self.answers[name]), resamples, seed, self._threshold(name))
            for name, order in labels.items()
            if self.answers.get(name)
        }
        for label in _SPANS:
            if label in self.spans:
                searched, aside = _of_gold_kinds(self.spans[label])
                per_document = _count_spans(label, searched)
                n, kept = len(searched), tuple(searched)
                measures[str(label)] = SpanMeasure(str(label), n, per_document, resamples, seed, kept)
                if aside:
                    kinds = ", ".join(f"{n} {kind}" for kind, n in aside.items())
                    warnings.append(f"{label}: found spans of kinds that this set never marks were not scored: {kinds}")
        if not measures:
            raise SlantwiseError(
                f"labels that the model answers ({', '.join(self._answerable()) or 'none'})",
                f"labels for {', '.join(self.offered) or 'nothing'} in {'+'.join(sorted(self.corpora)) or 'the set'}",
                "evaluate on a corpus that shares one: see `slantwise data list`",
            )
        unanswered = [name for name in self.offered if name not in measures]
        if unanswered:
            warnings.append(f"labelled here, but not answered by the model: {', '.join(unanswered)}")
        return measures, warnings + told(line for measure in measures.values() for line in _warnings(measure))

    def _threshold(self, name: str) -> float:
        tasks = {str(task): decision.threshold for task, decision in self.backend.decisions.items()}
        return tasks.get(name, 0.5)

    def _answerable(self) -> list[str]:
        spans = [str(label) for label in _SPANS if label in self.span_labels]
        return [*map(str, self.backend.decisions), *spans, *([STANCE] if self.has_stance else [])]


def _of_gold_kinds(sentences: Sequence[SpanAnswer]) -> tuple[list[SpanAnswer], Counter[str]]:
    """Leave out found spans of kinds that the whole set never marks, and say how many of each.

    Where names alone are marked, a pronoun found is no false alarm. A found span with the bounds of a gold one stays,
    whatever its kind. Nothing is left out of a set without spans, or with spans of no kind.
    """
    kinds = {span.value for sentence in sentences for span in sentence.gold}
    if not kinds or None in kinds:
        return list(sentences), Counter()
    kept, aside = [], Counter[str]()
    for sentence in sentences:
        bounds = {(span.start, span.end) for span in sentence.gold}
        strange = {s for s in sentence.found if s.value and s.value not in kinds and (s.start, s.end) not in bounds}
        aside.update(str(span.value) for span in strange)
        kept.append(replace(sentence, found=tuple(span for span in sentence.found if span not in strange)))
    return kept, aside


def _count_spans(label: SpanLabel, sentences: Sequence[SpanAnswer]) -> dict[str, SpanCounts]:
    by_document = defaultdict(list)
    for sentence in sentences:
        by_document[sentence.document].append((sentence.text, sentence.gold, sentence.found))
    return {document: SpanCounts.from_pairs(label, triples) for document, triples in by_document.items()}


def _stance_answers(stances: Sequence[_Stance], margin: float) -> tuple[list[StanceLabel], list[Answer]]:
    """Decide each stance among the labels that the set has."""
    has_neutral = any(stance.gold is StanceLabel.NEUTRAL for stance in stances)
    columns = [at for at, label in enumerate(_STANCES) if has_neutral or label is not StanceLabel.NEUTRAL]
    labels, answers = [_STANCES[at] for at in columns], []
    for stance in stances:
        kept = stance.p[columns]
        p = kept / kept.sum() if kept.sum() > 0 else np.full(len(kept), 1 / len(kept))
        second, first = np.sort(p)[-2:]
        answer = Answer(
            sentence=stance.seen.record.id,
            document=document_of(stance.seen.record),
            gold=stance.gold,
            found=labels[int(p.argmax())],
            p=tuple(p.tolist()),
            unsure=bool(first - second < margin),
            seen=stance.seen,
            target=stance.target,
            by_source=stance.by_source,
        )
        answers.append(answer)
    return labels, answers


def _warnings(measure: Measure) -> Iterator[tuple[str, str]]:
    """What makes a measure mean less than it seems to."""
    documents = len(measure.per_document)
    if documents == 1:
        yield measure.name, "all in one document, so nothing tells how much documents differ: there is no interval"
    elif documents < _FEW:
        yield measure.name, f"{documents} documents, too few for the interval to mean much"
    if isinstance(measure, LabelMeasure):
        if len(measure.used) == 1:
            yield measure.name, f"every gold label is {measure.used[0]}; F1 of any other is 0 whatever the model says"
        return
    found, false, missed = measure.counts.exact
    if found + missed == 0:
        yield measure.name, "no span is gold; only false alarms can be seen"
    if found + false == 0:
        yield measure.name, "the model found no span"
