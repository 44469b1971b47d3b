"""Span finding: words get BIO tags, the best sequence of tags gives the spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import SPAN_VALUES, SpanLabel
from slantwise.linear.table import WeightTable
from slantwise.linear.words import Word, hash_features
from slantwise.reading import FoundSpan

__all__ = ["Tagged", "Tagger", "spans_of_tags", "viterbi"]

_NO_WORDS = -1e3
"""The evidence in a sentence without words."""



@dataclass(frozen=True, slots=True)
class Tagger:
    """One layer of spans that do not overlap within the layer.

    Args:
        tags: "O", then "B-x" and "I-x" per kind x; a kind is a span label, or label:value.
        table: feature weights, one column per tag.
        transitions: score of tag j after tag i, shape (tags + 1, tags); the last row starts a sentence.
        lexicon: telling words learned from training, word -> kind; they reach features of far-off words.
        calibration: slope and intercept that turn a span's mean margin into a probability, per kind.
    """

    tags: tuple[str, ...]
    table: WeightTable
    transitions: NDArray[np.float32]
    lexicon: Mapping[str, str]
    calibration: Mapping[str, tuple[float, float]]

    def features(self, words: Sequence[Word]) -> list[list[str]]:
        """Features of this layer alone: the nearest telling word on each side, and how far off it is."""
        kinds = [self.lexicon.get(word.lower, "") for word in words]
        left = _nearest(kinds)
        right = _nearest(kinds[::-1])[::-1]
        rows = []
        for i, kind in enumerate(kinds):
            word = words[i].lower
            rows.append(
                [
                    "lk=" + kind,
                    "ll=" + left[i],
                    "lr=" + right[i],
                    f"lb={left[i]} {right[i]}",
                    f"llw={left[i]} {word}",
                    f"lrw={right[i]} {word}",
                ]
            )
        return rows

    def tag(self, sentences: Sequence[Sequence[Word]], shared: NDArray[np.uint32]) -> list[Tagged]:
        """Tag the words of each sentence.

        Args:
            sentences: the words.
            shared: the hashed features all layers share, of all sentences' words one after another, (words, features).
        """
        if not len(shared):
            return [Tagged([], np.zeros(0, np.float32), _NO_WORDS) for _ in sentences]
        own = [feature for words in sentences for row in self.features(words) for feature in row]
        features = np.hstack((shared, hash_features(own).reshape(len(shared), -1)))
        scores = self.table.sums(features)
        results, at = [], 0
        for words in sentences:
            emissions = scores[at : at + len(words)]
            at += len(words)
            path = viterbi(emissions, self.transitions)
            evidence = float((emissions[:, 1:].max(axis=1) - emissions[:, 0]).max()) if len(words) else _NO_WORDS
            results.append(Tagged([self.tags[t] for t in path], margins(emissions, path), evidence))
        return results

    def spans(self, words: Sequence[Word], tagged: Tagged) -> list[FoundSpan]:
        """The spans the tags stand for."""
        found = []
        for kind, first, last in spans_of_tags(tagged.tags):
            slope, intercept = self.calibration.get(kind, (1.0, 0.0))
            margin = float(np.mean(tagged.margins[first : last + 1]))
            p = 1.0 / (1.0 + np.exp(-(slope * margin + intercept)))
            label, _, value = kind.partition(":")
            values = SPAN_VALUES[SpanLabel(label)]
            found.append(
                FoundSpan(
                    SpanLabel(label),
                    words[first].start,
                    words[last].end,
                    values(value) if values and value else None,
                    float(p),
                )
            )
        return found


@dataclass(frozen=True, slots=True)
class Tagged:
    """A sentence's tags, and per word by how much the chosen tag beats the best other one.

    `evidence` is by how much the likeliest tag of any word beats "O" there: how sure the layer is that there is a span.
    """

    tags: list[str]
    margins: NDArray[np.float32]
    evidence: float


def viterbi(emissions: NDArray[np.float32], transitions: NDArray[np.float32]) -> list[int]:
    """The tag sequence with the highest sum of emissions (words, tags) and transitions (tags + 1, tags)."""
    if not len(emissions):
        return []
    best = emissions[0] + transitions[-1]
    between = transitions[:-1]
    back = np.empty(emissions.shape, dtype=np.intp)
    for t in range(1, len(emissions)):
        total = best[:, None] + between
        back[t] = total.argmax(axis=0)
        best = total.max(axis=0) + emissions[t]
    path = [int(best.argmax())]
    for t in range(len(emissions) - 1, 0, -1):
        path.append(int(back[t, path[-1]]))
    return path[::-1]


def margins(emissions: NDArray[np.float32], path: Sequence[int]) -> NDArray[np.float32]:
    """Per word, the chosen tag's emission minus the best other one's."""
    if not len(path):
        return np.zeros(0, np.float32)
    others = emissions.copy()
    rows = np.arange(len(path))
    others[rows, path] = -np.inf
    return np.asarray(emissions[rows, path] - others.max(axis=1), dtype=np.float32)


def spans_of_tags(tags: Sequence[str]) -> list[tuple[str, int, int]]:
    """Kind, first and last word of every run of tags; an I after another kind starts a span of its own."""
    spans: list[tuple[str, int, int]] = []
    open_kind, first = "", 0
    for i, tag in enumerate([*tags, "O"]):
        kind = tag[2:]
        if open_kind and (tag[0] != "I" or kind != open_kind):
            spans.append((open_kind, first, i - 1))
            open_kind = ""
        if tag != "O" and not open_kind:
            open_kind, first = kind, i
    return spans


def _nearest(kinds: Sequence[str]) -> list[str]:
    """Per position the last telling kind before it with the distance in classes, or nothing."""
    found, last, at = [], "", -1
    for i, kind in enumerate(kinds):
        distance = i - at
        near = 1 if distance == 1 else 2 if distance <= 3 else 4 if distance <= 6 else 7
        found.append(f"{last} {near}" if last else "")
        if kind:
            last, at = kind, i
    return found
