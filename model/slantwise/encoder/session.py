"""The network at work: an ONNX file, run on sub-tokens batch by batch, one thread, the same bits in any batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.encoder.alignment import Aligned
from slantwise.encoder.onnx_file import check_network_file
from slantwise.errors import SlantwiseError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["Outputs", "Session", "padded_length"]

_STEP = 8
_BUDGET = 512
"""Sub-tokens in a batch: 256 to 512 were measured to be fastest."""
_INPUTS = ("input_ids", "attention_mask", "case_ids")
_OUTPUTS = ("tasks", "tags", "stance")


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the network says of one window: `tasks` (columns,), `tags` (tokens, columns), `stance` (tokens, 3)."""

    tasks: NDArray[np.float32]
    tags: NDArray[np.float32]
    stance: NDArray[np.float32]


def padded_length(tokens: int) -> int:
    """The length a window is padded to. It depends on the window alone, and so does the order of every sum over it."""
    return -(-tokens // _STEP) * _STEP


class Session:
    """A loaded network.

    A window's outputs are the same bits alone and in any batch: activations have fixed scales, a batch holds windows
    of one padded length, and what remains in floating point is summed within a window.

    Args:
        path: the ONNX file.
        widths: columns of the outputs `tasks` and `tags`.

    Raises:
        SlantwiseError: the file is no network, is not the one asked for, or reaches outside itself.
    """

    def __init__(self, path: Path, widths: tuple[int, int]) -> None:
        self.path = path
        data = path.read_bytes()
        check_network_file(data, str(path))
        self._session = _open(data, path)
        outputs = {out.name: out.shape[-1] for out in self._session.get_outputs()}
        expected = dict(zip(_OUTPUTS, (*widths, 3), strict=True))
        inputs = sorted(each.name for each in self._session.get_inputs())
        fits = outputs.keys() == expected.keys() and all(
            not isinstance(outputs[name], int) or outputs[name] == width for name, width in expected.items()
        )
        if not fits or not set(inputs) <= set(_INPUTS):
            found = f"{', '.join(inputs)} to {', '.join(f'{n} {w}' for n, w in outputs.items())}"
            wanted = f"{', '.join(_INPUTS)} to {', '.join(f'{n} {w}' for n, w in expected.items())} in {path}"
            raise SlantwiseError(wanted, found, "export the model anew")
        self._inputs = inputs

    def run(self, windows: Sequence[Aligned]) -> list[Outputs]:
        """What the network says of each window.

        Raises:
            SlantwiseError: the network cannot compute it: it and its tokenizer do not belong together.
        """
        found: dict[int, Outputs] = {}
        for batch in _batches([len(window.ids) for window in windows]):
            feed = _feed([windows[i] for i in batch])
            try:
                tasks, tags, stance = self._session.run(_OUTPUTS, {name: feed[name] for name in self._inputs})
            except Exception as error:  # as in `_open`
                reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
                raise SlantwiseError(f"{self.path} to read a sentence", reason, "export the model anew") from error
            for row, i in enumerate(batch):
                size = len(windows[i].ids)
                # copies, so that a kept reading does not keep its whole batch
                found[i] = Outputs(tasks[row].copy(), tags[row, :size].copy(), stance[row, :size].copy())
        return [found[i] for i in range(len(windows))]


def _open(data: bytes, path: Path) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own types are made at run time and share no base
        reason = str(error).strip().splitlines()
        raise SlantwiseError(
            f"a network that loads in {path}", reason[0][:200] if reason else type(error).__name__, "export it anew"
        ) from error


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Windows by padded length, within the budget; windows of two lengths never share a batch."""
    batches: list[list[int]] = []
    size = 0
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        length = padded_length(lengths[i])
        if length != size or (len(batches[-1]) + 1) * length > _BUDGET:
            batches.append([])
            size = length
        batches[-1].append(i)
    return batches


def _feed(windows: Sequence[Aligned]) -> dict[str, NDArray[np.int64]]:
    length = padded_length(max(len(window.ids) for window in windows))
    ids, mask, cases = np.zeros((3, len(windows), length), dtype=np.int64)
    for row, window in enumerate(windows):
        size = len(window.ids)
        ids[row, :size], mask[row, :size], cases[row, :size] = window.ids, 1, window.cases
    return dict(zip(_INPUTS, (ids, mask, cases), strict=True))
