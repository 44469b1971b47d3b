"""axe-core on the pages: no violation of WCAG 2.2 AA that is serious or critical, by day, by night and on a phone.

axe-core is not a dependency: `npm install axe-core` anywhere, and AXE_CORE=.../node_modules/axe-core/axe.min.js.
"""

import os
from pathlib import Path

import pytest
from repository import REPOSITORY
from scored_articles import WIRE, scored

from slantwise.comparison import Side, compare
from slantwise.report import article_report, comparison_report, parts
from slantwise.score import ModelName

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ("article", "long", "reasons", "comparison", "paste", "refused")


@pytest.fixture(scope="module")
def axe():
    path = Path(os.environ.get("AXE_CORE") or REPOSITORY / "node_modules" / "axe-core" / "axe.min.js")
    if not path.is_file():
        pytest.skip("no axe-core here: npm install axe-core, and set AXE_CORE to its axe.min.js")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser(axe, browser):
    # without axe-core there is nothing to start a browser for
    return browser


@pytest.fixture
def page(monkeypatch):
    """Makes the markup of a page by name."""

    def made(name):
        if name == "comparison":
            sides = [Side(each) for each in ("ours", "theirs")]
            for side, text in zip(sides, (WIRE, WIRE + "\nAnna Berg may rise.\n"), strict=True):
                side.add(scored(text).score)
                side.add(scored(WIRE).score)
            return comparison_report(compare(*sides))
        if name in ("paste", "refused"):
            pages = pytest.importorskip("slantwise.serve.pages", reason="the [serve] extra is not installed")
            from slantwise.serve import Limits
            from slantwise.serve.refusals import Refusal

            refusal = Refusal(413, "less", "more", "send less") if name == "refused" else None
            return pages.paste_page(ModelName("toy", "0" * 64), Limits(), refusal)
        if name == "long":
            monkeypatch.setattr(parts, "WHOLE", 100)
            monkeypatch.setattr(parts, "PART", 400)
        about = {"outlet": "The Wire", "published": "2026-01-03"}
        result = scored(WIRE + "\nA caption (Photo: Meridian)\n", **about)
        return article_report(result.article, result.score, home="/" if name == "reasons" else None)

    return made


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(browser, axe, page, tmp_path, name, width, scheme):
    path = tmp_path / f"{name}.html"
    path.write_text(page(name), encoding="utf-8")
    browser.media(scheme=scheme)
    browser.size(width, 900, phone=width < 700)
    browser.open(path)
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    if name == "reasons":
        browser.run("document.querySelector('#article mark').click()")
    browser.run(axe + "; undefined")
    found = browser.run(
        f"axe.run(document, {{runOnly: {RULES}}}).then(r => r.violations.map(v => "
        "[v.impact, v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary.slice(0, 300))]))"
    )
    assert [violation for violation in found if violation[0] in ("serious", "critical")] == []
    assert [violation for violation in found if violation[0] == "moderate"] == []
