"""Training from a recipe to a model folder, on toy corpora in the files of real ones."""

import json
from dataclasses import replace

import pytest
from repository import REPOSITORY
from toy_corpora import write_toy_corpora

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.labels import HedgeKind, SpanLabel, Task
from slantwise.linear.classify import View
from slantwise.model_folder import load_model
from slantwise.reading import TargetMention
from slantwise_training.linear import train_linear
from slantwise_training.recipe_file import load_recipe
from slantwise_training.train import train

RECIPE = """
# every part once
name = "toy"
ngrams = 2

[tasks.hedging]
layer = "hedge"
metric = "f1"

[tasks.wording]
train = ["babe_v2:train"]
held_out = ["babe_v2:test"]
min_count = 1

[stance]
train = ["newsmtsc:train", "gwsd:train"]
dev = ["newsmtsc:dev_rw"]
min_count = 1

[layers.hedge]
labels = ["hedge"]
kinds = true
lexicon = ["hedge"]
train = ["szeged_wiki:train"]
held_out = ["szeged_wiki:test"]
min_count = 1

[layers.loaded]
labels = ["loaded"]
train = ["babe_v2:train"]
min_count = 1
"""
PARTS = ["wording", "stance", "hedge", "loaded"]


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    return write_toy_corpora(tmp_path_factory.mktemp("corpora"))


@pytest.fixture(scope="module")
def trained(corpora, tmp_path_factory):
    """The model trained, its folder, and the parts that training told of."""
    folder, told = tmp_path_factory.mktemp("models"), []
    (folder / "toy.toml").write_text(RECIPE, encoding="utf-8")
    finished = train(folder / "toy.toml", corpora, folder / "toy", told.append)
    return load_model(folder / "toy"), finished, told


