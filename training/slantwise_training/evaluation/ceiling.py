"""The human ceiling: how far people agree with the gold labels of the very sentences that the model is judged on.

Votes come from other annotations of the same sentences: another corpus of them, raters whose votes a corpus keeps, or
files of further annotators. The model is compared on those sentences alone. A rater whose vote went into the gold
label agrees with it a little too well; where that is so, the name says it.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from slantwise.labels import SpanLabel, StanceLabel
from slantwise.records import LabelledSentence, Span
from slantwise_training.corpora import find_corpus, read_corpus
from slantwise_training.corpora.gwsd import TARGET
from slantwise_training.corpora.polnear import second_readings
from slantwise_training.evaluation.answers import Answer
from slantwise_training.evaluation.baselines import stance_targets
from slantwise_training.evaluation.counts import Counts, LabelCounts, SpanCounts
from slantwise_training.evaluation.intervals import Difference, Interval, difference, interval
from slantwise_training.evaluation.result import (
    ATTRIBUTION,
    ATTRIBUTION_LABELS,
    STANCE,
    Evaluation,
    LabelMeasure,
    Measure,
    SpanMeasure,
)
from slantwise_training.evaluation.slices import main_metric
from slantwise_training.examples import normalised

__all__ = ["PRINTED", "Human", "Votes", "corpus_votes", "humans_of", "key_of", "votes_of", "votes_on"]

C = TypeVar("C", bound=Counts)

_SECOND = {
    "babe_v2": {"mbic": "a crowd, MBIC", "babe_sg1": "eight experts, BABE SG1"},
    "babe_sg2": {"mbic": "a crowd, MBIC"},
    "babe_sg1": {"mbic": "a crowd, MBIC"},
    "mbic": {"babe_sg1": "eight experts, BABE SG1"},
}
"""Corpora that hold second labels of another's sentences, made by other people. SG2 is what babe_v2 was made from."""
_RATERS = "single raters, whose votes are in the gold label"
_ANNOTATORS = "PolNeAR's further annotators"
_ATTRIBUTING = frozenset({SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT})
_RATED = {"disagrees": StanceLabel.AGAINST, "neutral": StanceLabel.NEUTRAL, "agrees": StanceLabel.FAVOR}
PRINTED = {
    "newsmtsc": (STANCE, "macro_f1", 0.864, "a crowd against experts, as Hamborg and Donnay (2021) print it"),
}
"""Agreement that a corpus's paper prints, where the votes are not public: measure, metric, value, source."""


