"""From logits to probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["sigmoid", "softmax"]


def sigmoid(logits: NDArray[Any]) -> NDArray[Any]:
    """The chance of the second of two labels, in the shape and precision of the logits; 0 or 1 at the far ends."""
    # an overflow of exp is an infinity, and gives the 0 that it should
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp(-logits)))


def softmax(logits: NDArray[Any]) -> NDArray[Any]:
    """The chances of the labels in the last axis, in the shape and precision of the logits."""
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
