"""Which sides an article takes on its targets, from raw text to score: the score's stances against gold targets.

A side is a stance for or against. A gold target is found where the score has a stance on words that overlap it, right
where one of these stances is the gold one, and held right where that one's holder is the author as in gold, or some
source as in gold. A side that the score tells is right where a gold target that it overlaps has that side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slantwise.article import Article
from slantwise.labels import LinkLabel, SpanLabel, StanceLabel
from slantwise.records import LabelledSentence
from slantwise.score import AUTHOR, ArticleScore, StanceScore
from slantwise_training.evaluation.counts import WholeCounts
from slantwise_training.evaluation.voices import sentence_starts

__all__ = ["SideCounts", "compare_sides"]

_SIDES = (StanceLabel.FAVOR, StanceLabel.AGAINST)


@dataclass(frozen=True, slots=True)
class SideCounts(WholeCounts):
    """Gold targets with a side: all, found, right, held right; sides told: all, right. They add over articles."""

    gold: int
    found: int
    right: int
    held: int
    told: int
    told_right: int

    @property
    def reach(self) -> float:
        """Of the gold targets with a side, the share on which the score has any stance."""
        return self.found / self.gold if self.gold else 0.0

    @property
    def recall(self) -> float:
        """Of the gold targets with a side, the share whose side is told."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def held_recall(self) -> float:
        """Of the gold targets with a side, the share told of the right holder: the author, or a source."""
        return self.held / self.gold if self.gold else 0.0

    @property
    def precision(self) -> float:
        """Of the sides told, the share that gold has on the same words."""
        return self.told_right / self.told if self.told else 0.0


@dataclass(frozen=True, slots=True)
class _GoldTarget:
    start: int
    end: int
    label: StanceLabel
    by_author: bool

    def overlaps(self, stance: StanceScore) -> bool:
        return self.start < stance.end and stance.start < self.end


def compare_sides(article: Article, records: Sequence[LabelledSentence], score: ArticleScore) -> SideCounts:
    """Compare the sides a score tells with an article's gold records, in order and one for each sentence.

    Raises:
        SlantwiseError: a record's text is not in the article at its place.
    """
    targets = _gold_targets(article, records)
    stances = [stance for sentence in score.sentences for stance in sentence.stance]
    sided = [target for target in targets if target.label in _SIDES]
    hits = [[stance for stance in stances if target.overlaps(stance)] for target in sided]
    right = [
        [stance for stance in each if stance.label is target.label] for target, each in zip(sided, hits, strict=True)
    ]
    held = [
        any((stance.holder == AUTHOR) == target.by_author for stance in each)
        for target, each in zip(sided, right, strict=True)
    ]
    told = [stance for stance in stances if stance.label in _SIDES]
    told_right = [any(t.overlaps(stance) and t.label is stance.label for t in sided) for stance in told]
    return SideCounts(
        len(sided), sum(map(bool, hits)), sum(map(bool, right)), sum(held), len(told), sum(told_right)
    )


def _gold_targets(article: Article, records: Sequence[LabelledSentence]) -> list[_GoldTarget]:
    """Every target that gold gives a stance, at its place in the article."""
    found = []
    for record, start in zip(records, sentence_starts(article, records), strict=True):
        held = {link.head for link in record.links if link.label is LinkLabel.HOLDER}
        for span in record.spans_of(SpanLabel.TARGET):
            if isinstance(span.value, StanceLabel):
                found.append(_GoldTarget(span.start + start, span.end + start, span.value, span.id not in held))
    return found
