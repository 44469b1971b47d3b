"""Span labels as one word each, for tools that give a span one label: `hedge:epistemic`, `source:named`, `loaded`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from slantwise.errors import BadSpan
from slantwise.fields import string, word
from slantwise.labels import SPAN_VALUES, TASK_LABELS, Lens, SpanLabel, SpanValue, StanceLabel, Task

__all__ = ["SPAN_WORDS", "TASK_WORDS", "implied_lenses", "parse_span_word", "parse_task_word", "span_word", "task_word"]

_SPAN_LENSES: dict[SpanLabel, Lens] = {
    SpanLabel.SOURCE: Lens.ATTRIBUTION,
    SpanLabel.CUE: Lens.ATTRIBUTION,
    SpanLabel.CONTENT: Lens.ATTRIBUTION,
    SpanLabel.HEDGE: Lens.HEDGING,
    SpanLabel.LOADED: Lens.WORDING,
    SpanLabel.TARGET: Lens.STANCE,
    SpanLabel.MENTION: Lens.MENTIONS,
}
_TASK_LENSES: dict[Task, Lens] = {
    Task.HEDGING: Lens.HEDGING,
    Task.VAGUENESS: Lens.HEDGING,
    Task.WORDING: Lens.WORDING,
    Task.INFORMATIONAL: Lens.WORDING,
}


def span_word(label: SpanLabel, value: SpanValue | None) -> str:
    """A span's label and value as one word."""
    return str(label) if value is None else f"{label}:{value}"


def parse_span_word(value: object, field: str) -> tuple[SpanLabel, SpanValue | None]:
    """The label and value that one word stands for.

    Raises:
        BadSpan: the label is unknown, or the value is not one of the label's.

    """
    name, colon, kind_word = string(value, field).partition(":")
    label = word(name, SpanLabel, field)
    kind = SPAN_VALUES[label]
    if not colon:
        return label, None
    if kind is None or kind_word == StanceLabel.UNSURE:
        raise BadSpan(field, f"one of: {', '.join(_words_of(label))}", repr(value))
    return label, word(kind_word, kind, field)


def task_word(task: Task, label: str) -> str:
    """A sentence-level answer as one word: `hedging:asserted`."""
    return f"{task}:{label}"


def parse_task_word(value: object, field: str) -> tuple[Task, str]:
    """The task and label that one word stands for.

    Raises:
        BadSpan: it stands for none.

    """
    name, _, label = string(value, field).partition(":")
    task = word(name, Task, field)
    if label not in TASK_LABELS[task]:
        raise BadSpan(field, f"one of: {', '.join(task_word(task, each) for each in TASK_LABELS[task])}", repr(value))
    return task, label


def implied_lenses(labels: Iterable[SpanLabel], tasks: Mapping[Task, str] | Iterable[Task]) -> tuple[Lens, ...]:
    """The lenses that somebody must have looked at to give these labels, in the order of `Lens`."""
    lenses = {_SPAN_LENSES.get(label) for label in labels} | {_TASK_LENSES.get(task) for task in tasks}
    return tuple(lens for lens in Lens if lens in lenses)


def _words_of(label: SpanLabel) -> list[str]:
    kind = SPAN_VALUES[label]
    values = [value for value in kind if value is not StanceLabel.UNSURE] if kind else []
    return [span_word(label, value) for value in (None, *values)]


SPAN_WORDS: dict[SpanLabel, tuple[str, ...]] = {label: tuple(_words_of(label)) for label in SpanLabel}
"""Every word of every span label, the bare label first."""

TASK_WORDS: tuple[str, ...] = tuple(task_word(task, label) for task in Task for label in TASK_LABELS[task])
"""Every sentence-level answer."""
