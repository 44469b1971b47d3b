"""Records as training examples: read once per corpus, checked against the splits that must stay unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from slantwise.labelled import read_labelled
from slantwise.labels import LinkLabel, SpanLabel, StanceLabel
from slantwise.reading import Reading, TargetMention
from slantwise.records import LabelledSentence
from slantwise_training.corpora import read_corpus
from slantwise_training.recipe import Selection

__all__ = ["Library", "StanceExample", "groups_of", "normalised", "stance_examples"]

_TELLING_LENGTH = 40
"""Texts with fewer letters and digits may stand in two documents by chance."""
_STANCES = tuple(label for label in StanceLabel if label is not StanceLabel.UNSURE)


@dataclass(frozen=True, slots=True)
class StanceExample:
    """A target as a model sees it, and the index of its stance (against, neutral, favor)."""

    mention: TargetMention
    label: int
    record: LabelledSentence


@dataclass
class Library:
    """The corpora folder, read lazily, each split once.

    `used` counts, per split, the records that were given to any part, `dropped` those that were held back from all
    that asked for them.
    """

    root: Path
    used: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    _read: dict[Selection, list[LabelledSentence]] = field(default_factory=dict)
    _unseen: dict[tuple[Selection, ...], _Unseen] = field(default_factory=dict)
    _given: dict[Selection, set[int]] = field(default_factory=dict)

    def records(self, selections: Iterable[Selection]) -> list[LabelledSentence]:
        """The records of some splits as they are, for development and evaluation."""
        return [record for selection in selections for record in self._split(selection)]

    def training(self, selections: Iterable[Selection], held_out: tuple[Selection, ...]) -> list[LabelledSentence]:
        """The records of some splits without those that `held_out` gives away.

        A record is held back that shares a text with a held-out split, or a document with a held-out split of another
        corpus. Documents cut by a corpus's own published split stay, as everybody else counts them.
        """
        unseen = self._held(held_out)
        kept: list[LabelledSentence] = []
        for selection in selections:
            records = self._split(selection)
            rows = [i for i, record in enumerate(records) if record not in unseen]
            given = self._given.setdefault(selection, set())
            given.update(rows)
            self.used[str(selection)], self.dropped[str(selection)] = len(given), len(records) - len(given)
            kept.extend(records[i] for i in rows)
        return kept

    def texts(self, held_out: tuple[Selection, ...]) -> set[str]:
        """The texts of some splits, `normalised`."""
        return self._held(held_out).texts

    def _held(self, held_out: tuple[Selection, ...]) -> _Unseen:
        if held_out not in self._unseen:
            self._unseen[held_out] = _Unseen.of(self.records(held_out))
        return self._unseen[held_out]

    def _split(self, selection: Selection) -> list[LabelledSentence]:
        if selection not in self._read:
            self._read[selection] = list(_read(selection, self.root))
        return self._read[selection]


def _read(selection: Selection, root: Path) -> Iterator[LabelledSentence]:
    if selection.is_file:
        return read_labelled(Path(selection.corpus))
    return read_corpus(selection.corpus, root, (selection.split,))


@dataclass(frozen=True)
class _Unseen:
    """Held-out texts, normalised, and held-out documents, each with the corpora it is held out in."""

    texts: set[str]
    documents: dict[str, set[str]]

    @classmethod
    def of(cls, records: Iterable[LabelledSentence]) -> _Unseen:
        unseen = cls(set(), {})
        for record in records:
            unseen.texts.add(normalised(record.text))
            unseen.documents.setdefault(record.doc.id, set()).add(record.corpus)
        return unseen

    def __contains__(self, record: LabelledSentence) -> bool:
        elsewhere = self.documents.get(record.doc.id, set()) - {record.corpus}
        return bool(elsewhere) or normalised(record.text) in self.texts


def normalised(text: str) -> str:
    """A text's letters and digits in lower case: copies that differ in spacing, quotes or case are the same."""
    return "".join(char for char in text.lower() if char.isalnum())


def groups_of(records: Sequence[LabelledSentence]) -> list[str]:
    """A group name per record, the same for one document and for one text: what folds must not cut.

    Corpora share documents and sentences (MBIC and BABE); a copy in another corpus would give a fold's answers away.
    Documents that share a text are one group, unless the text is short: "Read more" does not tie newspapers together.
    """
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        while parents.setdefault(name, name) != name:
            parents[name] = parents[parents[name]]
            name = parents[name]
        return name

    for record in records:
        text = normalised(record.text)
        if len(text) >= _TELLING_LENGTH:
            parents[root(f"text {text}")] = root(f"document {record.doc.id}")
    return [root(f"document {record.doc.id}") for record in records]


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
