"""Listed words are found where annotators saw them, and the record says whether the marking is complete."""

from pathlib import Path

import pytest

from slantwise.errors import BadRow
from slantwise.labels import SpanLabel, Task
from slantwise.records import Document
from slantwise_training.corpora import find_corpus
from slantwise_training.corpora.loaded_words import find_words, outlet_slug, parse_words, wording_sentence


def found(text, *words):
    stretches, missing = find_words(text, words)
    return [text[start:end] for start, end in stretches], missing


def test_words_are_found_whole_in_any_case_and_wherever_they_stand():
    text = "Rage, rage against outraged clerks"
    assert found(text, "rage") == (["Rage", "rage"], [])


def test_quote_marks_do_not_matter():
    assert found("The mayor’s “rescue” failed", '"rescue"', "mayor's") == (["mayor’s", "rescue"], [])


def test_a_word_inside_another_stretch_is_marked_once():
    assert found("A so-called expert", "so-called", "called", "so-called") == (["so-called"], [])


def test_misspelt_and_empty_words_are_missing():
    assert found("A grotesque plan", "grotesqe", "", "grotesque") == (["grotesque"], ["grotesqe", ""])


def test_words_are_read_as_a_list():
    assert parse_words("['brazen', \"d'état\"]", Path("x.csv"), 2) == ("brazen", "d'état")
    assert parse_words("[]", Path("x.csv"), 2) == ()
    assert parse_words("", Path("x.csv"), 2) is None
    assert parse_words(None, Path("x.csv"), 2) is None


@pytest.mark.parametrize("field", ["brazen", "['brazen'", "{'brazen': 1}", "[1]"])
def test_a_field_that_is_no_list_of_words_is_a_bad_row(field):
    with pytest.raises(BadRow, match=r"a list of strings at x\.csv:7"):
        parse_words(field, Path("x.csv"), 7)


@pytest.mark.parametrize(
    ("is_loaded", "words", "is_complete"),
    [
        (True, ("brazen",), True),
        (True, (), False),  # agreed on the sentence and on no word
        (False, (), True),
        (False, ("brazen",), True),
        (True, ("brazen", "wikced"), False),
        (False, None, False),  # nobody looked
    ],
)
def test_marking_is_exhaustive_where_all_words_are_there(is_loaded, words, is_complete):
    text = "A  brazen plan "
    record = wording_sentence(find_corpus("babe_sg2"), Document(""), 4, text, is_loaded, words, "all")
    assert record.exhaustive == ((SpanLabel.LOADED,) if is_complete else ())
    assert record.labels == {Task.WORDING: "loaded" if is_loaded else "plain"}
    assert record.text == "A brazen plan"
    assert record.doc.id == record.id
    assert [span.text for span in record.spans] == (["brazen"] if words else [])


def test_outlets_have_one_spelling():
    assert {outlet_slug(name) for name in ("The Daily Beast", "Daily Beast", "daily-beast")} == {"daily-beast"}
    assert outlet_slug("HuffPost") == outlet_slug("Huffpost") == "huffpost"
    assert outlet_slug("") is outlet_slug(None) is None
