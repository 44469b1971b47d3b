"""The threshold table: the lowest threshold that reaches a precision, and nothing where none does."""

import pytest

from slantwise_training.evaluation.curves import Ranking
from slantwise_training.evaluation.thresholds import operating_points


def ranking(flags):
    n = len(flags)
    return Ranking.of([1 - at / n for at in range(n)], flags, [f"d{at}" for at in range(n)])


def test_the_lowest_threshold_that_reaches_the_precision():
    # 20 right, then 5 wrong, 10 right, then wrong: precision .8 at 25 answers, .857 at 35, .75 at 40
    found = ranking([True] * 20 + [False] * 5 + [True] * 10 + [False] * 20)
    low, high, all_right = operating_points(found, (0.8, 0.9, 1.0), resamples=50)
    assert low.found == 37
    assert low.precision.value == pytest.approx(30 / 37)
    assert low.recall.value == 1.0
    assert low.threshold == pytest.approx(1 - 36 / 55)
    assert (high.found, high.recall.value) == (22, pytest.approx(20 / 30))
    assert all_right.found == 20
    assert high.precision.low <= high.precision.value <= high.precision.high


def test_no_threshold_is_offered_on_a_handful():
    (point,) = operating_points(ranking([True] * 8 + [False] * 30), (0.9,), resamples=20)
    assert point.to_json() == {
        "precision_wanted": 0.9, "threshold": None, "found": 0,
        "precision": None, "precision_interval": None, "recall": None, "recall_interval": None,
    }  # fmt: skip


def test_a_point_as_json():
    row = operating_points(ranking([True] * 20 + [False]), (0.9,), resamples=20)[0].to_json()
    assert row["recall"] == 1.0
    assert row["precision_interval"][0] <= row["precision"] <= row["precision_interval"][1]
