"""A long article: one part to see, the others packed, nothing lost."""

import base64
import gzip
import random
import re
from itertools import pairwise

import pytest
from html_tree import tree
from scored_articles import WIRE, scored

from slantwise.report import article_report, parts
from slantwise.report.parts import parts_of

BAD = "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=1>"
COPIES = 6


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(parts, "WHOLE", 500)
    monkeypatch.setattr(parts, "PART", 400)


def made_long(text=WIRE, copies=COPIES):
    """The article several times over; only the first copy has marks, the end of the last one too."""
    return scored(text * copies + "Omar Diaz told reporters that it ended.\n")


def unpacked(page):
    """The trees of the packed parts by number."""
    return {
        int(each.attributes["id"].removeprefix("part-")): tree(gzip.decompress(base64.b64decode(each.text)).decode())
        for each in page.all("script", type="application/gzip")
    }


def texts(page):
    return [element.text for element in page.one("article").all("span", "s")]


def test_the_parts_together_are_the_article(small_parts):
    made = made_long()
    page = tree(article_report(made.article, made.score))
    rest = unpacked(page)
    assert list(rest) == list(range(2, len(rest) + 2))
    assert len(rest) > 4
    shown = texts(page) + [text for number in rest for text in texts(rest[number])]
    assert shown == [sentence.text for sentence in made.score.sentences]
    trees = [page, *rest.values()]
    cells = [a.attributes["data-s"] for each in trees for a in each.one("ol", id="strip").all("a")]
    notes = [li.attributes["id"] for each in trees for li in each.one("ol", id="notes").all("li", "note")]
    numbers = [str(n) for n in range(1, len(made.score.sentences) + 1)]
    assert (cells, notes) == (numbers, [f"n{n}" for n in numbers])
    said = [row for each in trees for row in each.one("tbody", id="said").all("tr")]
    assert len(said) == len(made.score.attributions)


def test_the_choice_tells_which_sentences_a_part_has(small_parts):
    made = made_long()
    page = tree(article_report(made.article, made.score))
    told = [[int(n) for n in re.findall(r"\d+", o.text)] for o in page.one("select", id="part").all("option")]
    assert told[0][2] == 1
    assert told[-1][3] == len(made.score.sentences)
    assert all(before[3] + 1 == after[2] for before, after in pairwise(told))
    for script, row in zip(page.all("script", type="application/gzip"), told[1:], strict=True):
        assert [int(script.attributes[f"data-{name}"]) for name in ("first", "last")] == row[2:]
    assert "need JavaScript" in page.one("noscript").text


def test_a_line_longer_than_a_part_is_parted_between_sentences(small_parts):
    made = scored("Rain fell over the old harbour all night long. " * 60, said=(), hedges=(), loaded=(), stances=())
    page = tree(article_report(made.article, made.score))
    trees = [page, *unpacked(page).values()]
    assert len(trees) > 5
    assert "".join(text.strip() for each in trees for text in texts(each)) == made.article.text.replace(". ", ".")


def test_a_short_article_is_whole_and_an_empty_one_has_a_part():
    made = scored()
    assert 'id="part-now"' not in article_report(made.article, made.score)
    (only,) = parts_of([], [], [])
    assert (only.blocks, only.sentences) == ((), [])


def test_packed_parts_hold_no_markup_of_the_article(small_parts):
    made = made_long(f"{BAD} may\n\n{WIRE}")
    text = article_report(made.article, made.score)
    assert "window.pwned=1</" not in text
    assert all(re.fullmatch(r"[A-Za-z0-9+/=]+", e.text) for e in tree(text).all("script", type="application/gzip"))
    for part in unpacked(tree(text)).values():
        assert list(part.all("script")) == []
        assert list(part.all("img")) == []


def test_the_same_article_makes_the_same_page(small_parts):
    made = made_long()
    assert article_report(made.article, made.score) == article_report(made.article, made.score)


