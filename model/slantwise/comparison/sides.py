"""One side of a comparison: what its articles' scores add up to, article by article, without keeping the scores."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heappush, heappushpop
from typing import Any

from slantwise.labels import SentenceKind, SourceKind
from slantwise.score import AUTHOR, ArticleScore, ModelName

__all__ = ["SOURCES", "Holder", "Measure", "Side", "Strong"]

SOURCES = "sources"
FINDINGS = ("hedged", "loaded", "against", "favor")
"""What a summary names the strongest sentences of."""
_STRONGEST = 3
_TOLD = (SentenceKind.BODY, SentenceKind.HEADLINE)


class Measure(StrEnum):
    """A share that a summary has; the value is its key in a comparison's JSON."""

    AUTHOR_HEDGED = "author.hedged"
    AUTHOR_LOADED = "author.loaded"
    SOURCES_HEDGED = "sources.hedged"
    SOURCES_LOADED = "sources.loaded"
    ATTRIBUTED = "attributed"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, order=True)
class Holder:
    """Whose stance it is: `AUTHOR`, `SOURCES` (all of them together), or one source by name."""

    key: str
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Strong:
    """A sentence that leads one lens; `index` is its place in its article."""

    article: str
    index: int
    p: float
    text: str
    reasons: tuple[str, ...]


@dataclass
class Side:
    """Everything a comparison needs of one side; `add` takes the articles one after another.

    Shares keep, per measure, how many articles have so many sentences of so many: sentences of one article are alike,
    and intervals have to know it.
    """

    name: str
    articles: int = 0
    sentences: int = 0
    words: int = 0
    models: Counter[ModelName] = field(default_factory=Counter)
    shares: dict[Measure, Counter[tuple[int, int]]] = field(default_factory=lambda: {m: Counter() for m in Measure})
    kinds: dict[SourceKind, Counter[tuple[int, int]]] = field(
        default_factory=lambda: {kind: Counter() for kind in SourceKind}
    )
    spoken: Counter[tuple[int, int]] = field(default_factory=Counter)
    """The sources' words of all words."""
    stances: defaultdict[tuple[str, Holder], Counter[tuple[int, int, int]]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    unsure: Counter[tuple[str, Holder]] = field(default_factory=Counter)
    names: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """How a target or holder is written, by its key."""
    mentions: Counter[str] = field(default_factory=Counter)
    aliases: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By an alias's key, the keys of the targets that go by it."""
    _leading: defaultdict[str, list[tuple[float, int, Strong]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, score: ArticleScore) -> None:
        """Add one scored article.

        Raises:
            KeyError, TypeError: its summary is not one that `slantwise.summary` made.
        """
        summary = score.summary
        self.articles += 1
        self.sentences += summary["sentences"]
        self.words += summary["words"]
        self.models[score.model] += 1
        self._add_shares(summary)
        self._add_targets(score)
        self._add_stances(score)
        self._add_strongest(score)

    def strongest(self) -> dict[str, list[Strong]]:
        """The sentences of highest probability for each finding, the strongest first."""
        return {
            lens: [strong for _, _, strong in sorted(self._leading[lens], key=lambda row: (-row[0], -row[1]))]
            for lens in FINDINGS
            if lens in self._leading
        }

    def _add_shares(self, summary: Mapping[str, Any]) -> None:
        voices = summary["voices"]
        rows = {
            Measure.AUTHOR_HEDGED: voices["author"]["hedged"],
            Measure.AUTHOR_LOADED: voices["author"]["loaded"],
            Measure.SOURCES_HEDGED: voices["sources"]["hedged"],
            Measure.SOURCES_LOADED: voices["sources"]["loaded"],
            Measure.ATTRIBUTED: summary["attributed"],
            Measure.ANONYMOUS: summary["anonymous"],
        }
        for measure, row in rows.items():
            self.shares[measure][row["count"], row["of"]] += 1
        self.spoken[voices["sources"]["words"], summary["words"]] += 1
        found = {row["kind"]: row["attributions"] for row in summary["sources"]}
        total = sum(found.values())
        for kind in SourceKind:
            self.kinds[kind][found.get(kind, 0), total] += 1

    def _add_targets(self, score: ArticleScore) -> None:
        for target in score.targets:
            key = key_of(target.name)
            self.names[key][target.name] += target.mentions
            self.mentions[key] += target.mentions
            for alias in target.aliases:
                self.aliases[key_of(alias)].add(key)

    def _add_stances(self, score: ArticleScore) -> None:
        sources = {a.id: a.source for a in score.attributions}
        targets = {target.id: target.name for target in score.targets}
        found: defaultdict[tuple[str, Holder], Counter[str]] = defaultdict(Counter)
        for row in score.summary["stance"]:
            target = key_of(row["name"])
            holders = [Holder(AUTHOR)] if row["holder"] == AUTHOR else [Holder(SOURCES)]
            source = sources.get(row["holder"])
            if source is not None and (source.entity or source.kind not in (SourceKind.PRONOUN, SourceKind.ANONYMOUS)):
                name = targets.get(source.entity or "", source.text)
                holders.append(Holder(key_of(name), is_named=True))
                self.names[key_of(name)][name] += 1
            for holder in holders:
                found[target, holder].update({side: row[side] for side in ("against", "neutral", "favor", "unsure")})
        for place, counts in found.items():
            self.unsure[place] += counts["unsure"]
            sides = (counts["against"], counts["neutral"], counts["favor"])
            if any(sides):
                self.stances[place][sides] += 1

    def _add_strongest(self, score: ArticleScore) -> None:
        by_index = {s.index: s for s in score.sentences if s.kind in _TOLD}
        for lens in FINDINGS:
            for row in score.summary["strongest"][lens]:
                if row["index"] not in by_index:
                    continue
                text = by_index[row["index"]].text
                strong = Strong(score.article, row["index"], row["p"], text, tuple(row["reasons"]))
                heap = self._leading[lens]
                # an earlier sentence comes before a later one of the same probability
                item = (row["p"], -(self.articles << 32) - row["index"], strong)
                heappush(heap, item) if len(heap) < _STRONGEST else heappushpop(heap, item)


def key_of(name: str) -> str:
    """What names of the same target have in common: case, spacing and "the" do not tell targets apart."""
    return " ".join(name.casefold().split()).removeprefix("the ")
