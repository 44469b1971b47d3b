"""One article read by hand, held as offsets and labels without its words, and a score compared with it line by line.

For articles whose text may not be in the repository: the file names the text's sha256, so that another text is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.article import Article
from slantwise.errors import SlantwiseError
from slantwise.score import AUTHOR, ArticleScore, Attribution, TextSpan

__all__ = ["ArticleGold", "Aspect", "Check", "check_score", "read_article_gold", "voice_share"]


class Aspect(StrEnum):
    """What is compared."""

    KIND = "sentence kind"
    SOURCE = "source found, and its kind"
    CHAIN = "through whom it came"
    SPEAKER = "who says it"
    QUOTATION = "direct, indirect or mixed"
    HEDGING = "hedged or asserted"
    HEDGE = "hedge cue, and whose"
    WORDING = "loaded or plain"
    LOADED = "loaded word, and whose"
    HOLDER = "whose stance"
    STANCE = "for or against"


@dataclass(frozen=True, slots=True)
class Check:
    """One question asked of a score. `start` and `end` are the article's."""

    aspect: Aspect
    start: int
    end: int
    expected: str
    found: str

    @property
    def right(self) -> bool:
        """Whether the score says what the gold says."""
        return self.expected == self.found


@dataclass(frozen=True, slots=True)
class ArticleGold:
    """The labels of one article, as its file holds them (docs/seeds.md tells the keys)."""

    sha256: str
    labels: Mapping[str, Any]

    def check_text(self, article: Article) -> None:
        """Refuse another text than the one that was labelled.

        Raises:
            SlantwiseError: the sha256 of the article's text is not the gold's.
        """
        found = hashlib.sha256(article.text.encode()).hexdigest()
        if found != self.sha256:
            raise SlantwiseError(f"the text with sha256 {self.sha256[:12]}", found[:12], "label the new text anew")

    def rows(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The rows of one kind: sentences, attributions, hedges, loaded or stances."""
        rows: Sequence[Mapping[str, Any]] = self.labels[name]
        return rows

    def speaker(self, attribution: str) -> str:
        """Who speaks in an attribution; `AUTHOR` for the author."""
        named = {row["id"]: row["speaker"] for row in self.rows("attributions")}
        return AUTHOR if attribution == AUTHOR else str(named[attribution])

    def chain(self, attribution: str) -> str:
        """The speakers from an attribution's own to the one nearest to the author."""
        via = {row["id"]: row.get("via") for row in self.rows("attributions")}
        steps: list[str] = []
        at: str | None = attribution
        while at:
            steps.append(self.speaker(at))
            at = via[at]
        return " < ".join(steps)


def read_article_gold(path: Path) -> ArticleGold:
    """Read a gold file.

    Raises:
        SlantwiseError: it is of another schema.
    """
    labels = json.loads(path.read_text(encoding="utf-8"))
    if labels.get("schema") != "slantwise-gold/1":
        raise SlantwiseError(f"schema slantwise-gold/1 in {path.name}", repr(labels.get("schema")), "use a gold file")
    return ArticleGold(labels["sha256"], labels)


def voice_share(gold: ArticleGold, article: Article, score: ArticleScore) -> float:
    """The share of characters in the right voice; white space and what the gold leaves undecided do not count."""
    gold.check_text(article)
    reader = _Comparison(gold, score)
    counted = np.array([not char.isspace() for char in article.text], dtype=bool)
    for start, end in gold.labels["undecided"]:
        counted[start:end] = False
    same = reader.gold_voices(len(article.text)) == reader.found_voices(len(article.text))
    return float((same & counted).sum() / max(1, counted.sum()))


def check_score(gold: ArticleGold, article: Article, score: ArticleScore) -> list[Check]:
    """Ask of a score everything that the gold tells, in text order.

    Raises:
        SlantwiseError: the article is not the one that was labelled.
    """
    gold.check_text(article)
    comparison = _Comparison(gold, score)
    checks = [*comparison.sentences(), *comparison.attributions(len(article.text)), *comparison.words()]
    return sorted([*checks, *comparison.stances()], key=lambda check: (check.start, check.end))


class _Comparison:
    def __init__(self, gold: ArticleGold, score: ArticleScore) -> None:
        self.gold, self.score = gold, score
        self.by_id = {a.id: a for a in score.attributions}

    def sentences(self) -> Iterator[Check]:
        found = {(s.start, s.end): s for s in self.score.sentences}
        for row in self.gold.rows("sentences"):
            start, end = row["start"], row["end"]
            sentence = found.get((start, end))
            yield Check(Aspect.KIND, start, end, row["kind"], str(sentence.kind) if sentence else "another sentence")
            for aspect, key in ((Aspect.HEDGING, "hedging"), (Aspect.WORDING, "wording")):
                if row.get(key) and sentence:
                    yield Check(aspect, start, end, row[key], str(getattr(sentence, key).label))

    def attributions(self, length: int) -> Iterator[Check]:
        voices = self.found_voices(length)
        for row in self.gold.rows("attributions"):
            start, end = row["source"]
            found = None if row.get("optional") else self._matching(row)
            if not row.get("optional"):
                kind = str(found.source.kind) if found and found.source else "not found"
                yield Check(Aspect.SOURCE, start, end, row["kind"], kind)
                yield Check(Aspect.CHAIN, start, end, self.gold.chain(row["id"]), self._chain(found))
            for first, last in row["content"]:
                names, counts = np.unique(voices[first:last].astype(str), return_counts=True)
                yield Check(Aspect.SPEAKER, first, last, row["speaker"], str(names[counts.argmax()]))
                if found:
                    yield Check(Aspect.QUOTATION, first, last, row["quotation"], str(found.quotation))

    def words(self) -> Iterator[Check]:
        cues = [(cue, cue.voice) for s in self.score.sentences for cue in s.hedging.cues]
        loaded = [(word, word.voice) for s in self.score.sentences for word in s.wording.words]
        for aspect, rows, found in ((Aspect.HEDGE, "hedges", cues), (Aspect.LOADED, "loaded", loaded)):
            for row in self.gold.rows(rows):
                there = [self._voice(voice) for span, voice in found if _overlap(span, row["start"], row["end"])]
                expected = self.gold.speaker(row["voice"])
                yield Check(aspect, row["start"], row["end"], expected, there[0] if there else "not found")

    def stances(self) -> Iterator[Check]:
        found = [stance for s in self.score.sentences for stance in s.stance]
        for row in self.gold.rows("stances"):
            there = [stance for stance in found if _overlap(stance, row["start"], row["end"])]
            holder = self._voice(there[0].holder) if there else "not found"
            yield Check(Aspect.HOLDER, row["start"], row["end"], self.gold.speaker(row["holder"]), holder)
            if row.get("label"):
                label = str(there[0].label) if there else "not found"
                yield Check(Aspect.STANCE, row["start"], row["end"], row["label"], label)

    def gold_voices(self, length: int) -> NDArray[np.object_]:
        """The gold speaker of each character; the innermost content speaks."""
        rows = self.gold.rows("attributions")
        return _painted(length, [(*place, str(row["speaker"])) for row in rows for place in row["content"]])

    def found_voices(self, length: int) -> NDArray[np.object_]:
        """The speaker that the score gives each character, by the gold's names."""
        spans = [(c.start, c.end, self._speaker(a)) for a in self.score.attributions for c in a.content]
        return _painted(length, spans)

    def _voice(self, voice: str) -> str:
        return AUTHOR if voice == AUTHOR else self._speaker(self.by_id[voice])

    def _speaker(self, attribution: Attribution | None) -> str:
        """The gold's name for a found source: that of the gold source it overlaps most."""
        source = attribution.source if attribution else None
        if source is None:
            return "nobody named"
        rows = [(_overlap(source, *row["source"]), row["speaker"]) for row in self.gold.rows("attributions")]
        most, name = max(rows, key=lambda row: row[0], default=(0, ""))
        return str(name) if most else "somebody else"

    def _matching(self, row: Mapping[str, Any]) -> Attribution | None:
        """The found attribution of a gold one: with the same source, and the most of its content and cue."""
        here = [a for a in self.score.attributions if a.source and _overlap(a.source, *row["source"])]

        def shared(attribution: Attribution) -> int:
            places = [*row["content"], *([row["cue"]] if row.get("cue") else [])]
            spans = [*attribution.content, *([attribution.cue] if attribution.cue else [])]
            return sum(_overlap(span, *place) for span in spans for place in places)

        return max(here, key=shared, default=None)

    def _chain(self, attribution: Attribution | None) -> str:
        steps = []
        while attribution is not None:
            steps.append(self._speaker(attribution))
            attribution = self.by_id[attribution.via] if attribution.via else None
        return " < ".join(steps) or "not found"


def _overlap(span: TextSpan, start: int, end: int) -> int:
    return max(0, min(span.end, end) - max(span.start, start))


def _painted(length: int, spans: Sequence[tuple[int, int, str]]) -> NDArray[np.object_]:
    voices = np.full(length, AUTHOR, dtype=object)
    for start, end, name in sorted(spans, key=lambda span: span[0] - span[1]):
        voices[start:end] = name
    return voices
