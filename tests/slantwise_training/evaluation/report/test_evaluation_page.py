"""The page of an evaluation: whole, self-contained, and unmoved by what a corpus holds."""

import base64
import hashlib
import re

import pytest
from evaluated_toys import toy_study
from html_tree import tree

from slantwise.score import ModelName
from slantwise_training.evaluation.report import card_section, evaluation_page, render_study
from slantwise_training.evaluation.result_file import result_of

BAD = "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=1>\"'{{ 7 * 7 }}| *x* <!--"
BEHAVIOUR = {
    "findings": [f"finding {n}" for n in range(8)],
    "note": "9 pairs were compared.",
    "left_out": ["templates: no folder of corpora"],
    "swaps": [
        {"suite": "own", "axis": "name", "first": "left", "second": "right", "lens": "wording", "tilted": True,
         "flips": {"share": 0.1, "low": 0.05, "high": 0.2, "count": 6, "of": 60, "clusters": 12},
         "shift": {"mean": 0.05, "low": 0.02, "high": 0.08, "p": 0.001, "p_adjusted": 0.01}},
    ],
    "directional": [{"test": "hedge added", "lens": "hedging", "expected": "becomes hedged",
                     "passed": {"share": None, "low": None, "high": None, "count": 0, "of": 0, "clusters": 0}}],
    "robustness": [{"change": "upper case", "source": "own", "lens": "wording", "up": 1, "down": 2,
                    "changed": {"share": 0.05, "low": 0.01, "high": 0.1, "count": 3, "of": 60, "clusters": 60}}],
}  # fmt: skip


def result(study, **more):
    return result_of(study.evaluation.model, [study], command="slantwise evaluate --on toy", **more)


@pytest.fixture(scope="module")
def study():
    return toy_study(protocol="leave-outlet-out")


@pytest.fixture(scope="module")
def text(study):
    skipped = [{"set": "gap:test", "why": "x"}]
    return evaluation_page(result(study, behaviour=BEHAVIOUR, skipped=skipped), [study.errors])


def test_the_policy_allows_its_own_style_and_nothing_else(text):
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1].replace("&#39;", "'")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"<(script|img|link|iframe|object)|\bstyle=|\bon\w+=|(?:src|href)=\"(?!#)|url\(|@import", text)


def test_every_part_is_there(text):
    page = tree(text)
    shown = page.one(id="set-1").words
    for part in (
        "Beside others, by macro F1", "outlet look-up, in folds", "Which threshold buys which precision", "Confusion",
        "For whom it fails", "errors it was surest of", "What the text adds to the target's name",
        "Compared with other", "Protocol: leave-outlet-out, 2 folds", "What became of the spans", "Anna",
    ):  # fmt: skip
        assert part in shown, part
    assert "left / right" in page.one(id="behaviour").words
    assert "2 more" in page.one(id="behaviour").words
    assert "gap:test (x)" in page.one(id="overview").words
    made = page.one(id="made").words
    assert "slantwise evaluate --on toy" in made
    assert "cd" * 32 in made
    assert "ab" * 32 in made


def test_links_lead_somewhere(text):
    page = tree(text)
    targets = set(re.findall(r'href="#([^"]+)"', text))
    assert {"overview", "set-1", "set-1-0", "behaviour"} <= targets
    for name in targets:
        assert page.one(id=name)


def test_highlights_are_gold_and_found(text):
    assert re.search(r'<mark class="gold" title="gold: loaded">sly</mark>', text)
    assert re.search(r'<mark class="found" title="found: loaded">grand</mark>', text)


def test_sections_that_are_absent_are_passed_over(study):
    bare = toy_study(20)
    bare.section.update(comparison=[], protocol=None, people=[], floors=[], published=[], targets=None)
    text = evaluation_page(result(bare), [bare.errors])
    assert 'id="behaviour"' not in text
    assert "Compared with" not in text
    assert "Protocol" not in text


def test_what_a_corpus_holds_is_shown_and_never_run(study):
    bad = toy_study(30, BAD)
    text = evaluation_page(result(bad), [bad.errors])
    assert "<script" not in text
    assert "<img" not in text
    assert "49" not in re.findall(r"<title>(.*?)</title>", text)[0]
    page = tree(text)
    assert BAD in page.one(id="set-1").words
    card = card_section(result(bad))
    assert "<script" not in card
    assert "&lt;script&gt;" in card


def test_the_card_is_a_table_and_holds_no_sentence(study):
    card = card_section(result(study))
    lines = card.splitlines()
    assert lines[0] == "## Evaluation"
    rows = [line for line in lines if line.startswith("| toy.jsonl | ")]
    assert [row.split(" | ")[1] for row in rows] == ["wording", "stance", "loaded"]
    assert all(row.count("|") == 9 for row in rows)
    assert "and that was that" not in card
    assert "`slantwise evaluate --on toy`" in card
    assert study.section["verdict"].split(".")[0] in card.replace("\\", "")


def test_the_terminal_shows_the_verdict_and_what_to_mind(study):
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    Console(file=out, width=200).print(render_study(study))
    shown = " ".join(out.getvalue().split())
    assert " ".join(study.section["verdict"].split()) in shown
    assert "note: nothing is known of its training" in shown
    assert "words is ahead of other" in shown or "other is ahead of words" in shown


def test_several_sets_are_sections_of_one_page(study):
    other = toy_study(30)
    both = result_of(ModelName("words", "cd" * 32), [study, other])
    page = tree(evaluation_page(both, [study.errors, other.errors]))
    assert page.one(id="set-2")
    assert "2 test sets" in page.one("header").words