def test_a_page_grows_by_little_more_than_the_text():
    """The limits as they are: every further part adds a few bytes for each of its characters."""
    words = [
        f"{a}{b}" for a in ("har", "bri", "lo", "ta", "mi", "sen") for b in ("bour", "dge", "rry", "x", "nce", "tor")
    ]
    rng = random.Random(5)
    text = "".join(f"{' '.join(rng.choices(words, k=60))} may fall.\n" for _ in range(1200))
    made = scored(text, said=(), stances=())
    page = tree(article_report(made.article, made.score))
    data = [len(each.text) for each in page.all("script", type="application/gzip")]
    first = len("".join(texts(page)))
    assert len(text) - first > 300_000
    assert sum(data) < 6 * (len(text) - first)


@pytest.fixture(scope="module")
def browser(browser):
    browser.size(1280, 900)
    return browser


@pytest.fixture
def page(browser, small_parts, tmp_path):
    made = made_long(f"{BAD}\n\n{WIRE}")
    path = tmp_path / "long.html"
    path.write_text(article_report(made.article, made.score), encoding="utf-8")
    browser.open(path)
    return browser


SEEN = "[...document.querySelectorAll('#article .s')].map(s => s.id).join()"


def turned(page, script):
    """Do something that turns to another part, and wait for it."""
    page.run(
        "new Promise(done => { new MutationObserver(done).observe(document.getElementById('part-now'),"
        f" {{childList: true}}); {script} }})"
    )


def test_turning_shows_the_other_parts_and_the_first_again(page):
    first = page.run(SEEN)
    last = page.run("document.querySelectorAll('#part option').length")
    seen = [first]
    for number in range(2, last + 1):
        turned(page, "document.getElementById('after').click()")
        assert f"Part {number} of {last}" in page.run("document.getElementById('part-now').textContent")
        seen.append(page.run(SEEN))
    assert ",".join(seen) == ",".join(f"s{n}" for n in range(1, int(seen[-1].rpartition("s")[2]) + 1))
    assert page.run("document.getElementById('after').disabled") is True
    assert page.run("document.activeElement.id") == "article"
    turned(page, "part.value = '1'; part.dispatchEvent(new Event('change'))")
    assert page.run(SEEN) == first
    assert page.run("window.pwned") is None
    assert page.complaints == []


def test_a_part_that_was_turned_to_has_keys_reasons_and_switches(page):
    page.run("document.querySelector('[data-voice=sources]').click()")
    turned(page, "document.querySelector('#part').selectedIndex = 1; part.dispatchEvent(new Event('change'))")
    assert page.run('document.querySelectorAll(\'#article [tabindex="0"], #strip [tabindex="0"]\').length') == 2
    assert page.run("document.querySelectorAll('#article .p.off').length") > 0
    page.run("document.querySelector('#article mark:not(.off)').focus()")
    assert page.run("document.querySelectorAll('#why .lit').length") >= 1
    page.press("ArrowDown")
    assert page.run("document.activeElement.className").startswith("s")
    # a source that was chosen may have nothing to say in another part
    page.run("one.selectedIndex = 1; one.dispatchEvent(new Event('change'))")
    turned(page, "document.getElementById('before').click()")
    pressed = "[...document.querySelectorAll('button[data-voice]')].map(b => b.ariaPressed).join()"
    assert (page.run(pressed), page.run("one.value")) == ("true,false,false", "")
    assert page.run("document.querySelectorAll('#article .off').length") == 0


def test_a_link_to_a_sentence_of_another_part_turns_to_it(page):
    last = page.run("[...document.querySelectorAll('script[data-last]')].pop().dataset.last")
    turned(page, f"document.querySelector('.firsts a, #strip a').dataset.s = {last};"
                 " document.querySelector('.firsts a, #strip a').click()")  # fmt: skip
    page.run("new Promise(done => setTimeout(done, 50))")
    assert page.run("document.activeElement.id") == f"s{last}"
    assert page.run("location.hash") == f"#s{last}"
