"""For whom a model fails: its main metric on parts of the set, each against everything outside that part.

Many parts are looked at, and some differ by luck: p values are Holm's, over all slices of a measure. A p value comes
from the bootstrap's standard error, since resamples alone could not tell differences apart that survive the correction.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import SpanLabel, StanceLabel
from slantwise.quotes import find_quotes
from slantwise.records import LabelledSentence, Span
from slantwise_training.evaluation.answers import Answer, Seen, SpanAnswer
from slantwise_training.evaluation.behaviour.shares import holm
from slantwise_training.evaluation.counts import LabelCounts, SpanCounts, token_bounds
from slantwise_training.evaluation.intervals import resampled_weights
from slantwise_training.evaluation.result import STANCE, LabelMeasure, Measure, SpanMeasure
from slantwise_training.examples import normalised

__all__ = ["FEWEST", "Known", "Slice", "SliceTable", "main_metric", "slice_measure"]

Floats: TypeAlias = NDArray[np.float64]

FEWEST = 20
"""Slices of fewer answers are put together, or shown without a test."""
_FEWEST_DOCUMENTS = 5
"""A bootstrap over fewer documents does not know how much documents differ: over one alone nothing ever varies."""
_FEWEST_GOLD = 5
"""With fewer gold answers of a label its F1 says nothing: without any it is 0 whatever the model does."""
_MOST = 20
"""Slices of one kind that are shown; the rest are put together."""
_LENGTHS = (12, 24, 40)
_PRONOUNS = frozenset("i me we us you he him she her it they them himself herself itself themselves who whom".split())
_MACRO = frozenset({"wording", STANCE, "directed", "subjectivity", "informational", "hyperpartisan", "leaning"})


@dataclass(frozen=True, slots=True)
class Known:
    """What the model was trained on, as far as slices ask: normalised texts and stance targets; None where unknown."""

    texts: Collection[str] | None = None
    targets: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of the set. `difference` is its metric minus that of everything outside it.

    `positive` is the share of gold answers that are the second label (or the number of gold spans by sentence), so
    that a slice that is simply richer in positives is seen to be. `p` and `p_holm` are None where the slice is too
    small, or all there is.
    """

    kind: str
    name: str
    n: int
    documents: int
    positive: float | None
    value: float
    low: float
    high: float
    difference: float | None = None
    p: float | None = None
    p_holm: float | None = None

    @property
    def differs(self) -> bool:
        """Whether the difference survives the correction at .05."""
        return self.p_holm is not None and self.p_holm < 0.05

    def to_json(self) -> dict[str, Any]:
        """The slice as a JSON object."""
        names = "kind name n documents positive value low high difference p p_holm"
        return {name: getattr(self, name) for name in names.split()}


@dataclass(frozen=True, slots=True)
class SliceTable:
    """All slices of a measure by one metric; `tested` counts the tests that Holm's correction is over."""

    metric: str
    slices: tuple[Slice, ...]
    tested: int

    @property
    def note(self) -> str:
        """What to mind about so many comparisons."""
        if not self.tested:
            return "No slice is large enough to be tested against the rest."
        luck = f"about {0.05 * self.tested:.1f} of them would differ by luck alone at p < .05"
        return f"{self.tested} slices were tested; uncorrected, {luck}. The p values are Holm's, over all of them."

    def to_json(self) -> dict[str, Any]:
        """The table as a JSON object."""
        rows = [each.to_json() for each in self.slices]
        return {"metric": self.metric, "tested": self.tested, "note": self.note, "slices": rows}


@dataclass(slots=True)
class _Part:
    """Rows of one slice: per document, summed vectors of counts."""

    vectors: dict[str, Floats] = field(default_factory=dict)
    n: int = 0
    positives: int = 0

    def add(self, document: str, vector: Floats, positives: int, n: int = 1) -> None:
        self.vectors[document] = self.vectors[document] + vector if document in self.vectors else vector
        self.n += n
        self.positives += positives

    def take(self, other: _Part) -> None:
        for document, vector in other.vectors.items():
            self.add(document, vector, 0, 0)
        self.n += other.n
        self.positives += other.positives


def main_metric(measure: Measure) -> str:
    """The metric that a measure is first judged by: F1 where one label is looked for, macro F1 of a choice."""
    if isinstance(measure, SpanMeasure):
        return "span_exact_f1"
    return "macro_f1" if measure.name in _MACRO or "f1" not in measure.metrics else "f1"


def slice_measure(measure: Measure, known: Known | None = None) -> SliceTable:
    """Cut a measure by outlet, topic, sentence kind, length, quotation and, for stances, target and holder.

    Slices of an only value are left out. Answers that kept no record are in no slice.
    """
    parts: dict[str, dict[str, _Part]] = defaultdict(lambda: defaultdict(_Part))
    whole = _Part()
    for document, seen, vector, positives, answer in _rows(measure):
        whole.add(document, vector, positives)
        for kind, name in _facets(seen.record, answer, known or Known()):
            parts[kind][name].add(document, vector, positives)
    kept = [(kind, name, part) for kind in parts for name, part in _largest(parts[kind], whole.n)]
    name = main_metric(measure)
    if not kept:
        return SliceTable(name, (), 0)
    rows = _bootstrapped(whole, [part for _, _, part in kept], measure)
    slices = [
        Slice(kind, label, part.n, len(part.vectors), _positive(measure, part), *row)
        for (kind, label, part), row in zip(kept, rows, strict=True)
    ]
    return _corrected(name, slices)


def _rows(measure: Measure) -> Iterator[tuple[str, Seen, Floats, int, Answer | SpanAnswer]]:
    """Per answer its document, record, counts as a vector and number of gold positives."""
    if isinstance(measure, SpanMeasure):
        for found in measure.answers:
            counts = SpanCounts.from_pairs(SpanLabel(measure.name), [(found.text, found.gold, found.found)])
            yield found.document, found.seen, counts.table[0, :3].astype(np.float64), len(found.gold), found
        return
    for answer in measure.answers:
        if answer.seen is not None:
            counts_of = LabelCounts.from_pairs(measure.labels, [(answer.gold, answer.found)])
            yield answer.document, answer.seen, counts_of.to_vector(), int(answer.gold == measure.labels[1]), answer


def _facets(record: LabelledSentence, answer: Answer | SpanAnswer, known: Known) -> Iterator[tuple[str, str]]:
    if record.doc.outlet:
        yield "outlet", record.doc.outlet.strip().casefold()
    if record.doc.section:
        yield "topic", record.doc.section.strip().casefold()
    if record.kind is not None:
        yield "sentence kind", str(record.kind)
    yield "length", _length(record.text)
    quotes = [quote for quote in find_quotes(record.text) if not quote.scare]
    yield "quotation", "with a quotation" if quotes else "without"
    if known.texts is not None:
        yield "text", "in the model's training" if normalised(record.text) in known.texts else "new to the model"
    if isinstance(answer, Answer) and answer.target is not None:
        yield "holder", "a source" if answer.by_source else "the author"
        name = answer.target if isinstance(answer.target, str) else answer.target.text
        yield "target", _target_kind(answer.target)
        if known.targets is not None:
            yield "target seen", "in training" if normalised(name) in known.targets else "unseen"


def _length(text: str) -> str:
    words = sum(text[start:end].isalnum() for start, end in token_bounds(text))
    low = 1
    for high in _LENGTHS:
        if words <= high:
            return f"{low} to {high} words"
        low = high + 1
    return f"{low} words or more"


def _target_kind(target: Span | str) -> str:
    if isinstance(target, str):
        return "topic, not in the sentence"
    if target.text.casefold() in _PRONOUNS:
        return "pronoun"
    return "name" if target.text[:1].isupper() else "common noun"


