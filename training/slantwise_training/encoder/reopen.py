"""A model folder as a network again: what was exported to ONNX, int8 or not, goes on learning.

Weights of an int8 model come back as what its integers stand for, and what smoothing moved out of the activations goes
back into them: the network computes what the model does, but for the rounding of activations.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from slantwise.encoder import FILES
from slantwise.encoder.views import views_of
from slantwise.errors import SlantwiseError
from slantwise.files import read_json
from slantwise.labels import Task
from slantwise.model_folder import load_model
from slantwise_training.encoder.network import EAGER, NetworkShape, SlantwiseNetwork, without_pooler
from slantwise_training.graph import Graph

__all__ = ["ARCHITECTURE", "architecture", "reopen"]

ARCHITECTURE = "encoder"
"""The key of `config.json` that holds the configuration of the encoder, for `reopen`."""
_NOT_OF_THE_NETWORK = ("architectures", "dtype", "torch_dtype", "transformers_version")
_PASSED_THROUGH = ("DequantizeLinear", "QuantizeLinear", "Reshape")


def architecture(network: SlantwiseNetwork) -> dict[str, Any]:
    """What must be known of an encoder, beside its weights, to build it again."""
    config: Any = network.encoder.config
    known = config.to_diff_dict() | {"model_type": config.model_type}
    return {key: value for key, value in sorted(known.items()) if key not in _NOT_OF_THE_NETWORK}


def reopen(folder: Path) -> tuple[SlantwiseNetwork, NetworkShape, Tokenizer]:
    """Read a model folder of the encoder family as a network, in evaluation mode, on the CPU.

    Raises:
        SlantwiseError: it is no sound model, of another family, or was made before `config.json` told its architecture.
    """
    from transformers import AutoConfig, AutoModel

    load_model(folder)  # its files are what its config says
    config = read_json(folder / "config.json")
    if config.get("family") != "encoder" or ARCHITECTURE not in config:
        found = f"family {config.get('family')!r}" + ", without its architecture" * (config.get("family") == "encoder")
        raise SlantwiseError(f"a model to go on from in {folder}", found, "name another base")
    try:
        weights = dict(_Exported(folder / FILES[0]).parameters())
        settings, about = config["model"], dict(config[ARCHITECTURE])
        encoder = AutoModel.from_config(AutoConfig.for_model(about.pop("model_type"), **about), **EAGER)
        shape = NetworkShape(
            tuple(Task(name) for name in settings["tasks"]),
            tuple((layer["name"], tuple(layer["tags"])) for layer in settings["layers"]),
            int(encoder.config.hidden_size),
            str(config.get("base", folder.name)),
            int(settings["max_tokens"]),
            "case.weight" in weights,
            views_of(settings),
        )
        network = SlantwiseNetwork(without_pooler(encoder), shape)
        network.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in weights.items()})
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        reason = f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"
        raise SlantwiseError(f"a network of ours in {folder}", reason, "name another base") from error
    tokenizer = Tokenizer.from_file(str(folder / FILES[1]))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return network.eval(), shape, tokenizer


class _Exported(Graph):
    """An exported graph, from which each parameter is read under the name that torch knows it by."""

    def parameters(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Each parameter's name and values."""
        for name, value in self.constants.items():
            stem, _, kind = name.rpartition(".")
            if kind == "rows":
                yield stem, value.astype(np.float32) * self.constants[f"{stem}.scales"]
            elif kind in ("weight", "bias"):
                yield name, value
        for node in self.nodes:
            weight = self._values(node.input[1]) if node.op_type in ("Gemm", "MatMul") else None
            if weight is None:
                continue
            # the exporter names a product by its module: /encoder/encoder/layer.0/output/dense/MatMul
            module = node.name.strip("/").rpartition("/")[0].replace("/", ".")
            yield f"{module}.weight", np.ascontiguousarray((weight * self._factor(node.input[0])).T)
            bias = self._values(node.input[2]) if len(node.input) > 2 else None
            if bias is not None:
                yield f"{module}.bias", bias

    def _values(self, name: str) -> NDArray[np.float32] | None:
        """The matrix (in, out) or the bias of an input that is one."""
        if name in self.constants:
            return self.constants[name]
        node = self.made_by.get(name)
        if node is None or node.op_type != "DequantizeLinear" or node.input[0] not in self.constants:
            return None
        integers, scales = (self.constants[each] for each in node.input[:2])
        return np.asarray(integers.astype(np.float32) * scales, dtype=np.float32)

    def _factor(self, name: str) -> NDArray[np.float32]:
        """What smoothing multiplies an input with, as a column (in, 1); 1 where it does not."""
        node = self.made_by.get(name)
        while node is not None and node.op_type in _PASSED_THROUGH:
            node = self.made_by.get(node.input[0])
        factor = self.constants.get(node.input[1]) if node is not None and node.op_type == "Mul" else None
        # a Mul of the activation function has a single number
        known = factor is not None and factor.ndim == 1 and factor.size > 1
        return factor[:, None] if known and factor is not None else np.ones((1, 1), np.float32)
