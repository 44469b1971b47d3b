"""Models that know almost nothing: what a real one must beat. Each is a `Backend` and learns from records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import SlantwiseError
from slantwise.labels import TASK_LABELS, SpanLabel, SpanValue, StanceLabel, Task
from slantwise.reading import Decision, FoundSpan, Reading, TargetMention
from slantwise.records import LabelledSentence
from slantwise_training.evaluation.counts import token_bounds

__all__ = ["LexiconBackend", "MajorityBackend", "OutletBackend"]

Shares: TypeAlias = NDArray[np.float32]
Words: TypeAlias = tuple[str, ...]

_STANCES = (StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR)
_TASKS_OF_SPANS: dict[SpanLabel, tuple[Task, ...]] = {
    SpanLabel.HEDGE: (Task.HEDGING, Task.VAGUENESS),
    SpanLabel.LOADED: (Task.WORDING,),
}
"""The questions that a found span answers by being there."""


class MajorityBackend:
    """Says of every sentence what most training sentences are, with the training share as its probability."""

    stance_margin = 0.0
    span_labels: frozenset[SpanLabel] = frozenset()

    def fit(self, records: Iterable[LabelledSentence]) -> Self:
        """Count the labels and stances.

        Raises:
            SlantwiseError: there is neither label nor stance to count.

        """
        labels: dict[Task, Counter[str]] = defaultdict(Counter)
        stances: Counter[str] = Counter()
        for record in records:
            for task, label in record.labels.items():
                labels[task][label] += 1
            values = [span.value for span in record.spans if span.label is SpanLabel.TARGET]
            stances.update(v for v in values + [s.value for s in record.stances] if v in _STANCES)
        if not labels and not stances:
            raise _nothing("task labels or stances")
        self.tasks_ = {task: _shares(counter, TASK_LABELS[task]) for task, counter in labels.items()}
        self.stance_ = _shares(stances, _STANCES) if stances else None
        return self

    @property
    def decisions(self) -> Mapping[Task, Decision]:
        """The most frequent label of each task that training had."""
        return {task: Decision() for task in self.tasks_}

    @property
    def has_stance(self) -> bool:
        """Whether training had stances."""
        return self.stance_ is not None

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """The same for every sentence."""
        return [Reading(text, self.tasks_, ()) for text in sentences]

    def stance(self, mentions: Sequence[TargetMention]) -> Shares:
        """The same for every mention, shape (mentions, 3)."""
        assert self.stance_ is not None, "the training records had no stance"
        return np.tile(self.stance_, (len(mentions), 1))


class OutletBackend:
    """Says of every sentence what most training sentences of its outlet are; the text is not looked at.

    An outlet that training did not have, or none, gets the majority of all. Through `read`, which has no outlet, this
    is a `MajorityBackend` without stances.
    """

    stance_margin = 0.0
    span_labels: frozenset[SpanLabel] = frozenset()
    has_stance = False

    def fit(self, records: Iterable[LabelledSentence]) -> Self:
        """Count the labels by outlet.

        Raises:
            SlantwiseError: no record has both an outlet and a label.

        """
        records = list(records)
        by_outlet: dict[str, dict[Task, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        for record in records:
            if record.doc.outlet is not None:
                for task, label in record.labels.items():
                    by_outlet[record.doc.outlet][task][label] += 1
        if not by_outlet:
            raise _nothing("labels of sentences with an outlet")
        self.outlets_ = {
            outlet: {task: _shares(counter, TASK_LABELS[task]) for task, counter in tasks.items()}
            for outlet, tasks in by_outlet.items()
        }
        self.tasks_ = MajorityBackend().fit(records).tasks_
        return self

    @property
    def decisions(self) -> Mapping[Task, Decision]:
        """The most frequent label of each task that training had."""
        return {task: Decision() for task in self.tasks_}

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """What most of all training sentences are."""
        return [Reading(text, self.tasks_, ()) for text in sentences]

    def read_records(self, records: Sequence[LabelledSentence]) -> list[Reading]:
        """What most training sentences of each record's outlet are."""
        return [Reading(r.text, self.tasks_ | self.outlets_.get(r.doc.outlet or "", {}), ()) for r in records]

    def stance(self, mentions: Sequence[TargetMention]) -> Shares:
        """Nothing is known of stances: even odds, shape (mentions, 3)."""
        return np.full((len(mentions), 3), 1 / 3, dtype=np.float32)


