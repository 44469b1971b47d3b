"""An article's score: who speaks in each sentence, how sure, for or against whom, in which words.

Every offset points into the article's original text; `voice` and `holder` are `AUTHOR` or an attribution's id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slantwise.labels import HedgeKind, Hedging, Quotation, SentenceKind, SourceKind, StanceLabel, Wording

__all__ = [
    "AUTHOR",
    "ArticleScore",
    "Attribution",
    "Cue",
    "HedgingScore",
    "LoadedWord",
    "ModelName",
    "SentenceScore",
    "Source",
    "StanceScore",
    "Target",
    "TextSpan",
    "WordingScore",
]

AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A stretch of the article, `text == article.text[start:end]`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Cue(TextSpan):
    """A hedge cue in somebody's voice."""

    kind: HedgeKind
    voice: str


@dataclass(frozen=True, slots=True)
class LoadedWord(TextSpan):
    """A loaded word in somebody's voice."""

    voice: str


@dataclass(frozen=True, slots=True)
class HedgingScore:
    """`p` is the probability of `hedged`."""

    label: Hedging
    p: float
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class WordingScore:
    """`p` is the probability of `loaded`."""

    label: Wording
    p: float
    words: tuple[LoadedWord, ...] = ()


@dataclass(frozen=True, slots=True)
class StanceScore(TextSpan):
    """A stance towards one mention of a target; the stretch is empty, at the sentence's start, where there is none.

    `p` is the probability of the best label. `between` is given where the label is `unsure`, and only there: the two
    best labels, the best first.
    """

    target: str
    label: StanceLabel
    p: float
    holder: str
    between: tuple[StanceLabel, StanceLabel] | None = None


@dataclass(frozen=True, slots=True)
class SentenceScore(TextSpan):
    """One sentence; its `voice` holds most of its characters."""

    index: int
    kind: SentenceKind
    voice: str
    hedging: HedgingScore
    wording: WordingScore
    stance: tuple[StanceScore, ...] = ()


@dataclass(frozen=True, slots=True)
class Source(TextSpan):
    """Who is cited; `entity` is a target's id where the source is one of the article's targets."""

    kind: SourceKind
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody is said to have said something. `via` is the attribution through which the source reached the author."""

    id: str
    source: Source | None
    cue: TextSpan | None
    content: tuple[TextSpan, ...]
    quotation: Quotation
    p: float
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody or something the article takes sides on, with the names it goes by; `mentions` counts these alone."""

    id: str
    name: str
    aliases: tuple[str, ...]
    mentions: int


@dataclass(frozen=True, slots=True)
class ModelName:
    """The model that made a score: its name and the sha256 over its files."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ArticleScore:
    """Everything slantwise says of one article. `summary` is the JSON object of `slantwise.summary`."""

    article: str
    model: ModelName
    sentences: tuple[SentenceScore, ...]
    attributions: tuple[Attribution, ...]
    targets: tuple[Target, ...]
    summary: dict[str, Any]
