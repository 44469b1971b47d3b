"""A long article in parts: the first is in the page as it is, the others are packed until they are asked for.

Marked text takes some forty times the room of the bare one, and a browser some hundred times. Packed, a part takes
hardly more than its text, and is nothing to lay out.
"""

from __future__ import annotations

import gzip
from base64 import b64encode
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from slantwise.report.cast import Speaker
from slantwise.report.figures import Said
from slantwise.report.lines import Block, ShownSentence
from slantwise.report.rendering import environment

__all__ = ["PackedPart", "Part", "packed", "parts_of"]

WHOLE = 300_000
"""Up to this much an article stays in one part, which is a page of some 10 MB where every other word is marked."""
PART = 60_000
_PER_SENTENCE = 30
"""What a sentence takes besides its characters: its cell in the strip, its note, its labels."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that are shown together, with who speaks in them."""

    number: int
    blocks: tuple[Block, ...]
    said: tuple[Said, ...]
    speaking: tuple[Speaker, ...]

    @property
    def sentences(self) -> list[ShownSentence]:
        """Its sentences in text order."""
        return [sentence for block in self.blocks for sentence in block.sentences]


@dataclass(frozen=True, slots=True)
class PackedPart:
    """A part's markup, packed by gzip and written in base64; `first` and `last` are numbers of sentences."""

    number: int
    first: int
    last: int
    data: str


def parts_of(blocks: Sequence[Block], said: Iterable[Said], speaking: Sequence[Speaker]) -> list[Part]:
    """The parts of an article, at least one: a short article's is the whole of it.

    A part ends between sentences, also inside a line that is longer than a part. No sentence is cut.

    Args:
        blocks: the lines of the article.
        said: the rows of the table of who speaks; each goes with its sentence.
        speaking: who has a voice in the article, in order of appearance.
    """
    total = sum(_size(s) for block in blocks for s in block.sentences)
    groups = [tuple(blocks)] if total <= WHOLE else list(_groups(blocks))
    ends = [group[-1].sentences[-1].number if group else 0 for group in groups]
    rows: list[list[Said]] = [[] for _ in groups]
    for row in said:
        rows[bisect_left(ends, row.sentence, hi=len(ends) - 1)].append(row)
    known = {speaker: i for i, speaker in enumerate(speaking)}
    parts = []
    for number, (group, of_group) in enumerate(zip(groups, rows, strict=True), 1):
        heard = {v.speaker for block in group for s in block.sentences for v in s.pieces} & known.keys()
        parts.append(Part(number, group, tuple(of_group), tuple(sorted(heard, key=known.__getitem__))))
    return parts


def packed(part: Part) -> PackedPart:
    """A part's markup as the page holds it until somebody turns to it."""
    markup = environment().get_template("part.html").render(part=part).encode("utf-8")
    data = b64encode(gzip.compress(markup, 6, mtime=0)).decode("ascii")
    return PackedPart(part.number, part.sentences[0].number, part.sentences[-1].number, data)


def _size(sentence: ShownSentence) -> int:
    return sentence.score.end - sentence.score.start + _PER_SENTENCE


def _groups(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    group: list[Block] = []
    size = 0
    for block in blocks:
        piece = Block(block.kind)
        group.append(piece)
        for sentence in block.sentences:
            if size and size + _size(sentence) > PART:
                yield tuple(each for each in group if each.sentences)
                piece, size = Block(block.kind), 0
                group = [piece]
            piece.sentences.append(sentence)
            size += _size(sentence)
    yield tuple(each for each in group if each.sentences)
