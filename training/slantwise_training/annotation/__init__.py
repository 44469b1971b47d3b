"""Labelled sentences in and out of annotation tools, and how far two annotators agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from slantwise.errors import AskedWrong, BadRow, SlantwiseError
from slantwise.fields import OnBad
from slantwise.labelled import read_labelled, write_labelled
from slantwise.records import LabelledSentence
from slantwise_training.annotation import doccano, hub, label_studio, prodigy
from slantwise_training.annotation.label_studio_config import label_studio_config

__all__ = ["FORMATS", "Conversion", "Format", "convert", "label_studio_config"]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format of labelled sentences. Every one keeps all that a record holds.

    `read(path, on_bad)` yields records, `write(path, records)` writes a whole file and returns how many records.
    """

    name: str
    title: str
    suffix: str
    read: Callable[[Path, OnBad | None], Iterator[LabelledSentence]]
    write: Callable[[Path, Iterable[LabelledSentence]], int]


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("slantwise", "JSON Lines of schema slantwise/1", ".jsonl", read_labelled, write_labelled),
        Format("label-studio", "Label Studio JSON", ".json", label_studio.read, label_studio.write),
        Format("doccano", "doccano JSONL(relation)", ".jsonl", doccano.read, doccano.write),
        Format("prodigy", "Prodigy JSONL", ".jsonl", prodigy.read, prodigy.write),
        Format("hub", "Parquet for Hugging Face datasets", ".parquet", hub.read, hub.write),
    )
}
"""The formats by name. JSON_MIN, CSV and CoNLL are not among them: they lose relations."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a conversion wrote, and how many rows it could not read."""

    records: int = 0
    documents: int = 0
    unlabelled: int = 0
    """Records without any lens: nobody has annotated them, or their annotator passed them over."""
    spans: int = 0
    links: int = 0
    stances: int = 0
    labels: int = 0
    bad_rows: int = 0


def convert(
    source: Path | str,
    destination: Path | str,
    source_format: str,
    destination_format: str,
    *,
    annotator: str | None = None,
    on_bad: OnBad | None = None,
) -> Conversion:
    """Write the labelled sentences of one file to another, in another format.

    Args:
        source: the file to read.
        destination: the file to write, whole or not at all.
        source_format: a name of `FORMATS`.
        destination_format: a name of `FORMATS`.
        annotator: who labelled, for tools that do not say (doccano); None keeps what the file says.
        on_bad: called with each bad row, which is passed over and counted; None raises it.

    Raises:
        AskedWrong: no such format or source.
        BadRow: a row of the source cannot be read, and `on_bad` is None.
        SlantwiseError: no row can be read; nothing is written.

    """
    counts: Counter[str] = Counter()
    documents: set[tuple[str, str]] = set()

    reader, writer = _format(source_format), _format(destination_format)

    def report(row: BadRow) -> None:
        if on_bad is None:
            raise row
        counts["bad_rows"] += 1
        on_bad(row)

    def records() -> Iterator[LabelledSentence]:
        for record in reader.read(Path(source), report):
            documents.add((record.corpus, record.doc.id))
            counts.update(
                unlabelled=int(not record.lenses),
                spans=len(record.spans),
                links=len(record.links),
                stances=len(record.stances),
                labels=len(record.labels),
            )
            yield record if annotator is None else replace(record, annotator=annotator)
        if counts["bad_rows"] and not documents:
            found = f"none among {counts['bad_rows']}"
            raise SlantwiseError(f"a {source_format} row in {source}", found, "name the format the file is in")

    written = writer.write(Path(destination), records())
    return Conversion(records=written, documents=len(documents), **counts)


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise AskedWrong(f"a format of: {', '.join(FORMATS)}", repr(name), "name one of these")
    return FORMATS[name]
