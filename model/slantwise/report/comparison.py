"""A comparison as one HTML file: both sides in columns, their differences beside them. It runs no script at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slantwise.comparison.comparison import Comparison, ShareRow, StanceRow
from slantwise.comparison.differences import Difference, Mean, Proportion
from slantwise.comparison.sides import Side
from slantwise.comparison.wording import LENSES, holder_name, measure_name, method_note, signed
from slantwise.report.rendering import environment, policy, resource, trusted
from slantwise.report.wording import percent, printable

__all__ = ["comparison_report"]

_MOST_STANCES = 120
_MOST_ONLY = 24
_STYLES = {"hedged": "hedge", "loaded": "loaded", "against": "against", "favor": "favor"}


@dataclass(frozen=True, slots=True)
class _Plot:
    """A number with its interval, placed from 0 to 100; `at` is None where there is nothing to show."""

    told: str
    at: float | None = None
    low: float = 0.0
    high: float = 0.0
    is_clear: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table: both sides and the difference. `target` is set in the first row of each target."""

    name: str
    a: _Plot
    b: _Plot
    difference: _Plot
    target: str | None = None
    rows: int = 1


@dataclass(frozen=True, slots=True)
class _Column:
    """One side's own column."""

    letter: str
    side: Side
    strongest: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...]
    only: tuple[tuple[str, int], ...]
    more: int


def comparison_report(comparison: Comparison) -> str:
    """The comparison as one self-contained HTML page.

    Whatever comes from articles and file names is escaped. A Content-Security-Policy allows the page's own style by its
    hash and nothing else. Where rows are left out, the page says how many.
    """
    style = resource("article.css") + resource("comparison.css")
    taken = [row for row in comparison.stances if row.is_taken]
    untaken = [row for row in comparison.stances if not row.is_taken]
    page: str = (
        environment()
        .get_template("comparison.html")
        .render(
            a=comparison.a,
            b=comparison.b,
            shares=[_share(measure_name(row.key), row) for row in (comparison.words, *comparison.shares)],
            kinds=[_share(row.key, row) for row in comparison.kinds],
            taken=list(_stances(taken[:_MOST_STANCES])),
            untaken=list(_stances(untaken[:_MOST_STANCES])),
            more={"taken": len(taken[_MOST_STANCES:]), "untaken": len(untaken[_MOST_STANCES:])},
            neutral=len(untaken),
            columns=[
                _column(letter, side, only)
                for letter, side, only in zip("AB", (comparison.a, comparison.b), comparison.only, strict=True)
            ],
            one_model=comparison.is_of_one_model,
            models=sorted({*comparison.a.models, *comparison.b.models}, key=lambda model: (model.name, model.sha256)),
            note=method_note(comparison),
            style=trusted(style),
            policy=policy(style),
        )
    )
    return page


def _share(name: str, row: ShareRow) -> _Row:
    return _Row(name, _proportion(row.a), _proportion(row.b), _apart(row.difference, 100))


def _proportion(share: Proportion) -> _Plot:
    if share.share is None:
        return _Plot("nothing to count")
    told = f"{share.count} of {share.of}: {percent(share.share)}"
    if share.low is None or share.high is None:
        return _Plot(told, 100 * share.share, 100 * share.share, 100 * share.share)
    low, high = 100 * share.low, 100 * share.high
    return _Plot(f"{told} [{low:.0f}, {high:.0f}]", 100 * share.share, low, high)


def _apart(difference: Difference, scale: float) -> _Plot:
    """A difference in points (`scale` 100) or of means; both run over the whole width of what can be."""
    if difference.value is None:
        return _Plot("–")
    width = 100 if scale == 100 else 2
    numbers = [n for n in (difference.value, difference.low, difference.high) if n is not None]
    told = [_number(scale * n, 0 if scale == 100 else 2) for n in numbers]
    places = [50 + 50 * scale * n / width for n in numbers]
    if len(numbers) < 3:
        return _Plot(f"{told[0]}, no interval", places[0], places[0], places[0])
    return _Plot(f"{told[0]} [{told[1]}, {told[2]}]", places[0], places[1], places[2], difference.is_clear)


def _number(number: float, digits: int) -> str:
    told = f"{number:+.{digits}f}"
    return ("0" if float(told) == 0 else told).replace("-", "−")


def _stances(rows: Sequence[StanceRow]) -> Iterator[_Row]:
    """The rows of each target, the first with the target's name over all of them."""
    at = 0
    while at < len(rows):
        same = [row for row in rows[at:] if row.target == rows[at].target]
        for i, row in enumerate(same):
            target = printable(row.target) if i == 0 else None
            name = printable(holder_name(row))
            yield _Row(name, _mean(row.a), _mean(row.b), _apart(row.difference, 1), target, len(same))
        at += len(same)


def _mean(mean: Mean) -> _Plot:
    if mean.mean is None:
        return _Plot("–")
    told = f"{signed(mean.mean)}: {mean.against} against, {mean.neutral} neutral, {mean.favor} for".replace("-", "−")
    low, high = (mean.mean if end is None else end for end in (mean.low, mean.high))
    return _Plot(told, 50 * (mean.mean + 1), 50 * (low + 1), 50 * (high + 1))


def _column(letter: str, side: Side, only: tuple[tuple[str, int], ...]) -> _Column:
    strongest = tuple(
        (
            LENSES[lens].capitalize() if lens in ("against", "favor") else f"Most {lens}",
            _STYLES[lens],
            tuple(
                (" ".join(printable(s.text).split()), percent(s.p), f"{printable(s.article)}, sentence {s.index + 1}")
                for s in rows
            ),
        )
        for lens, rows in side.strongest().items()
    )
    named = tuple((printable(name), count) for name, count in only[:_MOST_ONLY])
    return _Column(letter, side, strongest, named, len(only) - len(named))
