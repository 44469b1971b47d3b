"""Who speaks where: attributions over a whole article, and the voice of every character."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.article import Article, Sentence
from slantwise.chains import link_chains, unseen_citations
from slantwise.clauses import complete_drafts
from slantwise.cue_words import is_cue_like, is_first_person
from slantwise.drafts import Draft, Place, drafts_of
from slantwise.labels import MentionKind, Quotation, SourceKind, SpanLabel
from slantwise.quotes import Quote, find_quotes
from slantwise.reading import Reading
from slantwise.references import resolve_references
from slantwise.sayings import tell_sayings
from slantwise.score import AUTHOR, Attribution, Source, TextSpan
from slantwise.sources import KnownNames, kind_of_source, known_names
from slantwise.speakers import give_quotes
from slantwise.transcripts import Interview, find_interview, headline_drafts

__all__ = ["Voices", "find_voices"]

_OPENERS = re.compile(r"(?:that|whether|to)\s+$", re.I)
_LONGEST_OPENER = 12
_OUTSIDE = ",;:—–-"
_ABBREVIATED = re.compile(r"(?:\b[A-Za-z]|\b(?:Inc|Ltd|Corp|Co|Jr|Sr|St|etc|vs|No))\.$")
_JUDGING = re.compile(
    r"\b(?:prais|accus|blam|condemn|critici[sz]|denounc|hail|slam|blast|back|support|endors|reject|rebuk|welcom|applaud"
    r"|attack|oppos|defend|thank|lambast|ridicul|mock|derid|deplor|admir|commend|castigat|scold|vilif)(?:e|es|ed|ing|s|ied)?\b",
    re.I,
)
_JUDGED = 24
"""Characters between a cue that judges and what it judges: an article and a title, no more."""
_STOP = re.compile(r"[.,:;!?\n]\s")
_WORD = re.compile(r"\w")
_BY_SAYING = re.compile(r"(?:\bby )\w+ing\b", re.I)
_FIRST_NAME = re.compile(r"(?:[A-Z][\w'’-]+\s?){1,4}(?<!\s)(?=\s[a-z])")


@dataclass(frozen=True, slots=True)
class Voices:
    """An article's attributions in text order, and who holds each character.

    Args:
        attributions: in text order.
        owners: per character of the article, 0 for the author or 1 + the index of an attribution.
        judges: in text order, the places right after a cue that judges ("Ilves praised" Maro), with its attribution.
        speakers: for an attribution whose source is a pronoun or a bare noun, the id of the one that names its speaker.
        interviewee: who answers an interview, by the first place that names him; None where there is none.
    """

    attributions: tuple[Attribution, ...]
    owners: NDArray[np.int32]
    speakers: Mapping[str, str]
    judges: tuple[tuple[Place, str], ...] = ()
    interviewee: TextSpan | None = None

    def at(self, start: int, end: int) -> str:
        """The voice that holds most of these characters: `AUTHOR` or an attribution's id."""
        held = self.owners[start:end]
        if not held.size:
            return AUTHOR
        if (only := _one_of(held)) is not None:
            return self._name(only)
        counts = Counter(held.tolist())
        # of two that hold as many: the author, else the first in text order
        return self._name(min(counts, key=lambda owner: (-counts[owner], owner)))

    def words(self, start: int, text: str) -> dict[str, int]:
        """How many words of a stretch of the article each voice holds, by their first letters."""
        found: defaultdict[str, int] = defaultdict(int)
        if (only := _one_of(self.owners[start : start + len(text)])) is not None:
            count = sum(1 for word in text.split() if _WORD.search(word))
            return {self._name(only): count} if count else {}
        for match in re.finditer(r"\S+", text):
            if _WORD.search(match.group()):
                found[self._name(int(self.owners[start + match.start()]))] += 1
        return dict(found)

    def source_of(self, voice: str) -> Source | None:
        """The source behind a voice; None for the author and for quotations nobody is named for."""
        return None if voice == AUTHOR else self.attributions[int(voice[1:]) - 1].source

    def judge_of(self, start: int, end: int) -> str:
        """Who judges a mention outside all content by a cue right before it; `AUTHOR` where nobody does."""
        at = bisect_right(self.judges, start, key=lambda row: row[0].start) - 1
        if at < 0 or not self.judges[at][0].start <= start < self.judges[at][0].end:
            return AUTHOR
        source = self.source_of(self.judges[at][1])
        return AUTHOR if source is None or (source.start < end and start < source.end) else self.judges[at][1]

    def _name(self, owner: int) -> str:
        return self.attributions[owner - 1].id if owner else AUTHOR


