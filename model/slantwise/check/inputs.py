"""The files to check, each as its article and as it is on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from slantwise.article import Article
from slantwise.check.ignores import blank_comment_lines
from slantwise.errors import AskedWrong, EmptyArticle
from slantwise.formats.compression import open_bytes
from slantwise.formats.decoding import check_encoding, decode_article
from slantwise.formats.inputs import Format, InputFile, find_inputs, format_of
from slantwise.formats.markup import declared_encoding, markdown_text, read_page

__all__ = ["ArticleFile", "CheckInputs", "find_articles", "read_article"]


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """One file: its article, and the text as it is on disk."""

    article: Article
    raw: str
    kind: Format


@dataclass(frozen=True, slots=True)
class CheckInputs:
    """The files to check, and how many of folders and globs hold no single article."""

    files: tuple[InputFile, ...]
    skipped: int

    def __iter__(self) -> Iterator[InputFile]:
        return iter(self.files)


def find_articles(inputs: Sequence[str], stdin_name: str | None = None, encoding: str | None = None) -> CheckInputs:
    """Find the files that the inputs name, as `slantwise score` does; tables of articles have no lines to point at.

    Args:
        inputs: files, folders, globs or `-`.
        stdin_name: the file that `-` stands for; its suffix tells what it holds (plain text without a name).
        encoding: checked here, before anything is read.

    Raises:
        AskedWrong: a missing file, a folder without articles, a table, an unknown suffix or encoding.

    """
    check_encoding(encoding)
    kind = Format.TEXT
    if stdin_name is not None:
        known, packed, _ = format_of(Path(stdin_name))
        if known is None or known.is_table or packed is not None:
            raise AskedWrong("a name ending in .txt, .md or .html for standard input", repr(stdin_name), "name one")
        kind = known
    found = find_inputs(inputs, kind)
    tables = [file for file in found.files if file.format.is_table]
    named = [table.origin for table in tables if table.origin in {str(Path(each)) for each in inputs}]
    if named:
        raise AskedWrong("a file with one article (.txt .md .html)", named[0], "use `slantwise score` for tables")
    files = tuple(file for file in found.files if not file.format.is_table)
    if not files:
        raise AskedWrong(f"articles (.txt .md .html) in {', '.join(inputs)}", "none", "check the folder or pattern")
    return CheckInputs(files, len(found.skipped) + len(tables))


def read_article(file: InputFile, stdin: BinaryIO, encoding: str | None = None) -> ArticleFile:
    """Read one file.

    Raises:
        SlantwiseError: it cannot be read, or holds no article.

    """
    if file.path is None:
        data = stdin.read()
    else:
        with open_bytes(file.path, file.compression) as stream:
            data = stream.read()
    declared = declared_encoding(data) if file.format is Format.HTML else None
    raw = decode_article(data, file.origin, encoding or declared)
    if not raw.strip():
        raise EmptyArticle(file.origin)
    if file.format is Format.HTML:
        text = read_page(raw, file.origin).text
    elif file.format is Format.MARKDOWN:
        text = markdown_text(raw)
    else:
        text = blank_comment_lines(raw)
    if not text.strip():
        raise EmptyArticle(file.origin)
    return ArticleFile(Article(file.name, text), raw, file.format)
