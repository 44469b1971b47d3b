"""How a model behaves where the answer is known in advance: swapped groups, known changes, other typing.

`behave(model)` runs all of it; `BehaviourReport.to_json()` is what reports show.
"""

from __future__ import annotations

from slantwise_training.evaluation.behaviour.report import BehaviourReport, behave

__all__ = ["BehaviourReport", "behave"]
