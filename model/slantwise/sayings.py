"""Attributions that a sentence's shape tells by itself: "..., X said.", "..., said X", "..., according to X"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from slantwise.article import Sentence
from slantwise.cue_words import is_cue_like
from slantwise.drafts import Draft, Place
from slantwise.labels import SentenceKind

__all__ = ["Saying", "find_sayings", "tell_sayings"]

_CUE = re.compile(
    r"\b(?P<according>according to)\b|\b(?:(?:has|have|had|also|later|then|once|previously|still|now|\w+ly)\s)*"
    r"(?P<verb>sa(?:id|ys?)|(?P<told>told|tells?)|add(?:ed|s)|reported|wr(?:ote|ites)|announced|noted|explain(?:ed|s)"
    r"|warn(?:ed|s)|argu(?:ed|es)|insist(?:ed|s)|claimed|recall(?:ed|s)|continu(?:ed|es)|went on|goes on"
    r"|confirmed|acknowledg(?:ed|es)|conced(?:ed|es)|admit(?:ted|s)|point(?:ed|s) out|predict(?:ed|s)|suggest(?:ed|s)"
    r"|stated|declar(?:ed|es)|testified|repl(?:ied|ies)|asked|conclud(?:ed|es)|maintain(?:ed|s)|contend(?:ed|s)"
    r"|assert(?:ed|s)|complained|joked|quipped|tweeted|remarked|observ(?:ed|es)|believes?|heard|has learned)\b(?!-)",
    re.I,
)
_EDGE = re.compile(r"[,;:?!()\[\]\"“”„«»–—]|(?<!\w)['‘]|['’](?!\w)")
_NOBODY = frozenset(
    "and but or nor so which who whom whose that as if when while where because although though since until unless"
    " after before then not to also in on at by for from of with i we you there what how why than it's he's she's"
    " they've have has had is are was were be been will would shortly soon just even".split()
)
_WORDS = 10
_VERBAL = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|did|does|do|should|must|been|be|am|that|how|what|why"
    r"|whether|if|said|says|told|to)\b|n['’]t\b",
    re.I,
)
"""Words that no plain noun phrase and no plain adverbial holds."""
_ADVERB = re.compile(
    r"(?P<more>\s+(?:on|in|at|during|after|before|late|early|earlier|last|this|yesterday|today|from|through|via|to"
    r"|when|while|as|recently|again|here|there|\w+day|\w+ly)\b[^,;:\"“”]{0,120}?)?(?=,\s|[.!?]?\s*$)"
)
_ADDRESSEE = re.compile(r"(?P<more>\s+[^,;:\"“”]{1,80}?)(?=,\s|[.!?]?\s*$)")
_ASIDE = re.compile(
    r",\s(?:citing|quoting|adding|according|noting|referring|alluding|speaking|in|on|at|during|when|after|as|who|which)\b",
    re.I,
)
_END = re.compile(r"[.!?]?\s*$")
_LEAD = re.compile(r"(?P<lead>[^\"“”«»]{2,120}:\s)[\"“«]")
_TRANSITIVE = re.compile(
    r"announced|noted|confirm|acknowledg|conced|admit|suggest|declar|maintain|assert|believe|heard|learned|t[eo]l[dl]"
    r"|claimed|stated|predict|observ",
    re.I,
)
"""Verbs that may well have what follows as their object: "..., noted the rule"."""
_CLOSING = frozenset("\"”»'’")
_SPOKEN = frozenset(",?!\"”’'»")
_LONGEST = 1500
_BY_RULE = 0.8
_NEXT = 4
"""Characters between "according to X," and the next source at most: an article."""
_HEARD = re.compile(r"hear|told", re.I)
_PLAIN = re.compile(
    r"(?:But |And |Still, )?(?P<who>(?:[A-Z]|[Tt]he |[Aa]n? )[^,;:()\"“”–—]{1,60}?)\s"
    r"(?P<cue>(?:(?:has|have|had|also|later|now|\w+ly)\s)*(?:plan(?:s|ned)|want(?:s|ed)|hope[sd]|intend(?:s|ed)"
    r"|refuse[sd]|decline[sd]|vow(?:s|ed)|pledge[sd]"
    r"|promise[sd]|agree[sd]|threaten(?:s|ed)|offer(?:s|ed)|demand(?:s|ed)|propos(?:es|ed)|decide[sd]|expect(?:s|ed)"
    r"|sa(?:id|ys)|warn(?:s|ed)|insist(?:s|ed)|argue[sd]|believe[sd]|fear(?:s|ed)|den(?:ies|ied)|claim(?:s|ed)"
    r"|suggested|is (?:planning|hoping|demanding|threatening|refusing|proposing|warning)"
    r"|are (?:planning|hoping|demanding|refusing)))"
    r"\s(?P<content>(?:that|to|whether)\s.+)",
    re.S,
)
"""A sentence in which the model found nobody: who, what of him, and what he says or is about."""
_COURT = re.compile(r"\b(?:court|jury|jurors|inquest|inquiry|hearing|tribunal|judge)$", re.I)
"""Who hears, or is told, does not speak."""
_OPENING = frozenset("the a an his her one its their he she they".split())
_FEWEST = 3
"""Words that a speaker's words have at least, outside quotation marks."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says what by the shape of the sentence; places are the article's. No source: "a court heard"."""

    source: Place | None
    cue: Place
    contents: tuple[Place, ...]
    end: int
    """Where the words that tell who speaks end: with the adverbial after the verb ("said on Friday")."""
    according: bool

    @property
    def anchor(self) -> Place:
        """The words that tell who speaks."""
        return Place(min(self.cue.start, self.source.start if self.source else self.cue.start), self.end)


def find_sayings(sentence: Sentence, is_quoted: Callable[[Place], bool]) -> list[Saying]:
    """The attributions that a sentence's shape tells outside quotation marks, in text order."""
    if sentence.kind not in (SentenceKind.BODY, SentenceKind.HEADLINE) or len(sentence.text) > _LONGEST:
        return []
    found: list[Saying] = []
    for match in _CUE.finditer(sentence.text):
        if not is_quoted(Place(sentence.start + match.start(), sentence.start + match.end())):
            saying = _Shape(sentence, match).saying()
            if saying is not None:
                found.append(saying)
    return found


