"""The training loop.

It is a plain one rather than the Hugging Face Trainer: batches here are a pure function of seed and epoch, so a run
resumes to the same bits, checkpoints hold no pickle, and the loss is masked per head.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from time import monotonic
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from slantwise.errors import SlantwiseError
from slantwise_training.encoder.batches import Encoded, collate
from slantwise_training.encoder.checkpoint import Checkpoints, Place
from slantwise_training.encoder.dev import DevSet
from slantwise_training.encoder.loss import losses
from slantwise_training.encoder.mixing import Mixture
from slantwise_training.encoder.network import NetworkShape, SlantwiseNetwork
from slantwise_training.recipe import EncoderRecipe

__all__ = ["Fit", "Moment", "Watch", "device", "has_bf16", "mean_score", "parameter_groups", "uses_bf16"]

_LOG_EVERY = 20
_CLIP = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A step of a run, as those who watch are told; `scores` are there after a look at dev."""

    step: int
    steps: int
    loss: float
    sentences_per_second: float
    scores: dict[str, float] | None = None


Watch = Callable[[Moment], None]


@dataclass(frozen=True, slots=True)
class Fit:
    """One training run: what it trains on, how, and where it keeps its state."""

    shape: NetworkShape
    recipe: EncoderRecipe
    seed: int
    samples: Sequence[Encoded]
    mixture: Mixture
    dev: DevSet
    checkpoints: Checkpoints
    pad: int
    watch: Watch = lambda _: None
    stances: Tensor | None = None
    """What each stance column counts, see `stance_weights`."""

    def run(self, network: SlantwiseNetwork) -> Place:
        """Train to the end, from the last checkpoint where there is one; the network is left with the best weights.

        Raises:
            AskedWrong: the checkpoint is another run's.
            SlantwiseError: the loss is no longer a number.
        """
        self.checkpoints.folder.mkdir(parents=True, exist_ok=True)
        network.to(device()).train()
        torch.manual_seed(self.seed)
        optimiser = torch.optim.AdamW(parameter_groups(network, self.recipe), fused=True)
        place = self.checkpoints.resume(network, optimiser)
        lengths = [len(s.ids) for s in self.samples]
        per_epoch = len(self.mixture.batches(0, lengths, self.recipe.batch))
        steps = per_epoch * self.recipe.epochs
        pace = _Pace()
        while place.step < steps and not place.ended:
            epoch, at = divmod(place.step, per_epoch)
            for rows in self.mixture.batches(epoch, lengths, self.recipe.batch)[at:]:
                parts = self._step(network, optimiser, rows, place.step, steps)
                place.step += 1
                pace.add(len(rows), parts["loss"])
                if place.step % _LOG_EVERY == 0:
                    self._tell(place.step, steps, pace, parts)
                if self._is_time_to_look(place.step, per_epoch):
                    self._look(network, place, steps, pace)
                if place.step % self.recipe.checkpoint_every == 0 and not place.ended:
                    self.checkpoints.save(network, optimiser, place)
                if place.ended:
                    break
        self.checkpoints.save(network, optimiser, place)
        if place.best >= 0:
            self.checkpoints.load_best(network, place.best_step)
        network.to("cpu").eval()
        return place

    def _step(
        self, network: SlantwiseNetwork, optimiser: torch.optim.Optimizer, rows: Any, step: int, steps: int  # noqa: ANN401
    ) -> dict[str, float]:
        """One step of the optimiser; gives the loss, whole and per part."""
        factor = _schedule(step, steps, self.recipe.warmup)
        for group in optimiser.param_groups:
            group["lr"] = group["highest"] * factor
        caseless = np.random.default_rng([self.seed, 1, step]).random(len(rows)) < self.recipe.case_dropout
        batch = collate([self.samples[i] for i in rows], self.pad, list(caseless)).to(device())
        with torch.autocast(device().type, dtype=torch.bfloat16, enabled=uses_bf16(self.recipe)):
            outputs = network(batch.input_ids, batch.attention_mask, batch.case_ids)
        parts = losses(outputs, batch, self.shape, self.stances)
        loss = torch.stack([self._weight(name) * value for name, value in parts.items()]).sum()
        # one question to the device, not one per part
        values = dict(zip(("loss", *parts), torch.stack([loss, *parts.values()]).tolist(), strict=True))
        if not isfinite(values["loss"]):
            raise SlantwiseError("a loss that is a number", f"{values['loss']} at step {step}", "lower encoder_rate")
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
        optimiser.step()
        return values

    def _weight(self, part: str) -> float:
        if part in self.recipe.weights:
            return self.recipe.weights[part]
        if part.startswith("layers."):
            return self.recipe.layer_weight
        return self.recipe.stance_weight if part == "stance" else 1.0

    def _tell(self, step: int, steps: int, pace: _Pace, parts: dict[str, float]) -> None:
        loss, speed = pace.take()
        rounded = {name: round(value, 4) for name, value in parts.items() if name != "loss"}
        line = {"step": step, "loss": round(loss, 4), "sentences_per_second": round(speed, 1)}
        self.checkpoints.write(line | rounded)
        self.watch(Moment(step, steps, loss, speed))

    def _is_time_to_look(self, step: int, per_epoch: int) -> bool:
        every = max(1, per_epoch // self.recipe.evaluations)
        within = step % per_epoch
        # the last look of an epoch is at its end
        return within == 0 or (within % every == 0 and per_epoch - within >= every)

    def _look(self, network: SlantwiseNetwork, place: Place, steps: int, pace: _Pace) -> None:
        """Score on dev; keep the best weights; end when nothing has got better for long."""
        scores = self.dev.score(network, uses_bf16(self.recipe))
        mean = mean_score(scores)
        better = mean > place.best
        place.worse = 0 if better else place.worse + 1
        if better:
            place.best, place.best_step, place.scores = mean, place.step, scores
            self.checkpoints.save_best(network, place.step)
        place.ended = place.worse >= self.recipe.patience
        rounded = {name: round(value, 4) for name, value in scores.items()}
        self.checkpoints.write({"step": place.step, "dev": round(mean, 4), **rounded})
        self.watch(Moment(place.step, steps, pace.loss, pace.speed, scores))
        pace.restart()


class _Pace:
    """The mean loss and the sentences a second since it was last asked."""

    def __init__(self) -> None:
        self.loss = self.speed = 0.0
        self.restart()

    def restart(self) -> None:
        self._since, self._sentences, self._losses = monotonic(), 0, list[float]()

    def add(self, sentences: int, loss: float) -> None:
        self._sentences += sentences
        self._losses.append(loss)

    def take(self) -> tuple[float, float]:
        self.speed = self._sentences / max(monotonic() - self._since, 1e-9)
        self.loss = sum(self._losses) / max(len(self._losses), 1)
        self.restart()
        return self.loss, self.speed


def device() -> torch.device:
    """Where networks are trained and scored: the GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def mean_score(scores: Mapping[str, float]) -> float:
    """What one network is better than another by: the mean over parts of their dev scores."""
    return sum(scores.values()) / max(len(scores), 1)


def uses_bf16(recipe: EncoderRecipe) -> bool:
    """Whether matrices are multiplied in bfloat16."""
    return recipe.precision == "bf16" or (recipe.precision == "auto" and has_bf16())


def has_bf16() -> bool:
    """Whether this machine multiplies bfloat16 in hardware: a GPU that can, or a CPU with AVX512-BF16 or AMX."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    # torch has no public question for this; an older one that lacks it trains in float32
    asked = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(asked is not None and asked())


def parameter_groups(network: SlantwiseNetwork, recipe: EncoderRecipe) -> list[dict[str, Any]]:
    """Parameters by rate and decay.

    Heads go at `head_rate`, the top layer of the encoder at `encoder_rate`, each layer below at `layer_decay` times the
    one above, embeddings lowest. Biases and norms are not decayed.
    """
    depths = [_depth(name) for name, _ in network.named_parameters()]
    top = max((depth for depth in depths if depth is not None), default=0)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for (name, parameter), depth in zip(network.named_parameters(), depths, strict=True):
        if name.startswith("encoder."):
            rate = recipe.encoder_rate * recipe.layer_decay ** (top + 1 if depth is None else top - depth)
        else:
            rate = recipe.head_rate
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": parameters, "lr": rate, "highest": rate, "weight_decay": decay}
        for (rate, decay), parameters in groups.items()
    ]


def _depth(name: str) -> int | None:
    """The layer of the encoder that a parameter belongs to; None for heads and embeddings."""
    match = re.match(r"encoder\.(?:.*\.)?layers?\.(\d+)\.", name)
    return int(match.group(1)) if match else None


def _schedule(step: int, steps: int, warmup: float) -> float:
    """The share of the highest rate: up over the first steps, then down to nothing."""
    rising = max(1, int(steps * warmup))
    return (step + 1) / rising if step < rising else (steps - step) / max(1, steps - rising)
