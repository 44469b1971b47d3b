"""Samples as numbers: sub-tokens with their labels, and batches of them as tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from slantwise.encoder.alignment import NO_WORD, Aligned, align
from slantwise_training.encoder.network import NetworkShape
from slantwise_training.encoder.samples import Sample, view_of

__all__ = ["UNLABELLED", "Batch", "Cut", "Encoded", "EncodedTarget", "collate", "encode"]

UNLABELLED = -100
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Encoded:
    """A sample as numbers.

    Args:
        ids: sub-tokens (tokens,).
        cases: their words' case (tokens,).
        tasks: the label of each task of the shape, or `UNLABELLED` (tasks,).
        tags: per layer of the shape the tag of each word at its first sub-token, else `UNLABELLED` (layers, tokens).
        targets: what is asked of each target.
    """

    ids: NDArray[np.int32]
    cases: NDArray[np.int8]
    tasks: NDArray[np.int16]
    tags: NDArray[np.int16]
    targets: tuple[EncodedTarget, ...]


@dataclass(frozen=True, slots=True)
class EncodedTarget:
    """The sub-tokens of a target, its stance (against, neutral, favor), and the first stance column of its view."""

    tokens: tuple[int, ...]
    label: int
    column: int


@dataclass(slots=True)
class Cut:
    """What did not fit into `max_tokens`: samples that lost their end, labelled words and targets in it."""

    samples: int = 0
    words: int = 0
    targets: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples side by side, padded to the longest.

    Args:
        input_ids: (batch, tokens), as `attention_mask` and `case_ids`.
        tasks: labels (batch, tasks).
        tags: labels (layers, batch, tokens).
        target_rows: which sample each target is of (targets,).
        target_weights: each target's mean over its sub-tokens (targets, tokens).
        target_labels: stances (targets,).
        target_columns: the first of the three stance columns that answer (targets,).
        target_shares: one over the number of targets of its sample (targets,).
    """

    input_ids: Tensor
    attention_mask: Tensor
    case_ids: Tensor
    tasks: Tensor
    tags: Tensor
    target_rows: Tensor
    target_weights: Tensor
    target_labels: Tensor
    target_columns: Tensor
    target_shares: Tensor

    def to(self, device: torch.device) -> Batch:
        """The batch on a device."""
        if device.type == "cpu":
            return self
        return Batch(*(getattr(self, f.name).to(device, non_blocking=True) for f in fields(self)))


def encode(samples: Sequence[Sample], tokenizer: Tokenizer, shape: NetworkShape) -> tuple[list[Encoded], Cut]:
    """Tokenise samples and lay their labels on sub-tokens; what `max_tokens` cuts off is counted."""
    cut = Cut()
    numbers = [{tag: i for i, tag in enumerate(tags)} for _, tags in shape.layers]
    encoded: list[Encoded] = []
    for at in range(0, len(samples), _CHUNK):
        chunk = samples[at : at + _CHUNK]
        aligned = align(tokenizer, [(s.text, s.second) for s in chunk], shape.max_tokens)
        encoded.extend(_encoded(s, a, shape, numbers, cut) for s, a in zip(chunk, aligned, strict=True))
    return encoded, cut


def collate(samples: Sequence[Encoded], pad: int, dropped_case: Sequence[bool] | None = None) -> Batch:
    """Put samples into one batch.

    Args:
        samples: at least one.
        pad: the id of padding.
        dropped_case: samples to be read without their case.
    """
    rows, length = len(samples), max(len(s.ids) for s in samples)
    ids = np.full((rows, length), pad, np.int64)
    mask, cases = np.zeros((2, rows, length), np.int64)
    tags = np.full((len(samples[0].tags), rows, length), UNLABELLED, np.int64)
    targets = [(row, target) for row, s in enumerate(samples) for target in s.targets]
    weights = np.zeros((len(targets), length), np.float32)
    shares = [1.0 / len(samples[row].targets) for row, _ in targets]
    for row, sample in enumerate(samples):
        size = len(sample.ids)
        ids[row, :size], mask[row, :size], tags[:, row, :size] = sample.ids, 1, sample.tags
        if dropped_case is None or not dropped_case[row]:
            cases[row, :size] = sample.cases
    for at, (_, target) in enumerate(targets):
        weights[at, list(target.tokens)] = 1.0 / len(target.tokens)
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(mask),
        torch.from_numpy(cases),
        torch.from_numpy(np.stack([s.tasks for s in samples]).astype(np.int64)),
        torch.from_numpy(tags),
        torch.tensor([row for row, _ in targets], dtype=torch.long),
        torch.from_numpy(weights),
        torch.tensor([target.label for _, target in targets], dtype=torch.long),
        torch.tensor([target.column for _, target in targets], dtype=torch.long),
        torch.tensor(shares, dtype=torch.float32),
    )


def _encoded(
    sample: Sample, aligned: Aligned, shape: NetworkShape, numbers: Sequence[dict[str, int]], cut: Cut
) -> Encoded:
    cut.samples += aligned.cut > 0
    tags = np.full((len(shape.layers), len(aligned.ids)), UNLABELLED, np.int16)
    for row, (name, _) in enumerate(shape.layers):
        for first, tag in zip(aligned.first, sample.tags.get(name, ()), strict=False):
            if first != NO_WORD:
                # a tag of dev that training never saw cannot be right, and is told from no label
                tags[row, first] = numbers[row].get(tag, 0)
            else:
                cut.words += 1
    targets = []
    for target in sample.targets:
        whole = target.start == target.end
        tokens = tuple(aligned.second) if whole else tuple(aligned.tokens_of(target.start, target.end))
        if tokens:
            targets.append(EncodedTarget(tokens, target.label, shape.view_slice(view_of(sample, target)).start))
        else:
            cut.targets += 1
    return Encoded(
        np.array(aligned.ids, np.int32),
        np.array(aligned.cases, np.int8),
        np.array([sample.tasks.get(task, UNLABELLED) for task in shape.tasks], np.int16),
        tags,
        tuple(targets),
    )
