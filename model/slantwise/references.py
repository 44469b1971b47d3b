"""Who "he", "they" and "the source" are: earlier speakers, where that is sure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence

from slantwise.article import Sentence
from slantwise.drafts import Draft, Place
from slantwise.labels import MentionKind, SourceKind, SpanLabel
from slantwise.quotes import Quote
from slantwise.reading import Reading
from slantwise.sources import KnownNames, head_of, kind_of_source, outlets_in

__all__ = ["resolve_references"]

_MALE = re.compile(r"\b(?:mr|sir|lord|king|prince|pope|father|\w+(?<!wo)man)\b", re.I)
_FEMALE = re.compile(r"\b(?:mrs|ms|miss|dame|lady|queen|princess|mother|sister|\w+woman)\b", re.I)
_DEFINITE = re.compile(r"(?:the|that|this)\s", re.I)
_SUBJECT = re.compile(r"(?:[\w'’-]+ ){0,4}?(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+)")
"""A name of two words or more near the beginning of a sentence."""
_GOES_ON = re.compile(r"\b(?:add(?:s|ed|ing)?|w(?:ent|ent on)|goes on|continu(?:es|ed))\b", re.I)
_REACH = 2
"""A pronoun's speaker spoke this many sentences before at most."""
_REMEMBERED = 60
"""A bare noun's speaker, "the diplomat", is looked for among this many attributions before."""


def resolve_references(
    text: str,
    sentences: Sequence[Sentence],
    readings: Sequence[Reading],
    drafts: Sequence[Draft],
    quotes: Sequence[Quote],
    known: KnownNames,
) -> None:
    """Set the `speaker` of attributions whose source is a pronoun or a bare noun, and the `via` that follows from it.

    "He" and "she" are the last speaker if that is a named person, nobody else was named since, and the titles agree;
    "they" and "it" if that is a body or several people; "I" inside a quotation is whoever is quoted. "The diplomat" is
    the last unnamed source called a diplomat, "the minister" the only speaker so far with that title.
    """
    finder = _References(text, sentences, readings, quotes, known)
    for draft in sorted((d for d in drafts if d.source and d.tells), key=lambda d: (d.sentence, d.start)):
        finder.resolve(draft)


