"""The lines of an article as its report shows them: sentences with their voices, marks and labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from slantwise.article import Article
from slantwise.labels import Hedging, SentenceKind, Wording
from slantwise.report.cast import Cast, Speaker
from slantwise.report.marks import Mark, Reason, labels_of
from slantwise.report.pieces import Piece
from slantwise.report.wording import printable
from slantwise.score import AUTHOR, ArticleScore, SentenceScore

__all__ = ["Block", "ShownSentence", "Voiced", "blocks_of"]


@dataclass(frozen=True, slots=True)
class Voiced:
    """A piece with its speaker; `label` stands beside the text where a new voice sets in, `via` below it."""

    piece: Piece
    speaker: Speaker
    label: str | None
    via: str | None


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence as the page shows it.

    `lead` is the white space before it inside its line; `flags` names its labels (hedged, loaded) where it has them.
    """

    number: int
    score: SentenceScore
    lead: str
    speaker: Speaker
    labels: tuple[Reason, Reason]
    pieces: tuple[Voiced, ...]
    marks: Sequence[Mark]
    chain: tuple[str, ...]
    flags: str


@dataclass(slots=True)
class Block:
    """A line of the article: a paragraph, a headline, a byline or a caption."""

    kind: SentenceKind
    sentences: list[ShownSentence] = field(default_factory=list)


def blocks_of(
    article: Article,
    score: ArticleScore,
    cuts: Sequence[tuple[Piece, ...]],
    marks: Mapping[int, Sequence[Mark]],
    cast: Cast,
) -> Iterator[Block]:
    """The lines of the article. Every character that is not white space is in a sentence, so gaps hold white space."""
    block: Block | None = None
    end = 0
    for at, (sentence, pieces) in enumerate(zip(score.sentences, cuts, strict=True)):
        gap = article.text[end : sentence.start]
        end = sentence.end
        if block is None or len(f"{gap}.".splitlines()) > 1:
            if block is not None:
                yield block
            block, gap = Block(sentence.kind), ""
            last = AUTHOR
        if block.kind is SentenceKind.DATELINE:
            block.kind = sentence.kind
        voiced, last = _voiced(pieces, cast, last)
        speaker = cast.of(sentence.voice)
        chain = cast.chain(sentence.voice)
        lead, labels = printable(gap), labels_of(sentence)
        block.sentences.append(
            ShownSentence(at + 1, sentence, lead, speaker, labels, voiced, marks[at], chain, _flags(sentence))
        )
    if block is not None:
        yield block


def _flags(sentence: SentenceScore) -> str:
    hedged, loaded = sentence.hedging.label is Hedging.HEDGED, sentence.wording.label is Wording.LOADED
    return " ".join(["hedged"] * hedged + ["loaded"] * loaded)


def _voiced(pieces: Sequence[Piece], cast: Cast, last: str) -> tuple[tuple[Voiced, ...], str]:
    """Pieces with labels where a source other than the last one labelled in this line begins to speak."""
    voiced = []
    for piece in pieces:
        speaker = cast.of(piece.voice)
        label = via = None
        if speaker.id not in (AUTHOR, last):
            last, label = speaker.id, speaker.name
            chain = cast.chain(piece.voice)
            via = f"via {chain[1]}" if len(chain) > 1 else None
        voiced.append(Voiced(piece, speaker, label, via))
    return tuple(voiced), last
