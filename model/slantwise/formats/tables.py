"""Tables of articles: JSONL, CSV, TSV and Parquet, one row at a time."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from slantwise.article import Article
from slantwise.errors import AskedWrong, BadRow, EmptyArticle, SlantwiseError
from slantwise.formats.compression import open_bytes
from slantwise.formats.decoding import TextLines
from slantwise.formats.inputs import Format, InputFile

__all__ = ["Columns", "Row", "Table", "article_of", "open_table"]

_LONGEST_CELL = 2**31 - 1
_BATCH = 256
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


@contextmanager
def open_table(
    file: InputFile, stream: BinaryIO | None, encoding: str | None, columns: Columns, first: int = 1
) -> Iterator[Table]:
    """Open a table. `stream` is standard input for a file without a path.

    Rows before number `first` may be left out (Parquet skips whole row groups; the others give every row), and so may
    cells that no article is made of.

    Raises:
        SlantwiseError: the file cannot be read, is not of its format, or has no header.

    """
    if file.format is Format.PARQUET:
        with _parquet_file(file) as (parquet, errors):
            yield Table(tuple(parquet.schema_arrow.names), _parquet_rows(parquet, file.origin, errors, columns, first))
        return
    with nullcontext(stream) if file.path is None else open_bytes(file.path, file.compression) as source:
        assert source is not None
        lines = TextLines(source, file.origin, encoding)
        yield _jsonl_table(lines, file.origin) if file.format is Format.JSONL else _csv_table(lines, file)


def article_of(row: Row, columns: Columns, file: InputFile) -> Article:
    """Make a row's article.

    A title becomes the first line of the text, unless the text starts with it. An id is the id column's, or
    `<file name>#<row number>`.

    Raises:
        BadRow: a cell is missing or not what it should be.
        EmptyArticle: there is no text.

    """
    if row.error is not None:
        raise row.error
    assert row.cells is not None
    cells = _Cells(row.cells, file.origin, row.line)
    text = cells.text(columns.text)
    if text is None or not text.strip():
        raise EmptyArticle(f"{file.origin}:{row.line}")
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
            raise self.bad(field, "text", _kind(value))
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
            raise self.bad(field, "text, a number or a date", _kind(value))
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


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), f"a value of type {type(value).__name__}")


def _jsonl_table(lines: TextLines, origin: str) -> Table:
    rows = _jsonl_rows(lines, origin)
    read: list[Row] = []
    for row in rows:
        read.append(row)
        if row.cells is not None:
            return Table(tuple(row.cells), chain(read, rows))
    return Table((), iter(read))


def _jsonl_rows(lines: TextLines, origin: str) -> Iterator[Row]:
    for line in lines:
        number, undecodable = lines.number, lines.take_bad_byte()
        if not line.strip():
            continue
        if undecodable is not None:
            yield Row(number, number, None, undecodable)
            continue
        try:
            value = json.loads(line.rstrip("\r\n"))
        except json.JSONDecodeError as error:
            bad = BadRow(origin, number, "row", "a JSON object", f"{error.msg} at column {error.colno}")
            yield Row(number, number, None, bad)
        except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets a thousand deep
            yield Row(number, number, None, BadRow(origin, number, "row", "a JSON object", str(error)))
        else:
            if isinstance(value, dict):
                yield Row(number, number, value)
            else:
                found = "null" if value is None else "text" if isinstance(value, str) else _kind(value)
                yield Row(number, number, None, BadRow(origin, number, "row", "a JSON object", found))


def _csv_table(lines: TextLines, file: InputFile) -> Table:
    # The limit is the process's own: a long article is no reason to fail, so it only ever goes up.
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    delimiter = "\t" if file.format is Format.TSV else ","
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        header = next((row for row in reader if row), None)
    except csv.Error as error:
        raise SlantwiseError(f"a header in {file.origin}", str(error), "correct the first line") from error
    bad = lines.take_bad_byte()
    if bad is not None:
        raise bad
    if header is None:
        raise SlantwiseError(f"a header in {file.origin}", "an empty file", "put the column names in the first line")
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise SlantwiseError(f"a header of different names in {file.origin}", f"{twice!r} twice", "rename one")
    return Table(tuple(header), _csv_rows(reader, lines, tuple(header), file.origin))


def _csv_rows(reader: Any, lines: TextLines, header: tuple[str, ...], origin: str) -> Iterator[Row]:  # noqa: ANN401
    number = 0
    while True:
        start = lines.number + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            lines.take_bad_byte()
            yield Row(number, start, None, BadRow(origin, start, "row", "a CSV row", str(error)))
            continue
        undecodable = lines.take_bad_byte()
        if not values:
            continue
        number += 1
        if undecodable is not None:
            yield Row(number, start, None, undecodable)
        elif len(values) != len(header):
            bad = BadRow(origin, start, "row", f"{len(header)} cells", str(len(values)))
            yield Row(number, start, None, bad)
        else:
            yield Row(number, start, dict(zip(header, values, strict=True)))


@contextmanager
def _parquet_file(file: InputFile) -> Iterator[tuple[Any, tuple[type[Exception], ...]]]:
    """Yield the open file and the errors its reading may raise. A packed one is unpacked to a nameless file first."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    if file.path is None:
        raise AskedWrong("articles or JSONL at -", "parquet", "name the Parquet file")
    errors = (pa.ArrowException, OSError)
    with _seekable(file.path, file) as source:
        try:
            parquet = ParquetFile(source, pre_buffer=False, buffer_size=1 << 20)
        except errors as error:
            raise _not_parquet(file.origin, error) from error
        with parquet:
            yield parquet, errors


@contextmanager
def _seekable(path: Path, file: InputFile) -> Iterator[BinaryIO]:
    with open_bytes(path, file.compression) as source:
        if file.compression is None:
            yield source
            return
        with tempfile.TemporaryFile() as unpacked:
            shutil.copyfileobj(source, unpacked)
            unpacked.seek(0)
            yield unpacked


def _parquet_rows(
    parquet: Any,  # noqa: ANN401 - pyarrow has no types
    origin: str,
    errors: tuple[type[Exception], ...],
    columns: Columns,
    first: int,
) -> Iterator[Row]:
    groups: list[int] = []
    number = 1
    for group in range(parquet.num_row_groups):
        count = parquet.metadata.row_group(group).num_rows
        if groups or number + count > first:
            groups.append(group)
        else:
            number += count
    if not groups:
        return
    try:
        wanted = [name for name in parquet.schema_arrow.names if name in columns.used]
        for batch in parquet.iter_batches(_BATCH, row_groups=groups, columns=wanted, use_threads=False):
            for cells in batch.to_pylist():
                yield Row(number, number, cells)
                number += 1
    except errors as error:
        raise _not_parquet(origin, error) from error


def _not_parquet(origin: str, error: Exception) -> SlantwiseError:
    return SlantwiseError(f"a whole Parquet file at {origin}", str(error).split("\n")[0], "write or fetch it again")
