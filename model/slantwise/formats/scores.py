"""Scores out: JSONL, JSON, CSV and Parquet files that are whole or absent, and JSONL on a pipe."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Protocol

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.fields import json_line
from slantwise.files import atomic_path
from slantwise.formats.compression import Compression, packing
from slantwise.formats.flat import CellKind, FlatRow, Level, flat_rows
from slantwise.formats.score_json import score_to_json
from slantwise.score import ArticleScore

__all__ = ["GROUP_ROWS", "Form", "OutputForm", "ScoreWriter", "open_scores", "output_form"]

_FORMULA = re.compile(r"[=+\-@\t\r]")
GROUP_ROWS = 8192
"""Rows of a Parquet row group, about."""
_KNOWN = ".jsonl, .jsonl.gz, .jsonl.zst, .json, .csv, .csv.gz, .csv.zst or .parquet"


class ScoreWriter(Protocol):
    """Takes scores one after the other; `open_scores` gives one and closes it."""

    def write(self, score: ArticleScore) -> None:
        """Write one article's score.

        Raises:
            SlantwiseError: the disk is full, or the score holds what the format cannot.
            BrokenPipeError: nobody reads standard output any more.

        """
        ...


class Form(StrEnum):
    """What scores are written as; the value is the suffix without the dot."""

    JSONL = "jsonl"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class OutputForm:
    """The form of one file of scores."""

    form: Form
    compression: Compression | None

    @property
    def part_suffix(self) -> str:
        """The suffix of files that can be joined into one of this form; an array is joined from lines."""
        packed = f".{self.compression}" if self.compression else ""
        return f".{Form.JSONL if self.form is Form.JSON else self.form}{packed}"


class _Writer(ScoreWriter, Protocol):
    def close(self) -> None:
        """Write what is left and close the file."""
        ...


@contextmanager
def open_scores(
    path: Path | str | None, *, level: Level | str = Level.SENTENCE, stdout: IO[bytes] | None = None
) -> Iterator[ScoreWriter]:
    """Yield a writer of scores; the file appears under its name when the block ends well, and not otherwise.

    The suffix chooses: `.jsonl` one object a line, `.json` one array of objects, `.csv` and `.parquet` flat rows (see
    `flat.SENTENCE_COLUMNS`); `.jsonl` and `.csv` also with `.gz` or `.zst`. `-` or None is JSONL on standard output,
    each line flushed. In CSV, lists are JSON arrays, and a text cell that starts with = + - @, a tab or a carriage
    return gets an apostrophe before it, so that no spreadsheet takes it for a formula.

    Args:
        path: the file, `-` or None.
        level: what a flat row stands for; JSON and JSONL hold whole articles whatever it is.
        stdout: written to for `-` in place of the process's own.

    Raises:
        AskedWrong: no such format or level, or the file's folder is missing.
        SlantwiseError: the file cannot be written.

    """
    if level not in set(Level):
        raise AskedWrong(f"a level ({', '.join(Level)})", repr(level), "name one of these")
    if path is None or str(path) == "-":
        yield _JsonLines(stdout or sys.stdout.buffer, flush=True)
        return
    form = output_form(Path(path))
    with atomic_path(path) as part:
        with _told(path):
            writer = _writer(part, form, Level(level))
        try:
            yield _Telling(writer, path)
        except BaseException:
            with suppress(Exception):  # the file goes anyway; what stopped the work is the error to see
                writer.close()
            raise
        with _told(path):
            writer.close()


def output_form(path: Path) -> OutputForm:
    """The form of a file by its suffixes, case ignored.

    Raises:
        AskedWrong: no such form.

    """
    suffixes = [suffix.lower().removeprefix(".") for suffix in path.suffixes[-2:]]
    compression = Compression(suffixes.pop()) if suffixes and suffixes[-1] in set(Compression) else None
    found = suffixes[-1] if suffixes else ""
    form = Form.JSONL if found == "ndjson" else next((each for each in Form if each == found), None)
    if form is None or (compression and form not in {Form.JSONL, Form.CSV}):
        raise AskedWrong(f"an output ending in {_KNOWN}", str(path), "choose one of these endings")
    return OutputForm(form, compression)


def _writer(part: Path, form: OutputForm, level: Level) -> _Writer:
    if form.form is Form.PARQUET:
        return _ParquetRows(part, level)
    stack = ExitStack()
    stream = stack.enter_context(packing(stack.enter_context(part.open("wb")), form.compression))
    if form.form is Form.CSV:
        return _CsvRows(stream, level, stack)
    return _JsonLines(stream, stack) if form.form is Form.JSONL else _JsonArray(stream, stack)


@contextmanager
def _told(path: Path | str) -> Iterator[None]:
    """Say which file a full disk was met at."""
    try:
        yield
    except OSError as error:
        found = error.strerror or str(error)
        raise SlantwiseError(f"to write {path}", found, "make room or name another place") from error


class _Telling:
    """A file's writer whose errors name the file."""

    def __init__(self, writer: _Writer, path: Path | str) -> None:
        self._writer, self._path = writer, path

    def write(self, score: ArticleScore) -> None:
        with _told(self._path):
            self._writer.write(score)


