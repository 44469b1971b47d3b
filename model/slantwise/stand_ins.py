"""The pronouns of an article as mentions of its targets, and as sources, where it is sure whom they stand for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from slantwise.antecedents import Clues, Person
from slantwise.article import Sentence
from slantwise.drafts import Place
from slantwise.given_names import gender_of
from slantwise.labels import MentionKind, SourceKind
from slantwise.mentions import Mention
from slantwise.pronouns import resolve_pronouns
from slantwise.score import Attribution

__all__ = ["find_pronouns", "name_pronouns"]

_TITLE_BEFORE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Sir|Lord|Lady|Dame|King|Queen|Prince|Princess|Pope)\.?\s$")
_LONGEST_TITLE = 12
_SMALL_LETTERS = re.compile(r"\b[a-z]+\b")


def find_pronouns(
    text: str,
    sentences: Sequence[Sentence],
    named: Sequence[Mention],
    targets: Sequence[Mention],
    attributions: Sequence[Attribution],
    speakers: Mapping[str, str],
) -> tuple[Mention, ...]:
    """The pronouns "he" and "she", with "him" and "her", that stand for a target, as mentions of kind pronoun.

    Those that only tell whose something is ("his plan") help to find out who is who, and are no mentions.

    Args:
        text: the article's.
        sentences: its sentences.
        named: mentions of the persons that the model finds in it, in text order.
        targets: mentions of its targets, in text order; the same where the user asked for none.
        attributions: its attributions.
        speakers: as in `slantwise.voices.Voices`: what the words of attributions tell already of whom a pronoun is.
    """
    if not sentences:
        return ()
    persons = _persons(text, sentences, named)
    clues = Clues(text, [0, *(s.start for s in sentences[1:])])
    resolved = resolve_pronouns(clues, persons, _known(attributions, speakers, persons))
    wanted = _wanted(sentences, persons, targets)
    found = []
    for answer in resolved:
        sentence = sentences[clues.sentence(answer.place.start)]
        target = wanted.get(answer.person)
        is_said = sentence.says_something and answer.place.end <= sentence.end
        if target is not None and is_said and not clues.is_possessive(answer.place):
            start, end = (at - sentence.start for at in answer.place)
            found.append(Mention(target, sentence.index, start, end, MentionKind.PRONOUN))
    return tuple(found)


def name_pronouns(
    attributions: Sequence[Attribution], sentences: Sequence[Sentence], pronouns: Sequence[Mention]
) -> tuple[Attribution, ...]:
    """Give each source that is one of these pronouns, and has no entity yet, the pronoun's target as `entity`."""
    places = {_placed(mention, sentences): mention.target for mention in pronouns}
    done = []
    for attribution in attributions:
        source = attribution.source
        if source is not None and source.kind is SourceKind.PRONOUN and source.entity is None:
            target = places.get(Place(source.start, source.end))
            attribution = replace(attribution, source=replace(source, entity=target))
        done.append(attribution)
    return tuple(done)


def _placed(mention: Mention, sentences: Sequence[Sentence]) -> Place:
    start = sentences[mention.sentence].start
    return Place(start + mention.start, start + mention.end)


def _persons(text: str, sentences: Sequence[Sentence], named: Sequence[Mention]) -> list[Person]:
    """The targets that are persons: where they are named, and how.

    A single name that is a common noun elsewhere in the article ("BIN BULLY", "the bin") is hardly a person's.
    """
    common = set(_SMALL_LETTERS.findall(text))
    places: defaultdict[str, list[Place]] = defaultdict(list)
    for mention in named:
        if mention.kind is MentionKind.PERSON:
            places[mention.target].append(_placed(mention, sentences))
    persons = []
    for own in places.values():
        names = [text[place.start : place.end] for place in own]
        titles = (_TITLE_BEFORE.search(text, max(0, place.start - _LONGEST_TITLE), place.start) for place in own)
        told = [title.group() for title in titles if title]
        longest = max(names, key=len)
        if longest.casefold() in common:
            continue
        persons.append(Person(tuple(sorted(own)), longest, gender_of(told[0]) if told else gender_of(longest)))
    return persons


def _known(
    attributions: Sequence[Attribution], speakers: Mapping[str, str], persons: Sequence[Person]
) -> dict[Place, int]:
    """The pronouns whose speaker is found already, with the person that his own source names."""
    sources = {a.id: Place(a.source.start, a.source.end) for a in attributions if a.source}
    placed = sorted((place, number) for number, person in enumerate(persons) for place in person.places)
    starts = [place.start for place, _ in placed]
    known = {}
    for pronoun, speaker in speakers.items():
        if pronoun in sources and speaker in sources:
            own = sources[speaker]
            inside = placed[bisect_left(starts, own.start) : bisect_right(starts, own.end)]
            numbers = [number for place, number in inside if own.holds(place)]
            if numbers:
                known[sources[pronoun]] = numbers[0]
    return known


def _wanted(sentences: Sequence[Sentence], persons: Sequence[Person], targets: Sequence[Mention]) -> dict[int, str]:
    """The target that each person is: the one whose mentions lie in most of the places that name him."""
    ends: defaultdict[int, list[tuple[Place, str]]] = defaultdict(list)
    for mention in targets:
        place = _placed(mention, sentences)
        ends[place.end].append((place, mention.target))
    wanted = {}
    for number, person in enumerate(persons):
        found = Counter(target for own in person.places for place, target in ends.get(own.end, ()) if own.holds(place))
        target, count = found.most_common(1)[0] if found else ("", 0)
        if 2 * count > len(person.places):
            wanted[number] = target
    return wanted
