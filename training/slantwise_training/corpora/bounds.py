"""Where a mention really begins and ends: stray punctuation and half words that corpora leave at its edges."""

from __future__ import annotations

__all__ = ["trimmed", "whole_words"]

PAIRS = {'"': '"', "“": "”", "‘": "’", "'": "'", "(": ")", "[": "]"}
OPENING = {closing: opening for opening, closing in PAIRS.items()}
LOOSE = frozenset("\\•*–—-,;:")


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Take white space, dashes, bullets, and quote marks and brackets without their partner off a mention's ends.

    A pair that encloses the whole mention goes too; one inside it stays ("Sen. Poe (R-Ohio)"), and so does an
    apostrophe that begins a word ("'m"). A mention of nothing but such characters is returned as it is.
    """
    first, last = start, end
    while first < last:
        inside = text[first:last]
        if inside[0].isspace() or inside[0] in LOOSE or _is_stray_start(inside):
            first += 1
        elif inside[-1].isspace() or inside[-1] in LOOSE or _is_stray_end(inside):
            last -= 1
        elif len(inside) > 1 and PAIRS.get(inside[0]) == inside[-1] and inside[0] not in inside[1:-1]:
            first, last = first + 1, last - 1
        else:
            return first, last
    return start, end


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a mention cut inside a word to the word's ends; an apostrophe at its own end goes instead."""
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while end - 1 > start and text[end - 1] in "'’‘":
        end -= 1
    return start, end


def _is_stray_start(mention: str) -> bool:
    mark, rest = mention[0], mention[1:]
    if mark in "'’" and rest[:1].islower():
        return False
    return (mark in PAIRS and PAIRS[mark] not in rest) or (mark in OPENING and mark not in PAIRS)


def _is_stray_end(mention: str) -> bool:
    mark, rest = mention[-1], mention[:-1]
    return (mark in OPENING and OPENING[mark] not in rest) or (mark in PAIRS and mark not in OPENING)
