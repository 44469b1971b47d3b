"""Jobs of the models that know almost nothing, where the manifest has their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reproduction.job import Bench, Job, Kind, Table, selections
from slantwise.labels import SpanLabel, Task
from slantwise.reading import Backend, Decision, FoundSpan, Reading, TargetMention
from slantwise.records import LabelledSentence
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.floors import LexiconBackend, MajorityBackend
from slantwise_training.evaluation.result import Evaluation

__all__ = ["EverySentence", "floor_jobs"]

Fit = Callable[[list[LabelledSentence]], Backend]


class EverySentence:
    """Says of every sentence that it is vague, and that it attributes something from its first to its last word."""

    stance_margin = 0.0
    has_stance = False
    span_labels = frozenset({SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT})
    decisions: Mapping[Task, Decision] = {Task.VAGUENESS: Decision()}

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """The same for every sentence."""
        sure = np.array([0, 1], dtype=np.float32)
        return [
            Reading(text, {Task.VAGUENESS: sure}, (FoundSpan(SpanLabel.CONTENT, 0, len(text), None, 1.0),))
            for text in sentences
        ]

    def stance(self, mentions: Sequence[TargetMention]) -> NDArray[np.float32]:
        """Nothing is known of stances: even odds, shape (mentions, 3)."""
        return np.full((len(mentions), 3), 1 / 3, dtype=np.float32)


def floor_jobs() -> Iterator[Job]:
    """Yield every job of a floor with a test split."""

    def lexicon(records: list[LabelledSentence]) -> Backend:
        return LexiconBackend(SpanLabel.HEDGE).fit(records)

    def majority(records: list[LabelledSentence]) -> Backend:
        return MajorityBackend().fit(records)

    def every(_: list[LabelledSentence]) -> Backend:
        return EverySentence()

    hedge, table = "f1 span_exact_f1:hedge", Table.HEDGING
    for name in ("wiki", "bio"):
        train, test = f"szeged_{name}:train", f"szeged_{name}:test"
        yield _job(table, train, test, hedge, lexicon, "cue lexicon", "hedging")
    train, test = "szeged_wiki:train", "szeged_factbank:test"
    yield _job(table, train, test, hedge, lexicon, "cue lexicon from szeged_wiki", "hedging", "lexicon.*; zero-shot")
    yield _job(table, "", "conll2010_wiki:test", "f1", every, "all positive", "vagueness")
    yield _job(Table.ATTRIBUTION, "", "polnear:test", "f1", every, "every sentence", "attribution")
    stance = Table.STANCE
    yield _job(stance, "seesaw:train", "seesaw:test", "micro_f1", majority, "majority", "stance", n_of="targets")
    both = "dse:test+test_leaked"
    yield _job(stance, "dse:train", both, "micro_f1 macro_f1", majority, "majority", "directed")


def _job(
    table: Table, train: str, on: str, metrics: str, fit: Fit, system: str, measure: str, floors: str = "",
    n_of: str = "sentences",
) -> Job:
    corpus, _, split = on.partition(":")

    def run(bench: Bench) -> Evaluation:
        return evaluate(fit(bench.library.records(selections(train))), bench.library.records(selections(on)))

    return Job(
        name=f"floor-{corpus}-{split}-{system.replace(' ', '-')}",
        table=table,
        kind=Kind.FLOOR,
        corpus=corpus,
        split=split,
        system=system,
        metrics=tuple(metrics.split()),
        run=run,
        reads=tuple(sorted({s.corpus for s in selections(f"{train} {on}")})),
        settings=f"{system} {train} {on}",
        measure=measure,
        floors=floors or system.partition(" from")[0],
        published=None,
        n_of=n_of,
    )
