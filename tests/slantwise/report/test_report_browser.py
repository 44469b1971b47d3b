"""The page in a real browser: nothing is fetched or run but its own, and keys, switches and sizes work."""

import pytest
from scored_articles import WIRE, scored

from slantwise.report import article_report
from slantwise.report.wording import printable

BAD = "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=1>\"'><svg/onload=window.pwned=1>"
ARABIC = "قال المسؤول إن الخطة قد تفشل 👩🏽\u200d🚀."
IN_ARTICLE = "document.activeElement.closest('#article') !== null"
FOCUSED = "document.activeElement.textContent"
WHY = "[...document.querySelectorAll('#why .lit > span:first-child')].map(e => e.textContent.trim())"


@pytest.fixture(scope="module")
def wire(tmp_path_factory):
    return write(tmp_path_factory.mktemp("page"), scored())


@pytest.fixture
def page(browser, wire):
    """The report of the wire article in a wide, light window."""
    browser.media()
    browser.size(1280, 900)
    browser.open(wire)
    return browser


def write(folder, made):
    path = folder / "report.html"
    path.write_text(article_report(made.article, made.score), encoding="utf-8")
    return path


def style(of, name):
    return f"getComputedStyle({of})['{name}']"


def mark(text):
    return f"[...document.querySelectorAll('mark')].find(m => m.textContent.trim() === '{text}')"


def click(selector):
    return f"document.querySelector('{selector}').click()"


def test_the_page_asks_for_nothing_and_complains_of_nothing(page, wire):
    assert page.run("document.querySelectorAll('mark').length") == 14
    assert set(page.asked) == {wire.as_uri()}
    assert page.complaints == []


def test_a_hostile_article_runs_nothing_and_is_shown_letter_by_letter(browser, tmp_path):
    made = scored(f"Omar {BAD} Diaz\n\n{BAD} may {ARABIC}\n\n" + WIRE.replace("Omar", f"{BAD} Omar"), id=BAD)
    browser.size(1280, 900)
    path = write(tmp_path, made)
    browser.open(path)
    shown = browser.run("[...document.querySelectorAll('#article .s')].map(s => s.textContent)")
    assert shown == [printable(sentence.text) for sentence in made.score.sentences]
    assert browser.run("document.querySelectorAll('script, img, iframe, object').length") == 1
    assert browser.run("window.pwned") is None
    assert set(browser.asked) == {path.as_uri()}
    assert browser.complaints == []


def test_a_script_put_in_later_is_refused(page):
    page.run("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.pwned = 1'}))")
    assert page.run("window.pwned") is None


def test_the_article_is_one_tab_stop_and_arrows_walk_it(page):
    assert page.run('document.querySelectorAll(\'#article [tabindex="0"], #strip [tabindex="0"]\').length') == 2
    page.press("Tab")
    assert page.run(FOCUSED) == "Skip to the article"
    for _ in range(20):
        page.press("Tab")
        if page.run(IN_ARTICLE):
            break
    assert page.run(FOCUSED) == "harbour"
    page.press("ArrowRight")
    assert (page.run(FOCUSED), page.run(WHY)) == ("An unnamed official", ["An unnamed official"])
    page.press("End")
    assert page.run(FOCUSED) == "Anna Berg"
    page.press("ArrowLeft", "ArrowUp")
    assert page.run(FOCUSED) == "“It could ruin us.”"
    page.press("ArrowRight")
    assert page.run(FOCUSED) == "could"
    page.press("Home")
    assert page.run(FOCUSED) == "harbour"
    page.press("Tab")
    assert not page.run(IN_ARTICLE)


def test_reasons_come_on_pointing_and_go_with_escape(page):
    assert page.run(style("document.getElementById('help')", "display")) == "block"
    box = page.run(f"{mark('reckless')}.getBoundingClientRect().toJSON()")
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=box["x"] + 5, y=box["y"] + 8)
    assert page.run(WHY) == ["reckless plan", "reckless"]
    assert "An unnamed official" in page.run("document.getElementById('why').textContent")
    assert page.run("document.querySelector('.cell[aria-current]').dataset.s") == "5"
    page.press("Escape")
    assert page.run(style("document.getElementById('help')", "display")) == "block"
    assert page.run("document.getElementById('why').childElementCount") == 0


