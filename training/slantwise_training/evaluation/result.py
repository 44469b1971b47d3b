"""What an evaluation holds: answers and counts per document, and the metrics, intervals and JSON made from them."""

from __future__ import annotations

import platform
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeAlias

import numpy as np

from slantwise import __version__
from slantwise.errors import AskedWrong
from slantwise.score import ModelName
from slantwise_training.evaluation.answers import Answer, SpanAnswer
from slantwise_training.evaluation.counts import CalibrationCounts, LabelCounts, SpanCounts
from slantwise_training.evaluation.intervals import Interval, intervals

__all__ = [
    "ATTRIBUTION",
    "ATTRIBUTION_LABELS",
    "DIRECTED",
    "SCHEMA",
    "STANCE",
    "Answer",
    "Evaluation",
    "LabelMeasure",
    "Measure",
    "Row",
    "SpanMeasure",
    "told",
]

SCHEMA = "slantwise-evaluation/1"
STANCE = "stance"
"""The measure of stance towards targets."""
ATTRIBUTION = "attribution"
"""The derived measure: does the sentence attribute anything, that is, has it a source, cue or content span?"""
ATTRIBUTION_LABELS = ("unattributed", "attributed")
DIRECTED = "directed"
"""The derived measure of two entities' stances towards each other (`evaluation.directed`)."""

_LABEL_METRICS: dict[str, Callable[[LabelCounts], float]] = {
    name: attrgetter(name) for name in ("macro_f1", "accuracy", "micro_f1", "mcc")
}
_POSITIVE_METRICS: dict[str, Callable[[LabelCounts], float]] = {
    "f1": attrgetter("positive_f1"),
    "precision": attrgetter("positive_precision"),
    "recall": attrgetter("positive_recall"),
}
_SPAN_METRICS: dict[str, Callable[[SpanCounts], float]] = {
    "span_exact_f1": attrgetter("exact_f1"),
    "span_exact_precision": attrgetter("exact_precision"),
    "span_exact_recall": attrgetter("exact_recall"),
    "token_f1": attrgetter("token_f1"),
    "token_precision": attrgetter("token_precision"),
    "token_recall": attrgetter("token_recall"),
}
_TYPED_METRICS: dict[str, Callable[[SpanCounts], float]] = {"micro_f1": attrgetter("typed_f1")}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of results; `n` counts sentences (for stance: targets)."""

    measure: str
    metric: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class LabelMeasure:
    """A closed question, its answers in reading order and what follows from them.

    `threshold` is the probability from which on a two-label task is answered by its second label.
    """

    name: str
    labels: tuple[str, ...]
    answers: tuple[Answer, ...]
    resamples: int = 1000
    seed: int = 0
    threshold: float = 0.5

    @property
    def n(self) -> int:
        """Answers."""
        return len(self.answers)

    @property
    def used(self) -> tuple[str, ...]:
        """The labels that are gold at least once."""
        return tuple(label for label, n in zip(self.labels, self.counts.support, strict=True) if n)

    @property
    def metrics(self) -> Mapping[str, Callable[[LabelCounts], float]]:
        """The metrics that make sense here, by the manifest's names."""
        if len(self.labels) == 2 and self.name != STANCE:
            return _LABEL_METRICS | _POSITIVE_METRICS
        return _LABEL_METRICS

    @cached_property
    def per_document(self) -> dict[str, LabelCounts]:
        """A confusion matrix for every document."""
        pairs = defaultdict(list)
        for answer in self.answers:
            pairs[answer.document].append((answer.gold, answer.found))
        return {document: LabelCounts.from_pairs(self.labels, found) for document, found in pairs.items()}

    @cached_property
    def counts(self) -> LabelCounts:
        """The confusion matrix of all answers."""
        return LabelCounts.from_pairs(self.labels, ((a.gold, a.found) for a in self.answers))

    @cached_property
    def calibration(self) -> CalibrationCounts | None:
        """Reliability of the probabilities; None where the answers have none."""
        pairs = [(self.labels.index(a.gold), a.p) for a in self.answers if a.p]
        return CalibrationCounts.from_pairs(pairs) if pairs else None

    @cached_property
    def intervals(self) -> dict[str, Interval]:
        """Every metric with its interval, documents resampled."""
        per_document = tuple(self.per_document.values())
        return intervals(per_document, self.metrics, resamples=self.resamples, seed=self.seed)

    def to_json(self) -> dict[str, Any]:
        """The measure's JSON object."""
        counts, sure = self.counts, [a for a in self.answers if not a.unsure]
        columns = zip(self.labels, counts.precision, counts.recall, counts.f1, counts.support, strict=True)
        classes = {
            label: {"precision": float(p), "recall": float(r), "f1": float(f), "support": int(n)}
            for label, p, r, f, n in columns
        }
        answered = LabelCounts.from_pairs(self.labels, ((a.gold, a.found) for a in sure))
        return {
            "kind": "labels",
            "n": self.n,
            "documents": len(self.per_document),
            "metrics": {name: _interval_json(found) for name, found in self.intervals.items()},
            "classes": classes,
            "confusion": {"labels": list(self.labels), "rows_gold": counts.matrix.tolist()},
            "unsure": {
                "n": self.n - len(sure),
                "accuracy_of_rest": answered.accuracy,
                "macro_f1_of_rest": answered.macro_f1,
            },
            "calibration": self.calibration and _calibration_json(self.calibration),
        }


