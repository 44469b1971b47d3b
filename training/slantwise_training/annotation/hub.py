"""Hugging Face `datasets`: labelled sentences with explicit features, in memory or as one Parquet file.

Labels are `ClassLabel`s in the order of `slantwise.labels`, so that a column loads as a training target. Needs the
`[train]` extra. Nothing is downloaded, and nothing is written to the library's cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slantwise.errors import AskedWrong, BadRow, BadSpan
from slantwise.fields import OnBad
from slantwise.files import atomic_path
from slantwise.labelled import record_from_json, record_to_json
from slantwise.labels import TASK_LABELS, Lens, LinkLabel, SentenceKind, SpanLabel, StanceLabel, Task
from slantwise.records import LabelledSentence

if TYPE_CHECKING:
    from datasets import Dataset, Features

__all__ = ["dataset_features", "from_dataset", "read", "to_dataset", "write"]


def dataset_features() -> Features:
    """The features of the dataset: a record's fields as in `slantwise/1`, each present and null where absent."""
    from datasets import ClassLabel, Features, Value

    text = Value("string")

    def words(names: Iterable[str]) -> ClassLabel:
        return ClassLabel(names=[str(name) for name in names])

    span = {
        "id": text,
        "label": words(SpanLabel),
        "value": text,
        "start": Value("int64"),
        "end": Value("int64"),
        "text": text,
        "entity": text,
        "number": Value("float64"),
    }
    return Features(
        {
            "schema": text,
            "id": text,
            "doc": {name: text for name in ("id", "outlet", "published", "section", "story")},
            "index": Value("int64"),
            "text": text,
            "lenses": [words(Lens)],
            "labels": {str(task): words(TASK_LABELS[task]) for task in Task},
            "spans": [span],
            "links": [{"label": words(LinkLabel), "head": text, "tail": text}],
            "stances": [{"target": text, "value": words(_STANCES), "holder": text, "holder_name": text}],
            "exhaustive": [words(SpanLabel)],
            "kind": words(SentenceKind),
            **{name: text for name in ("annotator", "split", "corpus", "licence")},
        }
    )


_STANCES = tuple(label for label in StanceLabel if label is not StanceLabel.UNSURE)


def to_dataset(records: Iterable[LabelledSentence]) -> Dataset:
    """The records as a dataset in memory, one row each, in their order."""
    from datasets import Dataset

    features = dataset_features()
    rows = [_filled(features, record_to_json(record)) for record in records]
    return Dataset.from_dict({name: [row[name] for row in rows] for name in features}, features=features)


def from_dataset(
    dataset: Dataset, on_bad: OnBad | None = None, name: Path | str = "dataset"
) -> Iterator[LabelledSentence]:
    """Yield the records of a dataset, one for each row.

    Args:
        dataset: rows with the columns of `dataset_features`; columns of strings instead of `ClassLabel`s will do.
        on_bad: called with each bad row, which is then passed over; None raises it. Rows count from 1.
        name: what to call the dataset in errors.

    Raises:
        BadRow: a row is not a labelled sentence, and `on_bad` is None.

    """
    features = dataset.features
    for line, row in enumerate(dataset, start=1):
        try:
            record = record_from_json(_present({key: _decoded(features[key], value) for key, value in row.items()}))
        except BadSpan as error:
            bad = BadRow(name, line, error.field, error.expected, error.found)
            if on_bad is None:
                raise bad from None
            on_bad(bad)
            continue
        yield record


def write(path: Path | str, records: Iterable[LabelledSentence]) -> int:
    """Write the records as Parquet that `datasets.load_dataset("parquet", ...)` and the hub take; returns the rows."""
    from pyarrow import parquet

    dataset = to_dataset(records)
    with atomic_path(path) as temporary:
        parquet.write_table(dataset.data.table, temporary)
    return len(dataset)


def read(path: Path | str, on_bad: OnBad | None = None) -> Iterator[LabelledSentence]:
    """Yield the records of a Parquet file that `write` or `Dataset.to_parquet` wrote.

    Args:
        path: the file.
        on_bad: called with each bad row, which is then passed over; None raises it.

    Raises:
        AskedWrong: there is no such file, or it is not Parquet.
        BadRow: a row is not a labelled sentence, and `on_bad` is None.

    """
    from datasets import Dataset
    from datasets.table import InMemoryTable
    from pyarrow import ArrowInvalid, parquet

    try:
        table = parquet.read_table(path)
    except (OSError, ArrowInvalid) as error:
        raise AskedWrong(f"a Parquet file {path}", str(error), "check the path and the format") from None
    yield from from_dataset(Dataset(InMemoryTable(table)), on_bad, path)


def _filled(features: Any, row: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - a struct of features
    """The row with every field of the features, null where absent, at every depth."""
    filled: dict[str, Any] = {}
    for name, feature in features.items():
        value = row.get(name)
        inner = _inner(feature)
        if isinstance(feature, dict):
            value = _filled(feature, value or {})
        elif inner is not None:
            value = [_filled(inner, each) if isinstance(inner, dict) else each for each in value or ()]
        filled[name] = value
    return filled


def _decoded(feature: Any, value: Any) -> Any:  # noqa: ANN401 - a feature and a value of its
    """The value with class numbers turned into their words, at every depth."""
    from datasets import ClassLabel

    if value is None:
        return None
    if isinstance(feature, ClassLabel):
        return feature.int2str(value) if isinstance(value, int) and 0 <= value < feature.num_classes else value
    if isinstance(feature, dict):
        return {name: _decoded(feature[name], each) for name, each in value.items()}
    inner = _inner(feature)
    return value if inner is None else [_decoded(inner, each) for each in value]


def _inner(feature: Any) -> Any:  # noqa: ANN401 - a feature, or None
    """The feature of a list's elements; None where the feature is no list."""
    return feature[0] if isinstance(feature, list) else getattr(feature, "feature", None)


def _present(row: dict[str, Any]) -> dict[str, Any]:
    labels = row.get("labels")
    if isinstance(labels, dict):
        row["labels"] = {task: label for task, label in labels.items() if label is not None}
    return row
