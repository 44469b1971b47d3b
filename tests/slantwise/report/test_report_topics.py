"""Topics that an article does not name, in the report and in the terminal."""

import io

import pytest
from html_tree import tree
from marked_article import FakeBackend, marked
from rich.console import Console

from slantwise.article import Article
from slantwise.cli.view import render
from slantwise.report import article_report
from slantwise.scorer import Scorer
from slantwise.targets import WantedTarget


@pytest.fixture(scope="module")
def scored():
    written = marked("It rained on the harbour all day.\n\nThe pier <b>gave way</b> at noon.")
    backend = FakeBackend(written, stances={"": (0.1, 0.0, 0.9)})
    article = Article("toy", written.text)
    return article, Scorer(backend.model(), topics=[WantedTarget("coast & climate")]).score(article)


def test_the_reasons_name_the_topic_and_the_text_stays_whole(scored):
    page = tree(article_report(*scored))
    marks = [e.text for e in page.all("li") if "topic, not named, for" in e.text and not list(e.all("li"))]
    assert len(marks) == 2
    assert all(text.startswith("coast & climate") for text in marks)
    shown = " ".join(e.text for e in page.all("p", "line"))
    assert "The pier <b>gave way</b> at noon." in shown


def test_the_terminal_shows_it_after_the_sentence(scored):
    out = io.StringIO()
    Console(file=out, width=100).print(render(*scored))
    assert "It rained on the harbour all day. ▲ coast & climate" in out.getvalue()
    assert "coast & climate" in out.getvalue().partition("Stance")[2]
