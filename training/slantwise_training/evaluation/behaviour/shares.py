"""Shares and shifts over few clusters: intervals and tests that hold for a dozen templates.

Sentences from one template or document are alike, so the cluster is what counts. A share has a percentile interval from
whole clusters drawn again; where all clusters have one share, which no resampling could doubt, or one answer each,
Wilson's interval over the number of clusters. A shift has a t interval and test over the clusters' means (few clusters
make a bootstrap too sure of itself: Cameron, Gelbach and Miller, 2008), and beside it the exact sign test.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from typing import Any

import numpy as np

__all__ = ["Share", "Shift", "holm", "share_of", "shift_of", "wilson"]

_Z = 1.959964
_RESAMPLES = 1000
_NOTHING = 1e-6
"""Probabilities are single precision: a smaller shift is none."""


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, in so many clusters, with its 95 % interval; an empty whole has no share."""

    count: int
    of: int
    clusters: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.count / self.of if self.of else None

    def to_json(self) -> dict[str, Any]:
        """The share's JSON object."""
        ends = (self.low, self.high) if self.of else (None, None)
        counts = {"count": self.count, "of": self.of, "clusters": self.clusters}
        return {**counts, "share": self.value, "low": ends[0], "high": ends[1]}


@dataclass(frozen=True, slots=True)
class Shift:
    """The mean over clusters of a difference, its 95 % t interval and p-value, and the exact sign test.

    `up` and `down` count clusters with a mean above and below nothing. Of fewer than two clusters there is no interval:
    it is as wide as can be, and p is 1.
    """

    mean: float
    low: float
    high: float
    p: float
    clusters: int
    up: int
    down: int
    sign_p: float

    def to_json(self) -> dict[str, Any]:
        """The shift's JSON object."""
        ends = {"mean": self.mean, "low": self.low, "high": self.high, "p": self.p}
        return {**ends, "clusters": self.clusters, "up": self.up, "down": self.down, "sign_p": self.sign_p}


def wilson(count: float, of: float) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927); of nothing, from 0 to 1."""
    if not of:
        return 0.0, 1.0
    p = count / of
    centre = (p + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    half = _Z * sqrt(p * (1 - p) / of + _Z**2 / (4 * of**2)) / (1 + _Z**2 / of)
    return max(0.0, centre - half), min(1.0, centre + half)


def share_of(answers: Iterable[tuple[Hashable, bool]], *, seed: int = 0) -> Share:
    """The share of true answers, each given with its cluster."""
    counts: dict[Hashable, list[int]] = {}
    for cluster, true in answers:
        row = counts.setdefault(cluster, [0, 0])
        row[0] += true
        row[1] += 1
    table = np.array(list(counts.values()), dtype=np.int64).reshape(-1, 2)
    count, of = (int(n) for n in table.sum(axis=0))
    if of == len(table) or (table[:, 0] * of == table[:, 1] * count).all():
        share = count / of if of else 0.0
        return Share(count, of, len(table), *wilson(share * len(table), len(table)))
    drawn = np.random.default_rng(seed).integers(0, len(table), size=(_RESAMPLES, len(table)))
    sums = table[drawn].sum(axis=1)
    low, high = np.quantile(sums[:, 0] / sums[:, 1], (0.025, 0.975))
    return Share(count, of, len(table), float(low), float(high))


def shift_of(differences: Mapping[Hashable, Sequence[float]], largest: float = 1.0) -> Shift:
    """The mean of the clusters' mean differences.

    Args:
        differences: by cluster; clusters without any do not count.
        largest: the largest difference there can be, which bounds the interval.

    """
    means = np.array([np.mean(values) for values in differences.values() if len(values)], dtype=np.float64)
    n = len(means)
    up, down = int((means > _NOTHING).sum()), int((means < -_NOTHING).sum())
    mean = float(means.mean()) if n else 0.0
    if n < 2:
        return Shift(mean, -largest, largest, 1.0, n, up, down, _sign_test(up, down))
    error = float(means.std(ddof=1)) / sqrt(n)
    if error < _NOTHING:
        # the same in every cluster: either nothing, or as sure as these clusters can be
        p = 1.0 if abs(mean) < _NOTHING else _sign_test(up, down)
        return Shift(mean, mean, mean, p, n, up, down, _sign_test(up, down))
    from scipy.stats import t

    half = float(t.ppf(0.975, n - 1)) * error
    p = float(2 * t.sf(abs(mean) / error, n - 1))
    low, high = max(-largest, mean - half), min(largest, mean + half)
    return Shift(mean, low, high, p, n, up, down, _sign_test(up, down))


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for their number (Holm, 1979), in the same order."""
    adjusted, running = [0.0] * len(p_values), 0.0
    for rank, at in enumerate(sorted(range(len(p_values)), key=lambda at: p_values[at])):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[at]))
        adjusted[at] = running
    return adjusted


def _sign_test(up: int, down: int) -> float:
    """Two-sided exact binomial test that up and down are as likely."""
    n, fewer = up + down, min(up, down)
    ways: int = 2 * sum(comb(n, k) for k in range(fewer + 1))
    all_ways: int = 2**n
    return min(1.0, ways / all_ways)
