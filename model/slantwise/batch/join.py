"""Parts put together, in input order, into the one file that was asked for: the same bytes however they came about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from slantwise.errors import SlantwiseError
from slantwise.files import atomic_path
from slantwise.formats.compression import open_bytes, packing
from slantwise.formats.scores import GROUP_ROWS, Form, OutputForm

__all__ = ["join_failures", "join_parts"]

_BLOCK = 1 << 20


def join_parts(parts: Sequence[Path], output: Path, form: OutputForm) -> None:
    """Join parts of the same form into one file, whole or absent. One block of one part is in memory at a time.

    The parts of a `.json` file are `.jsonl`. A packed file is one frame, since readers are about that stop after the
    first; the row groups of Parquet do not follow the parts.

    Raises:
        SlantwiseError: the output cannot be written, or a part cannot be read.

    """
    with atomic_path(output) as whole:
        try:
            if form.form is Form.PARQUET:
                _join_parquet(parts, whole)
                return
            with ExitStack() as stack:
                stream = stack.enter_context(packing(stack.enter_context(whole.open("wb")), form.compression))
                _join_text(parts, stream, form)
        except OSError as error:
            found = error.strerror or str(error)
            do = "make room, then the same command goes on"
            raise SlantwiseError(f"to write {output}", found, do) from error


def join_failures(parts: Sequence[Path], output: Path) -> None:
    """Join the failures of all shards into one file, whole or absent."""
    with atomic_path(output) as whole, whole.open("wb") as stream:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, stream, _BLOCK)


def _join_text(parts: Sequence[Path], stream: IO[bytes], form: OutputForm) -> None:
    before = b"[\n"
    for number, part in enumerate(parts):
        with open_bytes(part, form.compression) as source:
            if form.form is Form.JSON:
                for line in source:
                    stream.write(before + line.removesuffix(b"\n"))
                    before = b",\n"
                continue
            if form.form is Form.CSV and number:
                source.readline()
            shutil.copyfileobj(source, stream, _BLOCK)
    if form.form is Form.JSON:
        stream.write(b"\n]\n" if before == b",\n" else b"[]\n")


def _join_parquet(parts: Sequence[Path], whole: Path) -> None:
    from pyarrow.parquet import ParquetFile, ParquetWriter

    with ParquetFile(parts[0]) as first:
        schema = first.schema_arrow
    with ParquetWriter(whole, schema, compression="zstd") as writer:
        for table in _groups(_batches(parts)):
            writer.write_table(table)


def _groups(batches: Iterator[Any]) -> Iterator[Any]:
    """Tables of as many rows each, the last of what is left."""
    import pyarrow as pa

    kept: list[Any] = []
    rows = 0
    for batch in batches:
        kept.append(batch)
        rows += len(batch)
        while rows >= GROUP_ROWS:
            table = pa.Table.from_batches(kept).combine_chunks()
            yield table.slice(0, GROUP_ROWS)
            kept, rows = table.slice(GROUP_ROWS).to_batches(), rows - GROUP_ROWS
    if rows:
        yield pa.Table.from_batches(kept).combine_chunks()


def _batches(parts: Sequence[Path]) -> Iterator[Any]:
    from pyarrow.parquet import ParquetFile

    for part in parts:
        with ParquetFile(part, pre_buffer=False) as file:
            yield from file.iter_batches(1024, use_threads=False)
