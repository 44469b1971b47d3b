"""How often each rule is right: `precision.json` of a model folder, written by `benchmarks/rule_precision.py`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slantwise.check.rules import RULES
from slantwise.check.thresholds import Threshold
from slantwise.errors import SlantwiseError
from slantwise.fields import integer, string
from slantwise.files import read_settings, write_json
from slantwise.plain_text import plain
from slantwise.summary import share

__all__ = ["FEWEST", "FILE_NAME", "LEAST", "PrecisionTable", "RulePrecision", "read_precision", "write_precision"]

SCHEMA = "slantwise-precision/1"
FILE_NAME = "precision.json"
FEWEST = 10
"""A precision over fewer findings says nothing: the rule counts as unmeasured."""
LEAST = 0.5
"""A rule that is more often wrong than right is off until somebody asks for it."""
_MOST = 10**9
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class RulePrecision:
    """Of `found` findings `right` were right; `missed` are the annotators' that were not found."""

    right: int
    found: int
    missed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.found <= _MOST or not 0 <= self.missed <= _MOST:
            raise ValueError(f"{self.right} right of {self.found} found, {self.missed} missed")

    @property
    def is_measured(self) -> bool:
        """Whether there were enough findings."""
        return self.found >= FEWEST

    @property
    def value(self) -> float:
        """The share of right findings, of at least one."""
        return self.right / self.found

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share (Wilson, 1927)."""
        row = share(self.right, self.found)
        return row["low"], row["high"]


@dataclass(frozen=True, slots=True)
class PrecisionTable:
    """The precision of a model's rules by code, and what it was measured on; empty for a model never measured.

    `thresholds` are those that an evaluation gives for some of the rules. Where there is one, it counts alone.
    """

    rules: Mapping[str, RulePrecision]
    data: str = ""
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)

    def of(self, code: str) -> RulePrecision | None:
        """A rule's precision; None where it is unmeasured."""
        found = self.rules.get(code)
        return found if found is not None and found.is_measured else None

    @property
    def trusted(self) -> frozenset[str]:
        """The codes of the rules that are on by themselves: measured, and right at least as often as wrong."""
        counted = frozenset(code for code in self.rules if (found := self.of(code)) and found.value >= LEAST)
        return (counted | self.thresholds.keys()) - self.unreached

    @property
    def unreached(self) -> frozenset[str]:
        """The codes of the rules that no threshold makes as precise as is wanted: they are off."""
        return frozenset(code for code, each in self.thresholds.items() if each.p is None)

    def value(self, code: str) -> float | None:
        """A rule's precision, or that of what it rests on from its threshold on; None where it is unmeasured."""
        threshold, found = self.thresholds.get(code), self.of(code)
        if threshold is not None:
            return None if threshold.p is None else threshold.precision
        return None if found is None else found.value

    def label(self, code: str) -> str:
        """What stands beside a finding: `precision 0.71`, `precision unmeasured`, or its threshold's own words."""
        if code in self.thresholds:
            return self.thresholds[code].label
        found = self.of(code)
        return "precision unmeasured" if found is None else f"precision {found.value:.2f}"


def read_precision(folder: Path, sha256: str) -> PrecisionTable:
    """What is measured of a model.

    Args:
        folder: the model folder.
        sha256: the model's hash; numbers of another model are no numbers of this one.

    Raises:
        SlantwiseError: the file is not what the script writes.

    """
    path = folder / FILE_NAME
    if not os.path.isfile(path):
        return PrecisionTable({})
    whole = read_settings(path)
    try:
        if whole["schema"] != SCHEMA:
            raise ValueError(f"schema {whole['schema']!r}")
        if whole["model"]["sha256"] != sha256:
            return PrecisionTable({})
        known = {rule.code for rule in RULES}
        rows: dict[str, Any] = whole["rules"]
        rules = {
            code: RulePrecision(*(integer(row[name], f"{code}.{name}") for name in ("right", "found", "missed")))
            for code, row in rows.items()
            if code in known
        }
        return PrecisionTable(rules, plain(string(whole["data"]["name"], "data.name"))[:_LONGEST])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        found = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
        raise SlantwiseError(f"precisions of rules in {path}", found, "run benchmarks/rule_precision.py") from error


def write_precision(
    folder: Path, model: Mapping[str, str], data: Mapping[str, Any], rules: Mapping[str, RulePrecision]
) -> Path:
    """Write a model's precisions beside it; returns where.

    Args:
        folder: the model folder.
        model: the model's name and sha256.
        data: what it was measured on: name, sha256, articles.
        rules: by code.

    """
    rows = {}
    for rule in RULES:
        row = rules.get(rule.code, RulePrecision(0, 0))
        each: dict[str, Any] = {"name": rule.name, "right": row.right, "found": row.found, "missed": row.missed}
        if row.found:
            low, high = row.interval
            each |= {"precision": round(row.value, 4), "low": low, "high": high}
        rows[rule.code] = each
    write_json(folder / FILE_NAME, {"schema": SCHEMA, "model": dict(model), "data": dict(data), "rules": rows})
    return folder / FILE_NAME
