"""From bytes to text: UTF-8, UTF-16 and UTF-32 by their mark, any other encoding by name; nothing is guessed."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import chain
from typing import IO

from slantwise.errors import AskedWrong, SlantwiseError

__all__ = ["LONGEST_ARTICLE", "TextLines", "check_encoding", "decode_article", "too_long"]

LONGEST_ARTICLE = 16_000_000
"""Bytes of an article, or a line of a table, that are read where nothing else is asked for: 2,000 times the usual."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose little-endian mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = (
    (b"%PDF-", "a PDF file", "extract its text first, for example with pdftotext"),
    (b"PK\x03\x04", "a ZIP archive or an Office document", "unpack it or save it as text"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save it as text"),
    (b"{\\rtf", "an RTF document", "save it as text"),
    (b"\x1f\x8b", "gzip-packed bytes", "let the file name end in .gz"),
    (b"\x28\xb5\x2f\xfd", "zstd-packed bytes", "let the file name end in .zst"),
    (b"PAR1", "a Parquet file", "let the file name end in .parquet"),
)
_SAMPLE = 1 << 16
_CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\n\v\f\r\x1b") | {"\x7f"}
_MOST_CONTROLS = 0.01


def check_encoding(name: str | None) -> None:
    """Check that Python knows an encoding.

    Raises:
        AskedWrong: it does not.

    """
    if name is None:
        return
    try:
        b"a".decode(name)
    except LookupError as error:
        do = "name one, for example `--encoding windows-1252`"
        raise AskedWrong("the name of a text encoding", repr(name), do) from error
    except UnicodeError:
        return  # known; a single byte is no UTF-16


