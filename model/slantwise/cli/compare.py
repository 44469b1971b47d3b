"""`slantwise compare`: two articles, outlets or folders side by side."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from slantwise.cli.options import Encoding, ModelOption, QuotesAsAuthor, TargetOption, TopicOption, open_scorer, talk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slantwise.article import Article
    from slantwise.comparison import Comparison, Side
    from slantwise.errors import SlantwiseError
    from slantwise.formats.articles import ArticleSource
    from slantwise.scorer import Scorer

__all__ = ["By", "compare"]

_PARTLY_FAILED = 3


class By(StrEnum):
    """What parts one archive into sides."""

    OUTLET = "outlet"
    SECTION = "section"


def compare(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="A B",
            help="Two inputs: an article, a folder, a quoted glob, an archive or scores (.jsonl .json). "
            "With --by: one archive, and the names of two of its outlets where it has more.",
            show_default=False,
        ),
    ],
    by: Annotated[
        By | None,
        typer.Option("--by", help="Compare two outlets, or sections, of one archive.", show_default=False),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the comparison as one JSON object.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="PATH", help="Write a page for the browser too: one HTML file.")
    ] = None,
    text_column: Annotated[str, typer.Option("--text-column", help="The column of a table with the text.")] = "text",
    id_column: Annotated[
        str | None, typer.Option("--id-column", help="The column with the article's id.", show_default=False)
    ] = None,
    model: ModelOption = None,
    target: TargetOption = None,
    topic: TopicOption = None,
    quotes_as_author: QuotesAsAuthor = False,
    encoding: Encoding = None,
) -> None:
    """Compare two articles, outlets or folders: what differs, and how far chance alone could have made it differ."""
    from slantwise.comparison import compare as put_side_by_side

    reader = _Reader(text_column, id_column, encoding, _Asked(model, target, topic, quotes_as_author))
    a, b = reader.parted(inputs, by) if by else reader.pair(inputs)
    for side in (a, b):
        if not side.articles:
            from slantwise.errors import SlantwiseError

            raise SlantwiseError(f"articles in {side.name}", "none that can be read", "see the lines above")
    comparison = put_side_by_side(a, b)
    if not comparison.is_of_one_model:
        talk("the sides were scored by different models: what differs may be the models; score both with one")
    if html is not None:
        _write_page(html, comparison)
    if json:
        _print_json(comparison)
    else:
        from slantwise.cli.compare_view import show

        show(comparison)
    if reader.failed:
        talk(f"{reader.failed} articles could not be read")
        raise typer.Exit(_PARTLY_FAILED)


class _Asked(NamedTuple):
    """How articles are to be scored; each is false where nothing was said of it."""

    model: Path | None
    targets: list[str] | None
    topics: list[str] | None
    quotes_as_author: bool


class _Reader:
    """Reads sides as the options ask for it; the model is loaded when the first article has to be scored."""

    def __init__(self, text_column: str, id_column: str | None, encoding: str | None, asked: _Asked) -> None:
        self._text_column, self._id_column, self._encoding = text_column, id_column, encoding
        self._asked = asked
        self._scorer: Scorer | None = None
        self.failed = 0

    def pair(self, inputs: Sequence[str]) -> tuple[Side, Side]:
        """Two inputs, each a side."""
        from slantwise.comparison import Side, read_articles, read_scores
        from slantwise.comparison.inputs import is_scored
        from slantwise.errors import AskedWrong

        if len(inputs) != 2:
            raise AskedWrong("two inputs to compare", str(len(inputs)), "name two, or one archive with --by outlet")
        scored = [is_scored(name) for name in inputs]
        if all(scored) and any(self._asked):
            do = "leave --model, --target, --topic and --quotes-as-author out, or name the articles"
            raise AskedWrong("articles to score", "two files of scores", do)
        # whatever is wrong with an input is told before the first is scored
        sources = [None if done else self._open(name) for name, done in zip(inputs, scored, strict=True)]
        sides = [Side(name) for name in _names(inputs)]
        for name, side, source in zip(inputs, sides, sources, strict=True):
            if source is None:
                read_scores(name, side)
            else:
                self.failed += read_articles(source.attempts(), self._open_scorer(), side, _tell)
        return sides[0], sides[1]

    def parted(self, inputs: Sequence[str], by: By) -> tuple[Side, Side]:
        """Two outlets or sections of one archive."""
        from slantwise.comparison import Side, outlets_of, read_articles
        from slantwise.comparison.inputs import Group
        from slantwise.errors import AskedWrong

        if len(inputs) not in (1, 3):
            found = f"{len(inputs)} words"
            raise AskedWrong(f"one archive, or one and two {by}s after it", found, "name them so")
        group = Group(by.value)
        source = self._open(inputs[0])
        names = outlets_of(source, group, tuple(inputs[1:]))
        sides = {name: Side(name) for name in names}

        def side_of(article: Article) -> Side | None:
            return sides.get(group.of(article) or "")

        self.failed = read_articles(source.attempts(), self._open_scorer(), side_of, _tell)
        return sides[names[0]], sides[names[1]]

    def _open(self, name: str) -> ArticleSource:
        from slantwise.errors import AskedWrong
        from slantwise.formats import open_articles

        if name == "-":
            raise AskedWrong("files to compare", "-", "write standard input to a file first")
        return open_articles([name], text_column=self._text_column, id_column=self._id_column, encoding=self._encoding)

    def _open_scorer(self) -> Scorer:
        if self._scorer is None:
            self._scorer = open_scorer(
                self._asked.model, self._asked.targets, self._asked.quotes_as_author, self._asked.topics
            )
        return self._scorer


def _tell(error: SlantwiseError) -> None:
    talk(f"slantwise: {error}")


def _names(inputs: Sequence[str]) -> tuple[str, str]:
    """What the sides are called: the inputs' own names, or all of their paths where those are the same."""
    first, second = (Path(name).name or name for name in inputs)
    return (first, second) if first != second else (inputs[0], inputs[1])


def _write_page(path: Path, comparison: Comparison) -> None:
    from slantwise.files import atomic_path
    from slantwise.report import comparison_report

    page = comparison_report(comparison)
    with atomic_path(path) as part:
        part.write_text(page, encoding="utf-8", newline="\n")


def _print_json(comparison: Comparison) -> None:
    import sys
    from json import dumps

    from slantwise.comparison import comparison_to_json

    sys.stdout.write(dumps(comparison_to_json(comparison), ensure_ascii=False, indent=2) + "\n")
