"""From tag logits to spans: the best BIO tags of each word, and the runs of tags that stand for a span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.encoder.calibration import Line
from slantwise.labels import SpanLabel, SpanValue
from slantwise.linear.logistic import sigmoid
from slantwise.linear.tagger import parse_kind, viterbi
from slantwise.linear.words import Word
from slantwise.reading import FoundSpan

__all__ = ["Layer", "Run"]

_NEVER = -1e6


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a sentence, first to last, tagged as one span of this kind; `margin` is their mean."""

    kind: str
    first: int
    last: int
    margin: float


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of spans that do not overlap within the layer.

    Args:
        tags: "O", then "B-x" and "I-x" per kind x; a kind is a span label, or label:value.
        kinds: what each kind names.
        inside: per tag whether it is an I, shape (tags,).
        follows: whether tag j may follow tag i, shape (tags + 1, tags); the last row starts a sentence.
    """

    tags: tuple[str, ...]
    kinds: Mapping[str, tuple[SpanLabel, SpanValue | None]]
    inside: NDArray[np.bool_]
    follows: NDArray[np.bool_]

    @classmethod
    def of(cls, tags: Sequence[str]) -> Layer:
        """The layer of these tags.

        Raises:
            ValueError: they are no BIO tags of known spans.
        """
        if len(tags) < 1 or tags[0] != "O" or any(tag[:2] not in ("B-", "I-") for tag in tags[1:]):
            raise ValueError(f"O, then B- and I- tags expected, not {tags}")
        inside = np.array([tag[0] == "I" for tag in tags])
        follows = np.ones((len(tags) + 1, len(tags)), dtype=bool)
        for j in np.flatnonzero(inside):
            follows[:, j] = [*(tag[2:] == tags[int(j)][2:] for tag in tags), False]
        return cls(tuple(tags), {tag[2:]: parse_kind(tag[2:]) for tag in tags[1:]}, inside, follows)

    def runs(self, emissions: NDArray[np.float32]) -> list[Run]:
        """The runs in one sentence, from its words' logits (words, tags)."""
        path = emissions.argmax(axis=1)
        if not path.any():
            return []
        before = np.concatenate(([len(self.tags)], path[:-1]))
        if not self.follows[before, path].all():
            forbidden = np.where(self.follows, np.float32(0), np.float32(_NEVER))
            path = viterbi(emissions, [(0, len(emissions))], forbidden)
        margins = _margins(emissions, path)
        ends = np.flatnonzero((path > 0) & ~np.append(self.inside[path[1:]], False))
        starts = np.flatnonzero((path > 0) & ~self.inside[path])
        return [
            Run(self.tags[path[first]][2:], first, last, float(margins[first : last + 1].mean()))
            for first, last in zip(starts.tolist(), ends.tolist(), strict=True)
        ]

    def spans(self, words: Sequence[Word], runs: Sequence[Run], calibration: Mapping[str, Line]) -> list[FoundSpan]:
        """The spans that runs stand for; without a line for its kind, a span's probability is its margin's sigmoid."""
        found = []
        for run in runs:
            line = calibration.get(run.kind, Line())
            p = float(sigmoid(np.array(line.slope * run.margin + line.shift)))
            label, value = self.kinds[run.kind]
            found.append(FoundSpan(label, words[run.first].start, words[run.last].end, value, p))
        return found


def _margins(emissions: NDArray[np.float32], path: NDArray[np.intp]) -> NDArray[np.float32]:
    """Per word, the chosen tag's logit minus the best other one's."""
    rows = np.arange(len(path))
    others = emissions.copy()
    others[rows, path] = -np.inf
    return np.asarray(emissions[rows, path] - others.max(axis=1), dtype=np.float32)
