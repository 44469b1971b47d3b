"""Rows of one recipe with several seeds, and of recipes that go on from another's network."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from benchmark_jobs import a_job, evaluation, outcome
from repository import REPOSITORY
from reproduction import cache, encoders, models, page, seeds
from reproduction.job import Bench, Kind, repeated

from slantwise.model_folder import Model, load_model
from slantwise_training.examples import Library
from slantwise_training.recipe_file import load_recipe
from slantwise_training.train import state_folder

RECIPES = REPOSITORY / "training" / "recipes"
RECIPE = RECIPES / "default.toml"


@pytest.fixture(scope="module")
def model():
    return load_model()


@pytest.fixture
def trainings(monkeypatch):
    """The seeds of recipes that were trained; training writes what marks a model, and loads as its folder."""
    done = []

    def train(recipe, root, folder, progress, *, library, seed):
        progress("the network")
        if not done:
            done.append("killed")
            raise KeyboardInterrupt
        done.append(seed)
        folder.mkdir()
        (folder / "config.json").write_text("{}", encoding="utf-8")

    monkeypatch.setattr(models, "train", train)
    monkeypatch.setattr(models, "load_model", lambda folder: folder)
    return done


def test_a_model_is_trained_once_and_a_killed_training_again(tmp_path, trainings):
    folder = tmp_path / "runs" / "default-14"
    with pytest.raises(KeyboardInterrupt):
        models.trained(RECIPE, folder, Library(tmp_path), 14)
    for _ in range(2):
        assert models.trained(RECIPE, folder, Library(tmp_path), 14) == folder
    models.trained(RECIPE, folder.with_name("own"), Library(tmp_path))
    assert trainings == ["killed", 14, None]


def recipe_with(place, seeds=""):
    """A folder with the default recipe in it, with these seeds to average in place of its own."""
    text = re.sub(r"^seeds = .*\n", "", RECIPE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (place / "recipe.toml").write_text(text.replace("[encoder]\n", f"[encoder]\n{seeds}"), encoding="utf-8")
    return place


def test_every_row_of_the_shipped_model_has_one_of_each_other_seed(model, monkeypatch, tmp_path):
    asked = []

    def trained(recipe, folder, library, seed):
        asked.append((recipe, folder.name.rpartition("-")[2], seed))
        return Model("another", model.name, {})

    def run(bench):
        return evaluation(("hedged", "hedged" if bench.model.backend == "another" else "asserted"))

    monkeypatch.setattr(seeds, "trained", trained)
    job = a_job(name="shipped-toy", kind=Kind.SHIPPED, run=run, settings=f"{model.name.sha256} toy")
    own = load_recipe(RECIPE).seed
    found = list(seeds.seed_jobs([job], model, (own, own + 1, own + 2), recipe_with(tmp_path)))
    assert [(each.name, each.of) for each in found] == [
        (f"seed-{own + n}-toy", "shipped-toy") for n in (1, 2)
    ]
    # a new export of the same recipe leaves the other seeds' numbers as they are
    assert model.name.sha256 not in found[0].settings
    assert found[0].settings != found[1].settings
    ours = found[0].run(Bench(Library(Path()), replace(model, backend="shipped")))
    assert (ours.figures["f1"].value, ours.evaluation) == (1.0, {})
    assert asked == [(tmp_path / "recipe.toml", str(own + 1), own + 1)]


def test_the_average_of_several_seeds_is_none_of_them(model, tmp_path):
    job = a_job(name="shipped-toy", kind=Kind.SHIPPED, system="shipped model, zero-shot", settings="toy")
    own = load_recipe(RECIPE).seed
    folder = recipe_with(tmp_path, f"seeds = [{own}, {own + 1}]\n")
    jobs = list(seeds.seed_jobs([job], model, (own, own + 1), folder))
    assert [each.name for each in jobs] == [f"seed-{own + n}-toy" for n in (0, 1)]
    results = [(job, outcome(f1=0.9)), *zip(jobs, (outcome(f1=0.7), outcome(f1=0.8)), strict=True)]
    (first, alone), (second, mean) = seeds.averaged(results)
    assert (first, alone.figures["f1"].value) == (job, 0.9)
    assert (second.kind, second.system) == (Kind.SEEDS, "2 models of one seed each, zero-shot")
    assert mean.figures["f1"].value == pytest.approx(0.75)
    # a single one has no spread
    assert seeds.averaged(results[:2]) == results[:1]


def test_the_shipped_row_stays_beside_the_mean_of_all_seeds():
    job = a_job(name="shipped-toy", kind=Kind.SHIPPED, system="shipped model, zero-shot")
    others = [repeated(job, f"seed-{n}-toy", Kind.SEEDS, "", lambda _: None) for n in (14, 15)]
    results = [(job, outcome(f1=0.7)), *zip(others, (outcome(f1=0.8), outcome(f1=0.9)), strict=True)]
    (first, alone), (second, mean) = seeds.averaged(results)
    assert (first, alone.figures["f1"].range) == (job, "0.600 to 0.800")
    assert second.kind is Kind.SEEDS
    assert second.system == "3 models, the shipped one among them, zero-shot"
    assert mean.figures["f1"].value == pytest.approx(0.8)
    assert mean.figures["f1"].range == "± 0.100 over 3 seeds"
    # with a seed less the row says so
    assert seeds.averaged(results[:2])[1][1].figures["f1"].range == "± 0.071 over 2 seeds"
    assert seeds.averaged(results[:1]) == results[:1]
    text = page.page(results, {})
    assert "| szeged_wiki, test | shipped model, zero-shot | `f1` | **0.700** |" in text
    assert "| default recipe: 3 models, the shipped one among them, zero-shot | `f1` | **0.800** | ± 0.100" in text


def test_an_own_encoder_of_several_seeds_is_one_row():
    job = a_job(name="encoder-toy", kind=Kind.ENCODER)
    other = replace(job, name="encoder-toy-seed-14", of="encoder-toy")
    ((found, mean),) = seeds.averaged([(job, outcome(f1=0.7)), (other, outcome(f1=0.8))])
    assert (found, mean.figures["f1"].seeds) == (job, 2)
    assert seeds.averaged([(job, outcome(f1=0.7))]) == [(job, outcome(f1=0.7))]


def test_encoder_jobs_are_repeated_with_other_seeds_alone():
    own, more = list(encoders.encoder_jobs()), list(encoders.encoder_jobs((13, 14)))
    assert more[: len(own)] == own
    alone = {(job.name, job.of) for job in more[len(own) :]}
    averages = [job for job in own if ", weights of 3 seeds averaged" in job.system]
    assert {job.corpus for job in averages} == {"dse", "seesaw"}
    # an average is another model than the network of its recipe's own seed
    asked = [*((job.name, 14) for job in own), *((job.name, 13) for job in averages)]
    assert alone == {(f"{name}-seed-{seed}", name) for name, seed in asked}
    assert not any("averaged" in job.system for job in more[len(own) :])
    assert len({cache.key_of(job) for job in more}) == len(more)


# recipes that go on from another's network


def test_the_recipe_that_another_goes_on_from_is_known_by_its_base():
    gold, words = RECIPES / "gold.toml", RECIPES / "benchmarks" / "anno-lexical.toml"
    assert models.recipe_of_base(RECIPES / "default.toml") == gold
    assert models.recipe_of_base(RECIPES / "benchmarks" / "babe-sg2.toml") == words
    assert models.recipe_of_base(gold) is models.recipe_of_base(words) is None


def test_a_recipes_digest_is_of_what_it_goes_on_from_too(monkeypatch, tmp_path):
    monkeypatch.setattr(models, "_RECIPES", tmp_path)
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text("[encoder]\nepochs = 1\n", encoding="utf-8")
    second.write_text('[encoder]\nbase = "runs/first.training/network"\n', encoding="utf-8")
    before = models.digest_of(second)
    first.write_text("# the same\n[encoder]\nepochs = 1\n", encoding="utf-8")
    assert models.digest_of(second) == before
    first.write_text("[encoder]\nepochs = 2\n", encoding="utf-8")
    assert models.digest_of(second) != before


def test_a_benchmarks_first_stage_is_trained_once_on_all_corpora_and_its_network_kept(monkeypatch, tmp_path):
    runs, done = tmp_path / "runs", []

    def train(recipe, root, folder, progress, *, library, seed):
        (state_folder(folder) / "network").mkdir(parents=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text("{}", encoding="utf-8")
        done.append((recipe.name, folder, library, seed))

    monkeypatch.setattr(encoders, "RUNS", runs)
    monkeypatch.setattr(models, "train", train)
    monkeypatch.setattr(models, "load_model", lambda folder: folder)
    library, first = Library(tmp_path), runs / "benchmarks" / "anno-lexical"
    for recipe in ("babe-sg2", "babe-sg2", "szeged"):
        encoders._begin(encoders.RECIPES / f"{recipe}.toml", library)
    assert done == [("anno-lexical.toml", first, library, None)]
    # a model without its network is no beginning
    (state_folder(first) / "network").rmdir()
    encoders._begin(encoders.RECIPES / "babe-sg2.toml", library)
    assert len(done) == 2
    models.trained(RECIPE, runs / "default-14", library, 14)
    assert not (state_folder(runs / "default-14") / "network").exists()
