"""The network at work: an ONNX file, run on sub-tokens batch by batch, one thread, the same bits in any batch."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.encoder.alignment import Aligned
from slantwise.encoder.onnx_file import check_network_file
from slantwise.errors import SlantwiseError
from slantwise.fields import shown
from slantwise.plain_text import plain

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["Outputs", "Session", "padded_length"]

_STEP = 4
"""Lengths are padded to multiples of it: fewer make small batches, more compute padding. 4 is 9 % faster than 8."""
_BUDGET = 256
"""Sub-tokens in a batch: with more, what lies between the products outgrows the processor's cache."""
_SLOW = ("SkipLayerNormFusion",)
"""Rewritings that onnxruntime does by itself and that cost time: this operator takes six times its two parts' time."""
_MOST_MEMORY = 4 << 30
"""Bytes that networks may take: a file has at most 2 GiB, and its weights may be kept twice. It stops a bomb."""
_INPUTS = ("input_ids", "attention_mask", "case_ids")
_OUTPUTS = ("tasks", "tags", "stance")


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the network says of one window: `tasks` (columns,), `tags` (tokens, columns), `stance` (tokens, columns)."""

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
        widths: columns of the outputs `tasks`, `tags` and `stance`.

    Raises:
        SlantwiseError: the file is no network, is not the one asked for, or reaches outside itself.
    """

    def __init__(self, path: Path, widths: tuple[int, int, int]) -> None:
        self.path = path
        data = path.read_bytes()
        check_network_file(data, str(path))
        self._session = _open(data, path)
        outputs = {out.name: out.shape[-1] if out.shape else None for out in self._session.get_outputs()}
        self._widths = expected = dict(zip(_OUTPUTS, widths, strict=True))
        inputs = sorted(each.name for each in self._session.get_inputs())
        fits = outputs.keys() == expected.keys() and all(
            not isinstance(outputs[name], int) or outputs[name] == width for name, width in expected.items()
        )
        if not fits or not set(inputs) <= set(_INPUTS):
            found = shown(f"{', '.join(inputs)} to {', '.join(f'{n} {w}' for n, w in outputs.items())}")
            wanted = f"{', '.join(_INPUTS)} to {', '.join(f'{n} {w}' for n, w in expected.items())} in {path}"
            raise SlantwiseError(wanted, found, "export the model anew")
        self._inputs = inputs

    def run(self, windows: Sequence[Aligned]) -> list[Outputs]:
        """What the network says of each window.

        Raises:
            SlantwiseError: the network cannot compute it, or computes something else: it and its tokenizer do not
                belong together, or it is damaged.
        """
        found: dict[int, Outputs] = {}
        for batch in _batches([len(window.ids) for window in windows]):
            feed = _feed([windows[i] for i in batch])
            try:
                answers = self._session.run(_OUTPUTS, {name: feed[name] for name in self._inputs})
            except Exception as error:  # as in `_open`
                expected = f"{self.path} to read a sentence"
                raise SlantwiseError(expected, _reason(error), "export the model anew") from error
            self._check(answers, feed["input_ids"].shape)
            tasks, tags, stance = answers
            for row, i in enumerate(batch):
                size = len(windows[i].ids)
                # copies, so that a kept reading does not keep its whole batch
                found[i] = Outputs(tasks[row].copy(), tags[row, :size].copy(), stance[row, :size].copy())
        return [found[i] for i in range(len(windows))]

    def _check(self, answers: Sequence[NDArray[np.float32]], size: tuple[int, ...]) -> None:
        """What a graph says of its outputs is no promise: shapes may be left open, and numbers are what they are."""
        shapes = ((size[0],), size, size)
        for (name, width), answer, shape in zip(self._widths.items(), answers, shapes, strict=True):
            expected = (*shape, width)
            if not isinstance(answer, np.ndarray) or answer.shape != expected or answer.dtype != np.float32:
                found = f"{answer.dtype} of {answer.shape}" if isinstance(answer, np.ndarray) else type(answer).__name__
                wanted = f"float32 of {expected} as {name} from {self.path}"
                raise SlantwiseError(wanted, found, "export the model anew")
            if not np.isfinite(answer).all():
                raise SlantwiseError(f"finite numbers as {name} from {self.path}", "others", "export the model anew")


def _open(data: bytes, path: Path) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4
    # a file that is two formats at once is read as the one that was checked
    options.add_session_config_entry("session.load_model_format", "ONNX")
    if _limit_memory():
        options.add_session_config_entry("session.use_env_allocators", "1")
    try:
        return onnxruntime.InferenceSession(
            data, options, providers=["CPUExecutionProvider"], disabled_optimizers=list(_SLOW)
        )
    except Exception as error:  # onnxruntime's own types are made at run time and share no base
        raise SlantwiseError(f"a network that loads in {path}", _reason(error), "export it anew") from error


@cache
def _limit_memory() -> bool:
    """Give this process's networks an allocator that ends at `_MOST_MEMORY`; false where onnxruntime has none."""
    import onnxruntime as ort

    with suppress(Exception):  # as in `_open`; without it networks are merely not held to a limit
        place = ort.OrtMemoryInfo("Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT)
        ort.create_and_register_allocator(place, ort.OrtArenaCfg(_MOST_MEMORY, -1, -1, -1))
        return True
    return False


def _reason(error: Exception) -> str:
    """What went wrong, on one line of printable characters."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return plain(lines[0])[:200]


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
