"""The numbers of the report: rows of its charts and tables, from an article's score and summary."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slantwise.labels import SentenceKind, SourceKind, StanceLabel
from slantwise.report.cast import AUTHOR_SPEAKER, Cast, Speaker
from slantwise.report.pieces import Piece
from slantwise.report.wording import percent, printable
from slantwise.score import ArticleScore

__all__ = [
    "Bar",
    "Said",
    "Side",
    "Strong",
    "Whisker",
    "kind_bars",
    "said_by",
    "sides",
    "strongest",
    "voice_bars",
    "whiskers",
    "words_by_voice",
]

_SHOWN_VOICES = 7
_WORD = re.compile(r"\S*\w\S*")


@dataclass(frozen=True, slots=True)
class Whisker:
    """A share with its interval; `at`, `low` and `high` are percentages, None where there was nothing to count."""

    label: str
    tone: str
    told: str
    at: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a whole: `width` is a percentage."""

    label: str
    tint: int
    told: str
    width: float


@dataclass(frozen=True, slots=True)
class Said:
    """A row of the table of who speaks. `chain` runs from the source to the one the author read or heard."""

    id: str
    speaker: Speaker
    source: str | None
    kind: str
    cue: str
    quotation: str
    words: int
    chain: tuple[str, ...]
    sentence: int
    p: str


@dataclass(frozen=True, slots=True)
class Side:
    """A row of the table of stances: one holder towards one target. `at` runs from 0 (against) to 100 (for)."""

    target: str
    holder: Speaker
    against: int
    neutral: int
    favor: int
    unsure: int
    mean: str
    at: float | None
    low: float
    high: float

    @property
    def is_taken(self) -> bool:
        """Whether any mention is for or against."""
        return bool(self.against or self.favor)


@dataclass(frozen=True, slots=True)
class Strong:
    """Sentences that lead one lens: number, text and probability of each."""

    title: str
    style: str
    sentences: tuple[tuple[int, str, str], ...]


def whiskers(summary: Mapping[str, Any]) -> dict[str, tuple[Whisker, ...]]:
    """The author against the sources: shares of hedged and of loaded sentences."""
    voices = summary["voices"]
    tones = {"author": "The author", "sources": "Sources"}
    return {
        lens: tuple(_whisker(name, tone, voices[tone][lens]) for tone, name in tones.items())
        for lens in ("hedged", "loaded")
    }


def words_by_voice(text: str, sentences: Sequence[Sequence[Piece]], score: ArticleScore) -> Counter[str]:
    """Words per voice, each counted for the voice of its first letter."""
    words: Counter[str] = Counter()
    for sentence, pieces in zip(score.sentences, sentences, strict=True):
        starts = [piece.start for piece in pieces]
        for match in _WORD.finditer(text, sentence.start, sentence.end):
            words[pieces[bisect_right(starts, match.start()) - 1].voice] += 1
    return words


def voice_bars(words: Counter[str], cast: Cast) -> tuple[Bar, ...]:
    """The share of the words that each speaker has: the author, the longest of the sources, and the rest."""
    total = sum(words.values())
    said: Counter[Speaker] = Counter()
    for voice, count in words.items():
        said[cast.of(voice)] += count
    author = said.pop(AUTHOR_SPEAKER, 0)
    order = {speaker.id: i for i, speaker in enumerate(cast.speakers)}
    ranked = sorted(said.items(), key=lambda row: (-row[1], order[row[0].id]))
    bars = [_bar("The author", 0, author, total)]
    bars += [_bar(speaker.name, speaker.tint, count, total) for speaker, count in ranked[:_SHOWN_VOICES]]
    if rest := ranked[_SHOWN_VOICES:]:
        name = f"{len(rest)} more" if len(rest) > 1 else rest[0][0].name
        bars.append(_bar(name, rest[0][0].tint if len(rest) == 1 else 0, sum(count for _, count in rest), total))
    return tuple(bars)


