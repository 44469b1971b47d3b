"""The network: one encoder pass gives every sentence task, every span layer's tags and a stance at every token."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from slantwise.encoder.views import STANCES, columns_of_view, views_of
from slantwise.errors import SlantwiseError
from slantwise.labels import TASK_LABELS, Task
from slantwise.linear.classify import View

__all__ = ["CASES", "NetworkShape", "SlantwiseNetwork", "columns_of", "load_network", "save_network"]

CASES = 5
"""Case of a sub-token's word: 0 special, punctuation or unknown; 1 lower; 2 Title; 3 UPPER; 4 mixed or digits."""
_WEIGHTS, _SHAPE, _TOKENIZER = "network.safetensors", "network.json", "tokenizer.json"
_SCHEMA = "slantwise-network/1"
_NEVER = -1e4
"""Attention score of padding: its weight is exactly 0 in float32."""


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """What a network answers, in the order of its columns.

    `layers` gives each span layer its BIO tags, "O" first. `base` names the encoder it began as. `max_tokens` counts
    special tokens; what is longer must be cut before. `uses_case` says whether `case_ids` reach the encoder. `views`
    have stance columns of their own each, in this order; any other view reads the first one's.
    """

    tasks: tuple[Task, ...]
    layers: tuple[tuple[str, tuple[str, ...]], ...]
    hidden: int
    base: str
    max_tokens: int
    uses_case: bool = True
    views: tuple[View, ...] = tuple(View)

    @property
    def stance_columns(self) -> int:
        """The width of the `stance` output."""
        return STANCES * len(self.views)

    @property
    def task_columns(self) -> int:
        """The width of the `tasks` output."""
        return sum(columns_of(task) for task in self.tasks)

    @property
    def tag_columns(self) -> int:
        """The width of the `tags` output."""
        return sum(len(tags) for _, tags in self.layers)

    def task_slices(self) -> dict[Task, slice]:
        """Each task's columns of the `tasks` output."""
        found, at = {}, 0
        for task in self.tasks:
            found[task] = slice(at, at + columns_of(task))
            at += columns_of(task)
        return found

    def view_slice(self, view: View) -> slice:
        """A view's columns of the `stance` output."""
        return columns_of_view(self.views, view)

    def layer_slices(self) -> dict[str, slice]:
        """Each layer's columns of the `tags` output."""
        found, at = {}, 0
        for name, tags in self.layers:
            found[name] = slice(at, at + len(tags))
            at += len(tags)
        return found


def columns_of(task: Task) -> int:
    """A two-label task is one logit, of its second label; others have a logit per label."""
    labels = len(TASK_LABELS[task])
    return 1 if labels == 2 else labels


