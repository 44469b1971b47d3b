"""Articles in: from files, folders, globs and standard input to a stream of articles."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from slantwise.article import Article
from slantwise.errors import AskedWrong, EmptyArticle, SlantwiseError
from slantwise.formats.compression import open_bytes
from slantwise.formats.decoding import LONGEST_ARTICLE, check_encoding, decode_article, too_long
from slantwise.formats.inputs import Format, InputFile, find_inputs
from slantwise.formats.markup import declared_encoding, markdown_text, need_web, read_page
from slantwise.formats.rows import Columns, Place, article_of
from slantwise.formats.tables import open_table

__all__ = ["ArticleSource", "BadArticle", "open_articles"]


@dataclass(frozen=True, slots=True)
class BadArticle:
    """An article that could not be read. `id` is the one it would have had, without an id column."""

    origin: str
    id: str
    error: SlantwiseError


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """Articles that are read as they are asked for: one single-article file or one row is in memory at a time.

    Iterating raises at the first bad article; `attempts` goes on. Both start anew each time, but for standard input.
    Sources can be sent to other processes; there, `read` takes one of `files`.

    Attributes:
        files: the files, in reading order.
        skipped: files of folders and globs whose suffix is no article's.
        longest: bytes of the longest article, or line of a table, that is read; a longer one is a bad article.

    """

    files: tuple[InputFile, ...]
    skipped: tuple[Path, ...]
    columns: Columns
    encoding: str | None = None
    stdin: BinaryIO | None = field(default=None, repr=False, compare=False)
    longest: int = LONGEST_ARTICLE

    def __iter__(self) -> Iterator[Article]:
        """Yield every article.

        Raises:
            SlantwiseError: an article cannot be read.

        """
        for item in self.attempts():
            if isinstance(item, BadArticle):
                raise item.error
            yield item

    def attempts(self) -> Iterator[Article | BadArticle]:
        """Yield every article, or what was wrong with it.

        Raises:
            AskedWrong: standard input has not the columns that were asked for.

        """
        for file in self.files:
            yield from self.read(file)

    def read(
        self, file: InputFile, rows: range | None = None, start: Place | None = None
    ) -> Iterator[Article | BadArticle]:
        """Yield the articles of one of `files`, or what was wrong with them.

        Args:
            file: one of `files`.
            rows: the row numbers to read of a table, counted from 1 (of JSONL: line numbers); None for all.
            start: where the first of these rows is, if that is known: saves reading what comes before.

        Raises:
            AskedWrong: standard input has not the columns that were asked for.

        """
        try:
            if file.format.is_table:
                yield from self._read_rows(file, rows, start or Place(rows.start if rows else 1, 1))
            else:
                yield self._read_whole(file)
        except SlantwiseError as error:
            if file.path is None and isinstance(error, AskedWrong):
                raise
            yield BadArticle(file.origin, file.name, error)

    def _read_rows(self, file: InputFile, rows: range | None, start: Place) -> Iterator[Article | BadArticle]:
        stdin = self._stdin() if file.path is None else None
        with open_table(file, stdin, self.encoding, self.columns, start, self.longest) as table:
            # the first good row of a part may lack what the table's first has: that is the row's fault
            if table.names and start.row == 1:
                self.columns.check(table.names, file.origin)
            for row in table.rows:
                if rows is not None and row.number >= rows.stop:
                    return
                if rows is not None and row.number not in rows:
                    continue
                try:
                    article = article_of(row, self.columns, file, self.longest)
                except SlantwiseError as error:
                    yield BadArticle(f"{file.origin}:{row.line}", f"{file.name}#{row.number}", error)
                else:
                    yield article

    def _read_whole(self, file: InputFile) -> Article:
        if file.path is None:
            data = self._stdin().read(self.longest + 1)
        else:
            with open_bytes(file.path, file.compression) as stream:
                data = stream.read(self.longest + 1)
        if len(data) > self.longest:
            raise too_long("an article", file.origin, self.longest)
        encoding = self.encoding or (declared_encoding(data) if file.format is Format.HTML else None)
        text = decode_article(data, file.origin, encoding)
        if not text.strip():
            raise EmptyArticle(file.origin)
        if file.format is Format.HTML:
            page = read_page(text, file.origin)
            return Article(file.name, page.text, outlet=page.outlet, published=page.published)
        if file.format is Format.MARKDOWN:
            text = markdown_text(text)
            if not text.strip():
                raise EmptyArticle(file.origin)
        return Article(file.name, text)

    def _stdin(self) -> BinaryIO:
        return self.stdin or sys.stdin.buffer


def open_articles(
    inputs: Sequence[str],
    *,
    text_column: str = "text",
    id_column: str | None = None,
    title_column: str | None = None,
    encoding: str | None = None,
    stdin_format: Format | str = Format.TEXT,
    stdin: BinaryIO | None = None,
    longest: int = LONGEST_ARTICLE,
    leave_out: Collection[Path] = (),
) -> ArticleSource:
    """Find the articles that the inputs name. Nothing but the tables' first lines is read yet.

    Args:
        inputs: files, folders, globs, or `-` for standard input; see `inputs.find_inputs`. Files are .txt, .md, .html,
            .jsonl, .csv, .tsv or .parquet, each also with .gz or .zst after it.
        text_column: the column of a table that holds the text.
        id_column: the column with the article's id; by default `id` where a table has one. A row without an id is
            called `<file name>#<row number>`, a file that is one article by its name without suffixes.
        title_column: the column with the headline, which becomes the first line of the text; by default `title` where
            a table has one. "" leaves titles out, as an `id_column` of "" does ids.
        encoding: the encoding of files that are not UTF-8 and have no byte order mark.
        stdin_format: what standard input holds: one article (txt, md, html) or a table (jsonl, csv, tsv).
        stdin: read this for `-` in place of the process's own.
        longest: bytes of the longest article, or line of a table, that is read.
        leave_out: files, or folders of files, that are no inputs though folders and globs may hold them.

    Raises:
        AskedWrong: a missing file, an empty folder, an unknown suffix, encoding or column.
        SlantwiseError: there are web pages and the `web` extra is not installed.

    """
    check_encoding(encoding)
    try:
        stdin_format = Format(stdin_format)
    except ValueError as error:
        formats = ", ".join(each for each in Format if each is not Format.PARQUET)
        raise AskedWrong(f"a format of standard input ({formats})", repr(stdin_format), "name one of these") from error
    found = find_inputs(inputs, stdin_format, leave_out)
    columns = Columns(text_column, id_column, title_column)
    source = ArticleSource(found.files, found.skipped, columns, encoding, stdin, longest)
    for file in found.files:
        if file.format is Format.HTML:
            need_web(file.origin)
        elif file.format.is_table and file.path is not None:
            _check_columns(source, file)
    return source


def _check_columns(source: ArticleSource, file: InputFile) -> None:
    """A wrong column is the request's fault and ends it before any work; a broken file is reported in its turn."""
    try:
        with open_table(file, None, source.encoding, source.columns, longest=source.longest) as table:
            names = table.names
    except SlantwiseError:
        return
    if names:
        source.columns.check(names, file.origin)
