"""Rows of tables, and the articles they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slantwise.article import Article
from slantwise.errors import AskedWrong, BadRow, EmptyArticle, SlantwiseError
from slantwise.formats.decoding import LONGEST_ARTICLE, too_long
from slantwise.formats.inputs import InputFile

__all__ = ["FIRST", "Columns", "Place", "Row", "Table", "article_of", "kind_of"]

_ABOUT = ("outlet", "published", "section")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what. `id` and `title`: None is the column of that name where there is one, "" is none."""

    text: str = "text"
    id: str | None = None
    title: str | None = None

    @property
    def id_name(self) -> str:
        """The id column's name, whether or not the table has it."""
        return "id" if self.id is None else self.id

    @property
    def title_name(self) -> str:
        """The title column's name, whether or not the table has it."""
        return "title" if self.title is None else self.title

    @property
    def used(self) -> frozenset[str]:
        """Every column that an article may be made of."""
        return frozenset({self.text, self.id_name, self.title_name, *_ABOUT})

    def check(self, names: Sequence[str], origin: str) -> None:
        """Check that a table has the columns that were asked for.

        Raises:
            AskedWrong: it has not; lists those it has.

        """
        for name, option in ((self.text, "--text-column"), (self.id, "--id-column"), (self.title, "--title-column")):
            if name and name not in names:
                found = f"the columns {', '.join(names)}" if names else "no columns"
                raise AskedWrong(f"a column {name!r} in {origin}", found, f"name one of them with {option}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table can be entered: the number of the row that comes next, its line, and the byte that line starts at.

    `offset` is None where a file has to be read from its start: packed files and UTF-16. Parquet finds rows by number.
    """

    row: int
    line: int
    offset: int | None = None


FIRST = Place(1, 1)
"""The start of any table."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` counts from 1 (a JSONL row's is its line), `line` is where it starts in the file.

    `cells` is None where the row could not be read: `error` says why.
    """

    number: int
    line: int
    cells: Mapping[str, Any] | None
    error: SlantwiseError | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table's column names (of JSONL: its first good row's keys) and its rows, read as they are asked for."""

    names: tuple[str, ...]
    rows: Iterator[Row]


def article_of(row: Row, columns: Columns, file: InputFile, longest: int = LONGEST_ARTICLE) -> Article:
    """Make a row's article.

    A title becomes the first line of the text, unless the text starts with it. An id is the id column's, or
    `<file name>#<row number>`.

    Raises:
        BadRow: a cell is missing or not what it should be.
        EmptyArticle: there is no text.
        SlantwiseError: it is longer than `longest`.

    """
    if row.error is not None:
        raise row.error
    assert row.cells is not None
    cells = _Cells(row.cells, file.origin, row.line)
    text = cells.text(columns.text)
    if text is None or not text.strip():
        raise EmptyArticle(f"{file.origin}:{row.line}")
    if len(text) > longest:
        raise too_long("an article", f"{file.origin}:{row.line}", longest)
    title = " ".join((cells.text(columns.title_name) or "").split()) if columns.title_name in row.cells else ""
    if title and not text.lstrip().startswith(title):
        text = f"{title}\n{text}"
    given = cells.word(columns.id_name)
    if given is None and columns.id:
        raise cells.bad(columns.id, "an article id", "none")
    about = {name: cells.word(name) for name in _ABOUT}
    return Article(given or f"{file.name}#{row.number}", text, **about)


@dataclass(frozen=True, slots=True)
class _Cells:
    values: Mapping[str, Any]
    origin: str
    line: int

    def bad(self, field: str, expected: str, found: str) -> BadRow:
        return BadRow(self.origin, self.line, field, expected, found)

    def text(self, field: str) -> str | None:
        """A cell of running text; None where it is null."""
        if field not in self.values:
            raise self.bad(field, "text", "no such field")
        value = self.values[field]
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.bad(field, "text", kind_of(value))
        self._check_characters(field, value)
        return value

    def word(self, field: str) -> str | None:
        """A short cell, as text; None where it is absent, null or empty."""
        value = self.values.get(field)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, float):  # whole numbers become floats, and holes NaN, where a column has holes
            return None if value != value else str(int(value) if value.is_integer() else value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value is not None and not isinstance(value, str):
            raise self.bad(field, "text, a number or a date", kind_of(value))
        self._check_characters(field, value or "")
        return value or None

    def _check_characters(self, field: str, value: str) -> None:
        if "\0" in value:
            raise self.bad(field, "text", f"a NUL character at offset {value.index(chr(0))}")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            found = f"a lone surrogate at offset {error.start}"
            raise self.bad(field, "text of whole characters", found) from error


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    names = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), f"a value of type {type(value).__name__}")
