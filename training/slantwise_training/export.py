"""From a trained network to the files that scoring reads: ONNX, int8 by default, compared with torch on the way."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slantwise.encoder import FILES
from slantwise.encoder.alignment import Aligned, align
from slantwise.encoder.session import Outputs, Session
from slantwise.errors import SlantwiseError

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import nn

    from slantwise_training.encoder.network import NetworkShape, SlantwiseNetwork
    from slantwise_training.graph import Graph
    from slantwise_training.smooth import Feed

__all__ = ["PARITY", "ExportReport", "Precision", "export", "settings_of"]

PARITY = 1e-4
"""The most that a logit of the float network may differ between torch and ONNX, as a share of max(1, |logit|)."""
_INPUTS = ("input_ids", "attention_mask", "case_ids")
_OUTPUTS = ("tasks", "tags", "stance")
_OPSET = 17
_LEAST_TEXTS = 8
_HELD_BACK = 4
"""One calibration text in this many takes no part in it and measures the drift."""


class Precision(StrEnum):
    """What the exported network computes in."""

    INT8 = "int8"
    """7 bits of weights in 8: nothing saturates, and scores differ between x86 machines in the last digits at most."""
    INT8_FULL = "int8-full"
    """8 bits of weights: a little nearer to fp32, but processors without VNNI may saturate and score otherwise."""
    FP32 = "fp32"


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What came of an export.

    Args:
        precision: of the network written.
        megabytes: of `model.onnx`, in millions of bytes.
        parity: the largest difference of the float network between torch and ONNX, as a share of max(1, |logit|).
        drift: per output, the mean distance of its logits from the float network's, as a share of their standard
            deviation over held-back texts; 0 for fp32.
        sentences: per second and core, of the network written, on the held-back texts.
        sentences_fp32: the same, of the float network.
    """

    precision: Precision
    megabytes: float
    parity: float
    drift: Mapping[str, float]
    sentences: float
    sentences_fp32: float


def export(
    network: SlantwiseNetwork,
    shape: NetworkShape,
    tokenizer: Tokenizer,
    calibration_texts: Sequence[str],
    folder: Path,
    precision: Precision | str = Precision.INT8,
    progress: Callable[[str], None] = lambda _: None,
) -> ExportReport:
    """Write `model.onnx` and `tokenizer.json`, which `EncoderBackend.load(folder, settings_of(shape))` reads.

    Args:
        network: trained; left as it is.
        shape: what it answers.
        tokenizer: that it was trained with.
        calibration_texts: a few hundred sentences of training text, for the ranges of activations.
        folder: an existing folder.
        precision: of the network.
        progress: told what is done next.

    Raises:
        SlantwiseError: there are too few texts, or ONNX computes something else than torch.
    """
    precision = Precision(precision)
    texts = list(dict.fromkeys(text for text in calibration_texts if text.strip()))
    if len(texts) < _LEAST_TEXTS:
        found = f"{len(texts)}"
        raise SlantwiseError(f"{_LEAST_TEXTS} or more different texts to calibrate on", found, "give more sentences")
    held = align(tokenizer, [(text, "") for text in texts[::_HELD_BACK]], shape.max_tokens)
    seen = align(tokenizer, [(text, "") for i, text in enumerate(texts) if i % _HELD_BACK], shape.max_tokens)
    widths = shape.task_columns, shape.tag_columns, shape.stance_columns
    with TemporaryDirectory(dir=folder) as temporary:
        plain = Path(temporary) / "fp32.onnx"
        progress("ONNX")
        _write_onnx(network, plain)
        parity = _parity(network, plain, widths, held)
        made = plain
        if precision is not Precision.FP32:
            made = Path(temporary) / "int8.onnx"
            _write_int8(network, seen, made, precision, progress)
        progress("comparison")
        before, fp32_rate = _timed(Session(plain, widths), held)
        after, rate = (before, fp32_rate) if made is plain else _timed(Session(made, widths), held)
        made.replace(folder / FILES[0])
    tokenizer.save(str(folder / FILES[1]))
    size = (folder / FILES[0]).stat().st_size / 1e6
    return ExportReport(precision, size, parity, _drift(before, after), rate, fp32_rate)


def settings_of(shape: NetworkShape) -> dict[str, Any]:
    """What `EncoderBackend.load` must know of a network."""
    layers = [{"name": name, "tags": list(tags)} for name, tags in shape.layers]
    tasks = [str(task) for task in shape.tasks]
    views = [str(view) for view in shape.views]
    return {"tasks": tasks, "layers": layers, "stance": True, "views": views, "max_tokens": shape.max_tokens}


def _write_int8(
    network: SlantwiseNetwork,
    texts: Sequence[Aligned],
    target: Path,
    precision: Precision,
    progress: Callable[[str], None],
) -> None:
    from slantwise_training.quantise import quantise
    from slantwise_training.smooth import smoothed

    reduced = precision is Precision.INT8
    progress("smoothing")
    smooth = target.with_name("smooth.onnx")
    _write_onnx(smoothed(network, [_tensors(text) for text in texts], 7 if reduced else 8), smooth)
    progress("quantisation")
    quantise(smooth, target, [_arrays(text) for text in texts], reduced=reduced)


