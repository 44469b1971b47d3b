"""Records as training examples: read once per corpus, checked against the splits that must stay unseen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from slantwise.labels import LinkLabel, SpanLabel, StanceLabel
from slantwise.reading import Reading, TargetMention
from slantwise.records import LabelledSentence
from slantwise_training.corpora import read_corpus
from slantwise_training.recipe import Selection

__all__ = ["Library", "StanceExample", "groups_of", "normalised", "stance_examples"]

_STANCES = tuple(label for label in StanceLabel if label is not StanceLabel.UNSURE)


@dataclass(frozen=True, slots=True)
class StanceExample:
    """A target as a model sees it, and the index of its stance (against, neutral, favor)."""

    mention: TargetMention
    label: int
    record: LabelledSentence


@dataclass
class Library:
    """The corpora folder, read lazily.

    Training records that share a text with a held-out split, or a document with a held-out split of another corpus,
    are left out; `dropped` counts them. Documents cut by a corpus's own published split stay, as others count them.
    """

    root: Path
    held_out: tuple[Selection, ...] = ()
    dropped: Counter[str] = field(default_factory=Counter)
    used: dict[str, int] = field(default_factory=dict)
    _read: dict[Selection, list[LabelledSentence]] = field(default_factory=dict)

    def records(self, selections: Iterable[Selection]) -> list[LabelledSentence]:
        """The records of some splits as they are, for development and evaluation."""
        return [record for selection in selections for record in self._split(selection)]

    def training(self, selections: Iterable[Selection]) -> list[LabelledSentence]:
        """The records of some splits without what is held out."""
        kept = []
        for selection in selections:
            records = [r for r in self._split(selection) if not self._is_held_out(r)]
            self.dropped[str(selection)] = len(self._split(selection)) - len(records)
            self.used[str(selection)] = len(records)
            kept.extend(records)
        return kept

    def _split(self, selection: Selection) -> list[LabelledSentence]:
        if selection not in self._read:
            self._read[selection] = list(read_corpus(selection.corpus, self.root, (selection.split,)))
        return self._read[selection]

    def _is_held_out(self, record: LabelledSentence) -> bool:
        documents, texts = self._unseen
        return normalised(record.text) in texts or bool(documents.get(record.doc.id, set()) - {record.corpus})

    @cached_property
    def _unseen(self) -> tuple[dict[str, set[str]], set[str]]:
        """The held-out documents, each with the corpora it is held out in, and the held-out texts, normalised."""
        documents: defaultdict[str, set[str]] = defaultdict(set)
        texts: set[str] = set()
        for record in self.records(self.held_out):
            documents[record.doc.id].add(record.corpus)
            texts.add(normalised(record.text))
        return dict(documents), texts


def normalised(text: str) -> str:
    """A text's letters and digits in lower case: copies that differ in spacing, quotes or case are the same."""
    return "".join(char for char in text.lower() if char.isalnum())


def groups_of(records: Sequence[LabelledSentence]) -> list[str]:
    """A group name per record, the same for one document and for one text: what folds must not cut.

    Corpora share sentences (MBIC and BABE); a copy in another corpus would give a fold's answers away.
    """
    by_text: dict[str, str] = {}
    return [by_text.setdefault(normalised(r.text), f"{r.corpus}/{r.doc.id}") for r in records]


def stance_examples(records: Sequence[LabelledSentence], readings: Sequence[Reading]) -> list[StanceExample]:
    """Every labelled target of the records: mentions with their holder, then topics that are not mentioned."""
    examples = []
    for record, reading in zip(records, readings, strict=True):
        spans = {span.id: span for span in record.spans}
        holders = {link.head: link.tail for link in record.links if link.label is LinkLabel.HOLDER}
        for span in record.spans_of(SpanLabel.TARGET):
            if span.value is None:
                continue
            source = spans.get(holders.get(span.id, ""))
            holder = (source.start, source.end) if source else None
            mention = TargetMention(reading, span.start, span.end, span.text, holder)
            examples.append(StanceExample(mention, _STANCES.index(StanceLabel(span.value)), record))
        for stance in record.stances:
            source = spans.get(stance.holder or "")
            holder = (source.start, source.end) if source else None
            mention = TargetMention(reading, 0, 0, stance.target, holder)
            examples.append(StanceExample(mention, _STANCES.index(stance.value), record))
    return examples
