"""Event factuality by ridge regression: no lens of the package, but a question on which hedge cues can be tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from reproduction.job import Bench, Figure, Job, Kind, Outcome, Table, selections
from slantwise.labels import SpanLabel
from slantwise.linear.words import split_words
from slantwise.records import LabelledSentence
from slantwise_training.evaluation.floors import LexiconBackend
from slantwise_training.evaluation.intervals import intervals

__all__ = ["ErrorSums", "factuality_jobs"]

ALPHA = 8.0
"""Strength of the ridge: best on uw_dev among 1, 2, 4, 6, 8, 12, 16, 24; the window among 3, 4, 6."""
WINDOW = 4


@dataclass(frozen=True, slots=True)
class ErrorSums:
    """Sums over events from which Pearson's r and the mean error follow; they add over sentences.

    `sums` are n, gold, found, gold², found², gold · found and |gold - found|, shape (7,).
    """

    sums: NDArray[np.float64]

    @classmethod
    def of(cls, gold: NDArray[np.float64], found: NDArray[np.float64]) -> Self:
        """The sums of one sentence's events."""
        columns = (np.ones_like(gold), gold, found, gold**2, found**2, gold * found, abs(gold - found))
        return cls(np.array([column.sum() for column in columns]))

    def __add__(self, other: Self) -> Self:
        return type(self)(self.sums + other.sums)

    def to_vector(self) -> NDArray[np.float64]:
        """The sums."""
        return self.sums

    def with_vector(self, vector: NDArray[np.float64]) -> Self:
        """Sums from such a vector."""
        return type(self)(vector)

    @property
    def pearson_r(self) -> float:
        """The correlation of gold and found; 0 where either does not vary."""
        n, x, y, xx, yy, xy, _ = self.sums
        spread = np.sqrt(max(n * xx - x * x, 0.0) * max(n * yy - y * y, 0.0))
        return float((n * xy - x * y) / spread) if spread > 0 else 0.0

    @property
    def mae(self) -> float:
        """The mean absolute error."""
        return float(self.sums[-1] / self.sums[0])


def factuality_jobs() -> Iterator[Job]:
    """Yield the one job."""
    yield Job(
        name="trained-event_factuality-uw_test-ridge",
        table=Table.OTHER,
        kind=Kind.TRAINED,
        corpus="event_factuality",
        split="uw_test",
        system=f"ridge (event, {WINDOW} words to each side, hedge cues of szeged_wiki; alpha {ALPHA:g})",
        metrics=("pearson_r", "mae"),
        run=lambda bench: _run(bench, "event_factuality:uw_train", "event_factuality:uw_test", ALPHA),
        reads=("event_factuality", "szeged_wiki"),
        settings=f"{ALPHA} {WINDOW}",
        n_of="events",
    )


def _run(bench: Bench, train: str, test: str, alpha: float) -> Outcome:
    from sklearn.feature_extraction import FeatureHasher
    from sklearn.linear_model import Ridge

    lexicon = LexiconBackend(SpanLabel.HEDGE).fit(bench.library.records(selections("szeged_wiki:train")))
    hasher = FeatureHasher(2**20, input_type="string", alternate_sign=False)

    def matrix(records: Sequence[LabelledSentence]) -> Any:  # noqa: ANN401  a scipy matrix, and scipy is untyped here
        return hasher.transform([row for record in records for row in _features(record, lexicon)])

    given = bench.library.records(selections(train))
    model = Ridge(alpha=alpha).fit(matrix(given), np.concatenate([_gold(r) for r in given]))
    asked = bench.library.records(selections(test))
    gold = [_gold(record) for record in asked]
    found = np.split(np.clip(model.predict(matrix(asked)), -3, 3), np.cumsum([len(g) for g in gold])[:-1])
    sums = [ErrorSums.of(*pair) for pair in zip(gold, found, strict=True) if len(pair[0])]
    values = intervals(sums, {"pearson_r": lambda s: s.pearson_r, "mae": lambda s: s.mae})
    n = sum(map(len, gold))
    return Outcome({name: Figure(v.value, v.low, v.high, n) for name, v in values.items()}, {})


def _gold(record: LabelledSentence) -> NDArray[np.float64]:
    return np.array([span.number for span in record.spans_of(SpanLabel.EVENT)], dtype=np.float64)


def _features(record: LabelledSentence, lexicon: LexiconBackend) -> Iterator[list[str]]:
    """Yield each event's features: its word and ending, the words near it by side, cues by side and distance."""
    words = split_words(record.text)
    lower = [word.lower for word in words]
    cues = lexicon.read([record.text])[0].spans
    for event in record.spans_of(SpanLabel.EVENT):
        at = next(i for i, word in enumerate(words) if word.end > event.start)
        after = at + 1
        left, right = lower[max(0, at - WINDOW) : at], lower[after : after + WINDOW]
        before = lower[at - 1] if at else "<s>"
        behind = lower[after] if after < len(lower) else "</s>"
        features = [f"e={lower[at]}", f"e3={lower[at][-3:]}", f"p={before}", f"n={behind}", f"pe={before} {lower[at]}"]
        features += [f"en={lower[at]} {behind}", f"pe3={before} {lower[at][-3:]}", f"n2={' '.join(right[:2])}"]
        features += [f"p2={' '.join(left[-2:])}", *(f"L={word}" for word in left), *(f"R={word}" for word in right)]
        features += [f"S={word}" for word in set(lower)]
        for cue in cues:
            side = "L" if cue.end <= event.start else "R" if cue.start >= event.end else "I"
            between = sum(event.end <= w.start < cue.start or cue.end <= w.start < event.start for w in words)
            features += [f"cue {side} {cue.value}", f"cue {side} {min(between, 8)}"]
        yield features
