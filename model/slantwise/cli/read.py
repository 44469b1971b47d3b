"""`slantwise read`: one article in the terminal, or as one JSON object."""

from __future__ import annotations

from typing import Annotated

import typer

from slantwise.cli.options import Encoding, ModelOption, QuotesAsAuthor, TargetOption, open_scorer

__all__ = ["read"]


def read(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An article (.txt .md .html), or - for standard input.")],
    json: Annotated[bool, typer.Option("--json", help="Print the score as one JSON object.")] = False,
    model: ModelOption = None,
    target: TargetOption = None,
    quotes_as_author: QuotesAsAuthor = False,
    encoding: Encoding = None,
) -> None:
    """Read one article: who speaks, how sure, for or against whom, in which words."""
    import sys

    from slantwise.errors import AskedWrong
    from slantwise.formats import open_articles

    articles = iter(open_articles([file], encoding=encoding))
    article = next(articles, None)
    if article is None:
        raise AskedWrong(f"an article in {file}", "none", "name a file with one article")
    if next(articles, None) is not None:
        raise AskedWrong(f"one article in {file}", "several", "use `slantwise score` for many")
    result = open_scorer(model, target, quotes_as_author).score(article)
    if json:
        from json import dumps

        from slantwise.formats import score_to_json

        sys.stdout.write(dumps(score_to_json(result), ensure_ascii=False, indent=2) + "\n")
        return
    from slantwise.cli.view import show

    show(article, result)
