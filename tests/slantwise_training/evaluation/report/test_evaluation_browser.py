"""The page in a real browser: nothing is fetched, nothing complains, and it fits a phone."""

import pytest
from evaluated_toys import toy_study

from slantwise_training.evaluation.report import evaluation_page
from slantwise_training.evaluation.result_file import result_of

BAD = "</style><script>window.pwned=1</script><img src=x onerror=window.pwned=1>"
OPEN = "document.querySelectorAll('details').forEach(each => each.open = true)"
WIDE = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    study = toy_study(40, BAD)
    path = tmp_path_factory.mktemp("page") / "report.html"
    made = result_of(study.evaluation.model, [study], command="slantwise evaluate")
    path.write_text(evaluation_page(made, [study.errors]), encoding="utf-8")
    return path


def test_nothing_is_asked_for_run_or_complained_of(browser, page):
    browser.size(1280, 900)
    browser.media()
    browser.open(page)
    assert browser.run("document.querySelectorAll('svg').length") > 10
    assert browser.run("document.querySelectorAll('script, img').length") == 0
    assert browser.run("window.pwned") is None
    assert browser.run(f"document.title.includes({BAD!r})")
    assert set(browser.asked) == {page.as_uri()}
    assert browser.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_the_window_with_everything_open(browser, page, width):
    browser.size(width, 800, phone=width < 500)
    browser.open(page)
    assert browser.run(WIDE)
    browser.run(OPEN)
    assert browser.run(WIDE)


def test_dark_and_light_differ_and_the_keyboard_reaches_the_errors(browser, page):
    browser.size(1280, 900)
    colours = []
    for scheme in ("light", "dark"):
        browser.media(scheme=scheme)
        browser.open(page)
        colours.append(browser.run("getComputedStyle(document.documentElement).backgroundColor"))
    assert colours[0] != colours[1]
    browser.run("[...document.querySelectorAll('summary')].at(-1).focus()")
    assert browser.run("document.activeElement.tagName") == "SUMMARY"
    browser.media()


def test_it_prints(browser, page):
    browser.open(page)
    assert browser.pdf().startswith(b"%PDF")
