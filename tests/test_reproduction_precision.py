"""The shipped model's rows in fp32: exported once from the network that it was made of, and from no other."""

from dataclasses import replace

import pytest
from benchmark_jobs import a_job, evaluation, outcome
from reproduction import page, precision
from reproduction.job import Bench, Kind, repeated
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


def test_the_table_of_precisions_tells_what_int8_loses():
    job = a_job(name="shipped-toy", kind=Kind.SHIPPED, system="shipped model")
    before = repeated(job, "fp32-toy", Kind.FP32, "", lambda _: None)
    spans = {"ece:source": 0.045}, {"ece:source": 0.05}
    figures = dict(f1=0.794, mcc=0.7, ece=0.03, **spans[0]), dict(f1=0.8, mcc=0.699, ece=0.02, **spans[1])
    results = [(job, outcome(**figures[0])), (before, outcome(**figures[1]))]
    rows = list(precision.precision_table(results))[2:]
    assert rows == [
        "| szeged_wiki, test | shipped model | `f1` | **0.800** | 0.794 | −0.60 | **more than 0.5 lost** |",
        "| szeged_wiki, test | shipped model | `mcc` | **0.699** | 0.700 | +0.10 | ok |",
        "| szeged_wiki, test | shipped model | `ece` | **0.020** | 0.030 | +1.00 | **more than 0.5 lost** |",
        "| szeged_wiki, test | shipped model | `ece:source` | **0.050** | 0.045 | −0.50 | ok |",
    ]
    text = page.page(results, {})
    assert "## int8 against fp32" in text
    assert "fp32: shipped model" not in text
    assert "## int8 against fp32" not in page.page(results[:1], {})


def test_rows_in_fp32_need_the_network_once(monkeypatch, tmp_path):
    monkeypatch.setattr(precision, "RUNS", tmp_path)
    model = load_model()
    if model.config["family"] != "encoder":
        pytest.skip("the shipped model has no network")
    job = a_job(name="shipped-toy", kind=Kind.SHIPPED, run=lambda bench: evaluation(("hedged", "hedged")))
    (found,) = precision.precision_jobs([job], model, None)
    with pytest.raises(AskedWrong, match="--network"):
        found.run(Bench(Library(tmp_path), model))
    made = tmp_path / "fp32" / model.name.sha256[:12]
    made.mkdir(parents=True)
    (made / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(precision, "load_model", lambda folder: replace(model, backend=folder))
    assert found.run(Bench(Library(tmp_path), model)).figures["f1"].value == 1.0
