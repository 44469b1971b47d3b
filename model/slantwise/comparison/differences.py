"""Differences between two groups of articles, with 95 % intervals that know that an article's sentences are alike.

Shares: Newcombe's hybrid of two Wilson intervals (1998, method 10), on counts divided by the design effect of articles
(Rao and Scott, 1992). Of one article there is no such effect, and the interval is the plain one of its sentences.
Means and word shares: percentile bootstrap. Articles are resampled; where a group has one article only, its stances.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Counts",
    "Difference",
    "Mean",
    "Method",
    "Proportion",
    "Sides3",
    "mean_of",
    "means_apart",
    "proportion_of",
    "ratio_of",
    "ratios_apart",
    "shares_apart",
]

Counts: TypeAlias = Mapping[tuple[int, int], int]
"""How many articles have so many of so many: (count, of) -> articles."""
Sides3: TypeAlias = Mapping[tuple[int, int, int], int]
"""How many articles have so many stances against, neutral and in favour: (against, neutral, favor) -> articles."""

_Unit = TypeVar("_Unit", tuple[int, int], tuple[int, int, int])
_Z = 1.959964
_RESAMPLES = 2000
_AT_ONCE = 2_000_000
"""Numbers drawn at a time, so that archives of many articles need little memory."""


class Method(StrEnum):
    """How an interval was made."""

    NEWCOMBE = "newcombe"
    """Of sentences: one article on each side, or articles that differ no more than chance lets them."""
    NEWCOMBE_ARTICLES = "newcombe, design effect of articles"
    BOOTSTRAP_ARTICLES = "bootstrap of articles"
    BOOTSTRAP_STANCES = "bootstrap of stances"
    """On one side at least, within its only article."""
    NONE = "none"
    """Too little to say how far the difference could vary."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share with its interval; None where nothing was counted. `design` is by what articles widen its variance."""

    count: int
    of: int
    articles: int
    share: float | None
    low: float | None
    high: float | None
    design: float = 1.0


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean stance from -1 (against) to 1 (favor); no interval where all stances are the same."""

    against: int
    neutral: int
    favor: int
    articles: int
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """The second group less the first."""

    value: float | None
    low: float | None
    high: float | None
    method: Method

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


_UNKNOWN = Difference(None, None, None, Method.NONE)


def proportion_of(counts: Counts) -> Proportion:
    """The share over all articles, with a Wilson interval on the effective number."""
    count, of, articles = _total(counts, 0), _total(counts, 1), sum(counts.values())
    if not of:
        return Proportion(0, 0, articles, None, None, None)
    p, design = count / of, _design_effect(counts)
    low, high = _wilson(p, of / design)
    return Proportion(count, of, articles, p, low, high, design)


def shares_apart(a: Proportion, b: Proportion) -> Difference:
    """The difference of two shares."""
    if a.share is None or b.share is None:
        return _UNKNOWN
    assert a.low is not None
    assert a.high is not None
    assert b.low is not None
    assert b.high is not None
    value = b.share - a.share
    low = value - sqrt((b.share - b.low) ** 2 + (a.high - a.share) ** 2)
    high = value + sqrt((b.high - b.share) ** 2 + (a.share - a.low) ** 2)
    plain = a.design == b.design == 1.0
    return Difference(value, low, high, Method.NEWCOMBE if plain else Method.NEWCOMBE_ARTICLES)


def ratio_of(counts: Counts) -> Proportion:
    """A share of words: words of one article are no sample, so that one article has no interval."""
    count, of, articles = _total(counts, 0), _total(counts, 1), sum(counts.values())
    if not of:
        return Proportion(0, 0, articles, None, None, None)
    low, high = _between(_resampled(counts, _ratio, 0)) if articles > 1 else (None, None)
    return Proportion(count, of, articles, count / of, low, high)


def ratios_apart(a: Counts, b: Counts) -> Difference:
    """The difference of two shares of words."""
    left, right = ratio_of(a), ratio_of(b)
    if left.share is None or right.share is None:
        return _UNKNOWN
    value = right.share - left.share
    if left.articles < 2 or right.articles < 2:
        return Difference(value, None, None, Method.NONE)
    low, high = _between(np.subtract(_resampled(b, _ratio, 1), _resampled(a, _ratio, 0)))
    return Difference(value, low, high, Method.BOOTSTRAP_ARTICLES)


def mean_of(sides: Sides3) -> Mean:
    """The mean stance over all articles."""
    against, neutral, favor = (_total(sides, i) for i in range(3))
    articles, count = sum(sides.values()), against + neutral + favor
    if not count:
        return Mean(0, 0, 0, articles, None, None, None)
    low, high = (None, None) if _is_constant(sides) else _between(_resampled(_units(sides), _side, 0))
    return Mean(against, neutral, favor, articles, (favor - against) / count, low, high)


def means_apart(a: Sides3, b: Sides3) -> Difference:
    """The difference of two mean stances.

    A bootstrap of stances that are all the same could draw nothing else: then there is no interval.
    """
    left, right = mean_of(a), mean_of(b)
    if left.mean is None or right.mean is None:
        return _UNKNOWN
    value = right.mean - left.mean
    if _is_constant(a) or _is_constant(b):
        return Difference(value, None, None, Method.NONE)
    low, high = _between(np.subtract(_resampled(_units(b), _side, 1), _resampled(_units(a), _side, 0)))
    grouped = left.articles > 1 and right.articles > 1
    return Difference(value, low, high, Method.BOOTSTRAP_ARTICLES if grouped else Method.BOOTSTRAP_STANCES)


def _wilson(p: float, n: float) -> tuple[float, float]:
    """The score interval of a share (Wilson, 1927)."""
    centre = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return min(p, max(0.0, centre - half)), max(p, min(1.0, centre + half))


def _design_effect(counts: Counts) -> float:
    """By how much the variance of a share exceeds that of as many unrelated sentences; at least 1."""
    articles, of = sum(n for (_, each), n in counts.items() if each), _total(counts, 1)
    p = _total(counts, 0) / of
    if articles < 2 or not 0 < p < 1:
        return 1.0
    spread = sum(n * (count - each * p) ** 2 for (count, each), n in counts.items())
    return max(1.0, articles / (articles - 1) * spread / of**2 / (p * (1 - p) / of))


def _units(sides: Sides3) -> Sides3:
    """What is resampled: articles, or the stances of an only one."""
    if sum(sides.values()) > 1:
        return sides
    ((against, neutral, favor),) = sides
    single = {(1, 0, 0): against, (0, 1, 0): neutral, (0, 0, 1): favor}
    return {unit: count for unit, count in single.items() if count}


def _is_constant(sides: Sides3) -> bool:
    """Whether every unit has the same mean, so that resampling changes nothing."""
    return len({(favor - against) / (against + neutral + favor) for against, neutral, favor in _units(sides)}) == 1


def _resampled(
    units: Mapping[_Unit, int], statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]], seed: int
) -> NDArray[np.float64]:
    """The statistic of totals in resamples of units drawn with replacement; the same for the same units and seed.

    Units of equal numbers are drawn together: that is a multinomial distribution over the different ones.
    """
    rng = np.random.default_rng(seed)
    ordered = sorted(units)
    values = np.array(ordered, dtype=np.float64)
    many = np.array([units[unit] for unit in ordered], dtype=np.float64)
    drawn = []
    step = max(1, _AT_ONCE // len(ordered))
    for at in range(0, _RESAMPLES, step):
        size = min(step, _RESAMPLES - at)
        drawn.append(rng.multinomial(int(many.sum()), many / many.sum(), size=size) @ values)
    totals: NDArray[np.float64] = np.concatenate(drawn)
    return statistic(totals)


def _ratio(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    count, of = totals.T
    ratio: NDArray[np.float64] = np.divide(count, of, out=np.zeros_like(count), where=of > 0)
    return ratio


def _side(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    against, neutral, favor = totals.T
    mean: NDArray[np.float64] = (favor - against) / (against + neutral + favor)
    return mean


def _between(drawn: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def _total(counts: Mapping[_Unit, int], at: int) -> int:
    return sum(unit[at] * articles for unit, articles in counts.items())
