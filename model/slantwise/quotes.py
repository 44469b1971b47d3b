"""Quoted stretches of an article: which characters stand between quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

__all__ = ["Quote", "find_quotes"]

_MARK = re.compile(r"''|``|[\"＂“”„‟«»「」『』‘’‚‛'‹›]")
_SINGLE = frozenset("‘’‚‛'‹›")
_KINDS = ('"＂“”„‟', "'‘’‚‛", "«»", "‹›", "「」", "『』")
_FAMILIES = {mark: family for family, marks in enumerate(_KINDS) for mark in marks} | {"''": 0, "``": 0}
"""Marks that open and close each other; straight and curly ones are mixed up often enough."""
_OPENING = frozenset("“„‟«「『‘‚‛‹")
_TWO_WAYS = frozenset(["''", *'"＂”«»‹›'])
_BEFORE_OPENING = frozenset("([{<—–-‒―/\"“„«‘'`>|*_")
_ELISION = re.compile(r"(?:\d0s|\d\d(?![\d%])|n['’]|(?:em|til|tis|twas|cause|cos|bout|nuff|ere|neath)\b|T(?:is|was)\b)")
_AFTER_COLON = re.compile(r"(?:^|[:,—–])\s*$")
_STOP = re.compile(r"[.!?…]+[)\]]*(?=\s|$)")
_ENDED = re.compile(r"[.,!?…;]\W*$")
_WORD = re.compile(r"\w")
_SCARE_WORDS = 2
_TITLE_WORDS = 6
_NESTED = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted stretch, its marks included.

    `scare` tells one or two quoted words that are no utterance, or a title: not a quotation by itself.
    `continued` tells that the quotation before, left open at the end of its paragraph, goes on here.
    """

    start: int
    end: int
    scare: bool
    continued: bool = False


class _Role(Enum):
    OPENS = auto()
    CLOSES = auto()
    MAY_CLOSE = auto()
    """Stands where a closing mark would, but more often it is an inch, a minute or a plural's apostrophe."""
    EITHER = auto()
    """A straight mark alone between spaces."""
    NEITHER = auto()


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    family: int
    role: _Role
    single: bool


def find_quotes(text: str) -> tuple[Quote, ...]:
    """The quotations of a text in order, outermost only. Linear in the length of the text; never raises.

    A quotation ends at its closing mark. One still open where its paragraph (line) ends goes on in the next paragraph
    if that one begins with the same opening mark, the printers' rule for long quotations; otherwise the closing mark
    was forgotten and the quotation ends with its sentence, so that no more of the author's text is taken for it.
    Single marks count where they stand like quotation marks ('no comment', not '90s or the ministers' houses).
    """
    paragraphs = list(_paragraphs(text))
    quotes: list[Quote] = []
    open_family: int | None = None
    for (_, end, marks), following in pairwise([*paragraphs, None]):  # type: ignore[misc]
        goes_on = _first_family(text, following)
        found, open_family = _in_paragraph(text, end, marks, goes_on, open_family)
        quotes += found
    return tuple(quotes)


_Paragraph = tuple[int, int, Sequence[_Mark]]


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    """Each line that is not empty: its start and end without outer white space, and its marks."""
    at = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare:
            start = at + len(line) - len(line.lstrip())
            yield start, start + len(bare), [_mark(text, m) for m in _MARK.finditer(text, start, start + len(bare))]
        at += len(line)


def _first_family(text: str, paragraph: _Paragraph | None) -> int | None:
    """The family of the opening mark that a paragraph begins with."""
    if paragraph is None or not paragraph[2]:
        return None
    first = paragraph[2][0]
    return first.family if first.start == paragraph[0] and first.role is _Role.OPENS else None


def _mark(text: str, match: re.Match[str]) -> _Mark:
    surface, start, end = match.group(), *match.span()
    before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
    return _Mark(start, end, _FAMILIES[surface], _role(text, surface, match.span(), before, after), surface in _SINGLE)


