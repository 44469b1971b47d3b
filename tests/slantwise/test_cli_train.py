"""`slantwise train` and `slantwise evaluate`: what they refuse, and one round from corpus to scores."""

import json
import sys
from types import ModuleType

import pytest
from tiny_model import LOADED, tiny_sentences

from slantwise.labelled import read_labelled, write_labelled
from slantwise.labels import Lens, Task
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.manifest import Corpus, Weights

RECIPE = """
name = "toy"
[tasks.wording]
train = ["toy:train"]
min_count = 1
[layers.loaded]
labels = ["loaded"]
train = ["toy:train"]
epochs = 2
"""


@pytest.fixture
def toy(monkeypatch, tmp_path):
    """A manifest of one toy corpus, on disk in the folder that is returned."""
    records = [
        LabelledSentence(
            id=f"t{i}",
            doc=Document(f"d{i}"),
            index=0,
            text=each.text,
            lenses=(Lens.WORDING,),
            labels={Task.WORDING: "loaded" if any(word in each.text.lower() for word in LOADED) else "plain"},
            spans=each.spans,
            exhaustive=each.exhaustive,
            corpus="toy",
            split="test" if i % 5 == 0 else "train",
        )
        for i, each in enumerate(tiny_sentences())
    ]
    (tmp_path / "corpora").mkdir()
    write_labelled(tmp_path / "corpora" / "toy.jsonl", records)
    corpus = Corpus(
        name="toy",
        title="Toy",
        reader="toy",
        folder=".",
        repository="owner/repo",
        commit="0123",
        licence="CC0-1.0",
        weights=Weights.YES,
        lenses=("wording",),
        splits={"train": 136, "test": 35},
    )
    for module in ("slantwise_training.corpora.manifest", "slantwise_training.corpora"):
        monkeypatch.setattr(f"{module}.load_manifest", lambda: {"toy": corpus})
    reader = ModuleType("toy")
    reader.read = lambda folder, _: read_labelled(folder / "toy.jsonl")
    monkeypatch.setitem(sys.modules, "slantwise_training.corpora.toy", reader)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "corpora"


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "toy.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (("min_count", "min_cuont"), ("a known key in", "[tasks.wording]", "'min_cuont'", "did you mean min_count?")),
        (("wording", "wordiness"), ("a known key in", "[tasks]", "'wordiness'", "did you mean wording?")),
        (("toy:train", "toyz:train"), ("a corpus of the manifest (toy)", "'toyz'", "slantwise data list")),
        (("toy:train", "toy:dev"), ("toy:train, toy:test", "'toy:dev'")),
        (("epochs = 2", 'epochs = "2"'), ("epochs as int", "'2'")),
        (("[tasks.wording]", "[tasks.wording"), ("TOML in",)),
    ],
    ids=["key", "task", "corpus", "split", "value", "toml"],
)
def test_slip_in_a_recipe(slantwise, toy, recipe, tmp_path, change, parts):
    recipe.write_text(RECIPE.replace(*change), encoding="utf-8")
    slantwise("train", recipe, "--from", toy).refused(2, *parts)
    # it is told before the corpora are looked for
    slantwise("train", recipe, "--from", tmp_path / "missing").refused(2, *parts)
    assert names(tmp_path) == ["corpora", "toy.toml"]


def test_missing_recipe(slantwise, toy, tmp_path):
    slantwise("train", tmp_path / "missing.toml", "--from", toy).refused(2, "a recipe file at", "check the path")


def test_missing_corpora(slantwise, toy, recipe, tmp_path):
    slantwise("train", recipe).refused(2, "a folder of corpora at", "--from")
    slantwise("train", recipe, "--from", tmp_path / "missing").refused(2, str(tmp_path / "missing"), "--from")
    assert names(tmp_path) == ["corpora", "toy.toml"]


def test_folder_that_is_no_model_is_left_alone(slantwise, toy, recipe, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine", encoding="utf-8")
    ran = slantwise("train", recipe, "--from", toy, "--output", tmp_path / "thesis")
    ran.refused(2, f"a model folder or nothing at {tmp_path / 'thesis'}", "other files")
    assert names(tmp_path / "thesis") == ["chapter.txt"]


def test_place_that_cannot_be(slantwise, toy, recipe, tmp_path):
    ran = slantwise("train", recipe, "--from", toy, "--output", recipe / "model")
    ran.refused(1, f"to write {recipe / 'model'}", "name another place")


def test_failed_training_leaves_nothing(slantwise, toy, recipe, tmp_path):
    recipe.write_text(RECIPE.replace('["loaded"]', '["event"]'), encoding="utf-8")
    ran = slantwise("train", recipe, "--from", toy, "--output", tmp_path / "models" / "toy")
    assert (ran.code, ran.out) == (1, "")
    assert "spans to train layer loaded on" in ran.lines[-1]
    assert names(tmp_path) == ["corpora", "toy.toml"]


def test_corpus_to_model_to_scores(slantwise, toy, recipe, tmp_path):
    trained = slantwise("train", recipe, "--from", toy)
    assert (trained.code, trained.out) == (0, "runs/toy\n")
    assert "toy:train" in trained.err
    assert names(tmp_path / "runs") == ["toy"]

    evaluated = slantwise("evaluate", "runs/toy", "--on", "toy", "--from", toy, "--json", "--output", "toy.json")
    assert evaluated.code == 0
    found = json.loads(evaluated.out)
    assert found == json.loads((tmp_path / "toy.json").read_text("utf-8"))
    shown = slantwise("evaluate", "runs/toy", "--on", "toy", "--from", toy)
    assert (shown.code, "wording" in shown.out) == (0, True)

    score = slantwise("read", "-", "--json", "--model", "runs/toy", stdin=b"The shameful vote passed. Rain fell.")
    labels = [sentence["wording"]["label"] for sentence in json.loads(score.out)["sentences"]]
    assert labels[0] == "loaded"


@pytest.mark.parametrize(
    ("on", "parts"),
    [
        ((), ("--on CORPUS", "found neither", "slantwise data list")),
        (("--on", "toyz"), ("a corpus of the manifest (toy)", "'toyz'")),
        (("--on", "toy:dev"), ("a split of toy (train, test)", "'dev'")),
        (("--on", "missing.jsonl"), ("a file of labelled sentences missing.jsonl", "no such file", "check the path")),
    ],
)
def test_evaluation_asked_wrong(slantwise, toy, tiny_model, tmp_path, on, parts):
    ran = slantwise("evaluate", tiny_model, *on, "--from", toy, "--output", tmp_path / "out.json")
    ran.refused(2, *parts)
    assert names(tmp_path) == ["corpora"]


def test_evaluation_that_could_not_be_written_is_not_begun(slantwise, toy, tiny_model, tmp_path):
    ran = slantwise("evaluate", tiny_model, "--on", "toy", "--from", toy, "--output", tmp_path / "missing" / "out.json")
    ran.refused(2, "no such folder", "create the folder first")


def test_evaluation_on_a_bad_row(slantwise, toy, tiny_model, tmp_path):
    (tmp_path / "gold.jsonl").write_text('{"schema": "slantwise/1"}\n', encoding="utf-8")
    slantwise("evaluate", tiny_model, "--on", tmp_path / "gold.jsonl").refused(1, "gold.jsonl:1, field id")
