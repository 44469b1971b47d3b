"""The schemas accept what slantwise writes, refuse everything else, and know the same words as the code."""

import json

import pytest
from altered_json import altered
from jsonschema import Draft202012Validator

from slantwise.errors import AskedWrong, BadSpan
from slantwise.formats import schema
from slantwise.labelled import record_from_json, record_to_json
from slantwise.labels import (
    SPAN_VALUES,
    TASK_LABELS,
    HedgeKind,
    Hedging,
    Lens,
    LinkLabel,
    Quotation,
    SentenceKind,
    SourceKind,
    SpanLabel,
    StanceLabel,
    Task,
    Wording,
)

SCORE = {
    "schema": "slantwise-score/1",
    "article": "toy",
    "model": {"name": "default", "sha256": "ab"},
    "sentences": [
        {
            "index": 0,
            "start": 0,
            "end": 37,
            "kind": "body",
            "text": "Aides said the reckless tax may fail.",
            "voice": "author",
            "hedging": {
                "label": "hedged",
                "p": 0.97,
                "cues": [{"start": 28, "end": 31, "text": "may", "kind": "epistemic", "voice": "a1"}],
            },
            "wording": {
                "label": "loaded",
                "p": 0.81,
                "words": [{"start": 15, "end": 23, "text": "reckless", "voice": "a1"}],
            },
            "stance": [
                {"target": "t1", "start": 24, "end": 27, "text": "tax", "label": "against", "p": 0.88, "holder": "a1"}
            ],
        }
    ],
    "attributions": [
        {
            "id": "a1",
            "source": {"start": 0, "end": 5, "text": "Aides", "kind": "anonymous", "entity": None},
            "cue": {"start": 6, "end": 10, "text": "said"},
            "content": [{"start": 11, "end": 36, "text": "the reckless tax may fail"}],
            "quotation": "indirect",
            "via": "a2",
            "p": 0.93,
        }
    ],
    "targets": [{"id": "t1", "name": "tax", "aliases": ["the tax"], "mentions": 3}],
    "summary": {},
}
LABELLED = {
    "schema": "slantwise/1",
    "id": "toy#0",
    "doc": {"id": "toy", "outlet": "Herald", "published": "2026-01-02", "section": "news", "story": "tax"},
    "index": 0,
    "text": "Aides said the reckless tax may fail.",
    "lenses": ["hedging", "wording", "attribution", "stance", "mentions"],
    "labels": {"hedging": "hedged", "wording": "loaded"},
    "spans": [
        {"id": "s1", "label": "source", "value": "anonymous", "start": 0, "end": 5, "text": "Aides", "entity": "e1"},
        {"id": "s2", "label": "cue", "value": None, "start": 6, "end": 10, "text": "said"},
        {
            "id": "s3",
            "label": "content",
            "value": "indirect",
            "start": 11,
            "end": 36,
            "text": "the reckless tax may fail",
        },
        {"id": "s4", "label": "loaded", "start": 15, "end": 23, "text": "reckless"},
        {"id": "s5", "label": "target", "value": "against", "start": 24, "end": 27, "text": "tax"},
        {"id": "s6", "label": "hedge", "value": "epistemic", "start": 28, "end": 31, "text": "may"},
        {"id": "s7", "label": "mention", "value": "actor", "start": 0, "end": 5, "text": "Aides"},
        {"id": "s8", "label": "event", "start": 32, "end": 36, "text": "fail", "number": -0.5},
    ],
    "links": [
        {"label": "cue-of", "head": "s2", "tail": "s1"},
        {"label": "content-of", "head": "s3", "tail": "s1"},
        {"label": "holder", "head": "s5", "tail": "s1"},
        {"label": "via", "head": "s1", "tail": "s9"},
    ],
    "stances": [
        {"target": "climate policy", "value": "against", "holder": "s1"},
        {"target": "the mayor", "value": "favor", "holder_name": "the chamber"},
    ],
    "exhaustive": ["hedge", "loaded"],
    "kind": "caption",
    "annotator": "gold",
    "split": "train",
    "corpus": "toy",
    "licence": "CC0-1.0",
}
EXAMPLES = {"score": SCORE, "labelled": LABELLED}


def changed(name, path, value):
    return altered(EXAMPLES[name], path, value)


def is_valid(name, value):
    return Draft202012Validator(schema(name)).is_valid(value)


@pytest.mark.parametrize("name", EXAMPLES)
def test_schemas_are_schemas_and_accept_their_example(name):
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator(schema(name)).validate(EXAMPLES[name])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["schema"], "slantwise-score/2"),
        (["article"], None),
        (["extra"], 1),
        (["summary"], KeyError),
        (["summary"], []),
        (["model", "sha256"], KeyError),
        (["sentences", 0, "voice"], ""),
        (["sentences", 0, "kind"], "footer"),
        (["sentences", 0, "start"], -1),
        (["sentences", 0, "start"], 0.5),
        (["sentences", 0, "stance"], KeyError),
        (["sentences", 0, "hedging", "p"], 1.2),
        (["sentences", 0, "hedging", "label"], "loaded"),
        (["sentences", 0, "hedging", "cues", 0, "kind"], None),
        (["sentences", 0, "wording", "words", 0, "kind"], "epistemic"),
        (["sentences", 0, "stance", 0, "label"], "pro"),
        (["sentences", 0, "stance", 0, "between"], None),
        (["attributions", 0, "quotation"], "scare"),
        (["attributions", 0, "source", "kind"], "person"),
        (["attributions", 0, "source", "entity"], KeyError),
        (["attributions", 0, "via"], KeyError),
        (["attributions", 0, "content", 0, "kind"], "x"),
        (["targets", 0, "aliases"], "the tax"),
    ],
)
def test_what_is_no_score_is_refused(path, value):
    assert not is_valid("score", changed("score", path, value))


