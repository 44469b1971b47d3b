"""A weight table: hashed features on the rows, labels on the columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["WeightTable"]


@dataclass(frozen=True, slots=True)
class WeightTable:
    """Weights by feature hash.

    Args:
        hashes: sorted feature hashes, shape (features,).
        weights: shape (features + 1, labels); the last row is zero and stands for every unknown feature.
    """

    hashes: NDArray[np.uint32]
    weights: NDArray[np.float32]

    def rows(self, features: NDArray[np.uint32]) -> NDArray[np.intp]:
        """The row of each feature, in the shape of `features`; unknown ones get the last row."""
        if not len(self.hashes):
            return np.zeros(features.shape, dtype=np.intp)
        found = np.searchsorted(self.hashes, features)
        found[found == len(self.hashes)] = 0
        return np.where(self.hashes[found] == features, found, len(self.hashes))

    def sums(self, features: NDArray[np.uint32]) -> NDArray[np.float32]:
        """Add up the weights of each row of features, shape (words, features); gives (words, labels)."""
        return np.asarray(self.weights[self.rows(features)].sum(axis=1), dtype=np.float32)

    def packed(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """The arrays to save under this prefix, half precision: a weight's third digit changes no label."""
        return {f"{prefix}.hashes": self.hashes, f"{prefix}.weights": self.weights[:-1].astype(np.float16)}

    @classmethod
    def unpacked(cls, arrays: dict[str, NDArray[np.generic]], prefix: str) -> WeightTable:
        """The table saved under this prefix."""
        weights = np.asarray(arrays[f"{prefix}.weights"], dtype=np.float32)
        zero = np.zeros((1, weights.shape[1]), dtype=np.float32)
        return cls(np.asarray(arrays[f"{prefix}.hashes"], dtype=np.uint32), np.vstack((weights, zero)))
