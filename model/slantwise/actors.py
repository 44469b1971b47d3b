"""Actors that an article calls by what they are and not by name: "the rebels", "town hall chiefs", "his predecessor".

They are too many to list each: people, members and spokesmen stand in every article. Those that it takes a side on
are targets (`sided`), as the annotation guidelines have it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from slantwise.aliases import without_possessive
from slantwise.article import Sentence
from slantwise.labels import MentionKind, SpanLabel, StanceLabel
from slantwise.mentions import Entity, Mention, listed
from slantwise.reading import Reading
from slantwise.score import StanceScore, Target

__all__ = ["find_actors", "sided"]

_SIDES = frozenset({StanceLabel.FAVOR, StanceLabel.AGAINST})
_KNOWN = re.compile(r"\b(?:the|this|that|these|those)\s+$", re.I)
"""What stands before an actor that was mentioned already."""
_OWNED = re.compile(r"\b(?:my|your|his|her|its|our|their|whose)\s+$", re.I)
_NEW = re.compile(r"\b(?:an?|another)\s+$", re.I)
_BEFORE = 12
"""Characters in which such a word lies."""
_LONGEST = 80
"""Characters; what is longer is a description, not what an actor is called."""


def find_actors(
    sentences: Sequence[Sentence], readings: Sequence[Reading], named: Sequence[Mention], taken: int = 0
) -> tuple[tuple[Target, ...], tuple[Mention, ...]]:
    """The common-noun actors of an article as targets, in the order of the text, and their mentions.

    Two mentions in the same words are of one actor, unless they are somebody's ("his aides") or new ("a man"): those
    stand for themselves. "The rebels" are the Syrian rebels where no other rebels were mentioned before.

    Args:
        sentences: the article's.
        readings: of each sentence; mentions of the kind `actor` count.
        named: mentions of names: what lies in one, or ends with one ("Minister Ann Lee"), is a name.
        taken: how many ids `t1`, `t2`... are given already.
    """
    names: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for mention in sorted(named, key=lambda m: (m.start, m.end)):
        names[mention.sentence].append((mention.start, mention.end))
    actors: list[Entity] = []
    by_words: dict[str, Entity] = {}
    by_head: defaultdict[str, list[Entity]] = defaultdict(list)
    for sentence, start, end, before in _found(sentences, readings, names):
        surface = sentences[sentence].text[start:end]
        words = " ".join(surface.casefold().split())
        head = words.rpartition(" ")[2]
        is_owned, is_new = bool(_OWNED.search(before)), bool(_NEW.search(before))
        actor = None if is_owned or is_new else by_words.get(words)
        if actor is None and words == head and _KNOWN.search(before) and len(by_head[head]) == 1:
            actor = by_head[head][0]
        if actor is None:
            actor = Entity(surface, MentionKind.ACTOR)
            actors.append(actor)
            by_head[head].append(actor)
            if not is_owned:
                by_words[words] = actor
        actor.add(surface, sentence, start)
    for actor in actors:
        actor.name = max(actor.surfaces, key=lambda surface: len(surface.split()))
    return listed(actors, taken)


def sided(
    actors: Sequence[Target], stances: Mapping[int, Sequence[StanceScore]]
) -> tuple[tuple[Target, ...], dict[int, list[StanceScore]]]:
    """The actors that somebody takes a side on, numbered without gaps, and all stances but the others'.

    Args:
        actors: as `find_actors` gave them, their ids the last of the article's.
        stances: of every target, by sentence.
    """
    sides = {s.target for each in stances.values() for s in each if s.label in _SIDES}
    kept = [actor for actor in actors if actor.id in sides]
    ids = {actor.id: first.id for actor, first in zip(kept, actors, strict=False)}
    others = {actor.id for actor in actors} - sides
    left = {
        sentence: [replace(s, target=ids.get(s.target, s.target)) for s in each if s.target not in others]
        for sentence, each in stances.items()
    }
    return tuple(replace(actor, id=ids[actor.id]) for actor in kept), left


def _found(
    sentences: Sequence[Sentence], readings: Sequence[Reading], names: Mapping[int, Sequence[tuple[int, int]]]
) -> Iterator[tuple[int, int, int, str]]:
    """Each mention of an actor: its sentence, its bounds there, and what stands before it."""
    for sentence, reading in zip(sentences, readings, strict=True):
        if not sentence.says_something:
            continue
        starts = [start for start, _ in names.get(sentence.index, ())]
        ends = [end for _, end in names.get(sentence.index, ())]
        for span in reading.spans_of(SpanLabel.MENTION):
            if span.value is not MentionKind.ACTOR or span.end - span.start > _LONGEST:
                continue
            end = span.start + len(without_possessive(sentence.text[span.start : span.end]))
            # names do not overlap each other
            before = bisect_right(starts, span.start) - 1
            is_inside = before >= 0 and span.end <= ends[before]
            at = bisect_left(ends, end)
            ends_with_name = at < len(ends) and ends[at] <= span.end
            if end > span.start and not is_inside and not ends_with_name:
                yield sentence.index, span.start, end, sentence.text[max(0, span.start - _BEFORE) : span.start]
