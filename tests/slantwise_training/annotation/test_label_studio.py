import json
from xml.etree import ElementTree

import pytest
from labelled_sentences import earlier_sentence, wire_sentence

from slantwise.errors import BadRow
from slantwise.labels import HedgeKind, Lens, LinkLabel, SourceKind, SpanLabel, Task
from slantwise.records import Document, LabelledSentence, Link, Span
from slantwise_training.annotation.label_studio import read, write
from slantwise_training.annotation.label_studio_config import label_studio_config

TEXT = "😀 Officials said it may fail."


def region(name, start, end, surface, word):
    value = {"start": start, "end": end, "text": surface, "labels": [word]}
    return {"value": value, "id": name, "from_name": "span", "to_name": "text", "type": "labels", "origin": "manual"}


def exported(*results, data=None, **annotation):
    """A task as the server exports it: numbers, dates and all."""
    return {
        "id": 17,
        "annotations": [
            {
                "id": 40 + i,
                "completed_by": 3 + i,
                "result": result,
                "was_cancelled": False,
                "ground_truth": False,
                "created_at": "2026-01-05T10:11:12.123456Z",
                "updated_at": "2026-01-05T10:11:12.123456Z",
                "draft_created_at": None,
                "lead_time": 21.5,
                "prediction": {},
                "result_count": 2,
                "unique_id": "0b2c3d4e-0000-4000-8000-000000000000",
                "import_id": None,
                "last_action": None,
                "task": 17,
                "project": 2,
                "updated_by": 3,
                "parent_prediction": None,
                "parent_annotation": None,
                "last_created_by": None,
                **annotation,
            }
            for i, result in enumerate(results)
        ],
        "file_upload": "1a2b3c4d-tasks.json",
        "drafts": [],
        "predictions": [],
        "data": data or {"text": TEXT},
        "meta": {},
        "created_at": "2026-01-05T10:00:00.000000Z",
        "updated_at": "2026-01-05T10:11:12.200000Z",
        "inner_id": 1,
        "total_annotations": 1,
        "cancelled_annotations": 0,
        "total_predictions": 0,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "last_comment_updated_at": None,
        "project": 2,
        "updated_by": 3,
        "comment_authors": [],
    }


def saved(tmp_path, *tasks):
    path = tmp_path / "project-2-at-2026.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


RESULT = [
    region("aB3", 3, 12, "Officials", "source:institution"),
    region("cD4", 13, 17, "said", "cue"),
    region("eF5", 21, 24, "may", "hedge:epistemic"),
    {"from_id": "cD4", "to_id": "aB3", "type": "relation", "direction": "right", "labels": ["cue-of"]},
    {
        "value": {"choices": ["hedged"]},
        "id": "x1",
        "from_name": "hedging",
        "to_name": "text",
        "type": "choices",
        "origin": "manual",
    },
    {"value": {"start": 3, "end": 12, "text": ["the officials"]}, "id": "aB3", "from_name": "entity", "to_name": "text",
     "type": "textarea", "origin": "manual"},
]  # fmt: skip


def test_a_project_of_ones_own_is_read(tmp_path):
    [record] = read(saved(tmp_path, exported(RESULT)))
    name = "project-2-at-2026#1"
    assert record == LabelledSentence(
        name,
        Document(name),
        0,
        TEXT,
        (Lens.HEDGING, Lens.ATTRIBUTION),
        {Task.HEDGING: "hedged"},
        (
            Span("aB3", SpanLabel.SOURCE, 2, 11, "Officials", SourceKind.INSTITUTION, entity="the officials"),
            Span("cD4", SpanLabel.CUE, 12, 16, "said"),
            Span("eF5", SpanLabel.HEDGE, 20, 23, "may", HedgeKind.EPISTEMIC),
        ),
        (Link(LinkLabel.CUE_OF, "cD4", "aB3"),),
        annotator="3",
    )


def test_order_direction_and_accounts_may_vary(tmp_path):
    relation = {"from_id": "aB3", "to_id": "cD4", "type": "relation", "direction": "left", "labels": ["cue-of"]}
    event = [
        {"value": {"start": 25, "end": 29, "text": "fail", "number": 2}, "id": "ev", "from_name": "number",
         "to_name": "text", "type": "number"},
        region("ev", 25, 29, "fail", "event"),
    ]  # fmt: skip
    who = {"id": 5, "email": "bo@example.org", "first_name": "Bo", "last_name": ""}
    [record] = read(saved(tmp_path, exported([relation, *event, *RESULT[:2]], completed_by=who)))
    assert record.links == (Link(LinkLabel.CUE_OF, "cD4", "aB3"),)
    assert record.spans[0] == Span("ev", SpanLabel.EVENT, 24, 28, "fail", number=2.0)
    assert record.annotator == "bo@example.org"


