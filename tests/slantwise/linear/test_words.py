"""Words: exact offsets, clitics, and nothing of a text lost, however odd or long it is."""

import gc
from itertools import pairwise
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled_sentences import AWKWARD

from slantwise.linear.words import Batch, ngrams, shape_of, split_words

any_text = st.lists(
    st.one_of(st.sampled_from([*AWKWARD, "don't", "’s", "U.S.", "1,000.5", "\ud800", "İ", "ß"]), st.text(max_size=5)),
    max_size=10,
).map("".join)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't say it's over.", ["Do", "n't", "say", "it", "'s", "over", "."]),
        ("They’ve CAN’T we'll I'd I'm you're", "They ’ve CA N’T we 'll I 'd I 'm you 're".split()),
        ("The mayors' plan", ["The", "mayors", "'", "plan"]),
        ("the U.S. and U.K.-based a.b", ["the", "U.S.", "and", "U.K.", "-", "based", "a", ".", "b"]),
        ("Mr. Ord paid 1,250.75, not 12.", ["Mr", ".", "Ord", "paid", "1,250.75", ",", "not", "12", "."]),
        ("covid19 19th x_y", ["covid19", "19", "th", "x_y"]),
        ("“Vile,” he said—twice…", ["“", "Vile", ",", "”", "he", "said", "—", "twice", "…"]),
        ("naïve Ångström 東京 😀", ["naïve", "Ångström", "東京", "😀"]),
        ("isn'table o'clock", ["isn", "'", "table", "o", "'", "clock"]),
        ("", []),
        (" \t\n\u2028", []),
    ],
)
def test_words_of(text, words):
    assert [word.text for word in split_words(text)] == words


@given(any_text)
def test_words_are_the_text_without_its_white_space(text):
    words = split_words(text)
    assert all(text[w.start : w.end] == w.text and w.start < w.end for w in words)
    assert all(a.end <= b.start for a, b in pairwise(words))
    gaps = [*zip([0, *(w.end for w in words)], [*(w.start for w in words), len(text)], strict=True)]
    assert all(text[a:b] == "" or text[a:b].isspace() for a, b in gaps)
    assert all(w.lower == w.text.lower().replace("’", "'") for w in words)


def test_both_apostrophes_give_one_word():
    assert [w.lower for w in split_words("Don’t")] == [w.lower for w in split_words("don't")] == ["do", "n't"]


ONE_WORD = ["a", "1", "a1", "1a", "n", "nt", "_", "é"]
MANY_WORDS = ["n't", "don't", "a.", "1,", "'", "a'", "’s", ". ", " ", "\u0301", "1.a"]


@pytest.mark.parametrize(("unit", "size"), [*((u, 1_000_000) for u in ONE_WORD), *((u, 100_000) for u in MANY_WORDS)])
def test_a_long_text_takes_time_in_proportion(unit, size):
    def once(text):
        start = process_time()
        words = split_words(text)
        taken = process_time() - start
        assert sum(w.end - w.start for w in words) == len(text) - text.count(" ")
        return taken

    def seconds(length):
        # the least of three, and no collection of what other tests left: a pause of either is no trait of the splitter
        gc.disable()
        try:
            return min(once(unit * (length // len(unit))) for _ in range(3))
        finally:
            gc.enable()

    # ten times the text takes a hundred times as long where a pattern goes back over it
    assert seconds(size) < 30 * seconds(size // 10) + 0.2


@pytest.mark.parametrize(
    ("surface", "shape"),
    [
        ("McCain", "XxXx"),
        ("2026", "9"),
        ("U.S.", "X.X."),
        ("n't", "x'x"),
        ("aBcDeFgH", "xXxXxX"),
        ("東京", "x"),
        ("—", "—"),
    ],
)
def test_shape(surface, shape):
    assert shape_of(surface) == shape


def test_ngrams_up_to_a_length():
    assert ngrams(["a", "b", "c"], 3) == ["a", "b", "c", "a b", "b c", "a b c"]
    assert ngrams(["a"], 3) == ["a"]
    assert ngrams([], 3) == []


def test_a_batch_numbers_words_and_knows_what_is_beyond_its_sentences():
    batch = Batch.of([split_words(text) for text in ("One two three", "", "two", "One Two")])
    named = np.array(batch.vocabulary)
    assert named[batch.ids].tolist() == ["one", "two", "three", "two", "one", "two"]
    assert named[batch.neighbours(-2)].tolist() == ["<s2>", "<s1>", "one", "<s2>", "<s2>", "<s1>"]
    assert named[batch.neighbours(-1)].tolist() == ["<s1>", "one", "two", "<s1>", "<s1>", "one"]
    assert named[batch.neighbours(1)].tolist() == ["two", "three", "</s1>", "</s1>", "two", "</s1>"]
    assert named[batch.neighbours(2)].tolist() == ["three", "</s1>", "</s2>", "</s2>", "</s1>", "</s2>"]
    assert batch.bounds == [(0, 3), (3, 3), (3, 4), (4, 6)]
    assert batch.places.tolist() == [0, 1, 2, 0, 0, 1]


def test_a_batch_of_nothing():
    for batch in (Batch.of([]), Batch.of([[], []])):
        assert batch.neighbours(1).tolist() == batch.places.tolist() == []
    assert Batch.of([[], []]).bounds == [(0, 0), (0, 0)]
