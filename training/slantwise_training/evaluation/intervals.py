"""95 % intervals and tests: bootstrap over whole documents, paired bootstrap, McNemar.

Sentences of one article are alike, so the document is what gets resampled; resampling sentences would print intervals
that are too narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import SlantwiseError
from slantwise_training.evaluation.counts import Counts

__all__ = ["Difference", "Interval", "McNemar", "difference", "interval", "intervals", "mcnemar", "resampled_weights"]

C = TypeVar("C", bound=Counts)

_TAILS = (0.025, 0.975)
_CHUNK = 100
"""Resamples drawn at a time; part of what a seed means, since numbers are drawn chunk by chunk."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A metric on all groups, and its 95 % percentile bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """First model minus second, its 95 % interval, and the two-sided bootstrap p-value of no difference."""

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class McNemar:
    """McNemar's test on items that exactly one of two models got right: two-sided exact and mid-p values."""

    only_first: int
    only_second: int
    exact: float
    mid_p: float


def interval(per_group: Sequence[C], metric: Callable[[C], float], *, resamples: int = 1000, seed: int = 0) -> Interval:
    """A metric with its 95 % interval, from counts per group (document).

    Raises:
        SlantwiseError: there is no group.

    """
    return intervals(per_group, {"metric": metric}, resamples=resamples, seed=seed)["metric"]


def intervals(
    per_group: Sequence[C], metrics: Mapping[str, Callable[[C], float]], *, resamples: int = 1000, seed: int = 0
) -> dict[str, Interval]:
    """Several metrics of the same counts, each as `interval` gives it, from one set of resamples.

    Raises:
        SlantwiseError: there is no group.

    """
    whole = _sum(per_group)
    drawn: dict[str, list[float]] = {name: [] for name in metrics}
    for vector in _resampled(_matrix(per_group), resamples, seed):
        counts = whole.with_vector(vector)
        for name, metric in metrics.items():
            drawn[name].append(metric(counts))
    return {name: Interval(metric(whole), *_ends(drawn[name])) for name, metric in metrics.items()}


def difference(
    first: Sequence[C], second: Sequence[C], metric: Callable[[C], float], *, resamples: int = 1000, seed: int = 0
) -> Difference:
    """Paired bootstrap: two models over the same groups, both resampled together.

    Args:
        first: the first model's counts per group.
        second: the second model's, of the same groups in the same order.
        metric: what to compare.
        resamples: bootstrap samples.
        seed: of the random numbers.

    Raises:
        SlantwiseError: there is no group, or the two have different numbers of groups.

    """
    if len(first) != len(second):
        raise SlantwiseError(
            "the same groups from both models",
            f"{len(first)} and {len(second)}",
            "evaluate both models on the same records",
        )
    one, two = _sum(first), _sum(second)
    cut = len(one.to_vector())
    drawn = [
        metric(one.with_vector(vector[:cut])) - metric(two.with_vector(vector[cut:]))
        for vector in _resampled(np.hstack([_matrix(first), _matrix(second)]), resamples, seed)
    ]
    # one is added above and below, so that p is never 0 on a finite number of resamples (Davison and Hinkley, 1997)
    rarer = min(sum(d <= 0 for d in drawn), sum(d >= 0 for d in drawn))
    p = min(1.0, 2 * (rarer + 1) / (len(drawn) + 1))
    return Difference(metric(one) - metric(two), *_ends(drawn), p)


def mcnemar(only_first: int, only_second: int) -> McNemar:
    """McNemar's test, exact and mid-p (Fagerland et al., 2013), from the discordant pairs.

    Args:
        only_first: items that the first model got right and the second wrong.
        only_second: the reverse.

    """
    if only_first == only_second == 0:
        return McNemar(0, 0, 1.0, 1.0)
    n, fewer = only_first + only_second, min(only_first, only_second)
    ways = tail = 1
    for k in range(1, fewer + 1):
        ways = ways * (n - k + 1) // k
        tail += ways
    # whole numbers until the last division: no rounding, and no underflow however many pairs there are
    exact = min(1.0, 2 * tail / 2**n)
    mid_p = 1 - ways / 2 ** (n + 1) if only_first == only_second else (2 * tail - ways) / 2**n
    return McNemar(only_first, only_second, exact, mid_p)


def _sum(per_group: Sequence[C]) -> C:
    if not per_group:
        raise SlantwiseError("counts of at least one document", "none", "evaluate on a set that is not empty")
    return per_group[0].with_vector(_matrix(per_group).sum(axis=0))


def _matrix(per_group: Sequence[C]) -> NDArray[np.float64]:
    return np.stack([counts.to_vector() for counts in per_group])


def _resampled(matrix: NDArray[np.float64], resamples: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """Sums over resampled rows: how often each row was drawn, times the rows, as one product per chunk."""
    for weights in resampled_weights(len(matrix), resamples, seed):
        yield from weights.astype(np.float64) @ matrix


def resampled_weights(n: int, resamples: int, seed: int) -> Iterator[NDArray[np.intp]]:
    """Yield how often each of n groups is drawn in each resample, chunk by chunk, shape (resamples of a chunk, n).

    Raises:
        SlantwiseError: no resample is asked for.

    """
    if resamples < 1:
        raise SlantwiseError("at least one bootstrap resample", str(resamples), "ask for 1000")
    rng = np.random.default_rng(seed)
    for done in range(0, resamples, _CHUNK):
        size = min(_CHUNK, resamples - done)
        drawn = rng.integers(0, n, size=(size, n)) + n * np.arange(size)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)


def _ends(drawn: Sequence[float]) -> tuple[float, float]:
    low, high = np.quantile(drawn, _TAILS)
    return float(low), float(high)
