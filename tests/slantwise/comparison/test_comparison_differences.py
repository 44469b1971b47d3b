"""Intervals against published examples, brute force, and what must not change them."""

from collections import Counter

import numpy as np
import pytest

from slantwise.comparison.differences import (
    Method,
    mean_of,
    means_apart,
    proportion_of,
    ratio_of,
    ratios_apart,
    shares_apart,
)
from slantwise.summary import share


def one(count, of):
    return proportion_of({(count, of): 1})


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, table II, method 10
        ((48, 80), (56, 70), 0.0524, 0.3339),
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((0, 10), (10, 10), 0.6075, 1.0),
        ((0, 29), (5, 56), -0.0381, 0.1926),
    ],
)
def test_newcombes_own_examples(first, second, low, high):
    apart = shares_apart(one(*first), one(*second))
    assert (round(apart.low, 4), round(apart.high, 4)) == (low, high)
    assert apart.method is Method.NEWCOMBE
    back = shares_apart(one(*second), one(*first))
    assert (back.low, back.high) == pytest.approx((-apart.high, -apart.low))


def test_one_article_has_the_summarys_interval():
    found, told = one(4, 28), share(4, 28)
    assert (round(found.share, 4), round(found.low, 4), round(found.high, 4)) == tuple(
        told[name] for name in ("share", "low", "high")
    )


def test_articles_that_differ_widen_an_interval_as_rao_and_scott_say():
    # two articles of ten sentences, all hedged and none: each sentence tells as much as its whole article
    apart = proportion_of({(10, 10): 1, (0, 10): 1})
    assert apart.design == pytest.approx(2 / 1 * (25 + 25) / 20**2 / (0.25 / 20))
    assert apart.design == pytest.approx(20)
    alike = proportion_of({(5, 10): 2})
    assert (alike.share, alike.design) == (apart.share, 1)
    assert apart.high - apart.low > 2 * (alike.high - alike.low)
    assert shares_apart(apart, alike).method is Method.NEWCOMBE_ARTICLES


def test_unrelated_sentences_widen_nothing_on_the_average():
    rng = np.random.default_rng(3)
    designs = [proportion_of(Counter((int(n), 25) for n in rng.binomial(25, 0.3, size=40))).design for _ in range(40)]
    assert 1 <= np.mean(designs) < 1.2


def test_nothing_to_count_has_no_difference():
    nothing = proportion_of({(0, 0): 3})
    assert (nothing.share, nothing.articles) == (None, 3)
    assert shares_apart(nothing, one(1, 2)).value is None
    assert shares_apart(one(1, 2), nothing).method is Method.NONE
    assert not shares_apart(one(1, 2), nothing).is_clear


def test_a_mean_of_articles_resamples_articles():
    # ten articles, each of five stances of one side: fifty stances, but ten drawn at a time
    sides = {(5, 0, 0): 5, (0, 0, 5): 5}
    mean = mean_of(sides)
    assert (mean.mean, mean.articles, mean.against) == (0, 10, 25)
    assert mean.high - mean.low == pytest.approx(4 * np.sqrt(1 / 10), abs=0.25)
    assert means_apart(sides, sides).method is Method.BOOTSTRAP_ARTICLES


def test_a_mean_of_one_article_resamples_its_stances():
    mean = mean_of({(25, 0, 25): 1})
    assert mean.high - mean.low == pytest.approx(4 * np.sqrt(1 / 50), abs=0.12)
    apart = means_apart({(25, 0, 25): 1}, {(5, 0, 0): 5, (0, 0, 5): 5})
    assert apart.method is Method.BOOTSTRAP_STANCES


def test_a_difference_varies_as_both_sides_do_together():
    a, b = {(8, 1, 2): 6, (1, 4, 0): 9}, {(0, 3, 4): 7, (2, 0, 1): 5}
    apart = means_apart(a, b)
    rng = np.random.default_rng(9)

    def draws(sides):
        rows = np.repeat(np.array(list(sides)), list(sides.values()), axis=0)
        drawn = rows[rng.integers(len(rows), size=(4000, len(rows)))].sum(axis=1)
        return (drawn[:, 2] - drawn[:, 0]) / drawn.sum(axis=1)

    expected = np.percentile(draws(b) - draws(a), [2.5, 97.5])
    assert (apart.low, apart.high) == pytest.approx(tuple(expected), abs=0.03)
    assert apart.value == pytest.approx(mean_of(b).mean - mean_of(a).mean)
    assert apart.is_clear is (apart.low > 0)
    same = means_apart(a, a)
    assert same.low < 0 < same.high


def test_stances_that_are_all_the_same_have_no_interval():
    assert mean_of({(4, 0, 0): 1}).low is None
    apart = means_apart({(4, 0, 0): 1}, {(1, 5, 1): 3, (0, 1, 0): 2})
    assert (apart.value, apart.low, apart.method) == (1, None, Method.NONE)
    assert mean_of({(2, 0, 0): 3, (1, 0, 0): 2}).low is None
    assert means_apart({}, {(1, 0, 0): 1}).value is None


def test_words_of_one_article_have_no_interval():
    assert (ratio_of({(30, 90): 1}).low, ratio_of({(0, 0): 1}).share) == (None, None)
    assert ratios_apart({(30, 90): 1}, {(1, 3): 5}).method is Method.NONE
    many = ratios_apart({(30, 90): 4, (60, 80): 3}, {(1, 3): 5, (0, 4): 2})
    assert many.low < many.value < many.high
    assert ratio_of({(30, 90): 4, (0, 0): 1}).share == pytest.approx(1 / 3)


def test_an_archive_of_many_different_articles_is_drawn_in_steps():
    rng = np.random.default_rng(1)
    counts = Counter((int(a), int(b)) for a, b in rng.integers(1, 4000, size=(1200, 2)).cumsum(axis=1))
    found = ratio_of(counts)
    assert found.low < found.share < found.high
