"""From offsets in an article's text to lines and columns of the file that it was read from.

Lines and columns count from 1, columns in code points; a line ends with a line feed. Plain text is its file. The text
of Markdown and HTML is the file without its marks: there each sentence is looked up in the file, word by word.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from slantwise.formats.inputs import Format

__all__ = ["Place", "Places"]

_TAGS = r"<!--.*?(?:-->|\Z)|<(?P<tag>script|style|head)\b.*?(?:</(?P=tag)\s*>|\Z)|</?[A-Za-z][^<>]*>"
_HIDDEN = {
    Format.HTML: re.compile(_TAGS, re.S | re.I),
    Format.MARKDOWN: re.compile(_TAGS + r"|\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)", re.S | re.I),
}
"""What is in the file and not in the text: tags, comments, scripts, the head; targets of links."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INLINE = re.compile(r"</?(?:a|abbr|b|cite|del|em|i|ins|mark|q|s|small|span|strong|sub|sup|u)\b", re.I)
_NOTHING = "\0"
"""Stands for what is not in the text and parts no words; no file that is read holds it."""
_NEAR = (60, 20)
"""How many characters around a stretch tell its place, where its sentence is not in the file as one."""

_MOST_MISSES, _NEXT = 200, 10_000
"""After so many searches of the whole file for nothing only the next characters are searched: a text that is not its
file's must not take minutes."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a file; `end_column` is the column after its last character."""

    line: int
    column: int
    end_line: int
    end_column: int


class Places:
    """Where things of one article are in its file.

    Args:
        raw: the file's text as it is on disk.
        text: the article's text.
        kind: what the file holds.
        sentences: where the article's sentences start and end, in text order.

    """

    def __init__(self, raw: str, text: str, kind: Format, sentences: Sequence[tuple[int, int]] = ()) -> None:
        self._starts, self._length = list(_line_starts(raw)), len(raw)
        self._lookup = None if kind is Format.TEXT else _Lookup(raw, text, kind, sentences)

    def of(self, start: int, end: int) -> Place:
        """The place of a stretch of the article's text.

        What cannot be found again is at the start of its line in Markdown, of the file in HTML.
        """
        if self._lookup is not None:
            start, end = self._lookup.raw_stretch(start, end)
        line, column = self._at(start)
        return Place(line, column, *self._at(max(start, end)))

    def _at(self, offset: int) -> tuple[int, int]:
        offset = min(offset, self._length)
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class _Lookup:
    """Finds stretches of the text again in a file of Markdown or HTML."""

    def __init__(self, raw: str, text: str, kind: Format, sentences: Sequence[tuple[int, int]]) -> None:
        self._text, self._raw = _Words(text), _Words(_shown(raw, kind))
        # lines of Markdown's text are lines of the file
        self._lines = (list(_line_starts(text)), list(_line_starts(raw))) if kind is Format.MARKDOWN else None
        self._sentences = sentences
        self._openings = [start for start, _ in sentences]
        self._found: list[int | None] = []
        after = 0
        for start, end in sentences:
            first, last = self._text.stretch(start, end)
            at = self._raw.find(self._text.words[first:last], self._after(start, after))
            self._found.append(at)
            after = after if at is None else at + last - first

    def raw_stretch(self, start: int, end: int) -> tuple[int, int]:
        """Where in the file the words of a stretch of the text are; the start of its line or of the file if nowhere."""
        first, last = self._text.stretch(start, end)
        at = self._find(start, first, last) if first < last else None
        if at is None:
            line = self._raw_line(start)
            return line, line
        # a quotation's own marks are around its words in the file too
        opening, closing = self._text.offsets[first] - start, end - 1 - self._text.offsets[last - 1]
        offsets = self._raw.offsets
        return max(0, offsets[at] - opening), offsets[at + last - first - 1] + 1 + closing

    def _find(self, start: int, first: int, last: int) -> int | None:
        """Where in the file's words those of the text from `first` to `last` are."""
        index = bisect_right(self._openings, start) - 1
        opens, closes = 0, len(self._text.words)
        if index >= 0 and start < self._sentences[index][1]:
            opens, closes = self._text.stretch(*self._sentences[index])
            whole = self._found[index]
            if whole is not None and opens <= first:
                return whole + first - opens
        after = self._after(start, 0)
        for near in _NEAR:
            begin, stop = max(opens, first - near), min(closes, last + near)
            around = self._text.words[begin:stop]
            at = self._raw.find(around, after, whole_words=False) if len(around) >= near else None
            if at is not None:
                return at + first - begin
        return None

    def _after(self, start: int, otherwise: int) -> int:
        """From where in the file's words to look for what starts here in the text."""
        return otherwise if self._lines is None else self._raw.stretch(self._raw_line(start), self._raw.end)[0]

    def _raw_line(self, start: int) -> int:
        if self._lines is None:
            return 0
        mine, theirs = self._lines
        return theirs[min(bisect_right(mine, start), len(theirs)) - 1]


class _Words:
    """The letters and digits of a text in lower case, one space for all between words, and where each is."""

    def __init__(self, text: str) -> None:
        characters, offsets = [" "], [-1]
        for i, character in enumerate(text):
            if character.isalnum():
                low = character.lower()
                # lower() makes two characters of some
                characters.append(low if len(low) == 1 else character)
                offsets.append(i)
            elif character != _NOTHING and characters[-1] != " ":
                characters.append(" ")
                offsets.append(i)
        self._misses = 0
        self.end = len(text)
        self.words, self.offsets = "".join(characters) + " ", [*offsets, self.end]

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """The first and last + 1 index among the words of a stretch of the text, without spaces around."""
        first, last = bisect_left(self.offsets, start), bisect_left(self.offsets, end)
        while first < last and self.words[first] == " ":
            first += 1
        while first < last and self.words[last - 1] == " ":
            last -= 1
        return first, last

    def find(self, words: str, after: int, *, whole_words: bool = True) -> int | None:
        """The index of these words, the first from `after` on or else anywhere."""
        if not words:
            return None
        wanted, start = f" {words} " if whole_words else words, max(0, after - 1)
        if self._misses > _MOST_MISSES:
            at = self.words.find(wanted, start, start + len(wanted) + _NEXT)
        else:
            at = self.words.find(wanted, start)
            at = at if at >= 0 else self.words.find(wanted)
        self._misses += at < 0
        return at + whole_words if at >= 0 else None


def _line_starts(text: str) -> Iterator[int]:
    yield 0
    for match in re.finditer("\n", text):
        yield match.end()


def _shown(raw: str, kind: Format) -> str:
    """The file with what is not in the text blanked, character for character."""
    seen = _HIDDEN[kind].sub(_blank, raw)
    return _ENTITY.sub(lambda match: unescape(match[0])[:1].ljust(len(match[0]), _NOTHING), seen)


def _blank(match: re.Match[str]) -> str:
    """A block's tag parts words, an inline one and a link's target do not."""
    inside = match[0].startswith("]") or _INLINE.match(match[0])
    return (_NOTHING if inside else " ") * len(match[0])
