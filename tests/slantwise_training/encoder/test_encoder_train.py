"""From a recipe of the encoder family to a model folder that scores."""

import json
import os
import sys
from dataclasses import replace

import pytest
import torch
from command_line import CommandLine
from repository import REPOSITORY
from tiny_encoder import tiny_base, toy_records, toy_texts

from slantwise.errors import AskedWrong
from slantwise.files import alone_at
from slantwise.labelled import read_labelled, write_labelled
from slantwise.labels import Lens, SpanLabel, Task
from slantwise.model_folder import load_model
from slantwise.reading import TargetMention
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora import find_corpus
from slantwise_training.encoder.dev import DevSet
from slantwise_training.examples import Library
from slantwise_training.recipe import Selection
from slantwise_training.recipe_file import load_recipe
from slantwise_training.train import state_folder, train

RECIPE = """
name = "toy"
family = "encoder"
[encoder]
base = "{base}"
epochs = 30
batch = 8
max_tokens = 32
encoder_rate = 3e-3
head_rate = 1e-2
dropout = 0.0
precision = "fp32"
evaluations = 1
patience = 100
[tasks.hedging]
layer = "hedge"
metric = "f1"
[tasks.leaning]
train = ["{data}"]
dev = ["{dev}"]
[stance]
train = ["{data}"]
dev = ["{dev}"]
[layers.hedge]
labels = ["hedge"]
train = ["{data}"]
dev = ["{dev}"]
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A model folder, and its recipe."""
    place = tmp_path_factory.mktemp("encoder")
    base = tiny_base(place / "bert")
    write_labelled(place / "train.jsonl", toy_records())
    # dev is of the same kind, but no copy: copies would be held out of training
    dev = [replace(r, text=r.text + " The port.") for r in toy_records(split="dev")]
    write_labelled(place / "dev.jsonl", dev)
    recipe = place / "toy.toml"
    values = {"base": base, "data": place / "train.jsonl", "dev": place / "dev.jsonl"}
    recipe.write_text(RECIPE.format(**values), encoding="utf-8")
    said = []
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    training = train(recipe, place, place / "model", said.append)
    torch.set_num_threads(threads)
    return training, recipe, said


def test_the_folder_holds_what_scoring_needs_and_the_state_the_network(trained):
    training, _, said = trained
    assert sorted(p.name for p in training.folder.iterdir()) == [
        "README.md", "calibration.json", "config.json", "model.onnx", "recipe.toml", "tokenizer.json",
    ]
    config = json.loads((training.folder / "config.json").read_text())
    assert (config["family"], config["base"]) == ("encoder", "bert")
    best, cut = training.report.notes
    assert best.startswith("best on dev: tasks.leaning ")
    assert cut.endswith(": 0 samples, with 0 labelled words and 0 targets")
    assert {row["split"]: row["records"] for row in config["trained_on"]} == {"train.jsonl": 24}
    card = (training.folder / "README.md").read_text()
    assert "encoder family" in card
    assert f"| stance | {training.report.scores['stance']:.3f} |" in card
    state = state_folder(training.folder)
    assert sorted(p.name for p in state.iterdir()) == [".lock", "log.jsonl", "network"]
    assert said[:3] == ["reading of corpora", "tokenisation", "the network"]


def test_it_reads_what_it_was_taught(trained):
    backend = load_model(trained[0].folder).backend
    texts = [text for text, *_ in toy_texts()]
    readings = backend.read(texts)
    found = [any(s.label is SpanLabel.HEDGE for s in r.spans) for r in readings]
    assert sum(f == (" may " in t) for f, t in zip(found, texts, strict=True)) >= 22
    asserted = [r.tasks[Task.HEDGING][1] < backend.decisions[Task.HEDGING].threshold for r in readings]
    assert sum(a != (" may " in t) for a, t in zip(asserted, texts, strict=True)) >= 22
    mentions = [TargetMention(r, r.text.index("plan"), r.text.index("plan") + 4, "plan") for r in readings]
    best = backend.stance(mentions).argmax(axis=1)
    gold = [("disgraceful", "new", "heroic").index(adjective) for _, _, adjective, _ in toy_texts()]
    assert sum(int(b) == g for b, g in zip(best, gold, strict=True)) >= 18


@pytest.mark.skipif(sys.platform == "win32", reason="no such lock")
def test_two_trainings_of_one_model_do_not_mix(trained, tmp_path):
    state = state_folder(tmp_path / "model")
    state.mkdir()
    refused = r"to be alone at .*model\.training; found another process at the same work; wait for it, or stop it first"
    with alone_at(state), pytest.raises(AskedWrong, match=refused):
        train(trained[1], tmp_path, tmp_path / "model")
    assert os.listdir(state) == [".lock"]


def test_a_training_that_is_refused_leaves_nothing(trained, tmp_path):
    recipe = tmp_path / "toy.toml"
    recipe.write_text(trained[1].read_text("utf-8").replace("train.jsonl", "nowhere.jsonl"), encoding="utf-8")
    with pytest.raises(AskedWrong, match=r"nowhere\.jsonl"):
        train(recipe, tmp_path, tmp_path / "model")
    assert os.listdir(tmp_path) == ["toy.toml"]


