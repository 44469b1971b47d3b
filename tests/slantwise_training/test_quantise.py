"""Rounding to integers: what it knows of the inputs, and what fits into 32 bits."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from slantwise_training import quantise as quantising
from slantwise_training.quantise import quantise

RNG = np.random.default_rng(3)
MIX = RNG.normal(size=(6, 32)).astype(np.float32)
"""Inputs of 32 channels with six things to say, and a little noise: as correlated as a network's."""


def inputs(count):
    noise = RNG.normal(size=(count, 32)).astype(np.float32) / 10
    return RNG.normal(size=(count, 6)).astype(np.float32) @ MIX + noise


def test_rounding_that_knows_the_inputs_loses_less():
    weight = RNG.normal(size=(32, 16)).astype(np.float32)
    units = np.abs(weight).max(axis=0) / 7
    seen, unseen = inputs(400), inputs(400)
    whole = quantising._whole(weight, units, seen.T @ seen, 7)
    assert np.array_equal(whole, np.round(whole))
    assert np.abs(whole).max() <= 7
    nearest = np.round(weight / units)
    lost, plain = (float(np.square(unseen @ (each * units - weight)).mean()) for each in (whole, nearest))
    assert lost < plain / 2


def test_channels_that_are_always_silent_are_rounded_to_the_nearest():
    weight = RNG.normal(size=(8, 4)).astype(np.float32)
    units = np.abs(weight).max(axis=0) / 64
    whole = quantising._whole(weight, units, np.zeros((8, 8), np.float32), 64)
    assert np.array_equal(whole, np.round(weight / units))


def test_products_that_are_not_the_encoders_stay_and_a_bias_of_a_silent_output_fits(tmp_path):
    weight = RNG.normal(size=(32, 3)).astype(np.float32)
    weight[:, 1] = 0
    bias = np.array([0.5, 1000.0, -2.0], np.float32)
    nodes = [
        helper.make_node("Gemm", ["x", "w", "b"], ["y"], "/encoder/one/Gemm"),
        helper.make_node("Gemm", ["x", "w", "b"], ["z"], "/head/Gemm"),
    ]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 32 if name == "x" else 3]) for name in "xyz"]
    weights = [numpy_helper.from_array(weight, "w"), numpy_helper.from_array(bias, "b")]
    graph = helper.make_graph(nodes, "g", ends[:1], ends[1:], weights)
    source, target = tmp_path / "float.onnx", tmp_path / "int8.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 23)], ir_version=10), source)
    x = inputs(50)
    quantise(source, target, [{"x": row[None]} for row in x], reduced=True)
    [one, other] = [node for node in onnx.load(target).graph.node if node.op_type == "Gemm"]
    assert one.input[0] == "x_rounded"
    assert list(other.input) == ["x", "w", "b"]
    session = quantising._session(onnx.load(target))
    rounded, exact = session.run(["y", "z"], {"x": x})
    np.testing.assert_allclose(rounded[:, 1], 1000, rtol=1e-4)
    assert np.abs(rounded - exact)[:, [0, 2]].mean() < exact[:, [0, 2]].std() / 50
