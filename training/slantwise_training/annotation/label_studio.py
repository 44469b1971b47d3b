"""Label Studio: its full JSON export, which its import takes too. One task per sentence, one annotation per annotator.

Label Studio counts UTF-16 code units. Spans are regions labelled with one word each (`hedge:epistemic`), links are
relations, sentence labels are choices; the document and what cannot be drawn stand in the task's `data`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from slantwise.errors import AskedWrong, BadRow, BadSpan
from slantwise.fields import OnBad, boolean, integer, items, json_line, json_value, keyed, number, shown, string, word
from slantwise.files import atomic_path
from slantwise.labelled import record_from_json, record_to_json
from slantwise.labels import TASK_LABELS, Lens, LinkLabel, SpanLabel, SpanValue, Task
from slantwise.records import LabelledSentence, Link, Span
from slantwise_training.annotation.offsets import Utf16, locate
from slantwise_training.annotation.sidecar import foreign, links_elsewhere, merge_links, read_elsewhere
from slantwise_training.annotation.words import implied_lenses, parse_span_word, span_word

__all__ = ["read", "write"]

_SENTENCE = ("schema", "id", "doc", "index", "kind", "split", "corpus", "licence")
"""The record's fields that are the task's own, whoever annotates it."""


def write(path: Path | str, records: Iterable[LabelledSentence]) -> int:
    """Write tasks for Label Studio's import; returns how many records they hold.

    Records of one sentence by several annotators that stand together become one task. An unlabelled record by `gold`
    becomes a task without annotations, ready to be annotated. The project needs `label_studio_config()`.

    Raises:
        SlantwiseError: a record holds what JSON in UTF-8 cannot.

    """
    count = 0
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        file.write(b"[")
        for i, group in enumerate(_groups(records)):
            file.write(b",\n" if i else b"\n")
            file.write(json_line(_task(group), group[0].id).rstrip(b"\n"))
            count += len(group)
        file.write(b"\n]\n")
    return count


def read(path: Path | str, on_bad: OnBad | None = None) -> Iterator[LabelledSentence]:
    """Yield the records of a JSON export, one for each annotation, in the file's order.

    A task that nobody annotated and an annotation that was skipped become unlabelled records. Predictions and drafts
    are not labels and are not read. JSON_MIN has lost the relations and is refused.

    Args:
        path: the file.
        on_bad: called with each bad annotation or task, which is then passed over; None raises it. The line of a
            `BadRow` is the number of the task in the file, from 1.

    Raises:
        AskedWrong: there is no such file.
        BadRow: a task cannot be understood or verified, and `on_bad` is None.

    """
    path = Path(path)
    try:
        tasks = items(json_value(path.read_bytes().removeprefix(b"\xef\xbb\xbf")), "(file)")
    except OSError as error:
        raise AskedWrong(f"a readable file {path}", error.strerror or type(error).__name__, "check the path") from None
    except BadSpan as error:
        raise BadRow(path, 1, error.field, error.expected, error.found) from None
    for line, task in enumerate(tasks, start=1):
        for attempt in _attempts(task, path, line):
            try:
                record = attempt.record()
            except BadSpan as error:
                bad = BadRow(path, line, error.field, error.expected, error.found)
                if on_bad is None:
                    raise bad from None
                on_bad(bad)
                continue
            yield record


def _groups(records: Iterable[LabelledSentence]) -> Iterator[list[LabelledSentence]]:
    group: list[LabelledSentence] = []
    for record in records:
        if group and not _belongs(record, group):
            yield group
            group = []
        group.append(record)
    if group:
        yield group


def _belongs(record: LabelledSentence, group: list[LabelledSentence]) -> bool:
    def sentence(each: LabelledSentence) -> list[object]:
        return [each.id, each.doc, each.index, each.text, each.kind, each.split, each.corpus, each.licence]

    if _is_bare(group[0]) or _is_bare(record) or sentence(record) != sentence(group[0]):
        return False
    return all(record.annotator != other.annotator for other in group)


def _is_bare(record: LabelledSentence) -> bool:
    """Whether this is a sentence that waits to be annotated."""
    sentence = LabelledSentence(
        record.id, record.doc, record.index, record.text, (),
        split=record.split, corpus=record.corpus, licence=record.licence, kind=record.kind,
    )  # fmt: skip
    return record == sentence


def _task(group: list[LabelledSentence]) -> dict[str, Any]:
    row = record_to_json(group[0])
    data = {"text": group[0].text, **{name: row[name] for name in _SENTENCE if name in row}}
    if _is_bare(group[0]):
        return {"data": data, "annotations": []}
    aside = {}
    for record in group:
        links, stances = links_elsewhere(record), record_to_json(record)["stances"]
        if links or stances:
            aside[record.annotator] = {"links": links, "stances": stances}
    if aside:
        data["aside"] = aside
    annotations = [{"was_cancelled": False, "ground_truth": False, "result": _result(record)} for record in group]
    return {"data": data, "annotations": annotations}


def _result(record: LabelledSentence) -> list[dict[str, Any]]:
    def whole(name: str, kind: str, value: dict[str, list[str]]) -> dict[str, Any]:
        return {"id": f"sentence-{name}", "from_name": name, "to_name": "text", "type": kind, "value": value}

    here = {span.id for span in record.spans}
    return [
        whole("annotator", "textarea", {"text": [record.annotator]}),
        whole("lenses", "choices", {"choices": [str(lens) for lens in record.lenses]}),
        whole("exhaustive", "choices", {"choices": [str(label) for label in record.exhaustive]}),
        *(whole(str(task), "choices", {"choices": [label]}) for task, label in record.labels.items()),
        *_regions(record),
        *(
            {
                "type": "relation",
                "from_id": link.head,
                "to_id": link.tail,
                "direction": "right",
                "labels": [str(link.label)],
            }
            for link in record.links
            if link.tail in here
        ),
    ]


def _regions(record: LabelledSentence) -> Iterator[dict[str, Any]]:
    offsets = Utf16(record.text)
    for span in record.spans:
        place = {"start": offsets.units(span.start), "end": offsets.units(span.end), "text": span.text}
        values: list[tuple[str, str, dict[str, Any]]] = [
            ("span", "labels", {"labels": [span_word(span.label, span.value)]})
        ]
        if span.entity is not None:
            values.append(("entity", "textarea", {"text": [span.entity]}))
        if span.number is not None:
            values.append(("number", "number", {"number": span.number}))
        for name, kind, value in values:
            yield {"id": span.id, "from_name": name, "to_name": "text", "type": kind, "value": {**place, **value}}


@dataclass(slots=True)
class _Region:
    """A region as its result items build it up; `where` is the field of its label."""

    label: SpanLabel
    value: SpanValue | None
    start: int
    end: int
    where: str
    entity: str | None = None
    number: float | None = None


@dataclass(slots=True)
class _Draft:
    """One annotation as its result items are read one by one."""

    text: str
    lenses: tuple[Lens, ...] | None = None
    exhaustive: tuple[SpanLabel, ...] = ()
    annotator: str | None = None
    labels: dict[Task, str] = field(default_factory=dict)
    regions: dict[str, _Region] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)

    def take(self, value: object, where: str) -> None:
        """Read one result item.

        Raises:
            BadSpan: it is none that `label_studio_config` gives rise to.

        """
        item = keyed(value, where, ("type",), None)
        kind = item["type"]
        if kind == "relation":
            self._relation(item, where)
            return
        name = string(keyed(item, where, ("from_name",), None)["from_name"], f"{where}.from_name")
        content = keyed(keyed(item, where, ("value",), None)["value"], f"{where}.value", (), None)
        if kind == "labels":
            self._region(item, content, where)
        elif kind == "choices":
            self._choices(name, items(content.get("choices"), f"{where}.value.choices"), where)
        elif (kind, name) == ("textarea", "annotator"):
            self.annotator = _only(content.get("text"), f"{where}.value.text")
        elif (kind, name) == ("textarea", "entity"):
            self._region_of(item, where).entity = _only(content.get("text"), f"{where}.value.text")
        elif (kind, name) == ("number", "number"):
            self._region_of(item, where).number = number(content.get("number"), f"{where}.value.number")
        else:
            raise BadSpan(f"{where}.type", "labels, choices, relation or a field of the labelling config", shown(kind))

    def _choices(self, name: str, choices: list[Any], where: str) -> None:
        at = f"{where}.value.choices"
        if name == "lenses":
            self.lenses = tuple(word(each, Lens, at) for each in choices)
        elif name == "exhaustive":
            self.exhaustive = tuple(word(each, SpanLabel, at) for each in choices)
        else:
            task = word(name, Task, f"{where}.from_name")
            label = _only(choices, at)
            if label not in TASK_LABELS[task]:
                raise BadSpan(at, f"one of: {', '.join(TASK_LABELS[task])}", repr(label))
            self.labels[task] = label

    def _region(self, item: dict[str, Any], content: dict[str, Any], where: str) -> None:
        name = string(item.get("id"), f"{where}.id")
        if name in self.regions:
            raise BadSpan(f"{where}.id", "region ids that differ", f"{name!r} twice")
        at = f"{where}.value"
        label, value = parse_span_word(_only(content.get("labels"), f"{at}.labels"), f"{at}.labels")
        surface = None if content.get("text") is None else string(content["text"], f"{at}.text")
        start, end = integer(content.get("start"), f"{at}.start"), integer(content.get("end"), f"{at}.end")
        self.regions[name] = _Region(label, value, *locate(self.text, start, end, surface, f"{at}.start"), at)

    def _region_of(self, item: dict[str, Any], where: str) -> _Region:
        name = string(item.get("id"), f"{where}.id")
        if name not in self.regions:
            raise BadSpan(f"{where}.id", "the id of a labelled region", repr(name))
        return self.regions[name]

    def _relation(self, item: dict[str, Any], where: str) -> None:
        row = keyed(item, where, ("from_id", "to_id"), None)
        ends = [string(row[name], f"{where}.{name}") for name in ("from_id", "to_id")]
        direction = row.get("direction", "right")
        if direction not in ("right", "left"):
            raise BadSpan(f"{where}.direction", "right or left", shown(direction))
        head, tail = ends if direction == "right" else ends[::-1]
        labels = items(row.get("labels"), f"{where}.labels")
        if not labels:
            raise BadSpan(f"{where}.labels", f"one of: {', '.join(LinkLabel)}", "no label")
        self.links += [Link(word(label, LinkLabel, f"{where}.labels"), head, tail) for label in labels]

    def spans(self) -> Iterator[Span]:
        """The regions as spans.

        Raises:
            BadSpan: a region has a number and is no event, or the reverse.

        """
        for name, region in self.regions.items():
            surface = self.text[region.start : region.end]
            try:
                yield Span(
                    name, region.label, region.start, region.end, surface, region.value, region.entity, region.number
                )
            except BadSpan as error:
                raise BadSpan(region.where, error.expected, error.found) from None


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One annotation of one task, or the task itself where it has none."""

    task: object
    annotation: int | None
    path: Path
    line: int

    def record(self) -> LabelledSentence:
        """The record this annotation makes.

        Raises:
            BadSpan: it makes none.

        """
        task = keyed(self.task, "", ("data", "annotations"), None)
        data = keyed(task["data"], "data", ("text",), None)
        sentence = _sentence(data, self.path, self.line)
        if self.annotation is None:
            items(task["annotations"], "annotations")
            return sentence
        where = f"annotations[{self.annotation}]"
        annotation = keyed(task["annotations"][self.annotation], where, ("result",), None)
        draft = _Draft(sentence.text)
        result = list(enumerate(items(annotation["result"], f"{where}.result")))
        for i, item in sorted(result, key=_regions_first):
            draft.take(item, f"{where}.result[{i}]")
        annotator = _annotator(annotation, where) if draft.annotator is None else draft.annotator
        if boolean(annotation.get("was_cancelled", False), f"{where}.was_cancelled"):
            return replace(sentence, annotator=annotator)
        return _finished(sentence, draft, annotator, data, where)


