"""GAP: which of two names a pronoun stands for, by surface features and gradient boosting. No lens of the package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from reproduction.job import Bench, Figure, Job, Kind, Outcome, Table, selections
from slantwise.boundaries import sentence_starts
from slantwise.records import LabelledSentence, Span
from slantwise_training.evaluation.evaluate import document_of
from slantwise_training.evaluation.intervals import intervals

__all__ = ["Hits", "pronoun_jobs"]

WORD = re.compile(r"\w+")
VERBLIKE = re.compile(r"\s+(?:\w+ly\s+)?(?:is|was|had|has|were|did|does|could|would|will|\w+ed|\w+s)\b")
BEFORE_OBJECT = re.compile(r"\b(?:with|by|of|to|for|from|and|about|against|between|as|on|in|at|than|like)\s+$")


@dataclass(frozen=True, slots=True)
class Hits:
    """Hits, false alarms and misses over names; they add over snippets. `table` has shape (3,)."""

    table: NDArray[np.float64]

    def __add__(self, other: Self) -> Self:
        return type(self)(self.table + other.table)

    def to_vector(self) -> NDArray[np.float64]:
        """The three counts."""
        return self.table

    def with_vector(self, vector: NDArray[np.float64]) -> Self:
        """Counts from such a vector."""
        return type(self)(vector)

    @property
    def f1(self) -> float:
        """F1 of the names that are the pronoun's."""
        hits, false, missed = self.table
        return float(2 * hits / (2 * hits + false + missed)) if hits else 0.0


def pronoun_jobs() -> Iterator[Job]:
    """Yield the one job."""
    yield Job(
        name="trained-gap-test-pronouns",
        table=Table.OTHER,
        kind=Kind.TRAINED,
        corpus="gap",
        split="test",
        system="surface features, gradient boosting, mentions given; trained on dev, threshold from validation",
        metrics=("gap_f1",),
        run=lambda bench: _run(bench, "gap:test"),
        reads=("gap",),
        settings="15 leaves, 150 rounds, rate .05",
        n_of="pronouns",
    )


def _run(bench: Bench, test: str) -> Outcome:
    from sklearn.ensemble import HistGradientBoostingClassifier

    def read(on: str) -> tuple[list[LabelledSentence], NDArray[np.float64], NDArray[np.bool_]]:
        records = bench.library.records(selections(on))
        rows = [row for record in records for row in _rows(record)]
        return records, np.array(rows), np.array([right for record in records for right in _gold(record)])

    _, rows, right = read("gap:dev")
    model = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=150, max_leaf_nodes=15, min_samples_leaf=20, l2_regularization=1.0, random_state=0
    ).fit(rows, right)
    _, rows, right = read("gap:validation")
    p = model.predict_proba(rows)[:, 1]
    grid = np.arange(0.2, 0.7, 0.02)
    threshold = float(max(grid, key=lambda t: _hits(_chosen(p, t), right).f1))
    records, rows, right = read(test)
    found = _chosen(model.predict_proba(rows)[:, 1], threshold)
    hits: dict[str, Hits] = {}
    for at, record in enumerate(records):
        own = _hits(found[2 * at : 2 * at + 2], right[2 * at : 2 * at + 2])
        document = document_of(record)
        hits[document] = hits[document] + own if document in hits else own
    value = intervals(tuple(hits.values()), {"gap_f1": lambda counts: counts.f1})["gap_f1"]
    return Outcome({"gap_f1": Figure(value.value, value.low, value.high, len(records))}, {})


def _chosen(p: NDArray[np.float64], threshold: float) -> NDArray[np.bool_]:
    """The likelier of each two names, where it is likely enough."""
    pairs = p.reshape(-1, 2)
    best = pairs >= pairs.max(axis=1, keepdims=True)
    return np.asarray((best & (pairs >= threshold)).ravel())


def _hits(found: NDArray[np.bool_], right: NDArray[np.bool_]) -> Hits:
    return Hits(np.array([(found & right).sum(), (found & ~right).sum(), (~found & right).sum()], dtype=np.float64))


def _gold(record: LabelledSentence) -> tuple[bool, bool]:
    one, other, pronoun = _mentions(record)
    return one.entity == pronoun.entity, other.entity == pronoun.entity


def _mentions(record: LabelledSentence) -> tuple[Span, Span, Span]:
    spans = {span.id: span for span in record.spans}
    return spans["A"], spans["B"], spans["Pronoun"]


def _rows(record: LabelledSentence) -> Iterator[list[float]]:
    """Yield each name's features, those of the other name, and their differences."""
    one, other, pronoun = _mentions(record)
    starts = sentence_starts(record.text)
    of_one = _features(record.text, starts, one, pronoun)
    of_other = _features(record.text, starts, other, pronoun)
    for own, others in ((of_one, of_other), (of_other, of_one)):
        yield [*own, *others, *(a - b for a, b in zip(own, others, strict=True)), *_of_pronoun(record, starts, pronoun)]


def _features(text: str, starts: Sequence[int], name: Span, pronoun: Span) -> list[float]:
    begin = max((s for s in starts if s <= name.start), default=0)
    apart = sum(min(name.start, pronoun.start) < s <= max(name.start, pronoun.start) for s in starts)
    between = text[min(name.end, pronoun.end) : max(name.start, pronoun.start)]
    before, after = text[begin : name.start], text[name.end :]
    surname = name.text.split()[-1]
    times = [match.start() for match in re.finditer(rf"\b{re.escape(surname)}\b", text)]
    is_before = name.start < pronoun.start
    return [
        is_before,
        apart,
        apart if is_before else -apart - 1,
        len(WORD.findall(between)),
        len(re.findall(r"\b[A-Z]\w+", between)),
        between.count(","),
        bool(re.search(r"[;:(]|\b(?:and|but|while|when|that|who)\b", between)),
        len(WORD.findall(before)),
        not WORD.search(before),
        bool(VERBLIKE.match(after)),
        bool(BEFORE_OBJECT.search(before)),
        after.startswith(("'s", "’s")),
        after.lstrip()[:1] in ",(",
        before.rstrip()[-1:] in ",(",
        before.count("("),
        len(times),
        sum(t < pronoun.start for t in times),
        sum(begin <= t < pronoun.start for t in times),
        min((abs(t - pronoun.start) for t in times), default=0),
        name.text.count(" "),
        times[0] == name.start if times else False,
        name.start / len(text),
        text.count(name.text),
    ]


def _of_pronoun(record: LabelledSentence, starts: Sequence[int], pronoun: Span) -> list[float]:
    begin = max((s for s in starts if s <= pronoun.start), default=0)
    lower, before = pronoun.text.lower(), record.text[begin : pronoun.start]
    kinds = [lower in ("he", "she"), lower in ("his", "her", "hers"), lower in ("him", "her"), lower[0] == "h"]
    return [*kinds, len(WORD.findall(before)), bool(VERBLIKE.match(record.text[pronoun.end :])), before.count(",")]
