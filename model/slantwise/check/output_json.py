"""A report as one JSON object, schema `slantwise-check/1`."""

from __future__ import annotations

import json
from typing import Any

from slantwise.check.limits import Measured
from slantwise.check.precision import PrecisionTable
from slantwise.check.report import PlacedFinding, Report

__all__ = ["as_json"]

SCHEMA = "slantwise-check/1"


def as_json(report: Report) -> str:
    """Every finding with its place, words and precision, every limit with its measure, every file that was not read.

    `line` and `column` are of the file, from 1; `start` and `end` of the article's text, in code points from 0.
    """
    whole = {
        "schema": SCHEMA,
        "model": {"name": report.model.name, "sha256": report.model.sha256},
        "files": [
            {
                "path": file.path,
                "section": file.section,
                "findings": [_finding(each, report) for each in file.findings],
                "limits": [_limit(measured) for measured in file.limits],
                "passed": file.passed,
            }
            for file in report.files
        ],
        "unread": [{"path": unread.path, "message": unread.message} for unread in report.unread],
    }
    # in ASCII, so that no text can steer a terminal and no path can break the encoding
    return json.dumps(whole, indent=2) + "\n"


def _finding(each: PlacedFinding, report: Report) -> dict[str, Any]:
    finding, place = each.finding, each.place
    return {
        "code": finding.rule.code,
        "name": finding.rule.name,
        "severity": str(finding.rule.severity),
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "message": finding.message,
        "precision": _precision(report.precision, finding.rule.code),
        "fingerprint": each.fingerprint,
    }


def _precision(table: PrecisionTable, code: str) -> dict[str, Any] | None:
    """The rule's precision; under a threshold that of what it rests on, with the threshold and the test set."""
    threshold, precision = table.thresholds.get(code), table.of(code)
    if threshold is not None:
        return {
            "value": round(threshold.precision, 4),
            "low": round(threshold.low, 4),
            "high": round(threshold.high, 4),
            "right": round(threshold.precision * threshold.found),
            "found": threshold.found,
            "threshold": threshold.p,
            "of": threshold.what,
            "on": threshold.data,
        }
    if precision is None:
        return None
    low, high = precision.interval
    return {
        "value": round(precision.value, 4),
        "low": low,
        "high": high,
        "right": precision.right,
        "found": precision.found,
    }


def _limit(measured: Measured) -> dict[str, Any]:
    return {
        "limit": str(measured.limit),
        "code": measured.limit.rule.code,
        "count": measured.count,
        "of": measured.of,
        "over": measured.over,
    }
