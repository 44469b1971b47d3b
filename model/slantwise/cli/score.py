"""`slantwise score`: many articles in, one row an article or a sentence out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from slantwise.cli.options import Encoding, ModelOption, QuotesAsAuthor, TargetOption, open_scorer, talk

if TYPE_CHECKING:
    from slantwise.formats.articles import ArticleSource
    from slantwise.formats.scores import ScoreWriter
    from slantwise.scorer import Scorer

__all__ = ["Level", "score"]

_PARTLY_FAILED = 3


class Level(StrEnum):
    """What one row of a table stands for."""

    SENTENCE = "sentence"
    ARTICLE = "article"


def score(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Files (.txt .md .html .jsonl .csv .tsv .parquet, each also .gz .zst), folders, quoted globs, or -.",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", help="Where to: .jsonl .json .csv .parquet; JSONL on stdout without it."),
    ] = None,
    level: Annotated[Level, typer.Option("--level", help="What a row of .csv and .parquet is.")] = Level.SENTENCE,
    text_column: Annotated[str, typer.Option("--text-column", help="The column of a table with the text.")] = "text",
    id_column: Annotated[
        str | None, typer.Option("--id-column", help="The column with the article's id.", show_default=False)
    ] = None,
    stdin_format: Annotated[str, typer.Option("--stdin-format", help="What - holds: txt md html jsonl csv.")] = "txt",
    model: ModelOption = None,
    target: TargetOption = None,
    quotes_as_author: QuotesAsAuthor = False,
    encoding: Encoding = None,
) -> None:
    """Score articles in bulk. Articles that cannot be read are named on stderr and do not stop the others (exit 3)."""
    from slantwise.formats import open_articles, open_scores

    source = open_articles(
        inputs, text_column=text_column, id_column=id_column, encoding=encoding, stdin_format=stdin_format
    )
    if source.skipped:
        listed = ", ".join(map(str, source.skipped[:3])) + (" ..." if len(source.skipped) > 3 else "")
        talk(f"passed over {len(source.skipped)} files that are no articles by their suffix: {listed}")
    with open_scores(output, level=level.value) as writer:
        done, failed = _score_all(source, open_scorer(model, target, quotes_as_author), writer)
        if not done:
            from slantwise.errors import SlantwiseError

            if not failed:
                raise SlantwiseError(f"articles in {', '.join(inputs)}", "none", "name files that hold some")
            raise SlantwiseError("an article that can be scored", f"{failed} that cannot", "see the lines above")
    if output is not None or failed:
        talk(f"scored {done} articles" + (f", {failed} failed" if failed else ""))
    if failed:
        raise typer.Exit(_PARTLY_FAILED)


def _score_all(source: ArticleSource, scorer: Scorer, writer: ScoreWriter) -> tuple[int, int]:
    from slantwise.formats import BadArticle

    done = failed = 0
    for article in source.attempts():
        if isinstance(article, BadArticle):
            failed += 1
            talk(f"slantwise: {article.error}")
            continue
        writer.write(scorer.score(article))
        done += 1
    return done, failed
