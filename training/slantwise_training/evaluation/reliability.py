"""How far probabilities mean what they say, with intervals: calibration error and Brier score of every measure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from slantwise_training.evaluation.counts import CalibrationCounts
from slantwise_training.evaluation.curves import Abstention, Ranking, rankings, thinned
from slantwise_training.evaluation.intervals import Interval, intervals
from slantwise_training.evaluation.result import Evaluation, LabelMeasure, Measure, SpanMeasure

__all__ = ["curves_of"]

_DIGITS = 5


def curves_of(evaluation: Evaluation) -> dict[str, dict[str, Any]]:
    """Measure -> precision-recall curves by label, the abstention curve, and the intervals of calibration."""
    found: dict[str, dict[str, Any]] = {}
    for name, measure in evaluation.measures.items():
        row: dict[str, Any] = {"precision_recall": _precision_recall(measure)}
        if isinstance(measure, LabelMeasure):
            row |= {"abstention": _abstention(measure), "calibration": _calibration(measure)}
        else:
            row |= {"abstention": None, "calibration": _calibration(measure)}
        if any(row.values()):
            found[name] = row
    return found


def _precision_recall(measure: Measure) -> dict[str, Any]:
    curves = {}
    for label, ranking in rankings(measure).items():
        threshold, precision, recall = ranking.curve()
        area = ranking.average_precision_interval(measure.resamples, measure.seed)
        kept = thinned(len(threshold))
        curves[label] = {
            "average_precision": _json(area),
            "prevalence": _prevalence(measure, ranking),
            "threshold": threshold[kept].round(_DIGITS).tolist(),
            "precision": precision[kept].round(_DIGITS).tolist(),
            "recall": recall[kept].round(_DIGITS).tolist(),
        }
    return curves


def _prevalence(measure: Measure, ranking: Ranking) -> float | None:
    """The precision of saying yes always; of spans nothing can be said always."""
    return float(ranking.right.mean()) if isinstance(measure, LabelMeasure) else None


def _abstention(measure: LabelMeasure) -> dict[str, Any] | None:
    found = Abstention.of(measure)
    if not len(found.confidence):
        return None
    coverage, risk = found.curve()
    kept = thinned(len(coverage))
    return {
        "aurc": _json(found.area_interval(measure.resamples, measure.seed)),
        "best_aurc": found.best_area,
        "error_rate": float(risk[-1]),
        "error_rate_at_80": found.risk_at(0.8),
        "coverage": coverage[kept].round(_DIGITS).tolist(),
        "risk": risk[kept].round(_DIGITS).tolist(),
    }


def _calibration(measure: Measure) -> dict[str, Any] | None:
    rows: dict[str, list[tuple[int, tuple[float, ...]]]] = defaultdict(list)
    if isinstance(measure, SpanMeasure):
        rows |= _span_pairs(measure)
    else:
        for answer in measure.answers:
            if answer.p:
                rows[answer.document].append((measure.labels.index(answer.gold), answer.p))
    if not rows:
        return None
    per_document = [CalibrationCounts.from_pairs(pairs) for pairs in rows.values()]
    metrics = {"ece": lambda counts: counts.ece, "brier": lambda counts: counts.brier}
    found = intervals(per_document, metrics, resamples=measure.resamples, seed=measure.seed)
    whole = CalibrationCounts.from_pairs(pair for pairs in rows.values() for pair in pairs)
    bins = [{"n": round(n), "mean_p": p / n, "share_right": right / n} for n, p, right in whole.bins.tolist() if n]
    return {name: _json(value) for name, value in found.items()} | {"bins": bins, "n": whole.total}


def _span_pairs(measure: SpanMeasure) -> dict[str, list[tuple[int, tuple[float, ...]]]]:
    rows: dict[str, list[tuple[int, tuple[float, ...]]]] = defaultdict(list)
    for answer in measure.answers:
        gold = {(span.start, span.end) for span in answer.gold}
        for span in answer.found:
            rows[answer.document].append((int((span.start, span.end) in gold), (1 - span.p, span.p)))
    return rows


def _json(found: Interval) -> dict[str, float]:
    return {"value": found.value, "low": found.low, "high": found.high}
