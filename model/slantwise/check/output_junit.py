"""A report as JUnit XML, which build servers show as tests: a suite an article, a case a limit."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from slantwise.check.output_text import as_text
from slantwise.check.report import CheckedFile, Report
from slantwise.plain_text import plain

__all__ = ["as_junit"]

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def as_junit(report: Report) -> str:
    """A case fails where its limit is exceeded; an article without limits is one case that passes.

    The findings are the suite's output. A file that could not be read is a case in error.
    """
    root = ElementTree.Element("testsuites", name="slantwise")
    for file in report.files:
        suite = _suite(root, file.path, len(file.limits) or 1, failures=len(file.over))
        if not file.limits:
            ElementTree.SubElement(suite, "testcase", classname=_legal(file.path), name="findings")
        for measured in file.limits:
            case = ElementTree.SubElement(suite, "testcase", classname=_legal(file.path), name=str(measured.limit))
            if measured.over:
                message = _legal(f"over the {measured.message}")
                ElementTree.SubElement(case, "failure", message=message, type=measured.limit.rule.code).text = message
        ElementTree.SubElement(suite, "system-out").text = _legal(_lines(file, report))
    for unread in report.unread:
        suite = _suite(root, unread.path, 1, errors=1)
        case = ElementTree.SubElement(suite, "testcase", classname=_legal(unread.path), name="read")
        ElementTree.SubElement(case, "error", message=_legal(unread.message), type="unread")
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(
    root: ElementTree.Element, path: str, tests: int, *, failures: int = 0, errors: int = 0
) -> ElementTree.Element:
    counts = {"tests": str(tests), "failures": str(failures), "errors": str(errors)}
    return ElementTree.SubElement(root, "testsuite", {"name": _legal(path), **counts})


def _lines(file: CheckedFile, report: Report) -> str:
    return as_text(Report(report.model, report.precision, (file,)))


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", plain(text))
