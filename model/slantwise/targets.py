"""Who the article takes sides on: mentions gathered under the names they go by."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from slantwise.aliases import abbreviates, aliases_of, key_of, look_ups, plain_name, titles_before, without_possessive
from slantwise.article import Sentence
from slantwise.errors import AskedWrong
from slantwise.labels import MentionKind, SourceKind, SpanLabel
from slantwise.mentions import Entity, Mention, in_text_order, listed
from slantwise.reading import Reading
from slantwise.score import Attribution, Source, Target

__all__ = ["WantedTarget", "find_targets", "find_topics", "name_sources", "parse_target"]

_KINDS = frozenset({MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE, MentionKind.GROUP})
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.I)
_OPENING = re.compile(r"\s*\((?:the )?$", re.I)
_LONGEST_NAME = 400
"""Characters; what is longer is no name, and all that it could be called would take the square of its length."""
_BEFORE = 40
"""Characters before a name in which its title may stand."""


@dataclass(frozen=True, slots=True)
class WantedTarget:
    """A target or a topic the user asks for, found by its name and aliases, whatever the case."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    sentence: int
    start: int
    surface: str
    kind: MentionKind


def parse_target(written: str) -> WantedTarget:
    """Read "Bashar al-Assad=Assad,Syrian regime": a name, and after "=" its aliases.

    Raises:
        AskedWrong: there is no name, or an alias is empty.
    """
    name, equals, rest = written.partition("=")
    aliases = tuple(alias.strip() for alias in rest.split(",")) if equals else ()
    if not name.strip() or any(not alias for alias in aliases):
        raise AskedWrong('a target as "NAME" or "NAME=alias,alias"', repr(written), "write it so")
    return WantedTarget(name.strip(), aliases)


def find_targets(
    sentences: Sequence[Sentence], readings: Sequence[Reading], wanted: Sequence[WantedTarget] = ()
) -> tuple[tuple[Target, ...], tuple[Mention, ...]]:
    """The targets of an article, the most mentioned first, and their mentions in text order.

    With `wanted`, those alone and by literal match of whole words; without, the names the model finds, linked by
    surname, acronym, company name and title. Precision comes first: a wrong link moves a stance to somebody else, so a
    name that could be two targets' stands for itself.
    """
    entities = _wanted_entities(sentences, wanted) if wanted else _found_entities(sentences, readings)
    ranked = sorted((e for e in entities if e.places), key=lambda e: (-len(e.places), e.places[0]))
    return listed(ranked)


def find_topics(
    sentences: Sequence[Sentence], topics: Sequence[WantedTarget], taken: int = 0
) -> tuple[tuple[Target, ...], tuple[Mention, ...]]:
    """The topics as targets, in the order asked for, and where each sentence is asked about them.

    A topic is asked of every sentence that says something (no byline, no dateline): of each place that names it, by the
    name or an alias, as of any target; of a sentence that does not name it, once, as a whole.

    Args:
        sentences: the article's.
        topics: what to ask about.
        taken: how many ids `t1`, `t2`... are given already.
    """
    entities = _wanted_entities(sentences, topics)
    targets, mentions = listed(entities, taken)
    silent = []
    for target, entity in zip(targets, entities, strict=True):
        named = {sentence for sentence, _, _ in entity.places}
        asked = (s.index for s in sentences if s.says_something and s.index not in named)
        silent += [Mention(target.id, index, 0, 0, topic=target.name) for index in asked]
    return targets, in_text_order((*mentions, *silent))


def name_sources(
    attributions: Sequence[Attribution],
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    speakers: Mapping[str, str],
) -> tuple[Attribution, ...]:
    """Give each source that is one of the article's targets the target's id as `entity`.

    A named person is the person mentioned in the source's words ("Russia's Deputy Foreign Minister Ann Lee" is Ann Lee,
    not Russia); a body is the name that ends them or makes them up ("the Russian Vedomosti daily"), never one that only
    owns it ("Ann Lee's office"). A pronoun, or a bare noun, is its speaker's target.

    Args:
        attributions: the article's.
        sentences: the article's.
        mentions: the targets' mentions, in text order.
        speakers: for an attribution whose source is a pronoun or a bare noun, the id of the one that names its speaker.
    """
    placed = [(sentences[m.sentence].start + m.start, sentences[m.sentence].start + m.end, m) for m in mentions]
    starts = [start for start, _, _ in placed]
    named: dict[str, str | None] = {}
    for attribution in attributions:
        source = attribution.source
        if source is not None and attribution.id not in speakers:
            inside = placed[bisect_left(starts, source.start) : bisect_left(starts, source.end)]
            named[attribution.id] = _entity_of(source, [(a, b, m) for a, b, m in inside if b <= source.end])
    done = []
    for attribution in attributions:
        entity = named.get(speakers.get(attribution.id, attribution.id))
        if attribution.source is not None and entity is not None:
            attribution = replace(attribution, source=replace(attribution.source, entity=entity))
        done.append(attribution)
    return tuple(done)


def _entity_of(source: Source, inside: Sequence[tuple[int, int, Mention]]) -> str | None:
    def owns(end: int) -> bool:
        rest = source.text[end - source.start :]
        return bool(re.match(r"['’]s?\s+\w", rest))

    free = [(start, end, m) for start, end, m in inside if not owns(end)]
    if source.kind is SourceKind.NAMED:
        people = [m for _, _, m in free if m.kind in (MentionKind.PERSON, None)]
        if people:
            return people[0].target
        free = [(start, end, m) for start, end, m in free if start - source.start <= _article_end(source.text)]
        return free[0][2].target if free and free[0][1] == source.end else None
    if source.kind not in (SourceKind.INSTITUTION, SourceKind.MEDIA):
        return None
    last = max((end for _, end, m in free if m.kind is not MentionKind.PERSON), default=-1)
    for start, end, mention in free:
        rest = source.text[end - source.start :].strip()
        whole = start - source.start <= _article_end(source.text) and not rest
        if mention.kind is not MentionKind.PERSON and whole:
            return mention.target
        ends = not rest or (source.kind is SourceKind.MEDIA and end == last)
        if mention.kind in (MentionKind.ORGANISATION, None) and ends:
            return mention.target
    return None


