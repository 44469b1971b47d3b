"""A weight table: hashed features on the rows, labels on the columns."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["WeightTable"]

_MOST_STEPS = 24
"""Where more hashes than this share their leading bits, they are no hashes, and a binary search is the faster one."""


@dataclass(frozen=True, slots=True)
class WeightTable:
    """Weights by feature hash.

    Args:
        hashes: sorted feature hashes that differ, shape (features,).
        weights: shape (features + 1, labels); the last row is zero and stands for every unknown feature.

    Raises:
        ValueError: the arrays contradict each other.
    """

    hashes: NDArray[np.uint32]
    weights: NDArray[np.float32]
    _index: _Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.hashes.ndim != 1 or self.weights.ndim != 2 or len(self.weights) != len(self.hashes) + 1:
            raise ValueError(f"hashes of shape {self.hashes.shape} with weights of shape {self.weights.shape}")
        if not (self.hashes[:-1] < self.hashes[1:]).all():
            raise ValueError("hashes that are not sorted")
        object.__setattr__(self, "_index", _Index.of(self.hashes))

    def rows(self, features: NDArray[np.uint32]) -> NDArray[np.intp]:
        """The row of each feature, in the shape of `features`; unknown ones get the last row."""
        return self._index.rows(features)

    def sums(self, features: NDArray[np.uint32]) -> NDArray[np.float32]:
        """Add up the weights of each word's features, shape (features, words); gives (words, labels).

        Always in the order of the features, so that a word's sum is the same in any batch.
        """
        rows = self.rows(features)
        total = np.zeros((features.shape[1], self.weights.shape[1]), dtype=np.float32)
        weights = np.empty_like(total)
        for row in rows:
            # "clip" spares a copy through a buffer; every row is in range
            total += self.weights.take(row, axis=0, out=weights, mode="clip")
        return total

    def packed(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """The arrays to save under this prefix, half precision: a weight's third digit changes no label."""
        return {f"{prefix}.hashes": self.hashes, f"{prefix}.weights": self.weights[:-1].astype(np.float16)}

    @classmethod
    def unpacked(cls, arrays: dict[str, NDArray[np.generic]], prefix: str) -> WeightTable:
        """The table saved under this prefix.

        Raises:
            KeyError, ValueError: it is not there, or is none.
        """
        hashes, weights = arrays[f"{prefix}.hashes"], arrays[f"{prefix}.weights"]
        if hashes.dtype != np.uint32 or weights.dtype != np.float16:
            raise ValueError(f"{prefix}: hashes of type {hashes.dtype} and weights of type {weights.dtype}")
        if weights.ndim != 2 or not np.isfinite(weights.astype(np.float32)).all():
            raise ValueError(f"{prefix}: weights that are no table of finite numbers")
        zero = np.zeros((1, weights.shape[1]), dtype=np.float32)
        return cls(hashes.astype(np.uint32), np.vstack((weights.astype(np.float32), zero)))


@dataclass(frozen=True, slots=True)
class _Index:
    """Where to find a hash: hashes are spread evenly, so their leading bits tell their place within a few rows.

    A third of the time of a binary search, which misses the cache at every step.
    """

    hashes: NDArray[np.uint32]
    """With one more at the end, so that there is always a next one."""
    starts: NDArray[np.int32]
    shift: np.uint32
    steps: int

    @classmethod
    def of(cls, hashes: NDArray[np.uint32]) -> _Index:
        bits = min(len(hashes).bit_length() + 1, 22)
        shift = np.uint32(32 - bits)
        counts = np.bincount(hashes >> shift, minlength=1 << bits)
        starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int32)
        return cls(np.append(hashes, np.uint32(0xFFFFFFFF)), starts, shift, int(counts.max(initial=0)))

    def rows(self, features: NDArray[np.uint32]) -> NDArray[np.intp]:
        size = len(self.hashes) - 1
        if self.steps > _MOST_STEPS:
            found = np.searchsorted(self.hashes[:-1], features).astype(np.int32)
        else:
            found = self.starts.take(features >> self.shift)
            for _ in range(self.steps):
                found += self.hashes.take(found) < features
        return np.where(self.hashes.take(found) == features, found.astype(np.intp), size)
