"""The report of one article as one HTML file: it asks the network for nothing, and runs no script but its own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from slantwise.article import Article
from slantwise.labels import Hedging, SentenceKind, Wording
from slantwise.report.cast import Cast, Speaker, VoiceMap
from slantwise.report.figures import (
    kind_bars,
    said_by,
    sides,
    strongest,
    voice_bars,
    whiskers,
    words_by_voice,
)
from slantwise.report.marks import Mark, Reason, labels_of, marks_of
from slantwise.report.pieces import Piece, cut
from slantwise.report.wording import percent, printable, shortened
from slantwise.score import AUTHOR, ArticleScore, SentenceScore

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["article_report"]


@dataclass(frozen=True, slots=True)
class _Voiced:
    """A piece with its speaker; `label` stands beside the text where a new voice sets in, `via` below it."""

    piece: Piece
    speaker: Speaker
    label: str | None
    via: str | None


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence as the page shows it.

    `lead` is the white space before it inside its line; `flags` names its labels (hedged, loaded) where it has them.
    """

    number: int
    score: SentenceScore
    lead: str
    speaker: Speaker
    labels: tuple[Reason, Reason]
    pieces: tuple[_Voiced, ...]
    marks: Sequence[Mark]
    chain: tuple[str, ...]
    flags: str


@dataclass(slots=True)
class _Block:
    """A line of the article: a paragraph, a headline, a byline or a caption."""

    kind: SentenceKind
    sentences: list[_Sentence] = field(default_factory=list)


def article_report(article: Article, score: ArticleScore, *, quotes_as_author: bool = False) -> str:
    """The report of a scored article as one self-contained HTML page.

    The page has the article with its marks and voices, charts and tables of the summary, and the reasons of every mark.
    Whatever comes from the article is escaped; control characters are shown as �. A Content-Security-Policy allows the
    page's own style and script by their hashes and nothing else.

    Args:
        article: the article.
        score: its score; every offset in it points into `article.text`.
        quotes_as_author: the score gives quotations to the author, so no source has a voice of its own.
    """
    cast = Cast(score.attributions)
    marks = marks_of(score, cast)
    voices = None if quotes_as_author else VoiceMap(score.attributions)
    cuts = [tuple(cut(s, marks[at], voices)) for at, s in enumerate(score.sentences)]
    words = words_by_voice(article.text, cuts, score)
    heard = {cast.of(voice) for voice in words}
    blocks = list(_blocks(article, score, cuts, marks, cast))
    headline = next((s.text for s in score.sentences if s.kind is SentenceKind.HEADLINE), article.id)
    taken, untaken = sides(score, cast)
    style, script = _resource("article.css"), _resource("article.js")
    page: str = (
        _environment()
        .get_template("article.html")
        .render(
            article=article,
            title=shortened(headline, 90),
            score=score,
            blocks=blocks,
            sentences=[sentence for block in blocks for sentence in block.sentences],
            marks=sum(len(row) for row in marks.values()),
            speaking=[speaker for speaker in cast.speakers if speaker in heard],
            shares=whiskers(score.summary),
            voice_bars=voice_bars(words, cast),
            kind_bars=kind_bars(score),
            strongest=strongest(score),
            said=list(said_by(score, cast, words)),
            taken=taken,
            untaken=untaken,
            quotes_as_author=quotes_as_author,
            style=_trusted(style),
            script=_trusted(script),
            policy=_policy(style, script),
        )
    )
    return page


def _blocks(
    article: Article,
    score: ArticleScore,
    cuts: Sequence[tuple[Piece, ...]],
    marks: dict[int, list[Mark]],
    cast: Cast,
) -> Iterator[_Block]:
    """The lines of the article. Every character that is not white space is in a sentence, so gaps hold white space."""
    block: _Block | None = None
    end = 0
    for at, (sentence, pieces) in enumerate(zip(score.sentences, cuts, strict=True)):
        gap = article.text[end : sentence.start]
        end = sentence.end
        if block is None or len(f"{gap}.".splitlines()) > 1:
            if block is not None:
                yield block
            block, gap = _Block(sentence.kind), ""
            last = AUTHOR
        if block.kind is SentenceKind.DATELINE:
            block.kind = sentence.kind
        voiced, last = _voiced(pieces, cast, last)
        speaker = cast.of(sentence.voice)
        chain = cast.chain(sentence.voice)
        lead, labels = printable(gap), labels_of(sentence)
        block.sentences.append(
            _Sentence(at + 1, sentence, lead, speaker, labels, voiced, marks[at], chain, _flags(sentence))
        )
    if block is not None:
        yield block


def _flags(sentence: SentenceScore) -> str:
    hedged, loaded = sentence.hedging.label is Hedging.HEDGED, sentence.wording.label is Wording.LOADED
    return " ".join(["hedged"] * hedged + ["loaded"] * loaded)


def _voiced(pieces: Sequence[Piece], cast: Cast, last: str) -> tuple[tuple[_Voiced, ...], str]:
    """Pieces with labels where a source other than the last one labelled in this line begins to speak."""
    voiced = []
    for piece in pieces:
        speaker = cast.of(piece.voice)
        label = via = None
        if speaker.id not in (AUTHOR, last):
            last, label = speaker.id, speaker.name
            chain = cast.chain(piece.voice)
            via = f"via {chain[1]}" if len(chain) > 1 else None
        voiced.append(_Voiced(piece, speaker, label, via))
    return tuple(voiced), last


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"printable": printable, "percent": percent}
    return environment


@cache
def _resource(name: str) -> str:
    return files("slantwise.report").joinpath("templates", name).read_text(encoding="utf-8")


def _trusted(text: str) -> Markup:
    """Our own style or script, which goes into the page unescaped; nothing of an article ever comes here."""
    from markupsafe import Markup

    return Markup(text)


def _policy(style: str, script: str) -> str:
    """The page's Content-Security-Policy: its own style and script by hash, and nothing else at all."""
    style_hash, script_hash = (b64encode(sha256(t.encode()).digest()).decode() for t in (style, script))
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )
