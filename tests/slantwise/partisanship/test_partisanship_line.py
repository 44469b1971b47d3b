"""The experimental line: in the terminal, in the page, in the JSON, and when it is left out."""

import json
import shutil
from dataclasses import replace
from io import StringIO

import pytest
from html_tree import tree
from jsonschema import Draft202012Validator, ValidationError
from rich.console import Console
from scored_articles import scored
from toy_head import DATA, MODEL, toy_head

from slantwise.cli.view import render
from slantwise.formats import schema, score_from_json, score_to_json
from slantwise.model_folder import model_name
from slantwise.partisanship import line, with_reading, write_head
from slantwise.report import article_report

TOLD = {"p": 0.71, "accuracy": 0.815, "low": 0.783, "high": 0.8436, "of": 628, "data": "toys"}
ARTICLE = "Harbour closed\n\n" + "Rain fell over the harbour all night. " * 4 + "Anna Berg said the plan may fail.\n"


def guessed(**told):
    made = scored()
    summary = {**made.score.summary, "experimental": {"hyperpartisan": {**TOLD, **told}}}
    return replace(made, score=replace(made.score, summary=summary))


def terminal(made):
    console = Console(file=StringIO(), width=100, force_terminal=True, color_system="truecolor")
    console.print(render(made.article, made.score))
    return console.file.getvalue()


def test_the_line_says_what_and_how_often_it_is_right():
    assert line(guessed().score.summary) == (
        "Experimental: reads like a hyperpartisan article, p = 0.71; right for 82% of 628 test articles [78%, 84%] "
        "(toys). A guess from style and wording, blind to what is true: judge no article or outlet by it."
    )
    assert "does not read like a hyperpartisan article, p = 0.49;" in line(guessed(p=0.49).score.summary)
    assert ": reads like a hyperpartisan article, p = 0.50;" in line(guessed(p=0.5).score.summary)


def test_without_a_reading_there_is_no_line():
    made = scored()
    assert line(made.score.summary) is None
    assert "Experimental" not in terminal(made)
    assert "xperimental" not in tree(article_report(made.article, made.score)).text


def test_a_reading_is_added_from_the_minimum_of_words_on():
    score = scored().score
    assert score.summary["words"] == 50
    told = with_reading(score, toy_head(fewest_words=50)).summary["experimental"]["hyperpartisan"]
    assert told == {
        "p": round(toy_head().p(score), 4), "accuracy": 0.8, "low": 0.7112, "high": 0.8666, "of": 100, "data": DATA,
    }  # fmt: skip
    assert with_reading(score, toy_head(fewest_words=51)) is score
    assert "experimental" not in score.summary


def test_in_the_terminal_it_is_the_last_thing_and_dim():
    shown = terminal(guessed(data="toys \x1b[31m[bold]"))
    last = shown.split("anonymous:")[-1]
    assert "\x1b[2mExperimental: reads like" in last
    assert "\x1b[31m" not in last
    assert "[bold]" in last


def test_in_the_page_it_is_one_small_escaped_line():
    made = guessed(data="<script>window.pwned = 1</script> \x1b")
    page = tree(article_report(made.article, made.score))
    found = page.one("p", "experimental")
    assert found.classes == ["small", "experimental"]
    assert found.children == [line(made.score.summary).replace("\x1b", "�")]
    assert len(list(page.all("script"))) == len(list(tree(article_report(made.article, scored().score)).all("script")))


def test_the_schema_knows_it_and_it_comes_back():
    check = Draft202012Validator(schema("score"))
    whole = score_to_json(guessed().score)
    check.validate(whole)
    assert score_from_json(json.loads(json.dumps(whole))).summary == guessed().score.summary


@pytest.mark.parametrize("change", [{"p": 1.2}, {"of": 0}, {"data": 3}, {"verdict": "bad"}])
def test_the_schema_refuses_others(change):
    with pytest.raises(ValidationError):
        Draft202012Validator(schema("score")).validate(score_to_json(guessed(**change).score))


@pytest.fixture
def headed(tiny_model, tmp_path):
    folder = tmp_path / "headed"
    shutil.copytree(tiny_model, folder)
    write_head(folder, model_name(folder), toy_head(), {})
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    return folder


def test_read_tells_it_everywhere(slantwise, headed, tmp_path):
    page = tmp_path / "a.html"
    ran = slantwise("read", tmp_path / "a.txt", "--model", headed, "--html", page)
    assert (ran.code, ran.err) == (0, "")
    assert "Experimental: reads like a hyperpartisan article, p = " in ran.out
    assert DATA in tree(page.read_text("utf-8")).one("p", "experimental").text
    told = json.loads(slantwise("read", tmp_path / "a.txt", "--model", headed, "--json").out)["summary"]["experimental"]
    assert told["hyperpartisan"]["accuracy"] == 0.8


@pytest.mark.parametrize("option", [("--quotes-as-author",), ("--target", "Anna Berg"), ("--topic", "tax")])
def test_scores_that_the_head_was_not_fitted_on_are_left_alone(slantwise, headed, tmp_path, option):
    ran = slantwise("read", tmp_path / "a.txt", "--model", headed, "--json", *option)
    assert "experimental" not in json.loads(ran.out)["summary"]


def test_a_foreign_head_is_left_out_with_a_reason(slantwise, headed, tmp_path):
    write_head(headed, MODEL, toy_head(), {})
    ran = slantwise("read", tmp_path / "a.txt", "--model", headed)
    assert ran.code == 0
    assert "Experimental" not in ran.out
    assert "left out the experimental reading" in ran.err
    assert "fitted for another model" in ran.err


def test_a_short_article_and_a_model_without_a_head_get_none(slantwise, headed, tiny_model, tmp_path):
    (tmp_path / "short.txt").write_text("Rain fell.\n", encoding="utf-8")
    for arguments in ((tmp_path / "short.txt", "--model", headed), (tmp_path / "a.txt", "--model", tiny_model)):
        ran = slantwise("read", *arguments)
        assert (ran.code, ran.err) == (0, "")
        assert "Experimental" not in ran.out
