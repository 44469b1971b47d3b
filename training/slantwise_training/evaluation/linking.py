"""How well names are linked: gold mentions in, clusters out, compared pair by pair within each document.

The floors of `data/corpora.toml` were measured so: every pair of mentions of one document counts once, as linked in
gold (the same chain), in what was found (the same target), or in both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from slantwise.article import Sentence
from slantwise.labels import MentionKind, SentenceKind, SpanLabel
from slantwise.reading import FoundSpan, Reading
from slantwise.records import LabelledSentence, Span
from slantwise.targets import find_targets
from slantwise_training.evaluation.counts import WholeCounts

__all__ = ["GoldDocument", "PairCounts", "compare_links", "gold_documents"]


@dataclass(frozen=True, slots=True)
class PairCounts(WholeCounts):
    """Pairs of mentions: linked in both, in what was found, and in gold; they add over documents."""

    hits: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        """Of the pairs that were linked, the share that gold links."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Of the pairs that gold links, the share that was linked."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.hits / (self.found + self.gold) if self.hits else 0.0


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One document of a coreference corpus: its sentences joined by spaces, and the gold mentions of each."""

    id: str
    text: str
    sentences: tuple[Sentence, ...]
    spans: tuple[tuple[Span, ...], ...]

    def readings(self, kinds: Collection[MentionKind]) -> list[Reading]:
        """What a model would say that finds just the gold mentions of these kinds."""
        return [
            Reading(
                sentence.text,
                {},
                tuple(
                    FoundSpan(SpanLabel.MENTION, span.start, span.end, span.value, 1.0)
                    for span in spans
                    if span.value in kinds
                ),
            )
            for sentence, spans in zip(self.sentences, self.spans, strict=True)
        ]


def gold_documents(records: Iterable[LabelledSentence]) -> Iterator[GoldDocument]:
    """Put a corpus's records, in order, together to documents; the first sentence is taken for a headline."""
    for name, group in groupby(records, key=lambda record: record.doc.id):
        own = list(group)
        sentences, start = [], 0
        for index, record in enumerate(own):
            kind = SentenceKind.BODY if index else SentenceKind.HEADLINE
            end = start + len(record.text)
            sentences.append(Sentence(index, start, end, kind, record.text, index))
            start = end + 1
        spans = tuple(record.spans_of(SpanLabel.MENTION) for record in own)
        yield GoldDocument(name, " ".join(record.text for record in own), tuple(sentences), spans)


def compare_links(document: GoldDocument, kinds: Collection[MentionKind]) -> PairCounts:
    """Link a document's gold mentions of these kinds by `find_targets`, and count the pairs."""
    _, mentions = find_targets(document.sentences, document.readings(kinds))
    found: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for mention in mentions:
        if mention.kind is not MentionKind.PRONOUN:
            found[mention.sentence, mention.start].append(mention.target)
    rows = list(_rows(document, kinds, found))
    gold = Counter(chain for chain, _ in rows)
    linked = Counter(target for _, target in rows)
    return PairCounts(*(_pairs(counts.values()) for counts in (Counter(rows), linked, gold)))


def _rows(
    document: GoldDocument, kinds: Collection[MentionKind], found: Mapping[tuple[int, int], Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """Yield each gold mention's chain and its target; mentions without one stand for themselves."""
    number = 0
    for index, spans in enumerate(document.spans):
        taken: Counter[int] = Counter()
        for span in (span for span in spans if span.value in kinds):
            number += 1
            targets = found.get((index, span.start), ())
            at, taken[span.start] = taken[span.start], taken[span.start] + 1
            target = targets[at] if at < len(targets) else f"none {number}"
            yield span.entity or f"alone {number}", target


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)
