"""Sentences longer than the network can take: read in windows that overlap, each speaking for its own part."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from slantwise.encoder.alignment import Aligned, align

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["Window", "windows_of"]

_OVERLAP = 8
"""A window reads beyond its own part, on either side, one part in this many of what it has room for."""
_NO_LIMIT = 1 << 60


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a sentence that is read in one go.

    Args:
        aligned: the stretch as the network takes it.
        start: where in the sentence the stretch starts.
        own: the characters of the sentence that this window speaks for; the windows' own parts follow one another.
    """

    aligned: Aligned
    start: int
    own: range


def windows_of(tokenizer: Tokenizer, texts: Sequence[tuple[str, str]], max_tokens: int) -> list[list[Window]]:
    """The windows of each sentence with its second segment ("" for none): one, or as many as it takes.

    They depend on the sentence and its segment alone, and together they read all of the sentence. A second segment
    keeps its beginning where it would take more than half of `max_tokens`, as in training.
    """
    found = []
    for (text, second), aligned in zip(texts, align(tokenizer, texts, max_tokens), strict=True):
        if not aligned.cut:
            found.append([Window(aligned, 0, range(len(text) + 1))])
            continue
        kept = _beginning(tokenizer, second, max_tokens // 2)
        whole = align(tokenizer, [(text, kept)], _NO_LIMIT)[0]
        tokens = [a for i, (a, b) in enumerate(whole.spans) if b > a and i not in whole.second]
        room = max(max_tokens - (len(whole.ids) - len(tokens)), 1)
        if len(tokens) <= room:
            found.append([Window(whole, 0, range(len(text) + 1))])
            continue
        found.append(_windows(tokenizer, (text, kept), max_tokens, (tokens, [w.start for w in whole.words]), room))
    return found


def _windows(
    tokenizer: Tokenizer, pair: tuple[str, str], max_tokens: int, starts: tuple[list[int], list[int]], room: int
) -> list[Window]:
    """Windows of at most `room` sub-tokens each; `starts` are those of the sub-tokens and of the words."""
    text, second = pair
    tokens, words = starts
    overlap = room // _OVERLAP
    count = -(-len(tokens) // max(room - 2 * overlap, 1))
    cuts = [tokens[i * len(tokens) // count] for i in range(1, count)]
    # a word that starts at most an overlap before a cut is kept whole
    for i, cut in enumerate(cuts):
        before = words[max(bisect_right(words, cut) - 1, 0)] if words else cut
        if 0 <= bisect_left(tokens, cut) - bisect_left(tokens, before) <= overlap:
            cuts[i] = before
    found = []
    for first, last in pairwise(sorted({0, *cuts, len(text) + 1})):
        start = tokens[max(bisect_left(tokens, first) - overlap, 0)] if first else 0
        beyond = bisect_left(tokens, last) + overlap
        end = tokens[beyond] if beyond < len(tokens) else len(text)
        found.append(Window(align(tokenizer, [(text[start:end], second)], max_tokens)[0], start, range(first, last)))
    if room > 1 and any(window.aligned.cut for window in found):
        # a stretch may take more sub-tokens than it took within the sentence
        return _windows(tokenizer, pair, max_tokens, starts, room * 3 // 4)
    return found


def _beginning(tokenizer: Tokenizer, text: str, most: int) -> str:
    """As much of a text as `most` sub-tokens hold."""
    spans = [span for span in align(tokenizer, [(text, "")], _NO_LIMIT)[0].spans if span[1] > span[0]]
    return text if len(spans) <= most else text[: spans[most][0]]