@pytest.fixture
def recipe(tmp_path):
    def load(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return load_recipe(path)

    return load


def test_the_folder_is_a_model_with_its_recipe(trained):
    model, finished, told = trained
    assert model.name == finished.model
    assert model.name.name == "toy"
    assert (finished.folder / "recipe.toml").read_text() == RECIPE
    assert told == list(finished.report.seconds) == PARTS
    assert model.config["family"] == "linear"
    assert set(model.config["with"]) == {"numpy", "scikit-learn"}


def test_it_learned_every_part(trained):
    backend = trained[0].backend
    hedged, asserted, loaded = backend.read(
        [
            "Upton may close the bridge.",
            "The mayor of Upton visited the bridge.",
            "A shameful council in Upton wrecked a school.",
        ]
    )
    (cue,) = hedged.spans_of(SpanLabel.HEDGE)
    assert (hedged.text[cue.start : cue.end], cue.value) == ("may", HedgeKind.EPISTEMIC)
    assert cue.p > 0.7
    assert asserted.spans == ()
    assert [loaded.text[s.start : s.end] for s in loaded.spans_of(SpanLabel.LOADED)] == ["shameful", "wrecked"]
    for task, positive, negative in ((Task.HEDGING, hedged, asserted), (Task.WORDING, loaded, asserted)):
        decision = backend.decisions[task]
        labels = [decision.label(task, r.tasks[task]) for r in (positive, negative)]
        assert labels == [*{Task.HEDGING: ("hedged", "asserted"), Task.WORDING: ("loaded", "plain")}[task]]


def test_it_learned_stances_towards_mentions_and_topics(trained):
    backend = trained[0].backend
    assert set(backend.stances) == {View.MENTION, View.TOPIC}
    readings = backend.read(
        ["Zoe Abt is a disgrace to Upton.", "Zoe Abt is the pride of Upton.", "In Upton the heat is a danger."]
    )
    mentions = [TargetMention(reading, 0, 7, "Zoe Abt") for reading in readings[:2]]
    topic = TargetMention(readings[2], 0, 0, "global warming is a serious concern")
    assert backend.stance([*mentions, topic]).argmax(axis=1).tolist() == [0, 2, 2]


def test_records_are_counted_with_those_that_gave_test_text_away(trained):
    report = trained[1].report
    assert report.used == {
        "babe_v2:train": 40,
        "newsmtsc:train": 150,
        "gwsd:train": 30,
        # one sentence differs from a test sentence in its last character
        "szeged_wiki:train": 240,
    }
    assert report.dropped == {"babe_v2:train": 0, "newsmtsc:train": 0, "gwsd:train": 0, "szeged_wiki:train": 1}


def test_the_card_and_the_configuration_name_corpora_counts_and_licences(trained):
    model, finished, _ = trained
    card = (finished.folder / "README.md").read_text()
    assert card.startswith("# toy\n")
    assert "Parts: hedging, wording, hedge, loaded, stance." in card
    rows = [line.split(" | ") for line in card.splitlines() if ":train |" in line]
    assert [[row[0].strip("| "), *row[1:3]] for row in rows] == [
        ["babe_v2:train", "40", "0"],
        ["newsmtsc:train", "150", "0"],
        ["gwsd:train", "30", "0"],
        ["szeged_wiki:train", "240", "1"],
    ]
    terms = {row[0].strip("| "): row[3:] for row in rows}
    assert terms["szeged_wiki:train"] == ["CC BY-SA", "the licence allows training |"]
    assert terms["gwsd:train"] == ["none stated", "no licence stated; posted publicly for research |"]
    assert {row["split"]: (row["records"], row["licence"], row["weights"]) for row in model.config["trained_on"]} == {
        "babe_v2:train": (40, "MIT", "yes"),
        "newsmtsc:train": (150, "MIT, for the repository's own files; text: the publishers'", "yes"),
        "gwsd:train": (30, "none stated", "open"),
        "szeged_wiki:train": (240, "CC BY-SA", "yes"),
    }


def test_training_again_gives_the_same_model_to_the_bit(trained, corpora, tmp_path):
    (tmp_path / "toy.toml").write_text(RECIPE, encoding="utf-8")
    again = train(tmp_path / "toy.toml", corpora, tmp_path / "toy")
    for name in ("weights.npz", "calibration.json"):
        assert (again.folder / name).read_bytes() == (trained[1].folder / name).read_bytes()


def test_nothing_is_trained_for_a_place_where_no_model_can_be(corpora, tmp_path):
    (tmp_path / "toy.toml").write_text(RECIPE, encoding="utf-8")
    for folder in (tmp_path, tmp_path / "toy.toml", tmp_path / "no" / "model"):
        with pytest.raises(AskedWrong):
            train(tmp_path / "toy.toml", corpora, folder, lambda part: pytest.fail(f"trained {part}"))


def test_nothing_is_written_when_a_part_cannot_be_trained(corpora, tmp_path):
    (tmp_path / "toy.toml").write_text(RECIPE.replace('"loaded"]', '"target"]'), encoding="utf-8")
    with pytest.raises(SlantwiseError, match="spans to train layer loaded on; found none"):
        train(tmp_path / "toy.toml", corpora, tmp_path / "toy")
    assert [p.name for p in tmp_path.iterdir()] == ["toy.toml"]


WORDING = '[tasks.wording]\ntrain = ["babe_v2:train"]\nmin_count = 1\n'
LAYER = '[layers.hedge]\nlabels = ["hedge"]\ntrain = ["szeged_wiki:train"]\nmin_count = 1\n'


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (WORDING.replace("babe_v2", "gwsd"), "examples of every wording label to train on; found no plain, loaded"),
        (WORDING + 'dev = ["gwsd:test"]\n', "examples of every wording label to calibrate on; found no plain, loaded"),
        (WORDING.replace("min_count = 1", "min_count = 999"), "words that are in 999 texts of 40"),
        ('[stance]\ntrain = ["babe_v2:train"]\n', "every stance label to train on; found no against, neutral, favor"),
        (LAYER.replace("szeged_wiki", "gwsd"), "spans to train layer hedge on; found none"),
        (LAYER + 'values = ["vague"]\n', "spans to train layer hedge on; found none"),
        ("[tasks.wording]\nlayer = 'hedge'\n" + LAYER, "every wording label to calibrate on; found no plain, loaded"),
        (WORDING.replace("babe_v2", "anno_lexical"), "slantwise data fetch anno_lexical"),
    ],
)
def test_what_cannot_be_trained(recipe, corpora, text, match):
    with pytest.raises(SlantwiseError, match=match):
        train_linear(recipe(text), corpora)


