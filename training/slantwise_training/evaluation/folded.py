"""A floor on a set that has no training split: fitted in folds, each document by what the others taught."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import SpanLabel, Task
from slantwise.reading import Backend, Decision, Reading, TargetMention
from slantwise.records import LabelledSentence
from slantwise_training.evaluation.evaluate import Partial, RecordReader, document_of
from slantwise_training.evaluation.protocols import folds_by_document

__all__ = ["FOLDS", "FoldedBackend"]

FOLDS = 5
"""A set of fewer documents has no floors in folds."""


class FoldedBackend:
    """Reads each record with the model that never saw its document; a reading's `state` is its fold.

    Args:
        make: fits a backend on records; an error of one fold is the whole's.
        k: folds.
        seed: of the folds.

    """

    stance_margin = 0.0

    def __init__(self, make: Callable[[Sequence[LabelledSentence]], Backend], k: int = FOLDS, seed: int = 0) -> None:
        self.make, self.k, self.seed = make, k, seed

    def fit(self, records: Sequence[LabelledSentence]) -> Self:
        """Fit a backend for every fold.

        Raises:
            AskedWrong: there are fewer documents than folds.
            SlantwiseError: the records of a fold teach nothing.

        """
        self.fold_of_: dict[str, int] = {}
        self.backends_: list[Backend] = []
        for at, fold in enumerate(folds_by_document(records, self.k, self.seed)):
            self.fold_of_ |= {document_of(records[row]): at for row in fold.test}
            self.backends_.append(self.make([records[row] for row in fold.train]))
        return self

    @property
    def decisions(self) -> dict[Task, Decision]:
        """Those of all folds."""
        return {task: decision for backend in self.backends_ for task, decision in backend.decisions.items()}

    @property
    def span_labels(self) -> frozenset[SpanLabel]:
        """Those of the first fold; floors of one kind find the same labels."""
        first = self.backends_[0]
        return first.span_labels if isinstance(first, Partial) else frozenset()

    @property
    def has_stance(self) -> bool:
        """Whether every fold takes stances."""
        return all(backend.has_stance for backend in self.backends_ if isinstance(backend, Partial))

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """Read with the first fold: a text alone tells no document."""
        return [replace(reading, state=0) for reading in self.backends_[0].read(sentences)]

    def read_records(self, records: Sequence[LabelledSentence]) -> list[Reading]:
        """Read each record with its fold's backend."""
        readings: list[Reading | None] = [None] * len(records)
        for at, backend in enumerate(self.backends_):
            rows = [row for row, record in enumerate(records) if self.fold_of_[document_of(record)] == at]
            if not rows:
                continue
            mine = [records[row] for row in rows]
            read = backend.read_records(mine) if isinstance(backend, RecordReader) else None
            for row, reading in zip(rows, read or backend.read([record.text for record in mine]), strict=True):
                readings[row] = replace(reading, state=at)
        return [reading for reading in readings if reading is not None]

    def stance(self, mentions: Sequence[TargetMention]) -> NDArray[np.float32]:
        """Each by the fold that read its sentence, shape (mentions, 3)."""
        p = np.zeros((len(mentions), 3), dtype=np.float32)
        folds = np.array([mention.reading.state for mention in mentions], dtype=np.intp)
        for at, backend in enumerate(self.backends_):
            rows = np.flatnonzero(folds == at).tolist()
            if rows:
                p[rows] = backend.stance([mentions[row] for row in rows])
        return p
