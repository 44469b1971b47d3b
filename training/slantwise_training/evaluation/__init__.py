"""How good a model is: counts that add, intervals by document, floors, protocols, published numbers beside ours.

`evaluation.evaluate.evaluate(backend, records)` is where to start.
"""

from __future__ import annotations

from slantwise_training.evaluation.counts import CalibrationCounts, LabelCounts, SpanCounts
from slantwise_training.evaluation.intervals import Interval, interval

__all__ = ["CalibrationCounts", "Interval", "LabelCounts", "SpanCounts", "interval"]
