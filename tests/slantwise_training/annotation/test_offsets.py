import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_sentences import texts

from slantwise.errors import BadSpan
from slantwise_training.annotation.offsets import Utf16, locate


@settings(max_examples=30, deadline=None)
@given(texts, st.data())
def test_units_are_those_of_the_utf16_encoding(text, data):
    point = data.draw(st.integers(0, len(text)))
    units = len(text[:point].encode("utf-16-le")) // 2
    assert Utf16(text).units(point) == units
    assert Utf16(text).points(units) == point


def test_no_point_lies_inside_a_character_or_beyond_the_text():
    assert [Utf16("a😀b").points(unit) for unit in range(6)] == [0, 1, None, 2, 3, None]
    assert [Utf16("aéb").points(unit) for unit in range(5)] == [0, 1, 2, 3, None]


@pytest.mark.parametrize(
    ("text", "start", "end", "surface", "place"),
    [
        ("😀😀 may fall", 5, 8, "may", (3, 6)),  # UTF-16 units, as the browser counts
        ("😀😀 may fall", 3, 6, "may", (3, 6)),  # code points, as scripts count
        ("👩🏽‍🚀 may fall", 2, 5, "may", (5, 8)),  # grapheme clusters: found by the surface
        ("a\r\nb\r\nmay fall", 4, 7, "may", (6, 9)),  # line ends normalised before counting
        ("שלום may", 5, 8, "may", (5, 8)),
        ("e\u0301 may", 3, 6, "may", (3, 6)),
        ("😀 may", 3, 6, None, (2, 5)),
    ],
)
def test_a_span_is_located(text, start, end, surface, place):
    assert locate(text, start, end, surface, "x") == place


@pytest.mark.parametrize(
    ("text", "start", "end", "surface"),
    [
        ("may it may", 3, 6, "may"),  # near two of them: which one is a guess
        ("it may fall", 3, 6, "must"),
        ("may " + "x" * 60, 40, 43, "may"),  # too far off
        ("it may", 3, 3, ""),
        ("😀 may", 1, 3, None),  # begins inside the emoji
        ("it may", 3, 9, None),
        ("it may", 3, 3, None),
    ],
)
def test_what_cannot_be_verified_is_refused(text, start, end, surface):
    with pytest.raises(BadSpan) as error:
        locate(text, start, end, surface, "value.start")
    assert error.value.field == "value.start"
