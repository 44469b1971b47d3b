"""Kinds of sources: our rules against kinds labelled by hand, as offsets into PolNeAR's dev sentences."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import MentionKind, SourceKind, SpanLabel
from slantwise.reading import Backend
from slantwise.records import LabelledSentence
from slantwise.sources import kind_of_source, known_names

__all__ = ["Judged", "LabelledKind", "confusion", "judge_kinds", "read_labelled_kinds"]


@dataclass(frozen=True, slots=True)
class LabelledKind:
    """A source, `start` to `end` of a sentence: its kind by two annotators, and as decided where they differ."""

    sentence: str
    start: int
    end: int
    a: SourceKind
    b: SourceKind
    kind: SourceKind


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled source with its words and the kind that the rules give."""

    label: LabelledKind
    text: str
    found: SourceKind

    @property
    def right(self) -> bool:
        """Whether the rules give the labelled kind."""
        return self.found is self.label.kind


def read_labelled_kinds(path: Path) -> list[LabelledKind]:
    """Read a file of labelled kinds, one JSON object a line.

    Raises:
        BadRow: a line is something else.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            kinds = [SourceKind(row[key]) for key in ("a", "b", "kind")]
            found.append(LabelledKind(str(row["sentence"]), int(row["start"]), int(row["end"]), *kinds))
        except (KeyError, TypeError, ValueError) as error:
            expected = "sentence, start, end, and the kinds a, b, kind"
            raise BadRow(path, number, "the row", expected, f"{type(error).__name__}: {error}") from None
    return found


def judge_kinds(
    labels: Sequence[LabelledKind], records: Iterable[LabelledSentence], backend: Backend
) -> list[Judged]:
    """What the rules say of labelled sources, told what an article tells: its words and the names that a model finds.

    Args:
        labels: sources of `records`.
        records: all sentences of their articles.
        backend: the model that finds the names in them.

    Raises:
        KeyError: a label is of no record's sentence.
    """
    wanted: defaultdict[str, list[LabelledKind]] = defaultdict(list)
    for label in labels:
        wanted[label.sentence].append(label)
    articles: defaultdict[str, list[LabelledSentence]] = defaultdict(list)
    for record in records:
        articles[record.doc.id].append(record)
    judged = []
    for sentences in articles.values():
        here = [(record, label) for record in sentences for label in wanted.pop(record.id, ())]
        if here:
            known = known_names("\n".join(r.text for r in sentences), _names(sentences, backend))
            for record, label in here:
                text = record.text[label.start : label.end]
                judged.append(Judged(label, text, kind_of_source(text, known)))
    if wanted:
        raise KeyError(next(iter(wanted)))
    return judged


def confusion(judged: Iterable[Judged]) -> Mapping[tuple[SourceKind, SourceKind], int]:
    """How often each labelled kind was found as each."""
    return Counter((each.label.kind, each.found) for each in judged)


def _names(sentences: Sequence[LabelledSentence], backend: Backend) -> Iterable[tuple[str, MentionKind]]:
    for reading in backend.read([record.text for record in sentences]):
        for span in reading.spans_of(SpanLabel.MENTION):
            if isinstance(span.value, MentionKind):
                yield reading.text[span.start : span.end], span.value
