"""The masked multi-task loss: every head learns from the samples that are labelled for it, from the others nothing."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from slantwise.encoder.views import STANCES
from slantwise.labels import TASK_LABELS
from slantwise_training.encoder.batches import UNLABELLED, Batch, Encoded
from slantwise_training.encoder.network import NetworkShape

__all__ = ["losses", "stance_weights"]


def losses(
    outputs: tuple[Tensor, Tensor, Tensor], batch: Batch, shape: NetworkShape, stances: Tensor | None = None
) -> dict[str, Tensor]:
    """The loss of each part, named as `Recipe.parts` does; `stances` are weights of the stance columns, if any.

    A sample's loss in a part is the mean over its labelled words or targets; a part's loss is the sum over the samples
    divided by the size of the batch, so that a head with one labelled sample in a batch does not outshout the rest.
    """
    tasks, tags, stance = (output.float() for output in outputs)
    rows = len(batch.input_ids)
    found = {}
    for i, (task, columns) in enumerate(shape.task_slices().items()):
        gold, logits = batch.tasks[:, i], tasks[:, columns]
        if len(TASK_LABELS[task]) == 2:
            labelled = (gold != UNLABELLED).float()
            each = functional.binary_cross_entropy_with_logits(logits[:, 0], gold.clamp(0).float(), reduction="none")
            found[f"tasks.{task}"] = (each * labelled).sum() / rows
        else:
            each = functional.cross_entropy(logits, gold, ignore_index=UNLABELLED, reduction="none")
            found[f"tasks.{task}"] = each.sum() / rows
    for i, (name, columns) in enumerate(shape.layer_slices().items()):
        gold = batch.tags[i]
        logits = tags[:, :, columns].transpose(1, 2)
        each = functional.cross_entropy(logits, gold, ignore_index=UNLABELLED, reduction="none").sum(dim=1)
        words = (gold != UNLABELLED).sum(dim=1).clamp(1)
        found[f"layers.{name}"] = (each / words).sum() / rows
    if len(batch.target_rows):
        pooled = torch.einsum("mt,mtc->mc", batch.target_weights, stance[batch.target_rows])
        asked = batch.target_columns.unsqueeze(1) + torch.arange(STANCES, device=pooled.device)
        each = functional.cross_entropy(pooled.gather(1, asked), batch.target_labels, reduction="none")
        if stances is not None:
            each = each * stances[batch.target_columns + batch.target_labels]
        found["stance"] = (each * batch.target_shares).sum() / rows
    return found


def stance_weights(samples: Sequence[Encoded], shape: NetworkShape, balance: float) -> Tensor | None:
    """What each stance of each view counts, (columns,): its rarity among the view's targets to the power `balance`.

    A view's weights have a mean of 1 over its targets. None where all count the same.
    """
    if not balance:
        return None
    counts = torch.zeros(STANCES * len(shape.views))
    for target in (target for sample in samples for target in sample.targets):
        counts[target.column + target.label] += 1
    weights = torch.ones_like(counts)
    for view in shape.views:
        columns = shape.view_slice(view)
        own = counts[columns]
        if own.sum():
            rarity = own.clamp(1) ** -balance
            weights[columns] = rarity * own.sum() / (rarity * own).sum()
    return weights
