"""Which threshold buys which precision: "for precision .90 use t, and recall is r".

A threshold is chosen on the very answers it is measured on, so its precision is a little flattered; its interval is for
the threshold as it stands. The table is in the evaluation's JSON under `thresholds`, by measure and label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from slantwise_training.evaluation.curves import Ranking, rankings
from slantwise_training.evaluation.intervals import Interval
from slantwise_training.evaluation.result import Evaluation

__all__ = ["FEWEST", "WANTED", "OperatingPoint", "operating_points", "threshold_tables"]

WANTED = (0.8, 0.9, 0.95)
"""The precisions that the table is for."""
FEWEST = 10
"""A precision over fewer answers says nothing: no threshold is offered that leaves so few."""


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The lowest threshold that reaches a precision; all None where none does."""

    wanted: float
    threshold: float | None
    precision: Interval | None
    recall: Interval | None
    found: int

    def to_json(self) -> dict[str, Any]:
        """The point as a JSON object; intervals as `[low, high]`."""
        row: dict[str, Any] = {"precision_wanted": self.wanted, "threshold": self.threshold, "found": self.found}
        for name, value in (("precision", self.precision), ("recall", self.recall)):
            row[name] = None if value is None else value.value
            row[f"{name}_interval"] = None if value is None else [value.low, value.high]
        return row


def operating_points(
    ranking: Ranking, wanted: Sequence[float] = WANTED, *, resamples: int = 1000, seed: int = 0
) -> tuple[OperatingPoint, ...]:
    """For each wanted precision the threshold that reaches it with the most recall."""
    threshold, precision, _ = ranking.curve()
    found = ranking.ends + 1
    points = []
    for each in wanted:
        good = np.flatnonzero((precision >= each) & (found >= FEWEST))
        if not len(good):
            points.append(OperatingPoint(each, None, None, None, 0))
            continue
        cut = int(good[-1])
        at = ranking.at(float(threshold[cut]), resamples, seed)
        points.append(OperatingPoint(each, float(threshold[cut]), *at, int(found[cut])))
    return tuple(points)


def threshold_tables(evaluation: Evaluation) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Measure -> label -> its points, for every measure with probabilities."""
    tables: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for name, measure in evaluation.measures.items():
        for label, ranking in rankings(measure).items():
            points = operating_points(ranking, resamples=measure.resamples, seed=measure.seed)
            tables.setdefault(name, {})[label] = [point.to_json() for point in points]
    return tables
