"""`slantwise read`: one article in the terminal, as one JSON object, or as a page for the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slantwise.cli.options import Encoding, ModelOption, QuotesAsAuthor, TargetOption, TopicOption, opening_scorer, talk

if TYPE_CHECKING:
    from slantwise.article import Article
    from slantwise.score import ArticleScore

__all__ = ["read"]


def read(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An article (.txt .md .html), or - for standard input.")],
    json: Annotated[bool, typer.Option("--json", help="Print the score as one JSON object.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="PATH", help="Write a report for the browser too: one HTML file.")
    ] = None,
    model: ModelOption = None,
    target: TargetOption = None,
    topic: TopicOption = None,
    quotes_as_author: QuotesAsAuthor = False,
    encoding: Encoding = None,
) -> None:
    """Read one article: who speaks, how sure, for or against whom, in which words."""
    import sys

    with opening_scorer(model, target, quotes_as_author, topic) as opened:
        article = _only_article(file, encoding)
        result = opened().score(article)
    if not (target or topic or quotes_as_author):
        result = _as_a_whole(result, model)
    if html is not None:
        _write_report(html, article, result, quotes_as_author)
    if json:
        from json import dumps

        from slantwise.formats import score_to_json

        sys.stdout.write(dumps(score_to_json(result), ensure_ascii=False, indent=2) + "\n")
        return
    from slantwise.cli.view import show

    show(article, result)


def _only_article(file: str, encoding: str | None) -> Article:
    from slantwise.errors import AskedWrong
    from slantwise.formats import open_articles

    articles = iter(open_articles([file], encoding=encoding))
    article = next(articles, None)
    if article is None:
        raise AskedWrong(f"an article in {file}", "none", "name a file with one article")
    if next(articles, None) is not None:
        raise AskedWrong(f"one article in {file}", "several", "use `slantwise score` for many")
    return article


def _as_a_whole(score: ArticleScore, folder: Path | None) -> ArticleScore:
    """The score with the experimental reading of the whole article, where the model has a head for it.

    The head was fitted on scores without targets or topics that somebody asked for, so it says nothing of others.
    """
    from slantwise.model_folder import DEFAULT_MODEL
    from slantwise.partisanship import ArticleHead, find_head, with_reading

    head = find_head(folder or DEFAULT_MODEL, score.model)
    if isinstance(head, ArticleHead):
        return with_reading(score, head)
    if head.is_foreign:
        talk(f"slantwise: left out the experimental reading of the whole article: {head.reason}")
    return score


def _write_report(path: Path, article: Article, score: ArticleScore, quotes_as_author: bool) -> None:
    from slantwise.files import atomic_path
    from slantwise.report import article_report

    page = article_report(article, score, quotes_as_author=quotes_as_author)
    with atomic_path(path) as part:
        part.write_text(page, encoding="utf-8", newline="\n")