class _JsonLines:
    def __init__(self, stream: IO[bytes], stack: ExitStack | None = None, *, flush: bool = False) -> None:
        self._stream, self._stack, self._flush = stream, stack or ExitStack(), flush

    def write(self, score: ArticleScore) -> None:
        self._stream.write(json_line(score_to_json(score), f"the score of {score.article}"))
        if self._flush:
            self._stream.flush()

    def close(self) -> None:
        self._stack.close()


class _JsonArray:
    """One score a line all the same, so that the file can be read with eyes and cut with line tools."""

    def __init__(self, stream: IO[bytes], stack: ExitStack) -> None:
        self._stream, self._stack, self._before = stream, stack, b"[\n"

    def write(self, score: ArticleScore) -> None:
        line = json_line(score_to_json(score), f"the score of {score.article}")
        self._stream.write(self._before + line.rstrip(b"\n"))
        self._before = b",\n"

    def close(self) -> None:
        with self._stack:
            self._stream.write(b"\n]\n" if self._before == b",\n" else b"[]\n")


class _CsvRows:
    def __init__(self, stream: IO[bytes], level: Level, stack: AbstractContextManager[Any]) -> None:
        self._stream, self._level, self._stack = stream, level, stack
        self._text = io.StringIO(newline="")
        # Rows end in CR LF (RFC 4180): with LF alone the csv module leaves a lone CR in a text unquoted, a broken row.
        self._rows = csv.writer(self._text, lineterminator="\r\n")
        self._rows.writerow(column.name for column in level.columns)
        self._flush()

    def write(self, score: ArticleScore) -> None:
        for row in flat_rows(score, self._level):
            self._rows.writerow(_csv_cell(row[column.name]) for column in self._level.columns)
        self._flush()

    def close(self) -> None:
        with self._stack:
            pass

    def _flush(self) -> None:
        self._stream.write(self._text.getvalue().encode())
        self._text.seek(0)
        self._text.truncate()


def _csv_cell(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value


class _ParquetRows:
    """Gathers rows into row groups; one group is in memory at a time."""

    def __init__(self, part: Path, level: Level) -> None:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        types = {
            CellKind.TEXT: pa.string(),
            CellKind.WHOLE: pa.int64(),
            CellKind.NUMBER: pa.float64(),
            CellKind.TEXTS: pa.list_(pa.string()),
            CellKind.NUMBERS: pa.list_(pa.float64()),
        }
        self._level = level
        self._schema = pa.schema([pa.field(column.name, types[column.kind]) for column in level.columns])
        self._rows: list[FlatRow] = []
        self._writer = ParquetWriter(part, self._schema, compression="zstd")

    def write(self, score: ArticleScore) -> None:
        self._rows += flat_rows(score, self._level)
        if len(self._rows) >= GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        with self._writer:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []
