"""Two models on the same answers: paired bootstrap over documents, McNemar's test, and a plain verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.model_folder import Model
from slantwise.records import LabelledSentence
from slantwise.score import ModelName
from slantwise_training.evaluation.behaviour.shares import holm
from slantwise_training.evaluation.counts import Counts
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.intervals import Difference, McNemar, difference, mcnemar
from slantwise_training.evaluation.result import Evaluation, LabelMeasure, Measure, SpanMeasure

__all__ = ["Comparison", "ModelComparison", "compare", "compare_evaluations", "compare_models"]

C = TypeVar("C", bound=Counts)

SCHEMA = "slantwise-model-comparison/1"
LEVEL = 0.05
_SAME_NUMBERS = frozenset({"micro_f1"})
"""Of labels it is accuracy again."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """First model minus second in every metric of one measure that both have; `mcnemar` for measures of labels.

    `values` are the two models' own. `main` is the metric that the verdict is on, and `p_adjusted` its p-value after
    Holm over the measures of the comparison.
    """

    measure: str
    differences: dict[str, Difference]
    mcnemar: McNemar | None
    values: Mapping[str, tuple[float, float]]
    n: int
    documents: int
    p_adjusted: float = 1.0

    @property
    def main(self) -> str:
        """`macro_f1` of labels, `span_exact_f1` of spans."""
        return "macro_f1" if "macro_f1" in self.differences else "span_exact_f1"

    @property
    def is_sure(self) -> bool:
        """Whether the difference in the main metric is more than chance, of all measures that were compared."""
        return self.p_adjusted < LEVEL

    def to_json(self) -> dict[str, Any]:
        """The measure's JSON object."""
        test = self.mcnemar
        return {
            "measure": self.measure,
            "n": self.n,
            "documents": self.documents,
            "main": self.main,
            "p_adjusted": self.p_adjusted,
            "sure": self.is_sure,
            "metrics": {
                name: {
                    "first": self.values[name][0],
                    "second": self.values[name][1],
                    "difference": found.value,
                    "low": found.low,
                    "high": found.high,
                    "p": found.p,
                }
                for name, found in self.differences.items()
            },
            "mcnemar": test
            and {
                "only_first": test.only_first,
                "only_second": test.only_second,
                "exact": test.exact,
                "mid_p": test.mid_p,
            },
        }


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Two models on one labelled set, measure by measure."""

    first: ModelName
    second: ModelName
    corpus: str
    split: str
    records: int
    comparisons: tuple[Comparison, ...]
    resamples: int
    seed: int

    @property
    def note(self) -> str:
        """What was resampled and what the number of measures does to the p-values."""
        return (
            f"Differences are first minus second, with 95 % intervals from {self.resamples} paired resamples of whole "
            f"documents. p_adjusted is the main metric's p-value after Holm over {len(self.comparisons)} measures; "
            f"McNemar's test is on single answers, takes them for independent, and is not adjusted."
        )

    @property
    def verdicts(self) -> tuple[str, ...]:
        """A sentence a measure: who is ahead, by how much, and whether this set can tell."""
        return tuple(self._verdict(comparison) for comparison in self.comparisons)

    def to_json(self) -> dict[str, Any]:
        """One JSON object with schema `SCHEMA`."""
        return {
            "schema": SCHEMA,
            "first": {"name": self.first.name, "sha256": self.first.sha256},
            "second": {"name": self.second.name, "sha256": self.second.sha256},
            "corpus": self.corpus,
            "split": self.split,
            "records": self.records,
            "verdicts": list(self.verdicts),
            "note": self.note,
            "measures": [comparison.to_json() for comparison in self.comparisons],
            "bootstrap": {"unit": "document", "level": 0.95, "resamples": self.resamples, "seed": self.seed},
        }

    def _verdict(self, comparison: Comparison) -> str:
        found = comparison.differences[comparison.main]
        ahead, behind = (self.first, self.second) if found.value > 0 else (self.second, self.first)
        ends = f"{comparison.main}, 95 % interval of first minus second {found.low:+.3f} to {found.high:+.3f}"
        if found.value == 0 and found.low == found.high == 0:
            return f"{comparison.measure}: {self.first.name} and {self.second.name} are level ({ends})"
        names = f"{ahead.name} is ahead of {behind.name} by {abs(found.value):.3f}"
        sure = "more than chance" if comparison.is_sure else "this set cannot tell them apart"
        return f"{comparison.measure}: {names} ({ends}, adjusted p {comparison.p_adjusted:.3f}): {sure}"


def compare_models(
    first: Model,
    second: Model,
    records: Iterable[LabelledSentence],
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> ModelComparison:
    """Evaluate two models on the same records and compare them on every measure that both have.

    Args:
        first: a loaded model.
        second: another.
        records: the labelled set, read once.
        resamples: bootstrap samples.
        seed: of the bootstrap.

    Raises:
        AskedWrong: the two are one and the same model.
        SlantwiseError: no record, none with a label that both answer.

    """
    if first.name.sha256 == second.name.sha256:
        raise AskedWrong("two different models to compare", f"{first.name.name} twice", "name another model")
    records = list(records)
    one, two = (
        evaluate(model.backend, records, model=model.name, resamples=resamples, seed=seed) for model in (first, second)
    )
    return compare_evaluations(one, two)


def compare_evaluations(first: Evaluation, second: Evaluation) -> ModelComparison:
    """Compare two evaluations of the same records.

    Raises:
        SlantwiseError: they share no measure, or were not made on the same records.

    """
    comparisons = compare(first, second)
    adjusted = holm([comparison.differences[comparison.main].p for comparison in comparisons])
    return ModelComparison(
        first.model,
        second.model,
        first.corpus,
        first.split,
        first.records,
        tuple(replace(comparison, p_adjusted=p) for comparison, p in zip(comparisons, adjusted, strict=True)),
        first.resamples,
        first.seed,
    )


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
        shared = {name: metric for name, metric in first.metrics.items() if name in second.metrics}
        found = {name: difference(*spans, metric, resamples=resamples, seed=seed) for name, metric in shared.items()}
        values = {name: (metric(first.counts), metric(second.counts)) for name, metric in shared.items()}
        return Comparison(first.name, found, None, values, first.n, len(first.per_document))
    raise _other_records(first.name)


def _compare_labels(first: LabelMeasure, second: LabelMeasure, resamples: int, seed: int) -> Comparison:
    asked = [(a.sentence, a.gold) for a in first.answers]
    if asked != [(a.sentence, a.gold) for a in second.answers]:
        raise _other_records(first.name)
    labels = _pair(first.name, first.per_document, second.per_document)
    shared = {name: metric for name, metric in first.metrics.items() if name not in _SAME_NUMBERS}
    found = {name: difference(*labels, metric, resamples=resamples, seed=seed) for name, metric in shared.items()}
    values = {name: (metric(first.counts), metric(second.counts)) for name, metric in shared.items()}
    pairs = list(zip(first.answers, second.answers, strict=True))
    test = mcnemar(sum(a.right and not b.right for a, b in pairs), sum(b.right and not a.right for a, b in pairs))
    return Comparison(first.name, found, test, values, first.n, len(first.per_document))


def _pair(name: str, first: Mapping[str, C], second: Mapping[str, C]) -> tuple[list[C], list[C]]:
    """Both models' counts per document, in one order."""
    if first.keys() != second.keys():
        raise _other_records(name)
    return list(first.values()), [second[document] for document in first]


def _other_records(name: str) -> SlantwiseError:
    return SlantwiseError(
        f"two evaluations on the same records ({name})", "other records or gold labels", "evaluate both on one split"
    )
