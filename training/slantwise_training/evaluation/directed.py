"""Two entities of a sentence, each the holder of a stance towards the other: five classes (Park et al., 2021).

At most one of the two directions is coloured. A model gives a stance for each entity; the class is the likeliest of the
five combinations that the scheme allows.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import LinkLabel, SpanLabel, StanceLabel
from slantwise.records import LabelledSentence, Span

__all__ = ["DIRECTED_LABELS", "directed_label", "directed_pair", "directed_probabilities"]

DIRECTED_LABELS = ("neutral", "first for second", "second for first", "first against second", "second against first")
"""First and second by their place in the sentence."""

_AGAINST, _NEUTRAL, _FAVOR = range(3)
_COMBINATIONS = (
    (_NEUTRAL, _NEUTRAL),
    (_NEUTRAL, _FAVOR),
    (_FAVOR, _NEUTRAL),
    (_NEUTRAL, _AGAINST),
    (_AGAINST, _NEUTRAL),
)
"""Per class the stances towards the first and towards the second."""
_COLUMNS = {StanceLabel.AGAINST: _AGAINST, StanceLabel.NEUTRAL: _NEUTRAL, StanceLabel.FAVOR: _FAVOR}


def directed_pair(record: LabelledSentence) -> tuple[Span, Span] | None:
    """The record's two targets, in text order, where each is held by the other; None for any other record."""
    targets = record.spans_of(SpanLabel.TARGET)
    if len(targets) != 2:
        return None
    bounds = {span.id: (span.start, span.end) for span in record.spans}
    held_at = {link.head: bounds.get(link.tail) for link in record.links if link.label is LinkLabel.HOLDER}
    for one, other in pairwise((*targets, targets[0])):
        if held_at.get(one.id) != (other.start, other.end):
            return None
    return targets[0], targets[1]


def directed_label(first: Span, second: Span) -> str | None:
    """The class of two gold targets; None where a stance is missing or both are coloured, which no class says."""
    columns = tuple(_COLUMNS.get(s.value) if isinstance(s.value, StanceLabel) else None for s in (first, second))
    return next((name for name, both in zip(DIRECTED_LABELS, _COMBINATIONS, strict=True) if both == columns), None)


def directed_probabilities(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of the five classes from those of the stances towards the first and the second, shape (5,)."""
    joint = np.array([first[one] * second[two] for one, two in _COMBINATIONS])
    return joint / joint.sum() if joint.sum() > 0 else np.full(len(joint), 1 / len(joint))
