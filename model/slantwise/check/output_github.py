"""A report as GitHub's workflow commands, which become annotations beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from slantwise.check.report import Report
from slantwise.check.rules import Severity

__all__ = ["as_github"]

_LEVELS = {Severity.NOTE: "notice", Severity.WARNING: "warning"}


def as_github(report: Report) -> str:
    """A command a finding (notice or warning), and an error for each limit exceeded and each file not read."""
    return "".join(f"{line}\n" for line in _commands(report))


def _commands(report: Report) -> Iterator[str]:
    for file in report.files:
        for each in file.findings:
            rule, place = each.finding.rule, each.place
            where: dict[str, str | int] = {"file": file.path, "line": place.line, "endLine": place.end_line}
            # columns of two lines would be read as those of the first
            if place.line == place.end_line:
                where |= {"col": place.column, "endColumn": place.end_column}
            message = f"{each.finding.message} [{report.precision.label(rule.code)}]"
            yield _command(_LEVELS[rule.severity], {**where, "title": f"{rule.code} {rule.name}"}, message)
        for measured in file.over:
            title = f"{measured.limit.rule.code} over the limit {measured.limit}"
            yield _command("error", {"file": file.path, "title": title}, measured.message)
    for unread in report.unread:
        yield _command("error", {"file": unread.path, "title": "not read"}, unread.message)


def _command(level: str, properties: dict[str, str | int], message: str) -> str:
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {listed}::{_data(message)}"


def _data(text: str) -> str:
    """Escape as the runner unescapes: a line feed would end the command and start another."""
    text = text.encode("utf-8", "replace").decode()
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
