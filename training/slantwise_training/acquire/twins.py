"""Texts that are the same or nearly: all pairs among tens of thousands, without comparing all pairs.

Equal texts are found by their normal form. Near ones are found by MinHash (Broder, 1997): a text's words are hashed,
texts whose minima agree in some band of hash functions are compared by edit distance. Of texts that share half of
their words, half are compared; of those that share four fifths, all but one in five thousand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["TwinPair", "find_twins", "normal_form"]

BANDS, ROWS = 16, 4
CROWD = 64
"""In a crowd of texts with one band in common each is compared with this many others of it."""
SEED = 20240229
_BETWEEN_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class TwinPair:
    """Two texts by their positions, `left < right`; similarity 1 means equal normal forms."""

    left: int
    right: int
    similarity: float


def normal_form(text: str) -> str:
    """The words alone, in one case, with compatible characters made equal: what spacing and quotes cannot change."""
    return _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def find_twins(
    forms: Sequence[str], groups: NDArray[np.int64], *, similarity: float = 0.9, least_words: int = 5
) -> list[TwinPair]:
    """Find the twins among different texts that belong to different groups.

    Args:
        forms: normal forms, no two equal.
        groups: each text's group, or a negative number where it is in several; shape (texts,). Pairs within one group
            are left out.
        similarity: least normalised Indel similarity of the normal forms, from 0 to 1.
        least_words: shorter texts are in nobody's likeness.

    """
    long_enough = [index for index, form in enumerate(forms) if form.count(" ") + 1 >= least_words and form]
    if len(long_enough) < 2:
        return []
    kept = np.random.default_rng(SEED).permutation(np.asarray(long_enough, dtype=np.int64))
    pairs = _candidates(_signatures([forms[index] for index in kept]))
    left, right = kept[pairs[:, 0]], kept[pairs[:, 1]]
    apart = (groups[left] != groups[right]) | (groups[left] < 0)
    left, right = left[apart], right[apart]
    scores = _similarities(forms, left, right, similarity)
    return [
        TwinPair(int(min(a, b)), int(max(a, b)), round(float(score), 4))
        for a, b, score in zip(left, right, scores, strict=True)
        if score >= similarity
    ]


def _signatures(forms: Sequence[str]) -> NDArray[np.uint64]:
    """One minimum per hash function, shape (texts, BANDS * ROWS)."""
    rng = np.random.default_rng(SEED)
    vocabulary: dict[str, int] = {}
    words: list[int] = []
    starts = np.empty(len(forms), dtype=np.int64)
    for index, form in enumerate(forms):
        starts[index] = len(words)
        words.extend([vocabulary.setdefault(word, len(vocabulary)) for word in form.split(" ")])
    hashes = rng.integers(0, 2**64, size=len(vocabulary), dtype=np.uint64)[np.asarray(words, dtype=np.int64)]
    signatures = np.empty((len(forms), BANDS * ROWS), dtype=np.uint64)
    multipliers = rng.integers(0, 2**64, size=BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
    for column, multiplier in enumerate(multipliers):
        mixed = hashes * multiplier
        mixed ^= mixed >> np.uint64(29)
        mixed *= multiplier
        signatures[:, column] = np.minimum.reduceat(mixed, starts)
    return signatures


def _candidates(signatures: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Pairs of rows that agree in at least one band, each once, shape (pairs, 2)."""
    count = len(signatures)
    found = [np.empty(0, dtype=np.int64)]
    for band in range(BANDS):
        keys = np.zeros(count, dtype=np.uint64)
        for column in signatures[:, band * ROWS : (band + 1) * ROWS].T:
            keys = (keys ^ column) * np.uint64(0x9E3779B97F4A7C15)
            keys ^= keys >> np.uint64(32)
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        for step in range(1, min(CROWD, count - 1) + 1):
            same = ordered[step:] == ordered[:-step]
            if not same.any():
                break
            one, other = order[step:][same], order[:-step][same]
            found.append(np.minimum(one, other) * count + np.maximum(one, other))
    pairs = np.unique(np.concatenate(found))
    return np.stack([pairs // count, pairs % count], axis=1)


def _similarities(
    forms: Sequence[str], left: NDArray[np.int64], right: NDArray[np.int64], cutoff: float
) -> NDArray[np.float32]:
    """Normalised Indel similarity of each pair; what is below the cutoff may read 0."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    if not len(left):
        return np.zeros(0, dtype=np.float32)
    scores: NDArray[np.float32] = process.cpdist(
        [forms[index] for index in left],
        [forms[index] for index in right],
        scorer=Indel.normalized_similarity,
        score_cutoff=cutoff,
        dtype=np.float32,
    )
    return scores
