"""Training: it learns every head, goes on after a kill to the same weights, keeps the best, and ends in time."""

import json
from dataclasses import replace

import pytest
import torch
from tiny_encoder import tiny_network, toy_library, toy_recipe

from slantwise.errors import AskedWrong
from slantwise.linear.classify import View
from slantwise_training.encoder import fit
from slantwise_training.encoder.dev import DevSet
from slantwise_training.encoder.train import train_encoder
from slantwise_training.recipe import EncoderRecipe

pytestmark = pytest.mark.usefixtures("one_thread")


def train(base, state, recipe=None, watch=lambda _: None, **settings):
    recipe = recipe or toy_recipe(base=base, **{"evaluations": 1, "patience": 100, **settings})
    return train_encoder(recipe, state, state, watch=watch, library=toy_library())


def weights(trained):
    return trained.network.state_dict()


def same(one, two):
    return all(torch.equal(one[name], two[name]) for name in one)


def lines(state):
    return [json.loads(line) for line in (state / "log.jsonl").read_text().splitlines()]


def test_every_head_learns_a_toy_set(base, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        # the last weights are to be looked at, so each look is the best
        means = iter(range(100))
        patch.setattr(DevSet, "score", lambda *_: {"stance": next(means)})
        rates = {"encoder_rate": 3e-3, "head_rate": 1e-2, "dropout": 0.0, "case_dropout": 0.0}
        trained = train(base, tmp_path / "state", epochs=48, **rates)
    own = {name: _training_samples(trained, name) for name in toy_recipe().parts()}
    scores = DevSet.of(toy_recipe(), own, trained.shape, trained.tokenizer, 0).score(trained.network, autocast=False)
    assert set(scores) == {"tasks.hedging", "tasks.leaning", "layers.hedge", "layers.loaded", "stance"}
    assert min(scores.values()) > 0.95, scores


def _training_samples(trained, part):
    return [s for each in trained.material.train.values() for s in each if _has(s, part)]


def _has(sample, part):
    kind, _, name = part.partition(".")
    if kind == "stance":
        return bool(sample.targets)
    return name in sample.tags if kind == "layers" else name in map(str, sample.tasks)


class Killed(Exception):
    pass


@pytest.mark.parametrize("killed_at", [1, 7, 8, 13], ids=lambda n: f"step{n}")
def test_a_killed_run_goes_on_to_the_same_weights(base, tmp_path, monkeypatch, killed_at):
    settings = {"epochs": 3, "checkpoint_every": 4}
    whole = train(base, tmp_path / "whole", **settings)

    def die(self, network, optimiser, rows, step, steps, _step=fit.Fit._step):
        if step == killed_at:
            raise Killed
        return _step(self, network, optimiser, rows, step, steps)

    with monkeypatch.context() as patch:
        patch.setattr(fit.Fit, "_step", die)
        with pytest.raises(Killed):
            train(base, tmp_path / "killed", **settings)
    torch.rand(7)
    resumed = train(base, tmp_path / "killed", **settings)
    assert same(weights(whole), weights(resumed))
    assert whole.report.scores == resumed.report.scores
    dev = [[(x["step"], x["dev"]) for x in lines(tmp_path / name) if "dev" in x] for name in ("whole", "killed")]
    assert dev[0] == dev[1]


def test_a_finished_run_is_not_trained_again(base, tmp_path):
    one = train(base, tmp_path / "state", epochs=1)
    seen = []
    two = train(base, tmp_path / "state", epochs=1, watch=seen.append)
    assert seen == []
    assert same(weights(one), weights(two))


def test_another_recipe_s_checkpoint_is_refused(base, tmp_path):
    train(base, tmp_path / "state", epochs=1)
    with pytest.raises(AskedWrong, match="a checkpoint of this run"):
        train(base, tmp_path / "state", epochs=2)


def test_seeds_decide(base, tmp_path):
    recipe = toy_recipe(base=base, epochs=1)
    runs = [train(base, tmp_path / f"{i}", replace(recipe, seed=seed)) for i, seed in enumerate((1, 1, 2))]
    assert same(weights(runs[0]), weights(runs[1]))
    assert not same(weights(runs[0]), weights(runs[2]))


def test_the_best_weights_are_kept_and_training_ends_when_nothing_gets_better(base, tmp_path, monkeypatch):
    means = iter([0.3, 0.8, 0.5, 0.7, 0.9])
    at_best = {}

    def score(self, network, autocast):
        mean = next(means)
        if mean == 0.8:
            at_best.update({name: tensor.clone() for name, tensor in network.state_dict().items()})
        return {"stance": mean}

    monkeypatch.setattr(DevSet, "score", score)
    moments = []
    trained = train(base, tmp_path / "state", epochs=5, patience=2, watch=moments.append)
    assert [m.scores for m in moments if m.scores] == [{"stance": mean} for mean in (0.3, 0.8, 0.5, 0.7)]
    assert trained.report.scores == {"stance": 0.8}
    assert same(weights(trained), at_best)


def test_dev_is_looked_at_evenly_and_at_the_end_of_each_epoch(base, tmp_path):
    moments = []
    train(base, tmp_path / "state", epochs=2, evaluations=2, batch=4, watch=moments.append)
    looks = [m.step for m in moments if m.scores]
    steps = moments[-1].steps
    assert looks == [steps // 4, steps // 2, 3 * steps // 4, steps]


@pytest.mark.parametrize(
    ("precision", "hardware", "used"),
    [("auto", True, True), ("auto", False, False), ("bf16", False, True), ("fp32", True, False)],
)
def test_bf16_where_the_hardware_has_it(monkeypatch, precision, hardware, used):
    monkeypatch.setattr(fit, "has_bf16", lambda: hardware)
    assert fit.uses_bf16(EncoderRecipe(precision=precision)) is used


def test_it_trains_in_bf16(base, tmp_path):
    trained = train(base, tmp_path / "state", epochs=1, precision="bf16")
    assert all(torch.isfinite(tensor).all() and tensor.dtype == torch.float32 for tensor in weights(trained).values())


def test_rates_by_depth():
    groups = fit.parameter_groups(tiny_network(), EncoderRecipe(encoder_rate=1e-4, head_rate=1e-2, layer_decay=0.5))
    rates = sorted({group["lr"] for group in groups})
    assert rates == pytest.approx([2.5e-5, 5e-5, 1e-4, 1e-2])
    assert {g["weight_decay"] for g in groups if all(p.ndim == 1 for p in g["params"])} == {0.0}
    assert sum(len(group["params"]) for group in groups) == len(list(tiny_network().parameters()))


def test_the_rate_rises_and_falls():
    shares = [fit._schedule(step, 100, 0.1) for step in range(100)]
    assert shares[0] == pytest.approx(0.1)
    assert max(shares) == shares[9] == shares[10] == 1.0
    assert shares[10:] == sorted(shares[10:], reverse=True)
    assert shares[99] == pytest.approx(1 / 90)


def test_a_trained_network_can_be_the_base_of_the_next(base, tmp_path):
    from slantwise_training.encoder.network import save_network

    first = train(base, tmp_path / "one", epochs=2)
    save_network(tmp_path / "net", first.network, first.shape, first.tokenizer)
    rates = {"encoder_rate": 1e-12, "head_rate": 1e-12}
    second = train(str(tmp_path / "net"), tmp_path / "two", epochs=1, **rates)
    for name, tensor in weights(first).items():
        torch.testing.assert_close(weights(second)[name], tensor, rtol=0, atol=1e-6)


def test_a_base_from_before_views_gives_each_view_its_stance_columns(base, tmp_path):
    from slantwise_training.encoder.network import SlantwiseNetwork, save_network

    first = train(base, tmp_path / "one", epochs=1)
    shape = replace(first.shape, views=(View.MENTION,))
    older = SlantwiseNetwork(first.network.encoder, shape)
    save_network(tmp_path / "net", older, shape, first.tokenizer)
    second = train(str(tmp_path / "net"), tmp_path / "two", epochs=1, encoder_rate=1e-12, head_rate=1e-12)
    torch.testing.assert_close(second.network.stance.weight, older.stance.weight.repeat(3, 1), rtol=0, atol=1e-6)
