"""Intervals and tests agree with scipy and with the printed formulas, and hold where all clusters agree."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slantwise_training.evaluation.behaviour.shares import holm, share_of, shift_of, wilson


@given(st.integers(0, 60), st.integers(1, 60))
def test_wilson_is_scipys(count, more):
    of = count + more - 1 or 1
    theirs = stats.binomtest(min(count, of), of).proportion_ci(0.95, method="wilson")
    assert wilson(min(count, of), of) == pytest.approx((theirs.low, theirs.high), abs=1e-6)


def test_one_answer_a_cluster_is_wilson_and_many_are_wider():
    single = share_of((n, n < 10) for n in range(40))
    assert (single.count, single.of, single.clusters) == (10, 40, 40)
    assert (single.low, single.high) == pytest.approx(wilson(10, 40))
    grouped = share_of((n // 10, n < 10 or n == 39) for n in range(40))
    assert grouped.clusters == 4
    assert grouped.high - grouped.low > single.high - single.low


def test_clusters_that_agree_are_not_taken_for_certainty():
    none = share_of((n % 5, False) for n in range(100))
    assert (none.low, none.high) == pytest.approx(wilson(0, 5))
    alike = share_of((n // 4, n % 4 == 0) for n in range(40))
    assert (alike.low, alike.high) == pytest.approx(wilson(2.5, 10))


def test_nothing_has_no_share():
    empty = share_of(())
    assert empty.value is None
    assert empty.to_json()["low"] is None


@settings(max_examples=40)
@given(st.lists(st.floats(-0.5, 0.5).map(lambda x: round(x, 3)), min_size=3, max_size=20))
def test_shift_is_scipys_t_test_over_cluster_means(means):
    found = shift_of({n: [m - 0.25, m + 0.25] for n, m in enumerate(means)})
    assert found.mean == pytest.approx(np.mean(means), abs=1e-9)
    if np.std(means) > 1e-3:
        theirs = stats.ttest_1samp(means, 0)
        ends = theirs.confidence_interval(0.95)
        assert found.p == pytest.approx(theirs.pvalue, abs=1e-9)
        assert (found.low, found.high) == pytest.approx((max(-1, ends.low), min(1, ends.high)), abs=1e-9)
    up, down = sum(m > 1e-6 for m in means), sum(m < -1e-6 for m in means)
    assert (found.up, found.down) == (up, down)
    if up + down:
        assert found.sign_p == pytest.approx(stats.binomtest(up, up + down).pvalue, abs=1e-9)


def test_shift_of_one_cluster_says_nothing_and_an_even_one_only_its_signs():
    assert shift_of({"a": [0.4]}).p == 1
    assert (shift_of({"a": [0.4]}).low, shift_of({"a": [0.4]}).high) == (-1, 1)
    even = shift_of({n: [0.25] for n in range(10)})
    assert even.p == even.sign_p == pytest.approx(2 / 2**10)
    assert shift_of({n: [0.0] for n in range(10)}).p == 1


def test_holm_is_the_printed_procedure():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]
