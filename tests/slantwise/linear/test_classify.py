"""Classifiers against scikit-learn's own pipeline, and what a stance is seen from."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from slantwise.linear.classify import Classifier, View, stance_features, view_of
from slantwise.linear.features import text_features
from slantwise.linear.hashing import hash_features
from slantwise.linear.table import WeightTable
from slantwise.linear.words import Batch, ngrams, split_words
from slantwise.reading import Reading, TargetMention
from slantwise_training.linear.classifier import fit_classifier

SUBJECTS = ["the mayor", "a clerk", "the council", "Anna Berg", "the river port"]
ENDINGS = {
    0: ["met on Tuesday.", "opened the new bridge.", "counted 12 votes, then 14.", "met the clerk."],
    1: ["may delay the plan.", "could, it seems, appeal.", "might possibly agree.", "is thought to waver."],
    2: ["was not asked.", "won't say?", "is said to be said to be away.", ""],
}
EXAMPLES = [(f"{s} {e}", label) for s in SUBJECTS for label, row in ENDINGS.items() for e in row]
NEW = [
    "The mayor may meet Anna Berg.",
    "nothing known here at xyzzy",
    "",
    "may may may may the the",
    "Won't the clerk?",
]


def analyse(text, longest=2):
    return ngrams([w.lower for w in split_words(text)], longest)


def hashed(texts):
    return text_features(Batch.of([split_words(text) for text in texts]), 2)


@pytest.mark.parametrize("labels", [2, 3])
@pytest.mark.parametrize("min_count", [1, 2])
def test_probabilities_are_those_of_scikit_learn(labels, min_count):
    texts = [text for text, label in EXAMPLES if label < labels]
    gold = np.array([label for _, label in EXAMPLES if label < labels])
    solver = "liblinear" if labels == 2 else "lbfgs"
    theirs = make_pipeline(
        TfidfVectorizer(analyzer=analyse, min_df=min_count, sublinear_tf=True),
        LogisticRegression(C=4, class_weight="balanced", max_iter=1000, solver=solver),
    ).fit(texts, gold)
    ours = fit_classifier(hashed(texts), gold, c=4, min_count=min_count)
    for asked in (texts, NEW):
        assert ours.probabilities(hashed(asked)) == pytest.approx(theirs.predict_proba(asked), abs=1e-3)


def test_calibration_scales_the_logits():
    gold = np.array([min(label, 1) for _, label in EXAMPLES])
    model = fit_classifier(hashed([text for text, _ in EXAMPLES]), gold, c=1, min_count=1)
    moved = Classifier(model.table, model.intercepts, np.array([2], np.float32), np.array([-1], np.float32))
    logits = model.logits(hashed(NEW))[:, 0]
    assert moved.probabilities(hashed(NEW))[:, 1] == pytest.approx(1 / (1 + np.exp(1 - 2 * logits)), rel=1e-5)


def test_a_text_is_read_alike_alone_and_in_any_batch():
    gold = np.array([label for _, label in EXAMPLES])
    texts = hashed([text for text, _ in EXAMPLES])
    model = fit_classifier(texts, gold, c=4, min_count=1)
    together = model.probabilities([*texts, *texts[::-1]])
    for i, text in enumerate(texts):
        alone = model.probabilities([text])[0].tobytes()
        assert alone == together[i].tobytes() == together[-1 - i].tobytes()
    assert model.probabilities([]).shape == (0, 3)


def test_extreme_logits_overflow_in_silence():
    known = hash_features(["w"])
    table = WeightTable(known, np.array([[0, 1], [0, 0]], np.float32))
    for intercept, p in ((-1e4, 0), (1e4, 1)):
        model = Classifier(table, np.array([intercept], np.float32), np.ones(1, np.float32), np.zeros(1, np.float32))
        assert model.probabilities([known]).tolist() == [[1 - p, p]]


@pytest.mark.parametrize("bad", [np.zeros(2, np.float32), np.array([np.nan], np.float32)])
def test_arrays_that_contradict_each_other(bad):
    table, one = WeightTable(np.zeros(0, np.uint32), np.zeros((1, 2), np.float32)), np.ones(1, np.float32)
    for arrays in ((bad, one, one), (one, bad, one), (one, one, bad)):
        with pytest.raises(ValueError, match="columns"):
            Classifier(table, *arrays)


TEXT = "In May, Omar Diaz praised the brutal Anna Berg for it; not now."


def mention(target, holder=None, name=None):
    reading = Reading(TEXT, {}, (), tuple(split_words(TEXT)))
    if name is not None:
        return TargetMention(reading, 0, 0, name, holder)
    start = TEXT.index(target)
    held = None if holder is None else (TEXT.index(holder), TEXT.index(holder) + len(holder))
    return TargetMention(reading, start, start + len(target), target, held)


def strings_in(asked, candidates):
    found = set(stance_features(asked, asked.reading.state).tolist())
    return [c for c in candidates if int(hash_features([c])[0]) in found]


def test_views():
    assert view_of(mention("Anna Berg")) is View.MENTION
    assert view_of(mention("Anna Berg", "Omar Diaz")) is View.HELD
    assert view_of(mention("", name="tax")) is View.TOPIC


def test_a_target_is_seen_with_the_words_of_its_clause_by_side():
    candidates = [
        "<target>",
        "brutal <target>",
        "L brutal",
        "L the brutal",
        "L brutal the",
        "R for",
        "R it",
        "R not",
        "anna",
    ]
    assert strings_in(mention("Anna Berg"), candidates) == [
        "<target>",
        "brutal <target>",
        "L brutal",
        "L brutal the",
        "R for",
        "R it",
    ]
    assert strings_in(mention("Anna Berg"), ["T anna", "T berg", "T diaz", "L may"]) == ["T anna", "T berg"]


def test_a_holder_adds_the_words_between():
    candidates = ["H> praised", "H> praised the", "H> 3", "H< praised", "H> anna"]
    assert strings_in(mention("Anna Berg", "Omar Diaz"), candidates) == ["H> praised", "H> praised the", "H> 3"]
    assert strings_in(mention("Omar Diaz", "Anna Berg"), candidates) == ["H< praised"]
    assert strings_in(mention("Anna Berg"), candidates) == []


def test_a_topic_is_crossed_with_the_words():
    found = stance_features(mention("", name="Clean Air"), split_words("It may help"))
    expected = ["clean air: it", "clean air: may", "clean air: help", "clean air: it may", "clean air: may help"]
    assert sorted(found.tolist()) == sorted(hash_features(expected).tolist())


def test_stance_features_never_change():
    found = stance_features(mention("Anna Berg", "Omar Diaz"), split_words(TEXT))
    assert (len(found), int(np.bitwise_xor.reduce(found))) == (49, 1533444438)
