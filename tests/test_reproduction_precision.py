"""The shipped model's rows in fp32: exported once from the network that it was made of, and from no other."""

import pytest
from benchmark_jobs import a_job, evaluation
from reproduction import precision
from reproduction.job import Bench, Kind
from tiny_export import sentences, tiny_network

from slantwise.encoder import EncoderBackend
from slantwise.errors import AskedWrong
from slantwise.labelled import write_labelled
from slantwise.labels import Lens, Task
from slantwise.model_folder import load_model, save_model
from slantwise.records import Document, LabelledSentence
from slantwise_training.encoder.network import save_network
from slantwise_training.encoder.reopen import ARCHITECTURE, architecture
from slantwise_training.examples import Library
from slantwise_training.export import export, settings_of

RECIPE = """
family = "encoder"
[encoder]
base = "tiny"
max_tokens = 32
[tasks.wording]
train = ["{file}"]
"""


@pytest.fixture
def model_folder(tmp_path):
    """An int8 model; its network is in another folder, as the shipped model's is."""
    network, shape, tokenizer = tiny_network()
    labels, place = tmp_path / "labels.jsonl", tmp_path / "place"
    write_labelled(labels, [
        LabelledSentence(
            f"r{i}", Document(f"d{i}"), 0, text, (Lens.WORDING,), labels={Task.WORDING: ("plain", "loaded")[i % 2]},
            corpus="own",
        )
        for i, text in enumerate(sentences(40))
    ])
    place.mkdir()
    export(network, shape, tokenizer, sentences(16), place, "int8")
    about = {"trained_on": ["labels"], ARCHITECTURE: architecture(network)}
    folder, recipe = tmp_path / "model", RECIPE.format(file=labels)
    save_model(folder, EncoderBackend.load(place, settings_of(shape)), "tiny", recipe, "# card\n", about)
    save_network(tmp_path / "network", network, shape, tokenizer)
    other, *rest = tiny_network(seed=1)
    save_network(tmp_path / "another", other, *rest)
    return folder


def test_the_network_that_a_model_was_made_of_is_exported_once(model_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(precision, "RUNS", tmp_path / "runs")
    seen = []

    def run(bench):
        seen.append(bench.model)
        return evaluation(("hedged", "hedged"))

    job = a_job(name="shipped-toy", kind=Kind.SHIPPED, run=run)
    bench = Bench(Library(tmp_path), load_model(model_folder))
    (foreign,) = precision.precision_jobs([job], bench.model, tmp_path / "another", model_folder)
    with pytest.raises(AskedWrong, match="another one in"):
        foreign.run(bench)
    for network in (tmp_path / "network", None):
        (found,) = precision.precision_jobs([job], bench.model, network, model_folder)
        assert (found.name, found.of, found.kind) == ("fp32-toy", "shipped-toy", Kind.FP32)
        assert found.run(bench).figures["f1"].value == 1.0
    assert [model.config["precision"] for model in seen] == ["fp32", "fp32"]
    assert seen[0].config["trained_on"] == ["labels"]
    # calibrated anew: the int8 model has none
    assert Task.WORDING in seen[0].backend.calibration.tasks
