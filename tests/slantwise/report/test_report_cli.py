"""`slantwise read --html`."""

import json

import pytest
from html_tree import tree

ARTICLE = (
    "Shameful vote closes bridge\n\nAnna Berg said the plan may fail. “This is a disastrous tax,” Omar Diaz said. 😀\n"
)


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_the_page_is_written_and_the_view_still_printed(slantwise, tiny_model, article, tmp_path):
    plain = slantwise("read", article, "--model", tiny_model)
    out = tmp_path / "out.html"
    ran = slantwise("read", article, "--model", tiny_model, "--html", out)
    assert (ran.code, ran.err, ran.out) == (0, "", plain.out)
    page = tree(out.read_text("utf-8"))
    assert "".join(line for line in page.one("article").text.split("\n") if line) == ARTICLE.replace("\n", "")
    assert {"may", "Anna Berg"} <= {mark.text for mark in page.all("mark")}
    assert page.one("h1").text == "Reading of article"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["article.txt", "out.html"]


def test_with_json_the_score_is_printed_alone(slantwise, tiny_model, article, tmp_path):
    ran = slantwise("read", article, "--model", tiny_model, "--json", "--html", tmp_path / "out.html")
    assert ran.code == 0
    assert json.loads(ran.out)["article"] == "article"
    assert (tmp_path / "out.html").exists()


def test_quotes_as_author_reaches_the_page(slantwise, tiny_model, article, tmp_path):
    out = tmp_path / "out.html"
    assert slantwise("read", article, "--model", tiny_model, "--html", out, "--quotes-as-author").code == 0
    assert {p.attributes["data-v"] for p in tree(out.read_text("utf-8")).one("article").all(cls="p")} == {"author"}


def test_a_folder_that_is_not_there_is_told(slantwise, tiny_model, article, tmp_path):
    ran = slantwise("read", article, "--model", tiny_model, "--html", tmp_path / "no" / "out.html")
    assert ran.code == 2
    assert "create the folder first" in ran.err
