"""A study end to end: every section is there, and says what it is about."""

import json
from dataclasses import replace

import pytest
from evaluated_toys import toy_sentences, toy_set, toy_setting, toy_study

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.labels import Task
from slantwise.score import ModelName
from slantwise_training.evaluation.result_file import SCHEMA, result_of
from slantwise_training.evaluation.study import study


@pytest.fixture(scope="module")
def found():
    return toy_study(command="slantwise evaluate --on toy.jsonl")


def test_the_section_has_every_part(found):
    section = found.section
    assert list(section["measures"]) == ["wording", "stance", "loaded"]
    assert section["main_metrics"] == {"wording": "macro_f1", "stance": "macro_f1", "loaded": "span_exact_f1"}
    assert section["thresholds"]["wording"]["loaded"][0]["precision_wanted"] == 0.8
    assert section["curves"]["wording"]["abstention"]["aurc"]["low"] is not None
    assert section["curves"]["loaded"]["abstention"] is None
    assert {row["kind"] for row in section["slices"]["wording"]["slices"]} >= {"outlet"}
    assert {row["system"] for row in section["floors"]} >= {"majority, in folds", "outlet look-up, in folds"}
    assert section["targets"]["target_alone"]["measure"] == "stance"
    assert [row["who"] for row in section["people"]] == ["Anna", "Anna", "Anna"]
    assert section["comparison"][0]["second"]["name"] == "other"
    assert section["span_errors"]["loaded"]["right"] > 0
    assert section["data"] == {"source": "toy.jsonl (a test)", "sha256": "ab" * 32}
    assert section["verdict"].startswith("Wording: macro F1 is ")
    assert "nothing is known of its training" in section["warnings"]


def test_no_sentence_is_in_the_json(found):
    result = result_of(ModelName("words", ""), [found], command="slantwise evaluate")
    text = json.dumps(result)
    assert "and that was that" not in text
    assert (result["schema"], len(result["evaluations"])) == (SCHEMA, 1)
    assert result["summary"].startswith("3 measures on 1 test set.")
    assert found.errors["wording"][0].text.endswith("and that was that.")


def test_a_limit_is_a_sample_and_says_so():
    records = toy_sentences(60)
    limited = study(toy_set(records), toy_setting(limit=10))
    assert limited.section["records"] == 10
    assert any(line.startswith("a sample of 10 of 60 sentences") for line in limited.section["warnings"])
    assert any("too few to conclude anything" in line for line in limited.section["advice"])


def test_the_gold_rows_are_evaluated_and_the_others_are_people():
    gold = toy_sentences(40)
    others = [replace(r, annotator="anna", labels={Task.WORDING: "plain"}, spans=(), exhaustive=()) for r in gold]
    both = study(toy_set([*gold, *others]), toy_setting())
    assert both.section["records"] == 40
    assert [(row["who"], row["measure"], row["n"]) for row in both.section["people"]] == [("anna", "wording", 40)]
    nobody = study(toy_set([replace(r, annotator=("bo", "cy")[i % 2]) for i, r in enumerate(gold)]), toy_setting())
    assert any(line.startswith("2 annotators (bo, cy): each row counts as gold") for line in nobody.section["warnings"])


def test_one_class_only_is_said():
    plain = [replace(r, spans=(), exhaustive=(), labels={Task.WORDING: "plain"}) for r in toy_sentences(40)]
    warnings = study(toy_set(plain), toy_setting()).section["warnings"]
    assert any(line.startswith("wording: every gold label is plain") for line in warnings)


def test_rows_that_repeat_and_sentences_labelled_two_ways_are_said():
    records = toy_sentences(40)
    assert not any("repeat" in line or "two ways" in line for line in study(toy_set(records), toy_setting()).section["warnings"])  # fmt: skip  # noqa: E501
    torn = replace(records[0], id="x", labels={Task.WORDING: "plain" if records[0].labels[Task.WORDING] == "loaded" else "loaded"})  # fmt: skip  # noqa: E501
    lines = study(toy_set([*records, records[3], records[4], torn]), toy_setting()).section["warnings"]
    assert "2 of 43 rows repeat another one, so that intervals are too narrow" in lines
    assert "1 sentence is labelled two ways: no model can be right about both" in lines


def test_a_set_too_small_for_floors_says_so():
    found = study(toy_set(toy_sentences(6)), toy_setting()).section
    assert "no floors beside: to train them in 5 folds takes 5 documents" in found["warnings"]
    assert found["verdict"].startswith("This set is too small to conclude anything from.\nWording: macro F1 is")


def test_what_cannot_be_evaluated_says_why_before_much_is_read():
    other = [replace(r, labels={Task.LEANING: "left"}, spans=(), exhaustive=()) for r in toy_sentences(40)]
    setting = toy_setting()
    read = []
    backend = setting.model.backend
    one = backend.one
    backend.one = lambda text: read.append(text) or one(text)
    with pytest.raises(SlantwiseError, match="labels for leaning in toy"):
        study(toy_set(other), setting)
    assert len(read) == 1
    with pytest.raises(SlantwiseError, match="labelled sentences to evaluate on; found none"):
        study(toy_set([]), toy_setting())


def test_a_protocol_is_run_by_its_name():
    with pytest.raises(AskedWrong, match="a protocol of: published"):
        study(toy_set(toy_sentences(20)), toy_setting(protocol="usual"))
    section = study(toy_set(toy_sentences(40)), toy_setting(protocol="leave-outlet-out")).section
    assert section["protocol"]["protocol"] == "leave-outlet-out"
    assert section["protocol"]["folds"] == 2
