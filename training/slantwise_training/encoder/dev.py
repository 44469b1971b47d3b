"""How good a network is on dev, part by part, while it is trained: plain decisions, nothing calibrated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from slantwise.encoder.views import STANCES
from slantwise.labels import TASK_LABELS, Task
from slantwise_training.encoder.batches import UNLABELLED, Encoded, collate, encode
from slantwise_training.encoder.network import NetworkShape, SlantwiseNetwork
from slantwise_training.encoder.samples import Sample
from slantwise_training.linear.perceptron import spans_of_tags
from slantwise_training.recipe import Recipe, TaskRecipe

__all__ = ["DevSet", "predictions"]

_BATCH = 64


@dataclass(frozen=True, slots=True)
class DevSet:
    """Each part's dev samples as numbers, with what its score is.

    Args:
        parts: dev samples per part, named as `Recipe.parts` does; empty ones are not scored.
        metrics: per task part f1 or macro_f1; layers are scored by exact spans, stance by macro-F1.
        gold: per layer part, how many spans there are, those that were cut off included.
    """

    parts: Mapping[str, Sequence[Encoded]]
    metrics: Mapping[str, str]
    gold: Mapping[str, int]
    shape: NetworkShape
    pad: int

    @classmethod
    def of(
        cls,
        recipe: Recipe,
        samples: Mapping[str, Sequence[Sample]],
        shape: NetworkShape,
        tokenizer: Tokenizer,
        pad: int,
    ) -> DevSet:
        """Every part's samples, at most `dev_cap` of them, drawn evenly."""
        assert recipe.encoder is not None
        chosen = {name: _evenly(each, recipe.encoder.dev_cap) for name, each in samples.items() if each}
        encoded = {name: encode(each, tokenizer, shape)[0] for name, each in chosen.items()}
        metrics = {name: part.metric for name, part in recipe.parts().items() if isinstance(part, TaskRecipe)}
        gold = {
            name: sum(len(spans_of_tags(s.tags[name.partition(".")[2]])) for s in each)
            for name, each in chosen.items()
            if name.startswith("layers.")
        }
        return cls(encoded, metrics, gold, shape, pad)

    def score(self, network: SlantwiseNetwork, autocast: bool) -> dict[str, float]:
        """The score of each part, 0 to 1; the network is left in the mode that it was in."""
        found = {}
        for name, samples in self.parts.items():
            outputs = predictions(network, samples, self.pad, autocast)
            kind, _, own = name.partition(".")
            if kind == "layers":
                tags = dict(self.shape.layers)[own]
                row, columns = list(self.shape.layer_slices()).index(own), self.shape.layer_slices()[own]
                found[name] = _span_f1(samples, [o.tags[:, columns] for o in outputs], row, tags, self.gold[name])
            elif kind == "stance":
                pairs = zip(samples, outputs, strict=True)
                asked = [(target, output.stance) for sample, output in pairs for target in sample.targets]
                logits = [o[list(t.tokens), t.column : t.column + STANCES].mean(axis=0) for t, o in asked]
                gold, chosen = np.array([t.label for t, _ in asked]), np.array([each.argmax() for each in logits])
                found[name] = _f1(gold, chosen, STANCES, "macro_f1")
            else:
                found[name] = self._task_score(Task(own), samples, outputs)
        return found

    def _task_score(self, task: Task, samples: Sequence[Encoded], outputs: Sequence[Prediction]) -> float:
        columns, row = self.shape.task_slices()[task], self.shape.tasks.index(task)
        logits = np.stack([o.tasks[columns] for o in outputs])
        labels = len(TASK_LABELS[task])
        chosen = (logits[:, 0] > 0).astype(np.intp) if labels == 2 else logits.argmax(axis=1)
        return _f1(np.array([s.tasks[row] for s in samples]), chosen, labels, self.metrics[f"tasks.{task}"])


@dataclass(frozen=True, slots=True)
class Prediction:
    """One sample's logits: tasks (task columns,), tags (tokens, tag columns), stance (tokens, stance columns)."""

    tasks: NDArray[np.float32]
    tags: NDArray[np.float32]
    stance: NDArray[np.float32]


def predictions(
    network: SlantwiseNetwork, samples: Sequence[Encoded], pad: int, autocast: bool = False
) -> list[Prediction]:
    """The network's logits for samples, in their order; without dropout."""
    device = next(network.parameters()).device
    was_training = network.training
    network.eval()
    found: dict[int, Prediction] = {}
    order = np.argsort([len(s.ids) for s in samples], kind="stable")
    with torch.inference_mode(), torch.autocast(device.type, dtype=torch.bfloat16, enabled=autocast):
        for at in range(0, len(order), _BATCH):
            rows = order[at : at + _BATCH]
            batch = collate([samples[i] for i in rows], pad).to(device)
            outputs = network(batch.input_ids, batch.attention_mask, batch.case_ids)
            tasks, tags, stance = (output.float().cpu().numpy() for output in outputs)
            for i, row in enumerate(rows):
                size = len(samples[row].ids)
                found[int(row)] = Prediction(tasks[i], tags[i, :size], stance[i, :size])
    network.train(was_training)
    return [found[i] for i in range(len(samples))]


def _span_f1(
    samples: Sequence[Encoded], logits: Sequence[NDArray[np.float32]], row: int, tags: Sequence[str], gold: int
) -> float:
    """F1 of exact spans over all kinds of a layer, each word's likeliest tag taken for itself."""
    both = found = 0
    for sample, each in zip(samples, logits, strict=True):
        words = np.flatnonzero(sample.tags[row] != UNLABELLED)
        right = set(spans_of_tags([tags[i] for i in sample.tags[row][words]]))
        guessed = set(spans_of_tags([tags[i] for i in each[words].argmax(axis=1)])) if len(words) else set()
        both += len(right & guessed)
        found += len(guessed)
    return 2.0 * both / max(found + gold, 1)


def _f1(gold: NDArray[Any], found: NDArray[Any], labels: int, metric: str) -> float:
    scores = []
    for label in range(labels):
        both = float(((gold == label) & (found == label)).sum())
        scores.append(2 * both / max(float((gold == label).sum() + (found == label).sum()), 1.0))
    return scores[1] if metric == "f1" else sum(scores) / labels


def _evenly(samples: Sequence[Sample], most: int) -> Sequence[Sample]:
    if len(samples) <= most:
        return samples
    return [samples[i] for i in np.linspace(0, len(samples) - 1, most).astype(int)]