class LexiconBackend:
    """Finds the word sequences that training mostly marked, longest first, case ignored.

    Hedge cues also answer hedging or vagueness, loaded words wording, where training is labelled for it: a sentence
    is as positive as its surest span.

    Args:
        label: the span label to learn.
        threshold: the share of a sequence's occurrences that must be marked.
        least: the times a sequence must be marked.

    """

    stance_margin = 0.0
    has_stance = False

    def __init__(self, label: SpanLabel, threshold: float = 0.5, least: int = 2) -> None:
        self.label, self.threshold, self.least = label, threshold, least

    def fit(self, records: Iterable[LabelledSentence]) -> Self:
        """Learn the lexicon from the records that mark this label exhaustively.

        Raises:
            SlantwiseError: no record does, or no sequence is frequent and sure enough.

        """
        marked: dict[Words, Counter[SpanValue | None]] = defaultdict(Counter)
        sentences: list[list[str]] = []
        tasks: set[Task] = set()
        for record in records:
            if self.label not in record.exhaustive:
                continue
            sentences.append([word for word, _, _ in _words(record.text)])
            tasks.update(task for task in _TASKS_OF_SPANS.get(self.label, ()) if task in record.labels)
            for span in record.spans_of(self.label):
                marked[tuple(word for word, _, _ in _words(span.text))][span.value] += 1
        if not sentences:
            raise _nothing(f"sentences in which every {self.label} span is marked")
        frequent = {words for words, values in marked.items() if words and values.total() >= self.least}
        seen = Counter(_occurrences(sentences, frequent))
        shares = {words: min(1.0, marked[words].total() / seen[words]) for words in frequent if seen[words]}
        self.lexicon_ = {words: share for words, share in sorted(shares.items()) if share >= self.threshold}
        if not self.lexicon_:
            raise _nothing(f"{self.label} spans marked {self.least} times and in {self.threshold:.0%} of their places")
        self.values_ = {words: marked[words].most_common(1)[0][0] for words in self.lexicon_}
        self.tasks_ = tuple(task for task in Task if task in tasks)
        self.longest_ = max(map(len, self.lexicon_))
        return self

    @property
    def span_labels(self) -> frozenset[SpanLabel]:
        """The one label."""
        return frozenset({self.label})

    @property
    def decisions(self) -> Mapping[Task, Decision]:
        """Positive from the lexicon's threshold on."""
        return {task: Decision(threshold=self.threshold) for task in self.tasks_}

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """Look the words up, longest sequence first, left to right."""
        readings = []
        for text in sentences:
            spans = tuple(self._find(text))
            p = max((span.p for span in spans), default=0.0)
            shares = np.array([1 - p, p], dtype=np.float32)
            readings.append(Reading(text, dict.fromkeys(self.tasks_, shares), spans))
        return readings

    def stance(self, mentions: Sequence[TargetMention]) -> Shares:
        """Nothing is known of stances: even odds, shape (mentions, 3)."""
        return np.full((len(mentions), 3), 1 / 3, dtype=np.float32)

    def _find(self, text: str) -> Iterable[FoundSpan]:
        words, at = _words(text), 0
        while at < len(words):
            for length in range(min(self.longest_, len(words) - at), 0, -1):
                sequence = tuple(word for word, _, _ in words[at : at + length])
                if sequence in self.lexicon_:
                    start, end = words[at][1], words[at + length - 1][2]
                    yield FoundSpan(self.label, start, end, self.values_[sequence], self.lexicon_[sequence])
                    at += length
                    break
            else:
                at += 1


def _words(text: str) -> list[tuple[str, int, int]]:
    return [(text[start:end].casefold(), start, end) for start, end in token_bounds(text)]


def _occurrences(sentences: Iterable[Sequence[str]], sequences: set[Words]) -> Iterable[Words]:
    """Every place where one of the sequences stands, overlapping ones too."""
    lengths = sorted({len(words) for words in sequences})
    for sentence in sentences:
        for length in lengths:
            for at in range(len(sentence) - length + 1):
                words = tuple(sentence[at : at + length])
                if words in sequences:
                    yield words


def _shares(counter: Counter[str], labels: Sequence[str]) -> Shares:
    counts = np.array([counter[label] for label in labels], dtype=np.float32)
    return counts / np.float32(counter.total())


def _nothing(expected: str) -> SlantwiseError:
    return SlantwiseError(f"{expected} to learn a floor from", "none", "fit it on a corpus and split that has them")