def kind_bars(score: ArticleScore) -> tuple[Bar, ...]:
    """How many attributions there are to sources of each kind; the widest bar is the full width."""
    kinds = Counter(a.source.kind for a in score.attributions if a.source is not None)
    most = max(kinds.values(), default=0)
    return tuple(Bar(str(kind), 0, str(kinds[kind]), 100 * kinds[kind] / most) for kind in SourceKind if kinds[kind])


def said_by(score: ArticleScore, cast: Cast, words: Counter[str]) -> Iterator[Said]:
    """The attributions in text order."""
    starts = [s.start for s in score.sentences]
    for attribution in score.attributions:
        source, cue = attribution.source, attribution.cue
        anchor = source or cue or next(iter(attribution.content), None)
        yield Said(
            attribution.id,
            cast.of(attribution.id),
            printable(source.text) if source else None,
            str(source.kind) if source else "",
            printable(cue.text) if cue else "",
            str(attribution.quotation) if attribution.content else "",
            words[attribution.id],
            cast.chain(attribution.id)[1:],
            max(1, bisect_right(starts, anchor.start)) if anchor else 1,
            percent(attribution.p),
        )


def sides(score: ArticleScore, cast: Cast) -> tuple[list[Side], list[Side]]:
    """Stances by target and holder: the rows with a side taken, and those with none."""
    rows = [_side(row, cast.of(row["holder"])) for row in score.summary["stance"]]
    return [row for row in rows if row.is_taken], [row for row in rows if not row.is_taken]


def strongest(score: ArticleScore) -> tuple[Strong, ...]:
    """The sentences to read first, by lens; bylines and the like are never among them."""
    titles = {
        "hedged": ("Most hedged", "hedge"),
        "loaded": ("Most loaded", "loaded"),
        "against": ("Against", str(StanceLabel.AGAINST)),
        "favor": ("For", str(StanceLabel.FAVOR)),
    }
    by_index = {s.index: (n, s) for n, s in enumerate(score.sentences, 1)}
    told = (SentenceKind.BODY, SentenceKind.HEADLINE)
    lists = []
    for name, (title, style) in titles.items():
        found = [(row["p"], *by_index[row["index"]]) for row in score.summary["strongest"].get(name, ())]
        rows = tuple((n, " ".join(printable(s.text).split()), percent(p)) for p, n, s in found if s.kind in told)
        if rows:
            lists.append(Strong(title, style, rows))
    return tuple(lists)


def _whisker(label: str, tone: str, share: Mapping[str, Any]) -> Whisker:
    if share["share"] is None:
        return Whisker(label, tone, "no sentences", None, 0, 0)
    low, high = 100 * share["low"], 100 * share["high"]
    told = f"{share['count']} of {share['of']}: {percent(share['share'])} [{low:.0f}, {high:.0f}]"
    return Whisker(label, tone, told, 100 * share["share"], low, high)


def _bar(label: str, tint: int, count: int, total: int) -> Bar:
    part = count / total if total else 0.0
    return Bar(label, tint, f"{percent(part)}, {count} {'word' if count == 1 else 'words'}", 100 * part)


def _side(row: Mapping[str, Any], holder: Speaker) -> Side:
    """Where all stances are the same there is no interval: a bootstrap could draw nothing else."""
    counts = {str(label): row[str(label)] for label in StanceLabel}
    mean, low, high = row["mean"], row["low"], row["high"]
    told = "" if mean is None else _signed(mean)
    if low != high:
        told += f" [{_signed(low)}, {_signed(high)}]"
    places = [None if x is None else 50 * (x + 1) for x in (mean, low, high)]
    name, left, right = printable(row["name"]), places[1] or 0.0, places[2] or 0.0
    return Side(name, holder, **counts, mean=told, at=places[0], low=left, high=right)


def _signed(mean: float) -> str:
    return f"{mean:+.2f}".replace("-", "−") if mean else "0"
