"""Shares of corpora, passes through them, batches of like length."""

import numpy as np
import pytest

from slantwise_training.encoder.mixing import Mixture, grouped, quotas

SIZES = {"large": 1000, "small": 100, "none": 0}


def test_shares_go_by_capped_sizes():
    assert quotas(SIZES, {}, 1.0, 0) == {"large": 1000, "small": 100}
    assert quotas(SIZES, {"large": 300}, 1.0, 0) == {"large": 300, "small": 100}
    assert quotas(SIZES, {"large": 300, "small": 500}, 1.0, 40) == {"large": 30, "small": 10}


def test_temperature_brings_small_corpora_forward():
    found = quotas(SIZES, {}, 2.0, 1100)
    assert found["large"] / found["small"] == pytest.approx(10**0.5, rel=0.01)
    assert sum(found.values()) == pytest.approx(1100, abs=1)


def test_all_of_a_capped_corpus_has_its_turn_before_any_comes_twice():
    mixture = Mixture({"a": 10, "b": 6}, {"a": 4, "b": 6}, seed=1)
    taken = np.concatenate([mixture.epoch(i) for i in range(5)])
    assert all((taken == i).sum() == 2 for i in range(10))
    assert all((taken == i).sum() == 5 for i in range(10, 16))


def test_a_small_corpus_is_gone_through_more_than_once_an_epoch():
    counts = np.bincount(Mixture({"a": 3}, {"a": 8}, seed=1).epoch(0))
    assert sorted(counts) == [2, 3, 3]


def test_an_epoch_depends_on_seed_and_number_alone():
    one, two = (Mixture({"a": 50}, {"a": 50}, seed).epoch(3) for seed in (1, 2))
    assert list(one) == list(Mixture({"a": 50}, {"a": 50}, 1).epoch(3))
    assert list(one) != list(two)


def test_batches_hold_each_sample_once_and_like_lengths():
    rng = np.random.default_rng(0)
    lengths = rng.integers(5, 60, 403)
    batches = grouped(np.arange(403), list(lengths), 8, rng)
    assert sorted(np.concatenate(batches)) == list(range(403))
    assert sorted(map(len, batches))[:2] == [3, 8]
    padded = sum(lengths[b].max() * len(b) for b in batches)
    assert padded < 1.1 * lengths.sum()
    # long and short batches take turns
    means = [lengths[b].mean() for b in batches]
    assert abs(np.corrcoef(means, np.arange(len(means)))[0, 1]) < 0.5
