"""The floors beside a model on one test set: fitted on the corpus's own training splits, answers compared in pairs.

A floor sees the training text of the very corpus; a model that does not (zero-shot) may fall behind and still be right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import SlantwiseError
from slantwise.labels import SpanLabel, StanceLabel, Task
from slantwise.reading import Backend, Decision, Reading, TargetMention
from slantwise.records import LabelledSentence
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.floors import LexiconBackend, MajorityBackend, OutletBackend
from slantwise_training.evaluation.folded import FoldedBackend
from slantwise_training.evaluation.intervals import Difference, Interval, difference, interval
from slantwise_training.evaluation.linear_floor import fit_linear
from slantwise_training.evaluation.result import STANCE, Evaluation, LabelMeasure, SpanMeasure
from slantwise_training.evaluation.slices import main_metric
from slantwise_training.examples import normalised

__all__ = ["TARGET_ALONE", "Floor", "TargetBackend", "beside", "floors_of", "stance_targets"]

TARGET_ALONE = "target alone"
"""The floor that looks at a stance's target and never at the sentence."""
_FEWEST_IN_FOLDS, _MOST_TO_TRAIN = 200, 20_000
"""Where a linear model is trained beside: on fewer sentences it learns nothing, on more it takes minutes."""
_STANCES = (StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR)
_LEXICONS = (SpanLabel.HEDGE, SpanLabel.LOADED, SpanLabel.CUE, SpanLabel.SOURCE)


@dataclass(frozen=True, slots=True)
class Floor:
    """What a simple method reaches on one measure; `ahead` is the model's lead, paired over documents."""

    system: str
    measure: str
    metric: str
    value: Interval
    ahead: Difference

    def to_json(self) -> dict[str, Any]:
        """The floor as a JSON object."""
        lead = self.ahead
        return {
            "system": self.system,
            "measure": self.measure,
            "metric": self.metric,
            "value": self.value.value,
            "low": self.value.low,
            "high": self.value.high,
            "ahead": {"value": lead.value, "low": lead.low, "high": lead.high, "p": lead.p},
        }


class TargetBackend:
    """Says of every target what most training sentences say of it; the sentence is not looked at.

    A target that training did not have gets the majority of all. What it reaches is what knowing names alone is worth.
    """

    stance_margin = 0.0
    span_labels: frozenset[SpanLabel] = frozenset()
    has_stance = True

    def fit(self, records: Iterable[LabelledSentence]) -> Self:
        """Count the stances by target, its wording normalised.

        Raises:
            SlantwiseError: no record has a stance.

        """
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for record in records:
            for target, value in stance_targets(record):
                counts[normalised(target)][value] += 1
        if not counts:
            raise SlantwiseError("stances to learn a floor from", "none", "fit it on a corpus and split that has them")
        self.targets_ = {target: _shares(counter) for target, counter in counts.items()}
        self.all_ = _shares(sum(counts.values(), start=Counter()))
        return self

    @property
    def decisions(self) -> dict[Task, Decision]:
        """It answers nothing but stance."""
        return {}

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """Nothing is read."""
        return [Reading(text, {}, ()) for text in sentences]

    def stance(self, mentions: Sequence[TargetMention]) -> NDArray[np.float32]:
        """Training's shares of the target's stances, shape (mentions, 3)."""
        return np.stack([self.targets_.get(normalised(mention.name), self.all_) for mention in mentions])


def stance_targets(record: LabelledSentence) -> list[tuple[str, StanceLabel]]:
    """Every target of a record with its stance: mentions, then topics."""
    spans = record.spans_of(SpanLabel.TARGET)
    mentions = [(span.text, span.value) for span in spans if isinstance(span.value, StanceLabel)]
    return mentions + [(stance.target, stance.value) for stance in record.stances]


