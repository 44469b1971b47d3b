"""Calibration on data whose right answer is known."""

import numpy as np
import pytest

from slantwise.labels import Task
from slantwise_training.calibrate import fit_decision, fit_margin, fit_sigmoid, fit_temperature


def drawn(p, seed=3):
    """True as often as these probabilities say."""
    return np.random.default_rng(seed).random(len(p)) < p


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.01, -1.0), (2.5, 1.5), (-0.5, 0.2)])
@pytest.mark.parametrize("centre", [0, 300])
def test_a_sigmoid_is_found_again(slope, intercept, centre):
    logits = (np.linspace(-4, 4, 4000) / slope + centre).astype(np.float32)
    p = 1 / (1 + np.exp(-(slope * (logits - centre) + intercept)))
    found_slope, found_intercept = fit_sigmoid(logits, drawn(p))
    assert found_slope == pytest.approx(slope, rel=0.1)
    found = 1 / (1 + np.exp(-(found_slope * logits.astype(float) + found_intercept)))
    assert np.abs(found - p).max() < 0.03


def chance(fitted, logit):
    slope, intercept = fitted
    return 1 / (1 + np.exp(-(slope * logit + intercept)))


@pytest.mark.parametrize(("right", "p"), [(True, 5 / 6), (False, 1 / 6)])
def test_a_few_examples_that_are_all_alike_say_how_few_they_are(right, p):
    fitted = fit_sigmoid(np.array([100, 150, 180, 300], dtype=np.float32), np.full(4, right))
    for margin in (100, 200, 300):
        assert chance(fitted, margin) == pytest.approx(p, abs=1e-3)


def test_one_example():
    assert chance(fit_sigmoid(np.array([50], dtype=np.float32), np.array([True])), 50) == pytest.approx(2 / 3, abs=1e-3)


def test_examples_that_a_threshold_separates_give_a_finite_slope():
    logits = np.concatenate((np.linspace(-300, -100, 30), np.linspace(100, 300, 30))).astype(np.float32)
    fitted = fit_sigmoid(logits, logits > 0)
    assert 0 < fitted[0] < 1
    assert chance(fitted, -200) < 0.05 < 0.95 < chance(fitted, 200)


@pytest.mark.parametrize("factor", [0.3, 1.0, 4.0])
def test_a_temperature_is_found_again(factor):
    rng = np.random.default_rng(5)
    true = rng.normal(0, 2, (6000, 3))
    p = np.exp(true) / np.exp(true).sum(axis=1, keepdims=True)
    labels = (rng.random(6000)[:, None] > p.cumsum(axis=1)).sum(axis=1)
    assert fit_temperature((true / factor).astype(np.float32), labels) == pytest.approx(factor, rel=0.1)


def test_a_threshold_maximises_what_it_is_asked_to():
    # a group in the middle, a third of it positive: taking it in helps the positives and costs the others more
    p = np.repeat([0.02, 0.34, 0.9], [100, 200, 30])
    positive = np.concatenate((np.arange(100) < 2, np.arange(200) % 3 == 0, np.arange(30) < 27))
    assert fit_decision(p, positive, "f1").threshold == 0.34
    assert fit_decision(p, positive, "macro_f1").threshold == 0.5


def test_the_best_threshold_for_f1_is_half_of_the_f1_that_it_gives():
    p = np.linspace(0.0, 0.6, 5000)
    threshold = fit_decision(p, p > 0.3, "f1").threshold
    best = 2 * p[p >= threshold].sum() / ((p >= threshold).sum() + p.sum())
    assert threshold == pytest.approx(best / 2, abs=0.03)


def test_a_threshold_does_not_follow_the_noise_of_few_labels():
    rng = np.random.default_rng(3)
    p = rng.beta(0.5, 0.8, 60)
    found = {fit_decision(p, rng.random(60) < p, "macro_f1").threshold for _ in range(20)}
    assert len(found) == 1


def test_of_equal_thresholds_the_one_nearest_to_a_half_is_taken():
    p = np.repeat([0.1, 0.9], 50)
    assert fit_decision(p, p > 0.5, "f1").threshold == 0.5
    assert fit_decision(np.repeat([0.1, 0.3], 50), p > 0.5, "f1").threshold == 0.3
    assert fit_decision(np.repeat([0.7, 0.97], 50), p > 0.5, "macro_f1").threshold == 0.71


def test_a_decision_is_the_label_it_was_fitted_to_be():
    p = np.linspace(0, 1, 500)
    decision = fit_decision(p, p > 0.5, "macro_f1")
    right = [
        decision.label(Task.HEDGING, np.array([1 - x, x], np.float32)) == ("hedged" if x > 0.5 else "asserted")
        for x in p
    ]
    assert np.mean(right) > 0.97
    assert decision.margin == 0


def test_a_margin_holds_the_stretch_where_labels_are_mostly_wrong():
    confidence = np.arange(1000) / 1000
    right = np.ones(1000, bool)
    right[:100:2] = False
    # 100 with half right; six in ten are right once 25 more are added
    assert fit_margin(confidence, right) == pytest.approx(0.124, abs=0.002)
    order = np.random.default_rng(0).permutation(1000)
    assert fit_margin(confidence[order], right[order]) == pytest.approx(0.124, abs=0.002)


def test_a_margin_leaves_at_most_a_fifth_unsure():
    confidence = np.arange(1000) / 1000
    margin = fit_margin(confidence, np.zeros(1000, bool))
    assert 0.19 < margin < 0.2
    assert (confidence < margin).mean() <= 0.2


def test_no_margin_where_labels_are_right_or_too_few_to_tell():
    assert fit_margin(np.arange(1000) / 1000, np.ones(1000, bool)) == 0
    assert fit_margin(np.arange(99) / 99, np.zeros(99, bool)) == 0
    assert fit_margin(np.zeros(0), np.zeros(0, bool)) == 0
