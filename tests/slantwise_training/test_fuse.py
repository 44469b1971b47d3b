"""Larger operators in place of many small ones: the same numbers, and what is not recognised stays."""

from collections import Counter

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tiny_export import LAYERS, TASKS, sentences, tiny_network, tiny_tokenizer

from slantwise.encoder.alignment import align
from slantwise.encoder.session import Session
from slantwise_training import fuse as fusing
from slantwise_training.export import Precision, export
from slantwise_training.fuse import fuse
from slantwise_training.graph import Graph


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The same network in float with and without fusing, and in int8."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        for name, precision in (("fused", Precision.FP32), ("int8", Precision.INT8), ("plain", Precision.FP32)):
            if name == "plain":
                patch.setattr(fusing, "fuse", lambda graph: False)
            found[name] = tmp_path_factory.mktemp(name)
            export(*tiny_network(), sentences(24), found[name], precision)
    return found


def operators(folder):
    return Counter(node.op_type for node in onnx.load(folder / "model.onnx").graph.node)


def test_two_layers_are_a_handful_of_operators(folders):
    plain, fused = operators(folders["plain"]), operators(folders["fused"])
    assert (plain["Erf"], plain["Transpose"], plain["Attention"]) == (2, 8, 0)
    assert (fused["Erf"], fused["Transpose"], fused["Attention"]) == (0, 0, 2)
    assert (fused["Gelu"], fused["Gemm"]) == (2, 12)
    # what is left are the heads and the pooling
    assert fused["MatMul"] == plain["MatMul"] - 12 - 4 == 5
    assert sum(fused.values()) < sum(plain.values()) * 0.6


def test_the_numbers_are_the_same_in_batches_with_padding(folders):
    _, shape, tokenizer = tiny_network()
    windows = align(tokenizer, [(text, "the tax" * (i % 2)) for i, text in enumerate(sentences(24))], shape.max_tokens)
    widths = shape.task_columns, shape.tag_columns, shape.stance_columns
    plain, fused = (Session(folders[name] / "model.onnx", widths).run(windows) for name in ("plain", "fused"))
    for one, other in zip(plain, fused, strict=True):
        for name in ("tasks", "tags", "stance"):
            np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-4, atol=1e-5)


def test_integers_multiply_with_their_bias_and_values_take_over_what_follows_attention(folders):
    graph = Graph(folders["int8"] / "model.onnx")
    gemms = [node for node in graph.nodes if node.op_type == "Gemm"]
    assert len(gemms) == 12
    for node in gemms:
        kinds = [graph.constants[graph.made_by[name].input[0]].dtype for name in node.input[1:]]
        assert kinds == [np.int8, np.int32]
    for node in graph.nodes:
        if node.op_type == "Attention":
            rows = graph.reader(node.output[0], "Reshape")
            assert graph.reader(rows.output[0], "QuantizeLinear") is not None, "nothing is multiplied in between"
    assert [node.attribute[0].s for node in graph.nodes if node.op_type == "Gelu"] == [b"tanh"] * 2


def test_what_is_not_recognised_stays(tmp_path):
    path = tmp_path / "x.onnx"
    nodes = [helper.make_node("Softmax", ["x"], ["p"]), helper.make_node("Add", ["p", "b"], ["y"])]
    save(path, nodes, {"b": np.ones(3, np.float32)})
    graph = Graph(path)
    assert fuse(graph) is False
    assert [node.op_type for node in graph.nodes] == ["Softmax", "Add"]


def test_a_gelu_of_other_numbers_stays(tmp_path):
    for half, kind in ((0.5, "Gelu"), (0.6, "Erf")):
        path = tmp_path / f"{kind}.onnx"
        nodes = [
            helper.make_node("Div", ["x", "root"], ["a"]),
            helper.make_node("Erf", ["a"], ["e"]),
            helper.make_node("Add", ["e", "one"], ["s"]),
            helper.make_node("Mul", ["x", "s"], ["m"]),
            helper.make_node("Mul", ["m", "half"], ["y"], "act/Mul"),
        ]
        save(path, nodes, {"root": np.float32(2**0.5), "one": np.float32(1), "half": np.float32(half)})
        graph = Graph(path)
        fusing._fuse_gelu(graph, graph.made_by["e"])
        graph.tidy()
        kinds = [node.op_type for node in graph.nodes]
        assert kinds == (["Gelu"] if kind == "Gelu" else ["Div", "Erf", "Add", "Mul", "Mul"])


@pytest.mark.parametrize(("kind", "recognised"), [("distilbert", 2), ("modernbert", 0)])
def test_other_encoders_are_exported_whether_recognised_or_not(kind, recognised, tmp_path):
    from transformers import AutoConfig, AutoModel

    from slantwise_training.encoder.network import EAGER, NetworkShape, SlantwiseNetwork

    tokenizer = tiny_tokenizer()
    sizes = {
        "distilbert": {"dim": 32, "n_layers": 2, "n_heads": 2, "hidden_dim": 64},
        "modernbert": {
            **{"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64},
            **{f"{name}_token_id": i for i, name in enumerate(("pad", "bos", "eos", "cls", "sep"))},
        },
    }
    config = AutoConfig.for_model(kind, vocab_size=tokenizer.get_vocab_size(), **sizes[kind])
    shape = NetworkShape(TASKS, LAYERS, 32, kind, 32)
    network = SlantwiseNetwork(AutoModel.from_config(config, **EAGER), shape)
    report = export(network, shape, tokenizer, sentences(12), tmp_path)
    assert max(report.drift.values()) < 0.1
    assert operators(tmp_path)["Attention"] == recognised
    assert operators(tmp_path)["QuantizeLinear"] == 8


def save(path, nodes, constants):
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 3]) for name in "xy"]
    weights = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "g", ends[:1], ends[1:], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
