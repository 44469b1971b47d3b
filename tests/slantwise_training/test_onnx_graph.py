"""Graphs to rewrite: what is written is what the outputs need, in order."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from slantwise_training.graph import Graph, Linear


def save(path, nodes, constants, outputs=("y",)):
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 3])
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", 3]) for name in outputs]
    weights = [numpy_helper.from_array(np.asarray(value, np.float32), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "g", [x], ends, weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def test_what_no_output_needs_is_left_out(tmp_path):
    path = tmp_path / "x.onnx"
    nodes = [
        helper.make_node("Constant", [], ["two"], value=numpy_helper.from_array(np.float32(2))),
        helper.make_node("Identity", ["b"], ["same"]),
        helper.make_node("Mul", ["x", "two"], ["dead"]),
        helper.make_node("Add", ["x", "same"], ["y"]),
    ]
    save(path, nodes, {"b": [1, 2, 3], "unused": [4]})
    graph = Graph(path)
    graph.nodes.append(helper.make_node("Neg", ["late"], ["y"]))
    graph.made_by["y"].output[0] = "late"
    graph.write(path)
    written = onnx.load(path).graph
    assert [node.op_type for node in written.node] == ["Add", "Neg"]
    assert [each.name for each in written.initializer] == ["same"]
    assert numpy_helper.to_array(written.initializer[0]).tolist() == [1, 2, 3]


def test_what_an_inner_graph_reads_is_kept(tmp_path):
    path = tmp_path / "x.onnx"
    out = helper.make_tensor_value_info("o", TensorProto.FLOAT, ["rows", 3])
    inner = [helper.make_graph([helper.make_node("Add", [n, "k"], ["o"])], n, [], [out]) for n in ("n", "x")]
    nodes = [
        helper.make_node("Neg", ["x"], ["n"]),
        helper.make_node("ReduceSum", ["x"], ["s"], keepdims=0),
        helper.make_node("Cast", ["s"], ["c"], to=TensorProto.BOOL),
        helper.make_node("If", ["c"], ["y"], then_branch=inner[0], else_branch=inner[1]),
    ]
    save(path, nodes, {"k": [1, 2, 3]})
    Graph(path).write(path)
    written = onnx.load(path).graph
    assert {node.op_type for node in written.node} == {"Neg", "ReduceSum", "Cast", "If"}
    assert [each.name for each in written.initializer] == ["k"]


def test_a_linear_layer_is_a_product_whose_bias_alone_reads_it(tmp_path):
    path = tmp_path / "x.onnx"
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["p"]),
        helper.make_node("Add", ["b", "p"], ["y"]),
        helper.make_node("MatMul", ["x", "w"], ["q"]),
        helper.make_node("Add", ["q", "b"], ["z"]),
        helper.make_node("Neg", ["q"], ["n"]),
    ]
    save(path, nodes, {"w": np.ones((3, 2)), "b": [1, 2]}, ("y", "z", "n"))
    graph = Graph(path)
    assert Linear.of(graph, graph.made_by["y"]) == Linear("x", "p", "w", "b")
    assert Linear.of(graph, graph.made_by["z"]) is None
    assert Linear.of(graph, graph.made_by["n"]) is None