def decode_article(data: bytes, origin: str, encoding: str | None = None) -> str:
    """Decode a whole file. A byte order mark is removed and outranks `encoding`; without both it must be UTF-8.

    Raises:
        SlantwiseError: undecodable (names the first bad byte), or not text at all.

    """
    name = _marked(data) or encoding
    if name is None:
        _refuse_binary(data, origin)
    try:
        text = data.decode(name or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _undecodable(origin, error, 0) from error
    except UnicodeError as error:
        raise _unfit(name or "utf-8", origin, error) from error
    _refuse_controls(text, origin)
    return text


class TextLines:
    """The lines of a table, decoded one at a time with their ends kept.

    A line that cannot be decoded is still given, with U+FFFD for its bad bytes, so that only its row is lost:
    `take_bad` then says where. A line that is longer than `longest` bytes is given empty, and `take_bad`
    says so. UTF-16 and UTF-32 have no such luck: the file ends in an error there.

    Attributes:
        number: how many lines were read.
        offset: how many bytes they hold; None where the next line cannot be entered by its byte (UTF-16, UTF-32).

    Raises:
        SlantwiseError: not text at all: when made, or of UTF-16 with the first line.

    """

    def __init__(
        self, stream: IO[bytes], origin: str, encoding: str | None = None, longest: int = LONGEST_ARTICLE
    ) -> None:
        self.number = 0
        self.offset: int | None = 0
        self._stream, self._origin, self._longest = stream, origin, longest
        self._bad: SlantwiseError | None = None
        head = stream.readline(min(_SAMPLE, longest))
        self._encoding = _marked(head) or encoding or "utf-8"
        if self._is_wide:
            self.offset = None
            self._lines = self._decode_wide(chain([head], iter(lambda: stream.readline(_SAMPLE), b"")))
        else:
            _refuse_binary(head, origin)
            # not before it is asked for: where it is too long, the offset moves on
            self._lines = self._decode_each(chain(map(self._whole, [head]), iter(self._next, b"")))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line.removeprefix("\ufeff") if self.number == 1 else line

    def enter(self, number: int, offset: int) -> None:
        """Go on with the line of this number, which starts at this byte; both as an earlier reading gave them."""
        assert self.offset is not None
        self._stream.seek(offset)
        self._bad = None
        self.number, self.offset = number - 1, offset
        self._lines = self._decode_each(iter(self._next, b""))

    def take_bad(self) -> SlantwiseError | None:
        """What was wrong with the first bad line since the last call, if there was one."""
        bad, self._bad = self._bad, None
        return bad

    @property
    def _is_wide(self) -> bool:
        return codecs.lookup(self._encoding).name.startswith(("utf-16", "utf-32"))

    def _next(self) -> bytes:
        return self._whole(self._stream.readline(self._longest))

    def _whole(self, line: bytes) -> bytes:
        """The line that starts so; where it is too long an empty one in its place."""
        if line and not line.endswith(b"\n") and len(line) < self._longest:
            line += self._stream.readline(self._longest - len(line))
        if line.endswith(b"\n") or len(line) < self._longest:
            return line
        left_out = 0
        while more := self._stream.readline(_SAMPLE):
            left_out += len(more)
            if more.endswith(b"\n"):
                break
        if not left_out:
            return line
        assert self.offset is not None
        self.offset += len(line) + left_out - 1
        self._bad = self._bad or too_long("a line", f"{self._origin}:{self.number + 1}", self._longest)
        return b"\n"

    def _decode_each(self, lines: Iterator[bytes]) -> Iterator[str]:
        for data in lines:
            assert self.offset is not None
            try:
                line = data.decode(self._encoding)
            except UnicodeDecodeError as error:
                self._bad = self._bad or _undecodable(self._origin, error, self.offset)
                line = data.decode(self._encoding, errors="replace")
            except UnicodeError as error:  # codecs of host names
                raise _unfit(self._encoding, self._origin, error) from error
            self.offset += len(data)
            if line:
                yield line

    def _decode_wide(self, blocks: Iterator[bytes]) -> Iterator[str]:
        """The blocks end at every byte 10, which may be half a character: the decoder keeps what is left over."""
        decoder = codecs.getincrementaldecoder(self._encoding)()
        offset, rest, first = 0, "", True
        for data, last in chain(((block, False) for block in blocks), [(b"", True)]):
            kept = len(decoder.getstate()[0])
            try:
                rest += decoder.decode(data, last)
            except UnicodeDecodeError as error:
                raise _undecodable(self._origin, error, offset - kept) from error
            except UnicodeError as error:
                raise _unfit(self._encoding, self._origin, error) from error
            offset += len(data)
            if first and len(rest) > 1:
                _refuse_controls(rest, self._origin)
                first = False
            *whole, rest = rest.split("\n")
            for line in whole:
                yield line + "\n"
            if len(rest) > self._longest:
                raise too_long("a line", f"{self._origin}:{self.number + 1}", self._longest)
        if rest:
            yield rest


def too_long(what: str, origin: str, longest: int) -> SlantwiseError:
    """The error of an article, or a line of a table, that is longer than is read."""
    do = "split it, or allow more with `slantwise score --longest MB`"
    return SlantwiseError(f"{what} of at most {longest / 1_000_000:g} MB at {origin}", "a longer one", do)


def _marked(data: bytes) -> str | None:
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def _undecodable(origin: str, error: UnicodeDecodeError, offset: int) -> SlantwiseError:
    found = f"byte 0x{error.object[error.start]:02x} at byte offset {offset + error.start}"
    name = "UTF-8" if error.encoding in {"utf-8", "utf8"} else error.encoding
    do = "name its encoding with `--encoding NAME`, for example windows-1252"
    return SlantwiseError(f"{name} text in {origin}", found, do)


def _unfit(encoding: str, origin: str, error: UnicodeError) -> SlantwiseError:
    """What a codec says that names no byte: UTF-16 without its mark, host names."""
    do = "name its encoding with `--encoding NAME`, for example utf-16-le"
    return SlantwiseError(f"{encoding} text in {origin}", str(error), do)


def _refuse_binary(data: bytes, origin: str) -> None:
    for start, found, do in _OTHER_FILES:
        if data.startswith(start):
            raise SlantwiseError(f"text in {origin}", found, do)
    nul = data.find(0)
    if nul >= 0 and data.count(0, 0, _SAMPLE) * 3 > len(data[:_SAMPLE]):
        side = "le" if nul % 2 else "be"
        raise SlantwiseError(
            f"text in {origin}", f"a NUL byte at byte offset {nul}", f"if it is UTF-16, say `--encoding utf-16-{side}`"
        )
    # One byte is one character here: only the ASCII control characters matter, and UTF-8 uses no others of them.
    _refuse_controls(data.decode("latin-1") if nul >= 0 else data[:_SAMPLE].decode("latin-1"), origin)


def _refuse_controls(text: str, origin: str) -> None:
    nul = text.find("\0")
    if nul >= 0:
        found = f"a NUL character at offset {nul}"
        raise SlantwiseError(f"text in {origin}", found, "give a text file; this one looks binary")
    sample = text[:_SAMPLE]
    controls = sum(map(sample.count, _CONTROLS))
    if controls > _MOST_CONTROLS * len(sample):
        found = f"{controls} control characters in the first {len(sample)}"
        raise SlantwiseError(f"text in {origin}", found, "give a text file; this one looks binary")