@dataclass(frozen=True, slots=True)
class Votes:
    """What some people said: votes by measure and question, and spans by label and sentence.

    Questions are told by their record, and if no record fits by `key_of` their words: other files and corpora have
    other ids. A sentence's spans are one tuple for each reader; they count where it is the same to the character.
    """

    who: str
    votes: Mapping[str, Mapping[str, tuple[str, ...]]]
    spans: Mapping[str, Mapping[str, tuple[tuple[Span, ...], ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Human:
    """People and the model on what people answered or read, by one metric; `ahead` is the model's lead.

    `n` counts votes, or a sentence's readings; `documents` are what is resampled.
    """

    who: str
    measure: str
    metric: str
    n: int
    people: Interval
    model: Interval
    ahead: Difference
    documents: int

    def to_json(self) -> dict[str, Any]:
        """The comparison as a JSON object."""
        row: dict[str, Any] = {name: getattr(self, name) for name in ("who", "measure", "metric", "n", "documents")}
        for name, found in (("people", self.people), ("model", self.model), ("ahead", self.ahead)):
            row[name] = {"value": found.value, "low": found.low, "high": found.high}
        row["ahead"]["p"] = self.ahead.p
        return row


def key_of(text: str, target: str = "") -> str:
    """What a question is told by over files: the sentence's letters and digits, and the target's."""
    return f"{normalised(text)}\n{normalised(target)}"


def corpus_votes(name: str, root: Path) -> list[Votes]:
    """The votes that are public for a corpus; corpora that are not on disk are passed over."""
    found = []
    for other, who in _SECOND.get(name, {}).items():
        if (root / find_corpus(other).folder).is_dir():
            found.append(votes_of(read_corpus(other, root), who))
    if name == "gwsd" and (root / find_corpus(name).folder).is_dir():
        found.append(Votes(_RATERS, {STANCE: dict(_raters(root / find_corpus(name).folder / "GWSD.tsv"))}))
    if name == "polnear" and (root / find_corpus(name).folder).is_dir():
        corpus = find_corpus(name)
        found.append(votes_of(second_readings(root / corpus.folder, corpus), _ANNOTATORS, by_words=False))
    return found


def votes_of(records: Iterable[LabelledSentence], who: str, *, by_words: bool = True) -> Votes:
    """Labels, stances and spans of records as votes; a span label counts where it is marked exhaustively.

    Args:
        records: what people labelled.
        who: the people.
        by_words: whether the same words in another record are the same question. Not where the records are those that
            are evaluated: what stands below every article is then read in some.

    """
    votes: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    spans: dict[str, dict[str, tuple[tuple[Span, ...], ...]]] = defaultdict(dict)
    for record in records:
        for key in (_exact_key(record), *((record.text,) if by_words else ())):
            for searched in record.exhaustive:
                spans[str(searched)][key] = (*spans[str(searched)].get(key, ()), record.spans_of(searched))
        for name, target, said in _said(record):
            for key in (_record_key(record, target), *((key_of(record.text, target),) if by_words else ())):
                votes[name][key] = (*votes[name].get(key, ()), said)
    return Votes(who, votes, spans)


def humans_of(evaluation: Evaluation, votes: Iterable[Votes]) -> list[Human]:
    """People beside the model, for every measure and every group of people with votes on it."""
    found = []
    for each in votes:
        for name, measure in evaluation.measures.items():
            if isinstance(measure, SpanMeasure):
                pairs = _span_pairs(measure, each.spans.get(name, {}))
            else:
                pairs = _label_pairs(measure, each.votes.get(name, {}))
            if pairs.n:
                found.append(_human(measure, each.who, pairs))
    return found


def votes_on(answer: Answer, measure: str, votes: Iterable[Votes]) -> list[str]:
    """What each group of people said to one question, in words: "a crowd (MBIC): 5 loaded, 3 plain"."""
    lines = []
    for each in votes:
        cast = Counter(_cast(answer, each.votes.get(measure, {})))
        if cast:
            said = ", ".join(f"{n} {label}" if sum(cast.values()) > 1 else label for label, n in cast.most_common())
            lines.append(f"{each.who}: {said}")
    return lines


@dataclass(slots=True)
class _Pairs:
    """By document, gold beside what people said and beside what the model said of the very same."""

    people: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    model: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    n: int = 0

    def add(self, document: str, people: object, model: object) -> None:
        self.people[document].append(people)
        self.model[document].append(model)
        self.n += 1


def _label_pairs(measure: LabelMeasure, votes: Mapping[str, tuple[str, ...]]) -> _Pairs:
    pairs = _Pairs()
    for answer in measure.answers:
        for vote in _cast(answer, votes):
            if vote in measure.labels:
                pairs.add(answer.document, (answer.gold, vote), (answer.gold, answer.found))
    return pairs


def _span_pairs(measure: SpanMeasure, readings: Mapping[str, tuple[tuple[Span, ...], ...]]) -> _Pairs:
    pairs = _Pairs()
    for answer in measure.answers:
        known = readings.get(_exact_key(answer.seen.record))
        for marked in readings.get(answer.text, ()) if known is None else known:
            theirs, ours = (answer.text, answer.gold, marked), (answer.text, answer.gold, answer.found)
            pairs.add(answer.document, theirs, ours)
    return pairs


def _human(measure: Measure, who: str, pairs: _Pairs) -> Human:
    sides, name = (list(pairs.people.values()), list(pairs.model.values())), main_metric(measure)
    if isinstance(measure, SpanMeasure):
        label = SpanLabel(measure.name)
        theirs, ours = ([SpanCounts.from_pairs(label, rows) for rows in side] for side in sides)
        return _beside(measure, who, pairs.n, theirs, ours, measure.metrics[name])
    people, model = ([LabelCounts.from_pairs(measure.labels, rows) for rows in side] for side in sides)
    return _beside(measure, who, pairs.n, people, model, measure.metrics[name])


def _beside(
    measure: Measure, who: str, n: int, theirs: Sequence[C], ours: Sequence[C], metric: Callable[[C], float]
) -> Human:
    """Both sides' counts by document, in one order."""
    resamples, seed = measure.resamples, measure.seed
    return Human(
        who,
        measure.name,
        main_metric(measure),
        n,
        interval(theirs, metric, resamples=resamples, seed=seed),
        interval(ours, metric, resamples=resamples, seed=seed),
        difference(ours, theirs, metric, resamples=resamples, seed=seed),
        len(theirs),
    )


def _said(record: LabelledSentence) -> Iterator[tuple[str, str, str]]:
    """Every measure that a record answers, the target if it has one, and the answer."""
    if marked := _ATTRIBUTING & set(record.exhaustive):
        yield ATTRIBUTION, "", ATTRIBUTION_LABELS[any(span.label in marked for span in record.spans)]
    for task, label in record.labels.items():
        yield str(task), "", label
    for target, value in stance_targets(record):
        yield STANCE, target, str(value)


def _cast(answer: Answer, votes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The votes on the answer's question."""
    if answer.seen is None:
        return ()
    target = answer.target
    name = "" if target is None else target if isinstance(target, str) else target.text
    record = answer.seen.record
    known = votes.get(_record_key(record, name))
    return votes.get(key_of(record.text, name), ()) if known is None else known


def _record_key(record: LabelledSentence, target: str) -> str:
    return f"{record.doc.id}\n{record.id}\n{key_of(record.text, target)}"


def _exact_key(record: LabelledSentence) -> str:
    return f"{record.doc.id}\n{record.id}\n{record.text}"


def _raters(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """GWSD's eight votes by question; screening rows have no probabilities and are left out."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if any(row[answer] for answer in ("disagree", "neutral", "agree")):
                cast = (row[name] for name in row if name.startswith("worker_"))
                yield key_of(row["sentence"], TARGET), tuple(str(_RATED[vote]) for vote in cast if vote in _RATED)
