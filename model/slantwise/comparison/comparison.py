"""Two sides, row by row: shares, kinds of sources, stances towards the targets they share, strongest sentences."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from slantwise.comparison.differences import (
    Difference,
    Mean,
    Proportion,
    mean_of,
    means_apart,
    proportion_of,
    ratio_of,
    ratios_apart,
    shares_apart,
)
from slantwise.comparison.sides import Holder, Measure, Side
from slantwise.labels import SourceKind
from slantwise.score import AUTHOR

__all__ = ["Comparison", "ShareRow", "StanceRow", "compare"]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One share on both sides; `difference` is B less A."""

    key: str
    a: Proportion
    b: Proportion
    difference: Difference


@dataclass(frozen=True, slots=True)
class StanceRow:
    """The stance of one holder towards one target that both sides take stances on.

    `holder` is a name, `AUTHOR`, or `SOURCES` for all sources together.
    """

    target: str
    holder: str
    is_named: bool
    a: Mean
    b: Mean
    unsure: tuple[int, int]
    difference: Difference

    @property
    def is_taken(self) -> bool:
        """Whether either side has a stance for or against."""
        return any(mean.against or mean.favor for mean in (self.a, self.b))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides with their differences, B less A. `only` holds targets of one side alone, the most mentioned first."""

    a: Side
    b: Side
    words: ShareRow
    shares: tuple[ShareRow, ...]
    kinds: tuple[ShareRow, ...]
    stances: tuple[StanceRow, ...]
    only: tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]

    @property
    def is_of_one_model(self) -> bool:
        """Whether one model scored both sides; if not, the model may be what differs."""
        return len({*self.a.models, *self.b.models}) <= 1


def compare(a: Side, b: Side) -> Comparison:
    """Compare two sides.

    A target is shared where both sides have the name; or one side's name is the alias of just one target of either.
    """
    same = _Names(a, b)
    return Comparison(
        a,
        b,
        ShareRow("sources.words", ratio_of(a.spoken), ratio_of(b.spoken), ratios_apart(a.spoken, b.spoken)),
        tuple(_share(measure, a.shares[measure], b.shares[measure]) for measure in Measure),
        tuple(_kinds(a, b)),
        tuple(_stances(a, b, same)),
        (tuple(_only(a, b, same)), tuple(_only(b, a, same))),
    )


class _Names:
    """Which target a name stands for, over both sides."""

    def __init__(self, a: Side, b: Side) -> None:
        owners: defaultdict[str, set[str]] = defaultdict(set)
        self._written: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for side in (a, b):
            for alias, names in side.aliases.items():
                owners[alias] |= names
            for key, written in side.names.items():
                self._written[key].update(written)
        self._full = {alias: min(names) for alias, names in owners.items() if len(names - {alias}) == 1 == len(names)}

    def of(self, key: str) -> str:
        """The key of the target a name is an alias of, where that is one only; else the name's own."""
        return self._full.get(key, key)

    def written(self, key: str) -> str:
        """The name as it is mostly written."""
        return max(self._written[key].items(), key=lambda row: (row[1], row[0]))[0]


def _share(key: str, a: Mapping[tuple[int, int], int], b: Mapping[tuple[int, int], int]) -> ShareRow:
    left, right = proportion_of(a), proportion_of(b)
    return ShareRow(str(key), left, right, shares_apart(left, right))


def _kinds(a: Side, b: Side) -> Iterator[ShareRow]:
    for kind in SourceKind:
        row = _share(kind, a.kinds[kind], b.kinds[kind])
        if row.a.count or row.b.count:
            yield row


def _stances(a: Side, b: Side, names: _Names) -> Iterator[StanceRow]:
    """Rows by target, the ones with most stances on the side with fewer first; the author's before the sources'."""
    left, right = _by_name(a, names), _by_name(b, names)
    unsure = _unsure(a, names), _unsure(b, names)
    shared = sorted(left.keys() & right.keys(), key=lambda place: (place[1].is_named, place[1].key != AUTHOR, place))
    rows = [
        StanceRow(
            names.written(target),
            names.written(holder.key) if holder.is_named else holder.key,
            holder.is_named,
            mean_of(left[target, holder]),
            mean_of(right[target, holder]),
            (unsure[0][target, holder], unsure[1][target, holder]),
            means_apart(left[target, holder], right[target, holder]),
        )
        for target, holder in shared
    ]
    weight: Counter[str] = Counter()
    for row in rows:
        if not row.is_named:
            weight[row.target] += min(_count(row.a), _count(row.b))
    yield from sorted(rows, key=lambda row: (-weight[row.target], row.target))


def _by_name(side: Side, names: _Names) -> dict[tuple[str, Holder], Counter[tuple[int, int, int]]]:
    found: defaultdict[tuple[str, Holder], Counter[tuple[int, int, int]]] = defaultdict(Counter)
    for (target, holder), sides in side.stances.items():
        found[names.of(target), _named(holder, names)].update(sides)
    return found


def _unsure(side: Side, names: _Names) -> Counter[tuple[str, Holder]]:
    found: Counter[tuple[str, Holder]] = Counter()
    for (target, holder), count in side.unsure.items():
        found[names.of(target), _named(holder, names)] += count
    return found


def _named(holder: Holder, names: _Names) -> Holder:
    return Holder(names.of(holder.key), is_named=True) if holder.is_named else holder


def _only(side: Side, other: Side, names: _Names) -> Iterator[tuple[str, int]]:
    theirs = {names.of(key) for key in other.mentions}
    mine: Counter[str] = Counter()
    for key, count in side.mentions.items():
        mine[names.of(key)] += count
    for key, count in sorted(mine.items(), key=lambda row: (-row[1], row[0])):
        if key not in theirs:
            yield names.written(key), count


def _count(mean: Mean) -> int:
    return mean.against + mean.neutral + mean.favor
