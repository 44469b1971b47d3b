"""Arrays from an .npz file that somebody else may have made: nothing is unpickled, and no bomb goes off."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

__all__ = ["of_single_precision", "read_arrays"]

_MOST_ARRAYS = 1000
_MOST_BYTES = 1 << 30
"""Of all arrays unpacked: fifty times the largest model that was met."""
_END = 22
"""Bytes of a ZIP file's last record where no comment follows, as numpy writes it."""


def read_arrays(path: Path, hashed: str | None = None) -> dict[str, NDArray[Any]]:
    """All arrays of an .npz file by name.

    Args:
        path: the file.
        hashed: the sha256 that it must have; None where that was checked before.

    Raises:
        ValueError, BadZipFile, OSError, RuntimeError, EOFError, MemoryError, zlib.error: it is none, another, or too
            large.
    """
    # opened here, since numpy leaves the file open when it is no archive
    with path.open("rb") as file:
        if not 0 < os.fstat(file.fileno()).st_size <= _MOST_BYTES:
            raise ValueError(f"a file of more than {_MOST_BYTES >> 30} GiB, or an empty one")
        if hashed is not None and (found := file_digest(file, "sha256").hexdigest()) != hashed:
            raise ValueError(f"sha256 {found[:12]} of {path.name}, not {str(hashed)[:12]}")
        _check_end(file)
        with ZipFile(file) as archive:
            members = archive.infolist()
        # no member gives more bytes than it names here
        if sum(member.file_size for member in members) > _MOST_BYTES:
            raise ValueError(f"arrays of more than {_MOST_BYTES >> 30} GiB")
        if any(member.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for member in members):
            raise ValueError("a way of packing that numpy does not use")
        if len({member.filename for member in members}) < len(members):
            raise ValueError("an array twice")
        file.seek(0)
        with np.load(file, allow_pickle=False) as opened:
            return dict(opened)


def of_single_precision(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    """One of the arrays, which must be float32.

    Raises:
        KeyError, ValueError: it is not there, or of another type.
    """
    array: NDArray[np.float32] = arrays[name]
    if array.dtype != np.float32:
        raise ValueError(f"{name} of type {array.dtype}")
    return array


def _check_end(file: BinaryIO) -> None:
    """Check how many members the list at the end has, before the list is read: each takes half a kilobyte."""
    size = file.seek(0, 2)
    file.seek(max(size - _END - 20, 0))
    tail = file.read()
    end, locator = tail[-_END:], tail[:-_END]
    if len(end) < _END or not end.startswith(b"PK\5\6") or end[20:] != b"\0\0" or locator.startswith(b"PK\6\7"):
        raise BadZipFile("no archive that numpy wrote")
    if int.from_bytes(end[12:16], "little") > _MOST_ARRAYS * 1000:
        raise ValueError(f"more than {_MOST_ARRAYS} arrays")
    file.seek(0)