def test_calibration_is_fitted_on_dev(trained):
    calibration = json.loads((trained[0].folder / "calibration.json").read_text())
    assert calibration["tasks"]["hedging"]["layer"] == "hedge"
    assert set(calibration["stance"]) == {"mention", "topic"}
    assert calibration["stance"]["mention"] != 1.0
    assert calibration["tasks"]["leaning"]["slope"] != 1.0


def test_the_command_tells_dev_scores_and_what_was_cut(monkeypatch, capsysbinary, tmp_path, trained):
    recipe = tmp_path / "short.toml"
    recipe.write_text(trained[1].read_text().replace("epochs = 30", "epochs = 1"), encoding="utf-8")
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")
    line = CommandLine(monkeypatch, capsysbinary, tmp_path / "home")
    ran = line("train", recipe, "-o", tmp_path / "out", "--from", tmp_path, "--base", trained[1].parent / "bert")
    assert (ran.code, ran.out) == (0, f"{tmp_path / 'out'}\n")
    assert sum(each.startswith("step 6 of 6: leaning ") for each in ran.lines) == 1
    assert "train.jsonl" in ran.err
    assert "their ends cut: 0 samples" in ran.err
    assert "training calibration ..." in ran.lines


def test_silver_stances_are_learned_besides_and_drawn_once(tmp_path, trained):
    model, recipe, _ = trained
    texts = Selection("article_bias", "train")
    article = " ".join([text for text, *_ in toy_texts()] * 2)
    library = Library(tmp_path)
    library._read[texts] = [
        LabelledSentence(f"a{i}", Document(f"a{i}"), 0, article, (Lens.STANCE,), corpus="article_bias")
        for i in range(6)
    ]
    silver = f'[silver]\ntexts = ["{texts}"]\nteachers = ["{model.folder}"]\nsize = 9\nsure = 0.34\n'
    short = tmp_path / "short.toml"
    short.write_text(recipe.read_text().replace("epochs = 30", "epochs = 1") + silver, encoding="utf-8")
    # dev holds sentences like these; what it holds is not learned
    done = train(short, tmp_path, tmp_path / "out", library=library)
    kept = list(read_labelled(state_folder(tmp_path / "out") / "silver.jsonl"))
    assert 0 < len(kept) <= 9
    assert done.report.used[str(texts)] == len(kept) == done.report.quotas[str(texts)]
    assert f"| {texts} | {len(kept)} |" in (done.folder / "README.md").read_text()
    # with what was drawn there the texts are not looked at again
    library._read[texts] = []
    assert train(short, tmp_path, tmp_path / "out", library=library).report.used[str(texts)] == len(kept)


@pytest.mark.parametrize(
    ("silver", "said"),
    [
        ('texts = ["article_bias:train"]', "key teachers"),
        ('texts = ["newsmtsc:train"]\nteachers = ["a"]', "newsmtsc:train in a part"),
        ('texts = ["DATA"]\nteachers = ["a"]', "a split of a corpus"),
        ('texts = ["article_bias:train"]\nteachers = "a"', "a list of model folders"),
    ],
)
def test_slips_in_the_silver_table(tmp_path, silver, said):
    path = recipe_of(tmp_path, "")
    silver = silver.replace("DATA", str(tmp_path / "train.jsonl"))
    stance = '[stance]\ntrain = ["newsmtsc:train"]\n'
    path.write_text(f"{path.read_text()}{stance}[silver]\n{silver}\n", encoding="utf-8")
    with pytest.raises(AskedWrong, match=said):
        load_recipe(path)


def test_silver_stances_are_for_encoders_that_learn_stance(tmp_path):
    path = recipe_of(tmp_path, "")
    path.write_text(f'{path.read_text()}[silver]\ntexts = ["article_bias:train"]\nteachers = ["a"]\n', "utf-8")
    with pytest.raises(AskedWrong, match=r"\[silver\] beside \[encoder\] and \[stance\]"):
        load_recipe(path)


def test_another_seed_is_the_folders_own(tmp_path, trained):
    recipe = tmp_path / "short.toml"
    text = trained[1].read_text(encoding="utf-8").replace("epochs = 30", "epochs = 1\nauthor_share = 0.25")
    recipe.write_text(text, encoding="utf-8")
    done = train(recipe, tmp_path, tmp_path / "out", seed=5)
    written = load_recipe(done.folder / "recipe.toml")
    # what the recipe keeps for dev stays so: the network that it goes on from may have seen the rest
    assert (written.seed, written.dev_seed) == (5, load_recipe(recipe).seed)
    assert load_model(done.folder).backend.calibration.author_share == 0.25
    again = train(done.folder / "recipe.toml", tmp_path, tmp_path / "again", seed=6)
    written = load_recipe(again.folder / "recipe.toml")
    assert (written.seed, written.dev_seed) == (6, load_recipe(recipe).seed)


