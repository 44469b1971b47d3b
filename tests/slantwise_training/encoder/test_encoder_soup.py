"""Networks of several seeds: each is trained, and their weights are averaged unless dev is against it."""

import json

import pytest
import torch
from tiny_encoder import toy_library, toy_recipe

from slantwise.errors import SlantwiseError
from slantwise_training.encoder.dev import DevSet
from slantwise_training.encoder.soup import soup_of, state_of_seed, train_encoders
from slantwise_training.encoder.train import train_encoder

pytestmark = pytest.mark.usefixtures("one_thread")


def recipe_of(base, *seeds):
    return toy_recipe(base=base, epochs=1, evaluations=1, seeds=seeds)


def weights(trained):
    return trained.network.state_dict()


def apart(base, tmp_path, *seeds):
    """The networks of these seeds, each trained by itself."""
    recipe = recipe_of(base)
    folders = {seed: tmp_path / f"apart-{seed}" for seed in seeds}
    return [train_encoder(recipe.of_seed(s), tmp_path, at, library=toy_library()) for s, at in folders.items()]


def test_the_average_is_of_all_weights_where_dev_does_not_fall(base, tmp_path, monkeypatch):
    monkeypatch.setattr(DevSet, "score", lambda *_: {"stance": 0.5})
    one, two, three = map(weights, apart(base, tmp_path, 1, 2, 3))
    state = tmp_path / "state"
    trained = train_encoders(recipe_of(base, 1, 2, 3), tmp_path, state, library=toy_library())
    assert trained.report.notes[0] == "weights: the mean of 3 networks', of seeds 1, 2, 3"
    for name, found in weights(trained).items():
        torch.testing.assert_close(found, (one[name] + two[name] + three[name]) / 3)
    assert any(not torch.equal(one[name], two[name]) for name in one)
    tried = [json.loads(line)["averaged"] for line in (state / "log.jsonl").read_text().splitlines()]
    assert tried == [[1, 2, 3]]


def test_the_best_alone_stays_as_it_is(base, tmp_path, monkeypatch):
    members = apart(base, tmp_path, 1, 2, 3)
    for member, score in zip(members, (0.4, 0.6, 0.5), strict=True):
        member.report.scores.update(dict.fromkeys(member.report.scores, score))
    alone = {name: t.clone() for name, t in weights(members[1]).items()}
    monkeypatch.setattr(DevSet, "score", lambda *_: {"stance": 0.49})
    trained = soup_of(members, (1, 2, 3), autocast=False)
    assert set(trained.report.scores.values()) == {0.6}
    told = "weights: those of seed 2: dev likes the mean of all less than single ones"
    assert trained.report.notes[0] == told
    assert all(torch.equal(found, alone[name]) for name, found in weights(trained).items())


def test_an_average_need_not_reach_the_luckiest(base, tmp_path, monkeypatch):
    members = apart(base, tmp_path, 1, 2)
    for member, score in zip(members, (0.4, 0.6), strict=True):
        member.report.scores.update(dict.fromkeys(member.report.scores, score))
    monkeypatch.setattr(DevSet, "score", lambda *_: {"stance": 0.51})
    trained = soup_of(members, (1, 2), autocast=False)
    assert trained.report.scores == {"stance": 0.51}
    assert trained.report.notes[0] == "weights: the mean of 2 networks', of seeds 1, 2"


def test_a_run_killed_in_its_second_seed_goes_on_there(base, tmp_path):
    recipe, state = recipe_of(base, 1, 2), tmp_path / "state"
    whole = train_encoders(recipe, tmp_path, tmp_path / "whole", library=toy_library())

    def told(what):
        if what == "with seed 2, 2 of 2":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_encoders(recipe, tmp_path, state, told, library=toy_library())
    assert [seed for seed in (1, 2) if state_of_seed(state, seed).is_dir()] == [1]
    steps = []
    trained = train_encoders(recipe, tmp_path, state, watch=steps.append, library=toy_library())
    # one look at dev: seed 1 is trained already
    assert len([moment for moment in steps if moment.scores]) == 1
    assert all(torch.equal(found, weights(whole)[name]) for name, found in weights(trained).items())


def test_without_seeds_there_is_one_network(base, tmp_path):
    trained = train_encoders(recipe_of(base), tmp_path, tmp_path / "state", library=toy_library())
    assert trained.report.weights == ""
    assert not list((tmp_path / "state").glob("seed-*"))


def test_networks_that_answer_different_questions_are_not_averaged(base, tmp_path):
    one, two = apart(base, tmp_path, 1, 2)
    object.__setattr__(two, "shape", None)
    with pytest.raises(SlantwiseError, match="networks that answer the same"):
        soup_of([one, two], (1, 2), autocast=False)
