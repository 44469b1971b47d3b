"""Prodigy: JSONL with `tokens`, `spans`, `relations` and, for sentence labels, `options` and `accept`.

Prodigy counts code points; a span's `token_end` is inclusive, and a relation names its ends by their last tokens and
repeats both spans. What it has no place for stands in the field `slantwise`, which Prodigy hands through.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from slantwise.errors import BadSpan
from slantwise.fields import OnBad, integer, items, json_line, keyed, read_rows, shown, string, word
from slantwise.files import atomic_path
from slantwise.labels import LinkLabel, Task
from slantwise.records import LabelledSentence, Span
from slantwise_training.annotation.sidecar import Found, FoundLink, Sidecar, sidecar
from slantwise_training.annotation.words import TASK_WORDS, parse_span_word, parse_task_word, span_word, task_word

__all__ = ["read", "write"]

_PIECE = re.compile(r"\w+| |\s|[^\w\s]")
_OPTIONS = [{"id": each, "text": each.replace(":", ": ")} for each in TASK_WORDS]


def write(path: Path | str, records: Iterable[LabelledSentence]) -> int:
    """Write a file for Prodigy's `rel.manual`, or a recipe of blocks with `relations` and `choice`; returns its rows.

    Raises:
        SlantwiseError: a record holds what JSON in UTF-8 cannot.

    """
    count = 0
    with atomic_path(path) as temporary, temporary.open("wb") as lines:
        for record in records:
            lines.write(json_line(_row(record), record.id))
            count += 1
    return count


def read(path: Path | str, on_bad: OnBad | None = None) -> Iterator[LabelledSentence]:
    """Yield the records of a file that `prodigy db-out` made or that `write` wrote.

    A row whose answer is `reject` or `ignore` becomes an unlabelled record.

    Args:
        path: the file.
        on_bad: called with each bad row, which is then passed over; None raises it.

    Raises:
        AskedWrong: there is no such file.
        BadRow: a row cannot be understood, and `on_bad` is None.

    """
    path = Path(path)
    yield from read_rows(path, lambda row, line: _record(row, path, line), on_bad)


def _row(record: LabelledSentence) -> dict[str, Any]:
    tokens = _tokens(record)
    starts, ends = [token["start"] for token in tokens], [token["end"] for token in tokens]

    def place(span: Span) -> dict[str, Any]:
        return {
            "id": span.id,
            "start": span.start,
            "end": span.end,
            "token_start": bisect_left(starts, span.start),
            "token_end": bisect_right(ends, span.end) - 1,
            "label": span_word(span.label, span.value),
        }

    places = {span.id: place(span) for span in record.spans}
    return {
        "text": record.text,
        "tokens": tokens,
        "spans": [{**places[span.id], "text": span.text, "type": "span"} for span in record.spans],
        "relations": [
            {
                "head": places[link.head]["token_end"],
                "child": places[link.tail]["token_end"],
                "head_span": places[link.head],
                "child_span": places[link.tail],
                "label": str(link.label),
            }
            for link in record.links
            if link.tail in places
        ],
        "options": _OPTIONS,
        "accept": [task_word(task, label) for task, label in record.labels.items()],
        "answer": "accept",
        "meta": {"id": record.id, "corpus": record.corpus},
        "slantwise": sidecar(record),
    }


def _tokens(record: LabelledSentence) -> list[dict[str, Any]]:
    """Words, marks and white space, cut wherever a span starts or ends; single spaces between are `ws`."""
    text = record.text
    starts, ends = {span.start for span in record.spans}, {span.end for span in record.spans}
    cuts = sorted({match.start() for match in _PIECE.finditer(text)} | starts | ends | {0, len(text)})
    tokens: list[dict[str, Any]] = []
    for start, end in pairwise(cuts):
        plain = text[start:end] == " " and start not in starts and end not in ends
        if plain and tokens and not tokens[-1]["ws"] and tokens[-1]["end"] == start:
            tokens[-1]["ws"] = True
        else:
            tokens.append({"text": text[start:end], "start": start, "end": end, "id": len(tokens), "ws": False})
    return tokens


def _record(value: object, path: Path, line: int) -> LabelledSentence:
    row = keyed(value, "", ("text",), None)
    text = string(row["text"], "text")
    before = Sidecar.read(row.get("slantwise"), text, path, line)
    annotator = _annotator(row)
    answer = row.get("answer", "accept")
    if answer not in ("accept", "reject", "ignore"):
        raise BadSpan("answer", "accept, reject or ignore", shown(answer))
    if answer != "accept":
        return before.unlabelled(annotator)
    spans = [_span(each, text, f"spans[{i}]") for i, each in enumerate(items(row.get("spans") or [], "spans"))]
    links = [
        _relation(each, spans, f"relations[{i}]")
        for i, each in enumerate(items(row.get("relations") or [], "relations"))
    ]
    labels = None if row.get("accept") is None else _labels(row["accept"])
    return before.edited(spans, links, labels, annotator)


def _annotator(row: dict[str, Any]) -> str | None:
    """Prodigy adds the annotator to the rows it saves; None where it has not."""
    for name in ("_annotator_id", "_session_id"):
        if row.get(name) is not None:
            return string(row[name], name)
    return None


def _labels(value: object) -> dict[Task, str]:
    labels: dict[Task, str] = {}
    for i, each in enumerate(items(value, "accept")):
        task, label = parse_task_word(each, f"accept[{i}]")
        if task in labels:
            raise BadSpan(f"accept[{i}]", f"one {task} label", f"{labels[task]} and {label}")
        labels[task] = label
    return labels


def _span(value: object, text: str, where: str) -> Found:
    row = keyed(value, where, ("start", "end", "label"), None)
    start, end = integer(row["start"], f"{where}.start"), integer(row["end"], f"{where}.end")
    if not start < end <= len(text):
        raise BadSpan(f"{where}.end", f"start < end <= {len(text)}", f"{start}..{end}")
    if row.get("text") not in (None, text[start:end]):
        raise BadSpan(f"{where}.text", f"the text at {start}..{end}, {shown(text[start:end])}", shown(row["text"]))
    name = None if row.get("id") is None else string(row["id"], f"{where}.id")
    return Found(*parse_span_word(row["label"], f"{where}.label"), start, end, where, name)


def _relation(value: object, spans: list[Found], where: str) -> FoundLink:
    row = keyed(value, where, ("head_span", "child_span", "label"), None)
    label = word(row["label"], LinkLabel, f"{where}.label")
    return FoundLink(
        label,
        _end(row["head_span"], spans, f"{where}.head_span"),
        _end(row["child_span"], spans, f"{where}.child_span"),
    )


def _end(value: object, spans: list[Found], where: str) -> int:
    """The position of the span that a relation's end repeats."""
    row = keyed(value, where, ("start", "end", "label"), None)
    fits = [
        i
        for i, span in enumerate(spans)
        if (span.start, span.end, span_word(span.label, span.value)) == (row["start"], row["end"], row["label"])
    ]
    named = [i for i in fits if spans[i].id is not None and spans[i].id == row.get("id")]
    if len(named or fits) != 1:
        found = f"{len(named or fits)} spans {shown(row['label'])} at {row['start']}..{row['end']}"
        raise BadSpan(where, "one of this row's labelled spans", found)
    return (named or fits)[0]
