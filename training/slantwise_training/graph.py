"""An ONNX graph to read and to rewrite: its constants, who makes and who reads a tensor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Graph", "Linear"]


class Graph:
    """A graph to rewrite: its constants by name, who makes and who reads a tensor.

    Args:
        path: an ONNX file.
    """

    def __init__(self, path: Path) -> None:
        import onnx
        from onnx import numpy_helper

        model = self.model = onnx.load(path)
        self.nodes: list[Any] = list(model.graph.node)
        self.constants: dict[str, NDArray[Any]] = {
            each.name: numpy_helper.to_array(each) for each in model.graph.initializer
        }
        for node in self.nodes:
            if node.op_type == "Constant" and node.attribute[0].HasField("t"):
                self.constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
            # equal parameters, biases of zeros say, are stored once
            elif node.op_type == "Identity" and node.input[0] in self.constants:
                self.constants[node.output[0]] = self.constants[node.input[0]]
        self.index()

    def index(self) -> None:
        """See anew who makes and who reads what, after nodes were replaced."""
        self.made_by = {name: node for node in self.nodes for name in node.output}
        self.read_by: dict[str, list[Any]] = defaultdict(list)
        for node in self.nodes:
            for name in _inputs(node):
                self.read_by[name].append(node)

    def tidy(self) -> None:
        """Leave out what no output needs, bring the rest into order, and see anew who makes and who reads what."""
        self.index()
        self.nodes = self._needed()
        self.index()

    def maker(self, name: str, *kinds: str) -> Any:  # noqa: ANN401 - onnx is untyped
        """The node that makes a tensor, if it is of one of these kinds."""
        node = self.made_by.get(name)
        return node if node is not None and node.op_type in kinds else None

    def reader(self, name: str, *kinds: str) -> Any:  # noqa: ANN401 - onnx is untyped
        """The node that reads a tensor, if it is the only one and of one of these kinds."""
        readers = self.read_by[name]
        return readers[0] if len(readers) == 1 and readers[0].op_type in kinds else None

    def split(self, node: Any) -> tuple[str, NDArray[Any]] | None:  # noqa: ANN401 - onnx is untyped
        """The tensor and the constant that a node of two inputs takes; None where it takes two of either."""
        known = [name in self.constants for name in node.input]
        if len(known) != 2 or known[0] == known[1]:
            return None
        at = known.index(True)
        return node.input[1 - at], self.constants[node.input[at]]

    def swap(self, old: Any, new: Any) -> None:  # noqa: ANN401 - onnx is untyped
        """Put a node in another's place."""
        self.nodes[next(i for i, node in enumerate(self.nodes) if node is old)] = new

    def use_opset(self, opset: int, ir_version: int) -> None:
        """Say which edition of the standard the nodes are of."""
        from onnx import helper

        del self.model.opset_import[:]
        self.model.opset_import.append(helper.make_opsetid("", opset))
        self.model.ir_version = ir_version

    def write(self, path: Path) -> None:
        """Write the nodes that the outputs need, in order, and the constants that those read, and nothing else."""
        import onnx
        from onnx import numpy_helper

        self.tidy()
        names = dict.fromkeys(name for node in self.nodes for name in _inputs(node) if name in self.constants)
        graph = self.model.graph
        del graph.node[:], graph.initializer[:], graph.value_info[:]
        graph.node.extend(self.nodes)
        graph.initializer.extend(numpy_helper.from_array(np.asarray(self.constants[n], order="C"), n) for n in names)
        onnx.checker.check_model(self.model)
        onnx.save(self.model, path)

    def _needed(self) -> list[Any]:
        kept: list[Any] = []
        done: set[int] = set()
        waiting = [(out.name, False) for out in reversed(self.model.graph.output)]
        while waiting:
            name, ready = waiting.pop()
            node = self.made_by.get(name)
            if node is None or id(node) in done or name in self.constants:
                continue
            if ready:
                done.add(id(node))
                kept.append(node)
            else:
                waiting.append((name, True))
                waiting += [(each, False) for each in reversed([*_inputs(node)])]
        return kept


@dataclass(frozen=True, slots=True)
class Linear:
    """A product with weights (in, out) and its bias (out,), as MatMul and Add."""

    source: str
    product: str
    weight: str
    bias: str

    @classmethod
    def of(cls, graph: Graph, add: Any) -> Linear | None:  # noqa: ANN401 - onnx is untyped
        """The layer that ends in this Add, if one does."""
        if add is None or add.op_type != "Add" or (parts := graph.split(add)) is None:
            return None
        product = graph.maker(parts[0], "MatMul")
        if product is None or graph.reader(parts[0], "Add") is None or product.input[1] not in graph.constants:
            return None
        weight, bias = graph.constants[product.input[1]], parts[1]
        if product.input[0] in graph.constants or weight.ndim != 2 or bias.shape != weight.shape[1:]:
            return None
        return cls(product.input[0], parts[0], product.input[1], next(n for n in add.input if n in graph.constants))


def _inputs(node: Any) -> Iterator[str]:  # noqa: ANN401 - onnx is untyped
    """What a node reads, the graphs in its attributes included."""
    yield from node.input
    for attribute in node.attribute:
        for graph in (attribute.g, *attribute.graphs):
            for inner in graph.node:
                yield from _inputs(inner)
