"""The averaged structured perceptron (Collins, 2002) over BIO tags, on hashed word features."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import SpanLabel
from slantwise.linear.features import word_features
from slantwise.linear.table import WeightTable
from slantwise.linear.tagger import Tagger
from slantwise.linear.words import Batch, Word, split_words
from slantwise.records import LabelledSentence, Span
from slantwise_training.names import PHRASES, bare_name, name_in_phrase
from slantwise_training.recipe import LayerRecipe

__all__ = ["TaggedSentence", "fit_tagger", "spans_of_tags", "tag_set", "tagged_sentence"]

_FORBIDDEN = -1e4
_TELLING_COUNT, _TELLING_SHARE = 5, 0.3
_LEAST_WEIGHT = 1.0
"""Features that never weigh one whole update are dropped: a third fewer rows, less than .001 F1 on any dev set."""
_FEW_ROWS = 5000
"""A table of no more rows keeps all of them: few sentences make few updates, and small weights are all there is."""


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence's words with their gold tags."""

    words: list[Word]
    tags: list[str]


def tag_set(sentences: Sequence[TaggedSentence]) -> tuple[str, ...]:
    """The tag "O", then B and I of every kind that occurs, in alphabetical order."""
    kinds = sorted({tag[2:] for s in sentences for tag in s.tags if tag != "O"})
    return ("O", *(f"{prefix}-{kind}" for kind in kinds for prefix in "BI"))


def tagged_sentence(record: LabelledSentence, layer: LayerRecipe, bare_names: bool = False) -> TaggedSentence:
    """Lay a layer's gold spans over the words. Where spans overlap the longer one keeps the words.

    Args:
        record: the sentence.
        layer: which spans, and how they are told apart.
        bare_names: lay of each mention the name alone, see `slantwise_training.names`.
    """
    words = split_words(record.text)
    tags = ["O"] * len(words)
    spans = [s for s in record.spans if s.label in layer.labels and (not layer.values or s.value in layer.values)]
    bare = name_in_phrase if record.corpus in PHRASES else bare_name
    bounds = {s: bare(s) if bare_names and s.label is SpanLabel.MENTION else (s.start, s.end) for s in spans}
    for span in sorted(spans, key=lambda s: bounds[s][0] - bounds[s][1]):
        start, end = bounds[span]
        covered = [i for i, w in enumerate(words) if w.start < end and w.end > start]
        if not covered or any(tags[i] != "O" for i in covered):
            continue
        kind = _kind(span, layer)
        for i in covered:
            tags[i] = "I-" + kind
        tags[covered[0]] = "B-" + kind
    return TaggedSentence(words, tags)


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


def fit_tagger(sentences: Sequence[TaggedSentence], layer: LayerRecipe, seed: int) -> Tagger:
    """Train a layer; its calibration is left to `calibrate`."""
    tags = tag_set(sentences)
    lexicon = _telling_words(sentences, {str(label) for label in layer.lexicon})
    empty = WeightTable(np.zeros(0, np.uint32), np.zeros((1, len(tags)), np.float32))
    blank = Tagger(tags, empty, _bio(tags), lexicon, {})
    features = _features(blank, sentences)
    hashes = _frequent(features, layer.min_count)
    rows = WeightTable(hashes, np.zeros((len(hashes) + 1, 1), np.float32)).rows(features).astype(np.int32)
    gold = np.array([tags.index(tag) for s in sentences for tag in s.tags], dtype=np.intp)
    ends = np.cumsum([len(s.words) for s in sentences])
    bounds = [(int(end) - len(s.words), int(end)) for s, end in zip(sentences, ends, strict=True) if s.words]
    weights, transitions = _perceptron(rows, gold, bounds, len(hashes), _bio(tags), layer.epochs, seed)
    largest = np.abs(weights[:-1]).max(axis=1)
    is_small = np.count_nonzero(largest) <= _FEW_ROWS
    kept = np.flatnonzero(largest if is_small else largest >= _LEAST_WEIGHT)
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
    decoder = _Decoder(max((last - first for first, last in bounds), default=0), labels)
    order = np.arange(len(bounds))
    rng = np.random.default_rng(seed)
    step = 1
    for _ in range(epochs):
        rng.shuffle(order)
        for at in order.tolist():
            first, last = bounds[at]
            here, right = rows[first:last], gold[first:last]
            guess = decoder.path(np.add.reduce(weights.take(here, axis=0), axis=1), moves)
            step += 1
            wrong = np.flatnonzero(guess != right)
            if not len(wrong):
                continue
            cells = here[wrong] * labels
            more, less = (cells + right[wrong, None]).ravel(), (cells + guess[wrong, None]).ravel()
            before_right, before_guess = np.append(labels, right[:-1]), np.append(labels, guess[:-1])
            for table, transition, by in ((weights, moves, np.float32(1)), (summed, moved, np.float64(step))):
                np.add.at(table.reshape(-1), more, by)
                np.add.at(table.reshape(-1), less, -by)
                np.add.at(transition, (before_right, right), by)
                np.add.at(transition, (before_guess, guess), -by)
            weights[-1] = 0
    summed[-1] = 0
    scale = 1.0 / step
    allowed = transitions > _FORBIDDEN / 2
    averaged = np.where(allowed, moves - moved * scale, _FORBIDDEN)
    return (weights - summed * scale).astype(np.float32), averaged.astype(np.float32)


class _Decoder:
    """Finds the best path of one sentence after another.

    As `viterbi` does, but each step is two additions in place. It adds up in another order: in training all weights
    are whole numbers, and their sums exact.
    """

    def __init__(self, longest: int, labels: int) -> None:
        self._best = np.empty((longest, labels), np.float32)
        self._rows, self._columns = list(self._best), list(self._best[:, :, None])
        self._totals = np.empty((labels, labels), np.float32)

    def path(self, emissions: NDArray[np.float32], transitions: NDArray[np.float32]) -> NDArray[np.intp]:
        rows, columns, totals, add, largest = self._rows, self._columns, self._totals, np.add, np.maximum.reduce
        between, size = transitions[:-1], len(emissions)
        add(transitions[-1], emissions[0], out=rows[0])
        for t, step in enumerate(emissions[1:, None, :] + between):
            add(columns[t], step, out=totals)
            largest(totals, axis=0, out=rows[t + 1])
        back = (self._best[: size - 1, :, None] + between).argmax(axis=1).tolist()
        path = [int(rows[size - 1].argmax())]
        for before in reversed(back):
            path.append(before[path[-1]])
        return np.array(path[::-1], dtype=np.intp)


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
        batch = Batch.of([s.words for s in sentences[at : at + 1000]])
        blocks.append(np.concatenate((word_features(batch), tagger.features(batch))).T)
    return np.concatenate(blocks)


def _frequent(features: NDArray[np.uint32], least: int) -> NDArray[np.uint32]:
    hashes, counts = np.unique(features, return_counts=True)
    return np.asarray(hashes[counts >= least])
