"""Which samples an epoch takes of each corpus, and how they are grouped into batches: pure functions of a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Mixture", "grouped", "quotas"]

_POOL = 50
"""Batches whose samples are sorted by length together."""


def quotas(sizes: Mapping[str, int], caps: Mapping[str, int], temperature: float, epoch_size: int) -> dict[str, int]:
    """How many samples of each selection one epoch takes.

    A selection counts as its size, at most its cap; shares go by those counts to the power 1/temperature.

    Args:
        sizes: samples per selection.
        caps: the most a selection counts as.
        temperature: 1 keeps proportions, more brings small selections forward.
        epoch_size: samples of an epoch; 0 for the sum of the counts.
    """
    counts = {name: min(size, caps.get(name, size)) for name, size in sizes.items() if size}
    weights = {name: count ** (1.0 / temperature) for name, count in counts.items()}
    total = epoch_size or sum(counts.values())
    return {name: max(1, round(total * weight / sum(weights.values()))) for name, weight in weights.items()}


@dataclass(frozen=True, slots=True)
class Mixture:
    """Samples of several selections, numbered through in their order, and what each epoch takes of them.

    Every selection is gone through in an order of its own, anew each time it is used up, so that over epochs all
    samples of a capped one have their turn.
    """

    sizes: Mapping[str, int]
    quotas: Mapping[str, int]
    seed: int

    def epoch(self, number: int) -> NDArray[np.intp]:
        """The samples of an epoch (from 0), by number."""
        taken, offset = [], 0
        for place, (name, size) in enumerate(self.sizes.items()):
            quota = self.quotas.get(name, 0)
            places = np.arange(number * quota, (number + 1) * quota)
            for turn in np.unique(places // max(size, 1)):
                order = np.random.default_rng([self.seed, place, int(turn)]).permutation(size)
                taken.append(offset + order[places[places // size == turn] % size])
            offset += size
        return np.concatenate(taken).astype(np.intp)

    def batches(self, number: int, lengths: Sequence[int], batch: int) -> list[NDArray[np.intp]]:
        """The batches of an epoch, in order."""
        return grouped(self.epoch(number), lengths, batch, np.random.default_rng([self.seed, number]))


def grouped(
    samples: NDArray[np.intp], lengths: Sequence[int], batch: int, rng: np.random.Generator
) -> list[NDArray[np.intp]]:
    """Batches of samples of like length, in random order: samples are sorted within random pools alone."""
    shuffled = rng.permutation(samples)
    sizes = np.asarray(lengths)
    batches: list[NDArray[np.intp]] = []
    for at in range(0, len(shuffled), _POOL * batch):
        pool = shuffled[at : at + _POOL * batch]
        pool = pool[np.argsort(sizes[pool], kind="stable")]
        batches.extend(pool[i : i + batch] for i in range(0, len(pool), batch))
    return [batches[i] for i in rng.permutation(len(batches))]
