"""A model folder of the encoder family made by hand, and what it is to be refused in one line."""

import json
import resource

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from tiny_export import tiny_tokenizer

from slantwise.errors import SlantwiseError
from slantwise.files import sha256_of
from slantwise.model_folder import load_model

TAGS = ["O", "B-hedge", "I-hedge"]
CONFIG = {"tasks": ["wording"], "layers": [{"name": "hedge", "tags": TAGS}], "max_tokens": 32, "stance": True}
CALIBRATION = {"tasks": {}, "raised": {}, "spans": {}, "stance": {}, "stance_margin": 0.1}
WIDTHS = {"tasks": 1, "tags": 3, "stance": 3}
DEEP = "[" * 200_000


def network(**outputs):
    """Sums of embeddings; `outputs` gives other nodes, and weights, for some of the three outputs."""
    random = np.random.default_rng(0)
    size = tiny_tokenizer().get_vocab_size()
    weights = [numpy_helper.from_array(random.standard_normal((size, 4)).astype(np.float32), "embeddings")]
    nodes = [helper.make_node("Gather", ["embeddings", "input_ids"], ["h"])]
    for name, width in WIDTHS.items():
        weights.append(numpy_helper.from_array(random.standard_normal((4, width)).astype(np.float32), f"w.{name}"))
        nodes.append(helper.make_node("MatMul", ["h", f"w.{name}"], [f"all.{name}"]))
        if name in outputs:
            more, own = outputs[name]
            nodes += more
            weights += own
        elif name == "tasks":
            nodes.append(helper.make_node("ReduceMean", ["all.tasks"], ["tasks"], axes=[1], keepdims=0))
        else:
            nodes.append(helper.make_node("Identity", [f"all.{name}"], [name]))
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["rows", "tokens"])
    answers = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in WIDTHS]
    graph = helper.make_graph(nodes, "g", [ids], answers, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def encoder(folder, data=None, tokenizer=None, calibration=CALIBRATION, **config):
    """A model folder of the encoder family, its hashes right."""
    folder.mkdir()
    (folder / "model.onnx").write_bytes(network().SerializeToString() if data is None else data)
    (folder / "tokenizer.json").write_text(tiny_tokenizer().to_str() if tokenizer is None else tokenizer)
    (folder / "calibration.json").write_text(json.dumps(calibration))
    files = {path.name: sha256_of(path) for path in folder.iterdir()}
    whole = {"schema": "slantwise-model/1", "name": "x", "family": "encoder", "model": CONFIG | config, "files": files}
    (folder / "config.json").write_text(json.dumps(whole))
    return folder


def reconfigured(folder, **changes):
    config = json.loads((folder / "config.json").read_text())
    config |= changes
    (folder / "config.json").write_text(json.dumps(config))


def signed(folder, name, data):
    """Change a file as somebody would who knows about the hashes."""
    (folder / name).write_bytes(data)
    config = json.loads((folder / "config.json").read_text())
    config["files"][name] = sha256_of(folder / name)
    (folder / "config.json").write_text(json.dumps(config))


def refused(folder, *parts, work=load_model):
    """The refusal's message: one line that a terminal can show."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SlantwiseError) as caught:
        work(folder)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 1000
    assert caught.value.do
    for part in parts:
        assert part in message
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 400_000, f"{grown} KB"


def reads(folder):
    return load_model(folder).backend.read(["The mayor opens the road.", "", "漢 ¼"])
