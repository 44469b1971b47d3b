"""A report as SARIF 2.1.0 (OASIS, 2020), which code scanning, editors and review tools read."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from slantwise import __version__
from slantwise.check.explain import explain
from slantwise.check.limits import Measured
from slantwise.check.report import PlacedFinding, Report
from slantwise.check.rules import RULES, Rule

__all__ = ["as_sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "slantwise/v1"
_ROOT = "%SRCROOT%"
_GRADES = ((0.9, "very-high"), (0.75, "high"), (0.5, "medium"), (0.0, "low"))
"""From which precision on GitHub's code scanning calls a rule so."""
_INDEX = {rule.code: i for i, rule in enumerate(RULES)}


def as_sarif(report: Report, folder: Path | None = None) -> str:
    """One run: every rule with its help, a result a finding, an error for each limit exceeded.

    Columns count code points. A file that was not read is a notification of the invocation.

    Args:
        report: the report.
        folder: files below it get relative addresses; the working directory without it.

    """
    root = Path(os.path.abspath(folder or Path()))
    results = []
    for file in report.files:
        address = _address(file.path, root)
        results += [_result(each, address, report) for each in file.findings]
        results += [_over(measured, address) for measured in file.over]
    run = {
        "tool": {
            "driver": {
                "name": "slantwise",
                "semanticVersion": __version__,
                "rules": [_rule(rule, report) for rule in RULES],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.unread,
                "toolExecutionNotifications": [
                    {
                        "level": "error",
                        "message": {"text": unread.message},
                        "locations": [{"physicalLocation": {"artifactLocation": _address(unread.path, root)}}],
                    }
                    for unread in report.unread
                ],
            }
        ],
        "properties": {"model": report.model.name, "modelSha256": report.model.sha256},
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule, report: Report) -> dict[str, Any]:
    precision = report.precision.value(rule.code)
    properties: dict[str, Any] = {"tags": ["language"], "measured": report.precision.label(rule.code)}
    if precision is not None:
        properties["precision"] = next(grade for least, grade in _GRADES if precision >= least)
    text = explain(rule, report.precision)
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.title[0].upper() + rule.title[1:]},
        "fullDescription": {"text": rule.finds},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": str(rule.severity), "enabled": rule.code in report.precision.trusted},
        "properties": properties,
    }


def _result(each: PlacedFinding, address: dict[str, str], report: Report) -> dict[str, Any]:
    finding, place = each.finding, each.place
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    return {
        "ruleId": finding.rule.code,
        "ruleIndex": _INDEX[finding.rule.code],
        "level": str(finding.rule.severity),
        "message": {"text": f"{finding.message} [{report.precision.label(finding.rule.code)}]"},
        "locations": [{"physicalLocation": {"artifactLocation": address, "region": region}}],
        "partialFingerprints": {_FINGERPRINT: each.fingerprint},
    }


def _over(measured: Measured, address: dict[str, str]) -> dict[str, Any]:
    rule = measured.limit.rule
    return {
        "ruleId": rule.code,
        "ruleIndex": _INDEX[rule.code],
        "level": "error",
        "message": {"text": f"over the {measured.message}"},
        "locations": [{"physicalLocation": {"artifactLocation": address, "region": {"startLine": 1}}}],
        "partialFingerprints": {_FINGERPRINT: sha256(f"limit {measured.limit}".encode()).hexdigest()[:32]},
    }


def _address(path: str, root: Path) -> dict[str, str]:
    """A file's address: relative below the root, else absolute."""
    whole = Path(os.path.abspath(path))
    if whole.is_relative_to(root):
        return {"uri": quote(os.fsencode(whole.relative_to(root).as_posix())), "uriBaseId": _ROOT}
    return {"uri": "file://" + quote(os.fsencode(whole.as_posix()))}
