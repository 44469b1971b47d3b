"""Label probabilities from hashed n-grams: TF-IDF weighting, then a linear layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from slantwise.linear.hashing import hash_features
from slantwise.linear.logistic import sigmoid, softmax
from slantwise.linear.table import WeightTable
from slantwise.linear.words import Word, ngrams
from slantwise.reading import TargetMention

__all__ = ["Classifier", "View", "stance_features", "view_of"]

_WINDOW = 6
_STOPS = frozenset(".,;:!?")


class View(StrEnum):
    """How a stance is asked for. Each view has a classifier of its own.

    What one actor says of another is another question than what the author does: trained as one, NewsMTSC lost seven
    points of macro-F1 on dev.
    """

    MENTION = "mention"
    HELD = "held"
    TOPIC = "topic"


def view_of(mention: TargetMention) -> View:
    """A topic is not mentioned; a held mention has its holder in the sentence; any other is the author's."""
    if mention.start == mention.end:
        return View.TOPIC
    return View.MENTION if mention.holder is None else View.HELD


@dataclass(frozen=True, slots=True)
class Classifier:
    """A logistic regression over TF-IDF features, calibrated by a slope and an intercept per label.

    Args:
        table: one column of weights per label (a single one for two labels), the idf in the last column.
        intercepts: shape (columns,).
        slopes, shifts: calibration of the logits, shape (columns,); ones and zeros leave them alone.

    Raises:
        ValueError: the arrays contradict each other or hold no finite numbers.
    """

    table: WeightTable
    intercepts: NDArray[np.float32]
    slopes: NDArray[np.float32]
    shifts: NDArray[np.float32]

    def __post_init__(self) -> None:
        for array in (self.intercepts, self.slopes, self.shifts):
            if array.shape != (self.table.weights.shape[1] - 1,) or not np.isfinite(array).all():
                raise ValueError(f"{array.tolist()} beside a table of {self.table.weights.shape[1]} columns")

    def logits(self, texts: Sequence[NDArray[np.uint32]]) -> NDArray[np.float32]:
        """Uncalibrated logits of each text's hashed features, shape (texts, columns)."""
        out = np.empty((len(texts), len(self.intercepts)), dtype=np.float32)
        width = len(self.table.weights)
        owners = np.repeat(np.arange(len(texts)), [len(features) for features in texts])
        rows = self.table.rows(np.concatenate(texts)) if texts else owners
        found, counts = np.unique(owners * width + rows, return_counts=True)
        weights = self.table.weights[found % width].astype(np.float64)
        values = (1.0 + np.log(counts)) * weights[:, -1]
        ends = np.searchsorted(found, np.arange(1, len(texts) + 1) * width).tolist()
        # text by text from here on: a product over the whole batch would add up in another order
        for i, (first, last) in enumerate(zip([0, *ends], ends, strict=False)):
            own = values[first:last]
            norm = float(np.sqrt(own @ own)) or 1.0
            out[i] = (own / norm) @ weights[first:last, :-1] + self.intercepts
        return out

    def probabilities(self, texts: Sequence[NDArray[np.uint32]]) -> NDArray[np.float32]:
        """Probabilities of each label, shape (texts, labels)."""
        logits = self.logits(texts) * self.slopes + self.shifts
        if logits.shape[1] == 1:
            positive = sigmoid(logits)
            return np.asarray(np.hstack((1.0 - positive, positive)), dtype=np.float32)
        return np.asarray(softmax(logits), dtype=np.float32)


def stance_features(mention: TargetMention, words: Sequence[Word]) -> NDArray[np.uint32]:
    """Hashed features of a sentence as seen from one target.

    The words near the target with their side, those between it and its holder, and the sentence's n-grams. A topic
    that is not mentioned crosses the n-grams with its name instead.
    """
    if mention.start == mention.end:
        topic = mention.name.lower()
        return hash_features(f"{topic}: {gram}" for gram in ngrams([w.lower for w in words], 2))
    before = [w.lower for w in words if w.end <= mention.start]
    after = [w.lower for w in words if w.start >= mention.end]
    grams = ngrams([*before, "<target>", *after], 2)
    features = [*grams, *("L " + g for g in ngrams(_clause(before[::-1]), 2))]
    features.extend("R " + gram for gram in ngrams(_clause(after), 2))
    features.extend("T " + w.lower for w in words if mention.start <= w.start < mention.end)
    if mention.holder is not None:
        first, last = sorted((mention.holder, (mention.start, mention.end)))
        side = "H>" if first == mention.holder else "H<"
        between = [w.lower for w in words if first[1] <= w.start < last[0]]
        features.extend(f"{side} {gram}" for gram in ngrams(between, 2))
        features.append(f"{side} {min(len(between), 8)}")
    return hash_features(features)


def _clause(words: Sequence[str]) -> list[str]:
    """The words up to the window's end or the first stop."""
    near = []
    for word in words[:_WINDOW]:
        if word in _STOPS:
            break
        near.append(word)
    return near