def _write_onnx(network: nn.Module, path: Path) -> None:
    """Trace the network on two invented rows, sentences and tokens staying free, and make of it what computes fast."""
    import torch

    from slantwise_training.fuse import fuse
    from slantwise_training.graph import Graph

    ids = torch.ones((2, 16), dtype=torch.int64)
    axes = {name: {0: "sentences", 1: "tokens"} for name in (*_INPUTS, "tags", "stance")}
    with warnings.catch_warnings(), torch.no_grad(), _plain_inputs(network):
        # the older exporter is chosen on purpose: its graphs quantise, and it says of itself that it is the older one
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(),
            (ids, ids.clone(), ids.clone()),
            str(path),
            dynamo=False,
            opset_version=_OPSET,
            input_names=list(_INPUTS),
            output_names=list(_OUTPUTS),
            dynamic_axes={**axes, "tasks": {0: "sentences"}},
        )
    graph = Graph(path)
    _pool_by_product(graph)
    fuse(graph)
    graph.write(path)


@contextmanager
def _plain_inputs(network: nn.Module) -> Iterator[None]:
    """Tell a BERT its mask, positions and segments as it uses them; what makes them of less is sixty more nodes."""
    import torch

    def given(module: Any, args: Any, named: dict[str, Any]) -> tuple[Any, dict[str, Any]]:  # noqa: ANN401
        mask = named["attention_mask"]
        positions = torch.arange(mask.shape[1]).unsqueeze(0)
        # one row for each token that looks: Attention does not spread a mask
        hidden = (positions.unsqueeze(-1) * 0 + 1 - mask[:, None, None, :]) * torch.finfo(torch.float32).min
        plain = {"position_ids": positions, "token_type_ids": torch.zeros_like(positions), "attention_mask": hidden}
        return args, named | plain

    encoder: Any = network.get_submodule("encoder")
    if encoder.config.model_type != "bert":
        yield
        return
    hook = encoder.register_forward_pre_hook(given, with_kwargs=True)
    try:
        yield
    finally:
        hook.remove()


def _pool_by_product(graph: Graph) -> None:
    """Let the tasks' sum over a sentence's tokens be a product with the mask, whose weights are 0 on padding anyway.

    onnxruntime adds up one sentence in another order than several (its ReduceSum drops a first dimension of 1), which
    is seen in a score's last digits. A product is computed sentence by sentence.
    """
    from onnx import TensorProto, helper

    total = graph.maker("tasks", "ReduceSum")
    if total is None:
        return
    names = ["pooling.mask", "pooling.row", "pooling.sum"]
    graph.constants["pooling.axis"] = np.array([1], dtype=np.int64)
    graph.nodes = [node for node in graph.nodes if node is not total]
    graph.nodes += [
        helper.make_node("Cast", ["attention_mask"], names[:1], "pooling/cast", to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", [names[0], "pooling.axis"], names[1:2], "pooling/row"),
        helper.make_node("MatMul", [names[1], total.input[0]], names[2:], "pooling/sum"),
        helper.make_node("Squeeze", [names[2], "pooling.axis"], ["tasks"], "pooling/squeeze"),
    ]
    graph.index()


def _parity(network: SlantwiseNetwork, path: Path, widths: tuple[int, int, int], texts: Sequence[Aligned]) -> float:
    """The largest difference between torch and ONNX, as a share of max(1, |logit|).

    Raises:
        SlantwiseError: it is more than `PARITY`.
    """
    import torch

    worst = 0.0
    for text, found in zip(texts, Session(path, widths).run(texts), strict=True):
        with torch.no_grad():
            expected = [each[0].numpy() for each in network(*_tensors(text))]
        for mine, other in zip((found.tasks, found.tags, found.stance), expected, strict=True):
            if mine.size:
                worst = max(worst, float((np.abs(mine - other) / np.maximum(np.abs(other), 1.0)).max()))
    if not worst <= PARITY:
        expected_text = f"ONNX within {PARITY} of torch"
        raise SlantwiseError(expected_text, f"a difference of {worst:.2g}", "use the versions of constraints.txt")
    return worst


def _timed(session: Session, texts: Sequence[Aligned]) -> tuple[list[Outputs], float]:
    session.run(texts[:_LEAST_TEXTS])
    start = perf_counter()
    outputs = session.run(texts)
    return outputs, len(texts) / (perf_counter() - start)


def _drift(before: Sequence[Outputs], after: Sequence[Outputs]) -> dict[str, float]:
    found = {}
    for name in _OUTPUTS:
        a, b = (np.concatenate([np.atleast_2d(getattr(each, name)) for each in some]) for some in (before, after))
        if a.size:
            spread = a.std(axis=0)
            known = spread > 0
            found[name] = float((np.abs(a - b).mean(axis=0)[known] / spread[known]).mean()) if known.any() else 0.0
    return found


def _arrays(text: Aligned) -> dict[str, NDArray[np.int64]]:
    """One sentence as the network's inputs, without padding, which would widen the ranges for nothing."""
    ids, cases = np.array([text.ids], dtype=np.int64), np.array([text.cases], dtype=np.int64)
    return {"input_ids": ids, "attention_mask": np.ones_like(ids), "case_ids": cases}


def _tensors(text: Aligned) -> Feed:
    import torch

    ids, mask, cases = (torch.from_numpy(each) for each in _arrays(text).values())
    return ids, mask, cases
