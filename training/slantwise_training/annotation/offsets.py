"""Offsets in UTF-16 code units, which browsers count in, and in Unicode code points, which our records count in."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from slantwise.errors import BadSpan
from slantwise.fields import shown

__all__ = ["Utf16", "locate"]

_NEAR = 8
"""A surface is looked for this many characters around its stated offset, and by as many more as counts can differ."""


class Utf16:
    """One text's offsets, converted both ways. Characters beyond U+FFFF (emoji) are two units and one code point."""

    def __init__(self, text: str) -> None:
        self.length = len(text)
        self._starts: list[int] | None = None
        if not text.isascii() and max(text) > "\uffff":
            self._starts = list(accumulate((1 + (character > "\uffff") for character in text), initial=0))

    def units(self, point: int) -> int:
        """The offset in UTF-16 units of a code point offset from 0 to the text's length."""
        return point if self._starts is None else self._starts[point]

    def points(self, unit: int) -> int | None:
        """The offset in code points; None beyond the text or between the two units of a character."""
        if self._starts is None:
            return unit if unit <= self.length else None
        point = bisect_left(self._starts, unit)
        return point if point <= self.length and self._starts[point] == unit else None


def locate(text: str, start: int, end: int, surface: str | None, field: str) -> tuple[int, int]:
    """Where a span that a browser-based tool marked lies, in code points.

    The offsets are taken as UTF-16 units. Where the surface then does not match they are taken as code points, and
    last the surface is looked for close by and accepted if it occurs there once.

    Args:
        text: the sentence.
        start: the stated start.
        end: the stated end, exclusive.
        surface: the marked text as the tool repeats it; None where the tool does not, and nothing can be repaired.
        field: where the span stands in its row.

    Raises:
        BadSpan: the span cannot be verified.

    """
    offsets = Utf16(text)
    first, last = offsets.points(start), offsets.points(end)
    if first is not None and last is not None and first < last and surface in (None, text[first:last]):
        return first, last
    if surface is None:
        expected = f"offsets in UTF-16 units within a text of {offsets.units(offsets.length)}, start < end"
        raise BadSpan(field, expected, f"{start}..{end}")
    if surface and text[start:end] == surface:
        return start, end
    places = _occurrences(text, start, surface, _NEAR + offsets.units(offsets.length) - len(text) + text.count("\r\n"))
    if len(places) != 1:
        found = f"it {len(places)} times near there" if places else "another text"
        raise BadSpan(field, f"{shown(surface)} at {start}..{end} in UTF-16 units", found)
    return places[0], places[0] + len(surface)


def _occurrences(text: str, start: int, surface: str, reach: int) -> list[int]:
    """All places, overlapping ones too, at most `reach` from `start`; an empty surface is nowhere."""
    places: list[int] = []
    place = text.find(surface, max(0, start - reach)) if surface else -1
    while 0 <= place <= start + reach:
        places.append(place)
        place = text.find(surface, place + 1)
    return places