def _one_of(held: NDArray[np.int32]) -> int | None:
    """Who holds all of some characters; None where several do, or there are none."""
    first = int(held[0]) if held.size else None
    return first if held.size and (held == first).all() else None


def find_voices(
    article: Article, sentences: Sequence[Sentence], readings: Sequence[Reading], *, quotes_as_author: bool = False
) -> Voices:
    """Resolve the attributions of an article from what the model found in its sentences and from its quotation marks.

    Args:
        article: the article.
        sentences: its sentences.
        readings: the model's reading of each sentence.
        quotes_as_author: report attributions, but give every character to the author.
    """
    text = article.text
    known = known_names(text, _mentions(readings))
    quotes = find_quotes(text)
    interview = find_interview(sentences, readings)
    drafts = _found(text, sentences, readings, quotes, known, interview)
    drafts = give_quotes(text, sentences, readings, quotes, drafts)
    drafts = link_chains(text, sentences, drafts, known)
    _nest(drafts)
    resolve_references(text, sentences, readings, drafts, quotes, known)
    used = {id(d.via) for d in drafts}
    drafts = [d for d in drafts if d.contents or (d.source and (d.cue or d.via)) or id(d) in used]
    drafts.sort(key=lambda d: (d.start, d.cue or d.source or d.contents[0]))
    finisher = _Finisher(text, sentences, quotes, known, {id(d): f"a{i}" for i, d in enumerate(drafts, 1)}, interview)
    contents = [tuple(finisher.contents(draft)) for draft in drafts]
    attributions = tuple(finisher.finish(draft, places) for draft, places in zip(drafts, contents, strict=True))
    owners = np.zeros(len(text), dtype=np.int32)
    if not quotes_as_author:
        _paint(owners, contents)
    speakers = {finisher.names[id(d)]: finisher.names[id(d.speaker)] for d in drafts if id(d.speaker) in finisher.names}
    interviewee = interview.interviewee
    judges = [(_judged(text, a.cue.end), a.id) for a in attributions if a.cue and _JUDGING.search(a.cue.text)]
    named = TextSpan(*interviewee, text[interviewee.start : interviewee.end]) if interviewee else None
    return Voices(attributions, owners, speakers, tuple(sorted(judges)), named)


def _judged(text: str, at: int) -> Place:
    """Where what a cue judges may stand: an article and a title away, before any stop."""
    stop = _STOP.search(text, at, at + _JUDGED)
    return Place(at, stop.start() if stop else at + _JUDGED)


def _mentions(readings: Sequence[Reading]) -> Iterator[tuple[str, MentionKind]]:
    for reading in readings:
        for span in reading.spans_of(SpanLabel.MENTION):
            if isinstance(span.value, MentionKind):
                yield reading.text[span.start : span.end], span.value


def _found(
    text: str,
    sentences: Sequence[Sentence],
    readings: Sequence[Reading],
    quotes: Sequence[Quote],
    known: KnownNames,
    interview: Interview,
) -> list[Draft]:
    """The attributions that sentences show by themselves: the model's, and those that a colon tells."""
    starts = [q.start for q in quotes]

    def is_quoted(place: Place) -> bool:
        at = bisect_right(starts, place.start) - 1
        return at >= 0 and place.end <= quotes[at].end

    drafts = list(interview.drafts)
    colons = {d.cue for d in drafts}
    before: Draft | None = None
    for sentence, reading in zip(sentences, readings, strict=True):
        if before is not None and sentences[before.sentence].paragraph != sentence.paragraph:
            before = None
        found = [d for d in drafts_of(sentence, reading, before) if not d.cue or d.cue not in colons]
        found = tell_sayings(sentence, [*found, *unseen_citations(sentence, found)], is_quoted)
        found = complete_drafts(sentence, reading, found, is_quoted)
        found = [d for d in found if not _is_authors(text, d, is_quoted)]
        _give_subject(text, sentence, found, known)
        found = _with_headline(text, sentence, found, known)
        drafts += found
        reaching = [
            d
            for d in [*found, *([before] if before else [])]
            if any(c.end >= sentence.end - 1 for c in reversed(d.contents))
            and d.cue
            and is_cue_like(text[d.cue.start : d.cue.end])
        ]
        before = reaching[0] if reaching else None
    return drafts