@dataclass(frozen=True)
class SpanMeasure:
    """Spans of one label, counted per document; `n` sentences were searched, which `answers` holds where kept."""

    name: str
    n: int
    per_document: Mapping[str, SpanCounts]
    resamples: int = 1000
    seed: int = 0
    answers: tuple[SpanAnswer, ...] = ()

    @property
    def metrics(self) -> Mapping[str, Callable[[SpanCounts], float]]:
        """Span metrics by the manifest's names; `micro_f1` asks for the kind too, where corpus and model have kinds."""
        typed = self.counts.has_gold_values and not self.counts.has_bare_finds
        return _SPAN_METRICS | _TYPED_METRICS if typed else _SPAN_METRICS

    @cached_property
    def counts(self) -> SpanCounts:
        """The counts of all documents."""
        first, *others = self.per_document.values()
        return sum(others, start=first)

    @cached_property
    def intervals(self) -> dict[str, Interval]:
        """Every metric with its interval, documents resampled."""
        per_document = tuple(self.per_document.values())
        return intervals(per_document, self.metrics, resamples=self.resamples, seed=self.seed)

    def intervals_of_value(self, value: str) -> dict[str, Interval]:
        """Every metric of the spans with this value, with its interval."""
        per_document = [counts.of_value(value) for counts in self.per_document.values()]
        return intervals(per_document, _SPAN_METRICS, resamples=self.resamples, seed=self.seed)

    def to_json(self) -> dict[str, Any]:
        """The measure's JSON object."""
        by_value = {value: self.counts.of_value(value) for value in self.counts.values}
        return {
            "kind": "spans",
            "n": self.n,
            "documents": len(self.per_document),
            "metrics": {name: _interval_json(found) for name, found in self.intervals.items()},
            **_span_json(self.counts),
            "values": {value: _span_json(counts) for value, counts in by_value.items() if counts.table.any()},
        }


Measure: TypeAlias = LabelMeasure | SpanMeasure


