"""Tags to spans: the best allowed sequence, the margin of each span."""

import numpy as np
import pytest

from slantwise.encoder import Line
from slantwise.encoder.decode import Layer
from slantwise.labels import HedgeKind, SpanLabel
from slantwise.linear.words import split_words

TAGS = ("O", "B-cue", "I-cue", "B-hedge:doxastic", "I-hedge:doxastic")
LAYER = Layer.of(TAGS)
O, B, I, BH, IH = range(5)  # noqa: E741 - the tags' own names


def emissions(*rows):
    """Each row names its tags from the best on: 3, 2, 1, ... and 0 for the others."""
    table = np.zeros((len(rows), len(TAGS)), dtype=np.float32)
    for i, row in enumerate(rows):
        for rank, tag in enumerate(row):
            table[i, tag] = 3 - rank
    return table


def spans(*rows):
    return [(run.kind, run.first, run.last) for run in LAYER.runs(emissions(*rows))]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (([O], [O]), []),
        (([B], [I], [O]), [("cue", 0, 1)]),
        (([B], [B], [I]), [("cue", 0, 0), ("cue", 1, 2)]),
        (([B], [BH], [IH], [O], [B]), [("cue", 0, 0), ("hedge:doxastic", 1, 2), ("cue", 4, 4)]),
        # an I without its B: the best allowed sequence, not a repair of the best tags
        (([O, B], [I], [I]), [("cue", 0, 2)]),
        (([O], [I, B], [O]), [("cue", 1, 1)]),
        (([B], [IH, I], [O]), [("cue", 0, 1)]),
        (([I, B],), [("cue", 0, 0)]),
    ],
)
def test_runs(rows, expected):
    assert spans(*rows) == expected


def test_no_words():
    assert LAYER.runs(np.zeros((0, 5), np.float32)) == []


def test_spans_carry_place_value_and_calibrated_margin():
    words = split_words("It reportedly did")
    runs = LAYER.runs(emissions([O], [BH, O], [O]))
    assert [run.margin for run in runs] == [1.0]
    [span] = LAYER.spans(words, runs, {"hedge:doxastic": Line(2.0, -1.0)})
    assert (span.label, span.value, span.start, span.end) == (SpanLabel.HEDGE, HedgeKind.DOXASTIC, 3, 13)
    assert span.p == pytest.approx(1 / (1 + np.exp(-1.0)))
    assert LAYER.spans(words, runs, {})[0].p == pytest.approx(1 / (1 + np.exp(-1.0)))


@pytest.mark.parametrize("tags", [(), ("B-cue", "O"), ("O", "S-cue"), ("O", "B-nothing"), ("O", "B-hedge:nothing")])
def test_tags_that_are_none(tags):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the Enum's for some
        Layer.of(tags)
