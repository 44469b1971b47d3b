"""What a tool has no place for travels beside its own fields, and is put back when the file returns.

The sidecar is the record in the shape of `slantwise.labelled`, without its text. The tool's own spans, relations and
choices always win: the sidecar gives spans their ids back, so that links from other sentences still find them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from slantwise.errors import BadSpan
from slantwise.fields import integer, items, keyed, string, word
from slantwise.labelled import record_from_json, record_to_json
from slantwise.labels import LinkLabel, SpanLabel, SpanValue, Task
from slantwise.records import Document, LabelledSentence, Link, Span
from slantwise_training.annotation.words import implied_lenses

__all__ = ["Found", "FoundLink", "Sidecar", "foreign", "links_elsewhere", "merge_links", "read_elsewhere", "sidecar"]


@dataclass(frozen=True, slots=True)
class Found:
    """A span as a tool gives it, offsets in code points; `where` is its field in the row, `id` the tool's or None."""

    label: SpanLabel
    value: SpanValue | None
    start: int
    end: int
    where: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A relation as a tool gives it; head and tail are positions in the row's spans."""

    label: LinkLabel
    head: int
    tail: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A link into another sentence and its position among the record's links."""

    at: int
    link: Link


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The record as it was before the tool, and its links into other sentences."""

    record: LabelledSentence
    elsewhere: tuple[Elsewhere, ...] = field(default=())

    @classmethod
    def read(cls, value: object, text: str, path: Path, line: int) -> Sidecar:
        """Read a row's sidecar; a row of the tool's own, without one, is a sentence and document by itself.

        Raises:
            BadSpan: the sidecar does not fit the text.

        """
        if value is None:
            return cls(foreign(path, line, text))
        row = dict(keyed(value, "slantwise", (), None))
        elsewhere = read_elsewhere(row.pop("links", []), "slantwise.links")
        try:
            return cls(record_from_json({**row, "text": text}), elsewhere)
        except BadSpan as error:
            raise BadSpan(f"slantwise.{error.field}", error.expected, error.found) from None

    def edited(
        self,
        spans: Sequence[Found],
        links: Sequence[FoundLink],
        labels: Mapping[Task, str] | None = None,
        annotator: str | None = None,
    ) -> LabelledSentence:
        """The record as the tool returns it. Lenses of what is new are added; None keeps what was there.

        Raises:
            BadSpan: a span is none of ours, such as an event without its number.

        """
        before = self.record
        labels = before.labels if labels is None else labels
        named = _name_spans(spans, before)
        changed = [task for task, label in labels.items() if before.labels.get(task) != label]
        new = [span.label for span in named if span not in before.spans]
        lenses = [lens for lens in implied_lenses(new, changed) if lens not in before.lenses]
        made = [Link(link.label, named[link.head].id, named[link.tail].id) for link in links]
        return replace(
            before,
            lenses=(*before.lenses, *lenses),
            labels=labels,
            spans=tuple(named),
            links=merge_links(made, self.elsewhere, {span.id for span in named}),
            annotator=before.annotator if annotator is None else annotator,
        )

    def unlabelled(self, annotator: str | None = None) -> LabelledSentence:
        """The sentence without any label, for one that its annotator passed over."""
        before = self.record
        who = before.annotator if annotator is None else annotator
        return replace(before, lenses=(), labels={}, spans=(), links=(), stances=(), exhaustive=(), annotator=who)


def sidecar(record: LabelledSentence) -> dict[str, Any]:
    """The record without its text, and of its links only those that point into other sentences."""
    row = record_to_json(record)
    del row["text"]
    row["links"] = links_elsewhere(record)
    return row


def links_elsewhere(record: LabelledSentence) -> list[dict[str, Any]]:
    """The links that tools cannot draw, because their tail is in another sentence; `at` is the place in the order."""
    here = {span.id for span in record.spans}
    return [
        {"at": at, "label": str(link.label), "head": link.head, "tail": link.tail}
        for at, link in enumerate(record.links)
        if link.tail not in here
    ]


def read_elsewhere(value: object, where: str) -> tuple[Elsewhere, ...]:
    """Read what `links_elsewhere` wrote.

    Raises:
        BadSpan: it is something else.

    """
    links = []
    for i, each in enumerate(items(value, where)):
        here = f"{where}[{i}]"
        row = keyed(each, here, ("at", "label", "head", "tail"))
        label = word(row["label"], LinkLabel, f"{here}.label")
        link = Link(label, string(row["head"], f"{here}.head"), string(row["tail"], f"{here}.tail"))
        links.append(Elsewhere(integer(row["at"], f"{here}.at"), link))
    return tuple(links)


def merge_links(made: Sequence[Link], elsewhere: Sequence[Elsewhere], heads: set[str]) -> tuple[Link, ...]:
    """All links in their order. A link whose head was deleted in the tool went with it."""
    links = list(made)
    for each in sorted(elsewhere, key=lambda each: each.at):
        if each.link.head in heads:
            links.insert(each.at, each.link)
    return tuple(links)


def foreign(path: Path, row: int, text: str) -> LabelledSentence:
    """The unlabelled record of a row that was not written by us: a document by itself, named by file and row."""
    name = f"{path.stem}#{row}"
    return LabelledSentence(id=name, doc=Document(name), index=0, text=text, lenses=())


def _name_spans(found: Sequence[Found], record: LabelledSentence) -> list[Span]:
    """Give each found span the identity it had: the same span first, then one at the same place, else a new id."""
    left = {span.id: span for span in record.spans}
    named: dict[int, Span] = {}
    for same_label in (True, False):
        for i, each in enumerate(found):
            if i in named:
                continue
            fits = [span for span in left.values() if _fits(span, each, same_label)]
            if fits:
                known = next((span for span in fits if span.id == each.id), fits[0])
                del left[known.id]
                named[i] = _as_found(known, each)
    taken = {span.id for span in record.spans}
    for i, each in enumerate(found):
        if i not in named:
            named[i] = _new_span(each, record, taken)
            taken.add(named[i].id)
    return [named[i] for i in range(len(found))]


def _fits(span: Span, found: Found, same_label: bool) -> bool:
    place = span.start == found.start and span.end == found.end
    return place and (not same_label or (span.label is found.label and span.value == found.value))


def _as_found(known: Span, found: Found) -> Span:
    number = known.number if found.label is SpanLabel.EVENT else None
    try:
        return replace(known, label=found.label, value=found.value, number=number)
    except BadSpan as error:
        raise BadSpan(found.where, error.expected, error.found) from None


def _new_span(found: Found, record: LabelledSentence, taken: set[str]) -> Span:
    """A span the tool's user made. Its id holds the sentence's place, to be unique in the document."""
    number = next(n for n in range(1, len(taken) + 2) if f"{record.index}.{n}" not in taken)
    surface = record.text[found.start : found.end]
    try:
        return Span(f"{record.index}.{number}", found.label, found.start, found.end, surface, found.value)
    except BadSpan as error:
        raise BadSpan(found.where, error.expected, error.found) from None
