"""Labelled sentences: what annotators write, corpora hold, training reads and evaluation compares against.

Offsets count Unicode code points of the sentence's `text` and are end-exclusive; every span repeats its surface as a
checksum. Spans may overlap. Records check themselves when made, so a record that exists is sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from slantwise.errors import BadSpan
from slantwise.labels import (
    SPAN_VALUES,
    TASK_LABELS,
    Lens,
    LinkLabel,
    SentenceKind,
    SpanLabel,
    SpanValue,
    StanceLabel,
    Task,
)

__all__ = ["Document", "LabelledSentence", "Link", "Span", "Stance"]


@dataclass(frozen=True, slots=True)
class Document:
    """Where a sentence comes from. `published` is an ISO date; `story` groups articles on the same event."""

    id: str
    outlet: str | None = None
    published: str | None = None
    section: str | None = None
    story: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of a sentence.

    `id` is unique in the document. `entity` names the document-level entity the span refers to, where the corpus has
    coreference. `number` is an event's factuality, -3 to 3; other labels have none.
    """

    id: str
    label: SpanLabel
    start: int
    end: int
    text: str
    value: SpanValue | None = None
    entity: str | None = None
    number: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise BadSpan("spans", f"0 <= start < end in span {self.id}", f"{self.start}..{self.end}")
        kind = SPAN_VALUES[self.label]
        if self.value is not None and (kind is None or not isinstance(self.value, kind)):
            allowed = ", ".join(kind) if kind else "none"
            raise BadSpan("spans", f"a {self.label} value of: {allowed}", repr(str(self.value)))
        if (self.number is None) is (self.label is SpanLabel.EVENT):
            raise BadSpan("spans", "a number on event spans only", f"{self.number} on {self.label} span {self.id}")
        if self.number is not None and not -3 <= self.number <= 3:
            raise BadSpan("spans", f"a number from -3 to 3 ({self.id})", str(self.number))
        if self.value is StanceLabel.UNSURE:
            raise BadSpan("spans", f"against, neutral or favor ({self.id})", "unsure, a label of scores alone")


@dataclass(frozen=True, slots=True)
class Link:
    """A relation between two spans of one document; the head is in the sentence that holds the link."""

    label: LinkLabel
    head: str
    tail: str


@dataclass(frozen=True, slots=True)
class Stance:
    """A stance towards a target that the sentence does not mention literally.

    `holder` is a source span's id; `holder_name` names a holder who is not in the sentence. Neither: the author.
    """

    target: str
    value: StanceLabel
    holder: str | None = None
    holder_name: str | None = None

    def __post_init__(self) -> None:
        if self.value is StanceLabel.UNSURE:
            raise BadSpan("stances", "against, neutral or favor", "unsure, a label of scores alone")


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One sentence as one annotator labelled it.

    `lenses` lists what was looked at: a lens that is absent is unlabelled (masked in training), never negative.
    `exhaustive` lists the span labels that were marked wherever they occur, so that an unmarked word is a negative;
    a corpus with sentence labels alone lists none. A label for a whole article is a record whose text is the article.
    `kind` is the part that the sentence plays in its article, where somebody noted it.

    Raises:
        BadSpan: a span's text is not at its offsets, ids repeat, a link's head is missing, a label is unknown.

    """

    id: str
    doc: Document
    index: int
    text: str
    lenses: tuple[Lens, ...]
    labels: Mapping[Task, str] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()
    stances: tuple[Stance, ...] = ()
    exhaustive: tuple[SpanLabel, ...] = ()
    annotator: str = "gold"
    split: str = "train"
    corpus: str = ""
    licence: str = ""
    kind: SentenceKind | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", dict(self.labels))
        for task, label in self.labels.items():
            if label not in TASK_LABELS[task]:
                raise BadSpan("labels", f"a {task} label of: {', '.join(TASK_LABELS[task])}", repr(label))
        seen: set[str] = set()
        for span in self.spans:
            if span.id in seen:
                raise BadSpan("spans", "span ids that differ", f"two spans with id {span.id!r}")
            seen.add(span.id)
            if self.text[span.start : span.end] != span.text:
                there = self.text[span.start : span.end]
                raise BadSpan("spans", f"text[{span.start}:{span.end}] == {span.text!r} ({span.id})", repr(there))
        for link in self.links:
            if link.head not in seen:
                raise BadSpan("links", f"the head of a {link.label} link among this sentence's spans", repr(link.head))

    def spans_of(self, label: SpanLabel) -> tuple[Span, ...]:
        """The spans with this label, in text order."""
        return tuple(sorted((s for s in self.spans if s.label is label), key=lambda s: (s.start, s.end)))
