"""The linear floor: TF-IDF and logistic regression for every label and stance that a set of records has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from slantwise.errors import SlantwiseError
from slantwise.labels import SpanLabel, StanceLabel, Task
from slantwise.linear.backend import LinearBackend
from slantwise.records import LabelledSentence
from slantwise_training.examples import Library
from slantwise_training.linear import train_linear
from slantwise_training.recipe import Recipe, Selection, TaskRecipe

__all__ = ["fit_linear"]

_GIVEN = Selection("given", "train")
_LEAST = 5
"""Each label needs one sentence in every fold of the calibration."""


def fit_linear(records: Sequence[LabelledSentence], *, seed: int = 13) -> LinearBackend:
    """Train the linear family on records, with the settings that recipes have by default.

    Spans are left to the lexicons: their floor is a word list.

    Args:
        records: what to learn from, nothing else is looked at.
        seed: of the folds that calibrate.

    Raises:
        SlantwiseError: no label has two sides with five examples each.

    """
    labels = {task: Counter(r.labels[task] for r in records if task in r.labels) for task in Task}
    tasks = {task: TaskRecipe(train=(_GIVEN,)) for task, counts in labels.items() if _is_learnable(counts, 2)}
    spans = (span.value for record in records for span in record.spans_of(SpanLabel.TARGET))
    stances = Counter[str](str(value) for value in spans if value is not None)
    stances.update(str(stance.value) for record in records for stance in record.stances)
    sides = sum(label is not StanceLabel.UNSURE for label in StanceLabel)
    stance = TaskRecipe(train=(_GIVEN,)) if _is_learnable(stances, sides) else None
    if not tasks and stance is None:
        found = ", ".join(f"{label} {n}" for counts in labels.values() for label, n in counts.items()) or "no labels"
        raise SlantwiseError(f"{_LEAST} sentences of each of two labels to train on", found, "name a larger set")
    recipe = Recipe("linear", seed=seed, tasks=tasks, stance=stance)
    library = Library(Path(), _read={_GIVEN: list(records)})
    return train_linear(recipe, Path(), library=library)[0]


def _is_learnable(counts: Counter[str], sides: int) -> bool:
    return len(counts) >= sides and min(counts.values()) >= _LEAST
