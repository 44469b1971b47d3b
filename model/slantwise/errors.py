"""Errors a user can act on: what was expected, what was found, what to do. The command line prints them as one line."""

from __future__ import annotations

from pathlib import Path

__all__ = ["AskedWrong", "BadRow", "BadSpan", "EmptyArticle", "SlantwiseError"]


class SlantwiseError(Exception):
    """Something could not be done. Exit code 1.

    Args:
        expected: what the program needed.
        found: what it met instead.
        do: the next step for the user, as an imperative.

    """

    exit_code = 1

    def __init__(self, expected: str, found: str, do: str) -> None:
        self.expected, self.found, self.do = expected, found, do
        super().__init__(f"expected {expected}; found {found}; {do}")


class AskedWrong(SlantwiseError):
    """The request itself does not make sense: an unknown name, a wrong option, a missing file. Exit code 2."""

    exit_code = 2


class BadRow(SlantwiseError):
    """One row of a file is unusable; names the file, the line (from 1) and the field."""

    def __init__(self, path: Path | str, line: int, field: str, expected: str, found: str) -> None:
        self.path, self.line, self.field = str(path), line, field
        super().__init__(f"{expected} at {path}:{line}, field {field}", found, "correct the row or remove it")


class EmptyArticle(SlantwiseError):
    """An article without a single visible character; `origin` says where it was found."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        super().__init__(f"an article with text at {origin}", "nothing but white space", "remove it or add its text")


class BadSpan(ValueError):
    """A span, link or label contradicts its sentence. `field` names the offending part of the record."""

    def __init__(self, field: str, expected: str, found: str) -> None:
        self.field, self.expected, self.found = field, expected, found
        super().__init__(f"{field}: expected {expected}; found {found}")
