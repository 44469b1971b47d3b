"""What a model says of single sentences, and the interface every model family implements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import TASK_LABELS, SpanLabel, SpanValue, Task

__all__ = ["Backend", "Decision", "FoundSpan", "Reading", "TargetMention"]


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A span the model found; offsets into the sentence, `p` a probability."""

    label: SpanLabel
    start: int
    end: int
    value: SpanValue | None
    p: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence as a model read it.

    `tasks` maps each task the model answers to probabilities in the order of `TASK_LABELS`. `state` is the model's own
    (an encoder keeps its token logits there, so that stance needs no second pass).
    """

    text: str
    tasks: Mapping[Task, NDArray[np.float32]]
    spans: tuple[FoundSpan, ...]
    state: object = None

    def spans_of(self, label: SpanLabel) -> tuple[FoundSpan, ...]:
        """The found spans with this label, in text order."""
        return tuple(s for s in self.spans if s.label is label)


@dataclass(frozen=True, slots=True)
class TargetMention:
    """A target to take the stance of: a stretch of the sentence, or a topic by name when `start == end`.

    `holder` is the stretch that names whose stance is asked for; None asks for the author's.
    """

    reading: Reading
    start: int
    end: int
    name: str
    holder: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """How probabilities become a label: the threshold of a two-label task, and the margin below which it is unsure.

    Both are fitted on dev. Tasks of three labels take the most probable one; their threshold is not used.
    """

    threshold: float = 0.5
    margin: float = 0.0

    def label(self, task: Task, p: NDArray[np.float32]) -> str:
        """The label of `TASK_LABELS[task]` these probabilities stand for, never `unsure`."""
        labels = TASK_LABELS[task]
        return labels[int(p[1] >= self.threshold)] if len(labels) == 2 else labels[int(p.argmax())]

    def is_unsure(self, p: NDArray[np.float32]) -> bool:
        """Whether the two best labels are too close to call (of two: p within the margin of the threshold)."""
        if len(p) == 2:
            return bool(abs(float(p[1]) - self.threshold) < self.margin)
        second, first = np.sort(p)[-2:]
        return bool(first - second < self.margin)


class Backend(Protocol):
    """A model family: sentences in, readings out. A sentence's reading never depends on its neighbours in the batch."""

    @property
    def decisions(self) -> Mapping[Task, Decision]:
        """How to decide each task the model answers."""
        ...

    @property
    def stance_margin(self) -> float:
        """The margin between the two best stances below which the stance is unsure."""
        ...

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """Read each sentence by itself."""
        ...

    def stance(self, mentions: Sequence[TargetMention]) -> NDArray[np.float32]:
        """Probabilities of against, neutral, favor towards each mention, shape (mentions, 3)."""
        ...