def test_lens_switches_take_marks_away_and_give_them_back(page):
    line = style(mark("may"), "textDecorationLine")
    assert page.run(line) == "underline"
    page.run(click("[data-lens=hedging]"))
    assert page.run("document.querySelector('[data-lens=hedging]').ariaPressed") == "false"
    assert page.run(line) == "none"
    assert page.run(style(mark("disastrous"), "textDecorationLine")) == "underline"
    page.run(f"{mark('reckless')}.focus()")
    page.press("ArrowRight", "ArrowRight")
    assert page.run(FOCUSED) == "disastrous", "the hedge cue is passed over"
    page.run(click("[data-lens=hedging]"))
    assert page.run(line) == "underline"


def test_voice_switches_leave_one_voice(page):
    on = "[...document.querySelectorAll('#article mark:not(.off)')].map(m => m.textContent.trim())"
    page.run(click("[data-voice=author]"))
    assert "may" not in page.run(on)
    assert "An unnamed official" in page.run(on)
    page.run(click("[data-voice=sources]"))
    assert page.run(on) == ["reckless", "plan", "may", "disastrous", "could", "Anna Berg"]
    page.run("one.selectedIndex = 1; one.dispatchEvent(new Event('change'))")
    assert page.run(on) == ["reckless", "plan", "may"]
    pressed = "[...document.querySelectorAll('button[data-voice]')].filter(b => b.ariaPressed === 'true').length"
    assert page.run(pressed) == 0
    page.run(click("[data-voice=all]"))
    assert len(page.run(on)) == 14
    assert page.run("one.value") == ""


def test_the_strip_leads_to_sentences(page):
    page.run(click('.cell[data-s="7"]'))
    assert page.run(FOCUSED) == "“It could ruin us.”"
    assert page.run("location.hash") == "#s7"
    page.run("document.querySelector('.cell').focus()")
    page.press("ArrowRight", "ArrowRight")
    assert page.run("document.activeElement.dataset.s") == "3"


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1920])
def test_no_width_scrolls_sideways(browser, tmp_path, width):
    browser.size(width, 800, phone=width < 700)
    browser.open(write(tmp_path, scored(WIRE + f"\n{'x' * 400} {ARABIC}\n", id="y" * 300)))
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_on_a_phone_a_tap_opens_a_sheet_that_leaves_the_mark_in_sight(browser, wire):
    browser.size(390, 700, phone=True)
    browser.open(wire)
    browser.run(f"{mark('Anna Berg')}.click()")
    assert browser.run(WHY) == ["Anna Berg"]
    # the page moves smoothly: wait until it stands
    browser.run("new Promise(done => setTimeout(done, 900))")
    sheet, seen = (
        browser.run(f"{of}.getBoundingClientRect().toJSON()")
        for of in ("document.getElementById('panel')", mark("Anna Berg"))
    )
    assert sheet["bottom"] == pytest.approx(700, abs=1)
    assert 0 <= seen["top"]
    assert seen["bottom"] <= sheet["top"]
    browser.run(click("#close"))
    assert browser.run(style("document.getElementById('panel')", "position")) == "static"


def test_without_scripts_the_article_and_all_reasons_can_be_read(browser, wire):
    browser.size(1280, 900)
    browser.scripting(False)
    try:
        browser.open(wire)
        seen = "document.querySelector('#article').checkVisibility()"
        assert browser.run(seen) is True
        assert browser.run("document.querySelector('#switches').checkVisibility()") is False
        browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert browser.run("document.querySelector('#n5').checkVisibility()") is True
    finally:
        browser.scripting(True)


def test_lines_run_their_own_way(browser, tmp_path):
    browser.size(1280, 900)
    browser.open(write(tmp_path, scored(f"{ARABIC}\n\n{WIRE}")))
    way = "[...document.querySelectorAll('#article .line')].map(l => getComputedStyle(l).direction)"
    assert browser.run(way)[:2] == ["rtl", "ltr"]


def test_dark_and_print(page):
    paper = style("document.documentElement", "backgroundColor")
    light = page.run(paper)
    page.media(scheme="dark")
    assert page.run(paper) != light
    page.media(scheme="light", kind="print")
    assert page.run("document.querySelector('#switches').checkVisibility()") is False
    assert page.run("document.querySelector('#help').checkVisibility()") is True
    page.media()
    assert page.pdf().startswith(b"%PDF")
