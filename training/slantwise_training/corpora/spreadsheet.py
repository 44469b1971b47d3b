"""A sheet of an Excel workbook as rows of strings, from its XML: two files do not earn a dependency."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

__all__ = ["read_rows", "sheet_names"]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_names(path: Path) -> list[str]:
    """The names of the workbook's sheets; the place in the list, from 1, is the number `read_rows` takes."""
    with ZipFile(path) as book:
        sheets = ET.fromstring(book.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
        return [sheet.get("name", "") for sheet in sheets]


def read_rows(path: Path, number: int = 1) -> Iterator[dict[str, str]]:
    """Yield the rows below a sheet's header by column name; empty cells are absent, and columns without a name."""
    with ZipFile(path) as book:
        shared = [_text(item) for item in ET.fromstring(book.read("xl/sharedStrings.xml")).iter(f"{_MAIN}si")]
        sheet = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    rows = sheet.iter(f"{_MAIN}row")
    names = _cells(next(rows), shared)
    for row in rows:
        yield {names[column]: value for column, value in _cells(row, shared).items() if column in names}


def _cells(row: ET.Element, shared: list[str]) -> dict[str, str]:
    """The row's values by column letters; a cell of type `s` holds an index into the shared strings."""
    cells: dict[str, str] = {}
    for cell in row.iter(f"{_MAIN}c"):
        value = cell.findtext(f"{_MAIN}v")
        column = re.sub(r"\d", "", cell.get("r", ""))
        if value is not None:
            cells[column] = shared[int(value)] if cell.get("t") == "s" else value
    return cells


def _text(item: ET.Element) -> str:
    """A shared string, which may be several runs of formatted text."""
    return "".join(part.text or "" for part in item.iter(f"{_MAIN}t"))
