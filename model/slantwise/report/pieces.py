"""A sentence cut wherever a voice or a mark begins or ends, so that overlapping spans need no nesting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from slantwise.labels import Lens
from slantwise.report.cast import VoiceMap
from slantwise.report.marks import Mark
from slantwise.report.wording import printable
from slantwise.score import AUTHOR, TextSpan

__all__ = ["Piece", "cut"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence with one voice and one set of marks; joined, a sentence's pieces are its text."""

    start: int
    text: str
    voice: str
    marks: tuple[Mark, ...]

    @property
    def styles(self) -> str:
        """The class names of its marks, each once, and "end" where a stance's target ends, for its sign."""
        names = dict.fromkeys(mark.style for mark in self.marks)
        end = self.start + len(self.text)
        if any(mark.lens is Lens.STANCE and mark.end == end for mark in self.marks):
            names["end"] = None
        return " ".join(names)

    @property
    def reasons(self) -> str:
        """The ids of the elements that explain its marks."""
        return " ".join(mark.id for mark in self.marks)


def cut(sentence: TextSpan, marks: Sequence[Mark], voices: VoiceMap | None) -> Iterator[Piece]:
    """Cut a sentence into pieces, in text order. Without voices all of it is the author's.

    Takes time in proportion to the spans and to how many of them lie over one another.
    """
    held = voices.inside(sentence) if voices is not None else []
    spans = _clipped(sentence, [(m.start, m.end) for m in marks] + [(start, end) for start, end, _, _ in held])
    opening, closing = _by_edge(spans, 0), _by_edge(spans, 1)
    text = printable(sentence.text)
    open_marks: dict[int, Mark] = {}
    open_voices: dict[int, tuple[int, str]] = {}
    for start, end in pairwise(sorted({sentence.start, sentence.end, *opening, *closing})):
        for item in closing.get(start, ()):
            open_marks.pop(item, None)
            open_voices.pop(item, None)
        for item in opening.get(start, ()):
            if item < len(marks):
                open_marks[item] = marks[item]
            else:
                open_voices[item] = held[item - len(marks)][2:]
        voice = max(open_voices.values())[1] if open_voices else AUTHOR
        yield Piece(start, text[start - sentence.start : end - sentence.start], voice, tuple(open_marks.values()))


def _clipped(sentence: TextSpan, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(max(start, sentence.start), min(end, sentence.end)) for start, end in spans]


def _by_edge(spans: Sequence[tuple[int, int]], side: int) -> dict[int, list[int]]:
    """The numbers of the spans that start (side 0) or end (1) at each offset; empty ones are left out."""
    edges: defaultdict[int, list[int]] = defaultdict(list)
    for number, span in enumerate(spans):
        if span[0] < span[1]:
            edges[span[side]].append(number)
    return edges
