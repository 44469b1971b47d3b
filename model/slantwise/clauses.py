"""What a sentence's shape tells of an attribution that the model marked in part: "..., X said"; "X said that ..."."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from slantwise.article import Sentence
from slantwise.cue_words import is_cue_like
from slantwise.drafts import Draft, Place, placed
from slantwise.labels import SpanLabel
from slantwise.reading import Reading

__all__ = ["complete_drafts"]

_SAYING = re.compile(
    r"(?:.*\s)?(?:sa(?:id|ys?)|t(?:old|ells?)|report(?:ed|s)|announc(?:ed|es)|add(?:ed|s)|w(?:rote|rites)|warn(?:ed|s)"
    r"|insist(?:ed|s)|argu(?:ed|es)|claim(?:ed|s)|stat(?:ed|es)|explain(?:ed|s)|not(?:ed|es)|admit(?:ted|s)"
    r"|confirm(?:ed|s)"
    r"|believes?|suggest(?:ed|s)|declar(?:ed|es)|maintain(?:ed|s)|went on|goes on|continu(?:ed|es)|conced(?:ed|es)"
    r"|acknowledg(?:ed|es)|repl(?:ied|ies)|ask(?:ed|s)|recall(?:ed|s)|testif(?:ied|ies)|den(?:ied|ies)"
    r"|point(?:ed|s) out"
    r"|conclud(?:ed|es)|predict(?:ed|s)|contend(?:ed|s)|assert(?:ed|s)|thinks?|indicat(?:ed|es)|alleg(?:ed|es)|found"
    r"|heard)$",
    re.I | re.S,
)
_ACCORDING = re.compile(r"according to\b", re.I)
_WHO_CLAUSE = re.compile(
    r"(?:(?<=\w),\s(?:who|which|whose)\b(?!.*\b(?:named|identified|quoted|anonym|condition|authori[sz]ed|name)\b).*"
    r"|,?\s(?:who|which|that|whose))$",
    re.S,
)
"""A clause that does not belong to a source's words: between commas, unless it gives the terms of speaking."""
_VERBS = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|not|to|said|says|by|and)\s"
)
_TERMS = re.compile(
    r"(?:not )?(?:to )?be (?:named|identified|quoted)\b|not to be (?:named|identified|quoted)\b|anonymity\b"
    r"|(?:to )?(?:give|use|have) (?:his|her|their)\b[\w ]*\bnames?\b",
    re.I,
)
_SEEMING = re.compile(r"(?:.*\s)?(?:appear|seem)(?:s|ed)$", re.I | re.S)
_INFINITIVE = re.compile(r"to\s(?P<cue>(?:have\s(?:been\s)?|be\s)?(?:\w+ly\s)?[\w-]+)(?:\s|$)")
_ADVERB_AHEAD = re.compile(r"(?:also|later|now|still|then|again|once|(?!daily|weekly|monthly|family)\w+ly)\s+", re.I)
_ADDRESSED = re.compile(
    r"(?:.*\s)?(?:accus|rebuk|criticis|criticiz|blam|scold|thank|prais|condemn|fault|mock|suspect)\w*(?:\sof|\sfor)?$",
    re.I | re.S,
)
_CHARGE = re.compile(r"(?:[^\"“”,;:]{1,80}?\s)?(?:of|for)\s(?=[\"“‘']|\w+ing\b)")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s(?:\w+ly\s|not\s)?\w+(?:ed|en|id|ld|nt)\b", re.I)
_PHRASE = re.compile(r"(?:But |And |Still, |Now )?(?P<noun>(?:[A-Z]|[Tt]he |[Aa]n? )[^,;:()\"“”–—]{1,50}?)\s*$")
_FINITE = re.compile(
    r"(?:(?:has|have|had|will|would|did|does|not|also|later|now|\w+n['’]t|\w+ly)\s)*(?:(?:is|are|was|were)\s\w+ing|said|told|wrote"
    r"|\w+(?:ed|[^s\W]s))(?:\s\w+)?$",
    re.I,
)
_NO_SUBJECT = re.compile(
    r"(?:in|on|at|by|for|from|of|with|to|if|when|while|who|which|that|what|how|why|there|it|i|we|you|and|but|or|as|not"
    r"|also|then|so|after|before|has|have|had|is|are|was|were|will|would|can|could|may|might|did|does|do|his|her|their"
    r"|its|my|our|this|these|such|than)\b(?!\s\w+['’]s\b)|.*\b(?:who|which|that|when|if|i|we|you|to)\b",
    re.I | re.S,
)
_CITES = re.compile(r"\b(?:cit|quot)(?:e|es|ed|ing)\b", re.I)
"""Chains have rules of their own."""
_ALLUDES = re.compile(r"(?:referring|alluding|pointing)(?= to\b)", re.I)
_BROKEN_OFF = re.compile(r"\b(?:an?|the|any|no|its|his|her|their|our|my|of|at|in|to|for|by|with|from|on|and|or)$", re.I)
_TO_STOP = re.compile(r"\s[^,;:.!?\"“”()–—]{1,80}(?=[,;:.!?]|$)")
_NO_ANSWER = re.compile(r"\b(?:not|n['’]t)\s(?:\w+ly\s)?(?:respon|repl|return|answer)\w*(?:\sto)?$", re.I)
_SUBJECT = re.compile(
    r"(?P<noun>[^,;:()\"“”–—]{2,80}), (?:who|which|whose|an?|the|\d+)\b[^;:]{2,200},[\"”’']?"
    r"(?:\s(?:today|yesterday|also|later))?\s*$"
)
_AGENTLESS = re.compile(
    r"\b(?:sa(?:y|id|ys)|t(?:old|ell)|report|announc|claim|alleg|quot|cit|argu|insist|warn|hear|add|stat|suggest|call"
    r"|describ|ask|declar|denounc|explain|wr(?:ote|it)|accus|admit|den(?:y|i)|agree|confirm|rumou?r|repl|not(?:ed|ing)"
    r"|predict|demand|urg|promis|vow|pledg|critici|prais|condemn|reject|complain|shout|whisper|blast|recall|acknowledg"
    r"|conced|contend)",
    re.I,
)
"""Words of speech: a cue without a source that is none ("is expected") tells no attribution."""
_CLOSED = re.compile(r",[\"”'’]*$|[?!][\"”'’]+$")
_RELATIVE = re.compile(r"(?:who|which|that|whom|whose)$", re.I)
_CLAUSE = re.compile(
    r"(?P<noun>[^,;:()\"“”–—]{2,80}), (?:who|which|whose|speaking|an?|the|\d+|both|himself|herself)\b"
    r"[^;:\"“”]{2,200},\s*$"
)
_ANTECEDENT = re.compile(r"(?:^|[,;:(–—]\s)(?P<noun>[^,;:()\"“”–—]{2,80}?),?\s*$")
_ADVERB = (
    r"(?:\s+(?:on|in|at|during|after|before|late|early|earlier|last|this|yesterday|today|by|from|through|via|to|of"
    r"|recently|again|here|there|\w+day)\b[^,;:]{0,90})?"
)
_AFTER_VERB = re.compile(
    rf"{_ADVERB}(?:[.!?]?[\"”’]?$|,\s(?:citing|quoting|adding|according|noting|referring|saying)\b)"
)
_AFTER_NOUN = re.compile(r"(?:[,\s][^;:]{0,200})?[.!?]?[\"”’]?$")
_THAT = re.compile(r"(?:\s+(?:on|in|at|to|during|late|last|\w+day)\b[^,;:.]{0,50})?\s+(?=(?:that|whether)\s)")
_TOLD_THAT = re.compile(r"\s[^,;:.]{1,50}?\s(?=(?:that|whether)\s)")
_BARE = re.compile(r"(?:.*\s)?(?:sa(?:id|ys?)|believes?|thinks?)$", re.I | re.S)
_CLAUSE_AHEAD = re.compile(
    r"\s+(?!(?:in|on|at|by|during|after|before|to|of|for|from|with|about|as|when|while|nothing|so|little|more|no|yes"
    r"|it[.,]|\w+day|that|late|earlier|last)\b)(?=[\w£$€])"
)
_ASIDE = re.compile(r",\s(?:referring|alluding|citing|quoting|speaking)\b")
_THEN_NOUN = re.compile(r"[,.!?][\"”’'](?P<noun>\s[^,\"“”]{2,60},)$")
_FRONTED = re.compile(r"[^,]*(?:,\s+(?:which|who|whose)\b[^,]*)*,\s+(?!which\b|who\b|whose\b)")
_LONGEST_NOUN = 8
_LIKELY = 0.5
_CROWDED, _ENDLESS = 60, 20_000
"""Attributions and characters; a sentence with more is no sentence, and its shape tells nothing."""
_MARKS = frozenset("\"“‘'«")
_EDGES = " \t,;:—–-"


