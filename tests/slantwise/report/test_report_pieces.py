"""Sentences are cut so that every span is whole, whatever lies over it."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slantwise.labels import Lens, Quotation
from slantwise.report.cast import VoiceMap
from slantwise.report.marks import Mark
from slantwise.report.pieces import cut
from slantwise.score import AUTHOR, Attribution, TextSpan

TEXT = "Officials 😀 said the disastrous carbon tax may fail."
SHIFT = 7
SENTENCE = TextSpan(SHIFT, SHIFT + len(TEXT), TEXT)
spans = st.lists(
    st.tuples(st.integers(0, len(TEXT) + 12), st.integers(1, 30)).map(lambda s: (s[0], s[0] + s[1])), max_size=8
)


def mark(number, start, end):
    return Mark(f"w1-{number}", start, end, "", Lens.WORDING, f"style{number}", "", ())


def attribution(name, *contents):
    return Attribution(name, None, None, tuple(TextSpan(a, b, "") for a, b in contents), Quotation.DIRECT, 1.0)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spans, spans)
def test_pieces_join_to_the_sentence_and_hold_what_covers_them(marked, contents):
    marks = [mark(n, *span) for n, span in enumerate(marked)]
    said = [attribution(f"a{n}", span) for n, span in enumerate(contents)]
    pieces = list(cut(SENTENCE, marks, VoiceMap(said)))
    assert "".join(piece.text for piece in pieces) == TEXT
    owners = [AUTHOR] * (SHIFT + len(TEXT) + 60)
    for n, (start, end) in sorted(enumerate(contents), key=lambda row: row[1][0] - row[1][1]):
        owners[start:end] = [f"a{n}"] * (end - start)
    for piece in pieces:
        assert piece.text
        for at in range(piece.start, piece.start + len(piece.text)):
            assert {m.id for m in piece.marks} == {m.id for m in marks if m.start <= at < m.end}
            assert piece.voice == owners[at]


def test_nested_and_crossing_marks_are_one_piece_each():
    marks = [mark(1, SHIFT + 21, SHIFT + 42), mark(2, SHIFT + 32, SHIFT + 46)]
    pieces = {piece.text: piece for piece in cut(SENTENCE, marks, None)}
    assert pieces["carbon tax"].styles == "style1 style2"
    assert pieces["carbon tax"].reasons == "w1-1 w1-2"
    assert (pieces["disastrous "].styles, pieces[" may"].styles) == ("style1", "style2")
    assert {piece.voice for piece in pieces.values()} == {AUTHOR}


def test_a_style_that_two_marks_share_is_named_once():
    twice = [mark(1, SHIFT, SHIFT + 4), mark(1, SHIFT, SHIFT + 4)]
    first = next(cut(SENTENCE, twice, None))
    assert (first.styles, first.reasons) == ("style1", "w1-1 w1-1")


def test_a_sentence_of_thousands_of_spans_is_cut_at_once():
    text = "so " * 20_000
    marks = [mark(n, 3 * n, 3 * n + 2) for n in range(20_000)]
    pieces = list(cut(TextSpan(0, len(text), text), marks, VoiceMap([attribution("a1", (5, len(text)))])))
    assert len(pieces) == 40_000
    assert pieces[-1].voice == "a1"
