"""doccano: JSONL with relations (`entities`, `relations`), as its sequence labelling projects import and export it.

doccano counts UTF-16 code units and does not repeat a span's surface; what it has no place for (sentence labels,
stances, ids, the document) stands in the field `slantwise`, which doccano keeps among a row's metadata.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slantwise.errors import BadSpan
from slantwise.fields import OnBad, integer, items, json_line, keyed, read_rows, string, word
from slantwise.files import atomic_path
from slantwise.labels import LinkLabel, SpanLabel, SpanValue
from slantwise.records import LabelledSentence
from slantwise_training.annotation.offsets import Utf16, locate
from slantwise_training.annotation.sidecar import Found, FoundLink, Sidecar, sidecar
from slantwise_training.annotation.words import parse_span_word, span_word

__all__ = ["read", "write"]


def write(path: Path | str, records: Iterable[LabelledSentence]) -> int:
    """Write a file for doccano's import as JSONL(relation); returns the number of rows.

    Raises:
        SlantwiseError: a record holds what JSON in UTF-8 cannot.

    """
    count = entities = 0
    with atomic_path(path) as temporary, temporary.open("wb") as lines:
        for record in records:
            lines.write(json_line(_row(record, entities), record.id))
            entities += len(record.spans)
            count += 1
    return count


def read(path: Path | str, on_bad: OnBad | None = None) -> Iterator[LabelledSentence]:
    """Yield the records of a JSONL(relation) file, exported by doccano or written by `write`.

    Args:
        path: the file. Each row becomes one record; doccano names the annotator in the file name alone.
        on_bad: called with each bad row, which is then passed over; None raises it.

    Raises:
        AskedWrong: there is no such file.
        BadRow: a row cannot be understood or verified, and `on_bad` is None.

    """
    path = Path(path)
    yield from read_rows(path, lambda row, line: _record(row, path, line), on_bad)


def _row(record: LabelledSentence, first: int) -> dict[str, Any]:
    """One row; entity ids are numbers that count on through the file from `first`."""
    offsets = Utf16(record.text)
    numbers = {span.id: first + i for i, span in enumerate(record.spans)}
    here = [link for link in record.links if link.tail in numbers]
    return {
        "text": record.text,
        "entities": [
            {
                "id": numbers[span.id],
                "label": span_word(span.label, span.value),
                "start_offset": offsets.units(span.start),
                "end_offset": offsets.units(span.end),
            }
            for span in record.spans
        ],
        "relations": [
            {"id": i, "from_id": numbers[link.head], "to_id": numbers[link.tail], "type": str(link.label)}
            for i, link in enumerate(here)
        ],
        "slantwise": sidecar(record),
    }


def _record(value: object, path: Path, line: int) -> LabelledSentence:
    row = keyed(value, "", ("text", "entities"), None)
    text = string(row["text"], "text")
    before = Sidecar.read(row.get("slantwise"), text, path, line)
    entities = [_entity(each, f"entities[{i}]") for i, each in enumerate(items(row["entities"], "entities"))]
    positions: dict[int, int] = {}
    for i, entity in enumerate(entities):
        if entity.number in positions:
            raise BadSpan(f"entities[{i}].id", "entity ids that differ", f"{entity.number} twice")
        positions[entity.number] = i
    links = [
        _relation(each, positions, f"relations[{i}]")
        for i, each in enumerate(items(row.get("relations") or [], "relations"))
    ]
    return before.edited(_located(entities, before.record), links)


@dataclass(frozen=True, slots=True)
class _Entity:
    """An entity as the file gives it, offsets not yet understood."""

    number: int
    label: SpanLabel
    value: SpanValue | None
    start: int
    end: int
    where: str


def _entity(value: object, where: str) -> _Entity:
    row = keyed(value, where, ("id", "label", "start_offset", "end_offset"), None)
    return _Entity(
        integer(row["id"], f"{where}.id"),
        *parse_span_word(row["label"], f"{where}.label"),
        integer(row["start_offset"], f"{where}.start_offset"),
        integer(row["end_offset"], f"{where}.end_offset"),
        where,
    )


def _located(entities: list[_Entity], before: LabelledSentence) -> list[Found]:
    """Where the entities lie, in code points.

    doccano does not say what it marked, but spans that we gave it are known. Offsets are UTF-16 units unless more of
    the known spans are found again by counting code points, as scripts that edit such files do.
    """
    known = {(span.label, span.value, span.start, span.end) for span in before.spans}
    offsets = Utf16(before.text)
    units = [(each.label, each.value, offsets.points(each.start), offsets.points(each.end)) for each in entities]
    points = [(each.label, each.value, each.start, each.end) for each in entities]
    by_points = sum(place in known for place in points) > sum(place in known for place in units)
    found = []
    for each in entities:
        start, end, field = each.start, each.end, f"{each.where}.start_offset"
        if by_points:
            if end > offsets.length:
                raise BadSpan(field, f"offsets in a text of {offsets.length} characters", f"{start}..{end}")
            start, end = offsets.units(min(start, end)), offsets.units(end)
        found.append(Found(each.label, each.value, *locate(before.text, start, end, None, field), each.where))
    return found


def _relation(value: object, positions: dict[int, int], where: str) -> FoundLink:
    row = keyed(value, where, ("from_id", "to_id", "type"), None)
    ends = []
    for name in ("from_id", "to_id"):
        number = integer(row[name], f"{where}.{name}")
        if number not in positions:
            raise BadSpan(f"{where}.{name}", "the id of an entity of this row", str(number))
        ends.append(positions[number])
    return FoundLink(word(row["type"], LinkLabel, f"{where}.type"), *ends)
