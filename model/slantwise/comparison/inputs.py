"""What a side of a comparison is made of: articles to score, files of scores, or one outlet of an archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

from slantwise.article import Article
from slantwise.comparison.sides import Side
from slantwise.errors import AskedWrong, BadRow, BadSpan, SlantwiseError
from slantwise.fields import json_value
from slantwise.files import read_json
from slantwise.formats.articles import ArticleSource, BadArticle
from slantwise.formats.compression import open_bytes
from slantwise.formats.inputs import Format, format_of
from slantwise.formats.score_json import SCHEMA, score_from_json
from slantwise.scorer import Scorer

__all__ = ["Group", "is_scored", "outlets_of", "read_articles", "read_scores"]

_LISTED = 8


class Group(StrEnum):
    """By what the articles of one archive fall into sides."""

    OUTLET = "outlet"
    SECTION = "section"

    def of(self, article: Article) -> str | None:
        """The article's outlet or section."""
        return article.outlet if self is Group.OUTLET else article.section


def is_scored(name: str) -> bool:
    """Whether a file holds scores and not articles: `.json`, or `.jsonl` whose first row says so."""
    path = Path(name)
    if not path.is_file():
        return False
    if path.suffix.lower() == ".json":
        return True
    format_, compression, _ = format_of(path)
    if format_ is not Format.JSONL:
        return False
    with open_bytes(path, compression) as lines:
        first = next((line for line in lines if line.strip()), b"")
    try:
        row = json_value(first)
    except BadSpan:
        return False
    return isinstance(row, dict) and row.get("schema") == SCHEMA


def read_scores(name: str, side: Side) -> None:
    """Add the scores of a file to a side. A score that is none ends it: what was written whole is read whole.

    Raises:
        BadRow: a row is no score; names line and field.
        AskedWrong: a `.json` file is not one score or an array of them.
    """
    path = Path(name)
    if path.suffix.lower() == ".json":
        loaded = read_json(path)
        for number, value in enumerate(loaded if isinstance(loaded, list) else [loaded], 1):
            _add_row(side, name, number, value)
        return
    _, compression, _ = format_of(path)
    with open_bytes(path, compression) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                _add_row(side, name, number, line)


def read_articles(
    articles: Iterable[Article | BadArticle],
    scorer: Scorer,
    side_of: Side | Callable[[Article], Side | None],
    told: Callable[[SlantwiseError], None],
) -> int:
    """Score articles and add each to its side; those without one are passed over.

    Args:
        articles: as `ArticleSource.attempts` gives them.
        scorer: scores them.
        side_of: the side of all of them, or what tells an article's.
        told: is called with what was wrong with each article that cannot be read.

    Returns:
        How many could not be read.
    """
    failed = 0
    for article in articles:
        if isinstance(article, BadArticle):
            failed += 1
            told(article.error)
        elif (side := side_of if isinstance(side_of, Side) else side_of(article)) is not None:
            side.add(scorer.score(article))
    return failed


def outlets_of(source: ArticleSource, by: Group, wanted: tuple[str, ...]) -> tuple[str, str]:
    """The two outlets (or sections) of an archive to compare: those that are wanted, or the only two there are.

    Raises:
        AskedWrong: there are not two, or no articles of one that is wanted; lists those there are.
    """
    found = Counter(by.of(article) for article in source.attempts() if isinstance(article, Article))
    found.pop(None, None)
    names = [str(name) for name, _ in found.most_common()]
    listed = ", ".join(f"{name} ({found[name]})" for name in names[:_LISTED]) or "none"
    listed += f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    for name in wanted:
        if name not in found:
            raise AskedWrong(f"articles of {by} {name!r}", listed, "name one of these")
    chosen = wanted or tuple(names)
    if len(chosen) != 2 or chosen[0] == chosen[1]:
        raise AskedWrong(f"two {by}s to compare", listed, "name two of them after the archive")
    return chosen[0], chosen[1]


def _add_row(side: Side, path: str, line: int, value: object) -> None:
    """Add one score: a parsed one, or a line of JSON."""
    try:
        score = score_from_json(json_value(value) if isinstance(value, bytes) else value)
    except BadSpan as error:
        raise BadRow(path, line, error.field, error.expected, error.found) from error
    try:
        side.add(score)
    except (KeyError, TypeError, AttributeError) as error:
        found = f"{type(error).__name__}: {error}"
        raise BadRow(path, line, "summary", "a summary as slantwise writes it", found) from error
