"""Counts that metrics are computed from. They add over sentences, documents, folds and slices; floats are properties.

A ratio with nothing below the line is 0.0, as scikit-learn has it by default. The label order is given, never fitted
on what occurs: a label that nobody used still takes part in a macro average.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Protocol, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import SPAN_VALUES, SpanLabel, SpanValue

__all__ = ["BINS", "CalibrationCounts", "Counts", "LabelCounts", "SpanCounts", "Stretch", "WholeCounts", "token_bounds"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

BINS = 15
"""Equal-width bins of the expected calibration error (Guo et al., 2017)."""

_TOKEN = re.compile(r"\w+|[^\w\s]")


class Counts(Protocol):
    """What the bootstrap needs of counts: they add, and they turn into a vector whose weighted sums are counts."""

    def __add__(self, other: Self) -> Self:
        """The counts of both."""
        ...

    def to_vector(self) -> Floats:
        """All counts in a fixed order, shape (n,)."""
        ...

    def with_vector(self, vector: Floats) -> Self:
        """Counts of the same make from a vector."""
        ...


@dataclass(frozen=True, slots=True)
class WholeCounts:
    """Counts that are one whole number a field: a dataclass of such fields adds, and is resampled, by inheriting."""

    def __add__(self, other: Self) -> Self:
        return self.with_vector(self.to_vector() + other.to_vector())

    def to_vector(self) -> Floats:
        """All counts in the order of the fields."""
        return np.array(astuple(self), dtype=np.float64)

    def with_vector(self, vector: Floats) -> Self:
        """Counts from such a vector."""
        return type(self)(*(int(n) for n in np.rint(vector)))


@dataclass(frozen=True, slots=True, eq=False)
class LabelCounts:
    """A confusion matrix: rows gold, columns found, both in the order of `labels`."""

    labels: tuple[str, ...]
    matrix: Ints

    @classmethod
    def from_pairs(cls, labels: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Self:
        """Count (gold, found) pairs.

        Raises:
            ValueError: a label that is not among `labels`.

        """
        place = {label: at for at, label in enumerate(labels)}
        matrix = np.zeros((len(place), len(place)), dtype=np.int64)
        for gold, found in pairs:
            if gold not in place or found not in place:
                raise ValueError(f"expected labels among {tuple(labels)}, found {gold!r} and {found!r}")
            matrix[place[gold], place[found]] += 1
        return cls(tuple(labels), matrix)

    def __add__(self, other: Self) -> Self:
        if self.labels != other.labels:
            raise ValueError(f"counts over {self.labels} and over {other.labels} do not add")
        return type(self)(self.labels, self.matrix + other.matrix)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LabelCounts):
            return NotImplemented
        return self.labels == other.labels and np.array_equal(self.matrix, other.matrix)

    def to_vector(self) -> Floats:
        """The matrix row by row."""
        return self.matrix.astype(np.float64).ravel()

    def with_vector(self, vector: Floats) -> Self:
        """Counts over the same labels from such a vector."""
        return type(self)(self.labels, np.rint(vector).astype(np.int64).reshape(self.matrix.shape))

    @property
    def total(self) -> int:
        """Answers counted."""
        return int(self.matrix.sum())

    @property
    def support(self) -> Ints:
        """Gold answers per label."""
        support: Ints = self.matrix.sum(axis=1)
        return support

    @property
    def accuracy(self) -> float:
        """Share of right answers."""
        return _ratio(np.trace(self.matrix), self.matrix.sum())

    @property
    def precision(self) -> Floats:
        """Per label: of the answers found, the share that is right."""
        return _ratios(self.matrix.diagonal(), self.matrix.sum(axis=0))

    @property
    def recall(self) -> Floats:
        """Per label: of the gold answers, the share that was found."""
        return _ratios(self.matrix.diagonal(), self.matrix.sum(axis=1))

    @property
    def f1(self) -> Floats:
        """Per label: harmonic mean of precision and recall."""
        return _ratios(2 * self.matrix.diagonal(), self.matrix.sum(axis=0) + self.matrix.sum(axis=1))

    @property
    def macro_f1(self) -> float:
        """Mean F1 over all labels, used or not."""
        return float(self.f1.mean())

    @property
    def micro_f1(self) -> float:
        """F1 of the pooled decisions; with one answer per question it equals accuracy."""
        return self.accuracy

    @property
    def mcc(self) -> float:
        """Matthews correlation coefficient, for any number of labels (Gorodkin, 2004)."""
        gold, found = self.matrix.sum(axis=1).astype(float), self.matrix.sum(axis=0).astype(float)
        total = gold.sum()
        spread = (total**2 - gold @ gold) * (total**2 - found @ found)
        return _ratio(np.trace(self.matrix) * total - gold @ found, np.sqrt(spread))

    @property
    def positive_f1(self) -> float:
        """F1 of the second of two labels."""
        return float(self.f1[self._positive()])

    @property
    def positive_precision(self) -> float:
        """Precision of the second of two labels."""
        return float(self.precision[self._positive()])

    @property
    def positive_recall(self) -> float:
        """Recall of the second of two labels."""
        return float(self.recall[self._positive()])

    def _positive(self) -> int:
        if len(self.labels) != 2:
            raise ValueError(f"only two-label tasks have a positive label; these are {self.labels}")
        return 1


class Stretch(Protocol):
    """Anything with offsets and perhaps a value: gold `Span`s and a model's `FoundSpan`s."""

    @property
    def start(self) -> int:
        """The first code point."""
        ...

    @property
    def end(self) -> int:
        """One past the last code point."""
        ...

    @property
    def value(self) -> SpanValue | None:
        """The kind, where given."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class SpanCounts:
    """Hits, false alarms and misses of spans of one label, over whole spans and over tokens.

    A found span is a hit when a gold span has its start and end; equal spans count once. A token (`token_bounds`) is
    in a span that it overlaps. `table` has the columns span tp, fp, fn, token tp, fp, fn; its first row is for all
    spans, row i + 1 for those whose value is `values[i]`, where a hit must have the same value.
    """

    values: tuple[str, ...]
    table: Ints

    @classmethod
    def from_pairs(
        cls, label: SpanLabel, sentences: Iterable[tuple[str, Sequence[Stretch], Sequence[Stretch]]]
    ) -> Self:
        """Count (text, gold spans, found spans) of one label."""
        kinds = SPAN_VALUES[label]
        values: tuple[str, ...] = tuple(kinds) if kinds else ()
        table = np.zeros((1 + len(values), 6), dtype=np.int64)
        for text, gold, found in sentences:
            if not gold and not found:
                continue
            table[0] += _compare(text, gold, found)
            for row, value in enumerate(values, start=1):
                of_value = [s for s in gold if s.value == value], [s for s in found if s.value == value]
                if any(of_value):
                    table[row] += _compare(text, *of_value)
        return cls(values, table)

    def __add__(self, other: Self) -> Self:
        if self.values != other.values:
            raise ValueError(f"span counts over the values {self.values} and {other.values} do not add")
        return type(self)(self.values, self.table + other.table)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SpanCounts):
            return NotImplemented
        return self.values == other.values and np.array_equal(self.table, other.table)

    def to_vector(self) -> Floats:
        """The table row by row."""
        return self.table.astype(np.float64).ravel()

    def with_vector(self, vector: Floats) -> Self:
        """Counts over the same values from such a vector."""
        return type(self)(self.values, np.rint(vector).astype(np.int64).reshape(self.table.shape))

    def of_value(self, value: str) -> SpanCounts:
        """The counts of the spans with this value alone."""
        return SpanCounts((), self.table[[1 + self.values.index(value)]])

    @property
    def has_gold_values(self) -> bool:
        """Whether any gold span has a value."""
        return bool(self.table[1:, [0, 2]].any())

    @property
    def has_bare_finds(self) -> bool:
        """Whether spans were found and none of them had a value: the model does not tell kinds apart."""
        return bool(self.table[0, :2].any() and not self.table[1:, :2].any())

    @property
    def typed_f1(self) -> float:
        """Micro F1 over the spans that have a value, where a hit needs the same start, end and value."""
        tp, fp, fn = (int(n) for n in self.table[1:, :3].sum(axis=0))
        return _f1(tp, fp, fn)

    @property
    def exact(self) -> tuple[int, int, int]:
        """Hits, false alarms, misses over whole spans."""
        tp, fp, fn = (int(n) for n in self.table[0, :3])
        return tp, fp, fn

    @property
    def token(self) -> tuple[int, int, int]:
        """Hits, false alarms, misses over tokens."""
        tp, fp, fn = (int(n) for n in self.table[0, 3:])
        return tp, fp, fn

    @property
    def exact_precision(self) -> float:
        """Of the spans found, the share that is gold."""
        return _precision(*self.exact)

    @property
    def exact_recall(self) -> float:
        """Of the gold spans, the share that was found."""
        return _recall(*self.exact)

    @property
    def exact_f1(self) -> float:
        """Harmonic mean of exact precision and recall."""
        return _f1(*self.exact)

    @property
    def token_precision(self) -> float:
        """Of the tokens in found spans, the share that is in gold spans."""
        return _precision(*self.token)

    @property
    def token_recall(self) -> float:
        """Of the tokens in gold spans, the share that is in found spans."""
        return _recall(*self.token)

    @property
    def token_f1(self) -> float:
        """Harmonic mean of token precision and recall."""
        return _f1(*self.token)


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationCounts:
    """Reliability bins and squared error of probabilities.

    Of two labels the probability of the second is judged, of more the probability of the most probable one. `bins`
    has a row per equal-width bin: answers, summed probability, times the judged label was gold. `squared` is the
    summed Brier loss: (p - y)^2 for two labels, summed over all labels for more.
    """

    bins: Floats
    squared: float

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[int, Sequence[float] | NDArray[np.floating]]]) -> Self:
        """Count (index of the gold label, probabilities of all labels)."""
        bins, squared = np.zeros((BINS, 3)), 0.0
        for gold, given in pairs:
            p = np.asarray(given, dtype=np.float64)
            judged = 1 if len(p) == 2 else int(p.argmax())
            bins[min(int(p[judged] * BINS), BINS - 1)] += (1.0, p[judged], float(judged == gold))
            errors = (p - (np.arange(len(p)) == gold)) ** 2
            squared += float(errors[1] if len(p) == 2 else errors.sum())
        return cls(bins, squared)

    def __add__(self, other: Self) -> Self:
        return type(self)(self.bins + other.bins, self.squared + other.squared)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CalibrationCounts):
            return NotImplemented
        return np.allclose(self.to_vector(), other.to_vector(), rtol=1e-12, atol=1e-12)

    def to_vector(self) -> Floats:
        """The bins row by row, then the squared error."""
        return np.append(self.bins.ravel(), self.squared)

    def with_vector(self, vector: Floats) -> Self:
        """Counts from such a vector."""
        return type(self)(vector[:-1].reshape(self.bins.shape), float(vector[-1]))

    @property
    def total(self) -> int:
        """Answers counted."""
        return round(float(self.bins[:, 0].sum()))

    @property
    def ece(self) -> float:
        """Expected calibration error: mean gap between probability and share of hits, weighted by the bins' sizes."""
        return _ratio(np.abs(self.bins[:, 1] - self.bins[:, 2]).sum(), self.bins[:, 0].sum())

    @property
    def brier(self) -> float:
        """Mean squared error of the probabilities."""
        return _ratio(self.squared, self.bins[:, 0].sum())


