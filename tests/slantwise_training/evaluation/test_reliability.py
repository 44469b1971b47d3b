"""The calibration error that chance alone makes."""

from math import comb

import numpy as np
import pytest

from slantwise_training.evaluation.counts import CalibrationCounts
from slantwise_training.evaluation.reliability import ece_by_chance


@pytest.mark.parametrize(("n", "p"), [(1, 0.5), (1, 0.03), (7, 0.2), (30, 0.91), (5, 0.0), (5, 1.0)])
def test_chance_is_the_mean_deviation_of_a_binomial(n, p):
    exact = sum(comb(n, k) * p**k * (1 - p) ** (n - k) * abs(k - n * p) for k in range(n + 1)) / n
    assert ece_by_chance([{"n": n, "mean_p": p}]) == pytest.approx(exact, abs=1e-12)


def test_probabilities_that_mean_what_they_say_have_it_on_average():
    rng, errors = np.random.default_rng(0), []
    p = rng.random(200)
    for _ in range(300):
        hits = rng.random(200) < p
        counts = CalibrationCounts.from_pairs((int(hit), (1 - q, q)) for hit, q in zip(hits, p, strict=True))
        errors.append(counts.ece)
    bins = [{"n": n, "mean_p": total / n} for n, total, _ in counts.bins.tolist() if n]
    assert ece_by_chance(bins) == pytest.approx(np.mean(errors), abs=0.002)


def test_no_answers_have_no_error():
    assert ece_by_chance([]) == 0.0
