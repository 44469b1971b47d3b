"""Comments in an article's file that let findings pass.

Markdown and HTML: `<!-- slantwise: ignore -->` (every rule), `<!-- slantwise: ignore[SLW101, anonymous] -->` (these),
and `ignore-file` in place of `ignore`. Plain text has no comments: there it is a line of its own, `#slantwise: ignore`.

A comment alone on its line is for what follows it, one that shares its line with text for where it stands: in Markdown
the paragraph (up to a blank line), in HTML and plain text the line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from slantwise.check.rules import find_rules, nearest
from slantwise.errors import AskedWrong
from slantwise.formats.inputs import Format

__all__ = ["Ignores", "blank_comment_lines", "read_ignores"]

_COMMENT = re.compile(r"<!--[ \t]*slantwise:(?P<words>[^\n]{0,300}?)-->", re.I)
_LINE = re.compile(r"^[ \t]*#[ \t]?slantwise:(?P<words>[^\r\n]{0,300})(?=\r?$)", re.I | re.M)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_WORDS = re.compile(r"\s*(?P<verb>[\w-]*)\s*(?:\[(?P<rules>[^\[\]]*)\])?\s*", re.ASCII)
_VERBS = ("ignore", "ignore-file")


@dataclass(frozen=True, slots=True)
class _Passage:
    """Lines (from 1, both included) in which findings of these codes pass."""

    first: int
    last: int
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ignores:
    """What a file's comments let pass, and what was wrong with comments that say something unknown.

    Args:
        everywhere: codes that pass in the whole file.
        passages: in line order; they do not overlap.
        problems: what to tell the user.

    """

    everywhere: frozenset[str] = frozenset()
    passages: tuple[_Passage, ...] = ()
    problems: tuple[AskedWrong, ...] = ()

    def covers(self, code: str, line: int) -> bool:
        """Whether a finding of this rule on this line of the file (from 1) passes."""
        at = bisect_right(self.passages, line, key=lambda passage: passage.first) - 1
        inside = at >= 0 and line <= self.passages[at].last and code in self.passages[at].codes
        return inside or code in self.everywhere


def read_ignores(raw: str, kind: Format, origin: str) -> Ignores:
    """Find the comments of a file.

    Args:
        raw: the file's text as it is on disk.
        kind: what the file holds.
        origin: what messages call the file.

    """
    pattern = _LINE if kind is Format.TEXT else _COMMENT
    matches = list(pattern.finditer(raw))
    if not matches:
        return Ignores()
    starts = [0, *(match.end() for match in re.finditer("\n", raw))]
    reach = _Reach(raw.split("\n"), kind, pattern)
    everywhere: set[str] = set()
    codes_of: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    problems = []
    for match in matches:
        line = bisect_right(starts, match.start())
        try:
            verb, codes = _read(match["words"], f"{origin}:{line}")
        except AskedWrong as error:
            problems.append(error)
            continue
        if verb == "ignore-file":
            everywhere |= codes
        else:
            codes_of[reach.of(line)] |= codes
    passages = tuple(_Passage(*lines, frozenset(codes)) for lines, codes in sorted(codes_of.items()))
    return Ignores(frozenset(everywhere), passages, tuple(problems))


def blank_comment_lines(text: str) -> str:
    """Plain text with its comment lines turned into spaces, so that they are not scored; offsets stay as they are."""
    return _LINE.sub(lambda match: " " * len(match[0]), text)


def _read(words: str, where: str) -> tuple[str, frozenset[str]]:
    """What a comment says to do, and for which codes.

    Raises:
        AskedWrong: it says neither ignore nor ignore-file, or names an unknown rule.

    """
    match = _WORDS.fullmatch(words)
    verb = match["verb"].lower() if match else ""
    if match is None or verb not in _VERBS:
        do = nearest(verb, _VERBS) if verb else "write ignore or ignore[CODE, CODE]"
        raise AskedWrong(f"ignore or ignore-file after slantwise: at {where}", repr(words.strip()), do)
    names = ["all"] if match["rules"] is None else [name for name in match["rules"].split(",") if name.strip()]
    try:
        return verb, frozenset(rule.code for name in names for rule in find_rules(name))
    except AskedWrong as error:
        raise AskedWrong(f"{error.expected} at {where}", error.found, error.do) from error


class _Reach:
    """Which lines a comment is for. Passages are lines of text, in Markdown paragraphs; they do not overlap."""

    def __init__(self, lines: Sequence[str], kind: Format, comment: re.Pattern[str]) -> None:
        bare = [comment.sub("", line) for line in lines]
        if kind is Format.HTML:
            bare = [_TAG.sub("", line) for line in bare]
        self._is_text = [bool(line.strip()) for line in bare]
        count = len(lines)
        self._first, self._last, self._next = list(range(count)), list(range(count)), list(range(count))
        if kind is Format.MARKDOWN:
            for i in range(1, count):
                if self._is_text[i] and self._is_text[i - 1]:
                    self._first[i] = self._first[i - 1]
            for i in range(count - 2, -1, -1):
                if self._is_text[i] and self._is_text[i + 1]:
                    self._last[i] = self._last[i + 1]
        for i in range(count - 2, -1, -1):
            if not self._is_text[i]:
                self._next[i] = self._next[i + 1]

    def of(self, line: int) -> tuple[int, int]:
        """The first and last line (from 1) that a comment on this line is for."""
        at = self._next[line - 1]
        return self._first[at] + 1, self._last[at] + 1
