"""After training: logits become probabilities, and probabilities get thresholds and margins, all on held-out data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slantwise.reading import Decision

__all__ = ["fit_decision", "fit_margin", "fit_sigmoid", "fit_temperature"]

_UNSURE_ACCURACY = 0.6
"""Labels whose neighbours in confidence are right less often than this are shown as unsure."""
_MOST_UNSURE = 0.2
_WEAK = 1e6
"""Inverse regularisation so weak that scikit-learn's logistic regression is plain maximum likelihood."""


def fit_sigmoid(logits: NDArray[np.float32], positive: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and intercept of p = sigmoid(slope * logit + intercept) by maximum likelihood (Platt, 1999).

    With Platt's targets: n examples of a kind count as n + 1 in n + 2. A few that are all right, or all wrong, then
    give a probability that says how few they are, and examples that a threshold separates give a finite slope.

    Raises:
        ValueError: there are no examples.
    """
    from sklearn.linear_model import LogisticRegression

    values = np.asarray(logits, dtype=np.float64)
    centre, spread = float(values.mean()), float(values.std()) or 1.0
    scaled = np.tile(((values - centre) / spread)[:, None], (2, 1))
    right, wrong = int(positive.sum()), int((~positive).sum())
    target = np.where(positive, (right + 1) / (right + 2), 1 / (wrong + 2))
    labels = np.repeat([True, False], len(values))
    model = LogisticRegression(C=_WEAK).fit(scaled, labels, sample_weight=np.concatenate((target, 1 - target)))
    slope = float(model.coef_[0, 0]) / spread
    return slope, float(model.intercept_[0]) - slope * centre


def fit_temperature(logits: NDArray[np.float32], labels: NDArray[np.intp]) -> float:
    """The factor on logits (examples, labels) that makes the true labels likeliest (Guo et al., 2017)."""
    from scipy.optimize import minimize_scalar

    def loss(log_slope: float) -> float:
        scaled = logits * np.exp(log_slope)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        right = scaled[np.arange(len(labels)), labels]
        return float((np.log(np.exp(scaled).sum(axis=1)) - right).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def fit_decision(p: NDArray[np.float64], positive: NDArray[np.bool_], metric: str) -> Decision:
    """The threshold that maximises the expected f1 or macro_f1 of a two-label task, and the margin of the unsure.

    Expected is what calibrated probabilities promise: each example counts as positive by its p (Lipton et al., 2014).
    The counted labels of a few hundred examples are noise besides, which a search over thresholds takes for gain:
    fitted so on 64 to 300 dev sentences, thresholds cost 1 to 2 points of F1 on the others. Thresholds are searched on
    a grid of 0.01; among near-equal ones (0.002) the one closest to one half is taken.

    Args:
        p: calibrated probabilities of the positive label (examples,).
        positive: what the examples are (examples,), for the margin.
        metric: f1 or macro_f1.
    """
    grid = np.arange(5, 96) / 100
    scores = np.array([_expected_f1(p, p >= t, metric) for t in grid])
    good = grid[scores >= scores.max() - 0.002]
    threshold = float(good[np.abs(good - 0.5).argmin()])
    return Decision(threshold, fit_margin(np.abs(p - threshold), (p >= threshold) == positive))


def fit_margin(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The widest margin within which fewer than six in ten labels are right, at most a fifth of all examples."""
    order = np.argsort(confidence)
    limit = int(len(order) * _MOST_UNSURE)
    if limit < 20:
        return 0.0
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    bad = np.flatnonzero(accuracy[19:limit] < _UNSURE_ACCURACY)
    return float(confidence[order[bad[-1] + 19]]) if len(bad) else 0.0


def _expected_f1(p: NDArray[np.float64], found: NDArray[np.bool_], metric: str) -> float:
    def one(p: NDArray[np.float64], found: NDArray[np.bool_]) -> float:
        return 2.0 * float(p[found].sum()) / max(float(found.sum() + p.sum()), 1e-9)

    return one(p, found) if metric == "f1" else (one(p, found) + one(1 - p, ~found)) / 2
