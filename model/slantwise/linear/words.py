"""Words with their offsets, and a batch of sentences as arrays of word numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from slantwise.linear.hashing import Hashed

__all__ = ["Batch", "Word", "ngrams", "shape_of", "split_words"]

_WORD = re.compile(
    r"\w+?(?=n['’]t\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b|(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|\w+|[^\w\s]",
    re.IGNORECASE,
)
_MARKS = ("<s1>", "<s2>", "</s1>", "</s2>")
"""What stands one and two places before a sentence, and after it."""


class Word(NamedTuple):
    """A word or punctuation mark; clitics ("n't", "'s") are words of their own, as in the Penn Treebank."""

    start: int
    end: int
    text: str
    lower: str


def split_words(text: str) -> list[Word]:
    """The words of a text in order."""
    found = []
    for match in _WORD.finditer(text):
        surface = match.group()
        found.append(Word(*match.span(), surface, surface.lower().replace("’", "'")))
    return found


def ngrams(words: Sequence[str], longest: int) -> list[str]:
    """All word n-grams up to a length, joined by spaces."""
    grams = list(words)
    for n in range(2, longest + 1):
        grams.extend(" ".join(words[i : i + n]) for i in range(len(words) - n + 1))
    return grams


def shape_of(surface: str) -> str:
    """Runs of capitals, small letters, digits and other marks: "McCain" is XxXx, "2026" is 9."""
    shape: list[str] = []
    for char in surface:
        kind = "X" if char.isupper() else "x" if char.isalpha() else "9" if char.isdigit() else char
        if not shape or shape[-1] != kind:
            shape.append(kind)
    return "".join(shape[:6])


@dataclass(frozen=True, slots=True)
class Batch:
    """The words of some sentences one after another, as numbers of their lower-case forms.

    Args:
        sentences: the words.
        vocabulary: the different lower-case forms, the marks beyond a sentence's ends first.
        hashed: their hashes.
        ids: per word, the number of its form; shape (words,).
        starts, ends: per word, where its sentence begins and ends among the words; shape (words,).
    """

    sentences: Sequence[Sequence[Word]]
    vocabulary: tuple[str, ...]
    hashed: Hashed
    ids: NDArray[np.intp]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]

    @classmethod
    def of(cls, sentences: Sequence[Sequence[Word]]) -> Batch:
        """Number the words of some sentences."""
        numbers = {mark: i for i, mark in enumerate(_MARKS)}
        ids = [numbers.setdefault(word.lower, len(numbers)) for words in sentences for word in words]
        lengths = np.array([len(words) for words in sentences], dtype=np.intp)
        last = np.cumsum(lengths)
        vocabulary = tuple(numbers)
        return cls(
            sentences,
            vocabulary,
            Hashed.of(vocabulary),
            np.array(ids, dtype=np.intp),
            np.repeat(last - lengths, lengths),
            np.repeat(last, lengths),
        )

    @property
    def places(self) -> NDArray[np.intp]:
        """Each word's place in its sentence, from 0."""
        return np.arange(len(self.ids)) - self.starts

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """Where each sentence begins and ends among the words."""
        last = np.cumsum([len(words) for words in self.sentences], dtype=np.intp).tolist()
        return list(zip([0, *last], last, strict=False))

    def neighbours(self, offset: int) -> NDArray[np.intp]:
        """Per word, the number of the form `offset` places on (at most two), or of the mark there."""
        at = np.arange(len(self.ids)) + offset
        beyond = self.starts - at - 1 if offset < 0 else at - self.ends
        within = self.ids[np.clip(at, 0, max(len(self.ids) - 1, 0))] if len(self.ids) else self.ids
        return np.where(beyond < 0, within, beyond + (0 if offset < 0 else 2))
