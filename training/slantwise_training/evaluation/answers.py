"""What a model answered, beside what is gold: the rows that measures are counted from and errors are shown from."""

from __future__ import annotations

from dataclasses import dataclass, field

from slantwise.reading import FoundSpan
from slantwise.records import LabelledSentence, Span

__all__ = ["Answer", "Seen", "SpanAnswer"]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A record beside every span that the model found in it."""

    record: LabelledSentence
    found: tuple[FoundSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One question about one sentence: what was gold, what the model said.

    `p` follows the measure's labels and is empty where the answer was derived from spans. `unsure`: the model's margin
    says that the two best labels are too close to call; `found` is its best label all the same. `target` is the span
    or topic that a stance was asked for, `by_source` whether a source holds it.
    """

    sentence: str
    document: str
    gold: str
    found: str
    p: tuple[float, ...] = ()
    unsure: bool = False
    seen: Seen | None = field(default=None, compare=False, repr=False)
    target: Span | str | None = field(default=None, compare=False, repr=False)
    by_source: bool = field(default=False, compare=False, repr=False)

    @property
    def right(self) -> bool:
        """Whether the model said what is gold."""
        return self.gold == self.found


@dataclass(frozen=True, slots=True)
class SpanAnswer:
    """The spans of one label in one sentence: the gold ones and those found."""

    seen: Seen
    document: str
    gold: tuple[Span, ...]
    found: tuple[FoundSpan, ...]

    @property
    def text(self) -> str:
        """The sentence."""
        return self.seen.record.text
