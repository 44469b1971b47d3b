"""From the network's logits to probabilities, labels and margins: what was fitted on dev after training."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slantwise.labels import Task
from slantwise.linear.classify import View
from slantwise.reading import Decision

__all__ = ["Calibration", "Line"]

_MOST = 1e9
"""No slope is larger, and logits times this are still finite."""


@dataclass(frozen=True, slots=True)
class Line:
    """A logit becomes slope * logit + shift; with three labels or more the shift is 0 and the slope a temperature."""

    slope: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything that is fitted on dev; whatever is missing is left as the network gives it.

    Args:
        tasks: per task, the line through its logits.
        decisions: per task, its threshold and margin.
        inferred: tasks without a column of their own, and the layer whose evidence is their logit: a sentence is
            hedged as surely as it holds a hedge cue.
        raised: per layer and kind, what is added to the logits of its tags. Where spans are rare and annotators
            disagree, a word's likeliest tag is nearly always "O", which misses most of them.
        spans: per layer and kind, the line that turns a span's mean margin into the logit of its being right.
        stances: per view, the line through the stance logits.
        stance_margin: below it between the two best stances, the stance is unsure.
        author_share: how much of the author's stance logits is added to a holder's, which have columns of their own.
    """

    tasks: Mapping[Task, Line] = field(default_factory=dict)
    decisions: Mapping[Task, Decision] = field(default_factory=dict)
    inferred: Mapping[Task, str] = field(default_factory=dict)
    raised: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    spans: Mapping[str, Mapping[str, Line]] = field(default_factory=dict)
    stances: Mapping[View, Line] = field(default_factory=dict)
    stance_margin: float = 0.0
    author_share: float = 1.0

    def written(self) -> dict[str, Any]:
        """The JSON object that `read` reads."""
        tasks: dict[str, dict[str, Any]] = {}
        for task, line in self.tasks.items():
            tasks[str(task)] = {"slope": line.slope, "shift": line.shift}
        for task, decision in self.decisions.items():
            tasks.setdefault(str(task), {}).update(threshold=decision.threshold, margin=decision.margin)
        for task, layer in self.inferred.items():
            tasks.setdefault(str(task), {})["layer"] = layer
        spans = {name: {kind: [x.slope, x.shift] for kind, x in kinds.items()} for name, kinds in self.spans.items()}
        stances = {str(view): line.slope for view, line in self.stances.items()}
        raised = {name: dict(kinds) for name, kinds in self.raised.items()}
        known = {"tasks": tasks, "raised": raised, "spans": spans, "stance": stances}
        return {**known, "stance_margin": self.stance_margin, "author_share": self.author_share}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Calibration:
        """Read what `written` gave.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        tasks = {Task(name): row for name, row in written["tasks"].items()}
        return cls(
            {task: Line(_number(row["slope"]), _number(row["shift"])) for task, row in tasks.items() if "slope" in row},
            {
                task: Decision(_number(row["threshold"]), _number(row["margin"]))
                for task, row in tasks.items()
                if "threshold" in row
            },
            {task: str(row["layer"]) for task, row in tasks.items() if "layer" in row},
            {name: {kind: _number(by) for kind, by in kinds.items()} for name, kinds in written["raised"].items()},
            {
                name: {kind: Line(_number(slope), _number(shift)) for kind, (slope, shift) in kinds.items()}
                for name, kinds in written["spans"].items()
            },
            {View(name): Line(_number(slope)) for name, slope in written["stance"].items()},
            _number(written["stance_margin"]),
            # the first models whose holders had columns of their own added the author's in full, and did not say so
            _number(written.get("author_share", 1.0)),
        )


def _number(value: object) -> float:
    """A finite number as JSON holds it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > _MOST:
        raise ValueError(f"{value!r} where a number of at most {_MOST:g} belongs")
    return float(value)