def _role(text: str, surface: str, span: tuple[int, int], before: str, after: str) -> _Role:
    start, end = span
    if surface == "``":
        return _Role.OPENS
    free_before, free_after = before.isspace() or before in _BEFORE_OPENING, after.isspace()
    if surface in _SINGLE and surface not in "‹›":
        if _ELISION.match(text, end) and not (after.isdigit() and _AFTER_COLON.search(text[max(0, start - 3) : start])):
            return _Role.NEITHER
        if surface in "‘‚‛":
            return _Role.NEITHER if free_after or _is_letter(before) else _Role.OPENS
        if _WORD.match(after):
            return _Role.OPENS if surface == "'" and free_before else _Role.NEITHER
        if surface == "'" and free_before and not free_after and (before.isspace() or after in '"“£$€'):
            return _Role.OPENS
        return _Role.NEITHER if before.isspace() else _closing(text, start, end)
    if surface in _TWO_WAYS:
        if before.isspace() and free_after:
            return _Role.EITHER
        if free_before and not free_after and (before.isspace() or _WORD.match(after) or after in "'‘“[("):
            return _Role.OPENS
        return _closing(text, start, end)
    if surface == "“" and not free_before and (free_after or after in ".,;:!?)"):
        return _Role.CLOSES
    return _Role.OPENS if surface in _OPENING else _Role.CLOSES


def _closing(text: str, start: int, end: int) -> _Role:
    """A mark after a figure, or a single one after an s, that a word follows may well be no quotation mark."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if len(after) == 2 and after[0].isspace() and _WORD.match(after[1]):
        single = text[start] in _SINGLE
        if before[-1:].isdigit() or (single and (before[-1:] in "sS" or before == "in")):
            return _Role.MAY_CLOSE
    if before[-1:].isdigit() and text[start] == "'" and after[:1].isdigit():
        return _Role.NEITHER
    return _Role.CLOSES


def _is_letter(character: str) -> bool:
    return bool(_WORD.match(character))


def _in_paragraph(
    text: str, end: int, marks: Sequence[_Mark], goes_on: int | None, open_family: int | None
) -> tuple[list[Quote], int | None]:
    """The quotations of one paragraph, and the family of the one that goes on in the next."""
    found: list[Quote] = []
    at = 0
    while at < len(marks):
        mark, continued = marks[at], at == 0 and open_family is not None
        at += 1
        if mark.role not in (_Role.OPENS, _Role.EITHER):
            continue
        closing = _closer(marks, at, mark.family)
        short = closing is not None and _is_scare(text[mark.end : marks[closing].start])
        if mark.family == goes_on and (closing is None or (marks[closing].role is _Role.MAY_CLOSE and not short)):
            return [*found, Quote(mark.start, end, False, continued)], goes_on
        if closing is not None:
            inside = text[mark.end : marks[closing].start]
            if _WORD.search(inside):
                found.append(Quote(mark.start, marks[closing].end, short, continued))
            at = closing + 1
        elif mark.role is _Role.OPENS and (continued or not mark.single):
            # the closing mark was forgotten
            limit = marks[at].start if at < len(marks) and not marks[at].single else end
            stop = _STOP.search(text, mark.end, limit)
            stopped = stop.end() if stop else mark.start + len(text[mark.start : limit].rstrip())
            if _WORD.search(text, mark.end, stopped):
                found.append(Quote(mark.start, stopped, _is_scare(text[mark.end : stopped]), continued))
            while at < len(marks) and marks[at].start < stopped:
                at += 1
    return found, None


def _closer(marks: Sequence[_Mark], at: int, family: int) -> int | None:
    """The index of the mark that closes a quotation; marks of other families are passed over."""
    depth, doubtful = 1, None
    for index in range(at, len(marks)):
        mark = marks[index]
        if mark.family != family or mark.role is _Role.NEITHER:
            continue
        if mark.role is _Role.OPENS:
            if doubtful is not None:
                return doubtful
            depth += 1
            if depth == _NESTED:
                return None
        elif mark.role is _Role.MAY_CLOSE:
            doubtful = index if doubtful is None and depth == 1 else doubtful
        else:
            depth -= 1
            if depth == 0:
                return index
    return doubtful


def _is_scare(inside: str) -> bool:
    words = inside.split()
    ended = bool(_ENDED.search(inside))
    if len(words) <= _SCARE_WORDS:
        # American printers put the sentence's own comma inside: a "no," is said, the stock is a "sell,"
        return not ended or inside[:1].islower()
    longer = [word for word in words if len(word) > 3]
    return not ended and 0 < len(longer) and len(words) <= _TITLE_WORDS and all(word[0].isupper() for word in longer)
