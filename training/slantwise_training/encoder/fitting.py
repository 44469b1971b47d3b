"""After training: what turns the exported network's logits into probabilities, labels and margins, fitted on dev."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from slantwise.encoder.backend import EncoderBackend, Raw
from slantwise.encoder.calibration import Calibration, Line
from slantwise.encoder.decode import Layer
from slantwise.labels import TASK_LABELS, Task
from slantwise.linear.classify import View
from slantwise.linear.logistic import softmax
from slantwise.reading import Decision
from slantwise_training.calibrate import fit_decision, fit_margin, fit_sigmoid, fit_temperature
from slantwise_training.encoder.samples import Sample, Target
from slantwise_training.linear.perceptron import spans_of_tags
from slantwise_training.recipe import Recipe

__all__ = ["fit_calibration", "fit_raised"]

_LEAST = 20
"""Fewer examples than this say nothing: the network's own probabilities stay."""
_LEAST_GAIN = 0.002
"""A smaller gain on dev is left to chance."""
_RAISES = tuple(step / 4 for step in range(-8, 17))

Span = tuple[str, int, int]
"""Kind, first and last word."""


def fit_calibration(backend: EncoderBackend, recipe: Recipe, dev: Mapping[str, Sequence[Sample]]) -> Calibration:
    """Fit everything on dev, with the very network that will score.

    Args:
        backend: the exported network.
        recipe: whose tasks name their metric, or the layer that answers them.
        dev: samples per part, as `Material.dev`.
    """
    lines: dict[Task, Line] = {}
    decisions: dict[Task, Decision] = {}
    raised: dict[str, dict[str, float]] = {}
    spans: dict[str, dict[str, Line]] = {}
    inferred = {task: part.layer for task, part in recipe.tasks.items() if part.layer}
    for task, part in recipe.tasks.items():
        if not part.layer:
            samples = dev[f"tasks.{task}"]
            logits = [backend.task_logits(raw)[task] for raw in _raws(backend, samples)]
            gold = np.array([sample.tasks[task] for sample in samples], dtype=np.intp)
            lines[task], decisions[task] = _fit_task(task, logits, gold, part.metric)
    for name in recipe.layers:
        samples = dev[f"layers.{name}"]
        raws = _raws(backend, samples)
        emissions = [backend.tag_logits(raw)[name] for raw in raws]
        gold_spans = [set(spans_of_tags(sample.tags[name])) for sample in samples]
        lowest = (recipe.encoder.lowest if recipe.encoder else {}).get(f"layers.{name}", min(_RAISES))
        raised[name] = fit_raised(backend.layers[name], emissions, gold_spans, lowest)
        spans[name] = _fit_spans(backend.layers[name], emissions, gold_spans, raised[name])
        gold = np.array([any(tag != "O" for tag in sample.tags[name]) for sample in samples], dtype=np.intp)
        for task in (task for task, layer in inferred.items() if layer == name):
            evidence = [backend.evidence(raw, name) for raw in raws]
            lines[task], decisions[task] = _fit_task(task, evidence, gold, recipe.tasks[task].metric)
    stances, margin = _fit_stances(backend, dev.get("stance", ()))
    return Calibration(lines, decisions, inferred, raised, spans, stances, margin)


def _raws(backend: EncoderBackend, samples: Sequence[Sample]) -> list[Raw]:
    return backend.raw([(sample.text, sample.second) for sample in samples])


def _fit_task(
    task: Task, logits: Sequence[NDArray[np.float32]], gold: NDArray[np.intp], metric: str
) -> tuple[Line, Decision]:
    if len(gold) < _LEAST or len(np.unique(gold)) < 2:
        return Line(), Decision()
    values = np.stack(logits)
    if len(TASK_LABELS[task]) > 2:
        return Line(fit_temperature(values, gold)), Decision()
    slope, shift = fit_sigmoid(values[:, 0], gold == 1)
    p = 1.0 / (1.0 + np.exp(-(slope * values[:, 0].astype(np.float64) + shift)))
    return Line(slope, shift), fit_decision(p, gold == 1, metric)


def fit_raised(
    layer: Layer, emissions: Sequence[NDArray[np.float32]], gold: Sequence[set[Span]], lowest: float = -2.0
) -> dict[str, float]:
    """By how much to raise the tags of each kind, one kind after the other: what gets the most of its spans right.

    None is raised by less than `lowest`: 0 where dev is of another kind of text than what will be read. A kind stays as
    it is where dev has few spans of it, or where it gains less than `_LEAST_GAIN`.
    """
    raised: dict[str, float] = {}
    counts = Counter(kind for spans in gold for kind, _, _ in spans)
    for kind in (kind for kind in layer.kinds if counts[kind] >= _LEAST):

        def f1(by: float, kind: str = kind) -> float:
            every = layer.runs_of([layer.raised(each, raised | {kind: by}) for each in emissions])
            found = [{(run.kind, run.first, run.last) for run in runs if run.kind == kind} for runs in every]
            hits = sum(len(own & right) for own, right in zip(found, gold, strict=True))
            return 2 * hits / (sum(map(len, found)) + counts[kind])

        best = max((by for by in _RAISES if by >= lowest), key=f1)
        if f1(best) >= f1(0.0) + _LEAST_GAIN:
            raised[kind] = best
    return raised


def _fit_spans(
    layer: Layer, emissions: Sequence[NDArray[np.float32]], gold: Sequence[set[Span]], raised: Mapping[str, float]
) -> dict[str, Line]:
    """Per kind, the chance that a found span is exactly right from its mean margin."""
    seen: dict[str, tuple[list[float], list[bool]]] = {}
    for right, runs in zip(gold, layer.runs_of([layer.raised(each, raised) for each in emissions]), strict=True):
        for run in runs:
            margins, hits = seen.setdefault(run.kind, ([], []))
            margins.append(run.margin)
            hits.append((run.kind, run.first, run.last) in right)
    return {
        kind: Line(*fit_sigmoid(np.array(margins, dtype=np.float32), np.array(hits)))
        for kind, (margins, hits) in seen.items()
        if len(hits) >= _LEAST
    }


def _fit_stances(backend: EncoderBackend, samples: Sequence[Sample]) -> tuple[dict[View, Line], float]:
    """A temperature per view that dev has; the margin is that of the view with the most examples."""
    seen: dict[View, tuple[list[NDArray[np.float32]], list[int]]] = {}
    for sample, raw in zip(samples, _raws(backend, samples), strict=True):
        for target in sample.targets:
            logits = raw.second if target.start == target.end else raw.stance_at(target.start, target.end)
            if logits is not None:
                values, labels = seen.setdefault(_view(sample, target), ([], []))
                values.append(logits)
                labels.append(target.label)
    lines: dict[View, Line] = {}
    margins: list[tuple[int, float]] = []
    for view, (values, labels) in seen.items():
        if len(labels) < _LEAST:
            continue
        logits, gold = np.stack(values), np.array(labels, dtype=np.intp)
        lines[view] = Line(fit_temperature(logits, gold))
        p = np.stack([softmax(row * lines[view].slope) for row in logits])
        ranked = np.sort(p, axis=1)
        confidence = (ranked[:, -1] - ranked[:, -2]).astype(np.float64)
        margins.append((len(gold), fit_margin(confidence, p.argmax(axis=1) == gold)))
    return lines, max(margins)[1] if margins else 0.0


def _view(sample: Sample, target: Target) -> View:
    if target.start == target.end:
        return View.TOPIC
    return View.HELD if sample.second else View.MENTION
