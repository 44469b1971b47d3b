"""What a model's probabilities are worth beyond its labels: precision against recall, and abstaining against errors.

Everything is computed from arrays in one order, so that documents can be resampled by weighing rows: no curve is drawn
twice for an interval. Rows with equal probabilities are never told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from slantwise_training.evaluation.intervals import Interval, resampled_weights
from slantwise_training.evaluation.result import STANCE, LabelMeasure, SpanMeasure

__all__ = ["Abstention", "Ranking", "rankings", "thinned"]

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]

_TAILS = (0.025, 0.975)


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Candidates by falling probability, and which of them are right.

    `positives` counts, per document, everything that should be found: for spans also what is among no candidates.

    Attributes:
        p: probabilities, falling, shape (n,).
        right: whether each candidate is right, shape (n,).
        document: the row of `positives` each candidate is of, shape (n,).
        positives: shape (documents,).

    """

    p: Floats
    right: Flags
    document: Ints
    positives: Ints

    @classmethod
    def of(
        cls,
        p: Sequence[float],
        right: Sequence[bool],
        documents: Sequence[str],
        positives: Mapping[str, int] | None = None,
    ) -> Self:
        """Sort candidates; without `positives` the right ones are all there is to find."""
        flags, names = np.asarray(right, dtype=np.bool_), list(dict.fromkeys([*(positives or ()), *documents]))
        place = {name: at for at, name in enumerate(names)}
        rows = np.array([place[name] for name in documents], dtype=np.int64)
        if positives is None:
            counted = np.bincount(rows, weights=flags, minlength=len(names)).astype(np.int64)
        else:
            counted = np.array([positives.get(name, 0) for name in names], dtype=np.int64)
        values = np.asarray(p, dtype=np.float64)
        order = np.argsort(-values, kind="stable")
        return cls(values[order], flags[order], rows[order], counted)

    @property
    def ends(self) -> Ints:
        """The last row of every run of equal probabilities: where a threshold can cut."""
        if not len(self.p):
            return np.zeros(0, dtype=np.int64)
        return np.append(np.flatnonzero(np.diff(self.p)), len(self.p) - 1)

    def curve(self) -> tuple[Floats, Floats, Floats]:
        """Threshold, precision and recall at every cut, from the highest threshold down; each of shape (cuts,)."""
        ends = self.ends
        hits = np.cumsum(self.right)[ends].astype(np.float64)
        return self.p[ends], hits / (ends + 1), _over(hits, float(self.positives.sum()))

    @property
    def average_precision(self) -> float:
        """Precision averaged over recall, a step at every cut (scikit-learn's); 0 where there is nothing to find."""
        return float(self._average_precision(np.ones((1, len(self.positives))))[0])

    def average_precision_interval(self, resamples: int = 1000, seed: int = 0) -> Interval:
        """Average precision with its 95 % interval, documents resampled."""
        return _interval(self._average_precision, len(self.positives), resamples, seed)

    def at(self, threshold: float, resamples: int = 1000, seed: int = 0) -> tuple[Interval, Interval]:
        """Precision and recall of the candidates from a threshold on, with intervals for that very threshold."""
        kept = self.p >= threshold
        documents = len(self.positives)
        found = np.bincount(self.document[kept], minlength=documents).astype(np.float64)
        hits = np.bincount(self.document[kept & self.right], minlength=documents).astype(np.float64)
        wanted = self.positives.astype(np.float64)
        return (
            _interval(lambda w: _share(w @ hits, w @ found), documents, resamples, seed),
            _interval(lambda w: _share(w @ hits, w @ wanted), documents, resamples, seed),
        )

    def _average_precision(self, weights: Floats) -> Floats:
        """Per row of document weights, shape (resamples, documents)."""
        ends = self.ends
        if not len(ends):
            return np.zeros(len(weights))
        rows = weights[:, self.document]
        hits = np.cumsum(rows * self.right, axis=1)[:, ends]
        precision = _share(hits, np.cumsum(rows, axis=1)[:, ends])
        recall = _share(hits, (weights @ self.positives.astype(np.float64))[:, None])
        return np.asarray((np.diff(recall, axis=1, prepend=0.0) * precision).sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Abstention:
    """Answers by falling confidence, and which are wrong: what leaving out the least sure ones would buy.

    Among answers of equal confidence the errors are spread evenly, since none of them would be left out first.
    """

    confidence: Floats
    wrong: Flags
    document: Ints
    documents: int

    @classmethod
    def of(cls, measure: LabelMeasure) -> Self:
        """The answers of a measure; see `confidence_of`."""
        answers = [answer for answer in measure.answers if answer.p]
        names = {name: at for at, name in enumerate(dict.fromkeys(answer.document for answer in answers))}
        confidence = np.array([_confidence(measure, answer.p) for answer in answers], dtype=np.float64)
        order = np.argsort(-confidence, kind="stable")
        wrong = np.array([not answer.right for answer in answers], dtype=np.bool_)
        rows = np.array([names[answer.document] for answer in answers], dtype=np.int64)
        return cls(confidence[order], wrong[order], rows[order], len(names))

    def curve(self) -> tuple[Floats, Floats]:
        """Coverage (the share of answers kept) and risk (the share of those that is wrong), a point per answer."""
        n = len(self.confidence)
        kept = np.arange(1, n + 1)
        return kept / max(n, 1), self._errors(np.ones((1, self.documents)))[0] / kept

    @property
    def area(self) -> float:
        """Area under the curve: the mean risk over all coverages (AURC; Geifman and El-Yaniv, 2017)."""
        return float(self._area(np.ones((1, self.documents)))[0])

    @property
    def best_area(self) -> float:
        """The area if every wrong answer were less sure than every right one: what the error rate alone allows."""
        n, errors = len(self.wrong), int(self.wrong.sum())
        kept = np.arange(1, n + 1)
        return float((np.maximum(kept - (n - errors), 0) / kept).mean()) if n else 0.0

    def area_interval(self, resamples: int = 1000, seed: int = 0) -> Interval:
        """The area with its 95 % interval, documents resampled."""
        return _interval(self._area, self.documents, resamples, seed)

    def risk_at(self, coverage: float) -> float:
        """The share of wrong answers among this share of the surest ones."""
        _, risk = self.curve()
        return float(risk[max(round(coverage * len(risk)), 1) - 1]) if len(risk) else 0.0

    def _errors(self, weights: Floats) -> Floats:
        """Cumulated errors in order of confidence, ties levelled, shape (resamples, answers)."""
        return _levelled(weights[:, self.document] * self.wrong, weights[:, self.document], self.confidence)

    def _area(self, weights: Floats) -> Floats:
        rows = weights[:, self.document]
        risk = _share(self._errors(weights), np.cumsum(rows, axis=1))
        return np.asarray(_share((risk * rows).sum(axis=1), rows.sum(axis=1)))


def rankings(measure: LabelMeasure | SpanMeasure) -> dict[str, Ranking]:
    """Candidates for every label that a threshold can be set on.

    Of two labels that is the second; of a stance or several labels, each against the rest; of spans every found span,
    right where a gold span has its start and end. Empty where nothing has a probability.
    """
    if isinstance(measure, SpanMeasure):
        return _span_ranking(measure)
    answers = [answer for answer in measure.answers if answer.p]
    if not answers:
        return {}
    documents = [answer.document for answer in answers]
    two = len(measure.labels) == 2 and measure.name != STANCE
    return {
        label: Ranking.of([a.p[at] for a in answers], [a.gold == label for a in answers], documents)
        for at, label in enumerate(measure.labels)
        if at == 1 or not two
    }


def thinned(points: int, most: int = 120) -> Ints:
    """Evenly spread indices of a curve's points, the first and the last among them: as many as a drawing shows."""
    return np.unique(np.linspace(0, points - 1, min(points, most)).round().astype(np.int64))


def _span_ranking(measure: SpanMeasure) -> dict[str, Ranking]:
    p: list[float] = []
    right: list[bool] = []
    documents: list[str] = []
    positives: dict[str, int] = {}
    for answer in measure.answers:
        gold = {(span.start, span.end) for span in answer.gold}
        positives[answer.document] = positives.get(answer.document, 0) + len(gold)
        best: dict[tuple[int, int], float] = {}
        for span in answer.found:
            best[span.start, span.end] = max(span.p, best.get((span.start, span.end), 0.0))
        p += best.values()
        right += [place in gold for place in best]
        documents += [answer.document] * len(best)
    return {measure.name: Ranking.of(p, right, documents, positives)} if p else {}


def _confidence(measure: LabelMeasure, p: Sequence[float]) -> float:
    """How far from a toss-up: of two labels the distance to the threshold, of more that of the two best."""
    if len(p) == 2 and measure.name != STANCE:
        return abs(p[1] - measure.threshold)
    second, first = sorted(p)[-2:]
    return first - second


def _levelled(errors: Floats, rows: Floats, order: Floats) -> Floats:
    """Cumulated errors by row, where within a run of equal confidence they grow in step with the rows."""
    if not len(order):
        return errors
    ends = np.append(np.flatnonzero(np.diff(order)), len(order) - 1)
    starts = np.concatenate(([0], ends[:-1] + 1))
    sizes = ends - starts + 1
    totals = np.cumsum(errors, axis=1)[:, ends]
    before = np.repeat(np.hstack([np.zeros((len(errors), 1)), totals[:, :-1]]), sizes, axis=1)
    of_run = np.repeat(np.add.reduceat(errors, starts, axis=1), sizes, axis=1)
    weight_before = np.cumsum(rows, axis=1)[:, ends] - np.add.reduceat(rows, starts, axis=1)
    inside = np.cumsum(rows, axis=1) - np.repeat(weight_before, sizes, axis=1)
    of_rows = np.repeat(np.add.reduceat(rows, starts, axis=1), sizes, axis=1)
    return before + _share(inside * of_run, of_rows)


def _interval(metric: Callable[[Floats], Floats], documents: int, resamples: int, seed: int) -> Interval:
    """A metric of document weights on all documents, and between the tails of its resamples."""
    drawn = np.concatenate([metric(weights) for weights in _weights(documents, resamples, seed)])
    low, high = np.quantile(drawn, _TAILS)
    return Interval(float(metric(np.ones((1, documents)))[0]), float(low), float(high))


def _weights(documents: int, resamples: int, seed: int) -> Iterator[Floats]:
    for weights in resampled_weights(documents, resamples, seed):
        yield weights.astype(np.float64)


def _share(above: Floats, below: Floats) -> Floats:
    """Above by below, 0 where there is nothing below."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.zeros(above.shape), where=below > 0)


def _over(above: Floats, below: float) -> Floats:
    return above / below if below else np.zeros(len(above))