@pytest.mark.parametrize(
    "path", [["attributions", 0, "source"], ["attributions", 0, "cue"], ["attributions", 0, "via"]]
)
def test_an_attribution_may_lack_source_cue_and_via(path):
    assert is_valid("score", changed("score", path, None))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["schema"], "slantwise/2"),
        (["extra"], 1),
        (["doc"], "toy"),
        (["doc", "id"], KeyError),
        (["doc", "author"], "x"),
        (["index"], -1),
        (["lenses", 0], "leaning"),
        (["labels", "hedging"], "unsure"),
        (["labels", "tone"], "dark"),
        (["spans", 0, "value"], "direct"),
        (["spans", 0, "label"], "speaker"),
        (["spans", 0, "text"], KeyError),
        (["spans", 0, "number"], 1),
        (["spans", 1, "value"], "named"),
        (["spans", 3, "value"], "epistemic"),
        (["spans", 4, "value"], "unsure"),
        (["spans", 7, "number"], None),
        (["spans", 7, "number"], KeyError),
        (["spans", 7, "value"], "epistemic"),
        (["spans", 0, "start"], -1),
        (["spans", 0, "end"], 0),
        (["links", 0, "label"], "cue"),
        (["links", 0, "tail"], KeyError),
        (["stances", 0, "value"], "unsure"),
        (["stances", 0, "target"], KeyError),
        (["exhaustive", 0], "hedging"),
        (["kind"], "footer"),
        (["licence"], 1),
    ],
)
def test_what_is_no_labelled_sentence_is_refused(path, value):
    assert not is_valid("labelled", changed("labelled", path, value))


@pytest.mark.parametrize(
    "name", ["labels", "spans", "links", "stances", "exhaustive", "kind", "annotator", "split", "corpus"]
)
@pytest.mark.parametrize("value", [None, KeyError])
def test_the_reader_and_the_schema_agree_on_what_may_be_absent(name, value):
    row = changed("labelled", [name], value)
    if name == "spans":
        row["links"] = []  # their heads would be gone
    assert is_valid("labelled", row)
    record_from_json(row)


@pytest.mark.parametrize("name", ["id", "doc", "index", "text", "lenses"])
def test_the_reader_and_the_schema_agree_on_what_may_not(name):
    row = changed("labelled", [name], KeyError)
    assert not is_valid("labelled", row)
    with pytest.raises(BadSpan):
        record_from_json(row)


def test_what_is_written_fits_the_schema():
    assert is_valid("labelled", record_to_json(record_from_json(LABELLED)))


def test_the_score_schema_knows_the_codes_words():
    defs = schema("score")["$defs"]
    found = {
        SentenceKind: defs["sentence"]["properties"]["kind"],
        Hedging: defs["hedging"]["properties"]["label"],
        HedgeKind: defs["hedge_cue"]["properties"]["kind"],
        Wording: defs["wording"]["properties"]["label"],
        Quotation: defs["attribution"]["properties"]["quotation"],
        SourceKind: defs["source"]["properties"]["kind"],
    }
    assert {kind: words["enum"] for kind, words in found.items()} == {kind: list(kind) for kind in found}
    stance = defs["stance"]["properties"]
    assert stance["label"]["enum"] == list(StanceLabel)
    assert [*stance["between"]["items"]["enum"], "unsure"] == list(StanceLabel)


def test_the_labelled_schema_knows_the_codes_words():
    whole = schema("labelled")
    defs = whole["$defs"]
    assert whole["properties"]["lenses"]["items"]["enum"] == list(Lens)
    assert whole["properties"]["exhaustive"]["items"]["enum"] == list(SpanLabel)
    assert whole["properties"]["kind"]["enum"] == [*SentenceKind, None]
    assert defs["span"]["properties"]["label"]["enum"] == list(SpanLabel)
    assert defs["link"]["properties"]["label"]["enum"] == list(LinkLabel)
    labels = whole["properties"]["labels"]["properties"]
    assert {task: tuple(words["enum"]) for task, words in labels.items()} == TASK_LABELS
    assert list(labels) == list(Task)
    gold = [label for label in StanceLabel if label is not StanceLabel.UNSURE]
    assert defs["stance"]["properties"]["value"]["enum"] == gold
    by_label = {}
    for rule in defs["span"]["allOf"]:
        for label in rule["if"]["properties"]["label"].get("enum", ()):
            by_label[label] = rule["then"]["properties"]["value"].get("enum", [None])
    expected = {label: [*(kind or ()), None] for label, kind in SPAN_VALUES.items()}
    expected[SpanLabel.TARGET] = [*gold, None]
    assert by_label == expected


def objects(value):
    if isinstance(value, dict):
        if value.get("type") == "object" or "properties" in value:
            yield value
        for each in value.values():
            yield from objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from objects(each)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_object_takes_unknown_keys(name):
    whole = schema(name)
    for rule in whole["$defs"].values():
        rule.pop("allOf", None)  # conditions on a span that is itself closed
    closed = [each for each in objects(whole) if each.get("additionalProperties") is not False]
    assert closed == ([whole["properties"]["summary"]] if name == "score" else [])


def test_an_unknown_schema_is_asked_wrong():
    with pytest.raises(AskedWrong, match="score, labelled, comparison, check, evaluation"):
        schema("scores")


def test_schema_files_are_plain_json():
    assert json.loads(json.dumps(schema("score"))) == schema("score")
