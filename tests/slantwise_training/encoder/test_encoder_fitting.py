"""What is fitted on dev: how far a kind's tags are raised."""

import numpy as np
import pytest

from slantwise.encoder.decode import Layer
from slantwise_training.encoder.fitting import fit_raised

LAYER = Layer.of(("O", "B-loaded", "I-loaded"))


def sentences(rng, shyness, count=200, words=12):
    """Words whose span tag wins by noise about `shyness` below where it should; every sentence has one span."""
    every, gold = [], []
    for _ in range(count):
        at = int(rng.integers(words))
        emissions = np.zeros((words, 3), dtype=np.float32)
        emissions[:, 1] = -4 + rng.normal(0, 0.5, words)
        emissions[:, 2] = -9
        emissions[at, 1] = 1.5 - shyness + rng.normal(0, 0.5)
        every.append(emissions)
        gold.append({("loaded", at, at)})
    return every, gold


def test_rare_spans_are_raised():
    emissions, gold = sentences(np.random.default_rng(7), shyness=3.0)
    raised = fit_raised(LAYER, emissions, gold)
    assert 1.0 <= raised["loaded"] <= 3.5
    runs = LAYER.runs_of([LAYER.raised(each, raised) for each in emissions])
    hits = sum({(r.kind, r.first, r.last) for r in found} == right for found, right in zip(runs, gold, strict=True))
    assert hits > 150 > 20 > sum(map(len, LAYER.runs_of(emissions)))


@pytest.mark.parametrize(("shyness", "count"), [(0.0, 200), (3.0, 10)], ids=["good as it is", "too few to say"])
def test_left_alone(shyness, count):
    emissions, gold = sentences(np.random.default_rng(7), shyness, count)
    assert fit_raised(LAYER, emissions, gold) == {}


def test_nothing_raised_is_the_same():
    emissions = np.zeros((2, 3), dtype=np.float32)
    assert LAYER.raised(emissions, {}) is emissions
    assert LAYER.raised(emissions, {"loaded": 0.5}).tolist() == [[0, 0.5, 0.5]] * 2


def test_no_lower_than_asked():
    emissions, gold = sentences(np.random.default_rng(7), shyness=-4.0)
    for each in emissions:
        each[:, 1] += 3.5
    assert fit_raised(LAYER, emissions, gold)["loaded"] < -0.5
    assert fit_raised(LAYER, emissions, gold, lowest=0.0) == {}
