"""Where an article mentions its targets, gathered under each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from slantwise.labels import MentionKind
from slantwise.score import Target

__all__ = ["Entity", "Mention", "in_text_order", "listed"]


@dataclass(frozen=True, slots=True)
class Mention:
    """Where an article mentions a target; offsets into the sentence. `kind` is None for targets a user asked for.

    `topic` is the name of a topic that the sentence is asked about without mentioning it: then both offsets are 0.
    """

    target: str
    sentence: int
    start: int
    end: int
    kind: MentionKind | None = None
    topic: str | None = None


@dataclass(slots=True, eq=False)
class Entity:
    """What will be a target, while its mentions are gathered: the words they use, and their places in the sentences."""

    name: str
    kind: MentionKind | None
    surfaces: Counter[str] = field(default_factory=Counter)
    places: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, surface: str, sentence: int, start: int) -> None:
        """Gather a mention in these words."""
        self.surfaces[surface] += 1
        self.places.append((sentence, start, start + len(surface)))


def listed(entities: Iterable[Entity], taken: int = 0) -> tuple[tuple[Target, ...], tuple[Mention, ...]]:
    """Entities as targets, in the order given, and their mentions in text order.

    Args:
        entities: with all their mentions.
        taken: how many ids `t1`, `t2`... are given already.
    """
    targets, mentions = [], []
    for number, entity in enumerate(entities, taken + 1):
        aliases = tuple(surface for surface, _ in entity.surfaces.most_common() if surface != entity.name)
        targets.append(Target(f"t{number}", entity.name, aliases, len(entity.places)))
        mentions += [Mention(f"t{number}", *place, entity.kind) for place in entity.places]
    return tuple(targets), in_text_order(mentions)


def in_text_order(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Mentions by sentence and place."""
    return tuple(sorted(mentions, key=lambda m: (m.sentence, m.start, m.end)))
