"""Printed numbers and floors of the manifest beside ours."""

from __future__ import annotations

from dataclasses import dataclass

from slantwise.errors import AskedWrong
from slantwise_training.corpora.manifest import Corpus, Published
from slantwise_training.evaluation.intervals import Interval
from slantwise_training.evaluation.result import Evaluation

__all__ = ["Beside", "compare_with_manifest"]


@dataclass(frozen=True, slots=True)
class Beside:
    """One number of the manifest and ours on the same split and metric.

    `ours` is None where the evaluation has no such metric; `why` then says so.
    """

    kind: str
    """`published`, or `floor` for what a simple method reaches."""
    theirs: Published
    ours: Interval | None
    why: str = ""

    @property
    def ahead(self) -> float | None:
        """Ours minus theirs."""
        return None if self.ours is None else self.ours.value - self.theirs.value


def compare_with_manifest(evaluation: Evaluation, corpus: Corpus) -> tuple[Beside, ...]:
    """Every published number, then every floor, that the manifest has for the evaluation's split.

    Raises:
        AskedWrong: the evaluation is of another corpus.

    """
    if evaluation.corpus != corpus.name:
        raise AskedWrong(f"an evaluation on {corpus.name}", f"one on {evaluation.corpus}", "name the corpus it is of")
    rows = [("published", row) for row in corpus.published] + [("floor", row) for row in corpus.floor]
    return tuple(_beside(evaluation, kind, row) for kind, row in rows if row.split == evaluation.split)


def _beside(evaluation: Evaluation, kind: str, theirs: Published) -> Beside:
    try:
        return Beside(kind, theirs, evaluation.metric(theirs.metric))
    except AskedWrong as error:
        return Beside(kind, theirs, None, str(error))
