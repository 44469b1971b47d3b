"""The terminal view of a comparison: rows of both sides, and their differences with intervals."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from slantwise.cli.options import plain
from slantwise.cli.terminal import result_console
from slantwise.comparison import Comparison, ShareRow, Side, StanceRow
from slantwise.comparison.differences import Difference, Mean, Method, Proportion
from slantwise.comparison.wording import LENSES, holder_name, measure_name, method_note, signed

__all__ = ["render", "show"]

_WIDTH = 110
_STANCES = 20
_ONLY = 6
_TEXT = 92


def show(comparison: Comparison) -> None:
    """Print the view to stdout, in colour on a terminal only."""
    result_console(_WIDTH).print(render(comparison))


def render(comparison: Comparison) -> RenderableType:
    """The whole view. Control characters of names and sentences are shown as �."""
    parts: list[RenderableType] = [_sides(comparison), Text("Shares", style="bold"), _shares(comparison)]
    if comparison.kinds:
        parts += [Text("Kinds of sources, of all attributions", style="bold"), _kinds(comparison)]
    if any(row.is_taken for row in comparison.stances):
        parts += [Text("Stance towards targets of both, -1 against to 1 for", style="bold"), _stances(comparison)]
    parts.append(_only(comparison))
    for letter, side in (("A", comparison.a), ("B", comparison.b)):
        if lines := list(_strongest(side)):
            parts += [Text(f"Strongest in {letter}", style="bold"), Padding(Group(*lines), (0, 0, 1, 2))]
    parts.append(Text(method_note(comparison), style="dim"))
    return Group(*parts)


def _sides(comparison: Comparison) -> RenderableType:
    table = _table(("", False), ("", False), ("articles", True), ("sentences", True), ("words", True))
    for letter, side in (("A", comparison.a), ("B", comparison.b)):
        table.add_row(letter, Text(_clean(side.name)), str(side.articles), str(side.sentences), str(side.words))
    return table


def _shares(comparison: Comparison) -> RenderableType:
    return _rows([(measure_name(row.key), row) for row in (comparison.words, *comparison.shares)])


def _kinds(comparison: Comparison) -> RenderableType:
    return _rows([(row.key, row) for row in comparison.kinds])


def _rows(rows: list[tuple[str, ShareRow]]) -> RenderableType:
    table = _table(("", False), ("A", True), ("B", True), ("B - A [95 %]", True))
    for name, row in rows:
        table.add_row(name, _share(row.a), _share(row.b), _points(row.difference))
    return Padding(table, (0, 0, 0, 2))


def _stances(comparison: Comparison) -> RenderableType:
    table = _table(("target", False), ("holder", False), ("A", True), ("B", True), ("B - A [95 %]", True))
    taken = [row for row in comparison.stances if row.is_taken]
    for row in taken[:_STANCES]:
        target, holder = Text(_short(row.target, 26)), Text(_short(holder_name(row), 20))
        table.add_row(target, holder, _mean(row.a), _mean(row.b), _sides_apart(row))
    lines: list[RenderableType] = [table]
    if more := len(comparison.stances) - len(taken[:_STANCES]):
        neutral = len(comparison.stances) - len(taken)
        lines.append(Text(f"{more} more rows, {neutral} of them without a side taken: --json has all", style="dim"))
    return Padding(Group(*lines), (0, 0, 1, 2))


def _only(comparison: Comparison) -> RenderableType:
    lines = []
    for letter, rows in zip("AB", comparison.only, strict=True):
        named = ", ".join(f"{_clean(name)} ({count})" for name, count in rows[:_ONLY]) or "none"
        more = f" and {len(rows) - _ONLY} more" if len(rows) > _ONLY else ""
        lines.append(Text(f"Targets of {letter} alone, with mentions: {named}{more}"))
    return Padding(Group(*lines), (0, 0, 1, 0))


def _strongest(side: Side) -> list[Text]:
    return [
        Text.assemble((f"{LENSES[lens]:<9}", "dim"), f"{strong.p:>4.0%}  ", _short(strong.text, _TEXT))
        for lens, rows in side.strongest().items()
        for strong in rows
    ]


def _table(*headings: tuple[str, bool]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for heading, is_number in headings:
        table.add_column(heading, justify="right" if is_number else "left")
    return table


def _share(share: Proportion) -> str:
    if share.share is None:
        return "-"
    between = "" if share.low is None or share.high is None else f" [{100 * share.low:.0f}, {100 * share.high:.0f}]"
    return f"{share.count} of {share.of}: {share.share:.0%}{between}"


def _mean(mean: Mean) -> str:
    return f"{signed(mean.mean)} ({mean.against}/{mean.neutral}/{mean.favor})"


def _points(difference: Difference) -> Text:
    if difference.value is None:
        return Text("-")
    between = "no interval"
    if difference.low is not None and difference.high is not None:
        between = f"[{100 * difference.low:+.1f}, {100 * difference.high:+.1f}]"
    return _marked(f"{100 * difference.value:+.1f} {between}", difference)


def _sides_apart(row: StanceRow) -> Text:
    difference = row.difference
    if difference.method is Method.NONE:
        return Text(f"{signed(difference.value)} no interval")
    return _marked(f"{signed(difference.value)} [{signed(difference.low)}, {signed(difference.high)}]", difference)


def _marked(told: str, difference: Difference) -> Text:
    """A star where the interval leaves out 0, for those who see no bold type."""
    return Text(f"{told} *", style="bold") if difference.is_clear else Text(f"{told}  ")


def _short(text: str, width: int) -> str:
    text = _clean(text)
    return text if len(text) <= width else text[: width - 1] + "…"


def _clean(text: str) -> str:
    return " ".join(plain(text).split())