@dataclass(frozen=True)
class Evaluation:
    """A model on one labelled set.

    `measures` are named after tasks and span labels, or `STANCE`, `DIRECTED`, `ATTRIBUTION`. `split` joins the names
    of several splits by `+`, sorted; so does `corpus`.
    """

    model: ModelName
    corpus: str
    split: str
    records: int
    documents: int
    measures: Mapping[str, Measure]
    warnings: tuple[str, ...] = ()
    seed: int = 0
    resamples: int = 1000
    command: str | None = None
    versions: Mapping[str, str] = field(
        default_factory=lambda: {"slantwise": __version__, "numpy": np.__version__, "python": platform.python_version()}
    )

    def metric(self, name: str, of: str | None = None) -> Interval:
        """A metric by the manifest's name: `macro_f1`, `f1`, `span_exact_f1:cue`, `f1:attribution`, ...

        Args:
            name: the metric, with the measure after a colon or not.
            of: the measure (a task, a span label, `stance`, ...), or for a span metric a kind of span. Without one a
                label metric is of the only measure of labels, `attribution` aside and `directed` before `stance`; a
                span metric of the only measure of spans.

        Raises:
            AskedWrong: no such metric or measure here, or several measures have the metric.

        """
        metric, _, after = name.partition(":")
        chosen = of or after or self._only_measure_with(metric)
        measure = self.measures.get(chosen)
        if measure is None and metric in _SPAN_METRICS:
            for spans in self.measures.values():
                if isinstance(spans, SpanMeasure) and chosen in spans.counts.values:
                    return spans.intervals_of_value(chosen)[metric]
        if measure is None:
            raise AskedWrong(f"a measure of {self.corpus} ({', '.join(self.measures)})", repr(chosen), "name one")
        if metric not in measure.metrics:
            raise AskedWrong(f"a metric of {chosen} ({', '.join(measure.metrics)})", repr(metric), "name one of these")
        return measure.intervals[metric]

    def rows(self) -> list[Row]:
        """Every metric of every measure, for a table."""
        return [
            Row(name, metric, found.value, found.low, found.high, measure.n)
            for name, measure in self.measures.items()
            for metric, found in measure.intervals.items()
        ]

    def to_json(self) -> dict[str, Any]:
        """One JSON object with schema `SCHEMA`."""
        return {
            "schema": SCHEMA,
            "model": {"name": self.model.name, "sha256": self.model.sha256},
            "corpus": self.corpus,
            "split": self.split,
            "records": self.records,
            "documents": self.documents,
            "measures": {name: measure.to_json() for name, measure in self.measures.items()},
            "warnings": list(self.warnings),
            "bootstrap": {"unit": "document", "level": 0.95, "resamples": self.resamples, "seed": self.seed},
            "command": self.command,
            "versions": dict(self.versions),
        }

    def _only_measure_with(self, metric: str) -> str:
        having = [name for name, measure in self.measures.items() if metric in measure.metrics]
        having = [name for name in having if isinstance(self.measures[name], LabelMeasure)] or having
        # what is derived stands back, but numbers on directed pairs are printed for the pair, not for each stance
        aside = {ATTRIBUTION, STANCE} if DIRECTED in having else {ATTRIBUTION}
        own = [name for name in having if name not in aside] or having
        if len(own) != 1:
            found = f"{metric!r}, which {', '.join(own) or 'none'} of the measures ({', '.join(self.measures)}) has"
            raise AskedWrong("a metric of exactly one measure", found, f"say which: `{metric}:MEASURE`")
        return own[0]


def told(lines: Iterable[tuple[str, str]]) -> list[str]:
    """Lines on measures, given as (measure, text), with the measures before the text; what is true of several, once."""
    about: dict[str, list[str]] = defaultdict(list)
    for measure, text in lines:
        about[text].append(measure)
    return [f"{', '.join(measures)}: {text}" for text, measures in about.items()]


def _interval_json(found: Interval) -> dict[str, float]:
    return {"value": found.value, "low": found.low, "high": found.high}


def _span_json(counts: SpanCounts) -> dict[str, Any]:
    of = {
        "exact": (counts.exact, counts.exact_precision, counts.exact_recall, counts.exact_f1),
        "token": (counts.token, counts.token_precision, counts.token_recall, counts.token_f1),
    }
    return {
        unit: {"tp": n[0], "fp": n[1], "fn": n[2], "precision": p, "recall": r, "f1": f}
        for unit, (n, p, r, f) in of.items()
    }


def _calibration_json(counts: CalibrationCounts) -> dict[str, Any]:
    width = 1 / len(counts.bins)
    bins = [
        {"from": at * width, "n": round(n), "mean_p": p / n, "share_right": right / n}
        for at, (n, p, right) in enumerate(counts.bins.tolist())
        if n
    ]
    return {"ece": counts.ece, "brier": counts.brier, "bins": bins}
