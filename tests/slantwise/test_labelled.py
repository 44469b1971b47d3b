import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from labelled_sentences import corpora, earlier_sentence, wire_sentence

from slantwise.errors import AskedWrong, BadRow, BadSpan, SlantwiseError
from slantwise.labelled import check_documents, read_labelled, record_from_json, record_to_json, write_labelled
from slantwise.labels import LinkLabel, StanceLabel
from slantwise.records import Document, LabelledSentence, Link, Stance


@settings(max_examples=30, deadline=None)
@given(corpora())
def test_any_records_come_back_exactly(tmp_path_factory, records):
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    assert write_labelled(path, records) == len(records)
    assert list(read_labelled(path)) == records


def test_the_json_shape_is_the_documented_one():
    row = record_to_json(wire_sentence())
    assert list(row) == [
        "schema", "id", "doc", "index", "text", "lenses", "labels", "spans", "links", "stances",
        "exhaustive", "kind", "annotator", "split", "corpus", "licence",
    ]  # fmt: skip
    assert row["schema"] == "slantwise/1"
    assert row["doc"] == {
        "id": "wire-07", "outlet": "The Wire", "published": "2026-01-02", "section": "news", "story": "carbon-tax",
    }  # fmt: skip
    assert row["labels"] == {"hedging": "hedged", "wording": "loaded"}
    assert row["spans"][0] == {
        "id": "s1", "label": "source", "value": "institution", "start": 2, "end": 11, "text": "Officials",
        "entity": "officials",
    }  # fmt: skip
    assert row["spans"][1] == {"id": "s3", "label": "cue", "value": None, "start": 23, "end": 27, "text": "said"}
    assert row["spans"][-1]["number"] == -1.5
    assert row["links"][0] == {"label": "cue-of", "head": "s3", "tail": "s1"}
    assert row["stances"] == [
        {"target": "climate policy", "value": "against", "holder": "s1"},
        {"target": "coal", "value": "favor", "holder_name": "The minister"},
    ]


def test_absent_fields_are_left_out():
    row = record_to_json(LabelledSentence("d#0", Document("d"), 0, "Rain fell.", ()))
    assert row["doc"] == {"id": "d"}
    assert "exhaustive" not in row
    assert record_from_json({"schema": "slantwise/1", "id": "d#0", "doc": {"id": "d", "outlet": None}, "index": 0,
                             "text": "Rain fell.", "lenses": [], "spans": None}).annotator == "gold"  # fmt: skip


def _broken(change):
    row = record_to_json(wire_sentence())
    change(row)
    return json.dumps(row)


BAD_ROWS = {
    "not json": ("{", "(row)", "JSON"),
    "not an object": ("[1]", "(row)", "an object"),
    "nan": ('{"index": NaN}', "(row)", "JSON numbers"),
    "key twice": ('{"id": "a", "id": "b"}', "id", "each field once"),
    "unknown key": (_broken(lambda r: r.update(colour="red")), "colour", "no field but"),
    "missing key": (_broken(lambda r: r.pop("lenses")), "lenses", "a value"),
    "other schema": (_broken(lambda r: r.update(schema="slantwise/9")), "schema", "'slantwise/1'"),
    "number for text": (_broken(lambda r: r.update(text=5)), "text", "a string"),
    "half a pair": (_broken(lambda r: r.update(id="\ud83d")), "id", "Unicode text"),
    "true for index": (_broken(lambda r: r.update(index=True)), "index", "a whole number"),
    "negative index": (_broken(lambda r: r.update(index=-1)), "index", "a whole number"),
    "doc without id": (_broken(lambda r: r["doc"].pop("id")), "doc.id", "a value"),
    "doc with extra": (_broken(lambda r: r["doc"].update(url="x")), "doc.url", "no field but"),
    "lens": (_broken(lambda r: r["lenses"].append("mood")), "lenses[4]", "one of: hedging"),
    "lenses no array": (_broken(lambda r: r.update(lenses="hedging")), "lenses", "an array"),
    "task": (_broken(lambda r: r["labels"].update(mood="sad")), "labels.mood", "no field but"),
    "task label": (_broken(lambda r: r["labels"].update(hedging="loaded")), "labels.hedging", "asserted, hedged"),
    "span label": (_broken(lambda r: r["spans"][2].update(label="quote")), "spans[2].label", "one of: source"),
    "span value": (_broken(lambda r: r["spans"][5].update(value="maybe")), "spans[5].value", "one of: epistemic"),
    "value on cue": (_broken(lambda r: r["spans"][1].update(value="direct")), "spans[1].value", "no value"),
    "surface": (_broken(lambda r: r["spans"][3].update(start=31)), "spans[3].text", "' disastrous'"),
    "beyond the end": (_broken(lambda r: r["spans"][6].update(end=999)), "spans[6].text", "the text at"),
    "empty span": (_broken(lambda r: r["spans"][1].update(end=23, text="")), "spans[1]", "start < end"),
    "float offset": (_broken(lambda r: r["spans"][1].update(start=23.0)), "spans[1].start", "a whole number"),
    "span id twice": (_broken(lambda r: r["spans"][1].update(id="s1")), "spans[1].id", "differ"),
    "event unmeasured": (_broken(lambda r: r["spans"][6].pop("number")), "spans[6]", "a number on event spans"),
    "event overmeasured": (_broken(lambda r: r["spans"][6].update(number=4)), "spans[6]", "-3 to 3"),
    "number as text": (_broken(lambda r: r["spans"][6].update(number="1")), "spans[6].number", "a number"),
    "link head": (_broken(lambda r: r["links"][1].update(head="s9")), "links[1].head", "the id of a span"),
    "link label": (_broken(lambda r: r["links"][1].update(label="by")), "links[1].label", "one of: cue-of"),
    "stance unsure": (
        _broken(lambda r: r["stances"][0].update(value="unsure")),
        "stances[0].value",
        "against, neutral",
    ),
    "stance value": (_broken(lambda r: r["stances"][1].update(value="con")), "stances[1].value", "one of: against"),
    "exhaustive": (_broken(lambda r: r.update(exhaustive=["hedges"])), "exhaustive[0]", "one of: source"),
    "annotator": (_broken(lambda r: r.update(annotator=7)), "annotator", "a string"),
}


