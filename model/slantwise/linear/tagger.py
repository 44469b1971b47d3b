"""Span finding: words get BIO tags, the best sequence of tags gives the spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import SPAN_VALUES, SpanLabel, SpanValue
from slantwise.linear.hashing import Hashed, joined
from slantwise.linear.logistic import sigmoid
from slantwise.linear.table import WeightTable
from slantwise.linear.words import Batch
from slantwise.reading import FoundSpan

__all__ = ["Run", "Tagged", "Tagger", "parse_kind", "viterbi"]

_NO_WORDS = -1e3
"""The evidence in a sentence without words."""
_DISTANCES = (1, 2, 4, 7)
"""Classes of distance, by the least of each: next to it, within three, within six, farther."""
_CLASS_OF = np.array([0, 0, 1, 1, 2, 2, 2, 3])


@dataclass(frozen=True, slots=True)
class Tagger:
    """One layer of spans that do not overlap within the layer.

    Args:
        tags: "O", then "B-x" and "I-x" per kind x; a kind is a span label, or label:value.
        table: feature weights, one column per tag.
        transitions: score of tag j after tag i, shape (tags + 1, tags); the last row starts a sentence.
        lexicon: telling words learned from training, word -> kind; they reach features of far-off words.
        calibration: slope and intercept that turn a span's mean margin into a probability, per kind.

    Raises:
        ValueError: these contradict each other, or a tag names no kind of span.
    """

    tags: tuple[str, ...]
    table: WeightTable
    transitions: NDArray[np.float32]
    lexicon: Mapping[str, str]
    calibration: Mapping[str, tuple[float, float]]

    def __post_init__(self) -> None:
        kinds = {tag[2:] for tag in self.tags[1:]}
        if self.tags != ("O", *(f"{prefix}-{kind}" for kind in sorted(kinds) for prefix in "BI")):
            raise ValueError(f"tags {self.tags}")
        for kind in kinds:
            parse_kind(kind)
        if not all(isinstance(text, str) for pair in self.lexicon.items() for text in pair):
            raise ValueError("a lexicon that holds more than strings")
        columns = self.table.weights.shape[1]
        if columns != len(self.tags) or self.transitions.shape != (columns + 1, columns):
            raise ValueError(f"{columns} columns and {self.transitions.shape} transitions for {len(self.tags)} tags")
        if not (np.isfinite(self.transitions).all() and np.isfinite(list(self.calibration.values())).all()):
            raise ValueError("transitions and calibration that are not all finite numbers")

    def features(self, batch: Batch) -> NDArray[np.uint32]:
        """Features of this layer alone: the nearest telling word on each side, and how far off it is.

        Shape (features, words).
        """
        kinds = sorted(set(self.lexicon.values()))
        numbers = {kind: i for i, kind in enumerate(kinds, start=1)}
        own = np.array([numbers.get(self.lexicon.get(form, ""), 0) for form in batch.vocabulary])[batch.ids]
        left, right = _nearest(own, batch)
        near = Hashed.of(["", *(f"{kind} {distance}" for kind in kinds for distance in _DISTANCES)])
        words = batch.hashed[batch.ids]
        return np.stack(
            (
                joined("lk=", Hashed.of(["", *kinds])).crcs[own],
                joined("ll=", near).crcs[left],
                joined("lr=", near).crcs[right],
                joined(joined("lb=", near, " ")[left], near[right]).crcs,
                joined(joined("llw=", near, " ")[left], words).crcs,
                joined(joined("lrw=", near, " ")[right], words).crcs,
            )
        )

    def tag(self, batch: Batch, shared: NDArray[np.uint32]) -> Tagged:
        """Tag the words of each sentence; `shared` are the features of all layers, `word_features(batch)`."""
        emissions = self.table.sums(np.concatenate((shared, self.features(batch))))
        path = viterbi(emissions, batch.bounds, self.transitions)
        lead = emissions[:, 1:].max(axis=1) - emissions[:, 0]
        evidence = [float(lead[first:last].max()) if first < last else _NO_WORDS for first, last in batch.bounds]
        return Tagged(path, _margins(emissions, path), np.array(evidence, dtype=np.float32))

    def runs(self, batch: Batch, tagged: Tagged) -> list[Run]:
        """The runs of tags that stand for a span, in text order; an I after another kind starts a run of its own."""
        path = tagged.path
        names = ["", *sorted({tag[2:] for tag in self.tags[1:]})]
        kinds = np.array([names.index(tag[2:]) for tag in self.tags])[path]
        inside = np.array([tag[0] == "I" for tag in self.tags])[path]
        goes_on = inside & (kinds == np.roll(kinds, 1)) & (batch.starts < np.arange(len(path)))
        firsts = np.flatnonzero((kinds > 0) & ~goes_on)
        lasts = np.flatnonzero((kinds > 0) & ~np.append(goes_on[1:], np.zeros(min(len(path), 1), dtype=bool)))
        sentences = np.repeat(np.arange(len(batch.sentences)), [len(words) for words in batch.sentences])[firsts]
        # the sum of one run at a time: sums over the batch would add up in another order
        margins = [
            float(np.add.reduce(tagged.margins[first : last + 1]) / (last + 1 - first))
            for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
        ]
        offsets = batch.starts[firsts]
        rows = zip(
            sentences.tolist(),
            path[firsts].tolist(),
            (firsts - offsets).tolist(),
            (lasts - offsets).tolist(),
            margins,
            strict=True,
        )
        return [Run(sentence, self.tags[tag][2:], first, last, margin) for sentence, tag, first, last, margin in rows]

    def spans(self, batch: Batch, tagged: Tagged) -> list[list[FoundSpan]]:
        """The spans found in each sentence, in text order."""
        found: list[list[FoundSpan]] = [[] for _ in batch.sentences]
        runs = self.runs(batch, tagged)
        fitted = [self.calibration.get(run.kind, (1.0, 0.0)) for run in runs]
        logits = [slope * run.margin + shift for run, (slope, shift) in zip(runs, fitted, strict=True)]
        named = {kind: parse_kind(kind) for kind in {run.kind for run in runs}}
        for run, p in zip(runs, sigmoid(np.array(logits)).tolist(), strict=True):
            words = batch.sentences[run.sentence]
            label, value = named[run.kind]
            found[run.sentence].append(FoundSpan(label, words[run.first].start, words[run.last].end, value, p))
        return found


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tags of a batch.

    Args:
        path: the number of each word's tag, shape (words,).
        margins: per word, by how much the chosen tag's emission beats the best other one's.
        evidence: per sentence, by how much the likeliest tag of any word beats "O" there: how sure the layer is that
            there is a span.
    """

    path: NDArray[np.intp]
    margins: NDArray[np.float32]
    evidence: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a sentence, first to last, that are tagged as one span of this kind; `margin` is their mean."""

    sentence: int
    kind: str
    first: int
    last: int
    margin: float


def viterbi(
    emissions: NDArray[np.float32], bounds: Sequence[tuple[int, int]], transitions: NDArray[np.float32]
) -> NDArray[np.intp]:
    """The tag sequence with the highest sum of emissions and transitions, of every sentence.

    Args:
        emissions: shape (words, tags), sentence after sentence.
        bounds: where each sentence begins and ends among the words.
        transitions: shape (tags + 1, tags), the last row for a sentence's first word.

    Returns:
        The number of each word's tag, shape (words,); of equal sums the tags that come first.
    """
    starts, ends = np.array(bounds, dtype=np.intp).reshape(-1, 2).T
    # all sentences take their first step together, then their second; the longest come first and step on
    order = np.argsort(starts - ends, kind="stable")
    starts, lengths = starts[order], (ends - starts)[order]
    longest = int(lengths.max(initial=0))
    walking = np.searchsorted(-lengths, -np.arange(1, longest + 1), side="right").tolist()
    if not walking:
        return np.zeros(0, dtype=np.intp)
    at = np.concatenate([starts[:count] + t for t, count in enumerate(walking)])
    firsts = [0, *np.cumsum(walking).tolist()]
    own, between = emissions[at], transitions[:-1]
    best = own.copy()
    best[: walking[0]] += transitions[-1]
    for t in range(1, longest):
        here, before = slice(firsts[t], firsts[t + 1]), slice(firsts[t - 1], firsts[t - 1] + walking[t])
        np.maximum.reduce(best[before].T[:, :, None] + between[:, None, :], axis=0, out=best[here])
        best[here] += own[here]
    # right for the last words, and put right for the others from their next word
    packed = best.argmax(axis=1)
    for t in range(longest - 1, 0, -1):
        here, before = slice(firsts[t], firsts[t + 1]), slice(firsts[t - 1], firsts[t - 1] + walking[t])
        packed[before] = (best[before] + between.T[packed[here]]).argmax(axis=1)
    path = np.zeros(len(at), dtype=np.intp)
    path[at] = packed
    return path


def parse_kind(kind: str) -> tuple[SpanLabel, SpanValue | None]:
    """The span label and value that a kind names.

    Raises:
        ValueError: no such label, or no such value of it.
    """
    label, colon, value = kind.partition(":")
    values = SPAN_VALUES[SpanLabel(label)]
    if not colon:
        return SpanLabel(label), None
    if values is None:
        raise ValueError(f"{label} spans have no values, and {kind!r} names one")
    return SpanLabel(label), values(value)


def _margins(emissions: NDArray[np.float32], path: NDArray[np.intp]) -> NDArray[np.float32]:
    """Per word, the chosen tag's emission minus the best other one's."""
    others = emissions.copy()
    rows = np.arange(len(path))
    others[rows, path] = -np.inf
    return np.asarray(emissions[rows, path] - others.max(axis=1), dtype=np.float32)


def _nearest(kinds: NDArray[np.intp], batch: Batch) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Per word, the last telling kind before it and the first one after it, in its sentence, with their distance.

    As one number: 0 where there is none, else 1 + 4 (kind - 1) + the class of the distance.
    """
    at = np.arange(len(kinds))
    before = np.maximum.accumulate(np.where(kinds > 0, at, -1))
    before = np.concatenate(([-1], before[:-1]))[: len(kinds)]
    after = np.minimum.accumulate(np.where(kinds > 0, at, len(kinds))[::-1])[::-1]
    after = np.concatenate((after[1:], [len(kinds)]))[: len(kinds)]

    def number(other: NDArray[np.intp], is_there: NDArray[np.bool_]) -> NDArray[np.intp]:
        kind = kinds[np.where(is_there, other, 0)] if len(kinds) else kinds
        return np.where(is_there, 4 * kind - 3 + _CLASS_OF[np.minimum(np.abs(at - other), 7)], 0)

    return number(before, before >= batch.starts), number(after, after < batch.ends)
