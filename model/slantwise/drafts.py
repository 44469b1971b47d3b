"""Attributions in the making: a sentence's source, cue and content spans gathered around its cues."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from slantwise.article import Sentence
from slantwise.labels import SentenceKind, SpanLabel
from slantwise.reading import FoundSpan, Reading

__all__ = ["Draft", "Place", "drafts_of", "placed"]

_JOINING = re.compile(r"(?:.*[\s,;])?(?:and|but|or|then|while|before|after|yet|nor)\b|.*,\s*$", re.S)
_PARTICIPLE = re.compile(r"(?:while |in |by |after |before |when )?(?:\w+ly )?\w{2,}ing\b(?<!during)", re.I)
_RELATIVE = re.compile(r",?\s*(?:who|which|that)\b")
_SOURCE_AFTER = re.compile(r"(?:according to|citing|cited|cites|quoting|quoted|quotes|by|per|from)\b|.*\bby$", re.I)
_TIME = re.compile(
    r"(?:(?:on|late|early|last|this|next) )?(?:today|yesterday|tomorrow|tonight|turn"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|week|month|year|night|morning|evening)$",
    re.I,
)
"""What is found beside a verb and never speaks: "today announced", "in turn quoted"."""
_FIRST_PERSON = re.compile(r"(?:I|We)\b")
_SPOKEN = (",", '"', "”", "’", "'", "»")
_Item = TypeVar("_Item")
_CROWDED, _NEAR = 60, 8
_LONGEST = 600
"""Characters of a source or a cue: what is longer names nobody, and tells of no speech."""
_OPENING = 40
"""Characters of a clause in which its relative pronoun stands."""
_FAR = 1 << 30
_MARKS = frozenset("\"'“”‘’«»")


class Place(NamedTuple):
    """A stretch of the article's text."""

    start: int
    end: int

    def gap(self, other: Place) -> int:
        """Characters between the two; 0 where they touch or overlap."""
        return max(0, self.start - other.end, other.start - self.end)

    def holds(self, other: Place) -> bool:
        """Whether the other lies inside this one, or is the same."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Place) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(slots=True, eq=False)
class Draft:
    """An attribution in the making; places are the article's.

    `sentence` is where its cue stands (its content, where it has none). `speaker` is the earlier attribution whose
    source speaks here again under a pronoun or a bare noun. `via` is the attribution that passed this one on.
    """

    sentence: int
    source: Place | None
    cue: Place | None
    contents: list[Place] = field(default_factory=list)
    p: float = 1.0
    speaker: Draft | None = None
    via: Draft | None = None

    @property
    def anchor(self) -> Place | None:
        """From the source to the cue: the words that tell who speaks."""
        ends = [place for place in (self.source, self.cue) if place]
        if not ends:
            return None
        whole = Place(min(p.start for p in ends), max(p.end for p in ends))
        between = any(c.overlaps(whole) and not any(c.overlaps(e) for e in ends) for c in self.contents_near(whole))
        return (self.cue or self.source) if between else whole

    @property
    def tells(self) -> bool:
        """Whether it says that somebody said something: a source alone does not."""
        return bool(self.cue or self.contents)

    @property
    def start(self) -> int:
        """Where the first of its parts begins."""
        contents = self.contents if len(self.contents) <= _CROWDED else self.contents[:1]
        return min(place.start for place in (self.source, self.cue, *contents) if place)

    def contents_near(self, place: Place) -> Sequence[Place]:
        """The contents that may touch a place: all, or, where thousands of quotations are its, those around it."""
        if len(self.contents) <= _CROWDED:
            return self.contents
        return _window(self.contents, bisect_left(self.contents, place))

    def origin(self) -> Draft:
        """The attribution that first named this one's speaker."""
        return self.speaker or self


def drafts_of(sentence: Sentence, reading: Reading, before: Draft | None = None) -> list[Draft]:
    """The attributions of one sentence.

    Args:
        sentence: the sentence.
        reading: what the model found in it.
        before: the last attribution of the sentence before, in the same paragraph: content that opens a sentence
            without a cue of its own goes on from there where that one's content closed its sentence.
    """
    if sentence.kind in (SentenceKind.BYLINE, SentenceKind.DATELINE):
        return []
    cues, sources, contents = (
        [(placed(s, sentence), s.p) for s in reading.spans_of(label) if sentence.text[s.start : s.end].strip()]
        for label in (SpanLabel.CUE, SpanLabel.SOURCE, SpanLabel.CONTENT)
    )
    cues, sources = ([row for row in rows if row[0].end - row[0].start <= _LONGEST] for rows in (cues, sources))
    sources = [(place, p) for place, p in sources if not _TIME.match(sentence.text, *_within(place, sentence))]
    if not cues:
        return _without_cue(sentence, sources, contents, before)
    drafts = [Draft(sentence.index, None, cue, p=p) for cue, p in cues]
    _give_sources(sentence, drafts, [place for place, _ in sources], [place for place, _ in contents])
    crowded = len(drafts) > _CROWDED
    starts = [cue.start for cue, _ in cues] if crowded else []
    for content, p in contents:
        near = _window(drafts, bisect_left(starts, content.start)) if crowded else drafts
        draft = min(near, key=lambda d: _distance(d, content))
        if draft.cue and content.holds(draft.cue) and _is_anothers(sentence, content):
            continue
        draft.contents.append(content)
        draft.p = min(draft.p, p)
    for draft in drafts:
        draft.contents.sort()
    # a source that no cue took speaks for nobody, but somebody may have spoken through it
    taken = {draft.source for draft in drafts}
    return drafts + [Draft(sentence.index, place, None, p=p) for place, p in sources if place not in taken]


