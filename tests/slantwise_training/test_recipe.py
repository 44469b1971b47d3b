"""Recipes: what a file says, and one line that names the table for everything it may say wrong."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from repository import REPOSITORY

from slantwise.errors import AskedWrong
from slantwise.labels import SpanLabel, Task
from slantwise_training.recipe import LayerRecipe, Recipe, Selection, TaskRecipe
from slantwise_training.recipe_file import load_recipe

ENCODER = "family = 'encoder'\n"
LAYER = '[layers.hedge]\nlabels = ["hedge"]\ntrain = ["szeged_wiki:train"]\n'
WORDING = '[tasks.wording]\ntrain = ["babe_v2:train"]\n'


@pytest.fixture
def load(tmp_path):
    def read(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8") if isinstance(text, str) else path.write_bytes(text)
        return load_recipe(path)

    return read


def test_everything_a_recipe_may_say(load, tmp_path):
    own = tmp_path / "own.jsonl"
    own.touch()
    recipe = load(f"""
        name = "ours"
        family = "linear"
        seed = 7
        ngrams = 3
        held_out = ["conll2010_wiki:test"]
        [tasks.hedging]
        layer = "hedge"
        metric = "f1"
        [tasks.wording]
        train = ["babe_v2:train", "anno_lexical:train"]
        held_out = ["babe_v2:test"]
        calibrate_on = ["babe_v2"]
        c = 2
        min_count = 3
        [stance]
        train = ["newsmtsc:train"]
        dev = ["newsmtsc:dev_rw"]
        [layers.hedge]
        labels = ["hedge", "loaded"]
        lexicon = ["hedge"]
        values = ["vague"]
        kinds = true
        epochs = 2
        train = ["szeged_wiki:train", "{own}"]
        """)
    held = Selection("conll2010_wiki", "test")
    babe, lexical = Selection("babe_v2", "train"), Selection("anno_lexical", "train")
    assert recipe == Recipe(
        name="ours",
        seed=7,
        ngrams=3,
        tasks={
            Task.HEDGING: TaskRecipe(layer="hedge", metric="f1"),
            Task.WORDING: TaskRecipe(
                train=(babe, lexical),
                held_out=(Selection("babe_v2", "test"), held),
                calibrate_on=("babe_v2",),
                c=2,
                min_count=3,
            ),
        },
        stance=TaskRecipe(
            train=(Selection("newsmtsc", "train"),), dev=(Selection("newsmtsc", "dev_rw"),), held_out=(held,)
        ),
        layers={
            "hedge": LayerRecipe(
                labels=(SpanLabel.HEDGE, SpanLabel.LOADED),
                lexicon=(SpanLabel.HEDGE,),
                values=("vague",),
                kinds=True,
                epochs=2,
                train=(Selection("szeged_wiki", "train"), Selection(str(own), "all")),
                held_out=(held,),
            )
        },
    )
    assert [str(s) for s in recipe.layers["hedge"].train] == ["szeged_wiki:train", str(own)]


def test_a_recipe_is_called_by_its_file_unless_it_says_otherwise(load):
    assert load(WORDING).name == "mine"
    assert load('name = "other"\n' + WORDING).name == "other"


def test_the_page_on_recipes_names_every_key_and_its_example_loads(load, tmp_path, monkeypatch):
    page = (REPOSITORY / "docs" / "recipes.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    for name in ("labels.jsonl", "labels-test.jsonl"):
        (tmp_path / name).touch()
    assert list(load(example).parts()) == ["tasks.wording", "layers.loaded"]
    keys = {field.name for kind in (TaskRecipe, LayerRecipe) for field in fields(kind)}
    for key in (*keys, "name", "family", "seed", "dev_seed", "ngrams", "[tasks.NAME]", "[layers.NAME]", "[stance]"):
        assert f"`{key}`" in page, key
    for kind in (TaskRecipe, LayerRecipe):
        for field in fields(kind):
            if isinstance(field.default, int | float) and not isinstance(field.default, bool):
                assert f"| `{field.name}` | {field.default} |" in page, field.name


def test_parts_that_train_on_records_of_their_own(load):
    recipe = load(LAYER + WORDING + '[tasks.hedging]\nlayer = "hedge"\n[stance]\ntrain = ["newsmtsc:train"]\n')
    assert list(recipe.parts()) == ["tasks.wording", "layers.hedge", "stance"]


@pytest.mark.parametrize("path", sorted((REPOSITORY / "training" / "recipes").glob("*.toml")), ids=lambda p: p.stem)
def test_shipped_recipes_are_sound_and_hold_test_splits_out(path):
    recipe = load_recipe(path)
    assert recipe.name == path.stem
    for name, part in recipe.parts().items():
        own = {selection.corpus for selection in part.train}
        trained = {str(selection) for selection in (*part.train, *part.dev)}
        assert not any(":test" in selection for selection in trained), name
        held = {selection.corpus for selection in part.held_out}
        tested = {
            "babe_v2",
            "conll2010_wiki",
            "szeged_wiki",
            "newsmtsc",
            "dse",
            "gwsd",
            "polnear",
            "ptc",
            "hyperpartisan",
        }
        assert own & tested <= held, name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["at least one of [tasks.*], [layers.*], [stance]"]),
        ("x = [", ["TOML in", "mine.toml", "correct the file"]),
        (b"name = '\xff'", ["TOML in", "0xff"]),
        ("naem = 'x'\n" + WORDING, ["a known key in", "'naem'", "did you mean name?"]),
        ("[task.wording]\n", ["'task'", "did you mean tasks?"]),
        ("[layer.hedge]\n", ["'layer'", "did you mean layers?"]),
        ("qqq = 1\n" + WORDING, ["'qqq'", "known keys: name, family, seed, dev_seed, ngrams"]),
        ("[tasks.hedgin]\n", ["[tasks]", "'hedgin'", "did you mean hedging?"]),
        (WORDING + "min_cuont = 3\n", ["[tasks.wording]", "'min_cuont'", "did you mean min_count?"]),
        (LAYER + "epoch = 3\n", ["[layers.hedge]", "'epoch'", "did you mean epochs?"]),
        (WORDING + "zzz = 3\n", ["[tasks.wording]", "'zzz'", "known keys: train, held_out"]),
        ("[stance]\ntrian = []\n", ["[stance]", "'trian'", "did you mean train?"]),
        ("tasks = 3\n", ["a table at", "[tasks]", "found 3"]),
        ("[tasks]\nwording = 3\n", ["a table at", "[tasks.wording]", "found 3"]),
        ("layers = []\n", ["a table at", "[layers]"]),
        ("stance = 'x'\n", ["a table at", "[stance]"]),
        ("name = 3\n" + WORDING, ["name as str", "mine.toml", "found 3"]),
        ("seed = '3'\n" + WORDING, ["seed as int", "'3'"]),
        ("seed = true\n" + WORDING, ["seed as int", "True"]),
        ("seed = -1\n" + WORDING, ["a seed from 0", "mine.toml", "-1"]),
        ("seed = 4294967296\n" + WORDING, ["a seed from 0 to 4294967295"]),
        ("dev_seed = 13\n" + WORDING, ["dev_seed in a recipe of family encoder", "mine.toml", "family linear"]),
        ("family = 'encoder'\ndev_seed = -1\n" + WORDING, ["a seed from 0", "mine.toml", "-1"]),
        ("family = 'encoder'\ndev_seed = 'x'\n" + WORDING, ["dev_seed as int", "'x'"]),
        ("ngrams = 0\n" + WORDING, ["ngrams from 1 to 5", "found 0"]),
        ("ngrams = 6\n" + WORDING, ["ngrams from 1 to 5", "found 6"]),
        ("ngrams = 2.0\n" + WORDING, ["ngrams as int", "2.0"]),
        (WORDING + "c = '4'\n", ["c as float", "[tasks.wording]", "'4'"]),
        (WORDING + "c = 0\n", ["c above 0", "[tasks.wording]"]),
        (WORDING + "c = nan\n", ["c above 0", "nan"]),
        (WORDING + "c = inf\n", ["c above 0", "inf"]),
        (WORDING + "min_count = 0\n", ["min_count of 1 or more", "[tasks.wording]"]),
        (WORDING + "metric = 'auc'\n", ["metric f1 or macro_f1", "[tasks.wording]", "'auc'"]),
        (WORDING + "layer = 'hedge'\n" + LAYER, ["either train or layer", "[tasks.wording]"]),
        ("[tasks.wording]\n" + LAYER, ["either train or layer", "[tasks.wording]"]),
        ("[tasks.hedging]\nlayer = 'hedges'\n" + LAYER, ["a layer of this recipe for task hedging", "'hedges'"]),
        ("[tasks.leaning]\nlayer = 'hedge'\n" + LAYER, ["train for task leaning", "three labels"]),
        (
            "[tasks.hedging]\nlayer = 'hedge'\ndev = ['szeged_wiki:test']\n" + LAYER,
            ["metric alone beside layer", "[tasks.hedging]"],
        ),
        (
            "[tasks.hedging]\nlayer = 'hedge'\nheld_out = ['szeged_wiki:test']\n" + LAYER,
            ["metric alone beside layer", "[tasks.hedging]"],
        ),
        ("[stance]\nlayer = 'hedge'\n" + LAYER, ["a stance with train", "layer"]),
        ("[tasks.wording]\ntrain = 'babe_v2:train'\n", ["a list of corpus:split as train", "write it in brackets"]),
        ("[tasks.wording]\ntrain = [3]\n", ["a list of corpus:split as train", "[3]"]),
        (
            "[tasks.wording]\ntrain = ['babe_v3:train']\n",
            ["a corpus of the manifest", "'babe_v3'", "[tasks.wording] train"],
        ),
        (
            "[tasks.wording]\ntrain = ['babe_v2:dev']\n",
            ["one of babe_v2:train, babe_v2:test", "'babe_v2:dev'", "[tasks.wording]"],
        ),
        ("[tasks.wording]\ntrain = ['babe_v2']\n", ["one of babe_v2:train, babe_v2:test", "'babe_v2'"]),
        (
            "[tasks.wording]\ntrain = ['none.jsonl']\n",
            ["labelled sentences in none.jsonl", "no such file", "[tasks.wording]"],
        ),
        (
            "[tasks.wording]\ntrain = ['babe_v2:train', 'babe_v2:train']\n",
            ["splits in train that differ", "babe_v2:train twice"],
        ),
        (WORDING + "dev = ['babe_v2:train']\n", ["either train or dev", "babe_v2:train in both", "[tasks.wording]"]),
        (WORDING + "held_out = ['babe_v2:train']\n", ["either train or held_out", "babe_v2:train in both"]),
        ("held_out = ['babe_v2:train']\n" + WORDING, ["either train or held_out", "babe_v2:train in both"]),
        (WORDING + "calibrate_on = ['anno_lexical']\n", ["calibrate_on among the corpora of train", "'anno_lexical'"]),
        ("[layers.hedge]\nlabels = ['hedge']\n", ["key train in", "[layers.hedge]", "add it"]),
        ("[layers.hedge]\nlabels = ['hedge']\ntrain = []\n", ["train in layer hedge", "no split"]),
        ("[layers.hedge]\ntrain = ['szeged_wiki:train']\n", ["key labels in", "[layers.hedge]"]),
        ("[layers.hedge]\nlabels = []\ntrain = ['szeged_wiki:train']\n", ["labels of a layer", "source, cue, content"]),
        ("[layers.hedge]\nlabels = ['hedges']\ntrain = []\n", ["a list of span labels as labels", "'hedges'"]),
        (LAYER + "lexicon = ['loaded']\n", ["lexicon among the labels", "'loaded'", "[layers.hedge]"]),
        (LAYER + "values = ['shy']\n", ["values among conditional, doxastic", "'shy'"]),
        (LAYER + "kinds = 1\n", ["kinds as bool", "found 1"]),
        (LAYER + "epochs = 0\n", ["epochs of 1 or more", "[layers.hedge]"]),
        (LAYER + "min_count = -1\n", ["min_count of 1 or more", "-1"]),
        (LAYER + "dev = ['szeged_wiki:train']\n", ["either train or dev"]),
        (LAYER.replace("hedge]", "wording]", 1), ["a name for a layer", "'wording'", "no task's name"]),
        (LAYER.replace("layers.hedge", "layers.'a/b'"), ["a name for a layer", "'a/b'"]),
        (ENCODER + "[encoder.weights]\n'layers.hedge' = 2.0\n" + WORDING, ["a known key in [encoder.weights]"]),
        (ENCODER + "[encoder.weights]\n'tasks.wording' = 0\n" + WORDING, ["weights above 0", "0 for tasks.wording"]),
        (ENCODER + "[encoder.weights]\n'tasks.wording' = 'much'\n" + WORDING, ["tasks.wording as float", "'much'"]),
        (ENCODER + "[encoder.lowest]\n'tasks.wording' = 0\n" + WORDING, ["a known key in [encoder.lowest]"]),
        (ENCODER + "[encoder.calibrate_on]\n'layers.hedge' = 'babe_v2'\n" + WORDING, ["a list of corpus names"]),
        (ENCODER + "[encoder]\nattention_dropout = 1.0\n" + WORDING, ["attention_dropout from 0 to below 1"]),
        ("family = 'forest'\n" + WORDING, ["family linear or encoder", "'forest'"]),
    ],
)
def test_slips(load, text, parts):
    with pytest.raises(AskedWrong) as caught:
        load(text)
    assert caught.value.exit_code == 2
    for part in parts:
        assert part in str(caught.value)


def test_no_file(tmp_path):
    with pytest.raises(AskedWrong, match=r"a recipe file at .*none\.toml.*No such file"):
        load_recipe(tmp_path / "none.toml")
    with pytest.raises(AskedWrong, match="a recipe file at"):
        load_recipe(Path(tmp_path))


def test_a_recipe_of_files_alone_reads_no_corpora(load, tmp_path):
    labels = tmp_path / "labels.jsonl"
    labels.write_text("", encoding="utf-8")
    assert not load(f"[tasks.wording]\ntrain = ['{labels}']\n").reads_corpora
    assert load(f"[tasks.wording]\ntrain = ['{labels}']\nheld_out = ['babe_v2:test']\n").reads_corpora