def floors_of(
    train: Sequence[LabelledSentence] | None, test: Sequence[LabelledSentence], evaluation: Evaluation
) -> tuple[Floor, ...]:
    """Majority, a linear model, outlet look-up, lexicons and target look-up, compared with the model on `test`.

    They are fitted on `train`, or without it in five folds over the documents of `test`. A floor that has nothing to
    learn from is left out.
    """
    found: list[Floor] = []
    for name, fit in _candidates(train, test, evaluation):
        try:
            backend = fit(train) if train is not None else FoldedBackend(fit).fit(test)
            floor = evaluate(backend, test, resamples=evaluation.resamples, seed=evaluation.seed)
        except SlantwiseError:  # nothing to learn from, too few documents, or no measure in common: no such floor
            continue
        found += beside(evaluation, floor, name if train is not None else f"{name}, in folds")
    return tuple(found)


def beside(evaluation: Evaluation, other: Evaluation, system: str) -> list[Floor]:
    """The main metric of every measure that both have, and the first one's lead."""
    floors = []
    for name, ours in evaluation.measures.items():
        theirs = other.measures.get(name)
        if theirs is None or theirs.n != ours.n:
            continue
        metric = main_metric(ours)
        both = _both(ours, theirs, metric)
        if both is not None:
            floors.append(Floor(system, name, metric, *both))
    return floors


def _candidates(
    train: Sequence[LabelledSentence] | None, test: Sequence[LabelledSentence], evaluation: Evaluation
) -> Iterable[tuple[str, Callable[[Sequence[LabelledSentence]], Backend]]]:
    yield "majority", lambda records: MajorityBackend().fit(records)
    labels = any(isinstance(measure, LabelMeasure) and measure.calibration for measure in evaluation.measures.values())
    if labels and (len(test) >= _FEWEST_IN_FOLDS if train is None else len(train) <= _MOST_TO_TRAIN):
        yield "linear", lambda records: fit_linear(records)
    if any(record.doc.outlet for record in test):
        yield "outlet look-up", lambda records: OutletBackend().fit(records)
    for label in _LEXICONS:
        asked = {label.value, *(task.value for task in _tasks_of(label))}
        if asked & set(evaluation.measures):
            yield f"{label} lexicon", partial(_lexicon, label)
    if STANCE in evaluation.measures:
        yield TARGET_ALONE, lambda records: TargetBackend().fit(records)


def _lexicon(label: SpanLabel, records: Sequence[LabelledSentence]) -> Backend:
    return LexiconBackend(label).fit(records)


def _tasks_of(label: SpanLabel) -> tuple[Task, ...]:
    return {SpanLabel.HEDGE: (Task.HEDGING, Task.VAGUENESS), SpanLabel.LOADED: (Task.WORDING,)}.get(label, ())


def _both(
    ours: LabelMeasure | SpanMeasure, theirs: LabelMeasure | SpanMeasure, metric: str
) -> tuple[Interval, Difference] | None:
    """The other's metric, and the first one's lead; None where they are not about the same answers."""
    documents, options = list(ours.per_document), {"resamples": ours.resamples, "seed": ours.seed}
    if set(documents) != set(theirs.per_document):
        return None
    if isinstance(ours, LabelMeasure) and isinstance(theirs, LabelMeasure) and ours.labels == theirs.labels:
        one, two = [ours.per_document[d] for d in documents], [theirs.per_document[d] for d in documents]
        of = ours.metrics[metric]
        return interval(two, of, **options), difference(one, two, of, **options)
    if isinstance(ours, SpanMeasure) and isinstance(theirs, SpanMeasure):
        first, second = [ours.per_document[d] for d in documents], [theirs.per_document[d] for d in documents]
        by = ours.metrics[metric]
        return interval(second, by, **options), difference(first, second, by, **options)
    return None


def _shares(counter: Counter[str]) -> NDArray[np.float32]:
    counts = np.array([counter[label] for label in _STANCES], dtype=np.float32)
    return counts / np.float32(counter.total())
