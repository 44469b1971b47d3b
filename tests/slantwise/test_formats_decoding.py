"""Bytes become text, or a clear error; nothing is guessed."""

import io

import pytest

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.formats.decoding import TextLines, check_encoding, decode_article

TEXT = "Café “quoted” 🙂\r\nsecond\n"


def lines(data: bytes, encoding: str | None = None) -> list[str]:
    return list(TextLines(io.BytesIO(data), "a.csv", encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_and_utf8_text_is_decoded(encoding):
    assert decode_article(TEXT.encode(encoding), "a.txt") == TEXT
    assert lines(TEXT.encode(encoding)) == TEXT.splitlines(keepends=True)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "gb18030"])
def test_other_encodings_by_name(encoding):
    assert decode_article(TEXT.encode(encoding), "a.txt", encoding) == TEXT
    assert lines(TEXT.encode(encoding), encoding) == TEXT.splitlines(keepends=True)


def test_big_endian_utf16_with_its_mark():
    assert decode_article(("\ufeff" + TEXT).encode("utf-16-be"), "a.txt") == TEXT


def test_a_mark_outranks_the_named_encoding():
    assert decode_article("é".encode("utf-8-sig"), "a.txt", "windows-1252") == "é"


def test_utf16_lines_survive_a_line_feed_byte_inside_a_character():
    text = "\u010a\u0a0a one\ntwo \u0a01"
    assert lines(text.encode("utf-16")) == text.splitlines(keepends=True)


def test_a_last_line_without_an_end_is_kept():
    assert lines(b"a\nb") == ["a\n", "b"]
    assert lines("a\nb".encode("utf-16")) == ["a\n", "b"]
    assert lines(b"") == []


def test_windows_1252_names_the_first_bad_byte():
    data = "He said “no” in a café".encode("windows-1252")
    with pytest.raises(SlantwiseError) as caught:
        decode_article(data, "a.txt")
    assert caught.value.expected == "UTF-8 text in a.txt"
    assert caught.value.found == "byte 0x93 at byte offset 8"
    assert "--encoding NAME" in caught.value.do
    assert caught.value.exit_code == 1
    assert decode_article(data, "a.txt", "windows-1252") == "He said “no” in a café"


def test_a_line_with_a_bad_byte_is_told_with_its_offset_in_the_file():
    reader = TextLines(io.BytesIO(b"caf\xc3\xa9\nb\x93d\nlast\n"), "a.csv")
    assert next(reader) == "café\n"
    assert reader.take_bad() is None
    next(reader)
    bad = reader.take_bad()
    assert bad is not None
    assert bad.found == "byte 0x93 at byte offset 7"
    assert reader.take_bad() is None
    assert next(reader) == "last\n"
    assert reader.number == 3


def test_broken_utf16_names_the_offset():
    data = "ab\ncd\n".encode("utf-16") + b"\x00\xdc\x61\x00"
    with pytest.raises(SlantwiseError, match="byte 0x00 at byte offset 14"):
        lines(data)


@pytest.mark.parametrize(
    ("data", "found", "do"),
    [
        (b"%PDF-1.7\n1 0 obj", "a PDF file", "extract its text"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive or an Office document", "unpack"),
        (b"\x1f\x8b\x08\x00", "gzip-packed bytes", ".gz"),
        (b"text\x00more, and then some more text", "a NUL character at offset 4", "binary"),
        (b"\x01\x02\x03\x04 some words", "4 control characters in the first 15", "binary"),
        ("Words".encode("utf-16-le"), "a NUL byte at byte offset 1", "--encoding utf-16-le"),
        ("Words".encode("utf-16-be"), "a NUL byte at byte offset 0", "--encoding utf-16-be"),
    ],
)
def test_what_is_no_text_is_refused(data, found, do):
    for read in (lambda: decode_article(data, "a.txt"), lambda: lines(data)):
        with pytest.raises(SlantwiseError) as caught:
            read()
        assert caught.value.expected == "text in a.txt" or caught.value.expected == "text in a.csv"
        assert caught.value.found == found
        assert do in caught.value.do


def test_a_nul_late_in_a_long_file_is_found():
    with pytest.raises(SlantwiseError, match="a NUL character at offset 100000"):
        decode_article(b"a" * 100_000 + b"\0", "a.txt")


def test_binary_under_a_named_encoding_is_refused_too():
    with pytest.raises(SlantwiseError, match="NUL"):
        decode_article(b"GIF89a\x00\x01\x00", "a.txt", "latin-1")


def test_a_few_control_characters_are_no_reason():
    text = "\x0c" + "Words and words. " * 100 + "\x08"
    assert decode_article(text.encode(), "a.txt") == text


@pytest.mark.parametrize("name", ["klingon", "rot13", "base64"])
def test_an_unknown_encoding_is_asked_wrong(name):
    with pytest.raises(AskedWrong) as caught:
        check_encoding(name)
    assert caught.value.found == repr(name)


@pytest.mark.parametrize("name", [None, "utf-16", "windows-1252", "UTF8"])
def test_known_encodings_pass(name):
    check_encoding(name)