def test_a_dev_split_calibrates_in_place_of_folds(recipe, corpora):
    folded, _ = train_linear(recipe(WORDING), corpora)
    on_dev, _ = train_linear(recipe(WORDING + 'dev = ["babe_v2:test"]\n'), corpora)
    ours, theirs = folded.classifiers[Task.WORDING], on_dev.classifiers[Task.WORDING]
    assert ours.table.weights.tobytes() == theirs.table.weights.tobytes()
    assert ours.slopes != theirs.slopes


def test_a_stance_without_dev_is_calibrated_by_folds_of_the_corpora_it_names(recipe, corpora):
    text = '[stance]\ntrain = ["newsmtsc:train", "gwsd:train"]\nmin_count = 1\n'
    backend, _ = train_linear(recipe(text), corpora)
    named, _ = train_linear(recipe(text + 'calibrate_on = ["newsmtsc"]\n'), corpora)
    assert set(backend.stances) == set(named.stances) == {View.MENTION, View.TOPIC}
    assert backend.stances[View.MENTION].slopes.tolist() == named.stances[View.MENTION].slopes.tolist()
    assert all(model.slopes[0] > 0 for model in backend.stances.values())


def test_a_layer_keeps_whole_documents_for_calibration(recipe, corpora, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "slantwise_training.linear.train.fit_tagger", lambda sentences, *_: seen.append(sentences) or 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        train_linear(recipe(LAYER), corpora)
    (sentences,) = seen
    # of ten documents of 24 sentences, one with another town's sentence besides, one is kept
    assert len(sentences) in (216, 217)
    assert len({s.words[0].text for s in sentences} - {"Hope"}) == 9


def test_own_labels_in_a_file(recipe, corpora, tmp_path, monkeypatch):
    rows = []
    for i in range(20):
        text = f"Team {i} {'totally crushed' if i % 2 else 'met'} its rival."
        rows.append(
            {
                "schema": "slantwise/1",
                "id": f"own-{i}#0",
                "doc": {"id": f"own-{i}"},
                "index": 0,
                "text": text,
                "lenses": ["wording"],
                "labels": {"wording": "loaded" if i % 2 else "plain"},
                "spans": [],
                "links": [],
                "stances": [],
                "annotator": "me",
                "split": "train",
                "corpus": "ours",
                "licence": "mine",
            }
        )
    (tmp_path / "own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    loaded = recipe('[tasks.wording]\ntrain = ["own.jsonl"]\ncalibrate_on = ["ours"]\n')
    backend, report = train_linear(loaded, corpora)
    assert report.used == {"own.jsonl": 20}
    crushed, met = backend.read(["Team 99 totally crushed it.", "Team 99 met it."])
    assert crushed.tasks[Task.WORDING][1] > 0.5 > met.tasks[Task.WORDING][1]


@pytest.mark.corpus
def test_a_reduced_shipped_layer_reaches_its_floor(corpora_root):
    """The hedge layer on half of its sentences in half of its epochs finds cues of the test split."""
    from slantwise_training.examples import Library
    from slantwise_training.linear.perceptron import fit_tagger, spans_of_tags, tagged_sentence
    from slantwise_training.linear.train import _runs
    from slantwise_training.recipe import Selection

    library = Library(corpora_root)
    shipped = load_recipe(REPOSITORY / "training" / "recipes" / "linear.toml").layers["hedge"]
    layer = replace(shipped, epochs=3)
    train_records = library.training(layer.train, layer.held_out)[::2]
    tagger = fit_tagger([tagged_sentence(r, layer) for r in train_records], layer, seed=13)
    test = [tagged_sentence(r, layer) for r in library.records([Selection("szeged_wiki", "test")])]
    gold = {(i, *span) for i, s in enumerate(test) for span in spans_of_tags(s.tags)}
    runs = _runs(tagger, [s.words for s in test])
    found = {(i, run.kind, run.first, run.last) for i, row in enumerate(runs) for run in row}
    right = len(gold & found)
    # .776 measured; the whole recipe reaches more
    assert 2 * right / (len(gold) + len(found)) > 0.76