class _Shape:
    def __init__(self, sentence: Sentence, match: re.Match[str]) -> None:
        self.text, self.by, self.match = sentence.text, sentence.start, match
        self.left, self.right = self.text[: match.start()].rstrip(), self.text[match.end() :]

    def saying(self) -> Saying | None:
        if self.match["according"]:
            return self._according()
        who = self._who()
        if who is None:
            return self._inverted()
        start, before = who
        heard = _HEARD.match(self.match["verb"]) and _COURT.search(self.left)
        more = (_ADDRESSEE if self.match["told"] and not heard else _ADVERB).match(self.right)
        if more is None or _VERBAL.search((more["more"] or "").removeprefix(" to ")):
            return None
        rest = self.right[more.end() :]
        if not self._is_spoken(before):
            return None
        ended = _END.fullmatch(rest) or _ASIDE.match(rest)
        contents = [self._place(self._lead(before), len(before))]
        if not ended:
            if not before.endswith(","):
                return None
            contents.append(self._place(self.match.end() + more.end() + 1, len(self.text)))
        source = None if heard else self._place(start, len(self.left))
        return Saying(source, self._cue(), tuple(contents), self.by + self.match.end() + more.end(), False)

    def _cue(self) -> Place:
        return Place(self.by + self.match.start(), self.by + self.match.end())

    def _place(self, start: int, end: int) -> Place:
        surface = self.text[start:end]
        start += len(surface) - len(surface.lstrip(" ,"))
        return Place(self.by + start, self.by + max(start, start + len(self.text[start:end].rstrip(" ,"))))

    def _who(self) -> tuple[int, str] | None:
        """Where the words before the cue that name its speaker begin, and what stands before them."""
        edges = list(_EDGE.finditer(self.left))
        if not edges:
            return None
        quoted = max((e.end() for e in edges if e.group() in _CLOSING), default=0)
        if quoted and self.left[quoted : quoted + 1].isspace() and len(edges) > 1 and edges[-1].end() > quoted:
            who = self.left[quoted:].strip()
            if who[0].isupper() and who.endswith(",") and all(e.group() == "," for e in edges if e.start() >= quoted):
                return quoted, self.left[:quoted]
        apposed = self.left.endswith(",") and len(edges) > 2
        edge = edges[-3] if apposed else edges[-1]
        if apposed and any(e.group() != "," for e in edges[-2:]):
            return None
        words = self.left[edge.end() :].split()
        if not words or len(words) > _WORDS or words[0].lower() in _NOBODY or (self.left.endswith(",") and not apposed):
            return None
        if len(words) > 1 and words[-1].lower() in ("i", "we", "you", "he", "she", "they", "it"):
            return None
        if _VERBAL.search(self.left[edge.end() :]) or _CUE.search(self.left[edge.end() :]):
            return None
        return edge.end(), self.left[: edge.end()]

    def _is_spoken(self, before: str) -> bool:
        """Whether the words before a speaker can be what he says: a clause, or a quotation."""
        if before.lower().startswith("according to"):
            return False
        enough = before[-2:-1] in _SPOKEN or len(before.split()) >= _FEWEST
        return before[-1] in _SPOKEN and (before[-1] != "," or enough)

    @staticmethod
    def _lead(before: str) -> int:
        """Where what is said begins: after a colon that leads a quotation in."""
        lead = _LEAD.match(before)
        return lead.end("lead") if lead else 0

    def _inverted(self) -> Saying | None:
        """..., said X."""
        if _TRANSITIVE.search(self.match["verb"]) and self.left[-1:] not in _CLOSING:
            return None
        if not self.left or not self._is_spoken(self.left) or not self.right[:1].isspace():
            return None
        aside = _ASIDE.search(self.right)
        who = self.right[: aside.start() if aside else len(self.right)].rstrip(" .!?")
        words = who.split()
        if not words or words[0].lower() in _NOBODY or _EDGE.search(words[0]) or len(words) > 2 * _WORDS:
            return None
        if _VERBAL.search(who) or not (words[0][0].isupper() or words[0] in _OPENING) or re.search(r"[;:\"“”]", who):
            return None
        start = self.match.end()
        content = self._place(self._lead(self.left), len(self.left))
        return Saying(self._place(start, start + len(who)), self._cue(), (content,), self.by + start + len(who), False)

    def _according(self) -> Saying | None:
        who = re.match(r"\s+(?P<who>[^,;:\"“”]{2,120}?)(?=[,;]|[.!?]?\s*$)", self.right)
        if who is None:
            return None
        source = self._place(self.match.end() + who.start("who"), self.match.end() + who.end("who"))
        if not self.left:
            rest = re.match(r"(?:,\s(?:which|who|whose)\b[^,]*)*,\s", self.right[who.end() :])
            if rest is None:
                return None
            start = self.match.end() + who.end() + rest.end()
            return Saying(source, self._cue(), (self._place(start, len(self.text)),), source.end, True)
        at = max(self.left.rfind(";"), self.left.rfind(": ")) + 1
        if len(self.left[at:].split()) < _FEWEST or self.left[-1] not in _SPOKEN:
            return None
        return Saying(source, self._cue(), (self._place(at, len(self.left)),), source.end, True)