def _largest(parts: Mapping[str, _Part], n: int) -> list[tuple[str, _Part]]:
    """The largest slices of a kind, the others put together; none where one value is all there is."""
    if len(parts) < 2:
        return []
    ranked = sorted(parts.items(), key=lambda item: (-item[1].n, item[0]))
    few = min(FEWEST, max(n // 10, 1))
    large = [(name, part) for name, part in ranked[:_MOST] if part.n >= few]
    rest, others = _Part(), ranked[len(large) :]
    for _, part in others:
        rest.take(part)
    if len(others) == 1:
        return [*large, others[0]]
    return [*large, (f"{len(others)} others", rest)] if others and large else large


def _scorer(measure: Measure) -> Callable[[Floats], Floats]:
    """The main metric over rows of summed vectors, shape (rows, counts) -> (rows,)."""
    if isinstance(measure, SpanMeasure):
        return lambda v: _ratio(2 * v[..., 0], 2 * v[..., 0] + v[..., 1] + v[..., 2])
    size, positive = len(measure.labels), main_metric(measure) == "f1"

    def score(vectors: Floats) -> Floats:
        matrix = vectors.reshape(*vectors.shape[:-1], size, size)
        hits = np.diagonal(matrix, axis1=-2, axis2=-1)
        f1 = _ratio(2 * hits, matrix.sum(axis=-1) + matrix.sum(axis=-2))
        return f1[..., 1] if positive else np.asarray(f1.mean(axis=-1))

    return score


def _support(measure: Measure) -> Callable[[Floats], Floats]:
    """How many gold answers the main metric rests on, over rows of summed vectors; of a choice, by label."""
    if isinstance(measure, SpanMeasure):
        return lambda v: v[..., :1] + v[..., 2:3]
    size, positive = len(measure.labels), main_metric(measure) == "f1"

    def support(vectors: Floats) -> Floats:
        gold = vectors.reshape(*vectors.shape[:-1], size, size).sum(axis=-1)
        return np.asarray(gold[..., 1:2] if positive else gold)

    return support


def _bootstrapped(
    whole: _Part, parts: Sequence[_Part], measure: Measure
) -> list[tuple[float, float, float, float | None, float | None]]:
    """Per slice the metric, its interval, the difference from the rest, and its p value; all from one set of draws."""
    documents = list(whole.vectors)
    table = np.stack([whole.vectors[document] for document in documents])
    place = {document: at for at, document in enumerate(documents)}
    inside = np.zeros((len(parts), *table.shape))
    for at, part in enumerate(parts):
        for document, vector in part.vectors.items():
            inside[at, place[document]] = vector
    both = np.concatenate([inside, table[None] - inside])
    score, support = _scorer(measure), _support(measure)(both.sum(axis=1))
    # labels that nobody gave count nowhere
    few = (support < _FEWEST_GOLD)[:, _support(measure)(table.sum(axis=0)) > 0].any(axis=1)
    few |= np.count_nonzero(both.any(axis=2), axis=1) < _FEWEST_DOCUMENTS
    drawn = np.concatenate(
        [
            score(np.tensordot(both, weights.astype(np.float64), axes=(1, 1)).transpose(0, 2, 1))
            for weights in resampled_weights(len(documents), measure.resamples, measure.seed)
        ],
        axis=1,
    )
    values = score(both.sum(axis=1))
    rows: list[tuple[float, float, float, float | None, float | None]] = []
    for at, part in enumerate(parts):
        low, high = np.quantile(drawn[at], (0.025, 0.975))
        ours = float(values[at]), float(low), float(high)
        gap, spread = values[at] - values[len(parts) + at], float(np.std(drawn[at] - drawn[len(parts) + at]))
        if part.n < FEWEST or whole.n - part.n < FEWEST or few[[at, len(parts) + at]].any() or not spread:
            rows.append((*ours, None, None))
        else:
            rows.append((*ours, float(gap), math.erfc(abs(float(gap)) / spread / math.sqrt(2))))
    return rows


def _positive(measure: Measure, part: _Part) -> float | None:
    if isinstance(measure, LabelMeasure) and (len(measure.labels) != 2 or StanceLabel.FAVOR in measure.labels):
        return None
    return part.positives / part.n


def _corrected(metric: str, slices: Sequence[Slice]) -> SliceTable:
    """The slices with Holm's p values; of the two halves of a set the difference is one test, not two."""
    sizes = Counter(each.kind for each in slices)
    seen: set[str] = set()
    tested: list[Slice] = []
    for each in slices:
        if each.p is not None and not (sizes[each.kind] == 2 and each.kind in seen):
            tested.append(each)
            seen.add(each.kind)
    adjusted = dict(zip(map(id, tested), holm([each.p or 0.0 for each in tested]), strict=True))
    by_kind = {each.kind: adjusted[id(each)] for each in tested if sizes[each.kind] == 2}
    found = [
        replace(each, p_holm=adjusted.get(id(each), by_kind.get(each.kind) if each.p is not None else None))
        for each in slices
    ]
    return SliceTable(metric, tuple(found), len(tested))


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros(np.shape(above)), where=below > 0)
