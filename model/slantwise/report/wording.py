"""Text and numbers as the report prints them."""

from __future__ import annotations

__all__ = ["percent", "printable", "shortened"]

_STAND_IN = "\N{REPLACEMENT CHARACTER}"
_CONTROLS = (*range(32), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_PRINTABLE = {code: _STAND_IN for code in _CONTROLS if chr(code) not in "\t\n"} | {ord("\r"): " "}


def printable(text: str) -> str:
    """The text with what no HTML file may hold (control characters, lone surrogates) replaced, one for one.

    Zero-width and direction characters stay: many scripts need them, and the page isolates each stretch of text.
    """
    return text.translate(_PRINTABLE)


def shortened(name: str, width: int = 48) -> str:
    """A name on one line: without an apposition ("Voss, who runs the ministry"), and cut where it is too long."""
    name = " ".join(printable(name).split())
    head, _, rest = name.partition(", ")
    if head and rest[:1].islower():
        name = head
    return name if len(name) <= width else name[: width - 1].rstrip() + "…"


def percent(p: float) -> str:
    """A probability or share as a whole percentage, with "above" and "below" rather than a false 0 or 100."""
    if 0 < p < 0.005:
        return "below 1 %"
    if 0.995 <= p < 1:
        return "above 99 %"
    return f"{p:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
