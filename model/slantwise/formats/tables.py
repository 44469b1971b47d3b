"""Tables of articles: JSONL, CSV, TSV and Parquet, one row at a time."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from slantwise.errors import AskedWrong, BadRow, SlantwiseError
from slantwise.formats.compression import open_bytes
from slantwise.formats.decoding import LONGEST_ARTICLE, TextLines
from slantwise.formats.inputs import Format, InputFile
from slantwise.formats.rows import FIRST, Columns, Place, Row, Table, kind_of

__all__ = ["open_table", "table_places"]

_BATCH = 32
_LOOK_AHEAD = 1000
"""Rows of JSONL among which a good one has to be, for its columns to be known."""
_MOST_UNPACKED = 100
"""A packed Parquet file may unpack to this many times its size: it is packed inside already."""


@contextmanager
def open_table(
    file: InputFile,
    stream: BinaryIO | None,
    encoding: str | None,
    columns: Columns,
    start: Place = FIRST,
    longest: int = LONGEST_ARTICLE,
) -> Iterator[Table]:
    """Open a table. `stream` is standard input for a file without a path.

    Rows before `start` may be left out, and so may cells that no article is made of. A line of more than `longest`
    bytes is a bad row.

    Raises:
        SlantwiseError: the file cannot be read, is not of its format, or has no header.

    """
    if file.format is Format.PARQUET:
        with _parquet_file(file) as (parquet, errors):
            rows = _parquet_rows(parquet, file.origin, errors, columns, start.row)
            yield Table(tuple(parquet.schema_arrow.names), rows)
        return
    with nullcontext(stream) if file.path is None else open_bytes(file.path, file.compression) as source:
        assert source is not None
        lines = TextLines(source, file.origin, encoding, longest)
        if file.format is Format.JSONL:
            yield _jsonl_table(lines, file.origin, start)
        else:
            yield _csv_table(lines, file, start, longest)


def table_places(
    file: InputFile, encoding: str | None, columns: Columns, longest: int, every: int, most: int
) -> tuple[list[Place], int]:
    """Where each run of `every` rows of a table starts, and the number after its last row. Reads the file once.

    A run of JSONL is one of lines, empty ones counted. Of Parquet nothing but the footer is read. Where there are more
    than `most` runs they are twice as long, or four times, and so on.

    Raises:
        SlantwiseError: as `open_table`; the file is damaged.

    """
    if file.format is Format.PARQUET:
        with _parquet_file(file) as (parquet, _):
            stop = int(parquet.metadata.num_rows) + 1
        while every * most < stop - 1:
            every *= 2
        return [Place(row, row) for row in range(1, stop, every)], stop
    assert file.path is not None
    places: list[Place] = []
    with open_bytes(file.path, file.compression) as source:
        lines = TextLines(source, file.origin, encoding, longest)
        rows = _lines_of(lines) if file.format is Format.JSONL else _csv_table(lines, file, FIRST, longest).rows
        row, line, offset = 1, lines.number + 1, lines.offset
        for each in rows:
            if (each.number - 1) % every == 0:
                if len(places) == most:
                    places, every = places[::2], every * 2
                if (each.number - 1) % every == 0:
                    places.append(Place(each.number, line, None if file.compression else offset))
            row, line, offset = each.number + 1, lines.number + 1, lines.offset
    return places, row


def _lines_of(lines: TextLines) -> Iterator[Row]:
    """The rows of JSONL as far as a plan goes: where they are, not what they hold."""
    for _ in lines:
        yield Row(lines.number, lines.number, None)


def _jsonl_table(lines: TextLines, origin: str, start: Place) -> Table:
    if start.offset is not None:
        lines.enter(start.line, start.offset)
    rows = _jsonl_rows(lines, origin, start.row)
    read: list[Row] = []
    for row in rows:
        read.append(row)
        if row.cells is not None or len(read) == _LOOK_AHEAD:
            return Table(tuple(row.cells or ()), chain(read, rows))
    return Table((), iter(read))


def _jsonl_rows(lines: TextLines, origin: str, first: int) -> Iterator[Row]:
    for line in lines:
        number, bad_line = lines.number, lines.take_bad()
        if number < first:
            continue
        if bad_line is not None:
            yield Row(number, number, None, bad_line)
            continue
        if not line.strip():
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
                found = "null" if value is None else "text" if isinstance(value, str) else kind_of(value)
                yield Row(number, number, None, BadRow(origin, number, "row", "a JSON object", found))


def _csv_table(lines: TextLines, file: InputFile, start: Place, longest: int) -> Table:
    # The limit is the process's own, and it only ever goes up.
    csv.field_size_limit(max(csv.field_size_limit(), longest))
    delimiter = "\t" if file.format is Format.TSV else ","
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        header = next((row for row in reader if row), None)
    except csv.Error as error:
        raise SlantwiseError(f"a header in {file.origin}", str(error), "correct the first line") from error
    bad = lines.take_bad()
    if bad is not None:
        raise bad
    if header is None:
        raise SlantwiseError(f"a header in {file.origin}", "an empty file", "put the column names in the first line")
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise SlantwiseError(f"a header of different names in {file.origin}", f"{twice!r} twice", "rename one")
    number = 0
    if start.offset is not None:
        lines.enter(start.line, start.offset)
        number = start.row - 1
    return Table(tuple(header), _csv_rows(reader, lines, tuple(header), file.origin, number))


def _csv_rows(
    reader: Any,  # noqa: ANN401 - the csv module's reader has no public type
    lines: TextLines,
    header: tuple[str, ...],
    origin: str,
    number: int,
) -> Iterator[Row]:
    while True:
        start = lines.number + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            lines.take_bad()
            yield Row(number, start, None, BadRow(origin, start, "row", "a CSV row", str(error)))
            continue
        bad_line = lines.take_bad()
        if not values and bad_line is None:
            continue
        number += 1
        if bad_line is not None:
            yield Row(number, start, None, bad_line)
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
    # Arrow checks no UTF-8 and no dates until they become Python's: those raise errors of Python's own
    errors = (pa.ArrowException, OSError, ValueError, ArithmeticError)
    with _seekable(file.path, file) as source:
        try:
            parquet = ParquetFile(source, pre_buffer=False, buffer_size=1 << 20)
        except errors as error:
            raise _not_parquet(file.origin, error) from error
        with parquet:
            _check_rows(parquet.metadata, file.origin)
            yield parquet, errors


def _check_rows(footer: Any, origin: str) -> None:  # noqa: ANN401 - pyarrow has no types
    """A table is cut into shards by the footer's count, and read by its groups': rows beyond the former would be lost.

    Raises:
        SlantwiseError: the two differ.

    """
    told, held = footer.num_rows, sum(footer.row_group(group).num_rows for group in range(footer.num_row_groups))
    if told != held:
        found = f"one whose footer tells {told:,} rows, and its groups {held:,}"
        raise SlantwiseError(f"a whole Parquet file at {origin}", found, "write or fetch it again")


@contextmanager
def _seekable(path: Path, file: InputFile) -> Iterator[BinaryIO]:
    with open_bytes(path, file.compression) as source:
        if file.compression is None:
            yield source
            return
        room = path.stat().st_size * _MOST_UNPACKED
        with tempfile.TemporaryFile() as unpacked:
            while block := source.read(1 << 20):
                if unpacked.tell() + len(block) > room:
                    found = f"one of more than {_MOST_UNPACKED} times its packed size"
                    raise SlantwiseError(f"a Parquet file in {path}", found, "unpack it yourself if you trust it")
                unpacked.write(block)
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
            if number + len(batch) <= first:
                number += len(batch)
                continue
            for cells in batch.to_pylist():
                yield Row(number, number, cells)
                number += 1
    except errors as error:
        raise _not_parquet(origin, error) from error


def _not_parquet(origin: str, error: Exception) -> SlantwiseError:
    return SlantwiseError(f"a whole Parquet file at {origin}", str(error).split("\n")[0], "write or fetch it again")