def _regions_first(numbered: tuple[int, object]) -> bool:
    """Sorts a region's label before what is said of the region, whatever order the tool wrote them in."""
    item = numbered[1]
    return not (isinstance(item, dict) and item.get("type") == "labels")


def _attempts(task: object, path: Path, line: int) -> list[_Attempt]:
    annotations = task.get("annotations") if isinstance(task, dict) else None
    if not isinstance(annotations, list) or not annotations:
        return [_Attempt(task, None, path, line)]
    return [_Attempt(task, i, path, line) for i in range(len(annotations))]


def _sentence(data: dict[str, Any], path: Path, line: int) -> LabelledSentence:
    """The task's sentence, unlabelled; tasks that were not written by us are named by file and number."""
    if "schema" not in data:
        return foreign(path, line, string(data["text"], "data.text"))
    try:
        return record_from_json({**{name: data[name] for name in (*_SENTENCE, "text") if name in data}, "lenses": []})
    except BadSpan as error:
        raise BadSpan(f"data.{error.field}", error.expected, error.found) from None


def _finished(
    sentence: LabelledSentence, draft: _Draft, annotator: str, data: dict[str, Any], where: str
) -> LabelledSentence:
    spans = tuple(draft.spans())
    for link in draft.links:
        for end in (link.head, link.tail):
            if end not in draft.regions:
                raise BadSpan(f"{where}.result", "relations between labelled regions", f"a relation to {end!r}")
    lenses = draft.lenses
    if lenses is None:
        lenses = implied_lenses((span.label for span in spans), draft.labels)
    aside = keyed(keyed(data.get("aside", {}), "data.aside", (), None).get(annotator, {}), "data.aside", (), None)
    elsewhere = read_elsewhere(aside.get("links", []), "data.aside.links")
    try:
        stances = record_from_json({**record_to_json(sentence), "stances": aside.get("stances", [])}).stances
        return replace(
            sentence,
            lenses=lenses,
            labels=draft.labels,
            spans=spans,
            links=merge_links(draft.links, elsewhere, set(draft.regions)),
            stances=stances,
            exhaustive=draft.exhaustive,
            annotator=annotator,
        )
    except BadSpan as error:
        raise BadSpan(f"{where}.{error.field}", error.expected, error.found) from None


def _annotator(annotation: dict[str, Any], where: str) -> str:
    """Who annotated, where the field of the labelling config was left empty: an address or a number."""
    who = annotation.get("completed_by")
    if isinstance(who, dict):
        who = who.get("email") or who.get("id")
    if who is None:
        return "gold"
    return str(who) if isinstance(who, int) else string(who, f"{where}.completed_by")


def _only(value: object, where: str) -> str:
    """The one string of an array; a string by itself will do."""
    values = [value] if isinstance(value, str) else items(value, where)
    if len(values) != 1:
        raise BadSpan(where, "one value", f"{len(values)}")
    return string(values[0], where)
