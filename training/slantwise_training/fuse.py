"""An exported graph with fewer and larger operators, that onnxruntime computes faster: the same network.

What the older exporter writes as twenty nodes becomes one where the standard has one (Attention, Gelu), and products
with weights take their bias along and run on rows (sentences * tokens, channels), as Gemm: onnxruntime multiplies that
form in integers, bias included. What is not recognised stays as it was, so any encoder passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from slantwise_training.graph import Graph, Linear

__all__ = ["fuse"]

_OPSET, _IR = 23, 10
_ENCODER = "/encoder/"
_SAME_IN_ALL_OPSETS = frozenset(
    "Add And Cast Concat Constant ConstantOfShape Cos Div Equal Erf Exp Expand Flatten Gather GatherElements Gelu Gemm "
    "GreaterOrEqual Identity LayerNormalization Less LessOrEqual Log MatMul Mul Neg Not Or Pow Range Reshape Shape "
    "Sigmoid Sin Slice Softmax Sqrt Squeeze Sub Tanh Transpose Unsqueeze Where".split()
)
"""Operators that mean the same from opset 17 to 23; a graph with others is left at 17, and as it is."""
_BY_CHANNEL = frozenset({"Add", "Gelu", "LayerNormalization", "Mul"})
"""Operators that do not mind whether sentences and tokens are one dimension or two."""


def fuse(graph: Graph) -> bool:
    """Rewrite an exported graph in place; false where nothing of it was recognised, and it stays as it was."""
    found = [each for node in graph.nodes if (each := _Heads.of(graph, node)) is not None]
    if not found or any(node.domain or node.op_type not in _SAME_IN_ALL_OPSETS for node in graph.nodes):
        return False
    for each in found:
        each.replace(graph)
    graph.tidy()
    for node in [node for node in graph.nodes if node.op_type == "Erf"]:
        _fuse_gelu(graph, node)
    graph.tidy()
    for node in [node for node in graph.nodes if node.op_type == "Attention"]:
        _scale_values(graph, node)
    graph.tidy()
    _Rows(graph).flatten()
    graph.tidy()
    graph.use_opset(_OPSET, _IR)
    return True


@dataclass(frozen=True, slots=True)
class _Heads:
    """Attention as plain operators: softmax(q k / sqrt(width) + mask) v, each head by itself.

    `query`, `key` and `value` are (sentences, tokens, channels), `last` is the node that gives the result so.
    """

    query: str
    key: str
    value: str
    mask: str
    scale: float
    width: int
    last: Any

    @classmethod
    def of(cls, graph: Graph, softmax: Any) -> _Heads | None:  # noqa: ANN401 - onnx is untyped
        """The attention around a Softmax, if it is one."""
        masked = graph.maker(softmax.input[0], "Add") if softmax.op_type == "Softmax" else None
        weighed = graph.reader(softmax.output[0], "MatMul")
        if masked is None or weighed is None:
            return None
        scaled: Any = next((each for name in masked.input if (each := graph.maker(name, "Mul"))), None)
        parts = graph.split(scaled) if scaled is not None else None
        product = graph.maker(parts[0], "MatMul") if parts is not None else None
        turned = graph.reader(weighed.output[0], "Transpose")
        last = graph.reader(turned.output[0], "Reshape") if turned is not None and _perm(turned) == _HEADS else None
        if parts is None or product is None or last is None or parts[1].size != 1:
            return None
        query, key = _by_head(graph, product.input[0], _HEADS), _by_head(graph, product.input[1], _KEYS)
        value = _by_head(graph, weighed.input[1], _HEADS)
        mask = next((name for name in masked.input if name != scaled.output[0]), None)
        if query is None or key is None or value is None or mask is None:
            return None
        scale = float(parts[1].reshape(-1)[0])
        return cls(query, key, value, mask, scale, round(scale**-2), last)

    def replace(self, graph: Graph) -> None:
        """Put one Attention in the place of `last`; what comes of it is told its width, which Attention hides."""
        from onnx import helper

        wide = _width(graph, self.query)
        assert wide is not None
        heads, out = wide // self.width, self.last.output[0]
        graph.constants[f"heads.{wide}"] = np.array([0, 0, wide], dtype=np.int64)
        stem = self.last.name.rpartition("/")[0]
        inputs = [self.query, self.key, self.value, self.mask]
        about = {"q_num_heads": heads, "kv_num_heads": heads, "scale": self.scale}
        graph.swap(self.last, helper.make_node("Reshape", [f"{out}.heads", f"heads.{wide}"], [out], f"{stem}/Heads"))
        graph.nodes.append(helper.make_node("Attention", inputs, [f"{out}.heads"], f"{stem}/Attention", **about))


_HEADS, _KEYS = (0, 2, 1, 3), (0, 2, 3, 1)


def _perm(node: Any) -> tuple[int, ...]:  # noqa: ANN401 - onnx is untyped
    return tuple(node.attribute[0].ints)


def _by_head(graph: Graph, name: str, perm: tuple[int, ...]) -> str | None:
    """The (sentences, tokens, channels) of a tensor that is reshaped and turned to (sentences, heads, ...)."""
    turned = graph.maker(name, "Transpose")
    cut = graph.maker(turned.input[0], "Reshape") if turned is not None and _perm(turned) == perm else None
    return cut.input[0] if cut is not None and _width(graph, cut.input[0]) is not None else None


def _width(graph: Graph, name: str) -> int | None:
    """The channels of a linear layer's output."""
    layer = Linear.of(graph, graph.maker(name, "Add"))
    return int(graph.constants[layer.weight].shape[1]) if layer is not None else None


