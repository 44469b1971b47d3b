"""The page: pasted and uploaded articles become the report; what cannot be read is told on the page."""

import base64
import hashlib

import pytest
from html_tree import tree

from slantwise.article import Article
from slantwise.report import article_report
from slantwise.scorer import Scorer

ARTICLE = (
    "Shameful vote closes bridge\n\nAnna Berg said the plan may fail. “This is a disastrous tax,” Omar Diaz said.\n"
)
BAD = "<script>window.pwned=1</script>\"'{{ 7*7 }}"


def post(client, files=None, **fields):
    # every field as a part, as the page's form sends it
    parts = [(name, (None, value)) for name, value in fields.items()]
    return client.post("/", files=[*parts, *(files or [])])


def upload(client, name, data):
    return post(client, [("file", (name, data, "application/octet-stream"))], text="")


def test_pasted_text_becomes_the_report(client, model):
    answer = post(client, text=ARTICLE.replace("\n", "\r\n"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    article = Article("pasted", ARTICLE)
    assert answer.text == article_report(article, Scorer(model).score(article), home="/")
    assert tree(answer.text).one("p", "brand").one("a").attributes["href"] == "/"


def test_a_plain_form_does_as_well(client):
    assert "Reading of" in client.post("/", data={"text": ARTICLE}).text
    many = {f"x{n}": "y" for n in range(20)}
    assert client.post("/", data=many).status_code == 400
    assert post(client, text=ARTICLE, **many).status_code == 400


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("wire.txt", ARTICLE.encode()),
        ("wire.md", b"# Shameful vote closes bridge\n\nAnna Berg said the *plan* may fail.\n"),
        ("C:\\news\\wire.txt", ARTICLE.encode("utf-16")),
    ],
)
def test_an_uploaded_file_becomes_the_report(client, name, data):
    answer = upload(client, name, data)
    assert answer.status_code == 200, answer.text
    page = tree(answer.text)
    assert page.one("h1").text == "Reading of wire"
    assert "Anna Berg" in {mark.text for mark in page.all("mark")}


@pytest.mark.parametrize(
    ("name", "data", "status", "part"),
    [
        ("wire.csv", b"text\nx\n", 415, "a .txt, .md or .html file"),
        ("../../etc/passwd", b"x", 415, "passwd"),
        ("wire.txt.gz", b"x", 415, "wire.txt.gz"),
        ("wire.txt", b"\x00\x01\x02" * 50, 422, "wire.txt"),
        ("wire.txt", b" ", 422, "wire.txt"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_on_the_page(client, name, data, status, part):
    answer = upload(client, name, data)
    assert answer.status_code == status
    assert part in tree(answer.text).one("div", role="alert").words


def test_targets_and_quotes_are_passed_on(client):
    page = tree(post(client, text=ARTICLE, targets="Diaz=Omar Diaz\n\n", quotes_as_author="yes").text)
    assert "as if the author had written them" in page.one("footer").words
    names = {row.one("th").text for table in page.all("table", "stances") for row in table.one("tbody").all("tr")}
    assert names == {"Diaz"}
    assert post(client, text=ARTICLE, targets="=x").status_code == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data"])
def test_what_is_no_form_is_refused(client, kind):
    answer = client.post("/", content=b"x", headers={"content-type": kind})
    assert answer.status_code in (400, 415)
    assert tree(answer.text).one("form")


def test_too_much_is_told_on_the_page(serving):
    with serving(max_bytes=300) as client:
        answer = post(client, text="x" * 400)
        assert answer.status_code == 413
        assert "300 bytes" in tree(answer.text).one("div", role="alert").words


def test_hostile_text_and_names_stay_text(client):
    answer = upload(client, f"{BAD}.txt", f"{BAD} may {BAD}".encode())
    page = tree(answer.text)
    assert len(list(page.all("script"))) == 1
    assert "<script>window.pwned" not in answer.text
    refusal = upload(client, f"{BAD}.exe", b"x")
    assert list(tree(refusal.text).all("script")) == []


def test_an_upload_never_touches_the_disk(serving, monkeypatch):
    import tempfile

    def refuse(*_, **__):
        raise AssertionError("a file was opened")

    with serving(max_bytes=4_000_000) as client:
        monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
        monkeypatch.setattr(tempfile, "_TemporaryFileWrapper", refuse)
        monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refuse)
        assert upload(client, "a.txt", b" " * 3_000_000 + b"\nRain fell.").status_code == 200


@pytest.mark.parametrize("path", ["page", "report"])
def test_pages_have_the_policy_of_their_own_style(client, path):
    answer = client.get("/") if path == "page" else post(client, text=ARTICLE)
    page = tree(answer.text)
    policy = answer.headers["content-security-policy"]
    digest = base64.b64encode(hashlib.sha256(page.one("style").text.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert ("script-src" in policy) == (path == "report")
    assert page.one("meta", http_equiv="Content-Security-Policy").attributes["content"] in policy
