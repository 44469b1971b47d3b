import json

import pytest
from labelled_sentences import wire_sentence

from slantwise.errors import BadRow
from slantwise.labels import HedgeKind, Lens, LinkLabel, SourceKind, SpanLabel
from slantwise.records import Document, LabelledSentence, Link, Span
from slantwise_training.annotation.doccano import read, write

TEXT = "😀 Officials said it may fail."
ENTITIES = [
    {"id": 212, "label": "source:institution", "start_offset": 3, "end_offset": 12},
    {"id": 213, "label": "cue", "start_offset": 13, "end_offset": 17},
    {"id": 220, "label": "hedge:epistemic", "start_offset": 21, "end_offset": 24},
]
RELATIONS = [{"id": 31, "from_id": 213, "to_id": 212, "type": "cue-of"}]


def exported(**changes):
    """A row as doccano exports it."""
    return {"id": 5, "text": TEXT, "entities": ENTITIES, "relations": RELATIONS, "Comments": ["unsure?"], **changes}


def saved(tmp_path, *rows):
    path = tmp_path / "admin.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def written(tmp_path):
    write(tmp_path / "ours.jsonl", [wire_sentence()])
    return json.loads((tmp_path / "ours.jsonl").read_text(encoding="utf-8"))


def test_a_project_of_ones_own_is_read(tmp_path):
    [record] = read(saved(tmp_path, exported()))
    assert record == LabelledSentence(
        "admin#1",
        Document("admin#1"),
        0,
        TEXT,
        (Lens.HEDGING, Lens.ATTRIBUTION),
        spans=(
            Span("0.1", SpanLabel.SOURCE, 2, 11, "Officials", SourceKind.INSTITUTION),
            Span("0.2", SpanLabel.CUE, 12, 16, "said"),
            Span("0.3", SpanLabel.HEDGE, 20, 23, "may", HedgeKind.EPISTEMIC),
        ),
        links=(Link(LinkLabel.CUE_OF, "0.2", "0.1"),),
    )


def test_our_rows_are_in_doccanos_shape(tmp_path):
    row = written(tmp_path)
    assert row["entities"][0] == {"id": 0, "label": "source:institution", "start_offset": 3, "end_offset": 12}
    assert [each["type"] for each in row["relations"]] == ["cue-of", "content-of", "holder"]
    assert row["slantwise"]["links"] == [{"at": 1, "label": "via", "head": "s1", "tail": "s0"}]
    assert "text" not in row["slantwise"]


def test_new_numbers_another_order_and_edits_come_back(tmp_path):
    """The server renumbers; an annotator deletes one span, changes the kind of another and adds a third."""
    row = written(tmp_path)
    entities = [{**each, "id": each["id"] + 900} for each in reversed(row["entities"])]
    assert entities[1]["label"] == "hedge:epistemic"
    entities[1]["label"] = "hedge:doxastic"
    deleted = entities.pop(0)
    entities.append({"id": 999, "label": "mention:group", "start_offset": 3, "end_offset": 12})
    row["entities"] = entities
    row["relations"] = [
        {**each, "from_id": each["from_id"] + 900, "to_id": each["to_id"] + 900} for each in row["relations"]
    ]
    [record] = read(saved(tmp_path, row))
    before = {span.id: span for span in wire_sentence().spans}
    after = {span.id: span for span in record.spans}
    assert deleted["label"] == "event"
    assert list(after) == ["s7", "s6", "s5", "s4", "s3", "s1", "4.1"]
    assert after["s1"] == before["s1"]
    assert after["s7"].value is HedgeKind.DOXASTIC
    assert (after["4.1"].label, after["4.1"].text, after["4.1"].entity) == (SpanLabel.MENTION, "Officials", None)
    assert record.links == wire_sentence().links
    assert record.lenses == (*wire_sentence().lenses, Lens.MENTIONS)
    assert record.stances == wire_sentence().stances


def test_offsets_counted_in_code_points_are_recognised_by_our_spans(tmp_path):
    row = written(tmp_path)
    for entity in row["entities"]:
        entity["start_offset"] -= 1
        entity["end_offset"] -= 1
    assert list(read(saved(tmp_path, row))) == [wire_sentence()]


def _broken(**changes):
    return exported(entities=[ENTITIES[0], {**ENTITIES[1], **changes}], relations=[])


BAD_ROWS = {
    "plain sequence labelling": ({"id": 1, "text": TEXT, "label": [[0, 3, "cue"]]}, "entities"),
    "no text": ({"id": 1, "entities": []}, "text"),
    "unknown label": (_broken(label="PER"), "entities[1].label"),
    "event": (_broken(label="event"), "entities[1]"),
    "beyond the end": (_broken(end_offset=99), "entities[1].start_offset"),
    "inside the emoji": (_broken(start_offset=1), "entities[1].start_offset"),
    "empty": (_broken(start_offset=17), "entities[1].start_offset"),
    "text offset": (_broken(start_offset="13"), "entities[1].start_offset"),
    "number twice": (_broken(id=212), "entities[1].id"),
    "relation to nothing": (exported(relations=[{"from_id": 213, "to_id": 1, "type": "via"}]), "relations[0].to_id"),
    "relation type": (exported(relations=[{"from_id": 213, "to_id": 212, "type": "by"}]), "relations[0].type"),
    "sidecar no object": (exported(slantwise="x"), "slantwise"),
    "sidecar field": (exported(slantwise={"schema": "slantwise/1"}), "slantwise.id"),
    "sidecar link": (exported(slantwise={"links": [{"at": 0}]}), "slantwise.links[0].label"),
}


@pytest.mark.parametrize("kind", BAD_ROWS)
def test_a_bad_row_names_line_and_field(tmp_path, kind):
    row, field = BAD_ROWS[kind]
    path = saved(tmp_path, exported(), row, exported())
    with pytest.raises(BadRow) as error:
        list(read(path))
    assert (error.value.path, error.value.line, error.value.field) == (str(path), 2, field)
    bad = []
    assert len(list(read(path, bad.append))) == 2
    assert [(row.line, row.field) for row in bad] == [(2, field)]


def test_a_text_that_was_altered_is_refused(tmp_path):
    row = written(tmp_path)
    row["text"] = row["text"].replace("Officials", "Ministers")
    with pytest.raises(BadRow) as error:
        list(read(saved(tmp_path, row)))
    assert error.value.field == "slantwise.spans[0].text"