class SlantwiseNetwork(nn.Module):
    """An encoder with all heads of a shape.

    Args:
        encoder: any transformer encoder that takes `inputs_embeds` and gives `last_hidden_state`.
        shape: what to answer.
        dropout: of the token states before the heads, in training.
    """

    pool_of_column: Tensor

    def __init__(self, encoder: nn.Module, shape: NetworkShape, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.case = nn.Embedding(CASES, shape.hidden) if shape.uses_case else None
        if self.case is not None:
            # at zero the encoder starts as it was trained
            nn.init.zeros_(self.case.weight)
        self.attention = _linear(shape.hidden, len(shape.tasks))
        self.task_values = _linear(shape.hidden, shape.task_columns)
        self.tags = _linear(shape.hidden, shape.tag_columns)
        self.stance = _linear(shape.hidden, shape.stance_columns)
        spread = [i for i, task in enumerate(shape.tasks) for _ in range(columns_of(task))]
        self.register_buffer("pool_of_column", torch.tensor(spread, dtype=torch.long), persistent=False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, case_ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Read sentences.

        Args:
            input_ids: sub-tokens with special ones, int64 (batch, tokens).
            attention_mask: 1 for tokens, 0 for padding, int64 (batch, tokens).
            case_ids: the case of each sub-token's word, int64 (batch, tokens).

        Returns:
            tasks: logits (batch, task columns), the attention-pooled linear form of the token states.
            tags: logits (batch, tokens, tag columns).
            stance: logits of against, neutral, favor for each view (batch, tokens, stance columns); a target's are the
                mean over its tokens.
        """
        state = self.states(input_ids, attention_mask, case_ids)
        scores = self.attention(state).masked_fill(attention_mask.unsqueeze(-1) == 0, _NEVER)
        weights = torch.softmax(scores, dim=1).index_select(2, self.pool_of_column)
        state = self.dropout(state)
        # pooling commutes with the linear layer; this order needs no (batch, tasks, hidden) in between
        tasks = (weights * self.task_values(state)).sum(dim=1)
        return tasks, self.tags(state), self.stance(state)

    def states(self, input_ids: Tensor, attention_mask: Tensor, case_ids: Tensor) -> Tensor:
        """The encoder's last hidden states, (batch, tokens, hidden)."""
        embedded: Tensor = self.encoder.get_input_embeddings()(input_ids)  # type: ignore[operator]
        if self.case is not None:
            embedded = embedded + self.case(case_ids)
        state: Tensor = self.encoder(inputs_embeds=embedded, attention_mask=attention_mask).last_hidden_state
        return state

    def head_parameters(self) -> list[nn.Parameter]:
        """Everything that is new: all but the encoder."""
        return [p for name, p in self.named_parameters() if not name.startswith("encoder.")]


def save_network(folder: Path, network: SlantwiseNetwork, shape: NetworkShape, tokenizer: Tokenizer) -> None:
    """Write `network.safetensors`, `network.json` (shape and encoder configuration) and `tokenizer.json`."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    save_file(weights, folder / _WEIGHTS)
    tokenizer.save(str(folder / _TOKENIZER))
    about = {"schema": _SCHEMA, "shape": _written(shape), "encoder": network.encoder.config.to_dict()}  # type: ignore[union-attr,operator]
    (folder / _SHAPE).write_text(json.dumps(about, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def load_network(folder: Path) -> tuple[SlantwiseNetwork, NetworkShape, Tokenizer]:
    """Read what `save_network` wrote; the network is in evaluation mode, on the CPU.

    Raises:
        SlantwiseError: no network there, or the weights do not fit its shape.
    """
    from safetensors.torch import load_file
    from transformers import AutoConfig, AutoModel

    try:
        about = json.loads((folder / _SHAPE).read_text(encoding="utf-8"))
        shape = _read(about["shape"])
        config = dict(about["encoder"])
        encoder = AutoModel.from_config(AutoConfig.for_model(config.pop("model_type"), **config), **EAGER)
        network = SlantwiseNetwork(without_pooler(encoder), shape)
        network.load_state_dict(load_file(folder / _WEIGHTS))
        tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        found = f"{type(error).__name__}: {error}"
        raise SlantwiseError(f"a trained network in {folder}", found, "train it anew") from error
    return network.eval(), shape, tokenizer


EAGER = {"attn_implementation": "eager"}
"""Plain attention: what the ONNX export traces is then what was trained."""


def without_pooler(encoder: nn.Module) -> nn.Module:
    """Drop BERT's pooler, which no head reads."""
    if getattr(encoder, "pooler", None) is not None:
        encoder.register_module("pooler", None)
    return encoder


def _linear(width: int, columns: int) -> nn.Linear:
    """A head; one without columns (a model without tasks, say) has nothing to initialise."""
    with warnings.catch_warnings():
        # torch says of an empty head that there is nothing to initialise
        warnings.filterwarnings("ignore", "Initializing zero-element tensors", UserWarning)
        return nn.Linear(width, columns)


def _written(shape: NetworkShape) -> dict[str, Any]:
    return {
        "tasks": [str(task) for task in shape.tasks],
        "layers": [{"name": name, "tags": list(tags)} for name, tags in shape.layers],
        "hidden": shape.hidden,
        "base": shape.base,
        "max_tokens": shape.max_tokens,
        "uses_case": shape.uses_case,
        "views": [str(view) for view in shape.views],
    }


def _read(written: Mapping[str, Any]) -> NetworkShape:
    layers = tuple((layer["name"], tuple(layer["tags"])) for layer in written["layers"])
    tasks = tuple(Task(task) for task in written["tasks"])
    rest = {key: written[key] for key in ("hidden", "base", "max_tokens", "uses_case")}
    return NetworkShape(tasks, layers, **rest, views=views_of(written))
