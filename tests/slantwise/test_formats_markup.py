"""Markdown and HTML become plain text."""

import builtins
import sys

import pytest

from slantwise.errors import SlantwiseError
from slantwise.formats import markup
from slantwise.formats.markup import declared_encoding, markdown_text, need_web, read_page

PAGE = """<html><head><title>Mayor shuts bridge</title>
<meta property="og:site_name" content="The Toy Herald">
<meta property="article:published_time" content="2026-01-02T10:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Mayor shuts bridge</h1>
<p>The mayor of Toytown shut the <b>old bridge</b> on Friday, saying that it might fall.</p>
<p>Engineers &amp; drivers were not asked, a spokeswoman for the drivers said on Saturday.</p>
</article><footer>Imprint</footer></body></html>"""


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# Head *line* #\n\nBody.\n", "Head line\n\nBody."),
        ("Head\n====\n\nBody.", "Head\n\n\nBody."),
        ("A **bold**, _soft_ and ~~gone~~ `code` word.", "A bold, soft and gone code word."),
        ("See [the *report*](https://a.example/x_y) now.", "See the report now."),
        ("See [the report][1].\n\n[1]: https://a.example", "See the report."),
        ("![A bridge](b.png) fell", "A bridge fell"),
        ("It cost \\*five\\* &amp; more", "It cost *five* & more"),
        ("snake_case_stays and 2 * 3 * 4", "snake_case_stays and 2 * 3 * 4"),
        ("- one\n- two\n  more\n", "one\ntwo more"),
        ("> He said\n> so.\n\nShe left.", "He said so.\n\n\nShe left."),
        ("one  \ntwo", "one\ntwo"),
        ("a <b>tag</b><br>here", "a tag here"),
        ("<div>\nkept <i>words</i>\n</div>\n\nAfter.", "\nkept words\n\n\nAfter."),
        ("<!-- slanted\nnote -->\n\nAfter.", "\n\n\nAfter."),
        ("<script>\nvar x = 1;\n</script>\n\nAfter.", "\n\n\n\nAfter."),
        ("<p title='1 > 0'>kept</p>", "kept"),
        ("<div>\n<style>\np {}\n</style >x &lt; y</DIV>", "\n\n\nx < y"),
        ("<div>\n<![CDATA[ a > b ]]>, <? c ?><!d>", "\n, "),
        ("<div>\n1 <2 <!-- left open", "\n1 <2 <!-- left open"),
        ("<div>\n<![<![<![", "\n<![<![<!["),
        (f"<div>\n&#{'1' * 5000};&#65;", "\n\ufffdA"),
        ("|a|b|\n|-|-|\n|c|d|\n", "a\tb\n\nc\td"),
        ("```\ncode *kept*\n```\nAfter.", "\ncode *kept*\n\nAfter."),
        ("```", ""),
        ("Ein 🙂 *Wort*", "Ein 🙂 Wort"),
        ("a\r\nb\r\n\r\nc", "a b\n\n\nc"),
    ],
)
def test_markdown(source, text):
    assert markdown_text(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("---\ntitle: X\ntags: [a]\n---\nBody.", "\n\n\n\nBody."),
        ("---\n# note\nkey: 1\n...\nBody.", "\n\n\n\nBody."),
        ('+++\ntitle = "X"\n+++\nBody.', "\n\n\nBody."),
        ("---\n\nHe paused here.\n\n---\n\nBody.", "\n\nHe paused here.\n\n\n\nBody."),
        ("---\nkey: without an end", "\nkey: without an end"),
    ],
)
def test_front_matter_goes_and_a_rule_stays_a_rule(source, text):
    assert markdown_text(source) == text


def test_lines_keep_their_numbers():
    source = "---\nlayout: post\n---\n\n# Head\n\nPara one\nruns on.\n\n* item\n* last\n"
    text = markdown_text(source).split("\n")
    assert [text.index(each) + 1 for each in ("Head", "Para one runs on.", "item", "last")] == [5, 7, 10, 11]


def test_a_page_gives_its_article_without_menus():
    pytest.importorskip("trafilatura")
    page = read_page(PAGE, "a.html")
    assert page.text.split("\n") == [
        "Mayor shuts bridge",
        "The mayor of Toytown shut the old bridge on Friday, saying that it might fall.",
        "Engineers & drivers were not asked, a spokeswoman for the drivers said on Saturday.",
    ]
    assert (page.outlet, page.published) == ("The Toy Herald", "2026-01-02")


def test_a_pages_title_becomes_its_first_line():
    pytest.importorskip("trafilatura")
    page = read_page("<?xml version='1.0' encoding='utf-8'?>" + PAGE.replace("<h1>Mayor shuts bridge</h1>", ""), "a")
    assert page.text.startswith("Mayor shuts bridge\nThe mayor of Toytown")


def test_a_page_without_an_article_is_an_error():
    pytest.importorskip("trafilatura")
    with pytest.raises(SlantwiseError) as caught:
        read_page("<html><head><title>Home</title></head><body><script>x()</script></body></html>", "a.html")
    assert caught.value.expected == "an article in the page a.html"


def test_without_the_extra_the_error_is_the_pip_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(SlantwiseError) as caught:
        read_page(PAGE, "a.html")
    assert caught.value.do == "run: pip install 'slantwise[web]'"
    monkeypatch.setattr(markup, "find_spec", lambda _name: None)
    with pytest.raises(SlantwiseError, match=r"pip install 'slantwise\[web\]'"):
        need_web("a.html")


def test_asking_for_the_extra_does_not_load_it(monkeypatch):
    real = builtins.__import__

    def watched(name, *args, **kwargs):
        assert not name.startswith("trafilatura")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", watched)
    pytest.importorskip("lxml")
    need_web("a.html")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b'<meta charset="windows-1251">', "windows-1251"),
        (b"<meta http-equiv='Content-Type' content='text/html; charset=ISO-8859-1'>", "windows-1252"),
        (b"<meta charset=utf-8>", "utf-8"),
        (b"<meta charset=klingon>", None),
        (b"<p>charset=utf-8</p>", None),
    ],
)
def test_declared_encoding(head, encoding):
    assert declared_encoding(b"<html><head>" + head + b"</head>") == encoding
