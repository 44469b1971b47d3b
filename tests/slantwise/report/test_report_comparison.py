"""The page of a comparison: two columns, no script, and names of any letters."""

import base64
import hashlib
import re

import pytest
from html_tree import tree
from scored_articles import WIRE, scored

from slantwise.comparison import Side, compare
from slantwise.labels import StanceLabel
from slantwise.report import comparison_report
from slantwise.score import AUTHOR

BAD = "</style><script>window.pwned=1</script><img src=x onerror=window.pwned=1>\"'{{ 7*7 }} \x00\x1b 👩🏽\u200d🚀"


def side(name, *texts, **how):
    whole = Side(name)
    for n, text in enumerate(texts):
        whole.add(scored(text, id=f"{name} {n}", **how).score)
    return whole


def made(a="ours", b="theirs"):
    return compare(side(a, WIRE, WIRE), side(b, WIRE, "Rain fell over the harbour.\n\nAnna Berg lied.\n"))


def test_both_sides_stand_side_by_side():
    page = tree(comparison_report(made()))
    assert [h.words for h in page.one("div", "sides").all("h2")] == ["Aours", "Btheirs"]
    headings = [h.words for h in page.all("h2")][2:]
    assert headings[0] == "In numbers"
    for table in page.all("table"):
        head, *rows = [list(row.all()) for row in table.all("tr")]
        cells = {sum(int(c.attributes.get("colspan", 1)) for c in row if c.tag in ("td", "th")) for row in rows}
        assert len(cells - {len([c for c in head if c.tag == "th"])}) <= 1
    told = page.words
    assert "Anna Berg" in told
    assert "2 articles" in told
    assert "Newcombe" in page.one("footer").words


def test_hostile_names_and_sentences_stay_text():
    text = f"{BAD} may {BAD}.\n\nMinister {BAD} fell."
    how = {"stances": ((f"Minister {BAD}", StanceLabel.AGAINST, AUTHOR),), "said": ()}
    page = tree(comparison_report(compare(side(BAD, text, **how), side("b", text, **how))))
    assert list(page.all("script")) == []
    assert list(page.all("img")) == []
    shown = BAD.replace("\x00", "\ufffd").replace("\x1b", "\ufffd")
    assert shown in page.one("div", "sides").text


def test_the_policy_allows_its_style_and_no_script():
    page = tree(comparison_report(made()))
    digest = base64.b64encode(hashlib.sha256(page.one("style").text.encode()).digest()).decode()
    policy = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<link|<img", comparison_report(made()))
    for element in page.all():
        assert not {name for name in element.attributes if name.startswith("on") or name in ("style", "src")}


def test_rows_that_are_left_out_are_counted():
    names = [f"Target{n:03}x" for n in range(150)]
    how = {"stances": tuple((name, StanceLabel.FAVOR, AUTHOR) for name in names), "said": ()}
    text = " ".join(f"{name} won." for name in names)
    page = tree(comparison_report(compare(side("a", text, **how), side("b", text, **how))))
    assert "30 more rows are not on this page" in page.words
    assert len([b for b in page.all("bdi") if b.text in names]) == 120


def test_rows_without_a_side_taken_are_folded_away():
    how = {"stances": (("Berg", StanceLabel.NEUTRAL, AUTHOR), ("Diaz", StanceLabel.FAVOR, AUTHOR)), "said": ()}
    made = side("a", "Berg and Diaz.", **how)
    page = tree(comparison_report(compare(made, made)))
    folded = page.one("details")
    assert "1 more, neutral throughout" in folded.words
    assert [b.text for b in folded.all("bdi") if b.text in ("Berg", "Diaz")] == ["Berg"]
    assert len([b for b in page.all("bdi") if b.text == "Diaz"]) == 1


def test_sides_without_anything_to_count():
    page = tree(comparison_report(compare(side("a", "One"), side("b", "Two"))))
    assert "The sides share no target" in page.words
    assert "nothing to count" in page.words
    assert "No sentence stands out" in page.words


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_in_a_browser_nothing_is_asked_for_and_no_width_scrolls_sideways(browser, tmp_path, width):
    path = tmp_path / "comparison.html"
    path.write_text(comparison_report(made(BAD, "y" * 200)), encoding="utf-8")
    browser.size(width, 900, phone=width < 700)
    browser.open(path)
    assert set(browser.asked) == {path.as_uri()}
    assert browser.complaints == []
    assert browser.run("window.pwned") is None
    assert browser.run("document.documentElement.scrollWidth") <= width
