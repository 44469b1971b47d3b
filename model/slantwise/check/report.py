"""What was found in a run: file by file, with places, limits and what could not be read."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from slantwise.check.findings import Finding, find
from slantwise.check.ignores import Ignores
from slantwise.check.limits import Measured, measure
from slantwise.check.places import Place, Places
from slantwise.check.precision import PrecisionTable
from slantwise.check.settings import Ruling
from slantwise.check.thresholds import Threshold
from slantwise.score import ArticleScore, ModelName

__all__ = ["CheckedFile", "PlacedFinding", "Report", "Unread", "check_score"]


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding with its place in the file.

    `fingerprint` stays the same when lines above it change, and differs from every other of the same file.
    """

    finding: Finding
    place: Place
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One article: what was found and is not let pass, in text order; its limits; how many findings comments let pass.

    `path` is what the user called the file.
    """

    path: str
    section: str
    findings: tuple[PlacedFinding, ...]
    limits: tuple[Measured, ...]
    passed: int = 0

    @property
    def over(self) -> tuple[Measured, ...]:
        """The limits that the article is over."""
        return tuple(m for m in self.limits if m.over)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, and why."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run."""

    model: ModelName
    precision: PrecisionTable
    files: tuple[CheckedFile, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 where a limit is exceeded or nothing could be read, else 3 where some could not be read, else 0."""
        if any(file.over for file in self.files) or (self.unread and not self.files):
            return 1
        return 3 if self.unread else 0


def check_score(
    path: str,
    score: ArticleScore,
    ruling: Ruling,
    places: Places,
    ignores: Ignores,
    thresholds: Mapping[str, Threshold] | None = None,
) -> CheckedFile:
    """Hold one article's score against the rules and limits that are on for it.

    Args:
        path: what the user called the file.
        score: the article's score.
        ruling: the rules and limits.
        places: where the text is in the file.
        ignores: what the file's comments let pass.
        thresholds: from which probability on rules fire, by code.

    """
    found = find(score, thresholds)
    on = {rule.code for rule in ruling.rules}
    kept: list[tuple[Finding, Place]] = []
    passed = 0
    for finding in found.findings:
        if finding.rule.code not in on:
            continue
        place = places.of(finding.start, finding.end)
        if ignores.covers(finding.rule.code, place.line):
            passed += 1
        else:
            kept.append((finding, place))
    findings = tuple(finding for finding, _ in kept)
    limits = tuple(measure(limit, found, findings) for limit in ruling.limits)
    prints = _fingerprints(findings, score)
    placed = tuple(PlacedFinding(f, place, mark) for (f, place), mark in zip(kept, prints, strict=True))
    return CheckedFile(path, ruling.section, placed, limits, passed)


def _fingerprints(findings: Sequence[Finding], score: ArticleScore) -> list[str]:
    """A hash of the rule, the words and the sentence around them, and of how many just like it came before."""
    seen: Counter[str] = Counter()
    prints = []
    openings = [sentence.start for sentence in score.sentences]
    for finding in findings:
        at = bisect_right(openings, finding.start) - 1
        around = score.sentences[at].text if at >= 0 else ""
        what = [finding.rule.code, " ".join(finding.text.split()), " ".join(around.split())]
        key = json.dumps(what, ensure_ascii=True)
        prints.append(sha256(f"{key}{seen[key]}".encode()).hexdigest()[:32])
        seen[key] += 1
    return prints
