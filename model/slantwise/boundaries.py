"""Where the sentences of one line start: the `sentencex` library, and rules for what it gets wrong on news.

The library never splits inside quotation marks, which hides most of a news article's spoken sentences. So it is given
the line with its quotation marks blanked out, character for character, and the marks are handed to the sentence they
belong to afterwards. The rules then take out wrong splits and add a few missed ones; docs/segmentation.md has what each
is worth. All offsets are code points, and the time is linear in the line's length.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import TypeAlias

__all__ = ["Splitter", "library_starts", "sentence_starts"]

Splitter: TypeAlias = Callable[[str], list[int]]
"""A line -> the offsets its sentences start at, in order; the first may be left out."""

_CLOSING = "\"'”’»"
_CLOSERS = _CLOSING + ")]"
_CLOSING_ONLY = "”»"
_STOPS = ".!?…。！？｡؟۔।॥‼⁇⁈⁉"
_WINDOW = 160
"""Characters that a rule may look at on either side of a split."""

_MARKS = re.compile(r"[\"“”„‟«»`]|(?<!\w)['‘’‚]|['‘’](?!\w)")
_ASIDE_END = re.compile(r"[.!?][\"'”’]*[)\]](?=\s+[\"'“‘(\[]*[A-Z0-9])")
_OPEN_BRACKET = re.compile(r"[(\[]")

_NEVER_FINAL = frozenset(
    "adm approx asst assn atty brig capt cmdr col cong cpl del det dist drs est ft gen gov hon incl insp lt maj messrs"
    " mlle mme mmes mon mr mrs ms msgr mt pfc pres prof pvt rep reps rev rte sen sens sgt sup supt vs wash".split()
)
"""Abbreviations that something must follow; the library's own list lacks some of them."""
_BEFORE_NUMBER = frozenset(
    "art arts approx c ca ch ed fig no nos p pp para rte sec vol"
    " jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_LAST_WORD = re.compile(r"(?:^|[\s(\[\"“‘'’/—–-])([^\W\d_]+)\.$")
_CLOCK = re.compile(r"\d\s?[ap]\.?m\.$", re.IGNORECASE)
_AFTER_CLOCK = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|IST)\b"
    r"|(?:Eastern|Central|Mountain|Pacific|Greenwich|Moscow|London|Paris)\b(?! \w+ed\b)"
)
_ONE_LETTER = re.compile(r"\b[^\W\d_]\.$")
_DASH = re.compile(r"[-–—―]")
_SPEAKER = re.compile(
    r"(?:the |a |an )?(?:[A-Z][\w.'’-]*,? ){1,6}(?:[a-z]+ ){0,2}?"
    r"(?:said|says|asked|asks|added|wrote|writes|told|tweeted|shouted|replied|continued|recalled|demanded|exclaimed|wondered)\b"
)


class _Likeness(dict[int, str]):
    """A translation table, filled as characters are met: each becomes one ASCII character that reads alike."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if code < 128:
            alike = character
        elif category in {"Zs", "Zl", "Zp", "Cc", "Cf"}:
            alike = " "
        elif category[0] == "L":
            alike = "E" if character.isupper() else "e"
        elif category[0] == "M":
            alike = "e"
        elif category[0] == "N":
            alike = "0"
        elif category == "Pd":
            alike = "-"
        else:
            # An ellipsis is no stop to the library, and on development text rightly so.
            alike = "." if character in _STOPS and character != "…" else "~"
        self[code] = alike
        return alike


_LIKENESS = _Likeness()


def sentence_starts(line: str, splitter: Splitter | None = None) -> list[int]:
    """The offsets where the sentences of `line` start, ascending; the first is the first visible character.

    Args:
        line: one line of text; a line of white space has no sentences.
        splitter: finds the starts in the line without its quotation marks (default: the library).

    """
    first = len(line) - len(line.lstrip())
    if first == len(line):
        return []
    plain = _MARKS.sub(" ", line)
    found = {_after_marks(line, plain, start) for start in (splitter or library_starts)(plain)}
    found.update(_after_asides(line))
    return [first, *(at for at in sorted(found) if first < at < len(line) and not _is_wrong(line, at))]


def library_starts(line: str) -> list[int]:
    """The sentence starts that the library finds by itself, in an ASCII likeness of the line.

    The library counts bytes in places and panics on, for one, a no-break space before an initial; it refuses unpaired
    surrogates. In ASCII neither can happen, and no English abbreviation is lost.
    """
    import sentencex

    found = sentencex.get_sentence_boundaries("en", line if line.isascii() else line.translate(_LIKENESS))
    return [int(boundary["start_index"]) for boundary in found]


def _after_marks(line: str, plain: str, start: int) -> int:
    """Move a start found in the plain line to where it belongs among the quotation marks before it."""
    at = start
    while at and plain[at - 1].isspace():
        at -= 1
    while at < len(line) and (line[at] in _CLOSING or (line[at] in "“‘" and line[at + 1 : at + 2].isspace())):
        at += 1
    while at < len(line) and (line[at].isspace() or line[at] in _CLOSING_ONLY):
        at += 1
    return at


def _after_asides(line: str) -> Iterator[int]:
    """Yield the starts after a bracket that is a sentence of its own, as in `None came. (None ever does.) He left.`."""
    brackets = [match.start() for match in _OPEN_BRACKET.finditer(line)]
    for match in _ASIDE_END.finditer(line):
        index = bisect_left(brackets, match.start()) - 1
        if index >= 0:
            before = line[max(0, brackets[index] - _WINDOW) : brackets[index]].rstrip()
            if not before or before[-1] in _STOPS + _CLOSING:
                gap = line[match.end() : match.end() + _WINDOW]
                yield match.end() + len(gap) - len(gap.lstrip())


def _is_wrong(line: str, at: int) -> bool:
    """Whether a split before `line[at]` should not be."""
    left, right = line[max(0, at - _WINDOW) : at], line[at : at + _WINDOW]
    before = left.rstrip()
    bare = before.rstrip(_CLOSERS)
    quoted = len(before) > len(before.rstrip(_CLOSING))
    if not bare or bare[-1] not in _STOPS:
        return True
    if right[0].islower() and right.split(maxsplit=1)[0].islower():
        return True
    if quoted and (_DASH.match(right) or (bare[-1] in "?!" and _SPEAKER.match(right))):
        return True
    return not quoted and _is_abbreviation(bare, right, glued=left == before)


def _is_abbreviation(before: str, right: str, glued: bool) -> bool:
    """Whether the stop that ends `before` belongs to an abbreviation which goes on in `right`."""
    if glued and _ONE_LETTER.search(before):
        return True
    if _CLOCK.search(before) and _AFTER_CLOCK.match(right):
        return True
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    last = word.group(1)
    if right[0].isdecimal() and last.lower() in _BEFORE_NUMBER:
        return True
    return last.lower() in _NEVER_FINAL and (last[0].isupper() or last in {"approx", "est", "incl", "vs"})