def _fuse_gelu(graph: Graph, erf: Any) -> None:  # noqa: ANN401 - onnx is untyped
    """Make one Gelu of x / sqrt(2) -> Erf -> + 1 -> * x -> / 2."""
    from onnx import helper

    divided = graph.maker(erf.input[0], "Div")
    risen = graph.reader(erf.output[0], "Add")
    if divided is None or risen is None or (root := graph.split(divided)) is None:
        return
    times = graph.reader(risen.output[0], "Mul")
    halved = graph.reader(times.output[0], "Mul") if times is not None and root[0] in times.input else None
    known = [graph.split(node) for node in (risen, halved) if node is not None]
    values = [float(each[1].reshape(-1)[0]) for each in known if each is not None and each[1].size == 1]
    if halved is None or values != [1.0, 0.5] or not np.isclose(root[1], np.sqrt(2.0)).all():
        return
    node = helper.make_node("Gelu", [root[0]], [halved.output[0]], halved.name.rpartition("/")[0] + "/Gelu")
    graph.swap(halved, node)


def _scale_values(graph: Graph, attention: Any) -> None:  # noqa: ANN401 - onnx is untyped
    """Let the values take over what smoothing multiplies the result with: attention mixes tokens, not channels."""
    whole: Any = graph.reader(attention.output[0], "Reshape")
    scaled: Any = graph.reader(whole.output[0], "Mul") if whole is not None else None
    add: Any = graph.made_by.get(attention.input[2])
    layer = Linear.of(graph, add)
    parts = graph.split(scaled) if scaled is not None else None
    if layer is None or whole is None or parts is None or parts[1].shape != graph.constants[layer.bias].shape:
        return
    if graph.reader(attention.input[2], "Attention") is None:
        return
    for node, name in ((graph.made_by[layer.product], layer.weight), (add, layer.bias)):
        # under a name of its own: equal biases of several layers are one constant
        scaled_name = f"{name}.for.{attention.name}"
        graph.constants[scaled_name] = graph.constants[name] * parts[1]
        node.input[list(node.input).index(name)] = scaled_name
    whole.output[0] = scaled.output[0]
    graph.nodes = [node for node in graph.nodes if node is not scaled]


