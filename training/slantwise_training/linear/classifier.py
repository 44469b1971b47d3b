"""Fitting label classifiers with scikit-learn: TF-IDF, logistic regression, out-of-fold logits for calibration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import SlantwiseError
from slantwise.linear.classify import Classifier
from slantwise.linear.table import WeightTable

__all__ = ["count_matrix", "fit_classifier", "out_of_fold_logits", "vocabulary_of"]

Texts = Sequence[NDArray[np.uint32]]
_FOLDS = 5


def fit_classifier(texts: Texts, labels: NDArray[np.intp], c: float, min_count: int) -> Classifier:
    """Fit on hashed features; the classes are weighted by their rarity ("balanced").

    Args:
        texts: the hashed features of each text.
        labels: the index of each text's label; every label must occur.
        c: inverse strength of regularisation.
        min_count: features in fewer texts are left out.

    Raises:
        SlantwiseError: no feature is in that many texts.
    """
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression

    hashes = vocabulary_of(texts, min_count)
    if not len(hashes):
        raise SlantwiseError(f"words that are in {min_count} texts of {len(texts)}", "none", "lower min_count")
    weighting = TfidfTransformer(sublinear_tf=True)
    matrix = weighting.fit_transform(count_matrix(texts, hashes))
    # liblinear is the faster one for two classes, and deterministic
    binary = len(np.unique(labels)) == 2
    model = LogisticRegression(C=c, class_weight="balanced", max_iter=1000, solver="liblinear" if binary else "lbfgs")
    model.fit(matrix, labels)
    columns = model.coef_.shape[0]
    weights = np.vstack((np.hstack((model.coef_.T, weighting.idf_[:, None])), np.zeros((1, columns + 1))))
    # rounding to the precision on disk here keeps what is calibrated and what is saved the same
    table = WeightTable(hashes, weights.astype(np.float16).astype(np.float32))
    ones = np.ones(columns, dtype=np.float32)
    return Classifier(table, model.intercept_.astype(np.float32), ones, np.zeros(columns, dtype=np.float32))


def out_of_fold_logits(
    texts: Texts, labels: NDArray[np.intp], groups: Sequence[str], c: float, min_count: int, seed: int
) -> NDArray[np.float32]:
    """Logits of each text from a model that saw no text of its group, by five stratified group folds.

    Raises:
        SlantwiseError: a label is in too few groups to be in the training part of every fold.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    logits: NDArray[np.float32] | None = None
    found = np.unique(labels)
    fewest = min(len({groups[i] for i in np.flatnonzero(labels == label).tolist()}) for label in found)
    if fewest < _FOLDS:
        raise _too_few(fewest)
    folds = StratifiedGroupKFold(n_splits=_FOLDS, shuffle=True, random_state=seed)
    for train, test in folds.split(np.zeros(len(labels)), labels, groups):
        if len(np.unique(labels[train])) < len(found):
            raise _too_few(fewest)
        model = fit_classifier([texts[i] for i in train], labels[train], c, min_count)
        fold = model.logits([texts[i] for i in test])
        if logits is None:
            logits = np.zeros((len(labels), fold.shape[1]), dtype=np.float32)
        logits[test] = fold
    assert logits is not None
    return logits


def vocabulary_of(texts: Texts, min_count: int) -> NDArray[np.uint32]:
    """The sorted hashes that are in so many texts or more."""
    hashes, counts = np.unique(np.concatenate([np.unique(t) for t in texts]), return_counts=True)
    return np.asarray(hashes[counts >= min_count])


def count_matrix(texts: Texts, hashes: NDArray[np.uint32]) -> Any:  # noqa: ANN401  a scipy matrix, and scipy is untyped here
    """How often each text has each of some sorted hashes, a sparse matrix of shape (texts, hashes)."""
    from scipy.sparse import csr_matrix

    table = WeightTable(hashes, np.zeros((len(hashes) + 1, 1), np.float32))
    rows = [table.rows(t) for t in texts]
    indices = np.concatenate(rows)
    indptr = np.concatenate(([0], np.cumsum([len(r) for r in rows])))
    # the last column gathers unknown features and is cut off
    matrix = csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(texts), len(hashes) + 1))
    matrix.sum_duplicates()
    return matrix[:, :-1]


def _too_few(groups: int) -> SlantwiseError:
    expected = f"{_FOLDS} or more documents of every label to calibrate on, and more that have others"
    return SlantwiseError(expected, f"{groups} of one", "add documents, or name a dev split")
