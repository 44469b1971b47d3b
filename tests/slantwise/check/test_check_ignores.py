"""Comments that let findings pass: which, where, and what is wrong with some."""

import pytest

from slantwise.check.ignores import blank_comment_lines, read_ignores
from slantwise.check.rules import RULES
from slantwise.formats.inputs import Format

MARKDOWN = """\
# Title

<!-- slantwise: ignore[SLW101, anonymous] -->
First line of one paragraph,
and its second line.

Another <!-- slantwise: ignore --> paragraph
over two lines.
<!--slantwise:ignore[SLW2]-->

Last.
"""


def covered(raw, kind, code="SLW101"):
    ignores = read_ignores(raw, kind, "a")
    return [line for line in range(1, raw.count("\n") + 2) if ignores.covers(code, line)]


def test_markdown_comments_are_for_paragraphs():
    assert covered(MARKDOWN, Format.MARKDOWN) == [4, 5, 7, 8]
    assert covered(MARKDOWN, Format.MARKDOWN, "SLW301") == [4, 5, 7, 8]
    assert covered(MARKDOWN, Format.MARKDOWN, "SLW202") == [7, 8, 11]
    assert covered(MARKDOWN, Format.MARKDOWN, "SLW401") == [7, 8]


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        ("One.\n#slantwise: ignore\nTwo.\nThree.\n", [3]),
        ("One.\n  # slantwise: ignore[loaded]\n\n\nTwo.\nThree.\n", [5]),
        ("#slantwise: ignore[hedge]\nOne.\n", []),
        ("#slantwise: ignore[hedge]\n#slantwise: ignore[loaded]\nOne.\n", [3]),
        ("# SLANTWISE: IGNORE\r\nOne.\r\nTwo.\r\n", [2]),
        ("One #slantwise: ignore\nTwo.\n", []),
        ("<!-- slantwise: ignore -->\nOne.\n", []),
    ],
)
def test_plain_text_has_lines_of_its_own(raw, lines):
    assert covered(raw, Format.TEXT) == lines


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        ("<p>One.</p>\n<!-- slantwise: ignore -->\n<div>\n<p>Two.</p>\n<p>Three.</p>\n", [4]),
        ("<p>One.</p> <!-- slantwise: ignore -->\n<p>Two.</p>\n", [1]),
        ("<p><!-- slantwise: ignore -->\nTwo.</p>\n", [2]),
    ],
)
def test_html_comments_are_for_lines(raw, lines):
    assert covered(raw, Format.HTML) == lines


@pytest.mark.parametrize("kind", [Format.MARKDOWN, Format.HTML])
def test_a_whole_file(kind):
    raw = "One.\n\nTwo. <!-- slantwise: ignore-file[loaded] -->\n"
    assert covered(raw, kind) == [1, 2, 3, 4]
    assert covered(raw, kind, "SLW201") == []
    bare = "One.\n<!-- slantwise: ignore-file -->"
    assert all(covered(bare, kind, rule.code) == [1, 2] for rule in RULES)


def test_a_comment_at_the_end_is_for_nothing_else():
    assert covered("One.\n\n<!-- slantwise: ignore -->", Format.MARKDOWN) == [3]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("ignroe", ("ignore or ignore-file", "'ignroe'", "the nearest, ignore")),
        ("", ("ignore or ignore-file", "write ignore")),
        ("ignore SLW101", ("ignore or ignore-file",)),
        ("ignore[SLW999]", ("the code or name of a rule", "'SLW999'")),
        ("ignore[lodaed]", ("the nearest, loaded",)),
    ],
)
def test_what_is_unknown_hides_nothing_and_is_told(words, parts):
    raw = f"One.\n<!-- slantwise: {words} -->\nTwo.\n"
    ignores = read_ignores(raw, Format.MARKDOWN, "my.md")
    (problem,) = ignores.problems
    assert all(part in str(problem) for part in (*parts, "my.md:2"))
    assert not any(ignores.covers(rule.code, line) for rule in RULES for line in (1, 2, 3))


def test_comment_lines_leave_the_text_and_offsets_stay():
    text = "One.\r\n#slantwise: ignore\r\nTwo. #slantwise: ignore\n # slantwise: ignore"
    blank = blank_comment_lines(text)
    assert len(blank) == len(text)
    assert blank.split() == ["One.", "Two.", "#slantwise:", "ignore"]
    assert blank.index("Two.") == text.index("Two.")


def test_many_comments_take_no_time_to_speak_of():
    raw = "Word <!-- slantwise: ignore[loaded] -->\n" * 20_000
    ignores = read_ignores(raw, Format.MARKDOWN, "a")
    assert ignores.covers("SLW101", 15_000)
    assert len(ignores.passages) == 1
