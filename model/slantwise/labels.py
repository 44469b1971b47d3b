"""The words slantwise labels with: lenses, labels, span and link kinds, each one string-valued Enum.

Strings appear only at the file boundary; inside, code compares Enum members. The member order is the fixed order of
columns, confusion matrices and reports.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

__all__ = [
    "SPAN_VALUES",
    "TASK_LABELS",
    "HedgeKind",
    "Hedging",
    "Lens",
    "LinkLabel",
    "MentionKind",
    "Quotation",
    "SentenceKind",
    "SourceKind",
    "SpanLabel",
    "SpanValue",
    "StanceLabel",
    "Task",
    "Wording",
]


class _Label(StrEnum):
    """A label whose value is the string that files hold."""


class Lens(_Label):
    """A question asked of a sentence; a lens that a record does not list is unlabelled, never negative."""

    HEDGING = "hedging"
    WORDING = "wording"
    ATTRIBUTION = "attribution"
    STANCE = "stance"
    MENTIONS = "mentions"
    """Who is named: no lens of its own in the reports, but stance needs targets to be found."""


class Task(_Label):
    """A closed question about a whole sentence, answered by one label of `TASK_LABELS`."""

    HEDGING = "hedging"
    """Semantic uncertainty: the sentence holds a hedge cue (Szeged Uncertainty Corpus)."""
    VAGUENESS = "vagueness"
    """Weasel wording: "some say", "widely" (CoNLL-2010 shared task 1, Wikipedia). Not the same question as hedging."""
    WORDING = "wording"
    """Lexical bias: loaded or plain (BABE)."""
    INFORMATIONAL = "informational"
    """Informational bias: what is told leans, not how (BASIL)."""
    SUBJECTIVITY = "subjectivity"
    """The sentence expresses its author's view (CheckThat! task 1)."""
    HYPERPARTISAN = "hyperpartisan"
    """Article level: blind adherence to one party (SemEval-2019 task 4)."""
    LEANING = "leaning"
    """Article level: the political side of its outlet. A left or right text is not thereby loaded."""


class Hedging(_Label):
    """How committed a sentence is to what it says."""

    ASSERTED = "asserted"
    HEDGED = "hedged"
    UNSURE = "unsure"
    """Scores only: the two are too close to call."""


class Wording(_Label):
    """Whether the choice of words leans."""

    PLAIN = "plain"
    LOADED = "loaded"
    UNSURE = "unsure"
    """Scores only: the two are too close to call."""


class StanceLabel(_Label):
    """For or against a target."""

    AGAINST = "against"
    NEUTRAL = "neutral"
    FAVOR = "favor"
    UNSURE = "unsure"
    """Scores only: the two best are too close to call."""


class HedgeKind(_Label):
    """Kinds of hedge cue: the semantic types of Szarvas et al. (2012), and weasel words (Ganter and Strube, 2009)."""

    EPISTEMIC = "epistemic"
    DOXASTIC = "doxastic"
    CONDITIONAL = "conditional"
    INVESTIGATIVE = "investigative"
    VAGUE = "vague"


class SourceKind(_Label):
    """What a source is called by."""

    NAMED = "named"
    INSTITUTION = "institution"
    MEDIA = "media"
    ANONYMOUS = "anonymous"
    PRONOUN = "pronoun"


class Quotation(_Label):
    """How a content span is given."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class MentionKind(_Label):
    """What a mention refers to."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    """A place or its government."""
    GROUP = "group"
    """Nationalities, religious and political groups."""
    ACTOR = "actor"
    """A common-noun actor: "Iraqi troops", "the government"."""
    OTHER = "other"
    PRONOUN = "pronoun"


class SentenceKind(_Label):
    """The part a line plays in an article."""

    HEADLINE = "headline"
    BYLINE = "byline"
    CAPTION = "caption"
    DATELINE = "dateline"
    BODY = "body"


class SpanLabel(_Label):
    """What a span marks."""

    SOURCE = "source"
    CUE = "cue"
    CONTENT = "content"
    HEDGE = "hedge"
    LOADED = "loaded"
    TARGET = "target"
    MENTION = "mention"
    EVENT = "event"
    """A word that states an event; its value is a factuality from -3 (did not happen) to 3 (happened), as a number."""


class LinkLabel(_Label):
    """How two spans belong together; head and tail are span ids of the same document."""

    CUE_OF = "cue-of"
    """cue -> its source."""
    CONTENT_OF = "content-of"
    """content -> its source, or its cue where no source is named."""
    HOLDER = "holder"
    """target or loaded span -> the source that holds it. No holder link: the author."""
    VIA = "via"
    """source -> the source it reached the author through (an official -> the daily that cites the official)."""


SpanValue: TypeAlias = HedgeKind | SourceKind | Quotation | StanceLabel | MentionKind

SPAN_VALUES: dict[SpanLabel, type[SpanValue] | None] = {
    SpanLabel.SOURCE: SourceKind,
    SpanLabel.CUE: None,
    SpanLabel.CONTENT: Quotation,
    SpanLabel.HEDGE: HedgeKind,
    SpanLabel.LOADED: None,
    SpanLabel.TARGET: StanceLabel,
    SpanLabel.MENTION: MentionKind,
    SpanLabel.EVENT: None,
}
"""The Enum a span's value comes from. A value may be absent where the corpus does not give it; events hold a number."""

TASK_LABELS: dict[Task, tuple[str, ...]] = {
    Task.HEDGING: ("asserted", "hedged"),
    Task.VAGUENESS: ("precise", "vague"),
    Task.WORDING: ("plain", "loaded"),
    Task.INFORMATIONAL: ("neutral", "slanted"),
    Task.SUBJECTIVITY: ("objective", "subjective"),
    Task.HYPERPARTISAN: ("mainstream", "hyperpartisan"),
    Task.LEANING: ("left", "centre", "right"),
}
"""Each task's labels in fixed order. For two-label tasks the second is the positive class."""