def test_each_annotation_is_a_record_and_a_skipped_one_is_unlabelled(tmp_path):
    records = list(read(saved(tmp_path, exported(RESULT, RESULT[:3]), exported(RESULT, was_cancelled=True))))
    assert [record.annotator for record in records] == ["3", "4", "3"]
    assert [len(record.spans) for record in records] == [3, 3, 0]
    assert records[2].lenses == ()


def test_a_task_that_waits_for_annotation_is_written_bare_and_read_unlabelled(tmp_path):
    bare = LabelledSentence("d#0", Document("d"), 0, "Rain fell.", ())
    write(tmp_path / "tasks.json", [bare])
    [task] = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    assert task["annotations"] == []
    assert task["data"]["text"] == "Rain fell."
    assert list(read(tmp_path / "tasks.json")) == [bare]


def test_annotators_of_one_sentence_share_a_task(tmp_path):
    records = [wire_sentence(), wire_sentence("ann"), earlier_sentence()]
    write(tmp_path / "tasks.json", records)
    tasks = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    assert [len(task["annotations"]) for task in tasks] == [2, 1]
    regions = [item for item in tasks[0]["annotations"][0]["result"] if item["type"] == "labels"]
    assert regions[0]["value"] == {"start": 3, "end": 12, "text": "Officials", "labels": ["source:institution"]}
    assert {item["type"] for item in tasks[0]["annotations"][0]["result"]} == {
        "labels", "choices", "textarea", "number", "relation",
    }  # fmt: skip


def test_a_second_annotator_of_our_task_is_told_apart(tmp_path):
    """Somebody opens a task that we wrote and adds an annotation of their own, leaving their name out."""
    write(tmp_path / "tasks.json", [wire_sentence()])
    [task] = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    mine = [region("new", 3, 12, "Officials", "source")]
    task["annotations"].append({"id": 9, "completed_by": 8, "was_cancelled": False, "result": mine})
    ours, theirs = read(saved(tmp_path, task))
    assert ours == wire_sentence()
    assert (theirs.id, theirs.doc, theirs.annotator) == ("wire-07#4", wire_sentence().doc, "8")
    assert (theirs.lenses, theirs.stances, theirs.links) == ((Lens.ATTRIBUTION,), (), ())


def test_a_link_whose_span_was_deleted_goes_with_it(tmp_path):
    write(tmp_path / "tasks.json", [wire_sentence()])
    [task] = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    result = task["annotations"][0]["result"]
    task["annotations"][0]["result"] = [
        item for item in result if "s1" not in (item.get("id"), item.get("from_id"), item.get("to_id"))
    ]
    [record] = read(saved(tmp_path, task))
    assert [span.id for span in record.spans] == ["s3", "s4", "s5", "s6", "s7", "s8"]
    assert record.links == ()


def _with(item):
    return exported([*RESULT, item])


