"""Whose voice each character of an article is in: the score's answer against gold attributions.

Only characters that are not white space count. A character is on the right side when both or neither give it to a
source, and right when it is the author's in both, or the same speaker's: the source that the score names lies on a gold
source of the same person or body (`Span.entity`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.article import Article
from slantwise.errors import SlantwiseError
from slantwise.labels import LinkLabel, SpanLabel
from slantwise.records import LabelledSentence, Span
from slantwise.score import ArticleScore, Source
from slantwise_training.evaluation.counts import WholeCounts

__all__ = ["VoiceCounts", "compare_voices", "gold_voices", "sentence_starts"]

AUTHOR, NOBODY = "author", "nobody named"


@dataclass(frozen=True, slots=True)
class VoiceCounts(WholeCounts):
    """Characters: all, on the right side (author or some source), and in the right voice; they add over articles."""

    characters: int
    right_side: int
    right_voice: int

    @property
    def side_accuracy(self) -> float:
        """The share of characters given to the author or to a source as in gold."""
        return self.right_side / self.characters if self.characters else 0.0

    @property
    def accuracy(self) -> float:
        """The share of characters in the right voice."""
        return self.right_voice / self.characters if self.characters else 0.0


def compare_voices(article: Article, records: Sequence[LabelledSentence], score: ArticleScore) -> VoiceCounts:
    """Compare the voices of a score with an article's gold records, in order and one for each sentence.

    Raises:
        SlantwiseError: a record's text is not in the article at its place.
    """
    starts = sentence_starts(article, records)
    gold = gold_voices(article, records)
    speakers = {
        (span.start + start, span.end + start): _name(span)
        for record, start in zip(records, starts, strict=True)
        for span in record.spans_of(SpanLabel.SOURCE)
    }
    found = np.full(len(article.text), AUTHOR, dtype=object)
    contents = [(content, _speaker(a.source, speakers)) for a in score.attributions for content in a.content]
    for content, name in sorted(contents, key=lambda item: item[0].start - item[0].end):
        found[content.start : content.end] = name
    counted = np.array([not char.isspace() for char in article.text], dtype=bool)
    sides = ((gold == AUTHOR) == (found == AUTHOR)) & counted
    return VoiceCounts(int(counted.sum()), int(sides.sum()), int(((gold == found) & counted).sum()))


def gold_voices(article: Article, records: Sequence[LabelledSentence]) -> NDArray[np.object_]:
    """The gold speaker of every character: `AUTHOR`, `NOBODY` or a source's name; the innermost content speaks."""
    spans: dict[str, Span] = {span.id: span for record in records for span in record.spans}
    voices = np.full(len(article.text), AUTHOR, dtype=object)
    painted: list[tuple[int, int, str]] = []
    for record, start in zip(records, sentence_starts(article, records), strict=True):
        origins = _origins(record, spans)
        for content in record.spans_of(SpanLabel.CONTENT):
            source = origins.get(content.id)
            painted.append((content.start + start, content.end + start, _name(source) if source else NOBODY))
    for first, last, name in sorted(painted, key=lambda item: item[0] - item[1]):
        voices[first:last] = name
    return voices


def sentence_starts(article: Article, records: Sequence[LabelledSentence]) -> list[int]:
    """Where each record's sentence begins in the article.

    Raises:
        SlantwiseError: a record's text is not in the article at its place.
    """
    starts, at = [], 0
    for record in records:
        start = article.text.find(record.text, at)
        if start < 0:
            raise SlantwiseError(f"the text of {record.id} in article {article.id}", "another", "use the same article")
        starts.append(start)
        at = start + len(record.text)
    return starts


def _origins(record: LabelledSentence, spans: Mapping[str, Span]) -> dict[str, Span]:
    """The source each content is linked to; a link to a cue means that nobody is named."""
    tails = {link.head: spans[link.tail] for link in record.links if link.label is LinkLabel.CONTENT_OF}
    return {head: tail for head, tail in tails.items() if tail.label is SpanLabel.SOURCE}


def _name(source: Span) -> str:
    return source.entity or source.id


def _speaker(source: Source | None, speakers: Mapping[tuple[int, int], str]) -> str:
    """The gold speaker whose mention a found source overlaps most; "?" where it overlaps none."""
    if source is None:
        return NOBODY
    overlaps = {place: min(place[1], source.end) - max(place[0], source.start) for place in speakers}
    best = max(overlaps, key=lambda place: overlaps[place], default=None)
    return speakers[best] if best is not None and overlaps[best] > 0 else "?"
