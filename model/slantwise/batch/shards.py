"""Inputs cut into shards: the unit of work, of a retry, of a resume and of a job array."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from slantwise.article import Article
from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.formats.articles import ArticleSource, BadArticle
from slantwise.formats.inputs import Format, InputFile
from slantwise.formats.rows import Place
from slantwise.formats.tables import table_places

__all__ = ["Job", "Shard", "parse_job", "plan_shards"]

_ENOUGH = 64
"""Shards of one input before they grow: enough for the cores of one machine to end at about the same time."""
_ROWS, _MOST_ROWS = 64, 1024
_FILES, _MOST_FILES = 8, 256
_MOST_SHARDS = 16_384


@dataclass(frozen=True, slots=True)
class Shard:
    """Rows of one table, or a run of files that hold one article each.

    Args:
        number: its place in the output, from 0.
        first: its first file, as an index into `ArticleSource.files`.
        after: the file after its last.
        articles: how many articles it has, as far as that is known beforehand.
        start: where its first row is; None reads whole files.
        stop: the row after its last.
    """

    number: int
    first: int
    after: int
    articles: int
    start: Place | None = None
    stop: int = 0

    def read(self, source: ArticleSource) -> Iterator[tuple[InputFile, Article | BadArticle]]:
        """Yield its articles, or what was wrong with them, each with its file."""
        rows = None if self.start is None else range(self.start.row, self.stop)
        for file in source.files[self.first : self.after]:
            for item in source.read(file, rows, self.start):
                yield file, item


@dataclass(frozen=True, slots=True)
class Job:
    """One of the jobs that share a run; `number` counts from 1."""

    number: int
    of: int

    def takes(self, shard: Shard) -> bool:
        """Whether the shard is this job's."""
        return shard.number % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def parse_job(text: str) -> Job:
    """Read `I/N`.

    Raises:
        AskedWrong: it is not two numbers with 1 <= I <= N.

    """
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
    job = Job(int(found[1]), int(found[2])) if found else Job(0, 0)
    if not 1 <= job.number <= job.of:
        raise AskedWrong("a shard I/N with I from 1 to N, as in 3/10", repr(text), "number the jobs from 1")
    return job


def plan_shards(source: ArticleSource) -> tuple[Shard, ...]:
    """Cut the inputs into shards; the same inputs are always cut alike.

    Tables of text are read once to find their rows; of Parquet only the footer is. A file that cannot be read is one
    shard, which will say so.
    """
    shards: list[Shard] = []
    numbered = enumerate(source.files)
    for is_table, run in groupby(numbered, key=lambda each: each[1].format.is_table):
        if is_table:
            for index, file in run:
                shards += _table(source, file, index, len(shards))
        else:
            shards += _files([index for index, _ in run], len(shards))
    return tuple(shards)


def _files(indexes: list[int], number: int) -> Iterator[Shard]:
    size = _grown(len(indexes), _FILES, _MOST_FILES)
    for i, first in enumerate(range(indexes[0], indexes[-1] + 1, size)):
        after = min(first + size, indexes[-1] + 1)
        yield Shard(number + i, first, after, after - first)


def _table(source: ArticleSource, file: InputFile, index: int, number: int) -> Iterator[Shard]:
    try:
        places, stop = table_places(file, source.encoding, source.columns, source.longest, _ROWS, _MOST_SHARDS)
    except SlantwiseError:
        yield Shard(number, index, index + 1, 1)
        return
    if not places:
        return
    # a packed text is read from its start for each of its shards: they stay few
    must_begin = file.compression is not None and file.format is not Format.PARQUET
    every = places[1].row - 1 if len(places) > 1 else stop
    size = _grown(stop - 1, every, max(every, stop if must_begin else _MOST_ROWS))
    kept = [place for place in places if (place.row - 1) % size == 0]
    for i, (place, after) in enumerate(pairwise([*kept, Place(stop, stop)])):
        yield Shard(number + i, index, index + 1, after.row - place.row, place, after.row)


def _grown(count: int, size: int, most: int) -> int:
    """The size of a shard: doubled until there are few enough, or shards are large enough."""
    while count > size * _ENOUGH and size < most:
        size *= 2
    return size
