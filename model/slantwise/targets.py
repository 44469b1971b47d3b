"""Who the article takes sides on: mentions gathered under the names they go by."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from slantwise.article import Sentence
from slantwise.errors import AskedWrong
from slantwise.labels import MentionKind, SentenceKind, SpanLabel
from slantwise.reading import Reading
from slantwise.score import Target

__all__ = ["Mention", "WantedTarget", "find_targets", "parse_target"]

_KINDS = frozenset({MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE, MentionKind.GROUP})
_POSSESSIVE = re.compile(r"['’]s?$")
_TITLE = re.compile(
    r"^(?:the|mr|mrs|ms|dr|sir|dame|lord|lady|president|prime|deputy|foreign|interior|defen[cs]e|finance|minister|senator"
    r"|sen|rep|governor|gov|mayor|general|gen|lt|col|capt|judge|justice|professor|prof|king|queen|pope|chancellor"
    r"|secretary|chairman|chairwoman|chair|chief)\.?\s+",
    re.I,
)


@dataclass(frozen=True, slots=True)
class WantedTarget:
    """A target the user asks for, found by its name and aliases, whatever the case."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """Where an article mentions a target; offsets into the sentence."""

    target: str
    sentence: int
    start: int
    end: int


@dataclass(slots=True)
class _Entity:
    name: str
    kind: MentionKind | None
    surfaces: Counter[str] = field(default_factory=Counter)
    places: list[tuple[int, int, int]] = field(default_factory=list)


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

    With `wanted`, those alone and by literal match; without, the names the model finds, linked by surname, acronym and
    adjacent title. Precision comes first: a wrong link moves a stance to somebody else.
    """
    entities = _wanted_entities(sentences, wanted) if wanted else _found_entities(sentences, readings)
    ranked = sorted((e for e in entities if e.places), key=lambda e: (-len(e.places), e.places[0]))
    targets, mentions = [], []
    for number, entity in enumerate(ranked, 1):
        aliases = tuple(s for s, _ in entity.surfaces.most_common() if s != entity.name)
        targets.append(Target(f"t{number}", entity.name, aliases, len(entity.places)))
        mentions += [Mention(f"t{number}", *place) for place in entity.places]
    return tuple(targets), tuple(sorted(mentions, key=lambda m: (m.sentence, m.start, m.end)))


def _found_entities(sentences: Sequence[Sentence], readings: Sequence[Reading]) -> list[_Entity]:
    found = []
    for sentence, reading in zip(sentences, readings, strict=True):
        if sentence.kind in (SentenceKind.BYLINE, SentenceKind.DATELINE):
            continue
        for span in reading.spans_of(SpanLabel.MENTION):
            if span.value in _KINDS:
                surface = reading.text[span.start : span.end]
                clipped = _POSSESSIVE.sub("", surface)
                found.append((sentence.index, span.start, span.start + len(clipped), clipped, span.value))
    # longer names first, so that a surname finds its full name even where it comes before
    by_key: dict[str, _Entity] = {}
    by_alias: defaultdict[str, list[_Entity]] = defaultdict(list)
    entities: list[_Entity] = []
    for index, start, end, surface, kind in sorted(found, key=lambda m: (-len(_key(m[3]).split()), m[0], m[1])):
        assert isinstance(kind, MentionKind)
        entity = by_key.get(_key(surface)) or _only(by_alias[_alias(surface, kind)])
        if entity is None:
            entity = _Entity(surface, kind)
            entities.append(entity)
            for alias in _aliases(surface, kind):
                by_alias[alias].append(entity)
        by_key.setdefault(_key(surface), entity)
        entity.surfaces[surface] += 1
        entity.places.append((index, start, end))
    for entity in entities:
        entity.places.sort()
    return entities


def _only(entities: Sequence[_Entity]) -> _Entity | None:
    """The one entity an alias can stand for; None where two could be meant."""
    return entities[0] if len(entities) == 1 else None


def _alias(surface: str, kind: MentionKind) -> str:
    """What a short name is looked up by: a person's single name, or an acronym; nothing for longer names."""
    key = _key(surface)
    if kind is MentionKind.PERSON and " " not in key:
        return "person " + key
    return "acronym " + surface.replace(".", "") if surface.isupper() and len(surface) > 1 else ""


def _aliases(name: str, kind: MentionKind) -> set[str]:
    """What a full name can be looked up by."""
    words = _key(name).split()
    if len(words) < 2:
        return set()
    if kind is MentionKind.PERSON:
        return {"person " + words[0], "person " + words[-1]}
    return {"acronym " + "".join(word[0] for word in re.split(r"[\s-]+", name) if word[:1].isupper())}


def _key(surface: str) -> str:
    """A name without its titles, in small letters."""
    stripped = surface.strip()
    while (shorter := _TITLE.sub("", stripped)) != stripped and shorter:
        stripped = shorter
    return stripped.lower().replace("’", "'") or surface.lower()


def _wanted_entities(sentences: Sequence[Sentence], wanted: Sequence[WantedTarget]) -> list[_Entity]:
    entities = []
    for target in wanted:
        names = sorted({target.name, *target.aliases}, key=len, reverse=True)
        pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(n) for n in names) + r")(?!\w)", re.I)
        entity = _Entity(target.name, None)
        for sentence in sentences:
            for match in pattern.finditer(sentence.text):
                entity.surfaces[match.group()] += 1
                entity.places.append((sentence.index, *match.span()))
        entities.append(entity)
    return entities
