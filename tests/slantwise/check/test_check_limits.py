"""The grammar of limits, and how they are held against findings."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slantwise.check.findings import Finding, Found
from slantwise.check.limits import Limit, measure, parse_limit
from slantwise.check.rules import RULES, Whole, find_rule
from slantwise.errors import AskedWrong

SIGNS = (">=", ">", "<=", "<", "==")
rules = st.sampled_from(RULES)
gaps = st.text(" \t", max_size=2)


@given(rules, st.sampled_from(SIGNS), st.integers(0, 10**9 - 1), st.booleans(), gaps, gaps, gaps)
def test_counts_come_through(rule, sign, number, by_code, before, between, after):
    word = rule.code if by_code else rule.name.upper()
    limit = parse_limit(f"{before}{word}{between}{sign}{after}{number}{before}")
    assert limit == Limit(rule, sign, Fraction(number), False)
    assert parse_limit(str(limit)) == limit


@given(rules, st.sampled_from(SIGNS), st.decimals(0, 100, places=3), gaps)
def test_shares_come_through(rule, sign, number, between):
    limit = parse_limit(f"{rule.name}{sign}{number}{between}%")
    assert limit == Limit(rule, sign, Fraction(number), True)
    assert parse_limit(str(limit)) == limit


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_whatever_else_is_told_and_nothing_crashes(text):
    try:
        limit = parse_limit(text)
    except AskedWrong:
        return
    assert parse_limit(str(limit)) == limit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a limit such as"),
        ("loaded", "a limit such as"),
        ("loaded>=", "a limit such as"),
        (">=2", "a limit such as"),
        ("loaded=>2", "a limit such as"),
        ("loaded>=-1", "a limit such as"),
        ("loaded>=1e3", "a limit such as"),
        ("loaded>=²", "a limit such as"),
        ("loaded>=2, hedge>=2", "a limit such as"),
        ("loaded>=2.5", "a whole number of findings"),
        ("loaded>=101%", "at most 100%"),
        ("lodaed>=2", "the code or name of a rule"),
        ("SLW1>=2", "the code or name of a rule"),
    ],
)
def test_limits_that_are_none(text, expected):
    with pytest.raises(AskedWrong, match=expected):
        parse_limit(text)


def test_one_equals_sign_is_two():
    assert str(parse_limit("loaded=2")) == "loaded==2"


def findings(name, *units):
    return tuple(Finding(find_rule(name), i, i + 1, "x", "m", unit) for i, unit in enumerate(units))


def held(text, mine, whole, kind=Whole.SENTENCES):
    found = Found(mine, dict.fromkeys(Whole, frozenset()) | {kind: frozenset(whole)})
    return measure(parse_limit(text), found, mine)


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("loaded>=2", True),
        ("loaded>=3", False),
        ("loaded>2", False),
        ("loaded>1", True),
        ("loaded<=2", True),
        ("loaded<2", False),
        ("loaded==2", True),
        ("hedge>=1", False),
        ("hedge<1", True),
    ],
)
def test_counts_are_of_findings(text, over):
    result = held(text, findings("loaded", "s1", "s1"), ["s1", "s2"])
    assert result.over is over
    assert result.count == (2 if text.startswith("loaded") else 0)


@pytest.mark.parametrize(
    ("text", "over"), [("loaded>=50%", True), ("loaded>50%", False), ("loaded>=50.1%", False), ("loaded<51%", True)]
)
def test_shares_are_of_units(text, over):
    result = held(text, findings("loaded", "s1", "s1"), ["s1", "s2"])
    assert (result.count, result.of, result.over) == (1, 2, over)
    assert result.message == f"limit {text}: 1 of 2 sentences of the author's (50%)"


def test_a_third_is_exact():
    assert not held("loaded>33.333334%", findings("loaded", "s1"), ["s1", "s2", "s3"]).over
    assert held("loaded>33.333333%", findings("loaded", "s1"), ["s1", "s2", "s3"]).over


@pytest.mark.parametrize("text", ["anonymous>=0%", "anonymous<=100%", "anonymous<5%"])
def test_without_a_whole_there_is_no_share(text):
    result = held(text, (), (), Whole.SOURCES)
    assert (result.over, result.of) == (False, 0)
    assert result.message == f"limit {text}: 0 of 0 sources cited"


def test_message_of_a_count():
    assert held("loaded>=1", findings("loaded", "s1"), []).message == "limit loaded>=1: 1 found"
