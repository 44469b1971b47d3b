"""Labelled sentences in files: JSON Lines, one object per sentence and annotator, schema `slantwise/1`.

UTF-8; offsets count Unicode code points of `text`, end-exclusive. Reading is strict: what a row says must be known,
of the right type and true of its text. A field whose value is absent may be left out or null.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slantwise.errors import BadSpan
from slantwise.fields import OnBad, integer, items, json_line, keyed, number, read_rows, shown, string, word
from slantwise.files import atomic_path
from slantwise.labels import SPAN_VALUES, TASK_LABELS, Lens, LinkLabel, SentenceKind, SpanLabel, StanceLabel, Task
from slantwise.records import Document, LabelledSentence, Link, Span, Stance

__all__ = [
    "SCHEMA",
    "DocumentProblem",
    "check_documents",
    "read_labelled",
    "record_from_json",
    "record_to_json",
    "write_labelled",
]

SCHEMA = "slantwise/1"

_REQUIRED = ("schema", "id", "doc", "index", "text", "lenses")
_WORDS = ("annotator", "split", "corpus", "licence")
_OPTIONAL = ("labels", "spans", "links", "stances", "exhaustive", "kind", *_WORDS)
_DOC = ("outlet", "published", "section", "story")


def read_labelled(path: Path | str, on_bad: OnBad | None = None) -> Iterator[LabelledSentence]:
    """Yield the labelled sentences of a JSONL file, in its order.

    Args:
        path: the file.
        on_bad: called with each bad row, which is then passed over; None raises it.

    Raises:
        AskedWrong: there is no such file.
        BadRow: a row is not a labelled sentence, and `on_bad` is None.

    """
    yield from read_rows(Path(path), lambda row, _line: record_from_json(row), on_bad)


def write_labelled(path: Path | str, records: Iterable[LabelledSentence]) -> int:
    """Write labelled sentences as JSONL, whole or not at all; returns how many.

    Raises:
        SlantwiseError: a record holds what JSON in UTF-8 cannot.

    """
    count = 0
    with atomic_path(Path(path)) as temporary, temporary.open("wb") as lines:
        for record in records:
            lines.write(json_line(record_to_json(record), record.id))
            count += 1
    return count


def record_to_json(record: LabelledSentence) -> dict[str, Any]:
    """The record as a JSON object of schema `slantwise/1`; absent optional fields are left out."""
    row: dict[str, Any] = {
        "schema": SCHEMA,
        "id": record.id,
        "doc": {"id": record.doc.id, **_present(record.doc, _DOC)},
        "index": record.index,
        "text": record.text,
        "lenses": [str(lens) for lens in record.lenses],
        "labels": {str(task): label for task, label in record.labels.items()},
        "spans": [_span_to_json(span) for span in record.spans],
        "links": [{"label": str(link.label), "head": link.head, "tail": link.tail} for link in record.links],
        "stances": [
            {"target": stance.target, "value": str(stance.value), **_present(stance, ("holder", "holder_name"))}
            for stance in record.stances
        ],
    }
    if record.exhaustive:
        row["exhaustive"] = [str(label) for label in record.exhaustive]
    if record.kind is not None:
        row["kind"] = str(record.kind)
    for name in _WORDS:
        row[name] = getattr(record, name)
    return row


def record_from_json(value: object) -> LabelledSentence:
    """The record that a JSON object of schema `slantwise/1` holds.

    Raises:
        BadSpan: it holds none; `field` is the path of the offending field, as in `spans[2].start`.

    """
    schema = keyed(value, "", ("schema",), None)["schema"]
    if schema != SCHEMA:
        raise BadSpan("schema", repr(SCHEMA), shown(schema))
    row = keyed(value, "", _REQUIRED, _OPTIONAL)
    text = string(row["text"], "text")
    spans = _spans(row.get("spans"), text)
    words = {name: string(row[name], name) for name in _WORDS if row.get(name) is not None}
    return LabelledSentence(
        id=string(row["id"], "id"),
        doc=_document(row["doc"]),
        index=integer(row["index"], "index"),
        text=text,
        lenses=tuple(word(lens, Lens, f"lenses[{i}]") for i, lens in _listed(row["lenses"], "lenses")),
        labels=_labels(row.get("labels")),
        spans=spans,
        links=_links(row.get("links"), {span.id for span in spans}),
        stances=tuple(_stance(stance, f"stances[{i}]") for i, stance in _listed(row.get("stances"), "stances")),
        exhaustive=tuple(
            word(label, SpanLabel, f"exhaustive[{i}]") for i, label in _listed(row.get("exhaustive"), "exhaustive")
        ),
        kind=None if row.get("kind") is None else word(row["kind"], SentenceKind, "kind"),
        **words,
    )


@dataclass(frozen=True, slots=True)
class DocumentProblem:
    """A sentence contradicts the other sentences of its document; `sentence` is its id."""

    doc: str
    annotator: str
    sentence: str
    field: str
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"sentence {self.sentence} of document {self.doc} ({self.annotator})"
        return f"{where}, field {self.field}: expected {self.expected}; found {self.found}"


def check_documents(records: Iterable[LabelledSentence]) -> list[DocumentProblem]:
    """What is wrong between the sentences of a document, which no sentence can know by itself.

    Within each document and annotator span ids and sentence indexes must differ, and the tails of links and the
    holders of stances must be spans. Sentences of one document need not stand together; all are held in memory.
    """
    documents: defaultdict[tuple[str, str, str], list[LabelledSentence]] = defaultdict(list)
    for record in records:
        documents[record.corpus, record.doc.id, record.annotator].append(record)
    return [problem for sentences in documents.values() for problem in _document_problems(sentences)]


def _document_problems(sentences: list[LabelledSentence]) -> Iterator[DocumentProblem]:
    ids: dict[str, str] = {}
    indexes: dict[int, str] = {}

    def problem(record: LabelledSentence, field: str, expected: str, found: str) -> DocumentProblem:
        return DocumentProblem(record.doc.id, record.annotator, record.id, field, expected, found)

    for record in sentences:
        if record.index in indexes:
            found = f"{record.index}, as in sentence {indexes[record.index]}"
            yield problem(record, "index", "an index of its own", found)
        indexes.setdefault(record.index, record.id)
        for i, span in enumerate(record.spans):
            if span.id in ids:
                found = f"{span.id!r}, as in sentence {ids[span.id]}"
                yield problem(record, f"spans[{i}].id", "an id of its own", found)
            ids.setdefault(span.id, record.id)
    for record in sentences:
        for i, link in enumerate(record.links):
            if link.tail not in ids:
                yield problem(record, f"links[{i}].tail", "a span of the document", repr(link.tail))
        for i, stance in enumerate(record.stances):
            if stance.holder is not None and stance.holder not in ids:
                yield problem(record, f"stances[{i}].holder", "a span of the document", repr(stance.holder))


def _present(record: object, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _span_to_json(span: Span) -> dict[str, Any]:
    return {
        "id": span.id,
        "label": str(span.label),
        "value": None if span.value is None else str(span.value),
        "start": span.start,
        "end": span.end,
        "text": span.text,
        **_present(span, ("entity", "number")),
    }


def _listed(value: object, field: str) -> Iterator[tuple[int, Any]]:
    return enumerate([] if value is None else items(value, field))


def _optional(row: dict[str, Any], name: str, field: str) -> str | None:
    value = row.get(name)
    return None if value is None else string(value, f"{field}.{name}")


def _document(value: object) -> Document:
    row = keyed(value, "doc", ("id",), _DOC)
    return Document(string(row["id"], "doc.id"), **{name: _optional(row, name, "doc") for name in _DOC})


def _labels(value: object) -> dict[Task, str]:
    row = keyed({} if value is None else value, "labels", (), tuple(Task))
    for task, label in row.items():
        if label not in TASK_LABELS[Task(task)]:
            raise BadSpan(f"labels.{task}", f"one of: {', '.join(TASK_LABELS[Task(task)])}", shown(label))
    return {Task(task): label for task, label in row.items()}


def _spans(value: object, text: str) -> tuple[Span, ...]:
    spans: dict[str, Span] = {}
    for i, row in _listed(value, "spans"):
        span = _span(row, f"spans[{i}]", text)
        if span.id in spans:
            raise BadSpan(f"spans[{i}].id", "span ids that differ", f"{span.id!r} twice")
        spans[span.id] = span
    return tuple(spans.values())


def _span(value: object, field: str, text: str) -> Span:
    row = keyed(value, field, ("id", "label", "start", "end", "text"), ("value", "entity", "number"))
    label = word(row["label"], SpanLabel, f"{field}.label")
    kind = SPAN_VALUES[label]
    given = row.get("value")
    if given is not None and kind is None:
        raise BadSpan(f"{field}.value", f"no value on a {label} span", shown(given))
    start, end = integer(row["start"], f"{field}.start"), integer(row["end"], f"{field}.end")
    surface = string(row["text"], f"{field}.text")
    if text[start:end] != surface:
        raise BadSpan(f"{field}.text", f"the text at {start}..{end}, {shown(text[start:end])}", shown(surface))
    measure = row.get("number")
    try:
        return Span(
            id=string(row["id"], f"{field}.id"),
            label=label,
            start=start,
            end=end,
            text=surface,
            value=None if given is None or kind is None else word(given, kind, f"{field}.value"),
            entity=_optional(row, "entity", field),
            number=None if measure is None else number(measure, f"{field}.number"),
        )
    except BadSpan as error:
        raise BadSpan(field if error.field == "spans" else error.field, error.expected, error.found) from None


def _links(value: object, heads: set[str]) -> tuple[Link, ...]:
    links = []
    for i, each in _listed(value, "links"):
        field = f"links[{i}]"
        row = keyed(each, field, ("label", "head", "tail"))
        head = string(row["head"], f"{field}.head")
        if head not in heads:
            raise BadSpan(f"{field}.head", "the id of a span of this sentence", repr(head))
        tail = string(row["tail"], f"{field}.tail")
        links.append(Link(word(row["label"], LinkLabel, f"{field}.label"), head, tail))
    return tuple(links)


def _stance(value: object, field: str) -> Stance:
    row = keyed(value, field, ("target", "value"), ("holder", "holder_name"))
    stance = word(row["value"], StanceLabel, f"{field}.value")
    if stance is StanceLabel.UNSURE:
        raise BadSpan(f"{field}.value", "one of: against, neutral, favor", "unsure, a label of scores alone")
    return Stance(
        target=string(row["target"], f"{field}.target"),
        value=stance,
        holder=_optional(row, "holder", field),
        holder_name=_optional(row, "holder_name", field),
    )
