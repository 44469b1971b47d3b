"""Files as streams of bytes, packed or plain: `.gz` and `.zst` are unpacked and packed on the way."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from slantwise.errors import SlantwiseError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Compression", "open_bytes", "packing"]

_BLOCK = 1 << 9
"""Packed bytes that are unpacked in one go. They hold at most 16 MB (zstd's 128 KiB from four bytes, gzip's 1:1032), so
that no bomb of a file fills the memory; larger blocks are no faster."""


class Compression(StrEnum):
    """How a file is packed; the value is its suffix without the dot."""

    GZIP = "gz"
    ZSTD = "zst"


def open_bytes(path: Path, compression: Compression | None) -> io.BufferedReader:
    """Open a file to read its unpacked bytes. A damaged or cut-off file raises while it is read, never ends early.

    Raises:
        SlantwiseError: the file cannot be opened.

    """
    try:
        file = path.open("rb")
    except OSError as error:
        found = error.strerror or str(error)
        raise SlantwiseError(f"to read {path}", found, "check the path and its permissions") from error
    return file if compression is None else io.BufferedReader(_Unpacked(file, str(path), compression), 1 << 16)


@contextmanager
def packing(file: BinaryIO, compression: Compression | None) -> Iterator[IO[bytes]]:
    """Yield a stream that packs what is written into `file`, which stays open. The same input gives the same bytes."""
    if compression is None:
        yield file
    elif compression is Compression.GZIP:
        import gzip

        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
            yield cast(IO[bytes], packed)
    else:
        import zstandard

        with zstandard.ZstdCompressor(write_checksum=True).stream_writer(file, closefd=False) as writer:
            yield cast(IO[bytes], writer)


class _Unpacked(io.RawIOBase):
    """The unpacked bytes of a file of one or more frames.

    Not `zstandard`'s own stream reader: that one ends a cut-off file without an error.
    """

    def __init__(self, file: BinaryIO, origin: str, compression: Compression) -> None:
        self._file, self._origin, self._compression = file, origin, compression
        self._decoder: Any = None
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        while not self._ready:
            data = self._file.read(_BLOCK)
            if not data:
                if self._decoder is not None:
                    raise self._damaged("the end of the file in the middle")
                return 0
            self._ready = memoryview(self._unpack(data))
        count = min(len(target), len(self._ready))
        target[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def close(self) -> None:
        self._file.close()
        super().close()

    def _unpack(self, data: bytes) -> bytes:
        parts = []
        while data:
            if self._decoder is None:
                self._decoder = self._new_decoder()
            try:
                parts.append(self._decoder.decompress(data))
            except Exception as error:
                # zlib.error and zstandard.ZstdError share no base of their own; naming the latter would import it.
                if not (isinstance(error, zlib.error) or type(error).__name__ == "ZstdError"):
                    raise
                raise self._damaged(str(error)) from error
            data = self._decoder.unused_data if self._decoder.eof else b""
            if self._decoder.eof:
                self._decoder = None
        return b"".join(parts)

    def _new_decoder(self) -> object:
        if self._compression is Compression.GZIP:
            return zlib.decompressobj(wbits=31)
        import zstandard

        return zstandard.ZstdDecompressor().decompressobj()

    def _damaged(self, found: str) -> SlantwiseError:
        expected = f"a whole .{self._compression} file at {self._origin}"
        return SlantwiseError(expected, found, "fetch it or pack it again")