class _References:
    def __init__(
        self,
        text: str,
        sentences: Sequence[Sentence],
        readings: Sequence[Reading],
        quotes: Sequence[Quote],
        known: KnownNames,
    ) -> None:
        self.text, self.sentences, self.readings, self.known = text, sentences, readings, known
        self.starts = [s.start for s in sentences]
        self.quotes, self.quote_starts = quotes, [q.start for q in quotes]
        self.spoken: deque[Draft] = deque(maxlen=_REMEMBERED)
        self.women: dict[Draft, bool] = {}
        self.kinds: dict[str, SourceKind] = {}

    def resolve(self, draft: Draft) -> None:
        assert draft.source is not None
        surface = self._surface(draft.source)
        kind = self._kind(surface)
        inside = self._quote_at(draft.source)
        if kind is SourceKind.PRONOUN:
            if inside is not None:
                if surface == "I" and draft.via is not None and draft.via.source:
                    draft.speaker = draft.via.origin()
            else:
                last = self._last()
                draft.speaker = self._pronoun(draft, last, surface.lower()) if last else None
                if draft.speaker and draft.via is None and draft.cue and _GOES_ON.search(self._surface(draft.cue)):
                    draft.via = self._via_of(draft, last)
        elif _DEFINITE.match(surface) or kind is SourceKind.MEDIA:
            draft.speaker = self._noun(draft, surface, kind)
            if draft.speaker and draft.via is None and kind in (SourceKind.ANONYMOUS, SourceKind.MEDIA):
                draft.via = self._via_of(draft, draft.speaker)
        if inside is None:
            self.spoken.append(draft)

    def _kind(self, surface: str) -> SourceKind:
        if surface not in self.kinds:
            self.kinds[surface] = kind_of_source(surface, self.known)
        return self.kinds[surface]

    def _via_of(self, draft: Draft, before: Draft | None) -> Draft | None:
        """The attribution that passed on what this one's speaker said before."""
        via = before.via if before else None
        step: Draft | None = via
        while step is not None:
            if step is draft:
                return None
            step = step.via
        return via

    def _surface(self, place: Place | None) -> str:
        return self.text[place.start : place.end] if place else ""

    def _quote_at(self, place: Place) -> Quote | None:
        at = bisect_right(self.quote_starts, place.start) - 1
        return self.quotes[at] if at >= 0 and place.end <= self.quotes[at].end else None

    def _last_sentence(self, draft: Draft) -> int:
        """The sentence in which an attribution's words end."""
        end = max([draft.start + 1, *(c.end for c in draft.contents)])
        return max(draft.sentence, bisect_left(self.starts, end) - 1)

    def _last(self) -> Draft | None:
        """The last speaker; in a chain, the one who passes it on is not who goes on speaking."""
        passed_on = {id(d.via) for d in self.spoken if d.via}
        return next((d for d in reversed(self.spoken) if id(d) not in passed_on), None)

    def _pronoun(self, draft: Draft, last: Draft, pronoun: str) -> Draft | None:
        if pronoun not in ("he", "she", "they", "it") or last.source is None:
            return None
        if draft.sentence - self._last_sentence(last) > _REACH:
            return None
        speaker = last.origin()
        surface = self._surface(speaker.source)
        kind = self._kind(surface)
        if pronoun in ("he", "she"):
            woman = pronoun == "she"
            clash = (_MALE if woman else _FEMALE).search(surface) or self.women.get(speaker, woman) is not woman
            person = kind is SourceKind.NAMED or (kind is SourceKind.ANONYMOUS and not head_of(surface).endswith("s"))
            if clash or not person or self._others_named(last, draft, surface):
                return None
            self.women[speaker] = woman
            return speaker
        plural = head_of(surface).lower().endswith(("s", "police", "people"))
        if pronoun == "they":
            fits = kind in (SourceKind.INSTITUTION, SourceKind.MEDIA) or (kind is SourceKind.ANONYMOUS and plural)
        else:
            fits = kind in (SourceKind.INSTITUTION, SourceKind.MEDIA) and not plural
        return speaker if fits else None

    def _others_named(self, last: Draft, draft: Draft, surface: str) -> bool:
        """Whether the author names another person between the last speaker's sentence and the pronoun."""
        assert draft.source is not None
        for index in range(last.sentence + 1, draft.sentence + 1):
            sentence = self.sentences[index]
            subject = _SUBJECT.match(sentence.text)
            if index < draft.sentence and subject and subject["name"].split()[-1] not in surface:
                return True
            for span in self.readings[index].spans_of(SpanLabel.MENTION):
                place = Place(sentence.start + span.start, sentence.start + span.end)
                if span.value is not MentionKind.PERSON or place.start >= draft.source.start:
                    continue
                if any(c.holds(place) for d in (last, draft) for c in d.contents_near(place)) or self._quote_at(place):
                    continue
                if self._surface(place).split()[-1].removesuffix("'s").removesuffix("’s") not in surface:
                    return True
        return False

    def _noun(self, draft: Draft, surface: str, kind: SourceKind) -> Draft | None:
        head = head_of(surface).lower()
        if kind is SourceKind.NAMED and len(surface.split()) <= 4:
            titled = {
                d.origin(): None
                for d in self.spoken
                if d.source and d.source != draft.source and self._is_titled(self._surface(d.origin().source), head)
            }
            return next(iter(titled)) if len(titled) == 1 else None
        if kind not in (SourceKind.ANONYMOUS, SourceKind.MEDIA):
            return None
        for earlier in reversed(self.spoken):
            origin = earlier.origin()
            before = self._surface(origin.source)
            if origin.source == draft.source or self._kind(before) is not kind:
                continue
            if kind is SourceKind.MEDIA:
                shared = bool(outlets_in(surface, self.known) & outlets_in(before, self.known))
                words = re.findall(r"\w+", before.lower())
                if shared or (_DEFINITE.match(surface) and head.islower() and head in words):
                    return origin
            elif head_of(before).lower() == head and len(before) >= len(surface):
                return origin
        return None

    def _is_titled(self, surface: str, head: str) -> bool:
        """Whether a named person's words hold a title: "Transport Minister Adela Voss" holds "minister"."""
        return self._kind(surface) is SourceKind.NAMED and head in surface.lower().split() and len(surface.split()) > 2
