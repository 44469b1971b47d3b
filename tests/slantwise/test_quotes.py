"""Which characters stand between quotation marks."""

import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slantwise.quotes import find_quotes


def quoted(text: str) -> list[str]:
    return [text[q.start : q.end] for q in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"We lost," she said. "Badly so."', ['"We lost,"', '"Badly so."']),
        ("“We lost,” she said. “Badly so.”", ["“We lost,”", "“Badly so.”"]),
        ("‘We lost,’ she said. ‘Badly so.’", ["‘We lost,’", "‘Badly so.’"]),
        ("'We lost,' she said. 'Badly so.'", ["'We lost,'", "'Badly so.'"]),
        ("„Wir gehen“, sagte er, »jetzt gleich«", ["„Wir gehen“", "»jetzt gleich«"]),
        ("«Nous partons», dit-elle", ["«Nous partons»"]),
        ("``We lost,'' he wired. ``No.''", ["``We lost,''", "``No.''"]),
        ('" We lost , " he said .', ['" We lost , "']),
        ('"We lost,” she typed.', ['"We lost,”']),
        ("”We lost,” she typed.", ["”We lost,”"]),
        ('("No," he said)—"never"—and left', ['"No,"', '"never"']),
    ],
)
def test_marks_of_every_make(text, expected):
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia's ministers' houses", []),
        ("Russia’s ministers’ houses in the ’90s", []),
        ("the '90s, class of '68, rock 'n' roll, give 'em hell, 'tis late, 'til then", []),
        ("rock ‘n’ roll in the ‘90s", []),
        ("He said 'the ministers' houses burned' and left", ["'the ministers' houses burned'"]),
        ("‘The ministers’ houses burned,’ he said", ["‘The ministers’ houses burned,’"]),
        ("He said, '90 people died,' and left", ["'90 people died,'"]),
        ("'They don't know it's over,' she said", ["'They don't know it's over,'"]),
        ("Headlines on ‘superfoods’ are wrong", ["‘superfoods’"]),
        ("A Splash'n'Snap camera", []),
    ],
)
def test_apostrophes_are_no_quotation_marks(text, expected):
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a 12" pipe and a 9" one', []),
        ("He is 5'10\" tall and 6' wide", []),
        ('"The 12" pipe burst," he said.', ['"The 12" pipe burst,"']),
        ('He said "we won in 2030" and left. "No," she said.', ['"we won in 2030"', '"No,"']),
    ],
)
def test_inches_and_minutes_are_no_quotation_marks(text, expected):
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('\'She asked, "Who?" and I said, "Nobody."\' He left.', ['\'She asked, "Who?" and I said, "Nobody."\'']),
        ("\"He said, 'No,' and left,\" she said.", ["\"He said, 'No,' and left,\""]),
        ("“I said “no” to him,” she said.", ["“I said “no” to him,”"]),
    ],
)
def test_of_nested_quotations_the_outermost(text, expected):
    assert quoted(text) == expected


@pytest.mark.parametrize(("a", "b"), [('"', '"'), ("“", "”"), ("‘", "’"), ("'", "'")])
def test_a_quotation_left_open_goes_on_in_the_next_paragraph(a, b):
    text = f"{a}We lost. We go on.\n\n{a}We shall win.\n\n{a}One day.{b} He left.\n\n{a}No,{b} she said."
    found = find_quotes(text)
    assert quoted(text) == [f"{a}We lost. We go on.", f"{a}We shall win.", f"{a}One day.{b}", f"{a}No,{b}"]
    assert [q.continued for q in found] == [False, True, True, False]


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\u2029", "\x0b"])
def test_paragraphs_end_where_lines_do(break_):
    assert quoted(f'"We lost. He left.{break_}It rained.') == ['"We lost.']


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"We lost, she said. It rained all day.\n\nHe left.', ['"We lost, she said.']),
        ("“A one. “B two,” he said.", ["“A one.", "“B two,”"]),
        ("'A slip of the pen. It rained.\n\nHe left.", []),
    ],
)
def test_a_forgotten_closing_mark_costs_a_sentence_at_most(text, expected):
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "scare"),
    [
        ("the ‘reform’ passed", True),
        ("its “increasingly punitive” price", True),
        ("rates the stock a “sell,” and", True),
        ("“No,” he said", False),
        ("the film “Gone With the Wind” won", True),
        ("called it “a tired old fairy tale” yesterday", False),
        ("said ‘no way we go’ to him", False),
    ],
)
def test_scare_quotes_and_titles(text, scare):
    assert [q.scare for q in find_quotes(text)] == [scare]


@given(st.text(alphabet="ab .,\n'\"“”‘’«»9s") | st.text())
@example('"')
@example("“\n“")
@example("'a'b'")
def test_any_text_gives_ordered_quotes_inside_it(text):
    found = find_quotes(text)
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(not text[q.start : q.end].isspace() and len(text[q.start : q.end].splitlines()) == 1 for q in found)


@pytest.mark.parametrize("unit", ["“a ", "'a ", '"a ', "‘as’ a ", "“a “b” ", "‘a “b "])
def test_time_grows_with_length_alone(unit):
    started = time.perf_counter()
    find_quotes(unit * (100_000 // len(unit)))
    assert time.perf_counter() - started < 12
