"""What a model says of single sentences, as the tests compare it: a label and a number per lens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slantwise.labels import SpanLabel, StanceLabel, Task
from slantwise.reading import Backend, Reading, TargetMention
from slantwise_training.evaluation.evaluate import Partial

__all__ = ["ATTRIBUTION", "LARGEST", "STANCE", "Answer", "Question", "ask"]

STANCE, ATTRIBUTION = "stance", "attribution"
LARGEST = {"hedging": 1.0, "wording": 1.0, STANCE: 2.0, ATTRIBUTION: 1.0}
"""The largest difference of two numbers of a lens."""

_BATCH = 256
_TASKS = (Task.HEDGING, Task.WORDING)
_STANCES = (StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR)
_ATTRIBUTING = frozenset({SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT})


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence, and perhaps the stretch that names the target of a stance, the author's."""

    text: str
    target: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """By lens the label, never unsure, and a number that grows with it.

    The number is the probability of hedged and of loaded; for stance, of favor less that of against; for attribution,
    1 where anything is attributed. `marked` are the stretches found to be loaded. A lens that the model does not answer
    is absent.
    """

    labels: Mapping[str, str]
    numbers: Mapping[str, float]
    marked: tuple[tuple[int, int], ...] = ()


def ask(backend: Backend, questions: Sequence[Question], *, attribution: bool = False) -> list[Answer]:
    """Ask a model every question; equal ones are asked once."""
    answers: dict[Question, Answer] = {}
    different = list(dict.fromkeys(questions))
    for at in range(0, len(different), _BATCH):
        batch = different[at : at + _BATCH]
        readings = backend.read([question.text for question in batch])
        answers.update(zip(batch, _answers(backend, batch, readings, attribution), strict=True))
    return [answers[question] for question in questions]


def _answers(
    backend: Backend, questions: Sequence[Question], readings: Sequence[Reading], attribution: bool
) -> list[Answer]:
    stances = _stances(backend, questions, readings)
    found = []
    for at, reading in enumerate(readings):
        labels: dict[str, str] = {}
        numbers: dict[str, float] = {}
        for task in _TASKS:
            if (p := reading.tasks.get(task)) is not None:
                labels[task] = backend.decisions[task].label(task, p)
                numbers[task] = float(p[1])
        if at in stances:
            labels[STANCE], numbers[STANCE] = stances[at]
        if attribution and _attributes(backend):
            attributed = any(span.label in _ATTRIBUTING for span in reading.spans)
            labels[ATTRIBUTION] = "attributed" if attributed else "unattributed"
            numbers[ATTRIBUTION] = float(attributed)
        marked = tuple((span.start, span.end) for span in reading.spans_of(SpanLabel.LOADED))
        found.append(Answer(labels, numbers, marked))
    return found


def _stances(
    backend: Backend, questions: Sequence[Question], readings: Sequence[Reading]
) -> dict[int, tuple[str, float]]:
    """By the question's place: the most probable stance, and how favourable it is."""
    if isinstance(backend, Partial) and not backend.has_stance:
        return {}
    asked = [at for at, question in enumerate(questions) if question.target is not None]
    mentions = []
    for at in asked:
        target = questions[at].target
        assert target is not None
        mentions.append(TargetMention(readings[at], *target, questions[at].text[slice(*target)]))
    if not mentions:
        return {}
    p = backend.stance(mentions)
    return {at: (str(_STANCES[int(row.argmax())]), float(row[2] - row[0])) for at, row in zip(asked, p, strict=True)}


def _attributes(backend: Backend) -> bool:
    return not isinstance(backend, Partial) or bool(_ATTRIBUTING & backend.span_labels)
