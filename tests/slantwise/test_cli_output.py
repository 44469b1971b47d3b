"""What commands print: results on stdout, talk on stderr, no colour off a terminal, and nothing that steers it."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from slantwise.formats import schema

ARTICLE = (
    "Shameful vote closes bridge\n\n"
    "Anna Berg said the plan may fail. Rain fell over the harbour all night.\n"
    "“This is a disastrous tax,” Omar Diaz told reporters. The brutal winter closed the road to Port Ellery. 😀\n"
)
HOSTILE = (
    "Rain \x1b]0;owned\x07fell [bold]over[/bold] the [link=https://example.org]harbour[/link] \x9b31mall night. "
    "An\x1b[2Jna Berg said the [red]plan[/] may\u202e fail. " + "The council met on Tuesday. " * 20
)
_COLOUR = re.compile(r"\x1b\[[\d;]*\b(3[0-7]|9[0-7]|38;5;\d+)m")


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def spans_of(value):
    """Every object with offsets and text, at any depth of a score."""
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from spans_of(each)


def test_read_shows_text_voices_and_summary(slantwise, tiny_model, article):
    ran = slantwise("read", article, "--model", tiny_model)
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"^H  a1   Anna Berg said the plan may fail\.", ran.out, re.M)
    assert re.search(r"^ L a2   “This is a disastrous tax,” Omar Diaz", ran.out, re.M)
    assert re.search(r"^ +a2   Omar Diaz +named +“This is a disastrous tax,” +direct", ran.out, re.M)
    for heading in ("Who speaks", "Stance", "Summary"):
        assert f"\n{heading}\n" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


def test_read_without_stances_has_no_empty_table(slantwise, tiny_model):
    ran = slantwise("read", "-", "--model", tiny_model, stdin=b"Rain fell. Anna Berg spoke.")
    assert ran.code == 0
    assert "Stance" not in ran.out


def test_read_json_is_valid_and_its_spans_are_in_the_article(slantwise, tiny_model, article):
    ran = slantwise("read", article, "--json", "--model", tiny_model)
    assert (ran.code, ran.err) == (0, "")
    score = json.loads(ran.out)
    Draft202012Validator(schema("score")).validate(score)
    assert (score["article"], score["model"]["name"]) == ("article", "tiny")
    spans = list(spans_of(score))
    assert {span["text"] for span in spans} >= {"Anna Berg", "said", "the plan may fail", "may", "disastrous"}
    for span in spans:
        assert ARTICLE[span["start"] : span["end"]] == span["text"]


def test_read_from_standard_input(slantwise, tiny_model, article):
    data = article.read_bytes()
    piped = slantwise("read", "-", "--json", "--model", tiny_model, stdin=data)
    assert (piped.code, piped.err) == (0, "")
    named = json.loads(slantwise("read", article, "--json", "--model", tiny_model).out)
    assert json.loads(piped.out) == named | {"article": "stdin"}


def test_score_from_standard_input(slantwise, tiny_model):
    rows = b'{"id": "one", "text": "Rain fell."}\n{"id": "two", "text": "Anna Berg said the plan may fail."}\n'
    ran = slantwise("score", "-", "--stdin-format", "jsonl", "--model", tiny_model, stdin=rows)
    assert (ran.code, ran.err) == (0, "")
    scores = [json.loads(line) for line in ran.out.splitlines()]
    assert [score["article"] for score in scores] == ["one", "two"]
    for score in scores:
        Draft202012Validator(schema("score")).validate(score)


def test_score_is_the_same_as_read(slantwise, tiny_model, article):
    read = json.loads(slantwise("read", article, "--json", "--model", tiny_model).out)
    assert json.loads(slantwise("score", article, "--model", tiny_model).out) == read


def test_score_writes_the_file_it_is_told(slantwise, tiny_model, tmp_path, article):
    output = tmp_path / "scores.csv"
    ran = slantwise("score", article, "--model", tiny_model, "--output", output, "--level", "article")
    assert (ran.code, ran.out, len(ran.lines)) == (0, "", 1)
    assert ran.err.startswith("scored 1 articles: 6 sentences, 0 % of them met before; ")
    header, row = output.read_text("utf-8").splitlines()
    assert header.startswith("article,")
    assert row.startswith("article,")


def test_wanted_target_and_quotes_as_author(slantwise, tiny_model, article):
    options = ("--json", "--model", tiny_model, "--target", "Road=the road,bridge", "--quotes-as-author")
    score = json.loads(slantwise("read", article, *options).out)
    (target,) = score["targets"]
    assert (target["name"], target["mentions"]) == ("Road", 2)
    assert {sentence["voice"] for sentence in score["sentences"]} == {"author"}


def test_no_colour_off_a_terminal(slantwise, tiny_model, article):
    assert "\x1b" not in slantwise("read", article, "--model", tiny_model).out
    assert "\x1b" not in slantwise("--help").out
    assert "\x1b" not in slantwise("data", "list").out


def test_colour_on_a_terminal_unless_unwanted(slantwise, tiny_model, article, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert _COLOUR.search(slantwise("read", article, "--model", tiny_model).out)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not _COLOUR.search(slantwise("read", article, "--model", tiny_model).out)


def test_hostile_text_is_neutral(slantwise, tiny_model):
    ran = slantwise("read", "-", "--model", tiny_model, stdin=HOSTILE.encode("utf-8"))
    assert (ran.code, ran.err) == (0, "")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", ran.out)
    shown = " ".join(ran.out.split())
    # one stand-in for each character, and markup is text like any other
    assert "Rain �]0;owned�fell [bold]over[/bold] the [link=https://example.org]harbour[/link] �31mall" in shown
    assert "the [red]plan[/] may� fail" in shown


def test_hostile_text_is_neutral_on_a_terminal(slantwise, tiny_model, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = slantwise("read", "-", "--model", tiny_model, stdin=HOSTILE.encode("utf-8")).out
    assert "\x1b]" not in out
    assert "\x1b[2J" not in out
    assert "\x9b" not in out


def test_hostile_text_comes_through_json_unharmed(slantwise, tiny_model):
    ran = slantwise("read", "-", "--json", "--model", tiny_model, stdin=HOSTILE.encode("utf-8"))
    assert "\x1b" not in ran.out
    for span in spans_of(json.loads(ran.out)):
        assert HOSTILE[span["start"] : span["end"]] == span["text"]


def test_version(slantwise, tiny_model, monkeypatch):
    from slantwise import __version__
    from slantwise.model_folder import model_name

    monkeypatch.setattr("slantwise.model_folder.DEFAULT_MODEL", tiny_model)
    ran = slantwise("--version")
    sha256 = model_name(tiny_model).sha256
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"slantwise {__version__}, model tiny {sha256[:12]}\n"
