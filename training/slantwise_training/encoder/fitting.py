"""After training: what turns the exported network's logits into probabilities, labels and margins, fitted on dev."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set

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
from slantwise_training.encoder.samples import Sample, view_of
from slantwise_training.linear.perceptron import spans_of_tags
from slantwise_training.recipe import Recipe

__all__ = ["fit_calibration", "fit_raised"]

_LEAST = 20
"""Fewer examples than this say nothing: the network's own probabilities stay."""
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
    share = recipe.encoder.author_share if recipe.encoder else Calibration().author_share
    backend = backend.calibrated(Calibration(author_share=share))
    stances, margin = _fit_stances(backend, dev.get("stance", ()))
    return Calibration(lines, decisions, inferred, raised, spans, stances, margin, share)


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
    """By how much to raise the tags of each kind, one kind after the other.

    It is the least change whose F1 of exact spans lies within one standard error of the best one's (Breiman et al.,
    1984). On halves of dev, the best itself lost what it seemed to gain where a kind has but a few hundred spans. None
    is raised by less than `lowest`: 0 where dev is of another kind of text than what will be read. A kind of which dev
    has few spans stays as it is.
    """
    raised: dict[str, float] = {}
    counts = Counter(kind for spans in gold for kind, _, _ in spans)
    for kind in (kind for kind in layer.kinds if counts[kind] >= _LEAST):
        own = [{span for span in spans if span[0] == kind} for spans in gold]
        f1s, shares = [], []
        choices = [by for by in _RAISES if by >= lowest]
        for by in choices:
            every = layer.runs_of([layer.raised(each, raised | {kind: by}) for each in emissions])
            found = [{(run.kind, run.first, run.last) for run in runs if run.kind == kind} for runs in every]
            f1, share = _f1_and_shares(found, own)
            f1s.append(f1)
            shares.append(share)
        best = int(np.argmax(f1s))
        errors = np.sqrt(((np.array(shares) - shares[best]) ** 2).sum(axis=1))
        near = [by for by, f1, error in zip(choices, f1s, errors, strict=True) if f1 >= f1s[best] - error]
        if (by := min(near, key=abs)) != 0:
            raised[kind] = by
    return raised


def _f1_and_shares(
    found: Sequence[Set[Span]], gold: Sequence[Set[Span]]
) -> tuple[float, NDArray[np.float64]]:
    """F1, and by how much each sentence moves it (its linear part): the squares of these add up to its variance."""
    hits = np.array([len(own & right) for own, right in zip(found, gold, strict=True)], dtype=np.float64)
    size = np.array([len(own) + len(right) for own, right in zip(found, gold, strict=True)], dtype=np.float64)
    f1 = 2 * hits.sum() / size.sum()
    return float(f1), (2 * hits - f1 * size) / size.sum()


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
            view = view_of(sample, target)
            logits = backend.stance_logits(raw, target.start, target.end, view)
            if logits is not None:
                values, labels = seen.setdefault(view, ([], []))
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
