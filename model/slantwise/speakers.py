"""Whose quotations they are: every quotation goes to the attribution that the page gives it to."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from slantwise.article import Sentence
from slantwise.drafts import Draft, Place, placed
from slantwise.labels import MentionKind, SentenceKind, SpanLabel
from slantwise.quotes import Quote
from slantwise.reading import Reading
from slantwise.reporting import find_reporting

__all__ = ["give_quotes"]

_REACH = 2
"""A quotation that fills its sentence finds its speaker this many sentences away, within its paragraph."""
_BESIDE = 24
"""Characters between a cue and the scare quotes or the part of a sentence that it brings in."""
_CROWDED, _NEAREST = 60, 8
_NOBODY_NAMED = 0.5
"""The confidence in a quotation that nobody is named for."""
_BY_RULE = 0.8
"""The confidence in a speaker whom the rules found, not the model."""
_WORD = re.compile(r"\w")
_ACTORS = frozenset({MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.GROUP, MentionKind.ACTOR})


class _Found(NamedTuple):
    quote: Quote
    within: range
    """The indexes of the sentences that it touches."""


def give_quotes(
    text: str,
    sentences: Sequence[Sentence],
    readings: Sequence[Reading],
    quotes: Sequence[Quote],
    drafts: Sequence[Draft],
) -> list[Draft]:
    """Make each quotation content of its attribution; one that nobody is named for gets an attribution of its own.

    In this order: the attribution in its own sentences, outside any quotation; the quotation that it goes on from; the
    one before it in the paragraph, then the one after; where it makes up its paragraph, the last speaker of the
    paragraph before. Scare quotes and titles, and a headline's quoted words that nobody says, are quotations only where
    a cue brings them in or a content touches them.

    Args:
        text: the article's.
        sentences: its sentences.
        readings: the model's readings of them, for the names in a line that leads in a quotation.
        quotes: the quotations, from `find_quotes`.
        drafts: the attributions found so far.

    Returns:
        The attributions, with the new ones.
    """
    return _Speakers(text, sentences, readings, quotes, drafts).give()


class _Speakers:
    def __init__(
        self,
        text: str,
        sentences: Sequence[Sentence],
        readings: Sequence[Reading],
        quotes: Sequence[Quote],
        drafts: Sequence[Draft],
    ) -> None:
        self.text, self.sentences, self.readings = text, sentences, readings
        self.starts = [s.start for s in sentences]
        self.quote_starts = [q.start for q in quotes]
        self.quotes = quotes
        self.by_sentence: defaultdict[int, list[Draft]] = defaultdict(list)
        for draft in drafts:
            self.by_sentence[draft.sentence].append(draft)
        self.owner_in: dict[int, Draft] = {}
        """The last attribution that each paragraph's quotations went to."""

    def give(self) -> list[Draft]:
        waiting: list[_Found] = []
        last: Draft | None = None
        for quote in self.quotes:
            found = _Found(quote, self._within(quote))
            if not self.sentences or self._kind(found) in (SentenceKind.BYLINE, SentenceKind.DATELINE):
                continue
            if quote.scare and not quote.continued:
                self._take_scare(found)
                continue
            owner = self._here(found)
            if quote.continued and owner is None:
                owner = last
            if not quote.continued:
                self._settle(waiting, None)
                waiting = []
                owner = owner or self._around(found)
            if owner is None:
                waiting.append(found)
            else:
                self._settle(waiting, owner)
                waiting = []
                self._extend(owner, found)
            last = owner
        self._settle(waiting, None)
        return [draft for row in self.by_sentence.values() for draft in row]

    def _settle(self, waiting: Sequence[_Found], owner: Draft | None) -> None:
        """Give the parts of a quotation over several paragraphs whose speaker is only named at its end, or nowhere."""
        for found in waiting:
            if owner is None and self._kind(found) is SentenceKind.HEADLINE and not self._alone(found):
                continue  # scare quotes of the headline's own
            if owner is None:
                owner = Draft(found.within[0], None, None, p=_NOBODY_NAMED)
                self.by_sentence[owner.sentence].append(owner)
            self._extend(owner, found)

    def _within(self, quote: Quote) -> range:
        first = max(0, bisect_right(self.starts, quote.start) - 1)
        return range(first, max(first + 1, bisect_left(self.starts, quote.end)))

    def _kind(self, found: _Found) -> SentenceKind:
        return self.sentences[found.within[0]].kind

    def _quoted(self, draft: Draft) -> bool:
        """Whether the words that tell who speaks are themselves inside a quotation."""
        place = draft.cue or draft.source
        if place is None:
            return False
        at = bisect_right(self.quote_starts, place.start) - 1
        return at >= 0 and place.end <= self.quotes[at].end

    def _tells(self, draft: Draft) -> bool:
        """Whether words outside any quotation tell that somebody speaks, and who or how."""
        return draft.tells and bool(draft.cue or draft.source) and not self._quoted(draft)

    def _tellers(self, indexes: range | Sequence[int]) -> list[Draft]:
        return [d for i in indexes for d in self.by_sentence.get(i, ()) if self._tells(d)]

    def _near(self, found: _Found) -> list[Draft]:
        """The attributions of a quotation's sentences; in an endless sentence, those nearest to it."""
        rows = [self.by_sentence[i] for i in found.within if i in self.by_sentence]
        if sum(map(len, rows)) <= _CROWDED:
            return self._tellers(found.within)
        near = []
        for row in rows:
            at = bisect_left(row, found.quote.start, key=lambda d: d.start)
            near += row[max(0, at - _NEAREST) : at + _NEAREST]
        return [d for d in near if self._tells(d)]

    def _here(self, found: _Found) -> Draft | None:
        """The attribution in the quotation's own sentences."""
        place = Place(found.quote.start, found.quote.end)
        here = self._near(found)
        if not here:
            draft = find_reporting(self.text, self._around_text(found), place)
            if draft is not None:
                draft.sentence, draft.p = found.within[0], _BY_RULE
                self.by_sentence[draft.sentence].append(draft)
            return draft
        holding = [d for d in here if any(c.holds(place) for c in d.contents_near(place))]
        touching = holding or [d for d in here if any(place.overlaps(c) for c in d.contents_near(place))]
        return min(touching or here, key=lambda d: self._distance(d, place))

    def _distance(self, draft: Draft, place: Place) -> tuple[int, bool, bool]:
        """Nearness counts from the words that tell who speaks; other quotations between count extra."""
        anchor = draft.anchor
        assert anchor is not None
        a, b = (anchor.end, place.start) if anchor.end <= place.start else (place.end, anchor.start)
        between = max(0, bisect_left(self.quote_starts, b) - bisect_left(self.quote_starts, a)) if a < b else 0
        return place.gap(anchor) + 200 * between, draft.source is None, anchor.start < place.start

    def _around_text(self, found: _Found) -> Place:
        """The quotation's sentences, cut where other quotations begin and end."""
        first, last = self.sentences[found.within[0]], self.sentences[found.within[-1]]
        at = bisect_left(self.quote_starts, found.quote.start)
        start, end = first.start, last.end
        if at and self.quotes[at - 1].end > start:
            start = min(self.quotes[at - 1].end, found.quote.start)
        if at + 1 < len(self.quotes) and self.quotes[at + 1].start < end:
            end = max(self.quotes[at + 1].start, found.quote.end)
        return Place(start, end)

    def _around(self, found: _Found) -> Draft | None:
        """The speaker of a quotation whose own sentences name none."""
        first, last = found.within[0], found.within[-1]
        paragraph = self.sentences[first].paragraph
        before = [i for i in range(first - 1, max(-1, first - 1 - _REACH), -1) if self._paragraph(i) == paragraph]
        for index in before:
            if tellers := self._tellers([index]):
                return self._last(tellers)
        if before and paragraph in self.owner_in and self._is_quoted(first - 1):
            return self.owner_in[paragraph]
        if not self._alone(found):
            return None
        after = [i for i in range(last + 1, last + 1 + _REACH) if self._paragraph(i) == paragraph]
        for index in after:
            if tellers := self._tellers([index]):
                return tellers[0]
        return None if before or after else self._from_paragraph_before(found)

    @staticmethod
    def _last(tellers: Sequence[Draft]) -> Draft:
        """The speaker a paragraph was left with: the last one with a source and with something said."""
        return max(tellers, key=lambda d: (d.source is not None, bool(d.contents), d.start))

    def _paragraph(self, index: int) -> int:
        return self.sentences[index].paragraph if 0 <= index < len(self.sentences) else -1

    def _is_quoted(self, index: int) -> bool:
        """Whether a quotation ends with the sentence."""
        sentence = self.sentences[index]
        at = bisect_left(self.quote_starts, sentence.end) - 1
        return at >= 0 and sentence.end - 1 <= self.quotes[at].end

    def _alone(self, found: _Found) -> bool:
        """Whether the quotation fills its sentences."""
        first, last = self.sentences[found.within[0]], self.sentences[found.within[-1]]
        start, end = found.quote.start, found.quote.end
        at = bisect_left(self.quote_starts, start)
        # every quotation has a word: only outside the first and the last of a sentence is there anything to look for
        before, after = self.quotes[max(at - 1, 0) : at], self.quotes[at + 1 : at + 2]
        if any(first.start <= q.start for q in before) or any(q.end <= last.end for q in after):
            return False
        return not (_WORD.search(self.text, first.start, start) or _WORD.search(self.text, end, last.end))

    def _from_paragraph_before(self, found: _Found) -> Draft | None:
        """A paragraph that is nothing but a quotation belongs to whom the paragraph before left speaking."""
        first = found.within[0] - 1
        if (
            self._kind(found) is not SentenceKind.BODY
            or first < 0
            or self.sentences[first].kind is not SentenceKind.BODY
        ):
            return None
        paragraph = self._paragraph(first)
        if self._asks(found, paragraph):
            return None  # the answer, perhaps
        if tellers := self._tellers([first]):
            return self._last(tellers)
        if (lead := self._lead_in(first)) is not None:
            return lead
        if paragraph in self.owner_in:
            return self.owner_in[paragraph]
        earlier = [i for i in range(first - 1, max(-1, first - 1 - _REACH), -1) if self._paragraph(i) == paragraph]
        for index in earlier:
            if tellers := self._tellers([index]):
                return self._last(tellers)
        return None

    def _asks(self, found: _Found, paragraph: int) -> bool:
        """Whether the last quotation before this one, in the paragraph before, is a question."""
        at = bisect_left(self.quote_starts, found.quote.start) - 1
        if at < 0 or self.sentences[self._within(self.quotes[at])[-1]].paragraph != paragraph:
            return False
        return self.text[self.quotes[at].start : self.quotes[at].end].rstrip("\"'“”‘’»").endswith("?")

    def _lead_in(self, index: int) -> Draft | None:
        """A sentence before a quotation that ends in a colon and begins with a name."""
        sentence = self.sentences[index]
        if not sentence.text.endswith(":"):
            return None
        named = [s for s in self.readings[index].spans_of(SpanLabel.MENTION) if s.value in _ACTORS]
        people = [s for s in named if s.value is MentionKind.PERSON] or named
        if not people:
            return None
        source = placed(people[0], sentence)
        draft = Draft(index, source, Place(sentence.end - 1, sentence.end), p=_BY_RULE)
        self.by_sentence[index].append(draft)
        return draft

    def _take_scare(self, found: _Found) -> None:
        """One or two quoted words join the content that touches them, or a cue right before them that has none."""
        place = Place(found.quote.start, found.quote.end)
        here = self._near(found)
        touching = [d for d in here if any(place.overlaps(c) for c in d.contents_near(place))]
        if touching:
            self._extend(min(touching, key=lambda d: self._distance(d, place)), found)
            return
        bare = [d for d in here if d.cue and not d.contents and 0 <= place.start - d.cue.end <= _BESIDE]
        if bare:
            self._extend(bare[-1], found)

    def _extend(self, owner: Draft, found: _Found) -> None:
        """Make a quotation part of an attribution's content."""
        quote = Place(found.quote.start, found.quote.end)
        contents = owner.contents
        first = last = bisect_left(contents, quote)
        while first and contents[first - 1].end >= quote.start:
            first -= 1
        while last < len(contents) and contents[last].start <= quote.end:
            last += 1
        touching = contents[first:last]
        whole = Place(min([quote.start, *(c.start for c in touching)]), max([quote.end, *(c.end for c in touching)]))
        others = [place for place in (owner.cue, owner.source) if place and not quote.holds(place)]
        if any(whole.overlaps(place) for place in others):
            parts = [part for c in touching for part in _without(c, [quote, *others])]
            contents[first:last] = sorted([*parts, quote])
        else:
            contents[first:last] = [whole]
        self.owner_in[self._paragraph(found.within[-1])] = owner


def _without(place: Place, cut: Sequence[Place]) -> Iterator[Place]:
    """What is left of a place when others are cut out of it."""
    at = place.start
    for hole in sorted(cut):
        if hole.start > at:
            yield Place(at, min(hole.start, place.end))
        at = max(at, hole.end)
        if at >= place.end:
            return
    yield Place(at, place.end)
