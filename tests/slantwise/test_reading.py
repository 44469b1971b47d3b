"""Decisions: from probabilities to a label, or to being unsure."""

import numpy as np
import pytest

from slantwise.labels import SpanLabel, Task
from slantwise.reading import Decision, FoundSpan, Reading


def p(*values):
    return np.array(values, dtype=np.float32)


@pytest.mark.parametrize(
    ("decision", "probability", "label", "unsure"),
    [
        (Decision(), 0.5, "hedged", False),
        (Decision(), 0.49, "asserted", False),
        (Decision(0.25), 0.25, "hedged", False),
        (Decision(0.25), 0.24, "asserted", False),
        (Decision(0.5, 0.125), 0.4, "asserted", True),
        (Decision(0.5, 0.125), 0.6, "hedged", True),
        (Decision(0.5, 0.125), 0.375, "asserted", False),
        (Decision(0.5, 0.125), 0.625, "hedged", False),
        (Decision(0.25, 0.125), 0.5, "hedged", False),
    ],
)
def test_two_labels(decision, probability, label, unsure):
    found = p(1 - probability, probability)
    assert decision.label(Task.HEDGING, found) == label
    assert decision.is_unsure(found) is unsure


@pytest.mark.parametrize(
    ("margin", "found", "label", "unsure"),
    [
        (0.0, p(0.2, 0.3, 0.5), "right", False),
        (0.0, p(0.4, 0.4, 0.2), "left", False),
        (0.1, p(0.45, 0.4, 0.15), "left", True),
        (0.1, p(0.15, 0.6, 0.25), "centre", False),
        (0.25, p(0.0, 0.625, 0.375), "centre", False),
    ],
)
def test_three_labels_need_a_lead_over_the_second_and_no_threshold(margin, found, label, unsure):
    decision = Decision(threshold=0.99, margin=margin)
    assert decision.label(Task.LEANING, found) == label
    assert decision.is_unsure(found) is unsure


def test_spans_by_label():
    spans = tuple(
        FoundSpan(label, i, i + 1, None, 0.5) for i, label in enumerate([SpanLabel.CUE, SpanLabel.LOADED] * 2)
    )
    reading = Reading("a b c d", {}, spans)
    assert [s.start for s in reading.spans_of(SpanLabel.LOADED)] == [1, 3]
    assert reading.spans_of(SpanLabel.HEDGE) == ()
