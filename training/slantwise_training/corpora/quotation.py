"""Direct, mixed or indirect: how a content span is given, told from the quote marks in it and right around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from slantwise.labels import Quotation

__all__ = ["quotation_of"]

AT_A_START = r"(?<![^\s(\[—–-])"
OPENS = re.compile(rf"“|{AT_A_START}(?:''|\")(?=\S)|{AT_A_START}[‘'”](?=\w)")
CLOSES = {
    **{mark: re.compile("”") for mark in "“”"},
    **{mark: re.compile(rf"(?<=\S){mark}") for mark in ('"', "''")},
    "‘": re.compile(r"’(?!\w)"),
    "'": re.compile(r"(?<=\S)'(?!\w)"),
}
CLOSED_BEFORE_OPENED = re.compile(r"[^“]*?(?<=\S)”")
MARK_BEFORE = re.compile(r"(?:''|[“\"‘'])\Z")
MARK_AFTER = re.compile(r"[.,;?!]?(?:''|[”\"’'])")
LETTER = re.compile(r"\w")


def quotation_of(text: str, pieces: Sequence[tuple[int, int]]) -> Quotation:
    """How the content in these stretches of the text is given.

    Direct: every word stands in quotation marks. Mixed: some do. Indirect: none. Curly and straight marks count,
    doubled single ones too, and single ones where they open at a word's start and close at one's end. A mark that
    is never closed runs to the content's end, as in quotations of several paragraphs, which open each but close the
    last alone.
    """
    start, end = pieces[0][0], pieces[-1][1]
    before, after = MARK_BEFORE.search(text[:start]), MARK_AFTER.match(text, end)
    surface = " ".join(text[first:last] for first, last in pieces)
    surface = (before[0] if before else "") + surface + (after[0] if after else "")
    quoted = _quoted(surface)
    inside = [quoted[match.start()] for match in LETTER.finditer(surface)]
    if inside and all(inside):
        return Quotation.DIRECT
    return Quotation.MIXED if any(inside) else Quotation.INDIRECT


def _quoted(surface: str) -> list[bool]:
    """For each character, whether it stands in a quotation."""
    quoted = [False] * len(surface)
    at = 0
    dangling = CLOSED_BEFORE_OPENED.match(surface)
    if dangling:
        quoted[: dangling.end()] = [True] * dangling.end()
        at = dangling.end()
    while opening := OPENS.search(surface, at):
        closing = CLOSES[opening[0]].search(surface, opening.end())
        if closing is None and opening[0] in "‘'":
            at = opening.end()  # an apostrophe
            continue
        at = closing.end() if closing else len(surface)
        quoted[opening.start() : at] = [True] * (at - opening.start())
    return quoted
