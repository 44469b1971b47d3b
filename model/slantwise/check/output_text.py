"""A report as lines: `path:line:column: CODE message [precision 0.71]`."""

from __future__ import annotations

from collections.abc import Iterator

from slantwise.check.report import Report
from slantwise.plain_text import plain

__all__ = ["as_text"]


def as_text(report: Report) -> str:
    """A line a finding, file by file in text order, then one for each limit that the file is over."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for file in report.files:
        path = _name(file.path)
        for each in file.findings:
            code = each.finding.rule.code
            where = f"{path}:{each.place.line}:{each.place.column}"
            yield f"{where}: {code} {each.finding.message} [{report.precision.label(code)}]"
        for measured in file.over:
            yield f"{path}:1:1: {measured.limit.rule.code} over the {measured.message}"


def _name(path: str) -> str:
    """A path on one line; bytes that are no text are replaced."""
    return " ".join(plain(path.encode("utf-8", "replace").decode()).splitlines())
