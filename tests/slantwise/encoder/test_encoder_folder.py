"""A model folder of the encoder family: saved, loaded, and refused when it is altered, unfit or hostile."""

import json
import shutil

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from tiny_export import sentences

from slantwise.encoder import Calibration
from slantwise.encoder.onnx_file import check_network_file
from slantwise.errors import SlantwiseError
from slantwise.files import sha256_of
from slantwise.model_folder import load_model, save_model


@pytest.fixture
def copied(model_folder, tmp_path):
    return shutil.copytree(model_folder, tmp_path / "copied")


def sign(folder, **model):
    """Give the folder's files their hashes anew, as somebody who knows the format would."""
    config = json.loads((folder / "config.json").read_text())
    config["files"] = {name: sha256_of(folder / name) for name in config["files"]}
    config["model"] |= model
    (folder / "config.json").write_text(json.dumps(config))


def alter(folder, change):
    network = onnx.load(folder / "model.onnx")
    change(network)
    (folder / "model.onnx").write_bytes(network.SerializeToString())
    sign(folder)


def test_the_folder_holds_plain_files_with_their_hashes(model_folder):
    names = {path.name for path in model_folder.iterdir()}
    assert names == {"README.md", "calibration.json", "config.json", "model.onnx", "recipe.toml", "tokenizer.json"}
    config = json.loads((model_folder / "config.json").read_text())
    assert config["family"] == "encoder"
    assert set(config["files"]) == names - {"config.json"}


def test_saved_again_it_reads_the_same(model_folder, tmp_path):
    model = load_model(model_folder)
    save_model(tmp_path / "again", model.backend, "again", "", "", {})
    again = load_model(tmp_path / "again")
    assert again.backend.calibration == model.backend.calibration
    assert again.backend.decisions == model.backend.decisions
    for one, other in zip(model.backend.read(sentences()), again.backend.read(sentences()), strict=True):
        assert one.spans == other.spans
        assert all(np.array_equal(one.tasks[task], other.tasks[task]) for task in one.tasks)
    # a model may be saved over itself, calibrated anew
    save_model(tmp_path / "again", again.backend.calibrated(Calibration()), "again", "", "", {})
    assert load_model(tmp_path / "again").backend.calibration == Calibration()


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "calibration.json"])
def test_an_altered_file_is_refused(copied, name):
    with (copied / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(SlantwiseError, match="the file was altered"):
        load_model(copied)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_file_without_hash_is_refused(copied, name):
    config = json.loads((copied / "config.json").read_text())
    del config["files"][name]
    (copied / "config.json").write_text(json.dumps(config))
    with pytest.raises(SlantwiseError, match=f"found no {name}"):
        load_model(copied)


def external(network):
    tensor = next(each for each in network.graph.initializer if each.raw_data)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")


def custom(network):
    network.opset_import.add(domain="evil.example", version=1)
    network.graph.node[0].domain = "evil.example"


def hidden_custom(network):
    inner = helper.make_graph([helper.make_node("Run", [], ["x"], domain="evil.example")], "inner", [], [])
    network.graph.node[0].attribute.append(helper.make_attribute("body", inner))


def hidden_external(network):
    tensor = TensorProto(name="x", data_location=TensorProto.EXTERNAL)
    network.graph.node[0].attribute.append(helper.make_attribute("value", tensor))


def functions(network):
    function = helper.make_function("own", "Run", [], [], [], [])
    network.functions.append(function)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (external, "weights in another file"),
        (hidden_external, "weights in another file"),
        (custom, "operators of 'evil.example'"),
        (hidden_custom, "operators of 'evil.example'"),
        (functions, "functions or training code"),
    ],
)
def test_a_network_that_reaches_out_is_refused(copied, change, found):
    alter(copied, change)
    with pytest.raises(SlantwiseError, match=found):
        load_model(copied)


@pytest.mark.parametrize(
    "content", [b"\x00", b"not a network", b"\xff" * 40, b"\x3a\xff\xff\xff\xff\x7f", b"\x08\x08"]
)
def test_bytes_that_are_no_network(copied, content):
    (copied / "model.onnx").write_bytes(content)
    sign(copied)
    with pytest.raises(SlantwiseError, match="an ONNX network in"):
        load_model(copied)


def test_every_cut_of_a_network_is_refused_in_one_line(model_folder):
    data = (model_folder / "model.onnx").read_bytes()
    for size in range(0, len(data), len(data) // 40):
        with pytest.raises(SlantwiseError):
            check_network_file(data[:size], "cut")
    check_network_file(data, "whole")


@pytest.mark.parametrize(
    "model",
    [
        {"tasks": ["vagueness"]},
        {"layers": [{"name": "hedge", "tags": ["O", "B-hedge", "I-hedge"]}]},
        {"layers": [{"name": "hedge", "tags": ["B-hedge"]}]},
        {"tasks": ["mood"]},
        {"views": ["mention"]},
        {"views": ["mention", "held", "held"]},
        {"views": ["mood"]},
        {"views": []},
        {"max_tokens": 0},
        {"max_tokens": None},
    ],
)
def test_a_configuration_that_does_not_fit_the_network(copied, model):
    sign(copied, **model)
    with pytest.raises(SlantwiseError):
        load_model(copied)


def test_a_tokenizer_that_is_none(copied):
    (copied / "tokenizer.json").write_text("{}")
    sign(copied)
    with pytest.raises(SlantwiseError, match="a tokenizer in"):
        load_model(copied)


def test_a_tokenizer_of_another_network(copied):
    tokenizer = json.loads((copied / "tokenizer.json").read_text())
    tokenizer["model"]["vocab"]["mayor"] = 10**6
    (copied / "tokenizer.json").write_text(json.dumps(tokenizer))
    sign(copied)
    backend = load_model(copied).backend
    with pytest.raises(SlantwiseError, match=r"model\.onnx to read a sentence"):
        backend.read(["The mayor opens the road."])


def test_an_unknown_family(copied):
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps(config | {"family": "oracle"}))
    with pytest.raises(SlantwiseError, match="family linear or encoder; found 'oracle'"):
        load_model(copied)
