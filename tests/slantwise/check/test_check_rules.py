"""The rules' names and codes, and how they are looked up."""

import re

import pytest
from repository import REPOSITORY

from slantwise.check.explain import explain
from slantwise.check.precision import PrecisionTable, RulePrecision
from slantwise.check.rules import RULES, find_rule, find_rules
from slantwise.errors import AskedWrong


def test_codes_and_names_are_unique_ordered_and_of_one_form():
    codes, names = [rule.code for rule in RULES], [rule.name for rule in RULES]
    assert codes == sorted(set(codes))
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"SLW\d{3}", code) for code in codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_is_explained_and_documented(rule):
    page = (REPOSITORY / "docs" / "check.md").read_text("utf-8")
    assert f"| {rule.code} | `{rule.name}` |" in page
    told = explain(rule, PrecisionTable({}))
    assert told.startswith(f"{rule.code} {rule.name}: {rule.title} ({rule.severity})\n")
    for part in (rule.finds, rule.matters, rule.fine, "unmeasured for this model"):
        assert part in told


def test_explanations_give_counts_and_intervals():
    measured = PrecisionTable({"SLW101": RulePrecision(8, 10, 3), "SLW102": RulePrecision(1, 10, 0)}, "toys")
    told = explain(find_rule("loaded"), measured)
    assert "Precision: 0.80, 95 % interval 0.49 to 0.94 (8 of 10 findings on toys; 3 of the annotators' were" in told
    assert "Off unless" not in told
    assert "Off unless" in explain(find_rule("loaded-sentence"), measured)
    few = PrecisionTable({"SLW101": RulePrecision(2, 3, 4)}, "toys")
    assert "unmeasured (2 of 3 findings were right on toys, 4 of the" in explain(find_rule("loaded"), few)


@pytest.mark.parametrize("word", ["SLW301", "slw301", "anonymous", " Anonymous "])
def test_a_rule_by_code_or_name(word):
    assert find_rule(word).code == "SLW301"
    assert [rule.code for rule in find_rules(word)] == ["SLW301"]


def test_rules_by_the_beginning_of_their_codes_or_all():
    assert [rule.code for rule in find_rules("slw4")] == ["SLW401", "SLW402"]
    assert find_rules("all") == RULES


@pytest.mark.parametrize(
    ("word", "do"),
    [("lodaed", "the nearest, loaded"), ("SLW391", "the nearest, SLW301"), ("zzz", "use one of: SLW101, loaded,")],
)
def test_an_unknown_rule_names_the_nearest(word, do):
    for look_up in (find_rule, find_rules):
        with pytest.raises(AskedWrong) as error:
            look_up(word)
        assert error.value.found == repr(word)
        assert do in error.value.do


@pytest.mark.parametrize("word", ["SLW", "S", "", "SLW9"])
def test_too_short_a_beginning_is_no_rule(word):
    with pytest.raises(AskedWrong):
        find_rules(word)
