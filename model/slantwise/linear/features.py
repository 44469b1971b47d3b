"""The hashed features that the linear family weighs: of words, for spans, and of texts, for labels.

A saved model knows features by their hash alone: a feature that is written differently here is unknown to it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from slantwise.linear.hashing import Hashed, joined
from slantwise.linear.words import Batch, Word, shape_of

__all__ = ["text_features", "word_features"]

_OPENING, _CLOSING, _EITHER = "“«„", "”»", '"'
_QUOTES = tuple(_OPENING + _CLOSING + _EITHER)
_STATES, _MARKED = "oim", "-=/"
_EDGES = ("<s>", "</s>")


def word_features(batch: Batch) -> NDArray[np.uint32]:
    """Features of each word from itself, its neighbours, its case, and whether it stands between quotation marks.

    Shape (features, words): every word has the same number. In the names w is the word, p and n the words before and
    after it, e and b the ends and beginnings of words, sh their shape, q the quotation.
    """
    lower, places = batch.hashed, batch.places
    p2, p1, w, n1, n2 = (batch.neighbours(offset) for offset in (-2, -1, 0, 1, 2))
    shapes, p_shape, shape, n_shape = _shapes(batch)
    quotes, quote = _quotes(batch)
    counts = Hashed.of([str(i) for i in range(6)])
    endings = Hashed.of([form[-3:] for form in batch.vocabulary])
    short_endings = Hashed.of([form[-2:] for form in batch.vocabulary])
    beginnings = Hashed.of([form[:3] for form in batch.vocabulary])

    def one(prefix: str, forms: Hashed, ids: NDArray[np.intp]) -> NDArray[np.uint32]:
        return joined(prefix, forms).crcs[ids]

    def two(
        prefix: str, forms: Hashed, ids: NDArray[np.intp], others: Hashed, other_ids: NDArray[np.intp]
    ) -> NDArray[np.uint32]:
        return joined(joined(prefix, forms, " ")[ids], others[other_ids]).crcs

    columns = [
        np.full(len(w), joined("1").crcs),
        one("w=", lower, w),
        one("p1=", lower, p1),
        one("n1=", lower, n1),
        one("p2=", lower, p2),
        one("n2=", lower, n2),
        two("pw=", lower, p1, lower, w),
        two("wn=", lower, w, lower, n1),
        two("pp=", lower, p2, lower, p1),
        two("nn=", lower, n1, lower, n2),
        two("pn=", lower, p1, lower, n1),
        one("e3=", endings, w),
        one("e2=", short_endings, w),
        one("b3=", beginnings, w),
        one("sh=", shapes, shape),
        two("psh=", shapes, p_shape, shapes, shape),
        two("shn=", shapes, shape, shapes, n_shape),
        two("p1sh=", lower, p1, shapes, shape),
        two("shn1=", shapes, shape, lower, n1),
        one("q=", quotes, quote),
        two("qw=", quotes, quote, lower, w),
        two("at=", counts, np.minimum(places, 5), shapes, shape),
        two("end=", counts, np.minimum(batch.ends - batch.starts - places, 4), quotes, quote),
        one("pe3=", endings, p1),
        one("ne3=", endings, n1),
        np.where(places == 0, two("first=", lower, w, shapes, shape), joined("first=").crcs),
    ]
    return np.stack(columns)


def text_features(batch: Batch, longest: int) -> list[NDArray[np.uint32]]:
    """Per sentence, the hashes of all its word n-grams up to a length, joined by spaces."""
    grams = words = batch.hashed[batch.ids]
    by_length = [words.crcs]
    for n in range(2, longest + 1):
        grams = joined(grams[: max(len(batch.ids) - n + 1, 0)], " ", words[n - 1 :])
        by_length.append(grams.crcs)
    return [
        np.concatenate([crcs[first : max(last - i, first)] for i, crcs in enumerate(by_length)])
        for first, last in batch.bounds
    ]


def _shapes(batch: Batch) -> tuple[Hashed, NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """The different shapes, and per word the number of the shape before it, its own and the one after it."""
    numbers = {edge: i for i, edge in enumerate(_EDGES)}
    surfaces = [word.text for words in batch.sentences for word in words]
    by_surface = {surface: numbers.setdefault(shape_of(surface), len(numbers)) for surface in set(surfaces)}
    own = np.array([by_surface[surface] for surface in surfaces], dtype=np.intp)
    at = np.arange(len(own))
    before = np.where(at == batch.starts, 0, np.roll(own, 1))
    after = np.where(at + 1 == batch.ends, 1, np.roll(own, -1))
    return Hashed.of(tuple(numbers)), before, own, after


def _quotes(batch: Batch) -> tuple[Hashed, NDArray[np.intp]]:
    """The different quotation states, and per word the number of its own.

    A state is i (in), o (out) or m (a mark), and whether the sentence has no mark (-), an even (=) or odd (/) number.
    """
    is_mark = np.array([form in _QUOTES for form in batch.vocabulary])[batch.ids]
    states = np.full(len(batch.ids), _STATES.index("o") * len(_MARKED), dtype=np.intp)
    if is_mark.any():
        for words, (first, last) in zip(batch.sentences, batch.bounds, strict=True):
            marks = is_mark[first:last]
            if marks.any():
                states[first:last] = _states(words, "=" if int(marks.sum()) % 2 == 0 else "/")
    return Hashed.of([state + marked for state in _STATES for marked in _MARKED]), states


def _states(words: Sequence[Word], marked: str) -> list[int]:
    """The states of a sentence that has quotation marks."""
    # a sentence whose first mark closes began inside a quotation
    inside = next(word.text for word in words if word.text in _QUOTES) in _CLOSING
    states = []
    for word in words:
        state = "m"
        if word.text in _QUOTES:
            inside = not inside if word.text in _EITHER else word.text in _OPENING
        else:
            state = "i" if inside else "o"
        states.append(_STATES.index(state) * len(_MARKED) + _MARKED.index(marked))
    return states
