"""From a float ONNX network to int8: weights per channel, activations with fixed scales, embeddings by row.

Fixed scales make a sentence's score independent of its batch. Activations are unsigned and weights signed, the pair
that processors multiply fastest. Those without VNNI add two products in 16 bits and saturate; with 7 bits of weights
(`reduced`) two products always fit (2 * 255 * 64 < 2 ** 15). Measured on 24 sentences, AVX-512 VNNI against an emulated
Haswell: with 7 bits tags and stances to the bit and tasks to 3e-7; with 8 bits off by .07 to .09 standard deviations,
as much as quantisation itself. What 7 bits cost is the drift from fp32: .076 to .094 in place of .059 to .077.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise_training.graph import Graph

__all__ = ["quantise"]

_ENCODER = "/encoder/"
_LEAST_ROWS = 256
_LEAST = 1e-12


def quantise(source: Path, target: Path, feeds: Sequence[Mapping[str, NDArray[np.int64]]], *, reduced: bool) -> None:
    """Quantise the encoder of an exported network; its heads stay in float.

    Args:
        source: the float network.
        target: where the int8 network goes.
        feeds: inputs to take the activations' ranges from.
        reduced: weights of 7 bits.
    """
    from onnx import helper

    graph = Graph(source)
    products = {id(node): node for node in graph.nodes if _is_product(graph, node)}
    ranges = _ranges(source, [node.input[0] for node in products.values()], feeds)
    steps = {name: _step(*ends) for name, ends in ranges.items()}
    nodes: list[Any] = []
    for node in graph.nodes:
        if id(node) in products:
            source_name = node.input[0]
            if f"{source_name}_scale" not in graph.constants:
                nodes += _rounded(graph, source_name, steps[source_name])
            nodes += _in_integers(graph, node, steps[source_name][0], 64 if reduced else 127)
        if node.op_type == "Gelu":
            # a third less time; what it differs by, 5e-4 at most, is far below what rounding its result does
            node.attribute.append(helper.make_attribute("approximate", "tanh"))
        nodes.append(node)
    graph.nodes = nodes
    graph.index()
    _quantise_embeddings(graph)
    graph.write(target)


def _is_product(graph: Graph, node: Any) -> bool:  # noqa: ANN401 - onnx is untyped
    """Whether it is one of the encoder's products with weights; those of attention, of two activations, are float."""
    return (
        node.op_type in ("Gemm", "MatMul")
        and node.name.startswith(_ENCODER)
        and node.input[0] not in graph.constants
        and node.input[1] in graph.constants
        and graph.constants[node.input[1]].ndim == 2
    )


def _ranges(
    path: Path, names: Sequence[str], feeds: Sequence[Mapping[str, NDArray[np.int64]]]
) -> dict[str, tuple[float, float]]:
    """The least and the greatest value of some tensors, and of 0."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper

    model = onnx.load(path)
    asked = list(dict.fromkeys(names))
    model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in asked)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    taken = [each.name for each in session.get_inputs()]
    found = dict.fromkeys(asked, (0.0, 0.0))
    for feed in feeds:
        for name, value in zip(asked, session.run(asked, {each: feed[each] for each in taken}), strict=True):
            low, high = found[name]
            found[name] = min(low, float(value.min())), max(high, float(value.max()))
    return found


def _step(low: float, high: float) -> tuple[np.float32, np.uint8]:
    """The scale and the zero point of unsigned 8 bits that hold a range."""
    step = max((high - low) / 255, _LEAST)
    return np.float32(step), np.uint8(min(max(round(-low / step), 0), 255))


def _rounded(graph: Graph, name: str, step: tuple[np.float32, np.uint8]) -> list[Any]:
    """Nodes that round a tensor, for all products that read it."""
    from onnx import helper

    scale, zero = f"{name}_scale", f"{name}_zero_point"
    graph.constants[scale], graph.constants[zero] = np.array(step[0]), np.array(step[1])
    return [
        helper.make_node("QuantizeLinear", [name, scale, zero], [f"{name}_quantized"], f"{name}_QuantizeLinear"),
        helper.make_node(
            "DequantizeLinear", [f"{name}_quantized", scale, zero], [f"{name}_rounded"], f"{name}_DequantizeLinear"
        ),
    ]


def _in_integers(graph: Graph, node: Any, step: np.float32, most: int) -> list[Any]:  # noqa: ANN401 - onnx is untyped
    """Let a product read rounded values; nodes for its weights and its bias, which it adds in 32 bits.

    It leaves as float: rounding the result as well would treble the drift.
    """
    from onnx import helper

    weight = graph.constants[node.input[1]]
    bias = graph.constants[node.input[2]] if len(node.input) > 2 else None
    scales = np.maximum(np.abs(weight).max(axis=0), _LEAST) / most
    if bias is not None:
        # of a column of next to nothing the bias would not fit
        scales = np.maximum(scales, np.abs(bias) / (step * 2.0**30))
    node.input[0] = f"{node.input[0]}_rounded"
    nodes = []
    for i, (values, units, kind) in enumerate(((weight, scales, np.int8), (bias, scales * step, np.int32)), start=1):
        if values is None:
            continue
        name = node.input[i]
        while f"{name}_quantized" in graph.constants:
            name += "_again"
        names = [f"{name}_quantized", f"{name}_scale", f"{name}_zero_point"]
        units = units.astype(np.float32)
        whole = np.round(values / units).astype(kind)
        graph.constants.update(zip(names, (whole, units, np.zeros(len(units), kind)), strict=True))
        node.input[i] = f"{name}_float"
        axis = values.ndim - 1
        nodes.append(helper.make_node("DequantizeLinear", names, [f"{name}_float"], f"{name}_float", axis=axis))
    return nodes


def _quantise_embeddings(graph: Graph) -> None:
    """Store large look-up tables in 8 bits, a scale to each row; only the rows that are looked up become floats."""
    from onnx import TensorProto, helper

    nodes: list[Any] = []
    for node in graph.nodes:
        table = graph.constants.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or table.ndim != 2 or len(table) < _LEAST_ROWS or table.dtype != np.float32:
            nodes.append(node)
            continue
        name, out = node.input[0], node.output[0]
        graph.constants[f"{name}.rows"], graph.constants[f"{name}.scales"] = _by_row(table)
        nodes += [
            helper.make_node("Gather", [f"{name}.rows", node.input[1]], [f"{out}.int8"], f"{node.name}.rows"),
            helper.make_node("Cast", [f"{out}.int8"], [f"{out}.float"], f"{node.name}.cast", to=TensorProto.FLOAT),
            helper.make_node("Gather", [f"{name}.scales", node.input[1]], [f"{out}.scale"], f"{node.name}.scales"),
            helper.make_node("Mul", [f"{out}.float", f"{out}.scale"], [out], f"{node.name}.scaled"),
        ]
    graph.nodes = nodes
    graph.index()


def _by_row(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    scales = np.abs(table).max(axis=1, keepdims=True) / np.float32(127)
    scales[scales == 0] = 1.0
    return np.round(table / scales).astype(np.int8), scales.astype(np.float32)
