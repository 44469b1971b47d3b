"""The whole result of a run: one JSON object over all test sets, schema `slantwise-evaluation-report/1`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from slantwise.score import ModelName
from slantwise_training.evaluation.study import Study
from slantwise_training.evaluation.verdict import summary_on

__all__ = ["SCHEMA", "result_of"]

SCHEMA = "slantwise-evaluation-report/1"


def result_of(
    model: ModelName,
    studies: Sequence[Study],
    *,
    command: str | None = None,
    skipped: Sequence[Mapping[str, str]] = (),
    behaviour: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The JSON object of a run.

    Args:
        model: the model's name and hash.
        studies: one per test set, at least one.
        command: the command line.
        skipped: test sets that were asked for and left out, each with `set` and `why`.
        behaviour: the behaviour suite's JSON object.

    """
    sections = [study.section for study in studies]
    first = sections[0]
    return {
        "schema": SCHEMA,
        "model": {"name": model.name, "sha256": model.sha256},
        "made": datetime.now(UTC).date().isoformat(),
        "command": command,
        "versions": first["versions"],
        "bootstrap": first["bootstrap"],
        "summary": summary_on(sections),
        "evaluations": sections,
        "skipped": [dict(row) for row in skipped],
        "behaviour": None if behaviour is None else dict(behaviour),
    }
