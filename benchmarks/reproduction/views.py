"""Records seen otherwise than the corpus gives them, so that a floor's scheme and ours are the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from slantwise.labels import MentionKind, SpanLabel
from slantwise.records import LabelledSentence, Span
from slantwise_training.examples import normalised
from slantwise_training.names import name_in_phrase

__all__ = ["PLACES_PEOPLE_BODIES", "bare_names", "every_mention", "only_kinds", "outermost", "unseen"]

PLACES_PEOPLE_BODIES = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE)
"""The kinds of mention that the shipped model names."""


def only_kinds(records: Iterable[LabelledSentence], kinds: Sequence[MentionKind]) -> list[LabelledSentence]:
    """The records without mentions of other kinds."""
    return [
        replace(r, spans=tuple(s for s in r.spans if s.label is not SpanLabel.MENTION or s.value in kinds), links=())
        for r in records
    ]


def outermost(records: Iterable[LabelledSentence]) -> list[LabelledSentence]:
    """The records without mentions inside another one: a model that gives a word one tag can find the longer alone.

    Of several with the same bounds the first stays.
    """
    found = []
    for r in records:
        mentions = {(s.start, s.end): s for s in reversed(r.spans_of(SpanLabel.MENTION))}
        inner = {a for a in mentions for b in mentions if a != b and b[0] <= a[0] and a[1] <= b[1]}
        kept = [s for at, s in mentions.items() if at not in inner]
        others = [s for s in r.spans if s.label is not SpanLabel.MENTION]
        found.append(replace(r, spans=tuple(sorted([*others, *kept], key=lambda s: (s.start, s.end))), links=()))
    return found


def bare_names(records: Iterable[LabelledSentence]) -> list[LabelledSentence]:
    """The records of corpora that mark phrases with the names in them alone, as training has them.

    Of actors that have no name it is what they are called; a phrase that calls nobody anything is no mention.
    """
    return [replace(r, spans=tuple(bare for s in r.spans if (bare := _bare(s))), links=()) for r in records]


def _bare(span: Span) -> Span | None:
    if span.label is not SpanLabel.MENTION:
        return span
    start, end = name_in_phrase(span)
    text = span.text[start - span.start : end - span.start]
    return replace(span, start=start, end=end, text=text) if text else None


def every_mention(records: Iterable[LabelledSentence]) -> list[LabelledSentence]:
    """The records as if each marked its mentions exhaustively, as far as the question goes (actors of the event)."""
    return [replace(r, exhaustive=(*r.exhaustive, SpanLabel.MENTION)) for r in records]


def unseen(records: Iterable[LabelledSentence], training: Iterable[LabelledSentence]) -> list[LabelledSentence]:
    """The records whose text is not among the training records'."""
    seen = {normalised(r.text) for r in training}
    return [r for r in records if normalised(r.text) not in seen]
