"""The averaged structured perceptron (Collins, 2002) over BIO tags, on hashed word features."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.linear.table import WeightTable
from slantwise.linear.tagger import Tagger, viterbi
from slantwise.linear.words import Word, hash_features, split_words, word_features
from slantwise.records import LabelledSentence, Span
from slantwise_training.recipe import LayerRecipe

__all__ = ["TaggedSentence", "fit_tagger", "tag_set", "tagged_sentence"]

_FORBIDDEN = -1e4
_TELLING_COUNT, _TELLING_SHARE = 5, 0.3
_LEAST_WEIGHT = 1.0
"""Features that never weigh one whole update are dropped: a third fewer rows, less than .001 F1 on any dev set."""


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence's words with their gold tags."""

    words: list[Word]
    tags: list[str]


def tag_set(sentences: Sequence[TaggedSentence]) -> tuple[str, ...]:
    """"O", then B and I of every kind that occurs, in alphabetical order."""
    kinds = sorted({tag[2:] for s in sentences for tag in s.tags if tag != "O"})
    return ("O", *(f"{prefix}-{kind}" for kind in kinds for prefix in "BI"))


def tagged_sentence(record: LabelledSentence, layer: LayerRecipe) -> TaggedSentence:
    """Lay a layer's gold spans over the words. Where spans overlap the longer one keeps the words."""
    words = split_words(record.text)
    tags = ["O"] * len(words)
    spans = [s for s in record.spans if s.label in layer.labels and (not layer.values or s.value in layer.values)]
    for span in sorted(spans, key=lambda s: s.start - s.end):
        covered = [i for i, w in enumerate(words) if w.start < span.end and w.end > span.start]
        if not covered or any(tags[i] != "O" for i in covered):
            continue
        kind = _kind(span, layer)
        for i in covered:
            tags[i] = "I-" + kind
        tags[covered[0]] = "B-" + kind
    return TaggedSentence(words, tags)


def fit_tagger(sentences: Sequence[TaggedSentence], layer: LayerRecipe, seed: int) -> Tagger:
    """Train a layer; its calibration is left to `calibrate`."""
    tags = tag_set(sentences)
    lexicon = _telling_words(sentences, {str(label) for label in layer.lexicon})
    empty = WeightTable(np.zeros(0, np.uint32), np.zeros((1, len(tags)), np.float32))
    blank = Tagger(tags, empty, _bio(tags), lexicon, {})
    features = _features(blank, sentences)
    hashes = _frequent(features, layer.min_count)
    rows = WeightTable(hashes, np.zeros((1, len(tags)), np.float32)).rows(features).astype(np.int32)
    gold = np.array([tags.index(tag) for s in sentences for tag in s.tags], dtype=np.intp)
    ends = np.cumsum([len(s.words) for s in sentences])
    bounds = [(int(end) - len(s.words), int(end)) for s, end in zip(sentences, ends, strict=True) if s.words]
    weights, transitions = _perceptron(rows, gold, bounds, len(hashes), _bio(tags), layer.epochs, seed)
    kept = np.flatnonzero(np.abs(weights[:-1]).max(axis=1) >= _LEAST_WEIGHT)
    # rounding to the precision on disk here keeps what is calibrated and what is saved the same
    table = WeightTable(hashes[kept], np.vstack((weights[kept], weights[-1:])).astype(np.float16).astype(np.float32))
    return Tagger(tags, table, transitions, lexicon, {})


def _perceptron(
    rows: NDArray[np.int32],
    gold: NDArray[np.intp],
    bounds: list[tuple[int, int]],
    size: int,
    transitions: NDArray[np.float32],
    epochs: int,
    seed: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Averaged weights (size + 1, tags) and transitions; sums weighted by step average without keeping copies."""
    labels = transitions.shape[1]
    weights, summed = np.zeros((size + 1, labels), np.float32), np.zeros((size + 1, labels), np.float64)
    moves, moved = transitions.copy(), np.zeros(transitions.shape, np.float64)
    order = np.arange(len(bounds))
    rng = np.random.default_rng(seed)
    step = 1
    for _ in range(epochs):
        rng.shuffle(order)
        for at in order:
            first, last = bounds[at]
            here, right = rows[first:last], gold[first:last]
            guess = np.array(viterbi(weights[here].sum(axis=1), moves))
            step += 1
            wrong = np.flatnonzero(guess != right)
            if not len(wrong):
                continue
            for i in wrong:
                weights[here[i], right[i]] += 1
                weights[here[i], guess[i]] -= 1
                summed[here[i], right[i]] += step
                summed[here[i], guess[i]] -= step
            weights[-1] = 0
            before_right = np.concatenate(([labels], right[:-1]))
            before_guess = np.concatenate(([labels], guess[:-1]))
            for table, by in ((moves, 1), (moved, step)):
                np.add.at(table, (before_right, right), by)
                np.add.at(table, (before_guess, guess), -by)
    summed[-1] = 0
    scale = 1.0 / step
    allowed = transitions > _FORBIDDEN / 2
    averaged = np.where(allowed, moves - moved * scale, _FORBIDDEN)
    return (weights - summed * scale).astype(np.float32), averaged.astype(np.float32)


def _bio(tags: Sequence[str]) -> NDArray[np.float32]:
    """Starting transitions: an I may only follow the B or I of its kind."""
    table = np.zeros((len(tags) + 1, len(tags)), dtype=np.float32)
    for j, tag in enumerate(tags):
        if tag[0] == "I":
            for i in range(len(tags) + 1):
                if i == len(tags) or tags[i][2:] != tag[2:] or tags[i] == "O":
                    table[i, j] = _FORBIDDEN
    return table


def _kind(span: Span, layer: LayerRecipe) -> str:
    return f"{span.label}:{span.value}" if layer.kinds and span.value is not None else str(span.label)


def _telling_words(sentences: Sequence[TaggedSentence], labels: set[str]) -> dict[str, str]:
    """Words that are mostly of one kind whenever they occur, among the kinds of these labels."""
    seen: Counter[str] = Counter()
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for word, tag in zip(sentence.words, sentence.tags, strict=True):
            seen[word.lower] += 1
            if tag != "O" and tag[2:].partition(":")[0] in labels:
                kinds[word.lower][tag[2:]] += 1
    telling = {}
    for lower, counts in kinds.items():
        kind, count = counts.most_common(1)[0]
        if seen[lower] >= _TELLING_COUNT and count >= _TELLING_SHARE * seen[lower]:
            telling[lower] = kind
    return telling


def _features(tagger: Tagger, sentences: Sequence[TaggedSentence]) -> NDArray[np.uint32]:
    """The hashed features of all words, shape (words, features)."""
    blocks = []
    for at in range(0, len(sentences), 1000):
        chunk = [s.words for s in sentences[at : at + 1000]]
        rows = [
            [*shared, *own]
            for words in chunk
            for shared, own in zip(word_features(words), tagger.features(words), strict=True)
        ]
        if rows:
            blocks.append(hash_features(f for row in rows for f in row).reshape(len(rows), -1))
    return np.concatenate(blocks)


def _frequent(features: NDArray[np.uint32], least: int) -> NDArray[np.uint32]:
    hashes, counts = np.unique(features, return_counts=True)
    return np.asarray(hashes[counts >= least])