def tell_sayings(sentence: Sentence, drafts: Sequence[Draft], is_quoted: Callable[[Place], bool]) -> list[Draft]:
    """Give the attributions that a sentence's shape tells what is theirs, whatever the model found of them.

    Where the model found nothing, they are added. What it found inside their words goes if its cue tells of no speech,
    thought or attitude: the rest of the words is theirs too.

    Args:
        sentence: the sentence.
        drafts: what the model found in it.
        is_quoted: whether a place of the article is inside a quotation.
    """
    found = list(drafts) if any(d.cue for d in drafts) else [*_plain(sentence), *drafts]
    earlier: list[Saying] = []
    told: list[Place] = []
    for saying in find_sayings(sentence, is_quoted):
        main = next((d for d in found if d.cue and d.cue.overlaps(saying.cue)), None)
        if main is None:
            main = Draft(sentence.index, None, saying.cue, p=_BY_RULE)
            found.append(main)
        main.cue = saying.cue
        if saying.source is None or main.source is None or not main.source.holds(saying.source):
            main.source = saying.source
        contents = list(saying.contents)
        if saying.according and (earlier or _reported(sentence, found, main, saying)):
            # who is cited there said it; this one passed it on
            contents, main.contents = [], [c for c in main.contents if not c.overlaps(saying.contents[0])]
        main.contents = _merged([*(c for c in main.contents if not c.overlaps(saying.anchor)), *contents])
        found = list(_others(found, main, saying))
        earlier.append(saying)
        told += saying.contents

    def is_nonsense(draft: Draft) -> bool:
        if draft.cue is None or not (is_quoted(draft.cue) or any(c.holds(draft.cue) for c in told)):
            return False
        start, end = (at - sentence.start for at in draft.cue)
        return not is_cue_like(sentence.text[start:end])

    return [draft for draft in found if not is_nonsense(draft)]


def _plain(sentence: Sentence) -> Iterator[Draft]:
    """The attribution of a sentence that is no more than one: "Tal plans to hire 20 people"."""
    match = _PLAIN.fullmatch(sentence.text) if sentence.kind is SentenceKind.BODY else None
    if match is None or len(sentence.text) > _LONGEST or _VERBAL.search(match["who"]):
        return
    who, cue, content = (Place(*(sentence.start + at for at in match.span(name))) for name in ("who", "cue", "content"))
    yield Draft(sentence.index, who, cue, [content], _BY_RULE)


def _reported(sentence: Sentence, drafts: Sequence[Draft], main: Draft, saying: Saying) -> bool:
    """Whether what somebody is said to tell ("according to X, ...") begins with another who says it."""
    first = saying.contents[0].start

    def says(cue: Place) -> bool:
        match = _CUE.search(sentence.text[cue.start - sentence.start : cue.end - sentence.start])
        return match is not None and match["verb"] is not None

    return any(
        d is not main and d.cue and d.source and d.contents and abs(d.source.start - first) <= _NEXT and says(d.cue)
        for d in drafts
    )


def _others(drafts: Sequence[Draft], main: Draft, saying: Saying) -> Iterator[Draft]:
    """The other attributions, without what lies on the words that tell of this one."""
    for draft in drafts:
        if draft is not main:
            if draft.cue and draft.cue.overlaps(saying.anchor):
                continue
            inside = draft.cue and any(c.holds(draft.cue) for c in saying.contents)
            if inside and draft.source and draft.source.overlaps(saying.anchor):
                continue
            draft.contents = [c for c in draft.contents if not c.overlaps(saying.anchor)]
        yield draft


def _merged(places: Sequence[Place]) -> list[Place]:
    merged: list[Place] = []
    for place in sorted(places):
        if merged and place.start <= merged[-1].end:
            merged[-1] = Place(merged[-1].start, max(merged[-1].end, place.end))
        else:
            merged.append(place)
    return merged
