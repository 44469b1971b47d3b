"""The head's file: what is written is read, and nothing else is used."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scored_articles import scored
from toy_head import MODEL, toy_head

from slantwise.errors import SlantwiseError
from slantwise.partisanship import ArticleHead, Measured, NoHead, find_head, write_head
from slantwise.partisanship.features import FEATURES
from slantwise.partisanship.head import FILE_NAME, WORDS_NAME


@pytest.fixture
def folder(tmp_path):
    write_head(tmp_path, MODEL, toy_head(), {"settings": {"c": 1}})
    return tmp_path


def altered(folder, change):
    whole = json.loads((folder / FILE_NAME).read_text("utf-8"))
    change(whole)
    (folder / FILE_NAME).write_text(json.dumps(whole), "utf-8")


def test_round_trip_gives_the_same_answers(folder):
    head, read, score = toy_head(), find_head(folder, MODEL), scored().score
    assert isinstance(read, ArticleHead)
    assert read.p(score) == head.p(score)
    assert (read.measured, read.fewest_words, read.longest) == (head.measured, head.fewest_words, head.longest)
    for name in ("means", "scales", "weights"):
        assert (getattr(read, name) == getattr(head, name)).all()


def test_the_answer_is_the_logistic_of_features_and_words():
    # "harbour" weighs 2 and is the article's only known word: its TF-IDF is 1; the author's share of words weighs -1
    score = scored().score
    means = np.zeros(len(FEATURES))
    places = list(FEATURES)
    weights = np.zeros(len(FEATURES))
    weights[places.index("source_words")] = -1.0
    head = replace(toy_head(), means=means, scales=np.ones(len(FEATURES)), weights=weights)
    assert head.p(score) == pytest.approx(1 / (1 + np.exp(-(2.0 + 0.5 - 0.4))))


def test_a_feature_counts_no_more_beyond_four_deviations():
    weights = np.zeros(len(FEATURES))
    weights[0] = 0.25
    head = replace(toy_head(), weights=weights, means=np.zeros(len(FEATURES)), scales=np.ones(len(FEATURES)))
    far, farther = np.zeros(len(FEATURES)), np.zeros(len(FEATURES))
    far[0], farther[0] = 4.0, 400.0
    none = np.zeros(0, np.uint32)
    assert head.p_of(far, none) == head.p_of(farther, none) == pytest.approx(1 / (1 + np.exp(-1.5)))


def test_the_file_tells_the_interval_and_the_weights(folder):
    whole = json.loads((folder / FILE_NAME).read_text("utf-8"))
    assert whole["measured"] == {
        "right": 80, "accuracy": 0.8, "low": 0.7112, "high": 0.8666, "of": 100, "data": "toy <b>articles</b>",
    }  # fmt: skip
    assert [row["name"] for row in whole["features"]] == list(FEATURES)
    assert whole["settings"] == {"c": 1}


def test_no_head_and_a_foreign_one_give_their_reason(folder, tmp_path):
    none = find_head(tmp_path / "nowhere", MODEL)
    assert none == NoHead(f"no {FILE_NAME} in {tmp_path / 'nowhere'}")
    foreign = find_head(folder, replace(MODEL, sha256="cd" * 32))
    assert isinstance(foreign, NoHead)
    assert foreign.is_foreign
    assert "fitted for another model (sha256 abababababab, not cdcdcdcdcdcd)" in foreign.reason


def test_altered_words_are_refused(folder):
    (folder / WORDS_NAME).write_bytes((folder / WORDS_NAME).read_bytes()[:-1] + b"!")
    with pytest.raises(SlantwiseError, match=r"sha256 .* of hyperpartisan\.npz"):
        find_head(folder, MODEL)


def drop_a_feature(whole):
    del whole["features"][3]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda w: w.update(schema="x"), "schema 'x'"),
        (drop_a_feature, "features of another version"),
        (lambda w: w["features"][0].update(weight=float("inf")), "finite|Infinity|number"),
        (lambda w: w["features"][0].update(scale=0.0), "scales"),
        (lambda w: w["features"][0].pop("mean"), "mean"),
        (lambda w: w["measured"].update(right=101), "101 right of 100"),
        (lambda w: w["measured"].update(right=0, of=0), "0 right of 0"),
        (lambda w: w.pop("words"), "words"),
    ],
)
def test_an_unsound_file_is_told(folder, change, found):
    altered(folder, change)
    with pytest.raises(SlantwiseError, match=found):
        find_head(folder, MODEL)


@pytest.mark.parametrize("text", ["{}", "[]", "null", '"x"'])
def test_a_file_of_something_else_is_told(tmp_path, text):
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(SlantwiseError, match=r"article_head\.py"):
        find_head(tmp_path, MODEL)


def test_missing_words_are_told(folder):
    (folder / WORDS_NAME).unlink()
    with pytest.raises(SlantwiseError, match=r"no hyperpartisan\.npz beside it"):
        find_head(folder, MODEL)


def test_measured_counts_that_contradict_themselves():
    with pytest.raises(ValueError, match="3 right of 2"):
        Measured(3, 2, "toys")
