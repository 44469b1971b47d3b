"""Offsets of an article's text as lines and columns of its file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slantwise.check.places import Place, Places
from slantwise.formats.inputs import Format
from slantwise.formats.markup import markdown_text, read_page
from slantwise.segment import segment

MARKDOWN = """\
---
title: The deal may fail
---
# The deal *may* fail

The [mayor](https://example.org/may "may") said it
may **not** fail & caf&eacute;s close. See <b>Tom</b> &amp; Ann. 😀 It may rain.

- One may go.
- Two may go.

<!-- may -->
> Rain may\\* fall.
"""


def shown(raw, place):
    """What an editor would mark."""
    lines = raw.split("\n")
    if place.line == place.end_line:
        return lines[place.line - 1][place.column - 1 : place.end_column - 1]
    first, last = lines[place.line - 1][place.column - 1 :], lines[place.end_line - 1][: place.end_column - 1]
    return "\n".join([first, *lines[place.line : place.end_line - 1], last])


def places_of(raw, text, kind):
    return Places(raw, text, kind, [(s.start, s.end) for s in segment(text)])


@given(st.text(st.sampled_from("ab é😀\n\r\t"), max_size=30), st.data())
def test_plain_text_is_its_file(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    place = Places(text, text, Format.TEXT).of(start, end)
    assert (place.line, place.column) == (text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
    assert shown(text, place) == text[start:end]


def test_markdown_words_are_found_in_their_lines():
    text = markdown_text(MARKDOWN)
    places = places_of(MARKDOWN, text, Format.MARKDOWN)
    found, at = [], -1
    while (at := text.find("may", at + 1)) >= 0:
        place = places.of(at, at + 3)
        found.append((place.line, place.column, shown(MARKDOWN, place)))
    lines = MARKDOWN.split("\n")
    assert found == [
        (4, lines[3].index("may") + 1, "may"),
        (6, lines[5].index("mayor") + 1, "may"),
        (7, 1, "may"),
        (7, lines[6].rindex("may") + 1, "may"),
        (9, 7, "may"),
        (10, 7, "may"),
        (13, 8, "may"),
    ]


@pytest.mark.parametrize("words", ["mayor said it may", "cafés close", "Tom & Ann", "😀 It may rain.", "Two may go."])
def test_markdown_stretches_keep_their_marks(words):
    text = markdown_text(MARKDOWN)
    start = text.index(words)
    seen = shown(MARKDOWN, places_of(MARKDOWN, text, Format.MARKDOWN).of(start, start + len(words)))
    assert markdown_text(f"[{seen}" if words.startswith("mayor") else seen).replace("\n", " ") in {words, f"[{words}"}


def test_markdown_that_cannot_be_found_is_at_its_line():
    raw = "One.\n\nTw<!-- -->o words here.\n"
    text = markdown_text(raw)
    at = text.index("Two")
    assert places_of(raw, text, Format.MARKDOWN).of(at, at + 3) == Place(3, 1, 3, 1)


def test_markdown_with_carriage_returns():
    raw = "One.\r\n\r\nTwo may\r\ngo.\r\n"
    text = markdown_text(raw)
    at = text.index("may")
    assert places_of(raw, text, Format.MARKDOWN).of(at, at + 3) == Place(3, 5, 3, 8)


def test_a_quotations_own_marks_are_part_of_it():
    raw = "He *said* “we may go” today.\n"
    text = markdown_text(raw)
    at = text.index("“")
    assert shown(raw, places_of(raw, text, Format.MARKDOWN).of(at, at + 11)) == "“we may go”"


def test_html_words_are_found_in_their_lines():
    body = "".join(
        f"<p>Line {n} of the story is long enough to be kept as text &amp; says the <b>mayor</b>\n may go {n}.</p>\n"
        for n in range(6)
    )
    raw = (
        "<html><head><title>The mayor may go</title><script>may();</script></head>\n<body><article>\n"
        f"<h1>The mayor may go</h1>\n<!-- may -->\n{body}</article></body></html>"
    )
    text = read_page(raw, "x").text
    places = places_of(raw, text, Format.HTML)
    for n in range(6):
        at = text.index(f"may go {n}")
        place = places.of(at, at + 6)
        assert (shown(raw, place), place.line) == ("may go", 6 + 2 * n)
    assert shown(raw, places.of(4, 9)) == "mayor"
    assert places.of(4, 9).line == 3


def test_html_that_is_nowhere_is_at_the_start():
    assert Places("<p>Rain.</p>", "Snow fell.", Format.HTML, [(0, 10)]).of(0, 4) == Place(1, 1, 1, 1)


@given(st.text(st.sampled_from("ab .<>&;!-[]()\"'*_\n#é"), max_size=60), st.data())
def test_markdown_never_leaves_the_file(raw, data):
    text = markdown_text(raw)
    start = data.draw(st.integers(0, len(text)))
    place = places_of(raw, text, Format.MARKDOWN).of(start, data.draw(st.integers(start, len(text))))
    lines = raw.split("\n")
    assert 1 <= place.line <= place.end_line <= len(lines)
    assert 1 <= place.column <= len(lines[place.line - 1]) + 1
    assert 1 <= place.end_column <= len(lines[place.end_line - 1]) + 1


def test_a_text_that_is_not_its_files_takes_no_time_to_speak_of():
    raw = "<p>Rain fell over the harbour all night long.</p>\n" * 10_000
    text = "Snow lay on the harbour all day long.\n" * 10_000
    sentences = [(at, at + 37) for at in range(0, len(text), 38)]
    assert Places(raw, text, Format.HTML, sentences).of(380_000 - 38, 380_000 - 34) == Place(1, 1, 1, 1)


def test_unclosed_comments_and_tags_take_no_time_to_speak_of():
    raw = "Word <!-- " * 30_000 + "<script " * 30_000
    assert Places(raw, "Word", Format.HTML, [(0, 4)]).of(0, 4) == Place(1, 1, 1, 5)