def _within(place: Place, sentence: Sentence) -> Place:
    """A place as offsets into its sentence."""
    return Place(place.start - sentence.start, place.end - sentence.start)


def _is_anothers(sentence: Sentence, content: Place) -> bool:
    """Whether a content around a cue is part of a longer speech: a quotation, or the whole sentence."""
    surface = sentence.text[content.start - sentence.start : content.end - sentence.start]
    if surface[0] in _MARKS or surface[-1] in _MARKS:
        return True
    return content.start == sentence.start and content.end >= sentence.end - 1


def _without_cue(
    sentence: Sentence,
    sources: Sequence[tuple[Place, float]],
    contents: Sequence[tuple[Place, float]],
    before: Draft | None,
) -> list[Draft]:
    """A source beside a content is evidence enough; a content alone only where it goes on from the sentence before."""
    if sources and contents:
        drafts = [Draft(sentence.index, source, None, p=p) for source, p in sources]
        for content, p in contents:
            draft = min(drafts, key=lambda d: d.source.gap(content) if d.source else _FAR)
            draft.contents.append(content)
            draft.p = min(draft.p, p)
        return [draft for draft in drafts if draft.contents]
    text = sentence.text
    goes_on = before is not None and contents and contents[0][0].start <= sentence.start + 1
    # quotations find their speaker otherwise; a question, and what begins with "I" or "we", are rather the author's
    own = text[0] in _MARKS or text.endswith("?") or _FIRST_PERSON.match(text)
    if before is not None and goes_on and not own:
        before.contents.append(contents[0][0])
    return []


def _give_sources(
    sentence: Sentence, drafts: Sequence[Draft], sources: Sequence[Place], contents: Sequence[Place]
) -> None:
    """Each cue takes the nearest source, nearest pairs first; a cue left without shares the subject before it."""
    pairs = sorted(_pairs(sentence, drafts, sources, contents))
    taken: set[int] = set()
    for _, number, index in pairs:
        if drafts[index].source is None and number not in taken:
            drafts[index].source = sources[number]
            taken.add(number)
    for index, draft in enumerate(drafts):
        if draft.source is None:
            draft.source = _shared_source(sentence, drafts, index)


def _shared_source(sentence: Sentence, drafts: Sequence[Draft], index: int) -> Place | None:
    """The source of a cue that names none: the subject of the verb before it ("said ... and added", "..., adding")."""
    cue, earlier = drafts[index].cue, drafts[index - 1] if index else None
    assert cue is not None
    surface = sentence.text[cue.start - sentence.start : cue.end - sentence.start]
    if earlier is not None and earlier.cue and earlier.source and earlier.source.start < cue.start:
        between = sentence.text[earlier.cue.end - sentence.start : cue.start - sentence.start].rstrip()
        start = earlier.source.end - sentence.start
        clause = sentence.text[start : min(max(0, earlier.cue.start - sentence.start), start + _OPENING)]
        if _PARTICIPLE.match(surface) or _JOINING.fullmatch(between) or _RELATIVE.match(clause):
            return earlier.source
    if earlier is None and len(drafts) > 1 and _PARTICIPLE.match(surface):
        later = drafts[1].source
        return later if later and later.start >= cue.end else None
    return None


def _pairs(
    sentence: Sentence, drafts: Sequence[Draft], sources: Sequence[Place], contents: Sequence[Place]
) -> Iterator[tuple[float, int, int]]:
    crowded = len(drafts) > _CROWDED
    starts = [draft.cue.start for draft in drafts if draft.cue] if crowded else []
    edges = [content.start for content in contents]
    for number, source in enumerate(sources):
        here = bisect_left(starts, source.start)
        near = range(max(0, here - _NEAR), min(len(drafts), here + _NEAR)) if crowded else range(len(drafts))
        around = contents if not crowded else _window(contents, bisect_left(edges, source.start))
        for index in near:
            draft = drafts[index]
            assert draft.cue is not None
            cost: float = source.gap(draft.cue)
            surface = sentence.text[draft.cue.start - sentence.start : draft.cue.end - sentence.start]
            follows = source.start >= draft.cue.end
            at = draft.cue.start - sentence.start
            quoted = sentence.text[max(0, at - 3) : at].rstrip().endswith(_SPOKEN)
            expected = bool(_SOURCE_AFTER.match(surface))
            if follows and quoted:
                cost -= 2  # "...," said Ann Lee
            elif follows is not expected:
                cost += 4 if follows else 12
            # a source and a cue on two sides of an edge of a content seldom belong together
            cost += 40 * sum(c.holds(source) is not c.holds(draft.cue) for c in around)
            yield cost, number, index


def _window(items: Sequence[_Item], at: int) -> Sequence[_Item]:
    """The nearest ones: so that an endless sentence takes linear time."""
    return items[max(0, at - _NEAR) : at + _NEAR]


def _distance(draft: Draft, content: Place) -> tuple[bool, int, bool]:
    """How far a content is from an attribution; one whose cue it holds is the last choice."""
    assert draft.cue is not None
    near = min(content.gap(place) for place in (draft.cue, draft.source) if place)
    return content.overlaps(draft.cue), near, draft.cue.start >= content.end


def placed(span: FoundSpan, sentence: Sentence) -> Place:
    """A span's place in the article, without white space at its ends."""
    surface = sentence.text[span.start : span.end]
    start = sentence.start + span.start + len(surface) - len(surface.lstrip())
    return Place(start, start + len(surface.strip()))
