"""Who speaks in an article: the author, and attributions put together where they have the same speaker."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from slantwise.labels import SourceKind
from slantwise.report.wording import shortened
from slantwise.score import AUTHOR, Attribution, TextSpan

__all__ = ["AUTHOR_SPEAKER", "TINTS", "Cast", "Speaker", "VoiceMap"]

TINTS = 8
"""How many tints the style sheet has; the ninth speaker gets the first again, and is told apart by the name."""
_NOBODY = "nobody named"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody with a voice in the article. `id` is `AUTHOR` or `s1`, `s2`...; `tint` is 0 for the author."""

    id: str
    name: str
    kind: SourceKind | None
    tint: int


AUTHOR_SPEAKER = Speaker(AUTHOR, "the author", None, 0)


class Cast:
    """The speakers of an article in order of appearance, and the one behind each attribution.

    Attributions have one speaker where their sources are the same target (`entity`) or have the same name; a pronoun
    that nothing resolves, or somebody unnamed, is nobody else. The summary's holders are told apart the same way.
    """

    def __init__(self, attributions: Sequence[Attribution]) -> None:
        self.attributions = {a.id: a for a in attributions}
        groups: defaultdict[str, list[Attribution]] = defaultdict(list)
        for attribution in attributions:
            groups[_same(attribution)].append(attribution)
        self.speakers = tuple(
            _speaker(f"s{number}", (number - 1) % TINTS + 1, group) for number, group in enumerate(groups.values(), 1)
        )
        self._of = {a.id: s for s, group in zip(self.speakers, groups.values(), strict=True) for a in group}

    def of(self, voice: str) -> Speaker:
        """The speaker behind a voice or holder: the author or an attribution's."""
        return self._of.get(voice, AUTHOR_SPEAKER)

    def chain(self, voice: str) -> tuple[str, ...]:
        """The names through which a voice reached the author, its own first: (an official, the daily)."""
        names: list[str] = []
        seen: set[str] = set()
        step: str | None = voice
        while step is not None and step in self.attributions and step not in seen:
            seen.add(step)
            source = self.attributions[step].source
            names.append(shortened(source.text) if source else _NOBODY)
            step = self.attributions[step].via
        return tuple(names)


class VoiceMap:
    """Which attribution holds each character: the one with the innermost content, as `slantwise.voices` decides."""

    def __init__(self, attributions: Sequence[Attribution]) -> None:
        spans = [(c, order, a.id) for order, a in enumerate(attributions) for c in a.content]
        # the order of painting: the longest first, so that a shorter content lies over it
        ranked = sorted(spans, key=lambda row: (-(row[0].end - row[0].start), row[1]))
        self._parts = sorted((c.start, c.end, rank, voice) for rank, (c, _, voice) in enumerate(ranked))
        self._starts = [part[0] for part in self._parts]
        self._reach: list[int] = []
        for part in self._parts:
            self._reach.append(max(part[1], self._reach[-1] if self._reach else 0))

    def inside(self, span: TextSpan) -> list[tuple[int, int, int, str]]:
        """The contents that overlap a stretch of the article: start, end, rank (the highest holds), voice."""
        last = bisect_right(self._starts, span.end - 1)
        first = bisect_right(self._reach, span.start)
        return [part for part in self._parts[first:last] if part[1] > span.start]


def _same(attribution: Attribution) -> str:
    """A key that attributions of one speaker share."""
    source = attribution.source
    if source is not None and source.entity is not None:
        return f"entity {source.entity}"
    if source is None or source.kind in (SourceKind.PRONOUN, SourceKind.ANONYMOUS):
        return f"id {attribution.id}"
    return f"name {source.text.casefold()}"


def _speaker(name: str, tint: int, group: Sequence[Attribution]) -> Speaker:
    sources = [a.source for a in group if a.source is not None]
    telling = [s for s in sources if s.kind is not SourceKind.PRONOUN] or sources
    if not telling:
        return Speaker(name, _NOBODY, None, tint)
    return Speaker(name, shortened(telling[0].text), telling[0].kind, tint)
