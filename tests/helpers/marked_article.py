"""Articles whose spans a test writes into the text, and a backend that finds just those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from slantwise.article import Article, Sentence
from slantwise.labels import HedgeKind, MentionKind, SpanLabel, SpanValue, Task
from slantwise.model_folder import Model
from slantwise.reading import Decision, FoundSpan, Reading, TargetMention
from slantwise.score import AUTHOR, ModelName
from slantwise.segment import segment
from slantwise.voices import Voices, find_voices

CODES: dict[str, tuple[SpanLabel, SpanValue | None]] = {
    "s": (SpanLabel.SOURCE, None),
    "u": (SpanLabel.CUE, None),
    "c": (SpanLabel.CONTENT, None),
    "h": (SpanLabel.HEDGE, HedgeKind.EPISTEMIC),
    "v": (SpanLabel.HEDGE, HedgeKind.VAGUE),
    "w": (SpanLabel.LOADED, None),
    "p": (SpanLabel.MENTION, MentionKind.PERSON),
    "o": (SpanLabel.MENTION, MentionKind.ORGANISATION),
    "l": (SpanLabel.MENTION, MentionKind.PLACE),
    "a": (SpanLabel.MENTION, MentionKind.ACTOR),
}


@dataclass(frozen=True)
class Marked:
    """An article's text without its marks, and its spans in the article."""

    text: str
    spans: tuple[FoundSpan, ...]


def marked(written: str) -> Marked:
    """Read "{s:Ann Lee} {u:said} {c:that it rains}"; marks may nest, and `CODES` says what they stand for."""
    text: list[str] = []
    spans: list[FoundSpan] = []
    opened: list[tuple[str, int]] = []
    at = 0
    while at < len(written):
        if written[at] == "{":
            opened.append((written[at + 1], len(text)))
            at += 3
            continue
        if written[at] == "}":
            code, start = opened.pop()
            label, value = CODES[code]
            spans.append(FoundSpan(label, start, len(text), value, 0.9))
        else:
            text.append(written[at])
        at += 1
    return Marked("".join(text), tuple(sorted(spans, key=lambda s: (s.start, s.end))))


def readings_of(article: Marked) -> tuple[tuple[Sentence, ...], list[Reading]]:
    """The article's sentences, each with the spans that lie in it."""
    sentences = segment(article.text)
    readings = []
    for s in sentences:
        inside = [x for x in article.spans if s.start <= x.start and x.end <= s.end]
        moved = (FoundSpan(x.label, x.start - s.start, x.end - s.start, x.value, x.p) for x in inside)
        readings.append(Reading(s.text, {}, tuple(moved)))
    return sentences, readings


@dataclass(frozen=True)
class Heard:
    """Who speaks in a marked article, asked by pieces of its text."""

    text: str
    voices: Voices

    def of(self, piece: str) -> str | None:
        """Who holds a piece: "author", a source's words, or None where nobody is named. One voice holds it all."""
        start = self.text.index(piece)
        owners = set(self.voices.owners[start : start + len(piece)].tolist())
        assert len(owners) == 1, f"{piece!r} has {len(owners)} voices"
        (owner,) = owners
        if not owner:
            return AUTHOR
        source = self.voices.attributions[owner - 1].source
        return source.text if source else None

    def chain(self, piece: str) -> list[str | None]:
        """Who holds a piece, and through whom it came, the last the nearest to the author."""
        owner = int(self.voices.owners[self.text.index(piece)])
        by_id = {a.id: a for a in self.voices.attributions}
        links = []
        at = self.voices.attributions[owner - 1].id if owner else None
        while at:
            links.append(by_id[at].source.text if by_id[at].source else None)
            at = by_id[at].via
        return links

    def speaker(self, source: str, occurrence: int = 0) -> str | None:
        """The words of the first source that a pronoun or a bare noun refers back to."""
        found = [a for a in self.voices.attributions if a.source and a.source.text == source]
        to = self.voices.speakers.get(found[occurrence].id)
        return next((a.source.text for a in self.voices.attributions if a.id == to and a.source), None)

    def contents(self, source: str) -> list[str]:
        """All that a source is given, in text order."""
        return [c.text for a in self.voices.attributions if a.source and a.source.text == source for c in a.content]


def hear(written: str, *, quotes_as_author: bool = False) -> Heard:
    """Find the voices of a marked article."""
    article = marked(written)
    sentences, readings = readings_of(article)
    voices = find_voices(Article("toy", article.text), sentences, readings, quotes_as_author=quotes_as_author)
    return Heard(article.text, voices)


@dataclass
class FakeBackend:
    """Finds the spans of one marked article, and gives the probabilities that a test sets."""

    article: Marked
    tasks: Mapping[str, Mapping[Task, float]] = field(default_factory=dict)
    """By a piece of a sentence: the probability of the second label."""
    stances: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    """By a mention's surface."""
    stance_margin: float = 0.0
    decisions: Mapping[Task, Decision] = field(default_factory=dict)
    asked: list[TargetMention] = field(default_factory=list)

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        known = {reading.text: reading for reading in readings_of(self.article)[1]}
        return [Reading(text, self._tasks(text), known[text].spans) for text in sentences]

    def _tasks(self, text: str) -> dict[Task, NDArray[np.float32]]:
        base = {Task.HEDGING: 0.0, Task.WORDING: 0.0}
        for piece, given in self.tasks.items():
            if piece in text:
                base |= given
        return {task: np.array([1 - p, p], dtype=np.float32) for task, p in base.items()}

    def stance(self, mentions: Sequence[TargetMention]) -> NDArray[np.float32]:
        self.asked += mentions
        rows = [self.stances.get(m.reading.text[m.start : m.end], (0.0, 1.0, 0.0)) for m in mentions]
        return np.array(rows, dtype=np.float32).reshape(-1, 3)

    def model(self) -> Model:
        """The backend as a loaded model."""
        return Model(self, ModelName("fake", "00"), {})