@pytest.mark.parametrize("kind", BAD_ROWS)
def test_a_bad_row_names_line_and_field(tmp_path, kind):
    text, field, expected = BAD_ROWS[kind]
    path = tmp_path / "rows.jsonl"
    good = json.dumps(record_to_json(wire_sentence()))
    path.write_text(f"{good}\n\n{text}\n{good}\n", encoding="utf-8")
    rows = read_labelled(path)
    assert next(rows) == wire_sentence()
    with pytest.raises(BadRow) as error:
        next(rows)
    assert (error.value.path, error.value.line, error.value.field) == (str(path), 3, field)
    assert expected in error.value.expected

    bad = []
    assert len(list(read_labelled(path, on_bad=bad.append))) == 2
    assert [(row.line, row.field) for row in bad] == [(3, field)]


def test_bytes_that_are_not_utf8_are_a_bad_row(tmp_path):
    path = tmp_path / "latin.jsonl"
    path.write_bytes('{"id": "caf\xe9"}\n'.encode("latin-1"))
    with pytest.raises(BadRow, match=r"UTF-8 text at .*latin.jsonl:1, field \(row\); found byte 0xe9"):
        list(read_labelled(path))


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path):
    path = tmp_path / "windows.jsonl"
    line = json.dumps(record_to_json(wire_sentence())).encode()
    path.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n" + line + b"\r\n")
    assert list(read_labelled(path)) == [wire_sentence()] * 2


def test_no_such_file(tmp_path):
    with pytest.raises(AskedWrong, match="nowhere"):
        list(read_labelled(tmp_path / "nowhere.jsonl"))


def test_what_cannot_be_written_leaves_the_old_file(tmp_path):
    path = tmp_path / "kept.jsonl"
    write_labelled(path, [wire_sentence()])
    with pytest.raises(SlantwiseError, match="wire-07#4"):
        write_labelled(path, [earlier_sentence(), replace(wire_sentence(), licence="\ud83d")])
    assert list(read_labelled(path)) == [wire_sentence()]
    assert [file.name for file in tmp_path.iterdir()] == ["kept.jsonl"]


def test_record_from_json_raises_bad_span_with_the_field():
    with pytest.raises(BadSpan) as error:
        record_from_json({"schema": "slantwise/1"})
    assert error.value.field == "id"


def test_a_sound_document_has_no_problems():
    assert check_documents([wire_sentence(), earlier_sentence()]) == []
    assert check_documents([wire_sentence(), earlier_sentence(), wire_sentence("ann"), earlier_sentence("ann")]) == []


def test_a_link_or_holder_must_be_in_the_document():
    stray = replace(earlier_sentence(), stances=(Stance("coal", StanceLabel.FAVOR, holder="s99"),))
    found = [(p.sentence, p.field, p.found) for p in check_documents([wire_sentence("ann"), stray])]
    assert found == [("wire-07#4", "links[1].tail", "'s0'"), ("wire-07#3", "stances[0].holder", "'s99'")]


def test_span_ids_and_indexes_differ_within_a_document():
    twin = replace(earlier_sentence(), id="wire-07#5", links=(Link(LinkLabel.VIA, "s0", "s1"),))
    problems = check_documents([earlier_sentence(), wire_sentence(), twin])
    assert [(p.sentence, p.field) for p in problems] == [("wire-07#5", "index"), ("wire-07#5", "spans[0].id")]
    assert str(problems[0]) == (
        "sentence wire-07#5 of document wire-07 (gold), field index: expected an index of its own; "
        "found 3, as in sentence wire-07#3"
    )
