"""Fitting classifiers: folds that do not see their own group, and what is refused."""

import numpy as np
import pytest

from slantwise.errors import SlantwiseError
from slantwise.linear.hashing import hash_features
from slantwise_training.linear.classifier import fit_classifier, out_of_fold_logits


def texts_of(*rows):
    return [hash_features(row.split()) for row in rows]


def test_a_toy_language_is_learned():
    texts = texts_of(*["it may rain", "it could snow", "it rains", "it snows"] * 5)
    labels = np.array([1, 1, 0, 0] * 5)
    model = fit_classifier(texts, labels, c=10, min_count=1)
    found = model.probabilities(texts_of("she may", "could", "rains", "xyzzy", ""))
    assert (found[:, 1] > 0.5).tolist()[:3] == [True, True, False]
    assert found[3].tolist() == found[4].tolist()
    assert found.sum(axis=1) == pytest.approx(np.ones(5))


def test_rare_labels_weigh_as_much_as_common_ones():
    texts = texts_of(*["a x", "b x"] * 20, "a y")
    labels = np.array([0] * 40 + [1])
    assert fit_classifier(texts, labels, c=10, min_count=1).probabilities(texts_of("y"))[0, 1] > 0.5


def test_features_in_too_few_texts_are_left_out():
    texts = texts_of("a b b b", "a c", "a c d", "d")
    labels = np.array([0, 1, 1, 0])
    assert len(fit_classifier(texts, labels, c=1, min_count=2).table.hashes) == 3
    with pytest.raises(SlantwiseError, match="words that are in 4 texts of 4; found none; lower min_count"):
        fit_classifier(texts, labels, c=1, min_count=4)


@pytest.mark.parametrize("labels", [2, 3])
def test_a_fold_does_not_see_its_own_group(labels):
    # every group has a word of its own that gives its label away, in a language that says nothing else
    groups = [f"g{i // 3}" for i in range(90)]
    gold = np.array([(i // 3) % labels for i in range(90)])
    texts = texts_of(*(f"the word {group}" for group in groups))
    model = fit_classifier(texts, gold, c=100, min_count=1)
    assert (model.probabilities(texts).argmax(axis=1) == gold).all()
    logits = out_of_fold_logits(texts, gold, groups, c=100, min_count=1, seed=3)
    assert logits.shape == (90, 1 if labels == 2 else 3)
    # an unseen word has no weight: all texts of one fold get the same logits
    assert len(np.unique(logits, axis=0)) <= 5


def test_folds_that_share_groups_would_see_them():
    groups = [f"g{i}" for i in range(90)]
    gold = np.array([(i // 3) % 2 for i in range(90)])
    texts = texts_of(*(f"the word g{i // 3}" for i in range(90)))
    logits = out_of_fold_logits(texts, gold, groups, c=100, min_count=1, seed=3)
    assert ((logits[:, 0] > 0) == gold).mean() > 0.9


def test_folds_are_drawn_by_seed():
    rng = np.random.default_rng(0)
    texts = texts_of(*(" ".join(rng.choice(list("abcdefgh"), 4)) for _ in range(60)))
    gold, groups = np.arange(60) % 2, [str(i) for i in range(60)]
    first, again, other = (out_of_fold_logits(texts, gold, groups, 1, 1, seed) for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_too_few_documents_to_fold():
    texts = texts_of(*["a b", "a c"] * 10)
    gold = np.array([0, 1] * 10)
    four = [str(i % 8) for i in range(20)]
    with pytest.raises(SlantwiseError, match=r"5 or more documents of every label.*found 4.*name a dev split"):
        out_of_fold_logits(texts, gold, four, 1, 1, seed=3)
