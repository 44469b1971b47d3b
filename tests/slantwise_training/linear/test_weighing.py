"""A layer that finds too little of what is marked is made to find it; one that finds it right is left alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from slantwise.labels import Lens, SpanLabel
from slantwise.linear.hashing import hash_features
from slantwise.linear.table import WeightTable
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.examples import Library
from slantwise_training.linear import train, train_linear
from slantwise_training.linear.perceptron import tagged_sentence
from slantwise_training.recipe import LayerRecipe, Recipe, Selection

PLACE = Selection("babe_v2", "train")
LAYER = LayerRecipe((SpanLabel.LOADED,), (PLACE,))


def record(n, word="grim"):
    text = f"They tell a {word} tale of the town, number {n}."
    at = text.index(word)
    spans = (Span("s1", SpanLabel.LOADED, at, at + 4, "grim"),) if word == "grim" else ()
    return LabelledSentence(
        f"r{n}", Document(f"d{n}"), 0, text, (Lens.WORDING,), spans=spans, exhaustive=(SpanLabel.LOADED,)
    )


RECORDS = [record(n, "grim" if n % 3 else "long") for n in range(60)]
DEV = [tagged_sentence(each, LAYER) for each in RECORDS]


@pytest.fixture(scope="module")
def backend():
    recipe = Recipe("toy", layers={"loaded": LAYER})
    return train_linear(recipe, Path(), library=Library(Path(), _read={PLACE: RECORDS}))[0]


def found(backend, tagger):
    backend = replace(backend, taggers={"loaded": tagger})
    return [bool(reading.spans) for reading in backend.read([each.text for each in RECORDS])]


def biased(tagger, by):
    """The tagger with a weight more on "O" for every word."""
    weights = tagger.table.weights.copy()
    weights[tagger.table.rows(hash_features(["1"]))[0], 0] += by
    return replace(tagger, table=WeightTable(tagger.table.hashes, weights))


def test_a_layer_that_finds_nothing_is_made_to_find_what_is_marked(backend):
    timid = biased(backend.taggers["loaded"], 500)
    assert not any(found(backend, timid))
    assert found(backend, train._weighed(timid, DEV)) == [bool(each.spans) for each in RECORDS]


def test_a_layer_that_finds_everything_is_held_back(backend):
    eager = biased(backend.taggers["loaded"], -500)
    assert all(found(backend, eager))
    assert found(backend, train._weighed(eager, DEV)) == [bool(each.spans) for each in RECORDS]


def test_a_layer_that_is_right_is_left_as_it_is(backend):
    tagger = backend.taggers["loaded"]
    assert found(backend, tagger) == [bool(each.spans) for each in RECORDS]
    assert train._weighed(tagger, DEV) is tagger


def test_nothing_is_weighed_without_spans_on_dev(backend):
    timid = biased(backend.taggers["loaded"], 500)
    assert train._weighed(timid, []) is timid
    assert train._weighed(timid, [s for s, each in zip(DEV, RECORDS, strict=True) if not each.spans]) is timid


def test_training_weighs(monkeypatch):
    seen = []
    monkeypatch.setattr(train, "_weighed", lambda tagger, dev: (seen.append(len(dev)), tagger)[1])
    train_linear(Recipe("toy", layers={"loaded": LAYER}), Path(), library=Library(Path(), _read={PLACE: RECORDS}))
    assert seen == [6]


def test_all_tags_but_o_are_raised_alike():
    transitions = np.zeros((4, 3), dtype=np.float32)
    moved = train._raised(transitions, 2.5)
    assert moved[:, 0].tolist() == [0.0] * 4
    assert (moved[:, 1:] == 2.5).all()
    assert not transitions.any()
