"""Fits the head that answers whether a whole article reads like a hyperpartisan one (`slantwise.partisanship`).

Its data are SemEval-2019 task 4 by article. Settings are chosen in folds over train, grouped by outlet; the classes are
weighted by their rarity, for test has as many articles of each, and so has what the probability stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.article import Article
from slantwise.labels import TASK_LABELS, Task
from slantwise.linear.classify import Classifier
from slantwise.linear.table import WeightTable
from slantwise.partisanship import ArticleHead, Measured
from slantwise.partisanship.head import standardised
from slantwise_training.corpora import read_corpus
from slantwise_training.linear.classifier import count_matrix, vocabulary_of

__all__ = [
    "CORPUS",
    "GRID",
    "LONGEST",
    "ArticleTable",
    "Hits",
    "LabelledArticle",
    "Settings",
    "choose",
    "cross_validate",
    "fit_head",
    "hits",
    "labelled_articles",
]

CORPUS = "hyperpartisan"
LONGEST = 2
"""The longest n-gram of the author's words."""
FEWEST_WORDS = 100
"""One training article in twenty is shorter: too few to fit or to measure anything for."""
_FOLDS = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """How a head is fitted.

    Args:
        c: inverse strength of regularisation; 0 weights are cheaper than any others.
        reach: what a standardised feature is multiplied by: the larger, the cheaper are features beside words.
        min_count: n-grams in fewer articles are left out; None leaves all words out.
    """

    c: float
    reach: float = 0.1
    min_count: int | None = 4


GRID = (
    *(Settings(c, 1.0, None) for c in (0.01, 0.03, 0.1)),
    *(Settings(c, reach) for reach in (0.1, 0.2) for c in (0.5, 1.0, 2.0, 4.0)),
)
"""The settings to choose from: features alone, and with words."""


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article, whether it is hyperpartisan, and the group that is never split: its outlet, or else itself."""

    article: Article
    is_hyperpartisan: bool
    group: str


@dataclass(frozen=True, slots=True)
class ArticleTable:
    """Scored articles as numbers.

    Args:
        features: shape (articles, features).
        words: the hashed n-grams of each.
        labels: 1 where hyperpartisan, shape (articles,).
        groups: of each.
    """

    features: NDArray[np.float64]
    words: Sequence[NDArray[np.uint32]]
    labels: NDArray[np.intp]
    groups: Sequence[str]

    def rows(self, index: NDArray[np.intp]) -> ArticleTable:
        """The articles with these numbers."""
        at = index.tolist()
        words, groups = [self.words[i] for i in at], [self.groups[i] for i in at]
        return ArticleTable(self.features[index], words, self.labels[index], groups)


@dataclass(frozen=True, slots=True)
class Hits:
    """Right answers and articles: hyperpartisan ones, and others. They add up."""

    right: int
    of: int
    right_others: int
    others: int

    def __add__(self, more: Hits) -> Hits:
        return Hits(
            self.right + more.right,
            self.of + more.of,
            self.right_others + more.right_others,
            self.others + more.others,
        )

    @property
    def balanced(self) -> float:
        """The accuracy, were there as many articles of each label."""
        return (self.right / self.of + self.right_others / self.others) / 2

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return (self.right + self.right_others) / (self.of + self.others)


def labelled_articles(root: Path, split: str) -> Iterator[LabelledArticle]:
    """Yield the articles of a split.

    Args:
        root: the folder of corpora.
        split: train or test.
    """
    for record in read_corpus(CORPUS, root, (split,)):
        label = record.labels[Task.HYPERPARTISAN] == TASK_LABELS[Task.HYPERPARTISAN][1]
        yield LabelledArticle(Article(record.doc.id, record.text), label, record.doc.outlet or record.doc.id)


def fit_head(table: ArticleTable, settings: Settings) -> ArticleHead:
    """Fit a head. It is not measured yet: none of its answers counts as right.

    Args:
        table: the training articles.
        settings: how.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    means, scales = table.features.mean(axis=0), table.features.std(axis=0)
    # a number that never varies says nothing, and in a new article must not say much
    scales = np.where(scales > 0, scales, 1.0)
    features = settings.reach * standardised(table.features, means, scales)
    hashes, idf, matrix = _weighted_words(table, settings)
    model = LogisticRegression(C=settings.c, class_weight="balanced", max_iter=1000, solver="liblinear")
    model.fit(hstack((matrix, csr_matrix(features))).tocsr(), table.labels)
    own, rest = np.split(model.coef_[0], [len(hashes)])
    weights = np.vstack((np.column_stack((own, idf)), np.zeros((1, 2))))
    # half precision as on disk, so that what is measured is what is saved
    words = Classifier(
        WeightTable(hashes, weights.astype(np.float16).astype(np.float32)),
        model.intercept_.astype(np.float32),
        np.ones(1, np.float32),
        np.zeros(1, np.float32),
    )
    nothing = Measured(0, len(table.labels), "not measured")
    return ArticleHead(means, scales, rest * settings.reach, words, LONGEST, FEWEST_WORDS, nothing)


def hits(head: ArticleHead, table: ArticleTable) -> Hits:
    """Count a head's right answers."""
    p = np.array([head.p_of(row, words) for row, words in zip(table.features, table.words, strict=True)])
    is_right, is_positive = (p >= 0.5) == (table.labels == 1), table.labels == 1
    return Hits(
        int(is_right[is_positive].sum()),
        int(is_positive.sum()),
        int(is_right[~is_positive].sum()),
        int((~is_positive).sum()),
    )


def cross_validate(table: ArticleTable, settings: Settings, seed: int = 0) -> Hits:
    """Right answers over ten folds, stratified and grouped: no outlet is on both sides of a fold.

    Args:
        table: the training articles.
        settings: what to try.
        seed: of the folds.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    folds = StratifiedGroupKFold(n_splits=_FOLDS, shuffle=True, random_state=seed)
    total = Hits(0, 0, 0, 0)
    for train, test in folds.split(table.features, table.labels, table.groups):
        total += hits(fit_head(table.rows(train), settings), table.rows(test))
    return total


def choose(table: ArticleTable, grid: Sequence[Settings] = GRID, seed: int = 0) -> list[tuple[Settings, Hits]]:
    """Every setting with its hits in folds, that of the highest balanced accuracy first; the first of equals.

    Args:
        table: the training articles.
        grid: the settings.
        seed: of the folds.
    """
    tried = [(settings, cross_validate(table, settings, seed)) for settings in grid]
    return sorted(tried, key=lambda row: -row[1].balanced)


def _weighted_words(table: ArticleTable, settings: Settings) -> tuple[NDArray[np.uint32], NDArray[np.float64], Any]:
    """The vocabulary's hashes, their idf, and the TF-IDF of every article."""
    from sklearn.feature_extraction.text import TfidfTransformer

    if settings.min_count is None:
        none = np.zeros(0, np.uint32)
        return none, np.zeros(0), count_matrix(table.words, none)
    hashes = vocabulary_of(table.words, settings.min_count)
    weighting = TfidfTransformer(sublinear_tf=True)
    matrix = weighting.fit_transform(count_matrix(table.words, hashes))
    return hashes, weighting.idf_, matrix