@lru_cache(maxsize=8)  # the span labels of one sentence are compared one after the other
def token_bounds(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of every token: runs of word characters, and every other visible character by itself."""
    return tuple(match.span() for match in _TOKEN.finditer(text))


def _compare(text: str, gold: Sequence[Stretch], found: Sequence[Stretch]) -> tuple[int, ...]:
    spans = _hits({(s.start, s.end) for s in gold}, {(s.start, s.end) for s in found})
    return spans + _hits(_covered(text, gold), _covered(text, found))


def _covered(text: str, spans: Sequence[Stretch]) -> set[tuple[int, int]]:
    return {(start, end) for start, end in token_bounds(text) if any(s.start < end and start < s.end for s in spans)}


def _hits(gold: set[tuple[int, int]], found: set[tuple[int, int]]) -> tuple[int, int, int]:
    return len(gold & found), len(found - gold), len(gold - found)


def _precision(tp: int, fp: int, fn: int) -> float:
    return _ratio(tp, tp + fp)


def _recall(tp: int, fp: int, fn: int) -> float:
    return _ratio(tp, tp + fn)


def _f1(tp: int, fp: int, fn: int) -> float:
    return _ratio(2 * tp, 2 * tp + fp + fn)


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below else 0.0


def _ratios(above: Ints, below: Ints) -> Floats:
    return np.divide(above, below, out=np.zeros(len(above)), where=below != 0)
