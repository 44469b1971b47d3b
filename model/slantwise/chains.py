"""Chains of sources: an agency that reports, citing a daily, which cites an official."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from slantwise.article import Sentence
from slantwise.drafts import Draft, Place
from slantwise.labels import SourceKind
from slantwise.sources import KnownNames, is_source_like, kind_of_source

__all__ = ["link_chains", "unseen_citations"]

_CITING_CUE = re.compile(
    r"(?:\b(?:has|have|had|is|are|was|were|be|been|being|also|often|previously)\s+){0,6}\b(?:cit|quot)(?:e|es|ed|ing)\b",
    re.I,
)
_UNSEEN = re.compile(
    r"\b(?P<cue>(?:(?:has|have|had|was|were|been)\s+){0,6}(?:cit|quot)(?:es|ed|ing))\b[^,;:\"“”]{0,120}?\s"
    r"as\s+(?:having\s+)?(?:sa(?:ying|id)|telling|told|writing|warning|adding)\b"
)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|being|be)\b(?:\W+\w+){0,2}?\W+(?:cited|quoted)\b", re.I)
_TOLD_BY = re.compile(r"\b(?:was|were|been)\s+(?:told|informed)\b", re.I)
_BY_WHOM = re.compile(r"\s+(?:so\s+)?by\s+(?P<cited>[^,;:\"“”]{2,100}?)(?=[,;:.]|\s+that\b|$)")
_AS_SAYING = re.compile(
    r"\bas\s+(?P<verb>(?:having\s+)?(?:sa(?:ying|id)|t(?:elling|old)|writ(?:ing|ten)|warn(?:ing|ed)|add(?:ing|ed)"
    r"|claim(?:ing|ed)|stat(?:ing|ed)|admitt(?:ing|ed)))\b"
)
_BY_OR_IN = re.compile(r"\s+(?:by|in)\s+(?P<medium>[^,;:\"“]{2,100}?)(?=\s+as\s|\s+on\s+[A-Z]|[,;:.]?$|[,;])")
_CITED = re.compile(r"\s+(?P<cited>[^;:]{2,160}?)(?=\s+as\s+\w+ing\b|,|;|:|\.?$|\s+that\b)")
_REPORTING = re.compile(r"\b(?:according to|report(?:s|ed|ing)?|relayed|carried|published)\b", re.I)
_INTERVIEW = re.compile(
    r"\binterviews?\b(?:\s+\w+)?\s+(?:with|to|for|in)\s+(?P<medium>[^,.;:\"“]{3,80}?)"
    r"(?=[,.;:\"“]|\s(?:published|printed|aired|broadcast|on|last|this|that|earlier|before|after|in which)\b|$)"
)

_BY_RULE = 0.8
_LONGEST_CHAIN = 60
"""Attributions; a sentence with more is no sentence."""
_SUBJECT = 80
_PLAIN = re.compile(r"[^,;:()\"“”]{2,}")
_FAR = 400
_EDGES = " \t\"'“”‘’«»"


def link_chains(text: str, sentences: Sequence[Sentence], drafts: Sequence[Draft], known: KnownNames) -> list[Draft]:
    """Tell through whom each source reached the author, and give what was said to the source it came from.

    Within a sentence: "A reported C, citing B", "A, which cited B, reported C", "A cited B as saying C", "B was quoted
    by A as saying C", "B said C, according to A", "B said C in an interview with A": C is content of B, B is via A.
    What somebody cites that is no source ("citing the cost") stays the content of the citing.

    Args:
        text: the article's.
        sentences: its sentences.
        drafts: its attributions, their quotations given to them.
        known: what the article tells of the names in it.

    Returns:
        The attributions, with those added that the model saw as part of another.
    """
    ordered = sorted(drafts, key=lambda d: (d.sentence, d.start))
    found: list[Draft] = []
    for index, group in groupby(ordered, key=lambda d: d.sentence):
        sentence = sentences[index]
        chain = _Chain(text, Place(sentence.start, sentence.end), list(group), known)
        if len(chain.drafts) <= _LONGEST_CHAIN:
            chain.link()
        found += chain.drafts
    return found


def unseen_citations(sentence: Sentence, drafts: Sequence[Draft]) -> list[Draft]:
    """The cue of "A cited B as saying" and "B was quoted as saying" where the model found none there."""
    match = _UNSEEN.search(sentence.text) if " as " in sentence.text else None
    if match is None:
        return []
    whole = Place(sentence.start + match.start(), sentence.start + match.end())
    if any(
        d.cue and d.cue.overlaps(Place(sentence.start + match.start("cue"), sentence.start + match.end("cue")))
        for d in drafts
    ):
        return []
    cue = Place(whole.start, sentence.start + match.end("cue"))
    sources = [d.source for d in drafts if d.source and not d.tells and d.source.end <= cue.start]
    return [Draft(sentence.index, max(sources, default=None), cue, p=_BY_RULE)]


class _Chain:
    """The attributions of one sentence."""

    def __init__(self, text: str, sentence: Place, drafts: list[Draft], known: KnownNames) -> None:
        self.text, self.sentence, self.drafts, self.known = text, sentence, drafts, known

    def link(self) -> None:
        for draft in [d for d in self.drafts if d.cue]:
            if draft.cue is None:
                continue
            if _TOLD_BY.search(self._surface(draft.cue)):
                self._told_by(draft)
            citing = _CITING_CUE.search(self._surface(draft.cue))
            if citing is None:
                continue
            draft.cue = Place(draft.cue.start + citing.start(), draft.cue.start + citing.end())
            tail = self._tail(draft.cue.end)
            saying = _AS_SAYING.search(self.text, *tail)
            if _PASSIVE.search(self._surface(draft.cue)):
                self._quoted_by(draft, tail, saying)
            elif saying:
                self._cited_as_saying(draft, saying)
            else:
                self._citing(draft, tail)
        self._passed_on()
        self._interviewed()

    def _surface(self, place: Place | None) -> str:
        return self.text[place.start : place.end] if place else ""

    def _kind(self, place: Place | None) -> SourceKind:
        return kind_of_source(self._surface(place), self.known)

    def _tail(self, at: int) -> Place:
        """The rest of the sentence, 400 characters at most: no chain is longer."""
        return Place(at, max(at, min(self.sentence.end, at + _FAR)))

    def _place(self, match: re.Match[str], name: str) -> Place:
        """A group of a match without quotation marks and spaces around it."""
        start, end = match.span(name)
        surface = self.text[start:end]
        return Place(
            start + len(surface) - len(surface.lstrip(_EDGES)), end - len(surface) + len(surface.rstrip(_EDGES))
        )

    def _before(self, at: int) -> Place | None:
        """The nearest source before a cue, or the sentence's subject if that is all that stands before it."""
        sources = [d.source for d in self.drafts if d.source and d.source.end <= at]
        if sources:
            return max(sources)
        surface = self.text[self.sentence.start : min(at, self.sentence.start + _FAR)]
        subject = surface.rstrip(_EDGES)
        if self.sentence.start + len(surface) < at or len(subject) > _SUBJECT or not _PLAIN.fullmatch(subject):
            return None
        place = Place(self.sentence.start, self.sentence.start + len(subject))
        return place if is_source_like(subject, self.known) else None

    def _through(self, source: Place, draft: Draft) -> Draft:
        """The attribution of the source that another was cited by; a new one where there is none."""
        for other in self.drafts:
            if other is not draft and other.source and other.source.overlaps(source) and other.via is not draft:
                return other
        self.drafts.append(Draft(draft.sentence, source, None, p=draft.p))
        return self.drafts[-1]

    def _saying(self, draft: Draft, saying: re.Match[str]) -> Draft:
        """The attribution that "as saying" makes, with all that this one and it have as content."""
        verb = Place(*saying.span("verb"))
        whole = Place(*saying.span())
        said = next((d for d in self.drafts if d is not draft and d.cue and d.cue.overlaps(whole)), None)
        if said is None:
            said = Draft(draft.sentence, None, verb, p=draft.p)
            self.drafts.append(said)
        contents = []
        for content in sorted({*draft.contents, *said.contents}):
            if content.start >= saying.end() or (draft.cue and content.end <= draft.cue.start):
                contents.append(content)
            elif content.end > saying.end():
                contents.append(Place(saying.end(), content.end))
        if not contents:
            rest = self.text[saying.end() : self.sentence.end]
            start = saying.end() + len(rest) - len(rest.lstrip(_EDGES + ",:"))
            contents = [Place(start, self.sentence.end)] if start < self.sentence.end - 1 else []
        draft.contents, said.contents = [], contents
        return said

    def _cited_as_saying(self, draft: Draft, saying: re.Match[str]) -> None:
        """A cited B as saying C."""
        assert draft.cue is not None
        between = Place(draft.cue.end, saying.start())
        inside = [d.source for d in self.drafts if d.source and between.holds(d.source)]
        match = re.compile(r"\s*(?P<cited>.+)", re.S).match(self.text, *between)
        cited = inside[0] if inside else self._place(match, "cited") if match else None
        if cited is None or cited.end <= cited.start:
            return
        outer = draft.source if draft.source and draft.source.end <= draft.cue.start else self._before(draft.cue.start)
        said = self._saying(draft, saying)
        said.source, draft.source = cited, outer
        if outer:
            said.via = draft
        else:
            self.drafts.remove(draft)

    def _quoted_by(self, draft: Draft, tail: Place, saying: re.Match[str] | None) -> None:
        """B was quoted by A as saying C."""
        assert draft.cue is not None
        limit = saying.start() if saying else tail.end
        medium = _BY_OR_IN.match(self.text, draft.cue.end, limit + 3 if saying else limit)
        after = [
            d.source for d in self.drafts if d.source and draft.cue.end <= d.source.start and d.source.end <= limit
        ]
        through = after[0] if after else self._place(medium, "medium") if medium else None
        speaker = (
            draft.source if draft.source and draft.source.end <= draft.cue.start else self._before(draft.cue.start)
        )
        if saying is None:
            if speaker and through and through.end > through.start:
                self.drafts.append(outer := Draft(draft.sentence, through, draft.cue, p=draft.p))
                draft.source, draft.cue, draft.via = speaker, None, outer
            return
        said = self._saying(draft, saying)
        said.source = speaker
        if through and through.end > through.start:
            draft.source, said.via = through, draft
        else:
            self.drafts.remove(draft)

    def _citing(self, draft: Draft, tail: Place) -> None:
        """A reported C, citing B; A, which cited B, reported C."""
        assert draft.cue is not None
        match = _CITED.match(self.text, *tail)
        cited = draft.source if draft.source and draft.source.start >= draft.cue.end else None
        if cited is None and match and is_source_like(self._surface(self._place(match, "cited")), self.known):
            cited = self._place(match, "cited")
        if cited is None or cited.end <= cited.start:
            return
        outer = draft.source if draft.source and draft.source != cited else self._before(draft.cue.start)
        holders = [d for d in self.drafts if d is not draft and d.source and d.source != cited and d.contents]
        holders = [d for d in holders if not any(c.overlaps(cited) for c in d.contents)] or holders
        holder = next((d for d in holders if d.source == outer), None) if outer else None
        if holder is None and holders:
            holder = min(holders, key=lambda d: d.cue.gap(draft.cue) if d.cue and draft.cue else 0)
        if holder is not None and not self._passes_on(holder, cited):
            return
        own = [c for c in draft.contents if not c.overlaps(cited)]
        draft.source = cited
        if holder is not None:
            draft.contents, holder.contents = sorted({*own, *holder.contents}), []
            draft.contents = [part for c in draft.contents for part in self._clipped(c, draft)]
            draft.via = holder
        elif outer is not None:
            draft.contents = own
            draft.via = self._through(outer, draft)
        else:
            draft.contents = own

    def _told_by(self, draft: Draft) -> None:
        """C, according to A, which was told so by B."""
        assert draft.cue is not None
        if draft.source is None or draft.source.end <= draft.cue.start:
            match = _BY_WHOM.match(self.text, *self._tail(draft.cue.end))
            if match is None:
                return
            draft.source = self._place(match, "cited")
            draft.contents = [c for c in draft.contents if not c.overlaps(draft.source)]
        self._citing(draft, self._tail(draft.cue.end))

    def _passes_on(self, holder: Draft, cited: Place) -> bool:
        """Whether who cites hands on the words of who is cited; a person who cites a study speaks for himself."""
        kind = self._kind(holder.source)
        if kind is SourceKind.MEDIA or "report" in self._surface(holder.cue).lower():
            return True
        others = (SourceKind.ANONYMOUS, SourceKind.MEDIA, SourceKind.NAMED)
        return kind is SourceKind.INSTITUTION and self._kind(cited) in others

    def _clipped(self, content: Place, draft: Draft) -> Iterator[Place]:
        """A content without the citing itself, where the model let it run on over it."""
        if draft.cue and content.overlaps(draft.cue):
            kept = self.text[content.start : draft.cue.start].rstrip(" ,;—–-")
            content = Place(content.start, content.start + len(kept))
        if content.end > content.start:
            yield content

    def _passed_on(self) -> None:
        """B said C, according to A: A's cue has no words but B's."""
        for outer in self.drafts:
            if outer.source is None or outer.contents or any(d.via is outer for d in self.drafts):
                continue
            cue = self._surface(outer.cue)
            if not _REPORTING.search(cue) or (
                self._kind(outer.source) is not SourceKind.MEDIA and not cue.lower().startswith("according")
            ):
                continue
            inner = [
                d for d in self.drafts if d is not outer and d.contents and d.via is None and d.source != outer.source
            ]
            inner = [d for d in inner if not any(outer.anchor and c.holds(outer.anchor) for c in d.contents)]
            if inner and outer.cue:
                nearest = min(inner, key=lambda d: d.cue.gap(outer.cue) if d.cue and outer.cue else 0)
                if outer.via is not nearest:
                    nearest.via = outer

    def _interviewed(self) -> None:
        """B said C in an interview with A."""
        for draft in [d for d in self.drafts if d.source and d.cue and d.via is None]:
            assert draft.source
            assert draft.cue
            if self._kind(draft.source) not in (SourceKind.NAMED, SourceKind.PRONOUN):
                continue
            first = draft.start
            start = max(self.sentence.start, first - _FAR)
            end = self._tail(draft.cue.end).end
            for match in _INTERVIEW.finditer(self.text, start, end):
                medium = self._place(match, "medium")
                inside = (
                    any(c.holds(Place(*match.span())) for c in draft.contents) and not draft.cue.end <= match.start()
                )
                if self._kind(medium) is SourceKind.MEDIA and not inside:
                    draft.via = self._through(medium, draft)
                    break
