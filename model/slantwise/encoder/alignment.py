"""Words and sub-tokens: which sub-token speaks for which word, at which characters, and in which case it is written.

Training and scoring share this file, so that a model is asked exactly what it was taught.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slantwise.encoder.tokenizer_file import encode
from slantwise.linear.words import Word, split_words

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = ["NO_WORD", "Aligned", "align", "case_of"]

NO_WORD = -1


@dataclass(frozen=True, slots=True)
class Aligned:
    """A sentence, and perhaps a second segment after it, as the network takes it.

    Args:
        ids: sub-tokens, with special ones.
        cases: per sub-token the case of its word, see `case_of`.
        spans: per sub-token its characters in its own segment, (0, 0) for special ones.
        words: the sentence's words.
        first: per word its first sub-token, `NO_WORD` where it was cut or has none.
        second: the sub-tokens of the second segment.
        cut: sub-tokens of either segment that did not fit.
    """

    ids: tuple[int, ...]
    cases: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    words: tuple[Word, ...]
    first: tuple[int, ...]
    second: range
    cut: int

    def tokens_of(self, start: int, end: int) -> list[int]:
        """The sub-tokens of the sentence that share a character with this stretch of it; none where it was cut."""
        seconds = self.second
        return [i for i, (a, b) in enumerate(self.spans) if a < end and b > start and i not in seconds]


def align(tokenizer: Tokenizer, texts: Sequence[tuple[str, str]], max_tokens: int) -> list[Aligned]:
    """Tokenise sentences, each with its second segment ("" for none).

    What is over `max_tokens` is cut from the sentence's end, after the second segment was held to a half; `cut` says
    how much. The tokenizer must neither pad nor truncate.
    """
    pairs = [(text, second) if second else text for text, second in texts]
    return [
        _aligned(text, encoding, max_tokens)
        for (text, _), encoding in zip(texts, encode(tokenizer, pairs), strict=True)
    ]


def case_of(surface: str) -> int:
    """0 without letter or digit, 1 lower, 2 Title (or a single capital), 3 UPPER, 4 mixed or with digits."""
    # nearly all words are letters alone: those are not looked at one by one
    if not surface.isalpha():
        if not any(char.isalnum() for char in surface):
            return 0
        if any(char.isdigit() for char in surface):
            return 4
    if surface.islower():
        return 1
    if surface.isupper():
        return 2 if len(surface) == 1 else 3
    return 2 if surface[0].isupper() and surface[1:].islower() else 4


def _aligned(text: str, encoding: Encoding, max_tokens: int) -> Aligned:
    ids, offsets, segments = encoding.ids, encoding.offsets, encoding.sequence_ids
    kept, cut = _fitting(segments, max_tokens)
    if cut:
        ids, offsets = [ids[token] for token in kept], [offsets[token] for token in kept]
        segments = [segments[token] for token in kept]
    words = tuple(split_words(text))
    first = [NO_WORD] * len(words)
    cases = [0] * len(ids)
    at, last = 0, len(words) - 1
    for i, ((start, end), segment) in enumerate(zip(offsets, segments, strict=True)):
        if segment != 0 or start == end:
            continue
        while at <= last and words[at].end <= start:
            at += 1
        # a sub-token over two words ("don't" is do + n't, but may be don + ' + t) is the first one's
        if at <= last and words[at].start < end:
            if first[at] == NO_WORD:
                first[at] = i
                cases[i] = case_of(words[at].text)
            else:
                cases[i] = cases[first[at]]
    second = [i for i, segment in enumerate(segments) if segment == 1]
    return Aligned(
        tuple(ids),
        tuple(cases),
        tuple(span if segment is not None else (0, 0) for span, segment in zip(offsets, segments, strict=True)),
        words,
        tuple(first),
        range(second[0], second[-1] + 1) if second else range(0),
        cut,
    )


def _fitting(segments: Sequence[int | None], max_tokens: int) -> tuple[Sequence[int], int]:
    """The sub-tokens to keep, and how many are not; `segments` says of each whose it is, None of special ones."""
    over = len(segments) - max_tokens
    if over <= 0:
        return range(len(segments)), 0
    gone: set[int] = set()
    seconds = [i for i, segment in enumerate(segments) if segment == 1]
    gone.update(seconds[max_tokens // 2 :])
    firsts = [i for i, segment in enumerate(segments) if segment == 0]
    left = over - len(gone)
    if left > 0:
        gone.update(firsts[-left:])
    return [i for i in range(len(segments)) if i not in gone], len(gone)
