"""Training as files: weights, optimiser, random state and place, so that a killed run goes on as if it had not been."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.files import atomic_folder
from slantwise_training.encoder.network import SlantwiseNetwork

__all__ = ["Checkpoints", "Place"]

_STATE, _WEIGHTS, _PLACE = "state.safetensors", "weights.safetensors", "place.json"


@dataclass(slots=True)
class Place:
    """Where a training run is.

    `step` counts optimiser steps done; `best` is the best mean dev score, reached at `best_step` with these `scores`;
    `worse` counts the scores since that were no better.
    """

    step: int = 0
    best: float = -1.0
    best_step: int = 0
    worse: int = 0
    scores: dict[str, float] = field(default_factory=dict)
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """The last checkpoint and the best weights of one run, in a folder of its own.

    `fingerprint` stands for everything the run depends on; a folder that holds another run is refused.
    """

    folder: Path
    fingerprint: str

    @property
    def log(self) -> Path:
        """The run's log, one JSON object a line."""
        return self.folder / "log.jsonl"

    def save(self, network: SlantwiseNetwork, optimiser: torch.optim.Optimizer, place: Place) -> None:
        """Write a checkpoint, then remove the one before: a kill at any moment leaves a whole one."""
        from safetensors.torch import save_file

        tensors = {f"{key}.{name}": value for key, name, value in _tensors(optimiser)}
        tensors["rng.cpu"] = torch.get_rng_state()
        if torch.cuda.is_available():
            tensors |= {f"rng.cuda.{i}": state for i, state in enumerate(torch.cuda.get_rng_state_all())}
        here = self._checkpoint(place.step)
        with atomic_folder(here) as part:
            save_file(_plain(network.state_dict()), part / _WEIGHTS)
            save_file(_plain(tensors), part / _STATE)
            about = {"fingerprint": self.fingerprint} | asdict(place)
            (part / _PLACE).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        self._prune({here, self._best(place.best_step)})

    def resume(self, network: SlantwiseNetwork, optimiser: torch.optim.Optimizer) -> Place:
        """Put the last checkpoint's state back; a new place where there is none.

        Raises:
            AskedWrong: the checkpoint is another run's.
            SlantwiseError: it cannot be read.
        """
        from safetensors.torch import load_file

        found = sorted(self.folder.glob("step-*"))
        if not found:
            self._forget_after(0)
            return Place()
        last = found[-1]
        try:
            about = json.loads((last / _PLACE).read_text(encoding="utf-8"))
            if about.pop("fingerprint") != self.fingerprint:
                other = "one of another recipe, other corpora or another version"
                raise AskedWrong(f"a checkpoint of this run in {self.folder}", other, "remove that folder")
            network.load_state_dict(load_file(last / _WEIGHTS))
            state = load_file(last / _STATE)
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise SlantwiseError(f"a sound checkpoint in {last}", str(error), "remove that folder") from error
        _put_back(optimiser, state)
        torch.set_rng_state(state["rng.cpu"])
        if torch.cuda.is_available() and "rng.cuda.0" in state:
            torch.cuda.set_rng_state_all([state[f"rng.cuda.{i}"] for i in range(torch.cuda.device_count())])
        place = Place(**about)
        self._forget_after(place.step)
        return place

    def save_best(self, network: SlantwiseNetwork, step: int) -> None:
        """Keep these weights as the best so far; an earlier best stays until the next checkpoint."""
        from safetensors.torch import save_file

        with atomic_folder(self._best(step)) as part:
            save_file(_plain(network.state_dict()), part / _WEIGHTS)

    def load_best(self, network: SlantwiseNetwork, step: int) -> None:
        """Give a network the best weights."""
        from safetensors.torch import load_file

        network.load_state_dict(load_file(self._best(step) / _WEIGHTS))

    def write(self, line: Mapping[str, Any]) -> None:
        """Append a line to the log."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")

    def remove(self) -> None:
        """Remove checkpoint and best weights, when the run is over; the log stays."""
        self._prune(set())

    def _checkpoint(self, step: int) -> Path:
        return self.folder / f"step-{step:09}"

    def _best(self, step: int) -> Path:
        return self.folder / f"best-{step:09}"

    def _prune(self, kept: set[Path]) -> None:
        """Remove other checkpoints and weights, and what a kill left half written."""
        for pattern in ("step-*", "best-*", ".step-*", ".best-*"):
            for folder in set(self.folder.glob(pattern)) - kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _forget_after(self, step: int) -> None:
        """Drop the log's lines of steps that will be done again."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.is_file() else []
        kept = [line for line in lines if _step_of(line) <= step]
        self.log.write_text("".join(line + "\n" for line in kept), encoding="utf-8")


def _step_of(line: str) -> float:
    try:
        return float(json.loads(line)["step"])
    except (ValueError, KeyError, TypeError):
        # the kill came in the middle of this line
        return float("inf")


def _tensors(optimiser: torch.optim.Optimizer) -> list[tuple[int, str, Tensor]]:
    state = optimiser.state_dict()["state"]
    return [(key, name, value) for key, values in state.items() for name, value in values.items()]


def _put_back(optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        key, _, field_name = name.partition(".")
        if key != "rng":
            state.setdefault(int(key), {})[field_name] = tensor
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})


def _plain(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
