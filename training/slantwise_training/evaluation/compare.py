"""Two models on the same answers: paired bootstrap over documents, and McNemar's test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from slantwise.errors import SlantwiseError
from slantwise_training.evaluation.counts import Counts
from slantwise_training.evaluation.intervals import Difference, McNemar, difference, mcnemar
from slantwise_training.evaluation.result import Evaluation, LabelMeasure, Measure, SpanMeasure

__all__ = ["Comparison", "compare"]

C = TypeVar("C", bound=Counts)


@dataclass(frozen=True, slots=True)
class Comparison:
    """First model minus second in every metric of one measure; `mcnemar` for measures of labels."""

    measure: str
    differences: dict[str, Difference]
    mcnemar: McNemar | None


def compare(first: Evaluation, second: Evaluation) -> tuple[Comparison, ...]:
    """Compare two evaluations of the same records, on the measures that both have.

    Raises:
        SlantwiseError: they share no measure, or were not made on the same records.

    """
    shared = [name for name in first.measures if name in second.measures]
    if not shared:
        raise SlantwiseError(
            f"a measure in common with {', '.join(first.measures)}",
            ", ".join(second.measures),
            "evaluate both models on a corpus that both answer",
        )
    return tuple(_compare(first.measures[name], second.measures[name], first.resamples, first.seed) for name in shared)


def _compare(first: Measure, second: Measure, resamples: int, seed: int) -> Comparison:
    if isinstance(first, LabelMeasure) and isinstance(second, LabelMeasure):
        return _compare_labels(first, second, resamples, seed)
    if isinstance(first, SpanMeasure) and isinstance(second, SpanMeasure) and first.n == second.n:
        spans = _pair(first.name, first.per_document, second.per_document)
        found = {
            name: difference(*spans, metric, resamples=resamples, seed=seed) for name, metric in first.metrics.items()
        }
        return Comparison(first.name, found, None)
    raise _other_records(first.name)


def _compare_labels(first: LabelMeasure, second: LabelMeasure, resamples: int, seed: int) -> Comparison:
    asked = [(a.sentence, a.gold) for a in first.answers]
    if asked != [(a.sentence, a.gold) for a in second.answers]:
        raise _other_records(first.name)
    labels = _pair(first.name, first.per_document, second.per_document)
    found = {
        name: difference(*labels, metric, resamples=resamples, seed=seed) for name, metric in first.metrics.items()
    }
    pairs = list(zip(first.answers, second.answers, strict=True))
    test = mcnemar(sum(a.right and not b.right for a, b in pairs), sum(b.right and not a.right for a, b in pairs))
    return Comparison(first.name, found, test)


def _pair(name: str, first: Mapping[str, C], second: Mapping[str, C]) -> tuple[list[C], list[C]]:
    """Both models' counts per document, in one order."""
    if first.keys() != second.keys():
        raise _other_records(name)
    return list(first.values()), [second[document] for document in first]


def _other_records(name: str) -> SlantwiseError:
    return SlantwiseError(
        f"two evaluations on the same records ({name})", "other records or gold labels", "evaluate both on one split"
    )