def complete_drafts(
    sentence: Sentence, reading: Reading, drafts: Sequence[Draft], is_quoted: Callable[[Place], bool]
) -> list[Draft]:
    """Mend the attributions of a sentence where its commas and words leave no doubt.

    A relative pronoun gives way to its antecedent, and the end of a clause between commas to the noun that the clause
    is about. A cue without a source takes the name right beside it. A verb of saying at the end, or between commas,
    has the rest of the sentence as content; one in front has what follows. A cue that nobody is the source of goes
    when another's content holds it.

    Args:
        sentence: the sentence.
        reading: what the model found in it.
        drafts: its attributions.
        is_quoted: whether a place of the article is inside a quotation, whose own words follow other rules.
    """
    if len(drafts) > _CROWDED or len(sentence.text) > _ENDLESS:
        return list(drafts)
    clauses = _Clauses(sentence, drafts)
    for draft in drafts:
        if draft.source:
            draft.source = clauses.mended(draft)
        if draft.source is None and draft.cue:
            draft.source = clauses.beside(draft.cue, reading) or clauses.subject(draft)
        if draft.cue and not is_quoted(draft.cue):
            clauses.sharpen(draft)
    for draft in drafts:
        if draft.cue and draft.source and not is_quoted(draft.cue):
            clauses.lengthen(draft)
            clauses.complete(draft)
    return [draft for draft in drafts if clauses.is_sound(draft)]


