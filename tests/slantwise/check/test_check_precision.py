"""Measured precision: the file beside a model, what counts as measured, and the script that measures."""

import json
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from hand_built_scores import HandBuilt
from repository import REPOSITORY

from slantwise.check.findings import find
from slantwise.check.precision import FILE_NAME, PrecisionTable, RulePrecision, read_precision, write_precision
from slantwise.check.rules import RULES
from slantwise.errors import SlantwiseError
from slantwise.files import sha256_of
from slantwise.model_folder import DEFAULT_MODEL, model_name

SHA256 = "ab" * 32
COUNTS = {"SLW101": RulePrecision(8, 10, 3), "SLW102": RulePrecision(4, 10), "SLW201": RulePrecision(9, 9)}


@pytest.fixture(scope="module")
def script():
    spec = spec_from_file_location("rule_precision", REPOSITORY / "benchmarks" / "rule_precision.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(folder):
    return write_precision(folder, {"name": "tiny", "sha256": SHA256}, {"name": "toys"}, COUNTS)


def test_what_is_written_is_read(tmp_path):
    write(tmp_path)
    table = read_precision(tmp_path, SHA256)
    assert {code: table.rules[code] for code in COUNTS} == COUNTS
    assert set(table.rules) == {rule.code for rule in RULES}
    assert table.data == "toys"


def test_measured_needs_ten_findings_and_trust_half_of_them_right():
    table = PrecisionTable(COUNTS)
    assert [table.label(code) for code in ("SLW101", "SLW102", "SLW201", "SLW401")] == [
        "precision 0.80", "precision 0.40", "precision unmeasured", "precision unmeasured",
    ]  # fmt: skip
    assert table.trusted == {"SLW101"}


def test_the_file_holds_intervals(tmp_path):
    row = json.loads(write(tmp_path).read_text("utf-8"))["rules"]["SLW101"]
    assert row == {
        "name": "loaded", "right": 8, "found": 10, "missed": 3, "precision": 0.8, "low": 0.4902, "high": 0.9433,
    }  # fmt: skip


def test_another_models_numbers_and_none_are_none(tmp_path):
    assert read_precision(tmp_path, SHA256).rules == {}
    write(tmp_path)
    assert read_precision(tmp_path, "cd" * 32).rules == {}


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"schema": "x"}', f'{{"schema": "slantwise-precision/1", "model": {{"sha256": "{SHA256}"}}}}']
)
def test_a_broken_file_is_told(tmp_path, text):
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(SlantwiseError, match=r"rule_precision\.py"):
        read_precision(tmp_path, SHA256)


def test_counts_that_contradict_themselves_are_refused():
    with pytest.raises(ValueError, match="3 right of 2"):
        RulePrecision(3, 2)


def test_the_shipped_model_is_measured_on_todays_gold():
    """After training the shipped model, or changing the gold, run benchmarks/rule_precision.py."""
    whole = json.loads((DEFAULT_MODEL / FILE_NAME).read_text("utf-8"))
    assert whole["model"]["sha256"] == model_name().sha256
    assert whole["data"]["sha256"] == sha256_of(REPOSITORY / "data" / "seeds" / "gold.jsonl")
    assert read_precision(DEFAULT_MODEL, model_name().sha256).trusted


def test_gold_becomes_scores_whose_spans_are_in_their_articles(script):
    scores = script.gold_scores()
    assert len(scores) == 12
    for name, score in scores.items():
        text = (REPOSITORY / "seeds" / f"{name}.txt").read_bytes().decode("utf-8")
        spans = [*score.sentences, *(s for a in score.attributions for s in (a.source, a.cue, *a.content) if s)]
        spans += [s for each in score.sentences for s in (*each.hedging.cues, *each.wording.words, *each.stance)]
        assert all(text[s.start : s.end] == s.text for s in spans)
        known = {a.id for a in score.attributions}
        assert {each.voice for each in score.sentences} <= {"author", *known}
        assert {a.via for a in score.attributions} <= {None, *known}


def test_gold_compared_with_itself_is_all_right(script):
    for score in script.gold_scores().values():
        gold = find(score).findings
        for row in script.compare(gold, gold).values():
            assert (row.right, row.missed) == (row.found, 0)


def test_comparison_counts_overlaps_by_rule(script):
    text = "A raging, brutal tax may pass."
    mine = HandBuilt(text).sentence(text).loaded("raging, brutal").cue("pass").score()
    gold = HandBuilt(text).sentence(text).loaded("brutal").loaded("tax").cue("may").score()
    rows = script.compare(find(mine).findings, find(gold).findings)
    assert rows["SLW101"] == RulePrecision(1, 1, 1)
    assert rows["SLW201"] == RulePrecision(0, 1, 1)
    assert rows["SLW301"] == RulePrecision(0, 0, 0)