class _Rows:
    """The encoder's linear layers as Gemm, on rows; and what lies between them, on rows too."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.rows: dict[str, str] = {}
        self.widths: dict[str, int] = {}
        self.new: list[Any] = []
        self.shapes: dict[int, str] = {}

    def flatten(self) -> None:
        """Rewrite the graph's nodes."""
        merged = {id(node): layer for node in self.graph.nodes if (layer := self._layer(node)) is not None}
        products = {layer.weight for layer in merged.values()}
        for node in self.graph.nodes:
            if node.op_type == "MatMul" and node.input[1] in products:
                continue
            if (layer := merged.get(id(node))) is not None:
                self._gemm(node, layer)
            elif (width := self._width(node)) is not None:
                for i, name in enumerate(node.input):
                    node.input[i] = name if name in self.graph.constants else self._flat(name, width)
                self._add(node, node.output[0], width)
            else:
                for name in node.input:
                    self._restore(name)
                self.new.append(node)
        for out in self.graph.model.graph.output:
            self._restore(out.name)
        self.graph.nodes = self.new

    def _layer(self, node: Any) -> Linear | None:  # noqa: ANN401 - onnx is untyped
        return Linear.of(self.graph, node) if node.name.startswith(_ENCODER) else None

    def _width(self, node: Any) -> int | None:  # noqa: ANN401 - onnx is untyped
        """The channels of a node that works on rows: it has some already, and minds no more than channels."""
        rest = [self.graph.constants[n] for n in node.input if n in self.graph.constants]
        axes = [each.i for each in node.attribute if each.name == "axis"]
        if node.op_type not in _BY_CHANNEL or any(each.ndim > 1 for each in rest) or any(axis != -1 for axis in axes):
            return None
        return next((self.widths[name] for name in node.input if name in self.rows), None)

    def _gemm(self, add: Any, layer: Linear) -> None:  # noqa: ANN401 - onnx is untyped
        from onnx import helper

        known, into = self.graph.constants[layer.weight].shape
        name, stem = add.output[0], add.name.rpartition("/")[0]
        inputs = [self._flat(layer.source, known), layer.weight, layer.bias]
        self._add(helper.make_node("Gemm", inputs, [name], f"{stem}/Gemm"), name, into)

    def _add(self, node: Any, name: str, width: int) -> None:  # noqa: ANN401 - onnx is untyped
        """Take a node whose output, which was to be `name`, comes as rows."""
        self.rows[name] = node.output[0] = f"{name}.rows"
        self.widths[name] = width
        self.new.append(node)

    def _flat(self, name: str, width: int) -> str:
        """A tensor as rows."""
        from onnx import helper

        if name not in self.rows:
            shape = f"rows.of.{width}"
            self.graph.constants[shape] = np.array([-1, width], dtype=np.int64)
            whole = self.graph.maker(name, "Reshape")
            source = whole.input[0] if whole is not None and self.graph.maker(whole.input[0], "Attention") else name
            self._add(helper.make_node("Reshape", [source, shape], [name], f"{name}.rows"), name, width)
        return self.rows[name]

    def _restore(self, name: str) -> None:
        """Make a tensor that is there as rows again what it was, sentences by tokens by channels."""
        from onnx import helper

        if name not in self.rows or any(name in node.output for node in self.new):
            return
        if not self.shapes:
            ids = self.graph.model.graph.input[0].name
            self.new.append(helper.make_node("Shape", [ids], ["rows.sizes"], "rows/sizes"))
        width = self.widths[name]
        if width not in self.shapes:
            known, shape = f"rows.width.{width}", f"rows.back.{width}"
            self.shapes[width] = shape
            self.graph.constants[known] = np.array([width], dtype=np.int64)
            self.new.append(helper.make_node("Concat", ["rows.sizes", known], [shape], f"rows/back.{width}", axis=0))
        self.new.append(helper.make_node("Reshape", [self.rows[name], self.shapes[width]], [name], f"{name}.restored"))
