"""Speech told by a colon: "Minister: taxes will fall" in a headline, "A:" in an interview."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from slantwise.article import Sentence
from slantwise.drafts import Draft, Place
from slantwise.labels import MentionKind, SentenceKind, SpanLabel
from slantwise.reading import Reading
from slantwise.sources import KnownNames, is_source_like

__all__ = ["Interview", "find_interview", "headline_drafts"]

_TURN = re.compile(r"(?:(?P<question>Q|Question)|(?P<answer>A|Answer))(?P<colon>\s?[:.])\s+(?=\S)")
_NAMED_TURN = re.compile(r"[\"“]?(?P<source>[A-Z][A-Z.'’ -]{2,40})(?P<colon>:)\s+(?=\S)")
_OPENING_MARKS = frozenset('"“')
_BEFORE_COLON = re.compile(r"(?P<source>[^\W\d_][^:;!?\"“”]{1,60}?)\s*(?P<colon>:)\s+(?P<content>\S.*)", re.S)
_AFTER_COLON = re.compile(r"(?P<content>.{12,}?)\s*(?P<colon>:|[–—])\s+(?P<source>[^\W\d_][^:;!?\"“”]{1,40})", re.S)
_NO_SPEAKER = re.compile(
    r"(?:live|breaking|exclusive|opinion|analysis|explainer|editorial|review|video|watch|listen|update[ds]?|factbox|profile"
    r"|interview|comment|fact check|timeline|photos?|report|study|poll|survey|data|statement|letter)$",
    re.I,
)
_JOINING = frozenset("and but or as after with how why what who when where if not for".split())
_BY_RULE = 0.8


class Interview:
    """The answers of an interview that is printed as questions and answers.

    Args:
        drafts: one attribution per answer: source "A", cue the colon, content the rest of the answer.
        interviewee: who answers, by the first place where the name stands; None where that is not certain.
    """

    def __init__(self, drafts: Sequence[Draft], interviewee: Place | None) -> None:
        self.drafts, self.interviewee = drafts, interviewee


def find_interview(sentences: Sequence[Sentence], readings: Sequence[Reading]) -> Interview:
    """Find the lines "Q: ..." and "A: ..."; both must be there. The questions are the author's.

    An answer goes on over the paragraphs after it if another question or answer ends them; those after the last answer
    are the author's again. Turns under names in capitals ("WALLACE: ...") are their speakers'. The interviewee is the
    one person named in the headline or paragraph before the first turn.
    """
    opens = [i for i, s in enumerate(sentences) if i == 0 or sentences[i - 1].paragraph != s.paragraph]
    turns = {i: m for i in opens if sentences[i].text[:1] in "QA" and (m := _TURN.match(sentences[i].text))}
    if len({bool(m["answer"]) for m in turns.values()}) < 2:
        return Interview(_debate(sentences, opens), None)
    ordered = sorted(turns)
    drafts = []
    for index, following in zip(ordered, [*ordered[1:], -1], strict=True):
        match, sentence = turns[index], sentences[index]
        if not match["answer"]:
            continue
        place = Place(sentence.start + match.end(), _answer_end(sentences, index, following))
        source, cue = (Place(*(sentence.start + at for at in match.span(name))) for name in ("answer", "colon"))
        drafts.append(Draft(index, source, cue, [place]))
    return Interview(drafts, _interviewee(sentences, readings, ordered[0]))


def _debate(sentences: Sequence[Sentence], opens: Sequence[int]) -> list[Draft]:
    """The turns of a transcript, "WALLACE: ...": names in capitals, two at least, of whom one speaks twice."""
    turns = {i: m for i in opens if (m := _NAMED_TURN.match(sentences[i].text))}
    names = Counter(m["source"] for m in turns.values())
    if len(names) < 2 or max(names.values()) < 2:
        return []
    ordered = sorted(turns)
    drafts = []
    for index, following in zip(ordered, [*ordered[1:], -1], strict=True):
        match, sentence = turns[index], sentences[index]
        source, cue = (Place(*(sentence.start + at for at in match.span(name))) for name in ("source", "colon"))
        at, end, places = sentence.start + match.end(), _answer_end(sentences, index, following), []
        for number in range(index, len(sentences)):
            other = sentences[number]
            if other.end > end:
                break
            quoted = other.text[0] in _OPENING_MARKS and at < other.start
            places.append(Place(max(at, other.start + quoted), other.end))
        drafts.append(Draft(index, source, cue, [place for place in places if place.end > place.start]))
    return drafts


def _answer_end(sentences: Sequence[Sentence], index: int, following: int) -> int:
    """Where an answer ends: before the next turn, or before a heading, or with its paragraph if it is the last."""
    last = index
    while last + 1 < len(sentences) and last + 1 != following:
        after = sentences[last + 1]
        if after.paragraph != sentences[index].paragraph and (following < 0 or after.kind is not SentenceKind.BODY):
            break
        last += 1
    return sentences[last].end


def _interviewee(sentences: Sequence[Sentence], readings: Sequence[Reading], first: int) -> Place | None:
    """The one person that the paragraph before the interview names, or the heading or paragraph before that."""
    paragraph = sentences[first].paragraph
    for back in (1, 2):
        people: dict[str, Place] = {}
        for sentence, reading in zip(
            sentences[max(0, first - 20) : first], readings[max(0, first - 20) : first], strict=True
        ):
            if sentence.paragraph == paragraph - back and sentence.kind is not SentenceKind.BYLINE:
                for span in reading.spans_of(SpanLabel.MENTION):
                    if span.value is MentionKind.PERSON:
                        name = reading.text[span.start : span.end].split()[-1]
                        people.setdefault(name, Place(sentence.start + span.start, sentence.start + span.end))
        if people:
            return next(iter(people.values())) if len(people) == 1 else None
    return None


def headline_drafts(sentence: Sentence, known: KnownNames) -> list[Draft]:
    """The attribution of a headline such as "Minister: taxes will fall" or "Taxes will fall: minister".

    What stands before the colon must be somebody who can speak; "Analysis:" and "Syria:" are not.
    """
    if sentence.kind is not SentenceKind.HEADLINE:
        return []
    for pattern in (_BEFORE_COLON, _AFTER_COLON):
        match = pattern.fullmatch(sentence.text)
        if match and _speaks(match["source"], match["content"], known):
            source, cue, content = (
                Place(*(sentence.start + at for at in match.span(name))) for name in ("source", "colon", "content")
            )
            cue = Place(cue.end - 1, cue.end)
            return [Draft(sentence.index, source, cue, [content], _BY_RULE)]
    return []


def _speaks(source: str, content: str, known: KnownNames) -> bool:
    words = source.split()
    if len(words) > 6 or words[0].lower() in _JOINING or _NO_SPEAKER.match(words[-1]):
        return False
    quoted = content[0] in "\"'“‘«"
    counts = Counter(word in known.people for word in words)
    return (
        is_source_like(source, known)
        or (counts[True] == len(words))
        or (quoted and source[0].isupper() and words[-1][0].isupper())
    )
