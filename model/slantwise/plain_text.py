"""Text that cannot steer what shows it."""

from __future__ import annotations

__all__ = ["plain"]

_STAND_IN = "\N{REPLACEMENT CHARACTER}"
_STEERING = (*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNPRINTABLE = {code: _STAND_IN for code in _STEERING if chr(code) not in "\t\n"}


def plain(text: str) -> str:
    """The text with whatever could steer a terminal replaced, one for one: control characters and forced directions.

    Tabs and line feeds stay.
    """
    return text.translate(_UNPRINTABLE)
