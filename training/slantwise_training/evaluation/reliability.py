"""How far probabilities mean what they say, with intervals: calibration error and Brier score of every measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from scipy.stats import binom

from slantwise_training.evaluation.counts import CalibrationCounts
from slantwise_training.evaluation.curves import Abstention, Ranking, rankings, thinned
from slantwise_training.evaluation.intervals import Interval, intervals
from slantwise_training.evaluation.result import Evaluation, LabelMeasure, Measure, SpanMeasure

__all__ = ["calibration_of", "curves_of", "ece_by_chance"]

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


def calibration_of(measure: Measure) -> dict[str, Interval] | None:
    """`ece` and `brier` of a measure's probabilities with their intervals; None where its answers have none.

    Of spans, the probability judged is that a found one has the bounds of a gold one.
    """
    per_document = _per_document(measure)
    metrics = {"ece": lambda counts: counts.ece, "brier": lambda counts: counts.brier}
    if not per_document:
        return None
    return intervals(per_document, metrics, resamples=measure.resamples, seed=measure.seed)


def ece_by_chance(bins: Iterable[Mapping[str, float]]) -> float:
    """The calibration error to expect of probabilities that mean what they say, on so few answers.

    Hits in a bin are binomial then, and lie off the expected number by De Moivre's mean deviation.

    Args:
        bins: each with `n`, its answers, and `mean_p`, their mean probability; as in the JSON of an evaluation.
    """
    off = total = 0.0
    for each in bins:
        n, p = each["n"], min(max(each["mean_p"], 0.0), 1.0)
        m = int(n * p) + 1
        off += 2 * m * (1 - p) * float(binom.pmf(m, n, p))
        total += n
    return off / total if total else 0.0


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
    found = calibration_of(measure)
    if found is None:
        return None
    first, *others = _per_document(measure)
    whole = sum(others, start=first)
    bins = [{"n": round(n), "mean_p": p / n, "share_right": right / n} for n, p, right in whole.bins.tolist() if n]
    return {name: _json(value) for name, value in found.items()} | {"bins": bins, "n": whole.total}


def _per_document(measure: Measure) -> list[CalibrationCounts]:
    rows: dict[str, list[tuple[int, tuple[float, ...]]]] = defaultdict(list)
    if isinstance(measure, SpanMeasure):
        rows |= _span_pairs(measure)
    else:
        for answer in measure.answers:
            if answer.p:
                rows[answer.document].append((measure.labels.index(answer.gold), answer.p))
    return [CalibrationCounts.from_pairs(pairs) for pairs in rows.values()]


def _span_pairs(measure: SpanMeasure) -> dict[str, list[tuple[int, tuple[float, ...]]]]:
    rows: dict[str, list[tuple[int, tuple[float, ...]]]] = defaultdict(list)
    for answer in measure.answers:
        gold = {(span.start, span.end) for span in answer.gold}
        for span in answer.found:
            rows[answer.document].append((int((span.start, span.end) in gold), (1 - span.p, span.p)))
    return rows


def _json(found: Interval) -> dict[str, float]:
    return {"value": found.value, "low": found.low, "high": found.high}
