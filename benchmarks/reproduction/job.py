"""A job is one model on one test set; its outcome is the numbers that become rows of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from slantwise.model_folder import Model
from slantwise.reading import Backend
from slantwise_training.evaluation.intervals import Interval
from slantwise_training.evaluation.reliability import calibration_of
from slantwise_training.evaluation.result import Evaluation, SpanMeasure
from slantwise_training.examples import Library
from slantwise_training.recipe import Selection

__all__ = [
    "Bench", "Figure", "Job", "Kind", "Outcome", "Table", "less_is_better", "outcome_of", "repeated", "selections",
]

CALIBRATION = frozenset({"ece", "brier"})
"""Metrics of probabilities rather than of answers."""
_ERRORS = frozenset({"mae", *CALIBRATION})


class Table(StrEnum):
    """The tables of the page, in order."""

    HEDGING = "Hedging"
    WORDING = "Wording"
    ATTRIBUTION = "Attribution"
    STANCE = "Stance"
    MENTIONS = "Mentions"
    WHOLE = "Voices, targets and pronouns over whole articles"
    OTHER = "Other questions"


class Kind(StrEnum):
    """Which model a row is about."""

    SHIPPED = "shipped"
    """The default model of the package."""
    SEEDS = "default recipe"
    """The recipe of the default model, trained with other seeds."""
    COMMITTED = "against committed predictions"
    """The default model beside what another model predicted for the same sentences."""
    FP32 = "fp32"
    """The network of the default model as it was before quantisation."""
    TRAINED = "own train"
    """The linear family, trained on the corpus's own training split."""
    ENCODER = "own encoder"
    """The encoder family, trained on the corpus's own training data, as a published protocol has it."""
    FOLDS = "folds"
    """The linear family, trained and tested fold by fold."""
    RULES = "rules"
    """The package's own rules and small models, with the gold mentions given."""
    FLOOR = "floor"
    """A model that knows almost nothing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its 95 % bootstrap interval; `n` counts sentences, targets, events or articles."""

    value: float
    low: float
    high: float
    n: int

    @property
    def range(self) -> str:
        """Where the number lies, as the page has it."""
        return f"{self.low:.3f} to {self.high:.3f}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job found: figures by the manifest's metric names, and the evaluation as JSON without single answers."""

    figures: Mapping[str, Figure]
    evaluation: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """What jobs work with: the corpora, each split read once, the shipped model, and models trained by recipe."""

    library: Library
    model: Model
    trained: dict[str, Backend] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """One model on one test set.

    Args:
        name: unique, and a file name.
        table: where its rows go.
        kind: which model it is about.
        corpus: the corpus whose manifest rows the figures are set beside.
        split: the split in the manifest's writing; several joined by `+`.
        system: the model, its settings included, in a few words.
        metrics: metrics by the manifest's names.
        run: does the work.
        reads: the corpora read, by name.
        settings: everything but corpora and code that the outcome depends on.
        measure: the measure that metrics without one are of.
        floors: a pattern that the system and source of comparable floors match.
        published: the same for published numbers; None where none is comparable.
        fair: False where the floor had training text of the corpus and the model had none.
        n_of: what `n` counts.
        of: the job that this one repeats with another model, by name.
        single: whether its model is one network, and that of the job it repeats an average of several.
    """

    name: str
    table: Table
    kind: Kind
    corpus: str
    split: str
    system: str
    metrics: tuple[str, ...]
    run: Callable[[Bench], Evaluation | Outcome] = field(compare=False)
    reads: tuple[str, ...]
    settings: str
    measure: str = ""
    floors: str = ""
    published: str | None = ""
    fair: bool = True
    n_of: str = "sentences"
    of: str = ""
    single: bool = False


def less_is_better(metric: str) -> bool:
    """Whether a metric, of whatever measure, counts errors: "ece" and "ece:source" do."""
    return metric.partition(":")[0] in _ERRORS


def outcome_of(job: Job, found: Evaluation | Outcome) -> Outcome:
    """The figures of an evaluation that the job asks for."""
    if isinstance(found, Outcome):
        return found
    figures = {}
    for metric in job.metrics:
        name, _, of = metric.partition(":")
        of = of or job.measure
        interval = _calibration(found, name, of) if name in CALIBRATION else found.metric(name, of or None)
        measure = found.measures.get(of) or next(m for m in found.measures.values() if isinstance(m, SpanMeasure))
        figures[metric] = Figure(interval.value, interval.low, interval.high, measure.n)
    return Outcome(figures, found.to_json())


def repeated(job: Job, name: str, kind: Kind, settings: str, model: Callable[[Bench], Model]) -> Job:
    """The same job with another model in the place of the shipped one; of its outcome the figures alone are kept.

    Args:
        job: a job of the shipped model.
        name: of the new job.
        kind: of the other model.
        settings: everything but corpora and code that the new outcome depends on.
        model: loads the other model, or makes it first.
    """

    def run(bench: Bench) -> Outcome:
        found = job.run(replace(bench, model=model(bench)))
        return Outcome(outcome_of(job, found).figures, {})

    return replace(job, name=name, kind=kind, settings=settings, run=run, of=job.name)


def _calibration(found: Evaluation, metric: str, of: str) -> Interval:
    calibration = calibration_of(found.measures[of])
    if calibration is None:
        raise ValueError(f"no probabilities in the answers of {of} to take {metric} of")
    return calibration[metric]


def selections(written: str) -> tuple[Selection, ...]:
    """Read "corpus:split corpus:split"; a split may join several by `+`."""
    found: list[Selection] = []
    for each in written.split():
        corpus, _, splits = each.partition(":")
        found.extend(Selection.parse(f"{corpus}:{split}") for split in splits.split("+"))
    return tuple(found)
