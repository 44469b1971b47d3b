"""An article's text as sentences: lines first, then sentences inside a line, each with the part it plays.

Every character that is not white space is inside exactly one sentence, whatever the text holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slantwise.article import Sentence
from slantwise.boundaries import sentence_starts
from slantwise.kinds import dateline_end, line_kinds
from slantwise.labels import SentenceKind

__all__ = ["segment"]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not empty, without its outer white space; `start` is its offset in the article."""

    start: int
    text: str


def segment(text: str) -> tuple[Sentence, ...]:
    """Split an article into sentences.

    Lines end wherever `str.splitlines` says; a sentence never runs over a line end. Sentences come in text order, have
    no outer white space, and `sentence.text == text[sentence.start:sentence.end]` in code points. Never raises; a text
    of white space has no sentences. Linear in the length of the text.
    """
    lines = list(_lines(text))
    kinds = line_kinds([line.text for line in lines])
    sentences: list[Sentence] = []
    for paragraph, (line, kind, opening) in enumerate(zip(lines, kinds, _openings(kinds), strict=True)):
        for start, end, part in _parts(line.text, kind, opening):
            at = line.start + start
            piece = line.text[start:end]
            sentences.append(Sentence(len(sentences), at, at + len(piece), part, piece, paragraph))
    return tuple(sentences)


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare:
            yield _Line(at + len(line) - len(line.lstrip()), bare)
        at += len(line)


def _openings(kinds: list[SentenceKind]) -> Iterator[bool]:
    """Whether each line may open the story: nothing but one standfirst of body came before it."""
    bodies = 0
    for kind in kinds:
        yield kind is SentenceKind.BODY and bodies < 2
        bodies += kind is SentenceKind.BODY


def _parts(line: str, kind: SentenceKind, opening: bool) -> Iterator[tuple[int, int, SentenceKind]]:
    """Yield the sentences of one line as start, end and kind."""
    if kind in (SentenceKind.BYLINE, SentenceKind.DATELINE):
        yield 0, len(line), kind
        return
    dateline = dateline_end(line, opening) if kind is SentenceKind.BODY else 0
    if dateline:
        yield 0, len(line[:dateline].rstrip()), SentenceKind.DATELINE
    starts = [dateline + start for start in sentence_starts(line[dateline:])]
    for start, end in zip(starts, [*starts[1:], len(line)], strict=True):
        yield start, start + len(line[start:end].rstrip()), kind