def _give_subject(text: str, sentence: Sentence, found: Sequence[Draft], known: KnownNames) -> None:
    """Give "by arguing that ..." the name that its sentence begins with."""
    for draft in found:
        if (
            draft.source is None
            and draft.cue
            and _BY_SAYING.search(text, max(sentence.start, draft.cue.start - 3), draft.cue.end)
        ):
            subject = _FIRST_NAME.match(sentence.text)
            names = known.bodies | known.outlets
            if subject and (subject.group() in names or known.people.issuperset(subject.group().split())):
                draft.source = Place(sentence.start, sentence.start + subject.end())


def _with_headline(text: str, sentence: Sentence, found: list[Draft], known: KnownNames) -> list[Draft]:
    """With the attribution of a headline's colon, where the model saw no other on either side of it."""
    told = headline_drafts(sentence, known)
    if not told or any(d.cue and d.source and told[0].source and told[0].source.overlaps(d.source) for d in found):
        return found
    inside = [d for d in found if d.cue and is_cue_like(text[d.cue.start : d.cue.end])]
    return [*told, *(d for d in inside if d.source and told[0].contents[0].holds(d.source))]


def _is_authors(text: str, draft: Draft, is_quoted: Callable[[Place], bool]) -> bool:
    """Whether a source is "I" or "we" outside quotation marks: that is the author, and he is no source of his own."""
    source = draft.source
    return source is not None and is_first_person(text[source.start : source.end]) and not is_quoted(source)


def _nest(drafts: Sequence[Draft]) -> None:
    """An attribution inside another's content reached the author through that one, the innermost there is."""
    contents = sorted(((c, d) for d in drafts for c in d.contents), key=lambda row: (row[0].start, -row[0].end))
    anchored = [(d.cue or d.source, d) for d in drafts if d.via is None]
    opened: list[tuple[Place, Draft]] = []
    at = 0
    for anchor, draft in sorted(((a, d) for a, d in anchored if a is not None), key=lambda row: row[0]):
        while at < len(contents) and contents[at][0].start <= anchor.start:
            opened.append(contents[at])
            at += 1
        opened = [row for row in opened if row[0].end > anchor.start]
        around = [row for row in opened if row[0].holds(anchor) and row[1] is not draft]
        if around:
            outer = min(around, key=lambda row: row[0].end - row[0].start)[1]
            if not _leads_to(outer, draft):
                draft.via = outer


def _leads_to(draft: Draft, other: Draft) -> bool:
    step: Draft | None = draft
    while step is not None:
        if step is other:
            return True
        step = step.via
    return False


def _paint(owners: NDArray[np.int32], contents: Sequence[Sequence[Place]]) -> None:
    """Give each character to the innermost content that holds it: the smallest is painted last."""
    spans = [(place, owner) for owner, places in enumerate(contents, 1) for place in places]
    for place, owner in sorted(spans, key=lambda row: row[0].start - row[0].end):
        owners[place.start : place.end] = owner