def _article_end(text: str) -> int:
    match = _ARTICLE.match(text)
    return match.end() if match else 0


def _found_entities(sentences: Sequence[Sentence], readings: Sequence[Reading]) -> list[Entity]:
    found = _with_usual_kinds(_mentions(sentences, readings))
    short_forms = _short_forms(sentences, found)
    by_key: dict[tuple[bool, str], Entity] = {}
    by_alias: defaultdict[str, list[Entity]] = defaultdict(list)
    entities: list[Entity] = []
    # longer names first, so that a surname finds its full name even where it comes before
    for mention in sorted(found, key=_longest_first):
        key = (mention.kind is MentionKind.PERSON, key_of(mention.surface, mention.kind))
        entity = by_key.get(key) or _looked_up(by_alias, mention)
        if entity is None:
            entity = Entity(mention.surface, mention.kind)
            entities.append(entity)
            _register(by_alias, entity, aliases_of(mention.surface, mention.kind))
        by_key.setdefault(key, entity)
        _register(by_alias, entity, short_forms.get((mention.sentence, mention.start), ()))
        if mention.kind is MentionKind.PERSON:
            before = sentences[mention.sentence].text[max(0, mention.start - _BEFORE) : mention.start]
            _register(by_alias, entity, [f"person {title}" for title in titles_before(before)])
        entity.add(mention.surface, mention.sentence, mention.start)
    for entity in entities:
        entity.places.sort()
    return entities


def _longest_first(mention: _Found) -> tuple[int, bool, int, int]:
    words = plain_name(mention.surface, mention.kind).split()
    return -len(words), mention.kind is MentionKind.GROUP, mention.sentence, mention.start


def _looked_up(by_alias: Mapping[str, Sequence[Entity]], mention: _Found) -> Entity | None:
    """The one entity that a name can stand for; None where two could be meant."""
    for alias in look_ups(mention.surface, mention.kind):
        entities = by_alias.get(alias, ())
        if entities:
            return entities[0] if len(entities) == 1 else None
    return None


def _register(by_alias: defaultdict[str, list[Entity]], entity: Entity, aliases: Iterable[str]) -> None:
    for alias in aliases:
        if entity not in by_alias[alias]:
            by_alias[alias].append(entity)


def _short_forms(sentences: Sequence[Sentence], found: Sequence[_Found]) -> dict[tuple[int, int], list[str]]:
    """Aliases that names get by a short form in brackets after them: "the Free Alder Movement (FAM)"."""
    forms: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for long, short in pairwise(found):
        between = sentences[long.sentence].text[long.start + len(long.surface) : short.start]
        if long.sentence == short.sentence and _OPENING.fullmatch(between):
            if abbreviates(short.surface, _ARTICLE.sub("", long.surface)):
                forms[long.sentence, long.start] += look_ups(short.surface, short.kind)
    return forms


def _mentions(sentences: Sequence[Sentence], readings: Sequence[Reading]) -> list[_Found]:
    found = []
    for sentence, reading in zip(sentences, readings, strict=True):
        if not sentence.says_something:
            continue
        for span in reading.spans_of(SpanLabel.MENTION):
            if isinstance(span.value, MentionKind) and span.value in _KINDS:
                if span.end - span.start > _LONGEST_NAME:
                    continue
                surface = without_possessive(reading.text[span.start : span.end])
                if surface:
                    found.append(_Found(sentence.index, span.start, surface, span.value))
    return found


def _with_usual_kinds(found: Sequence[_Found]) -> list[_Found]:
    """A name that the model takes now for a person, now for a place, is what it takes it for most often.

    A surname that it takes for a person's but once is one.
    """
    counts: defaultdict[str, Counter[MentionKind]] = defaultdict(Counter)
    for mention in found:
        counts[mention.surface.casefold()][mention.kind] += 1
    full = (key_of(m.surface, m.kind).split() for m in found if m.kind is MentionKind.PERSON)
    surnames = {words[-1] for words in full if len(words) > 1}

    def usual(surface: str) -> MentionKind:
        kinds = counts[surface.casefold()]
        if kinds[MentionKind.PERSON] and surface.casefold() in surnames:
            return MentionKind.PERSON
        return kinds.most_common(1)[0][0]

    return [replace(m, kind=usual(m.surface)) for m in found]


def _wanted_entities(sentences: Sequence[Sentence], wanted: Sequence[WantedTarget]) -> list[Entity]:
    entities = []
    for target in wanted:
        names = sorted({target.name, *target.aliases}, key=lambda n: (-len(n), n))
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(_literally(name) for name in names)})(?!\w)", re.I)
        entity = Entity(target.name, None)
        for sentence in sentences:
            if not sentence.says_something:
                continue
            for match in pattern.finditer(sentence.text):
                entity.add(match.group(), sentence.index, match.start())
        entities.append(entity)
    return entities


def _literally(name: str) -> str:
    """A pattern for a name as written: any white space between its words, any apostrophe for an apostrophe."""
    return r"\s+".join(re.sub(r"['’]", "['’]", re.escape(word)) for word in name.split())
