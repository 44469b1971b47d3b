"""Intervals that cover, repeat by seed, and widen with correlated documents; McNemar by hand."""

import numpy as np
import pytest

from slantwise.errors import SlantwiseError
from slantwise_training.evaluation.counts import LabelCounts
from slantwise_training.evaluation.intervals import difference, interval, intervals, mcnemar

LABELS = ("no", "yes")


def counts(right, wrong):
    return LabelCounts(LABELS, np.array([[right, wrong], [0, 0]]))


def accuracy(found):
    return found.accuracy


def test_an_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(7)
    covered = 0
    for seed in range(100):
        groups = [counts(int(right), 10 - int(right)) for right in rng.binomial(10, 0.7, size=60)]
        found = interval(groups, accuracy, resamples=300, seed=seed)
        covered += found.low <= 0.7 <= found.high
    assert 88 <= covered <= 99


def test_one_resample_of_one_group_is_that_group():
    found = interval([counts(3, 1)], accuracy, resamples=5)
    assert (found.value, found.low, found.high) == (0.75, 0.75, 0.75)


def test_a_seed_repeats_and_another_differs():
    groups = [counts(n % 4, 3) for n in range(30)]
    first = interval(groups, accuracy, seed=3)
    assert first == interval(groups, accuracy, seed=3)
    assert first != interval(groups, accuracy, seed=4)


def test_the_metrics_of_one_call_are_those_of_single_calls():
    groups = [counts(n % 4, 3) for n in range(30)]
    both = intervals(groups, {"accuracy": accuracy, "macro_f1": lambda c: c.macro_f1})
    assert both["accuracy"] == interval(groups, accuracy)


def test_correlated_sentences_need_the_wider_interval_of_their_documents():
    whole = [counts(20, 0) if n % 2 else counts(0, 20) for n in range(40)]
    single = [counts(1, 0) if n % 2 else counts(0, 1) for n in range(40) for _ in range(20)]
    grouped, ungrouped = interval(whole, accuracy), interval(single, accuracy)
    assert grouped.value == ungrouped.value
    assert grouped.high - grouped.low > 3 * (ungrouped.high - ungrouped.low)


def test_a_difference_is_paired():
    rng = np.random.default_rng(1)
    right = rng.integers(0, 19, size=80)
    worse = [counts(int(n), 20 - int(n)) for n in right]
    better = [counts(int(n) + 1, 19 - int(n)) for n in right]  # one more right in every document
    found = difference(better, worse, accuracy)
    assert found.value == pytest.approx(0.05)
    assert (found.low, found.high) == (pytest.approx(0.05), pytest.approx(0.05))
    assert found.p == pytest.approx(2 / 1001)
    assert difference(worse, worse, accuracy).p == 1.0
    assert difference(worse, better, accuracy).value == pytest.approx(-0.05)


def test_what_cannot_be_resampled_is_refused():
    with pytest.raises(SlantwiseError, match="at least one document"):
        interval([], accuracy)
    with pytest.raises(SlantwiseError, match="found 1 and 2"):
        difference([counts(1, 0)], [counts(1, 0)] * 2, accuracy)
    with pytest.raises(SlantwiseError, match="at least one bootstrap resample"):
        interval([counts(1, 0)], accuracy, resamples=0)


def test_mcnemar_by_hand():
    # 8 against 2: 2 * (1 + 10 + 45) / 2^10, and the mid-p takes off 45 / 2^10
    found = mcnemar(8, 2)
    assert found.exact == pytest.approx(112 / 1024)
    assert found.mid_p == pytest.approx((112 - 45) / 1024)
    assert mcnemar(2, 8).exact == found.exact


def test_mcnemar_of_equals_and_of_nothing():
    assert mcnemar(5, 5).exact == 1.0
    assert mcnemar(5, 5).mid_p == pytest.approx(1 - 252 / 2048)
    assert (mcnemar(0, 0).exact, mcnemar(0, 0).mid_p) == (1.0, 1.0)


def test_mcnemar_is_scipys_binomial_test_even_on_many_pairs():
    from scipy.stats import binomtest

    for one, two in ((1, 0), (13, 6), (3000, 2800), (40, 9000)):
        assert mcnemar(one, two).exact == pytest.approx(binomtest(one, one + two).pvalue, rel=1e-9)