class _Finisher:
    """Makes attributions of drafts: contents cut by sentence, kinds told, links named."""

    def __init__(
        self,
        text: str,
        sentences: Sequence[Sentence],
        quotes: Sequence[Quote],
        known: KnownNames,
        names: dict[int, str],
        interview: Interview,
    ) -> None:
        self.text, self.sentences, self.quotes, self.known, self.names = text, sentences, quotes, known, names
        self.starts, self.quote_starts = [s.start for s in sentences], [q.start for q in quotes]
        self.answers = {id(d) for d in interview.drafts}

    def finish(self, draft: Draft, places: Sequence[Place]) -> Attribution:
        """The attribution; `places` are its contents, from `contents`."""
        contents = tuple(self._span(part) for place in places for part in self._by_sentence(place))
        source = None
        if draft.source:
            span = self._span(draft.source)
            kind = SourceKind.NAMED if id(draft) in self.answers else kind_of_source(span.text, self.known)
            source = Source(span.start, span.end, span.text, kind)
        cue = self._span(draft.cue) if draft.cue else None
        via = self.names.get(id(draft.via)) if draft.via else None
        return Attribution(self.names[id(draft)], source, cue, contents, self._quotation(contents), draft.p, via)

    def _span(self, place: Place) -> TextSpan:
        return TextSpan(place.start, place.end, self.text[place.start : place.end])

    def contents(self, draft: Draft) -> Iterator[Place]:
        """Contents as the guidelines cut them: with "that" or "to", without commas and stops outside the quotes."""
        own = [place for place in (draft.cue, draft.source) if place]
        for content in sorted(set(draft.contents)):
            start, end = content
            opener = _OPENERS.search(self.text, max(0, start - _LONGEST_OPENER), start)
            if opener and not any(place.overlaps(Place(opener.start(), start)) for place in own):
                start = opener.start()
            start, end = self._trimmed(start, end)
            if end > start:
                draft_place = Place(start, end)
                if not any(draft_place.holds(place) and draft_place != place for place in own) or self._is_quote(
                    content
                ):
                    yield draft_place
                else:
                    yield from self._cut(draft_place, own)

    def _cut(self, content: Place, own: Sequence[Place]) -> Iterator[Place]:
        """The parts of a content around its own cue and source."""
        at = content.start
        for hole in [*sorted(own), Place(content.end, content.end)]:
            start, end = self._trimmed(at, min(hole.start, content.end))
            if end > start and _WORD.search(self.text, start, end):
                yield Place(start, end)
            at = max(at, hole.end)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        while start < end and (self.text[start].isspace() or self.text[start] in _OUTSIDE):
            start += 1
        while start < end and (self.text[end - 1].isspace() or self.text[end - 1] in _OUTSIDE):
            end -= 1
        surface = self.text[start:end]
        if surface.endswith(".") and not surface.endswith("..") and not _ABBREVIATED.search(surface[-6:]):
            at = bisect_left(self.quote_starts, start + len(surface)) - 1
            if at < 0 or self.quotes[at].end < start + len(surface):
                surface = surface[:-1]
        return start, start + len(surface)

    def _is_quote(self, content: Place) -> bool:
        at = bisect_left(self.quote_starts, content.start)
        return at < len(self.quotes) and content == (self.quotes[at].start, self.quotes[at].end)

    def _by_sentence(self, content: Place) -> Iterator[Place]:
        first = max(0, bisect_right(self.starts, content.start) - 1)
        for sentence in self.sentences[first : max(first + 1, bisect_left(self.starts, content.end))]:
            start, end = max(content.start, sentence.start), min(content.end, sentence.end)
            start, end = self._trimmed(start, end) if end > start else (start, end)
            if end > start:
                yield Place(start, end)

    def _quotation(self, contents: Sequence[TextSpan]) -> Quotation:
        """Direct when every word of the content stands in quotation marks, indirect when none does."""
        quoted = outside = False
        for content in contents:
            at = content.start
            first = max(0, bisect_right(self.quote_starts, content.start) - 1)
            for quote in self.quotes[first : bisect_left(self.quote_starts, content.end)]:
                if quote.end <= content.start:
                    continue
                quoted = True
                outside = outside or bool(_WORD.search(self.text, at, max(at, quote.start)))
                at = quote.end
            outside = outside or bool(_WORD.search(self.text, at, content.end)) if at < content.end else outside
        if not quoted:
            return Quotation.INDIRECT
        return Quotation.MIXED if outside else Quotation.DIRECT
