"""Fitting the article head on numbers made up so that the answer is known."""

import numpy as np
import pytest

from slantwise.linear.hashing import hash_features
from slantwise.model_folder import DEFAULT_MODEL
from slantwise.partisanship import Measured, find_head, write_head
from slantwise.partisanship.features import FEATURES
from slantwise.score import ModelName
from slantwise_training.article_head import (
    ArticleTable,
    Hits,
    Settings,
    choose,
    cross_validate,
    fit_head,
    hits,
    labelled_articles,
)

ALONE, BOTH = Settings(0.1, 1.0, None), Settings(4.0, 0.1, 2)
ARTICLES = 120


def made_up(*, by_feature=False, by_word=False, by_outlet=False):
    """Labels that a feature, a word, or the outlet alone tells; everything else is noise."""
    draw = np.random.default_rng(3)
    labels = np.arange(ARTICLES) % 3 == 0
    features = draw.normal(size=(ARTICLES, len(FEATURES)))
    features[:, 5] = 7.0
    if by_feature:
        features[:, 2:5] += 4 * labels[:, None]
    words = []
    for number, label in enumerate(labels):
        own = [f"w{i}" for i in draw.integers(0, 30, size=40)]
        own += ["sham"] * 3 if by_word and label else []
        own += [f"outlet{number // 6}-{label}"] * 20 if by_outlet else []
        words.append(hash_features(own))
    return ArticleTable(features, words, labels.astype(np.intp), [f"outlet-{n // 6}-{n % 3}" for n in range(ARTICLES)])


def test_features_alone_learn_from_features():
    assert cross_validate(made_up(by_feature=True), ALONE).balanced > 0.9
    assert cross_validate(made_up(by_word=True), ALONE).balanced < 0.7


def test_words_are_learnt_too():
    assert cross_validate(made_up(by_word=True), BOTH).balanced > 0.9


def test_an_outlets_own_words_do_not_help_in_folds():
    table = made_up(by_outlet=True)
    assert hits(fit_head(table, Settings(100.0, 0.01, 2)), table).balanced > 0.95
    assert cross_validate(table, Settings(100.0, 0.01, 2)).balanced < 0.7


def test_folds_ask_every_article_once():
    found = cross_validate(made_up(by_feature=True), ALONE)
    assert (found.of, found.others) == (40, 80)
    assert cross_validate(made_up(by_feature=True), ALONE) == found


def test_the_best_setting_comes_first():
    tried = choose(made_up(by_word=True), (ALONE, BOTH))
    assert [settings for settings, _ in tried] == [BOTH, ALONE]
    assert tried[0][1].balanced > tried[1][1].balanced


def test_what_is_fitted_is_what_is_saved(tmp_path):
    table, model = made_up(by_feature=True, by_word=True), ModelName("toy", "ab" * 32)
    head = fit_head(table, BOTH)
    assert head.measured == Measured(0, ARTICLES, "not measured")
    write_head(tmp_path, model, head, {})
    read = find_head(tmp_path, model)
    for row, words in zip(table.features, table.words, strict=True):
        assert read.p_of(row, words) == head.p_of(row, words)


def test_a_feature_that_never_varies_weighs_nothing():
    head = fit_head(made_up(by_feature=True), ALONE)
    assert head.weights[5] == pytest.approx(0)
    assert head.scales[5] == 1.0


def test_hits_add_up():
    total = Hits(3, 4, 1, 2) + Hits(1, 4, 2, 2)
    assert total == Hits(4, 8, 3, 4)
    assert (total.accuracy, total.balanced) == (7 / 12, (0.5 + 0.75) / 2)


@pytest.mark.corpus
def test_articles_come_with_labels_and_outlets(corpora_root):
    train = list(labelled_articles(corpora_root, "train"))
    assert (len(train), sum(each.is_hyperpartisan for each in train)) == (645, 238)
    test_outlets = {each.group for each in labelled_articles(corpora_root, "test")}
    assert not test_outlets & {each.group for each in train}


def test_a_shipped_head_is_of_the_shipped_model():
    """After training the shipped model, run benchmarks/article_head.py."""
    from slantwise.model_folder import model_name

    found = find_head(DEFAULT_MODEL, model_name())
    assert not getattr(found, "is_foreign", False)