class _Clauses:
    def __init__(self, sentence: Sentence, drafts: Sequence[Draft]) -> None:
        self.sentence, self.drafts = sentence, drafts
        self.stop = sentence.start + len(sentence.text.rstrip())

    def _text(self, start: int, end: int) -> str:
        return self.sentence.text[max(0, start - self.sentence.start) : max(0, end - self.sentence.start)]

    def mended(self, draft: Draft) -> Place | None:
        """The source as a noun phrase; None for a relative pronoun without a sure antecedent."""
        assert draft.source is not None
        start, end = draft.source
        surface = self._text(start, end)
        end = start + len(surface.rstrip(_EDGES))
        start += len(surface) - len(surface.lstrip(_EDGES))
        if end <= start:
            return None
        before = self._text(self.sentence.start, start)
        aside = _WHO_CLAUSE.search(self._text(start, end))
        if aside:
            end = start + len(self._text(start, start + aside.start()).rstrip(_EDGES))
        if _RELATIVE.fullmatch(self._text(start, end)):
            return self._noun(_ANTECEDENT.search(before), start)
        gap = self._text(end, draft.cue.start) if draft.cue and end <= draft.cue.start else ""
        if draft.cue and gap.strip() == ",":
            noun = self._noun(_CLAUSE.match(self._text(self.sentence.start, draft.cue.start)), start)
            if noun is not None and noun.end < start:
                return noun
        return Place(start, end) if end > start else None

    def _noun(self, match: re.Match[str] | None, limit: int) -> Place | None:
        """The noun phrase of a match, if it is short or begins the sentence, and holds no cue."""
        if match is None:
            return None
        start, surface = self.sentence.start + match.start("noun"), match["noun"]
        verb = max((m.end() for m in _VERBS.finditer(surface)), default=0)
        start, surface = start + verb, surface[verb:]
        start += len(surface) - len(surface.lstrip())
        noun = Place(start, start + len(surface.strip()))
        words = len(surface.split())
        cued = any(d.cue and d.cue.overlaps(noun) for d in self.drafts)
        return None if cued or not 0 < words <= _LONGEST_NOUN or noun.end > limit else noun

    def beside(self, cue: Place, reading: Reading) -> Place | None:
        """The mention that stands right before a cue."""
        for span in reading.spans_of(SpanLabel.MENTION):
            place = placed(span, self.sentence)
            said = any(c.overlaps(place) for d in self.drafts for c in d.contents)
            if place.end > place.start and 0 <= cue.start - place.end <= 1 and not said:
                return place
        return None

    def subject(self, draft: Draft) -> Place | None:
        """The noun before a cue that no source was found for: right before it, or before a clause between commas.

        "Kestria, which ..., denied"; "Ann Lee is warning voters". What was found as content there is its source.
        """
        assert draft.cue is not None
        cue = self._text(*draft.cue)
        seeming = _SEEMING.match(cue)
        if not (seeming or is_cue_like(cue)) or _PASSIVE.search(cue) or _CITES.search(cue):
            return None
        before = self._text(self.sentence.start, draft.cue.start)
        noun = self._noun(_SUBJECT.match(before), draft.cue.start)
        if noun is None and _FINITE.match(cue):
            follows = any(0 <= c.start - draft.cue.end <= 1 for c in draft.contents)
            phrase = _PHRASE.match(before) if follows else None
            noun = self._noun(phrase, draft.cue.start)
            if phrase and noun and noun.start != self.sentence.start + phrase.start("noun"):
                return None
        if noun is None or _NO_SUBJECT.match(self._text(*noun)):
            return None
        kept = [c for c in draft.contents if not c.overlaps(noun)]
        if len(kept) < len(draft.contents) and not kept:
            return None
        draft.contents = kept
        return noun

    def sharpen(self, draft: Draft) -> None:
        """Cut a cue and what is said to what the guidelines have of them.

        "appears to confirm": the cue is what is hedged; "accused X of lying": what he is accused of is said, not X;
        "did not respond to a request": nothing is.
        """
        assert draft.cue is not None
        cue = self._text(*draft.cue)
        ahead = _ADVERB_AHEAD.match(cue)
        if ahead and ahead.end() < len(cue):
            draft.cue = Place(draft.cue.start + ahead.end(), draft.cue.end)
        if alludes := _ALLUDES.match(cue):
            draft.cue = Place(draft.cue.start, draft.cue.start + alludes.end())
        if _NO_ANSWER.search(cue):
            draft.contents = [c for c in draft.contents if c.end <= draft.cue.start]
        for index, content in enumerate(draft.contents):
            if content.start < draft.cue.end:
                continue
            words = self._text(*content)
            hedged = _INFINITIVE.match(words) if _SEEMING.match(cue) else None
            if hedged:
                draft.cue = Place(content.start + hedged.start("cue"), content.start + hedged.end("cue"))
                draft.contents[index] = Place(content.start + hedged.end(), content.end)
                return
            charge = _CHARGE.match(words) if _ADDRESSED.match(cue) else None
            if charge:
                draft.contents[index] = Place(content.start + charge.end(), content.end)

    def lengthen(self, draft: Draft) -> None:
        """Let a content that breaks off after an article or a preposition run on to the next comma or stop."""
        if not draft.contents or not _BROKEN_OFF.search(self._text(*draft.contents[-1])):
            return
        start, end = draft.contents[-1]
        rest = _TO_STOP.match(self._text(end, self.stop))
        later = Place(end, end + rest.end()) if rest else None
        if later and not any(p and p.overlaps(later) for d in self.drafts for p in (d.cue, d.source, *d.contents)):
            draft.contents[-1] = Place(start, later.end)

    def complete(self, draft: Draft) -> None:
        """Give a verb of saying what it says by its place in the sentence."""
        assert draft.cue is not None
        assert draft.source is not None
        cue = self._text(*draft.cue)
        according = bool(_ACCORDING.match(cue))
        if not according and not _SAYING.match(cue):
            return
        anchor = Place(min(draft.cue.start, draft.source.start), max(draft.cue.end, draft.source.end))
        if anchor.end - anchor.start > 250:
            return
        before = self._text(self.sentence.start, anchor.start).rstrip()
        after = self._text(anchor.end, self.stop)
        if according and not before:
            fronted = _FRONTED.match(after)
            if fronted:
                self._take(draft, anchor.end + fronted.end(), self.stop)
            return
        follows = draft.source.start >= draft.cue.end
        if (_AFTER_NOUN if follows else _AFTER_VERB).match(after) and (according or _CLOSED.search(before)):
            if before and not self._is_anothers(anchor):
                left = max(before.rfind(":"), before.rfind(";")) + 1 if according else 0
                self._take(draft, self.sentence.start + left, self._left_end(before, anchor))
        elif before.endswith(",") and after.startswith(",") and not follows:
            self._take(draft, self.sentence.start, self._left_end(before, anchor))
            self._take(draft, anchor.end + 1, self._right_edge(anchor))
        elif not follows:
            told = cue.lower().endswith(("told", "tell", "tells"))
            ahead = (_TOLD_THAT if told else _THAT).match(after) or (_BARE.match(cue) and _CLAUSE_AHEAD.match(after))
            if ahead:
                self._take(draft, anchor.end + ahead.end(), self._right_edge(anchor))

    def _left_end(self, before: str, anchor: Place) -> int:
        """Where the words before an anchor end: with their quotation marks, if only a noun follows those."""
        quote = _THEN_NOUN.search(before)
        return self.sentence.start + quote.start("noun") if quote else anchor.start

    def _is_anothers(self, anchor: Place) -> bool:
        """Whether somebody else speaks in the words before: then what stands there is not all this one's."""
        return any(d.anchor and d.cue and d.anchor.end <= anchor.start and d.contents for d in self._others(anchor))

    def _right_edge(self, anchor: Place) -> int:
        """Where the words after an anchor end: before the next attribution, or before the author's own aside."""
        ends = [self.stop]
        aside = _ASIDE.search(self._text(anchor.end, self.stop))
        if aside:
            ends.append(anchor.end + aside.start())
        for other in self.drafts:
            told = [place for place in (other.cue, other.source) if place and place.start > anchor.end]
            if other.cue in told:
                start = min(told).start
                between = self._text(anchor.end, start).rstrip()
                if between.endswith((",", ";", " and", " but")):
                    ends.append(anchor.end + len(between.removesuffix(" and").removesuffix(" but")))
        return min(ends)

    def _others(self, anchor: Place) -> list[Draft]:
        return [d for d in self.drafts if d.anchor and not anchor.overlaps(d.anchor)]

    def _take(self, draft: Draft, start: int, end: int) -> None:
        """Make a stretch content, in place of the pieces of it that were found."""
        cue = draft.cue or Place(start, start)
        near = [
            c for c in draft.contents if c.overlaps(Place(start, end)) and (c.start >= cue.end) is (start >= cue.end)
        ]
        start, end = min([start, *(c.start for c in near)]), max([end, *(c.end for c in near)])
        surface = self._text(start, end)
        place = Place(start + len(surface) - len(surface.lstrip(_EDGES)), start + len(surface.rstrip(_EDGES)))
        if place.end <= place.start or (draft.cue and place.overlaps(draft.cue)):
            return
        draft.contents = sorted([*(c for c in draft.contents if not place.overlaps(c)), place])

    def is_sound(self, draft: Draft) -> bool:
        """Whether somebody is told to have said something: not by a hedge, nor in the terms of speaking.

        A cue whose words tell of no speech, thought or attitude must be more likely than not.
        """
        if draft.cue and draft.p < _LIKELY and not is_cue_like(self._text(*draft.cue)):
            return False
        terms = [c for c in draft.contents if draft.cue and _TERMS.match(self._text(*c))]
        if terms and len(terms) == len(draft.contents):
            return False
        draft.contents = [c for c in draft.contents if c not in terms]
        if draft.source:
            return True
        if draft.cue is None:
            return bool(draft.contents)
        quoted = any(self._text(*content)[:1] in _MARKS for content in draft.contents)
        held = any(c.holds(draft.cue) for d in self.drafts if d is not draft and d.source for c in d.contents)
        return not held and (quoted or bool(_AGENTLESS.search(self._text(*draft.cue))))
