"""The report of one article as one HTML file: it asks the network for nothing, and runs no script but its own."""

from __future__ import annotations

from slantwise.article import Article
from slantwise.labels import SentenceKind
from slantwise.partisanship import line
from slantwise.report.cast import Cast, VoiceMap
from slantwise.report.figures import (
    kind_bars,
    said_by,
    sides,
    strongest,
    voice_bars,
    whiskers,
    words_by_voice,
)
from slantwise.report.lines import blocks_of
from slantwise.report.marks import marks_of
from slantwise.report.parts import packed, parts_of
from slantwise.report.pieces import cut
from slantwise.report.rendering import environment, policy, resource, trusted
from slantwise.report.wording import shortened
from slantwise.score import ArticleScore

__all__ = ["article_policy", "article_report"]

_MOST_ROWS = 200
"""Rows that a table of stances has at most; the page says how many more there are, and where."""


def article_report(
    article: Article, score: ArticleScore, *, quotes_as_author: bool = False, home: str | None = None
) -> str:
    """The report of a scored article as one self-contained HTML page.

    The page has the article with its marks and voices, charts and tables of the summary, and the reasons of every mark.
    Whatever comes from the article is escaped; control characters are shown as �. A Content-Security-Policy allows the
    page's own style and script by their hashes and nothing else. A long article is shown in parts (see `parts`), all of
    them in the one file.

    Args:
        article: the article.
        score: its score; every offset in it points into `article.text`.
        quotes_as_author: the score gives quotations to the author, so no source has a voice of its own.
        home: the address of a page where another article can be read, for a link to it.
    """
    cast = Cast(score.attributions)
    marks = marks_of(score, cast)
    voices = None if quotes_as_author else VoiceMap(score.attributions)
    cuts = [tuple(cut(s, marks[at], voices)) for at, s in enumerate(score.sentences)]
    words = words_by_voice(article.text, cuts, score)
    heard = {cast.of(voice) for voice in words}
    speaking = [speaker for speaker in cast.speakers if speaker in heard]
    blocks = list(blocks_of(article, score, cuts, marks, cast))
    parts = parts_of(blocks, said_by(score, cast, words), speaking)
    headline = next((s.text for s in score.sentences if s.kind is SentenceKind.HEADLINE), article.id)
    taken, untaken = sides(score, cast)
    style, script = resource("article.css"), resource("article.js")
    page: str = (
        environment()
        .get_template("article.html")
        .render(
            article=article,
            title=shortened(headline, 90),
            score=score,
            sentences=len(score.sentences),
            parts=parts,
            first=parts[0],
            packed=[packed(part) for part in parts[1:]],
            marks=sum(len(row) for row in marks.values()),
            shares=whiskers(score.summary),
            voice_bars=voice_bars(words, cast),
            kind_bars=kind_bars(score),
            strongest=strongest(score),
            guess=line(score.summary),
            taken=taken,
            untaken=untaken,
            most_rows=_MOST_ROWS,
            quotes_as_author=quotes_as_author,
            home=home,
            style=trusted(style),
            script=trusted(script),
            policy=article_policy(),
        )
    )
    return page


def article_policy() -> str:
    """The Content-Security-Policy of every article's report, for a server to send with it."""
    return policy(resource("article.css"), resource("article.js"))
