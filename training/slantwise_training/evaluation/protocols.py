"""Which records train and which test: folds that never cut a document, stratified folds, one outlet held out.

`evaluation.protocol_report.run_protocol` trains and tests by them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.labels import Task
from slantwise.records import LabelledSentence
from slantwise_training.evaluation.counts import SpanCounts
from slantwise_training.evaluation.evaluate import document_of
from slantwise_training.evaluation.result import Evaluation, LabelMeasure, Measure, SpanMeasure

__all__ = ["Fold", "folds_by_document", "leave_one_outlet_out", "pooled", "story_of", "stratified_folds"]

Indices: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Indices of the records that train and of those that test, ascending; `left_out` counts records in neither."""

    name: str
    train: Indices
    test: Indices
    left_out: int = 0


def story_of(record: LabelledSentence) -> str:
    """The story a record's article is on, or its document where the corpus names no stories."""
    return document_of(record) if record.doc.story is None else f"{record.corpus}/story/{record.doc.story}"


def folds_by_document(
    records: Sequence[LabelledSentence],
    k: int = 5,
    seed: int = 0,
    *,
    group: Callable[[LabelledSentence], str] = document_of,
) -> Iterator[Fold]:
    """Yield k folds of about equal numbers of sentences; a document is all in one.

    Args:
        records: the labelled set.
        k: folds.
        seed: of the order in which documents are dealt.
        group: what must not be cut; `story_of` keeps articles on one event together.

    Raises:
        AskedWrong: k is below 2 or above the number of groups.

    """
    members: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        members[group(record)].append(at)
    _check(k, len(members), "documents")
    names = list(members)
    shuffled = [names[at] for at in np.random.default_rng(seed).permutation(len(names))]
    fold_of, sizes = np.empty(len(records), dtype=np.intp), [0] * k
    # the largest first into the emptiest fold: sizes end up level even where one document is long
    for name in sorted(shuffled, key=lambda name: -len(members[name])):
        fold = sizes.index(min(sizes))
        fold_of[members[name]] = fold
        sizes[fold] += len(members[name])
    yield from _folds(fold_of, k)


def stratified_folds(records: Sequence[LabelledSentence], task: Task, k: int = 5, seed: int = 0) -> Iterator[Fold]:
    """Yield k folds of single sentences, each with the whole set's shares of a task's labels.

    Sentences of one document fall into different folds. That is how BABE's numbers were made; it is not honest about
    new articles.

    Raises:
        AskedWrong: k is below 2 or above the number of records.
        SlantwiseError: a record has no label for the task.

    """
    _check(k, len(records), "records")
    by_label: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        if task not in record.labels:
            raise SlantwiseError(f"a {task} label on every record", f"none on {record.id}", "keep the labelled records")
        by_label[record.labels[task]].append(at)
    rng, fold_of, dealt = np.random.default_rng(seed), np.empty(len(records), dtype=np.intp), 0
    for label in sorted(by_label):
        members = rng.permutation(by_label[label])
        # dealing goes on where the last label stopped, so that no fold gets every remainder
        fold_of[members] = (np.arange(len(members)) + dealt) % k
        dealt += len(members)
    yield from _folds(fold_of, k)


def leave_one_outlet_out(records: Sequence[LabelledSentence]) -> Iterator[Fold]:
    """Yield a fold per outlet, named after it: that outlet tests, all others train.

    Case and outer blanks of an outlet's name are ignored. A record without an outlet could be of the one held out, so
    it is in neither part.

    Raises:
        SlantwiseError: fewer than two outlets.

    """
    keys = [(record.doc.outlet or "").strip().casefold() for record in records]
    outlets = sorted(set(keys) - {""})
    if len(outlets) < 2:
        raise SlantwiseError("records of at least two outlets", f"{len(outlets)}", "choose a corpus that names outlets")
    column, missing = np.array(keys), keys.count("")
    for outlet in outlets:
        test = column == outlet
        yield Fold(outlet, np.flatnonzero(~test & (column != "")), np.flatnonzero(test), missing)


def pooled(parts: Sequence[Evaluation]) -> Evaluation:
    """The evaluations of several folds as one: answers and counts of all folds together.

    Args:
        parts: at least one; a measure that some of them lack is pooled over those that have it.

    """
    names = list(dict.fromkeys(name for part in parts for name in part.measures))
    measures = {name: _pooled([part.measures[name] for part in parts if name in part.measures]) for name in names}
    documents = {document for measure in measures.values() for document in measure.per_document}
    warnings = tuple(dict.fromkeys(warning for part in parts for warning in part.warnings))
    records = sum(part.records for part in parts)
    return replace(parts[0], records=records, documents=len(documents), measures=measures, warnings=warnings)


def _pooled(same: Sequence[Measure]) -> Measure:
    first = same[0]
    if isinstance(first, LabelMeasure):
        of_labels = [measure for measure in same if isinstance(measure, LabelMeasure)]
        return replace(first, answers=tuple(answer for measure in of_labels for answer in measure.answers))
    of_spans = [measure for measure in same if isinstance(measure, SpanMeasure)]
    counts: dict[str, list[SpanCounts]] = defaultdict(list)
    for measure in of_spans:
        for document, found in measure.per_document.items():
            counts[document].append(found)
    merged = {document: sum(found[1:], start=found[0]) for document, found in counts.items()}
    answers = tuple(answer for measure in of_spans for answer in measure.answers)
    return replace(first, n=sum(m.n for m in of_spans), per_document=merged, answers=answers)


def _check(k: int, available: int, what: str) -> None:
    if not 2 <= k <= available:
        raise AskedWrong(f"between 2 folds and the number of {what} ({available})", str(k), "choose another number")


def _folds(fold_of: Indices, k: int) -> Iterator[Fold]:
    for fold in range(k):
        yield Fold(f"fold {fold + 1}", np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold))
