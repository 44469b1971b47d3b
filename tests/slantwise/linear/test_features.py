"""Features against the strings that they hash, written out here: the trained models know these and no others."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_sentences import AWKWARD

from slantwise.linear.features import text_features, word_features
from slantwise.linear.hashing import hash_features
from slantwise.linear.words import Batch, ngrams, shape_of, split_words

sentences = st.lists(
    st.lists(st.sampled_from([*AWKWARD, "“", "”", '"', "«", " said ", "McCain ", "1,000", " he"]), max_size=8).map(
        "".join
    ),
    max_size=5,
)
TEXTS = ["“It may rain,” she said.", "", "Well", 'He "won', "gone” they say", "The U.S. didn't."]


def features_of(text):
    """Each word's features as strings, from the words one by one."""
    words = split_words(text)
    lower = ["<s2>", "<s1>", *(w.lower for w in words), "</s1>", "</s2>"]
    shapes = ["<s>", *(shape_of(w.text) for w in words), "</s>"]
    marks = [w.text for w in words if w.text in list('“«„”»"')]
    has = "-" if not marks else "=" if len(marks) % 2 == 0 else "/"
    inside = bool(marks) and marks[0] in "”»"
    for i in range(len(words)):
        p2, p1, w, n1, n2 = lower[i : i + 5]
        before, shape, after = shapes[i : i + 3]
        state = "i" if inside else "o"
        if words[i].text in marks:
            state, inside = "m", words[i].text in "“«„" or (words[i].text == '"' and not inside)
        q, end = state + has, min(len(words) - i, 4)
        yield [
            *("1", f"w={w}", f"p1={p1}", f"n1={n1}", f"p2={p2}", f"n2={n2}"),
            *(f"pw={p1} {w}", f"wn={w} {n1}", f"pp={p2} {p1}", f"nn={n1} {n2}", f"pn={p1} {n1}"),
            *(f"e3={w[-3:]}", f"e2={w[-2:]}", f"b3={w[:3]}", f"sh={shape}", f"psh={before} {shape}"),
            *(f"shn={shape} {after}", f"p1sh={p1} {shape}", f"shn1={shape} {n1}", f"q={q}", f"qw={q} {w}"),
            *(f"at={min(i, 5)} {shape}", f"end={end} {q}", f"pe3={p1[-3:]}", f"ne3={n1[-3:]}"),
            f"first={w} {shape}" if i == 0 else "first=",
        ]


@settings(max_examples=40)
@given(sentences)
def test_word_features_are_those_of_each_sentence_by_itself(texts):
    found = word_features(Batch.of([split_words(text) for text in texts]))
    expected = [hash_features(row) for text in texts for row in features_of(text)]
    assert found.shape == (26, len(expected))
    assert found.dtype == np.uint32
    assert found.T.tolist() == [row.tolist() for row in expected]


def test_word_features_never_change():
    found = word_features(Batch.of([split_words(text) for text in TEXTS]))
    assert (
        hashlib.sha256(np.ascontiguousarray(found.T).tobytes()).hexdigest()
        == "c38909ab24dfa29352b207845494c149daa7c5fc8ec43b95f9ea241cc7e73618"
    )


@pytest.mark.parametrize("longest", [1, 2, 3, 5])
@pytest.mark.parametrize("texts", [TEXTS, TEXTS[1:2], TEXTS[2:3], TEXTS[1:3], []])
def test_text_features_are_the_ngrams_of_each_text(texts, longest):
    found = text_features(Batch.of([split_words(text) for text in texts]), longest)
    expected = [hash_features(ngrams([w.lower for w in split_words(text)], longest)) for text in texts]
    assert [sorted(f.tolist()) for f in found] == [sorted(f.tolist()) for f in expected]


def test_a_word_of_a_megabyte():
    batch = Batch.of([split_words("a " + "b" * 1_000_000 + " c")])
    assert word_features(batch).T.tolist() == [
        hash_features(row).tolist() for row in features_of("a " + "b" * 1_000_000 + " c")
    ]
