"""`slantwise evaluate` on labelled files: what it writes, and one clear line for what cannot be evaluated."""

import json
from dataclasses import replace

import pytest
from tiny_model import LOADED, tiny_sentences

from slantwise.labelled import write_labelled
from slantwise.labels import Lens, SpanLabel, Task
from slantwise.records import Document, LabelledSentence
from slantwise_training.annotation import FORMATS


def labelled(annotator="gold"):
    """Forty of the tiny sentences, with labels and words for wording alone; four to a document."""
    chosen = tiny_sentences()[::2][:30] + tiny_sentences()[-10:]
    return [
        replace(
            each,
            id=f"t{i}",
            doc=Document(f"d{i // 4}", ("Daily", "Post")[i % 2]),
            lenses=(Lens.WORDING,),
            labels={Task.WORDING: "loaded" if any(word in each.text.lower() for word in LOADED) else "plain"},
            spans=each.spans_of(SpanLabel.LOADED),
            exhaustive=(SpanLabel.LOADED,),
            annotator=annotator,
            corpus="own",
        )
        for i, each in enumerate(chosen)
    ]


@pytest.fixture
def labels(tmp_path):
    path = tmp_path / "labels.jsonl"
    write_labelled(path, labelled())
    return path


def test_one_command_writes_every_form(slantwise, tiny_model, labels, tmp_path):
    forms = {name: tmp_path / f"report.{name}" for name in ("html", "json", "md")}
    ran = slantwise(
        "evaluate", tiny_model, "--on", labels, "--html", forms["html"], "-o", forms["json"], "--card", forms["md"]
    )
    assert (ran.code, ran.err) == (0, "")
    result = json.loads(forms["json"].read_text("utf-8"))
    assert result["schema"] == "slantwise-evaluation-report/1"
    (section,) = result["evaluations"]
    assert list(section["measures"]) == ["wording", "loaded"]
    assert section["thresholds"]["wording"]["loaded"]
    assert str(tmp_path) not in forms["json"].read_text("utf-8")
    assert forms["html"].read_text("utf-8").startswith("<!doctype html>")
    assert forms["md"].read_text("utf-8").startswith("## Evaluation")
    assert section["verdict"].split(":")[0] in ran.out
    assert "no folder of corpora here" in " ".join(ran.out.split())


def test_json_on_stdout_is_the_file(slantwise, tiny_model, labels, tmp_path):
    ran = slantwise("evaluate", tiny_model, "--on", labels, "--json", "--limit", "12", "-o", tmp_path / "out.json")
    assert ran.out == (tmp_path / "out.json").read_text("utf-8")
    (section,) = json.loads(ran.out)["evaluations"]
    assert section["records"] <= 12
    assert any("too few to conclude anything" in line for line in section["advice"])


@pytest.mark.parametrize("name", ["label-studio", "doccano", "prodigy"])
def test_files_of_annotation_tools(slantwise, tiny_model, tmp_path, name):
    path = tmp_path / f"labels{FORMATS[name].suffix}"
    FORMATS[name].write(path, labelled()[:8])
    ran = slantwise("evaluate", tiny_model, "--on", path, "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["evaluations"][0]["records"] == 8


def test_further_annotators_are_the_ceiling(slantwise, tiny_model, labels, tmp_path):
    write_labelled(tmp_path / "anna.jsonl", labelled("anna")[:20])
    ran = slantwise("evaluate", tiny_model, "--on", labels, "--annotators", tmp_path / "anna.jsonl", "--json")
    rows = json.loads(ran.out)["evaluations"][0]["people"]
    found = [(row["who"], row["measure"], row["n"], row["people"]["value"]) for row in rows]
    assert found == [("anna", "wording", 20, 1.0), ("anna", "loaded", 20, 1.0)]


def test_two_models_are_compared(slantwise, tiny_model, labels, tmp_path):
    slantwise("evaluate", tiny_model, "--on", labels, "--compare", tiny_model).refused(2, "two different models")


@pytest.mark.parametrize(
    ("content", "code", "parts"),
    [
        ("", 1, ("labelled sentences in bad.jsonl", "an empty file")),
        ("nonsense\n", 1, ("bad.jsonl:1",)),
        ('{"text": "x", "stars": 1}\n', 2, ("a row with the fields stars, text", "--format")),
        ("[1]\n", 2, ("a row that is no object with fields", "--format")),
        ('{"schema": "slantwise-score/1", "article": "x"}\n', 1, ("'slantwise/1'", "found 'slantwise-score/1'")),
    ],
    ids=["empty", "no JSON", "another file", "no object", "scores"],
)
def test_wrong_label_files(slantwise, tiny_model, tmp_path, content, code, parts):
    (tmp_path / "bad.jsonl").write_text(content, encoding="utf-8")
    ran = slantwise("evaluate", tiny_model, "--on", tmp_path / "bad.jsonl", "--html", tmp_path / "out.html")
    ran.refused(code, *parts)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".html"] == []


def test_a_folder_and_an_empty_list_are_no_label_files(slantwise, tiny_model, tmp_path):
    (tmp_path / "tasks.json").write_text("[]", encoding="utf-8")
    slantwise("evaluate", tiny_model, "--on", tmp_path / "tasks.json").refused(1, "labelled sentences in", "found none")
    slantwise("evaluate", tiny_model, "--on", tmp_path).refused(2, "a file of labelled sentences", "found a folder")


def test_labels_that_the_model_does_not_answer(slantwise, tiny_model, tmp_path):
    sentence = LabelledSentence("1", Document("d"), 0, "A text", (), {Task.LEANING: "left"}, corpus="own")
    write_labelled(tmp_path / "other.jsonl", [sentence])
    ran = slantwise("evaluate", tiny_model, "--on", tmp_path / "other.jsonl")
    ran.refused(1, "labels that the model answers", "labels for leaning in own")


def test_one_class_only_is_said(slantwise, tiny_model, tmp_path):
    plain = [replace(each, labels={Task.WORDING: "plain"}) for each in labelled()]
    write_labelled(tmp_path / "plain.jsonl", plain)
    ran = slantwise("evaluate", tiny_model, "--on", tmp_path / "plain.jsonl")
    assert "note: wording: every gold label is plain" in ran.out


def test_options_that_do_not_exist(slantwise, tiny_model, labels, tmp_path):
    slantwise("evaluate", tiny_model, "--on", labels, "--protocol", "usual").refused(2, "a protocol of: published")
    slantwise("evaluate", tiny_model, "--on", labels, "--format", "excel").refused(2, "a format of: slantwise")
    slantwise("evaluate", tiny_model, "--on", "all", "--from", tmp_path).refused(1, "no corpus on disk")
