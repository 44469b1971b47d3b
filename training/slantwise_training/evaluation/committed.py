"""Predictions that others committed beside a corpus: scored by our own metrics, compared with ours answer by answer.

`babe_v2` (Media-Bias-Group/llm-annotations-annomatic, MIT) has the labels of three fine-tuned models for its 1,000
test sentences; `polnear` those of two taggers (`corpora.polnear_reference`). Printed numbers allow no paired test.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import AskedWrong, BadRow, SlantwiseError
from slantwise.labels import SpanLabel, Task
from slantwise.reading import Decision, Reading, TargetMention
from slantwise.records import LabelledSentence
from slantwise.score import ModelName
from slantwise_training.corpora import find_corpus, polnear_reference, read_corpus
from slantwise_training.corpora.babe_v2 import FILES
from slantwise_training.evaluation.compare import ModelComparison, compare_evaluations
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.result import Evaluation, LabelMeasure, Measure

__all__ = ["SYSTEMS", "CommittedBackend", "committed_evaluation", "compare_with_committed"]

_BABE = {"RoBERTa trained on BABE": "babe", "SA-FT (RoBERTa trained on anno_lexical)": "synth", "MAGPIE": "magpie"}
"""The systems by their column of the test file."""
_CELLS = {"0": np.array([1, 0], dtype=np.float32), "1": np.array([0, 1], dtype=np.float32)}


@dataclass(frozen=True)
class CommittedBackend:
    """Answers from a file, by the record's id; what it has no answer for is an error, not a guess."""

    readings: Mapping[str, Reading]
    decisions: Mapping[Task, Decision] = field(default_factory=dict)
    span_labels: frozenset[SpanLabel] = frozenset()
    stance_margin: float = 0.0
    has_stance: bool = False

    def read_records(self, records: Sequence[LabelledSentence]) -> list[Reading]:
        """The committed reading of each record.

        Raises:
            SlantwiseError: none is committed for a record.

        """
        for record in records:
            if record.id not in self.readings or self.readings[record.id].text != record.text:
                expected = f"a committed prediction for {record.id}, with its text"
                raise SlantwiseError(expected, "none", "compare on the published test split")
        return [self.readings[record.id] for record in records]

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """Nothing was committed for sentences as such."""
        raise AssertionError(f"{len(sentences)} sentences asked by text; predictions are known by record")

    def stance(self, mentions: Sequence[TargetMention]) -> NDArray[np.float32]:
        """Nothing is known of stances: even odds, shape (mentions, 3)."""
        return np.full((len(mentions), 3), 1 / 3, dtype=np.float32)


def committed_evaluation(
    corpus: str,
    system: str,
    root: Path,
    records: Sequence[LabelledSentence] | None = None,
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """Evaluate a committed system as one of our own models is.

    Args:
        corpus: `babe_v2` or `polnear`.
        system: a name of `SYSTEMS[corpus]`.
        root: the folder of corpora.
        records: records of the test split; None takes all.
        resamples: bootstrap samples behind each interval.
        seed: of the bootstrap.

    Raises:
        AskedWrong: no such corpus or system, or the corpus is not in `root`.
        SlantwiseError: a record has no committed prediction.

    """
    if corpus not in SYSTEMS:
        raise AskedWrong(f"a corpus with committed predictions ({', '.join(SYSTEMS)})", repr(corpus), "name one")
    if system not in SYSTEMS[corpus]:
        raise AskedWrong(f"a system on {corpus} ({', '.join(SYSTEMS[corpus])})", repr(system), "name one of these")
    backend = _READERS[corpus](root, system)
    asked = list(read_corpus(corpus, root, ("test",))) if records is None else records
    found = evaluate(backend, asked, model=ModelName(f"{system} (committed)", ""), resamples=resamples, seed=seed)
    return replace(found, measures={name: _without_odds(measure) for name, measure in found.measures.items()})


def compare_with_committed(
    evaluation: Evaluation, records: Sequence[LabelledSentence], root: Path
) -> tuple[ModelComparison, ...]:
    """Compare an evaluation with every system whose predictions are committed for its set.

    Args:
        evaluation: of any model on the test split of `babe_v2` or `polnear`; of other sets there is nothing to compare.
        records: those that it was made on.
        root: the folder of corpora.

    Raises:
        AskedWrong: the corpus is not in `root`.
        SlantwiseError: the evaluation was made on other records.

    """
    if evaluation.split != "test":
        return ()
    others = (
        committed_evaluation(
            evaluation.corpus, system, root, records, resamples=evaluation.resamples, seed=evaluation.seed
        )
        for system in SYSTEMS.get(evaluation.corpus, ())
    )
    return tuple(compare_evaluations(evaluation, other) for other in others)


def _babe(root: Path, system: str) -> CommittedBackend:
    """The rows of the test file are the records, in order."""
    records = list(read_corpus("babe_v2", root, ("test",)))
    path, column = root / find_corpus("babe_v2").folder / "evaluation" / FILES["test"], _BABE[system]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    readings = {}
    for number, (row, record) in enumerate(zip(rows, records, strict=True), start=1):
        if row[column] not in _CELLS:
            raise BadRow(path, number + 1, column, "0 or 1", repr(row[column]))
        readings[record.id] = Reading(record.text, {Task.WORDING: _CELLS[row[column]]}, ())
    return CommittedBackend(readings, {Task.WORDING: Decision()})


def _polnear(root: Path, system: str) -> CommittedBackend:
    found = polnear_reference.predictions(root / find_corpus("polnear").folder, system)
    readings = {prediction.id: Reading(prediction.text, {}, prediction.spans) for prediction in found}
    return CommittedBackend(readings, span_labels=frozenset({SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT}))


def _without_odds(measure: Measure) -> Measure:
    """A label is no probability: without one nothing is said of calibration."""
    if not isinstance(measure, LabelMeasure):
        return measure
    return replace(measure, answers=tuple(replace(answer, p=()) for answer in measure.answers))


SYSTEMS: dict[str, tuple[str, ...]] = {"babe_v2": tuple(_BABE), "polnear": tuple(polnear_reference.SYSTEMS)}
"""The systems with committed predictions, by corpus."""
_READERS: dict[str, Callable[[Path, str], CommittedBackend]] = {"babe_v2": _babe, "polnear": _polnear}