def test_a_recipe_of_several_seeds_keeps_a_log_of_each_and_its_card_names_them(monkeypatch, tmp_path, trained):
    monkeypatch.setattr(DevSet, "score", lambda *_: {"stance": 0.5})
    recipe = tmp_path / "seeds.toml"
    text = trained[1].read_text(encoding="utf-8").replace("epochs = 30", "epochs = 1\nseeds = [3,\n  4]  # two")
    recipe.write_text(text, encoding="utf-8")
    assert load_recipe(recipe).encoder.seeds == (3, 4)
    done = train(recipe, tmp_path, tmp_path / "out")
    card = (done.folder / "README.md").read_text(encoding="utf-8")
    assert "Its weights are the mean of 2 networks', of seeds 3, 4." in card
    state = state_folder(done.folder)
    assert sorted(p.name for p in state.iterdir()) == [".lock", "log.jsonl", "network", "seed-3", "seed-4"]
    assert [p.name for p in state.glob("seed-*/*")] == ["log.jsonl", "log.jsonl"]
    alone = train(recipe, tmp_path, tmp_path / "alone", seed=4)
    written = load_recipe(alone.folder / "recipe.toml")
    assert (written.seed, written.dev_seed, written.encoder.seeds) == (4, load_recipe(recipe).seed, ())
    assert not list(state_folder(alone.folder).glob("seed-*"))


def test_a_base_is_for_encoders(tmp_path):
    recipe = tmp_path / "linear.toml"
    write_labelled(tmp_path / "train.jsonl", toy_records())
    recipe.write_text(f'[tasks.hedging]\ntrain = ["{tmp_path}/train.jsonl"]\n', encoding="utf-8")
    with pytest.raises(AskedWrong, match="a recipe of family encoder"):
        train(recipe, tmp_path, tmp_path / "model", base="bert")


def recipe_of(tmp_path, settings, top=""):
    write_labelled(tmp_path / "train.jsonl", toy_records())
    path = tmp_path / "r.toml"
    data = tmp_path / "train.jsonl"
    text = f'family = "encoder"\n{top}\n[encoder]\n{settings}\n[tasks.hedging]\ntrain = ["{data}"]\n'
    path.write_text(text, encoding="utf-8")
    return path


def test_caps_name_selections(tmp_path):
    path = recipe_of(tmp_path, f'epochs = 2\ncaps = {{ "{tmp_path / "train.jsonl"}" = 7 }}')
    settings = load_recipe(path).encoder
    assert (settings.epochs, settings.caps) == (2, {str(tmp_path / "train.jsonl"): 7})


def test_what_is_held_out_at_the_top_is_held_out_of_every_part(tmp_path):
    write_labelled(tmp_path / "test.jsonl", toy_records())
    found = load_recipe(recipe_of(tmp_path, "", f'held_out = ["{tmp_path / "test.jsonl"}"]'))
    assert [str(s) for s in found.tasks[Task.HEDGING].held_out] == [str(tmp_path / "test.jsonl")]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("epochs = 0", "epochs of 1 or more"),
        ("encoder_rate = 0", "encoder_rate above 0"),
        ("author_share = -1", "author_share from 0 to 1"),
        ("stance_balance = 1.5", "stance_balance from 0 to 1"),
        ("warmup = 1.5", "warmup from 0 to below 1"),
        ("max_tokens = 4", "max_tokens from 16"),
        ('precision = "fp8"', "precision auto, bf16 or fp32"),
        ("bach = 3", "did you mean batch"),
        ('caps = { "nothing:train" = 3 }', "a corpus of the manifest"),
        ("caps = 3", "a table at"),
        ("seeds = 3", "a list of seeds"),
        ('seeds = ["a"]', "a seed as int"),
        ("seeds = [1, 2, 1]", "seeds that differ in .*; found 1 twice"),
        ("seeds = [-1]", "a seed from 0 to 4294967295"),
    ],
)
def test_slips_in_the_encoder_table(tmp_path, settings, said):
    with pytest.raises(AskedWrong, match=said):
        load_recipe(recipe_of(tmp_path, settings))


@pytest.mark.parametrize(("name", "allowed"), [("default", {"yes", "open"}), ("permissive", {"yes"})])
def test_recipes_train_on_what_they_may(name, allowed):
    recipe = load_recipe(REPOSITORY / "training" / "recipes" / f"{name}.toml")
    trained_on = {s.corpus for part in recipe.parts().values() for s in part.train}
    read = trained_on | {s.corpus for s in (recipe.silver.texts if recipe.silver else ())}
    assert {str(find_corpus(corpus).weights) for corpus in read} <= allowed
    # a split of theirs that is called a test is seen by no part
    held = {s for part in recipe.parts().values() for s in part.held_out}
    tests = {f"{c}:{split}" for c in trained_on for split in find_corpus(c).splits if split.startswith("test")}
    assert tests <= set(map(str, held))
    assert set(recipe.encoder.caps) <= {str(s) for part in recipe.parts().values() for s in part.train}
