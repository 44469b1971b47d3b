"""`slantwise export`: the network that training kept, in another precision and calibrated anew; and what it refuses."""

import json

import pytest
from command_line import CommandLine
from tiny_export import LAYERS, sentences, tiny_network
from tiny_model import save_tiny_model

from slantwise.cli.export import _Precision
from slantwise.encoder import EncoderBackend
from slantwise.labelled import write_labelled
from slantwise.labels import HedgeKind, Lens, SpanLabel, Task
from slantwise.model_folder import load_model, save_model
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.encoder.network import save_network
from slantwise_training.export import Precision, export, settings_of
from slantwise_training.train import state_folder

RECIPE = """
name = "tiny"
family = "encoder"
[encoder]
base = "tiny"
max_tokens = 32
[tasks.vagueness]
train = ["{file}"]
[tasks.wording]
train = ["{file}"]
[tasks.leaning]
train = ["{file}"]
[layers.hedge]
labels = ["hedge"]
kinds = true
train = ["{file}"]
[layers.attribution]
labels = ["content", "cue", "source"]
train = ["{file}"]
"""


@pytest.fixture
def slantwise(monkeypatch, capsysbinary, tmp_path):
    return CommandLine(monkeypatch, capsysbinary, tmp_path / "home")


@pytest.fixture
def trained(tmp_path):
    """A model folder as training leaves it, with its network beside it, and the labels it names."""
    labels = tmp_path / "labels.jsonl"
    write_labelled(labels, records())
    network, shape, tokenizer = tiny_network()
    assert shape.layers == LAYERS
    folder, place = tmp_path / "models" / "tiny", tmp_path / "place"
    folder.parent.mkdir()
    place.mkdir()
    export(network, shape, tokenizer, sentences(16), place, Precision.INT8)
    backend = EncoderBackend.load(place, settings_of(shape))
    recipe = RECIPE.format(file=labels)
    save_model(folder, backend, "tiny", recipe, "# card\n", {"trained_on": ["labels"], "slantwise": "0"})
    save_network(state_folder(folder) / "network", network, shape, tokenizer)
    return folder


def records():
    """Labels enough for every part; what they say does not matter to a network that is not trained."""
    found = []
    for i, text in enumerate(sentences(120)):
        words = text.rstrip(".").split()
        places = [text.index(words[0]), text.index(words[1], len(words[0])), text.rindex(words[-1])]
        kinds = (SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT)
        surfaces = (words[0], words[1], words[-1])
        spans = [
            Span(f"s{j}", kind, at, at + len(surface), surface)
            for j, (kind, at, surface) in enumerate(zip(kinds, places, surfaces, strict=True))
        ]
        hedge = list(HedgeKind)[i % len(HedgeKind)]
        spans.append(Span("h", SpanLabel.HEDGE, places[2], places[2] + len(words[-1]), words[-1], hedge))
        found.append(
            LabelledSentence(
                id=f"r{i}",
                doc=Document(f"d{i}"),
                index=0,
                text=f"{text[:-1]} {i}.",
                lenses=(Lens.HEDGING,),
                labels={
                    Task.VAGUENESS: ("precise", "vague")[i % 2],
                    Task.WORDING: ("plain", "loaded")[i % 3 % 2],
                    Task.LEANING: ("left", "centre", "right")[i % 3],
                },
                spans=tuple(spans),
                exhaustive=tuple(SpanLabel),
                corpus="own",
            )
        )
    return found


def test_a_trained_encoder_in_another_precision(slantwise, trained, tmp_path):
    (tmp_path / "corpora").mkdir()
    ran = slantwise(
        "export", trained, "--precision", "fp32", "-o", tmp_path / "plain", "--from", tmp_path / "corpora", "--json"
    )
    assert ran.code == 0, ran.err
    measured = json.loads(ran.out)
    assert measured["precision"] == "fp32"
    assert measured["drift"]["tags"] == 0
    model = load_model(tmp_path / "plain")
    assert model.name.name == "tiny"
    assert model.config["precision"] == "fp32"
    assert model.config["trained_on"] == ["labels"]
    assert (tmp_path / "plain" / "README.md").read_text() == "# card\n"
    old = load_model(trained).backend
    assert [r.spans for r in model.backend.read(sentences(5))] != []
    assert model.backend.layers.keys() == old.layers.keys()
    assert set(model.backend.decisions) == {Task.VAGUENESS, Task.WORDING, Task.LEANING}


def test_over_itself_with_a_table(slantwise, trained, tmp_path):
    (tmp_path / "corpora").mkdir()
    before = load_model(trained).name
    ran = slantwise("export", trained, "--from", tmp_path / "corpora")
    assert (ran.code, ran.out) == (0, f"{trained}\n")
    assert "sentences a second and core" in ran.err
    after = load_model(trained)
    assert after.name.name == before.name
    assert after.config["precision"] == "int8"


def test_refusals(slantwise, trained, tmp_path):
    (tmp_path / "corpora").mkdir()
    corpora = ("--from", tmp_path / "corpora")
    slantwise("export", tmp_path / "nothing", *corpora).refused(2, "a model folder at", "no config.json")
    linear = tmp_path / "linear"
    save_tiny_model(linear)
    slantwise("export", linear, *corpora).refused(2, "a model of family encoder", "'linear'")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine", encoding="utf-8")
    slantwise("export", trained, "-o", tmp_path / "thesis", *corpora).refused(2, "other files")
    state_folder(trained).rename(tmp_path / "gone")
    slantwise("export", trained, *corpora).refused(2, "the trained network in", "export where the model was trained")


def test_the_command_line_offers_every_precision():
    assert [each.value for each in _Precision] == [each.value for each in Precision]