BAD_TASKS = {
    "json_min": ({"text": TEXT, "id": 1, "label": []}, "data"),
    "no annotations": ({"data": {"text": TEXT}}, "annotations"),
    "annotations no array": ({"data": {"text": TEXT}, "annotations": {}}, "annotations"),
    "no text": (exported(RESULT, data={"sentence": TEXT}), "data.text"),
    "our data broken": (exported(RESULT, data={"text": TEXT, "schema": "slantwise/1"}), "data.id"),
    "result no array": (exported({}), "annotations[0].result"),
    "unknown word": (_with(region("z", 3, 12, "Officials", "Person")), "annotations[0].result[6].value.labels"),
    "unknown value": (_with(region("z", 3, 12, "Officials", "source:god")), "annotations[0].result[6].value.labels"),
    "surface": (_with(region("z", 3, 12, "Ministers", "source")), "annotations[0].result[6].value.start"),
    "no offset": (_with(region("z", None, 12, "Officials", "source")), "annotations[0].result[6].value.start"),
    "event without number": (_with(region("z", 3, 12, "Officials", "event")), "annotations[0].result[6].value"),
    "region twice": (_with(region("aB3", 3, 12, "Officials", "source")), "annotations[0].result[6].id"),
    "number of nothing": (
        _with({"type": "number", "from_name": "number", "id": "q", "value": {"number": 1}}),
        "annotations[0].result[6].id",
    ),
    "unknown task": (
        _with({"type": "choices", "from_name": "mood", "value": {"choices": ["sad"]}}),
        "annotations[0].result[6].from_name",
    ),
    "task label": (
        _with({"type": "choices", "from_name": "wording", "value": {"choices": ["nice"]}}),
        "annotations[0].result[6].value.choices",
    ),
    "two labels": (
        _with({"type": "choices", "from_name": "wording", "value": {"choices": ["plain", "loaded"]}}),
        "annotations[0].result[6].value.choices",
    ),
    "unknown control": (
        _with({"type": "rating", "from_name": "stars", "value": {"rating": 4}}),
        "annotations[0].result[6].type",
    ),
    "relation to nothing": (
        _with({"type": "relation", "from_id": "aB3", "to_id": "zz", "labels": ["via"]}),
        "annotations[0].result",
    ),
    "relation both ways": (
        _with({"type": "relation", "from_id": "aB3", "to_id": "cD4", "direction": "bi", "labels": ["via"]}),
        "annotations[0].result[6].direction",
    ),
    "relation unlabelled": (
        _with({"type": "relation", "from_id": "aB3", "to_id": "cD4", "labels": []}),
        "annotations[0].result[6].labels",
    ),
    "relation mislabelled": (
        _with({"type": "relation", "from_id": "aB3", "to_id": "cD4", "labels": ["by"]}),
        "annotations[0].result[6].labels",
    ),
}


@pytest.mark.parametrize("kind", BAD_TASKS)
def test_a_bad_task_names_its_number_and_field(tmp_path, kind):
    task, field = BAD_TASKS[kind]
    path = saved(tmp_path, exported(RESULT), task, exported(RESULT))
    with pytest.raises(BadRow) as error:
        list(read(path))
    assert (error.value.path, error.value.line, error.value.field) == (str(path), 2, field)
    bad = []
    assert len(list(read(path, bad.append))) == 2
    assert [(row.line, row.field) for row in bad] == [(2, field)]


def test_a_bad_annotation_leaves_its_neighbour(tmp_path):
    bad = []
    [record] = read(saved(tmp_path, exported(RESULT[3:], RESULT)), bad.append)
    assert record.annotator == "4"
    assert [row.field for row in bad] == ["annotations[0].result[2].id"]


@pytest.mark.parametrize("text", ["{", '{"tasks": []}', "[NaN]"])
def test_a_file_that_is_no_export_is_refused(tmp_path, text):
    (tmp_path / "bad.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadRow, match=r"bad\.json:1"):
        list(read(tmp_path / "bad.json"))


def test_the_config_offers_every_word_that_the_reader_knows(tmp_path):
    view = ElementTree.fromstring(label_studio_config())
    names = {element.get("name") for element in view.iter() if element.get("name")}
    write(tmp_path / "tasks.json", [wire_sentence()])
    [task] = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    used = {item["from_name"] for item in task["annotations"][0]["result"] if "from_name" in item}
    assert used <= names
    words = [element.get("value") for element in view.iter("Label")]
    assert "hedge:epistemic" in words
    assert not [each for each in words if "unsure" in each]
    for each in words:
        text = "event" if each == "event" else TEXT
        item = region("r", 0, len(text.encode("utf-16-le")) // 2, text, each)
        number = {"type": "number", "from_name": "number", "id": "r", "value": {"number": 0}}
        [record] = read(saved(tmp_path, exported([item, number] if each == "event" else [item], data={"text": text})))
        assert len(record.spans) == 1
    assert [element.get("value") for element in view.iter("Relation")] == [str(link) for link in LinkLabel]
    assert _ticked(view)["lenses"] == ["hedging", "wording", "attribution", "stance"]
    assert _ticked(view)["exhaustive"] == ["source", "cue", "content", "hedge", "loaded"]


def test_the_config_can_ask_for_less():
    view = ElementTree.fromstring(label_studio_config([SpanLabel.HEDGE], [Task.HEDGING]))
    assert _ticked(view) == {"hedging": [], "lenses": ["hedging"], "exhaustive": ["hedge"]}
    assert all(each.get("value").startswith("hedge") for each in view.iter("Label"))
    assert not list(view.iter("Number"))


def _ticked(view):
    return {
        group.get("name"): [each.get("value") for each in group if each.get("selected")]
        for group in view.iter("Choices")
    }
