"""From which probability on a rule fires, for a precision that was measured on labelled sentences.

The thresholds are read from what `slantwise evaluate -o` writes. They are for rules that rest on one probability: of a
loaded word, a loaded sentence, a hedge cue, a stance. What rests on several spans and on who speaks has no such table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import AskedWrong, BadSpan, SlantwiseError
from slantwise.fields import integer, items, keyed, number, shown, string
from slantwise.files import read_settings
from slantwise.labels import HedgeKind, SpanLabel, Task
from slantwise.plain_text import plain
from slantwise.reading import Backend, Decision, FoundSpan, Reading, TargetMention

__all__ = ["WANTED", "StrictBackend", "Threshold", "read_thresholds"]

SCHEMA = "slantwise-evaluation-report/1"
WANTED = 0.9
"""The precision that is asked for where none is named."""
_LONGEST = 80
_MOST_TOLD = 10
_LARGEST = 64_000_000
"""Bytes of an evaluation: one of every corpus has some 10 MB."""
_AGAIN = "write it anew: slantwise evaluate MODEL --on LABELS -o FILE"


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a rule rests on: a label of a measure of the evaluation. `words` names it in the plural."""

    measure: str
    label: str
    words: str


_WORDS = _Basis("loaded", "loaded", "loaded words")
_SENTENCES = _Basis("wording", "loaded", "loaded sentences")
_HEDGES = _Basis("hedge", "hedge", "hedge cues")
_AGAINST = _Basis("stance", "against", "stances against")
_FAVOR = _Basis("stance", "favor", "stances in favour")
_VAGUE = "SLW202"
_BASES = {
    "SLW101": _WORDS,
    "SLW102": _SENTENCES,
    "SLW103": _WORDS,
    "SLW201": _HEDGES,
    _VAGUE: _HEDGES,
    "SLW203": _HEDGES,
    "SLW401": _AGAINST,
    "SLW402": _FAVOR,
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """From the probability `p` on a rule fires; None where no threshold of the test set reaches the wanted precision.

    `precision`, its interval and `recall` are of `what` (in the plural) with at least this probability on the set
    `data`, of which there are `found`.
    """

    what: str
    data: str
    wanted: float
    p: float | None = None
    precision: float = 0.0
    low: float = 0.0
    high: float = 0.0
    recall: float = 0.0
    found: int = 0

    @property
    def label(self) -> str:
        """What stands beside a finding: "precision 0.91 on gold.jsonl: loaded words from p 0.72 on"."""
        if self.p is None:
            return f"no threshold for {self.what} reaches precision {self.wanted:g} on {self.data}"
        return f"precision {self.precision:.2f} on {self.data}: {self.what} from p {self.p:.2f} on"


class StrictBackend:
    """A backend that finds loaded words and hedge cues only from their rules' thresholds on.

    Args:
        backend: what is asked.
        thresholds: by a rule's code.

    """

    def __init__(self, backend: Backend, thresholds: Mapping[str, Threshold]) -> None:
        self.backend = backend
        self._least = {code: each.p for code, each in thresholds.items() if each.p is not None}

    @property
    def decisions(self) -> Mapping[Task, Decision]:
        """How to decide each task: as the backend does."""
        return self.backend.decisions

    @property
    def stance_margin(self) -> float:
        """The backend's."""
        return self.backend.stance_margin

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """Read each sentence and leave out what is too unlikely."""
        return [
            Reading(each.text, each.tasks, tuple(filter(self._is_likely, each.spans)), each.state)
            for each in self.backend.read(sentences)
        ]

    def stance(self, mentions: Sequence[TargetMention]) -> NDArray[np.float32]:
        """The backend's probabilities."""
        return self.backend.stance(mentions)

    def _is_likely(self, span: FoundSpan) -> bool:
        if span.label is SpanLabel.LOADED:
            code = "SLW101"
        elif span.label is SpanLabel.HEDGE:
            code = _VAGUE if span.value is HedgeKind.VAGUE else "SLW201"
        else:
            return True
        return span.p >= self._least.get(code, 0.0)


def read_thresholds(path: Path, sha256: str, wanted: float = WANTED) -> dict[str, Threshold]:
    """The thresholds of a model's rules, by code; of a measure that several test sets have, the first one's.

    Args:
        path: the JSON file of `slantwise evaluate -o`.
        sha256: the model's hash.
        wanted: a precision of the file's tables.

    Raises:
        AskedWrong: there is no such file, it is something else or of another model, or it has no table for a rule or
            none for this precision.

    """
    try:
        whole = read_settings(path, _LARGEST, _AGAIN)
    except SlantwiseError as error:
        raise AskedWrong(error.expected, error.found, error.do) from error
    try:
        row = keyed(whole, "", ("schema",), None)
        if row["schema"] != SCHEMA:
            raise BadSpan("schema", repr(SCHEMA), shown(row["schema"]))
        keyed(row, "", ("model", "evaluations"), None)
        measured = string(keyed(row["model"], "model", ("sha256",), None)["sha256"], "model.sha256")
        if measured != sha256:
            found = f"one of {shown(measured[:12])}"
            do = "evaluate this model, or name the other one by --model"
            raise AskedWrong(f"an evaluation of the model {sha256[:12]} in {path}", found, do)
        sections = [_Section.of(each, at) for at, each in enumerate(items(row["evaluations"], "evaluations"))]
        found_rows = {
            code: _threshold(section, basis, wanted)
            for code, basis in _BASES.items()
            if (section := next((each for each in sections if each.covers(code)), None)) is not None
        }
    except BadSpan as error:
        field = "" if error.field in ("", "(row)") else f" as {error.field}"
        raise AskedWrong(f"{error.expected}{field} in the evaluation {path}", error.found, _AGAIN) from None
    if not found_rows:
        tables = ", ".join(sorted({name for section in sections for name in section.tables if name.isidentifier()}))
        needed = ", ".join(dict.fromkeys(basis.measure for basis in _BASES.values()))
        found = f"tables for {plain(tables)[:_LONGEST] or 'nothing'}"
        raise AskedWrong(f"a threshold table for {needed} in {path}", found, "evaluate on a set with such labels")
    return found_rows


@dataclass(frozen=True, slots=True)
class _Section:
    """One test set of the evaluation: its name, its threshold tables, the kinds of hedge cue that it marks."""

    field: str
    name: str
    tables: Mapping[str, Any]
    kinds: frozenset[str]

    @classmethod
    def of(cls, value: object, at: int) -> _Section:
        field = f"evaluations[{at}]"
        row = keyed(value, field, ("set", "thresholds", "measures"), None)
        name = " ".join(plain(string(row["set"], f"{field}.set")).split())
        tables = keyed(row["thresholds"], f"{field}.thresholds", (), None)
        measures = keyed(row["measures"], f"{field}.measures", (), None)
        kinds: set[str] = set()
        if "hedge" in measures:
            where = f"{field}.measures.hedge"
            hedge = keyed(measures["hedge"], where, ("values",), None)
            for kind, counts in keyed(hedge["values"], f"{where}.values", (), None).items():
                exact = keyed(keyed(counts, where, ("exact",), None)["exact"], where, ("tp", "fn"), None)
                if number(exact["tp"], where) + number(exact["fn"], where) > 0:
                    kinds.add(kind)
        return cls(field, name[:_LONGEST], tables, frozenset(kinds))

    def covers(self, code: str) -> bool:
        """Whether the set has a table for a rule: of hedge cues one for its kinds, of stances one beside neutral."""
        basis = _BASES[code]
        table = self.tables.get(basis.measure, {})
        labels = keyed(table, f"{self.field}.thresholds.{basis.measure}", (), None)
        if basis.label not in labels:
            return False
        if basis is _HEDGES and self.kinds:
            return HedgeKind.VAGUE in self.kinds if code == _VAGUE else bool(self.kinds - {HedgeKind.VAGUE})
        # where no gold stance is neutral, probabilities are those of a choice between two
        return basis.measure != "stance" or "neutral" in labels


def _threshold(section: _Section, basis: _Basis, wanted: float) -> Threshold:
    """The row of the wanted precision.

    Raises:
        AskedWrong: the table has none.
        BadSpan: the row is not what an evaluation holds.

    """
    field = f"{section.field}.thresholds.{basis.measure}.{basis.label}"
    offered = []
    for at, value in enumerate(items(section.tables[basis.measure][basis.label], field)):
        row = keyed(value, f"{field}[{at}]", ("precision_wanted", "threshold"), None)
        offered.append(_share(row["precision_wanted"], f"{field}[{at}].precision_wanted"))
        if abs(offered[-1] - wanted) < 1e-9:
            return _of_row(row, f"{field}[{at}]", section, basis, wanted)
    if not offered:
        raise BadSpan(field, "a row for each precision", "none")
    known = ", ".join(f"{each:g}" for each in offered[:_MOST_TOLD])
    raise AskedWrong(
        f"a precision that {section.name} has thresholds for ({known})", f"{wanted:g}", "name one of these"
    )


def _of_row(row: dict[str, Any], field: str, section: _Section, basis: _Basis, wanted: float) -> Threshold:
    if row["threshold"] is None:
        return Threshold(basis.words, section.name, wanted)
    keyed(row, field, ("precision", "precision_interval", "recall", "found"), None)
    ends = [_share(each, f"{field}.precision_interval") for each in items(row["precision_interval"], field)]
    precision, recall = (_share(row[name], f"{field}.{name}") for name in ("precision", "recall"))
    found = integer(row["found"], f"{field}.found")
    if precision < wanted - 1e-9 or not found or len(ends) != 2:
        raise BadSpan(field, f"a row whose threshold reaches {wanted:g}", shown(row))
    p = _share(row["threshold"], f"{field}.threshold")
    return Threshold(basis.words, section.name, wanted, p, precision, ends[0], ends[1], recall, found)


def _share(value: object, field: str) -> float:
    found = number(value, field)
    if not 0 <= found <= 1:
        raise BadSpan(field, "a number from 0 to 1", shown(value))
    return found
