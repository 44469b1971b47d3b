"""Words with their offsets, and the word-level features that the linear family weighs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = ["Word", "hash_features", "ngrams", "shape_of", "split_words", "word_features"]

_WORD = re.compile(
    r"\w+?(?=n['’]t\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b|(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|\w+|[^\w\s]",
    re.IGNORECASE,
)
_OPENING, _CLOSING, _EITHER = "“«„", "”»", '"'


@dataclass(frozen=True, slots=True)
class Word:
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
        found.append(Word(match.start(), match.end(), surface, surface.lower().replace("’", "'")))
    return found


def hash_features(features: Iterable[str]) -> NDArray[np.uint32]:
    """CRC-32 of each feature's UTF-8: a vocabulary is then a sorted array of numbers, the same on every machine."""
    return np.fromiter((crc32(f.encode("utf-8", "surrogatepass")) for f in features), dtype=np.uint32)


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


def word_features(words: Sequence[Word]) -> list[list[str]]:
    """Features of each word from itself, its neighbours, its case, and whether it stands between quotation marks.

    Every word has the same number of features, so that a batch of words is one rectangular array.
    """
    lower = ["<s2>", "<s1>", *(w.lower for w in words), "</s1>", "</s2>"]
    shapes = ["<s>", *(shape_of(w.text) for w in words), "</s>"]
    quoted, has_quote = _between_quotes(words)
    rows = []
    for i in range(len(words)):
        p2, p1, w, n1, n2 = lower[i : i + 5]
        p_shape, shape, n_shape = shapes[i : i + 3]
        quote = quoted[i] + has_quote
        rows.append(
            [
                "1",
                "w=" + w,
                "p1=" + p1,
                "n1=" + n1,
                "p2=" + p2,
                "n2=" + n2,
                f"pw={p1} {w}",
                f"wn={w} {n1}",
                f"pp={p2} {p1}",
                f"nn={n1} {n2}",
                f"pn={p1} {n1}",
                "e3=" + w[-3:],
                "e2=" + w[-2:],
                "b3=" + w[:3],
                "sh=" + shape,
                f"psh={p_shape} {shape}",
                f"shn={shape} {n_shape}",
                f"p1sh={p1} {shape}",
                f"shn1={shape} {n1}",
                "q=" + quote,
                f"qw={quote} {w}",
                f"at={min(i, 5)} {shape}",
                f"end={min(len(words) - i, 4)} {quote}",
                "pe3=" + p1[-3:],
                "ne3=" + n1[-3:],
                f"first={w} {shape}" if i == 0 else "first=",
            ]
        )
    return rows


def _between_quotes(words: Sequence[Word]) -> tuple[list[str], str]:
    """Per word i (in), o (out) or m (a mark); and whether the sentence has no mark, a balanced or an open number."""
    marks = [w.text for w in words if w.text in _OPENING or w.text in _CLOSING or w.text in _EITHER]
    # a sentence whose first mark closes began inside a quotation
    inside = bool(marks) and marks[0] in _CLOSING
    states = []
    for word in words:
        if word.text in _OPENING:
            inside = True
        elif word.text in _CLOSING:
            inside = False
        elif word.text in _EITHER:
            inside = not inside
        else:
            states.append("i" if inside else "o")
            continue
        states.append("m")
    return states, "-" if not marks else "=" if len(marks) % 2 == 0 else "/"
