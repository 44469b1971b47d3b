"""Brat standoff files: text-bound annotations, which may be discontinuous, and the relations between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from slantwise.errors import BadRow

__all__ = ["BratFile", "BratRelation", "BratSpan", "read_brat"]

ENTRY = re.compile(r"[TEARMN#*]\d*\t")
BOUND = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)")


@dataclass(frozen=True, slots=True)
class BratSpan:
    """A text-bound annotation (`T` line); `pieces` are its stretches of the document, start and end, in text order."""

    id: str
    label: str
    pieces: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class BratRelation:
    """An event line (`E`): role and span id of each argument, the trigger first; roles of one kind are numbered."""

    id: str
    arguments: tuple[tuple[str, str], ...]

    def of(self, role: str) -> tuple[str, ...]:
        """The span ids in a role, its numbered repeats (`Content2`) among them."""
        return tuple(span for name, span in self.arguments if name.rstrip("0123456789") == role)


@dataclass(frozen=True, slots=True)
class BratFile:
    """The spans by id and the relations in file order. Notes and attributes are left out."""

    spans: dict[str, BratSpan]
    relations: tuple[BratRelation, ...]


def read_brat(path: Path) -> BratFile:
    """Read an annotation file. The text of an annotation may run on over the following lines.

    Raises:
        BadRow: a `T` line without label and offsets, or a relation to a span that the file lacks.

    """
    spans: dict[str, BratSpan] = {}
    relations: list[tuple[int, BratRelation]] = []
    for number, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), 1):
        if not ENTRY.match(line):  # blank, or the rest of the surface that the line before began
            continue
        name, body = line.split("\t")[:2]
        if name.startswith("T"):
            spans[name] = _span(path, number, name, body)
        elif name.startswith("E"):
            pairs = (argument.partition(":") for argument in body.split())
            relations.append((number, BratRelation(name, tuple((role, span) for role, _, span in pairs))))
    for number, relation in relations:  # after all spans: a relation may stand before its arguments
        for role, span in relation.arguments:
            if span not in spans:
                raise BadRow(path, number, role, "a span of this file", repr(span))
    return BratFile(spans, tuple(relation for _, relation in relations))


def _span(path: Path, number: int, name: str, body: str) -> BratSpan:
    match = BOUND.fullmatch(body)
    if match is None:
        raise BadRow(path, number, name, "a label and offsets", repr(body))
    offsets = [piece.split() for piece in match[2].split(";")]
    return BratSpan(name, match[1], tuple(sorted((int(start), int(end)) for start, end in offsets)))
