import json

import pytest
from hypothesis import given, settings
from labelled_sentences import labelled_sentences, wire_sentence

from slantwise.errors import BadRow
from slantwise.labels import HedgeKind, Lens, LinkLabel, SourceKind, SpanLabel, Task
from slantwise.records import Document, LabelledSentence, Link, Span
from slantwise_training.annotation.prodigy import read, write

TEXT = "😀 Officials said it may fail."
TOKENS = [
    {"text": "😀", "start": 0, "end": 1, "id": 0, "ws": True, "disabled": False},
    {"text": "Officials", "start": 2, "end": 11, "id": 1, "ws": True, "disabled": False},
    {"text": "said", "start": 12, "end": 16, "id": 2, "ws": True, "disabled": False},
    {"text": "it", "start": 17, "end": 19, "id": 3, "ws": True, "disabled": False},
    {"text": "may", "start": 20, "end": 23, "id": 4, "ws": True, "disabled": False},
    {"text": "fail", "start": 24, "end": 28, "id": 5, "ws": False, "disabled": False},
    {"text": ".", "start": 28, "end": 29, "id": 6, "ws": False, "disabled": False},
]
SOURCE = {"start": 2, "end": 11, "token_start": 1, "token_end": 1, "label": "source:institution"}
CUE = {"start": 12, "end": 16, "token_start": 2, "token_end": 2, "label": "cue"}
HEDGE = {"start": 20, "end": 23, "token_start": 4, "token_end": 4, "label": "hedge:epistemic"}
RELATION = {"head": 2, "child": 1, "head_span": CUE, "child_span": SOURCE, "color": "#ffd882", "label": "cue-of"}


def exported(**changes):
    """A row as `db-out` writes it."""
    spans = [{"text": "Officials", "type": "span", **SOURCE}, {"text": "said", "type": "span", **CUE}, HEDGE]
    return {
        "text": TEXT,
        "_input_hash": -400334998,
        "_task_hash": 1861007191,
        "_is_binary": False,
        "tokens": TOKENS,
        "_view_id": "blocks",
        "spans": spans,
        "relations": [RELATION],
        "accept": ["hedging:hedged"],
        "answer": "accept",
        "_timestamp": 1767600000,
        "_annotator_id": "news-ann",
        "_session_id": "news-ann",
        **changes,
    }


def saved(tmp_path, *rows):
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def written(tmp_path, *records):
    write(tmp_path / "ours.jsonl", records)
    return [json.loads(line) for line in (tmp_path / "ours.jsonl").read_text(encoding="utf-8").split("\n") if line]


def test_a_dataset_of_ones_own_is_read(tmp_path):
    [record] = read(saved(tmp_path, exported()))
    assert record == LabelledSentence(
        "news#1",
        Document("news#1"),
        0,
        TEXT,
        (Lens.HEDGING, Lens.ATTRIBUTION),
        {Task.HEDGING: "hedged"},
        (
            Span("0.1", SpanLabel.SOURCE, 2, 11, "Officials", SourceKind.INSTITUTION),
            Span("0.2", SpanLabel.CUE, 12, 16, "said"),
            Span("0.3", SpanLabel.HEDGE, 20, 23, "may", HedgeKind.EPISTEMIC),
        ),
        (Link(LinkLabel.CUE_OF, "0.2", "0.1"),),
        annotator="news-ann",
    )


def test_the_last_token_of_a_span_is_inclusive(tmp_path):
    [row] = written(tmp_path, wire_sentence())
    content = row["spans"][2]
    tokens = row["tokens"][content["token_start"] : content["token_end"] + 1]
    assert [token["text"] for token in tokens] == ["the", "disastrous", "carbon", "tax", "may", "fail"]
    relation = row["relations"][0]
    assert row["tokens"][relation["head"]]["text"] == "said"
    assert row["tokens"][relation["child"]]["text"] == "Officials"


@settings(max_examples=25, deadline=None)
@given(labelled_sentences())
def test_tokens_make_up_the_text_and_hold_every_span(tmp_path_factory, record):
    [row] = written(tmp_path_factory.getbasetemp(), record)
    tokens = row["tokens"]
    assert "".join(token["text"] + " " * token["ws"] for token in tokens) == record.text
    assert [token["id"] for token in tokens] == list(range(len(tokens)))
    assert all(record.text[token["start"] : token["end"]] == token["text"] for token in tokens)
    for span in row["spans"]:
        assert tokens[span["token_start"]]["start"] == span["start"]
        assert tokens[span["token_end"]]["end"] == span["end"]


def test_another_annotators_answer_is_theirs(tmp_path):
    [row] = written(tmp_path, wire_sentence())
    row.update(accept=["hedging:asserted"], spans=[{**row["spans"][0], "id": None}], relations=[], _annotator_id="bo")
    [record] = read(saved(tmp_path, row))
    assert (record.annotator, record.id) == ("bo", "wire-07#4")
    assert record.labels == {Task.HEDGING: "asserted"}
    assert record.spans == wire_sentence().spans[:1]
    assert [link.tail for link in record.links] == ["s0"]


def test_without_a_choice_block_sentence_labels_stay(tmp_path):
    [row] = written(tmp_path, wire_sentence())
    del row["accept"]
    assert list(read(saved(tmp_path, row))) == [wire_sentence()]


@pytest.mark.parametrize("answer", ["reject", "ignore"])
def test_a_row_passed_over_is_unlabelled(tmp_path, answer):
    [row] = written(tmp_path, wire_sentence())
    [record] = read(saved(tmp_path, {**row, "answer": answer, "_session_id": "bo"}))
    assert (record.id, record.lenses, record.spans, record.labels) == ("wire-07#4", (), (), {})
    assert (record.stances, record.links, record.exhaustive, record.annotator) == ((), (), (), "bo")


def _relation(**changes):
    return exported(relations=[{**RELATION, **changes}])


BAD_ROWS = {
    "no text": ({"spans": []}, "text"),
    "unknown label": (exported(spans=[{**HEDGE, "label": "ORG"}], relations=[]), "spans[0].label"),
    "beyond the end": (exported(spans=[{**HEDGE, "end": 99}], relations=[]), "spans[0].end"),
    "backwards": (exported(spans=[{**HEDGE, "end": 20}], relations=[]), "spans[0].end"),
    "surface": (exported(spans=[{**HEDGE, "text": "might"}], relations=[]), "spans[0].text"),
    "event": (exported(spans=[{**HEDGE, "label": "event"}], relations=[]), "spans[0]"),
    "relation label": (_relation(label="by"), "relations[0].label"),
    "relation to a bare word": (_relation(child_span={**SOURCE, "label": None}), "relations[0].child_span"),
    "relation from nowhere": (_relation(head_span={**CUE, "start": 11}), "relations[0].head_span"),
    "relation without spans": (exported(relations=[{"head": 2, "child": 1, "label": "via"}]), "relations[0].head_span"),
    "two spans alike": (exported(spans=[SOURCE, CUE, CUE]), "relations[0].head_span"),
    "unknown answer": (exported(answer="maybe"), "answer"),
    "unknown choice": (exported(accept=["hedging:sure"]), "accept[0]"),
    "two choices": (exported(accept=["hedging:hedged", "hedging:asserted"]), "accept[1]"),
    "annotator": (exported(_annotator_id=5), "_annotator_id"),
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
