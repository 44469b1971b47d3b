"""Voices of whole articles end to end, from the text alone: PolNeAR's contents and sources, BASIL's quoted spans.

Only characters that are not white space count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from slantwise.article import Article
from slantwise.quotes import find_quotes
from slantwise.score import ArticleScore, Attribution
from slantwise.scorer import Scorer
from slantwise_training.corpora.basil import BasilArticle
from slantwise_training.corpora.polnear import PolnearDocument
from slantwise_training.evaluation.counts import WholeCounts

__all__ = ["CoverageCounts", "QuotedCounts", "basil_counts", "compare_basil", "compare_polnear", "polnear_counts"]

_AUTHOR = -1
_GENERAL = re.compile(r"other (?:pro|anti|neutral)")
"""Speakers whom BASIL does not name."""
_NO_NAME = frozenset("the of and for a an lawmakers campaign administration house party president".split())


@dataclass(frozen=True, slots=True)
class CoverageCounts:
    """Characters that are a source's: in both, in what was found and in gold; of the first, those of the right speaker.

    Each as a pair: inside quotation marks, and outside them. They add over documents.
    """

    hits: tuple[int, int]
    found: tuple[int, int]
    gold: tuple[int, int]
    right_speaker: tuple[int, int]

    def __add__(self, other: Self) -> Self:
        return self.with_vector(self.to_vector() + other.to_vector())

    def to_vector(self) -> NDArray[np.float64]:
        """All counts, for the bootstrap."""
        return np.array([*self.hits, *self.found, *self.gold, *self.right_speaker], dtype=np.float64)

    def with_vector(self, vector: NDArray[np.float64]) -> Self:
        """Counts from such a vector."""
        whole = np.rint(vector).astype(int).reshape(4, 2).tolist()
        return type(self)(*((inside, outside) for inside, outside in whole))

    @property
    def precision(self) -> float:
        """Of the characters that are given to a source, the share that is one's."""
        return _share(sum(self.hits), sum(self.found))

    @property
    def recall(self) -> float:
        """Of the characters that are a source's, the share that is given to one."""
        return _share(sum(self.hits), sum(self.gold))

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return _share(2 * sum(self.hits), sum(self.found) + sum(self.gold))

    @property
    def quoted_f1(self) -> float:
        """The same inside quotation marks."""
        return _share(2 * self.hits[0], self.found[0] + self.gold[0])

    @property
    def unquoted_f1(self) -> float:
        """The same outside quotation marks."""
        return _share(2 * self.hits[1], self.found[1] + self.gold[1])

    @property
    def speaker_accuracy(self) -> float:
        """Of the characters that are a source's in both, the share whose source is the right one."""
        return _share(sum(self.right_speaker), sum(self.hits))


@dataclass(frozen=True, slots=True)
class QuotedCounts(WholeCounts):
    """BASIL's spans: found in a source's voice and quoted in gold, found, gold, all; they add over articles.

    `named` counts the hits whose speaker is named in gold, `right_speaker` those of them whose source shares a name.
    """

    hits: int
    found: int
    gold: int
    spans: int
    right_speaker: int
    named: int

    @property
    def precision(self) -> float:
        """Of the spans in a source's voice, the share that is quoted in gold."""
        return _share(self.hits, self.found)

    @property
    def recall(self) -> float:
        """Of the spans quoted in gold, the share in a source's voice."""
        return _share(self.hits, self.gold)

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return _share(2 * self.hits, self.found + self.gold)

    @property
    def accuracy(self) -> float:
        """Of all spans, the share that is on the right side."""
        return _share(self.spans - self.found - self.gold + 2 * self.hits, self.spans)

    @property
    def speaker_accuracy(self) -> float:
        """Of the hits whose speaker is named, the share with the right source."""
        return _share(self.right_speaker, self.named)


def polnear_counts(scorer: Scorer, documents: Iterable[PolnearDocument]) -> Iterator[CoverageCounts]:
    """Yield one count a document: its text scored, its contents and sources compared."""
    for document in documents:
        yield compare_polnear(document, scorer.score(Article(document.id, document.text)))


def basil_counts(scorer: Scorer, articles: Iterable[BasilArticle]) -> Iterator[QuotedCounts]:
    """Yield one count an article: its text scored, the voice of each annotated span compared."""
    for article in articles:
        yield compare_basil(article, scorer.score(Article(article.id, article.text)))


def compare_polnear(document: PolnearDocument, score: ArticleScore) -> CoverageCounts:
    """Count the characters of a document that are a source's, by gold, by the score and by both.

    The innermost content speaks. The speaker is right when the source that was found shares a character with gold's, or
    neither has one.
    """
    text = document.text
    gold = _painted(
        len(text),
        [(piece, i) for i, each in enumerate(document.attributions) for span in each.contents for piece in span.pieces],
    )
    found = _found(len(text), score)
    counted = np.array([not char.isspace() for char in text], dtype=bool)
    quoted = np.zeros(len(text), dtype=bool)
    for quote in find_quotes(text):
        quoted[quote.start : quote.end] = True
    is_gold, is_found = (gold != _AUTHOR) & counted, (found != _AUTHOR) & counted
    both = is_gold & is_found
    pairs = set(zip(gold[both].tolist(), found[both].tolist(), strict=True))
    right_pairs = {(i, j) for i, j in pairs if _is_same(document, i, score.attributions[j])}
    right = both.copy()
    right[both] = [pair in right_pairs for pair in zip(gold[both].tolist(), found[both].tolist(), strict=True)]
    return CoverageCounts(
        *((int((x & quoted).sum()), int((x & ~quoted).sum())) for x in (both, is_found, is_gold, right))
    )


def compare_basil(article: BasilArticle, score: ArticleScore) -> QuotedCounts:
    """Count the spans that are in a source's voice by most of their characters, and those quoted in gold."""
    voices = _found(len(article.text), score)
    names = {target.id: (target.name, *target.aliases) for target in score.targets}
    hits = found = right = named = 0
    for span in article.spans:
        owners, counts = np.unique(voices[span.start : span.end], return_counts=True)
        owner = int(owners[counts.argmax()])
        found += owner != _AUTHOR
        if owner == _AUTHOR or span.speaker is None:
            continue
        hits += 1
        if not _GENERAL.fullmatch(span.speaker):
            named += 1
            source = score.attributions[owner].source
            called = () if source is None else (source.text, *names.get(source.entity or "", ()))
            right += any(not _words(span.speaker).isdisjoint(_words(name)) for name in called)
    gold = sum(span.speaker is not None for span in article.spans)
    return QuotedCounts(hits, found, gold, len(article.spans), right, named)


def _found(length: int, score: ArticleScore) -> NDArray[np.int64]:
    """The index of the attribution that holds each character."""
    spans = [((c.start, c.end), i) for i, each in enumerate(score.attributions) for c in each.content]
    return _painted(length, spans)


def _painted(length: int, spans: Sequence[tuple[tuple[int, int], int]]) -> NDArray[np.int64]:
    """Whose each character is: the longest spans first, so that a shorter one lies over them."""
    owners = np.full(length, _AUTHOR, dtype=np.int64)
    for (start, end), owner in sorted(spans, key=lambda row: row[0][0] - row[0][1]):
        owners[start:end] = owner
    return owners


def _is_same(document: PolnearDocument, number: int, found: Attribution) -> bool:
    pieces = [piece for span in document.attributions[number].sources for piece in span.pieces]
    if found.source is None or not pieces:
        return found.source is None and not pieces
    source = found.source
    return any(start < source.end and source.start < end for start, end in pieces)


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_]+", name.casefold()) if len(word) > 1} - _NO_NAME


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
