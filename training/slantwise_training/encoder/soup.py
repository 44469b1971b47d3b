"""Networks of several seeds made one, by the mean of their weights.

Networks that went on from the same one stay close enough for the mean of their weights to be a network too, and often a
better one than each: a "model soup" (Wortsman et al., ICML 2022), at the size and speed of one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any

import torch
from torch import Tensor

from slantwise.errors import SlantwiseError
from slantwise_training.encoder.checkpoint import Checkpoints
from slantwise_training.encoder.fit import Watch, device, mean_score, uses_bf16
from slantwise_training.encoder.train import TrainedEncoder, train_encoder
from slantwise_training.examples import Library
from slantwise_training.recipe import Recipe

__all__ = ["soup_of", "state_of_seed", "train_encoders"]


def train_encoders(
    recipe: Recipe,
    root: Path,
    state: Path,
    progress: Callable[[str], None] = lambda _: None,
    watch: Watch = lambda _: None,
    library: Library | None = None,
) -> TrainedEncoder:
    """Train a recipe with each of its `seeds` and average what comes out; as `train_encoder` does where it has none.

    Each seed's run keeps its state in a folder of its own, see `state_of_seed`. The arguments and errors are
    `train_encoder`'s.
    """
    assert recipe.encoder is not None
    seeds = recipe.encoder.seeds
    if not seeds:
        return train_encoder(recipe, root, state, progress, watch, library)
    library = library or Library(root)
    members: list[TrainedEncoder] = []
    for seed in seeds:
        progress(f"with seed {seed}, {len(members) + 1} of {len(seeds)}")
        alone = recipe.of_seed(seed)
        members.append(train_encoder(alone, root, state_of_seed(state, seed), progress, watch, library))
    progress("average")
    return soup_of(members, seeds, uses_bf16(recipe.encoder), Checkpoints(state, "").write)


def state_of_seed(state: Path, seed: int) -> Path:
    """Where one seed's run keeps its log and checkpoints."""
    return state / f"seed-{seed}"


def soup_of(
    members: Sequence[TrainedEncoder],
    seeds: Sequence[int],
    autocast: bool,
    log: Callable[[Mapping[str, Any]], None] = lambda _: None,
) -> TrainedEncoder:
    """Average networks; where dev likes that less than a single one, as they are on average, take the best one alone.

    The best of several is lucky on dev as well as good, so an average that is as good need not reach its score. All or
    one: which seeds to leave out is more than a dev set of this size can tell (docs/training-log.md).

    Args:
        members: networks of one recipe; the best one's becomes the average.
        seeds: of the members.
        autocast: whether dev is scored in bfloat16, as it was in training.
        log: told the seeds, the mean and the parts' dev scores of the average.

    Raises:
        SlantwiseError: the members differ in what they answer.
    """
    if any(member.shape != members[0].shape for member in members):
        do = "train them on the same corpora"
        raise SlantwiseError("networks that answer the same, to average", "labels that differ", do)
    best, seed = max(zip(members, seeds, strict=True), key=lambda each: mean_score(each[0].report.scores))
    # load_state_dict writes into the best one's own tensors
    alone = {name: tensor.clone() for name, tensor in best.network.state_dict().items()}
    best.network.load_state_dict(_mean([member.network.state_dict() for member in members]))
    scores = best.dev.score(best.network.to(device()), autocast)
    told = f"the mean of {len(seeds)} networks', of seeds {', '.join(map(str, seeds))}"
    best.network.to("cpu")
    rounded = {part: round(score, 4) for part, score in scores.items()}
    log({"averaged": seeds, "dev": round(mean_score(scores), 4), **rounded})
    if mean_score(scores) < mean(mean_score(member.report.scores) for member in members):
        scores, told = best.report.scores, f"those of seed {seed}: dev likes the mean of all less than single ones"
        best.network.load_state_dict(alone)
    seconds: Counter[str] = Counter()
    for member in members:
        seconds.update(member.report.seconds)
    return replace(best, report=replace(best.report, scores=scores, seconds=dict(seconds), weights=told))


def _mean(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each tensor."""
    return {name: torch.stack([state[name] for state in states]).mean(dim=0) for name in states[0]}
