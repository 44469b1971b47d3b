"""From tag logits to spans: the best BIO tags of each word, and the runs of tags that stand for a span."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
_PLAIN = Line()


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
        # their table of what may follow what has the square of their number
        twice = len(set(tags)) < len(tags)
        if len(tags) < 1 or twice or tags[0] != "O" or any(tag[:2] not in ("B-", "I-") for tag in tags[1:]):
            raise ValueError(f"O, then B- and I- tags expected, not {tags}")
        inside = np.array([tag[0] == "I" for tag in tags])
        follows = np.ones((len(tags) + 1, len(tags)), dtype=bool)
        for j in np.flatnonzero(inside):
            follows[:, j] = [*(tag[2:] == tags[int(j)][2:] for tag in tags), False]
        return cls(tuple(tags), {tag[2:]: parse_kind(tag[2:]) for tag in tags[1:]}, inside, follows)

    def raised(self, emissions: NDArray[np.float32], by: Mapping[str, float]) -> NDArray[np.float32]:
        """Logits (words, tags) with those of the tags of some kinds raised, as `Calibration.raised` has it."""
        if not by:
            return emissions
        return emissions + np.array([by.get(tag[2:], 0.0) for tag in self.tags], dtype=np.float32)

    def runs(self, emissions: NDArray[np.float32]) -> list[Run]:
        """The runs in one sentence, from its words' logits (words, tags)."""
        return self.runs_of([emissions])[0]

    def runs_of(self, sentences: Sequence[NDArray[np.float32]]) -> list[list[Run]]:
        """The runs in each sentence, from its words' logits (words, tags)."""
        if not sentences:
            return []
        return self.runs_in(np.concatenate(sentences), [len(each) for each in sentences])

    def runs_in(self, emissions: NDArray[np.float32], lengths: Sequence[int]) -> list[list[Run]]:
        """The runs in each of some sentences; a sentence's are the same in any batch.

        Args:
            emissions: logits of the words of all sentences, one after another, shape (words, tags).
            lengths: the words of each sentence.
        """
        ends = np.cumsum(lengths, dtype=np.intp)
        starts = ends - np.asarray(lengths, dtype=np.intp)
        owner = np.repeat(np.arange(len(lengths)), lengths)
        path = emissions.argmax(axis=1)
        # where each word's best tag may follow the one before, no other sequence is better
        before = np.concatenate(([len(self.tags)], path[:-1])) if len(path) else path
        before[starts[starts < len(path)]] = len(self.tags)
        broken = np.unique(owner[~self.follows[before, path]]).tolist()
        if broken:
            forbidden = np.where(self.follows, np.float32(0), np.float32(_NEVER))
            stops = np.cumsum([lengths[i] for i in broken]).tolist()
            bounds = list(zip([0, *stops], stops, strict=False))
            best = viterbi(np.concatenate([emissions[starts[i] : ends[i]] for i in broken]), bounds, forbidden)
            for i, (start, end) in zip(broken, bounds, strict=True):
                path[starts[i] : ends[i]] = best[start:end]
        found: list[list[Run]] = [[] for _ in lengths]
        for run in self._runs(emissions, path):
            sentence = int(owner[run.first])
            shift = int(starts[sentence])
            found[sentence].append(Run(run.kind, run.first - shift, run.last - shift, run.margin))
        return found

    def spans(self, words: Sequence[Word], runs: Sequence[Run], calibration: Mapping[str, Line]) -> list[FoundSpan]:
        """The spans that runs stand for; without a line for its kind, a span's probability is its margin's sigmoid."""
        lines = [calibration.get(run.kind, _PLAIN) for run in runs]
        logits = [line.slope * run.margin + line.shift for run, line in zip(runs, lines, strict=True)]
        return [
            FoundSpan(self.kinds[run.kind][0], words[run.first].start, words[run.last].end, self.kinds[run.kind][1], p)
            for run, p in zip(runs, sigmoid(np.array(logits)).tolist(), strict=True)
        ]

    def _runs(self, emissions: NDArray[np.float32], path: NDArray[np.intp]) -> Iterator[Run]:
        """The runs of a path of allowed tags; none goes on into the next sentence, since an I begins none."""
        inside = self.inside[path]
        starts = np.flatnonzero((path > 0) & ~inside)
        if not len(starts):
            return
        ends = np.flatnonzero((path > 0) & ~np.append(inside[1:], False)) + 1
        margins = np.append(_margins(emissions, path), np.float32(0))
        sums = np.add.reduceat(margins, np.stack((starts, ends), axis=1).ravel())[::2]
        means = (sums / (ends - starts)).tolist()
        for tag, start, end, margin in zip(path[starts].tolist(), starts.tolist(), ends.tolist(), means, strict=True):
            yield Run(self.tags[tag][2:], start, end - 1, margin)


def _margins(emissions: NDArray[np.float32], path: NDArray[np.intp]) -> NDArray[np.float32]:
    """Per word, the chosen tag's logit minus the best other one's; 0 outside of spans, where nobody asks."""
    rows = np.flatnonzero(path)
    chosen = path[rows]
    others = emissions[rows]
    best = others[np.arange(len(rows)), chosen]
    others[np.arange(len(rows)), chosen] = -np.inf
    found = np.zeros(len(path), dtype=np.float32)
    found[rows] = best - others.max(axis=1)
    return found
