"""An article in numbers with their intervals: never one magic score."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import HedgeKind, Hedging, SourceKind, StanceLabel, Wording
from slantwise.score import AUTHOR, Attribution, SentenceScore, Target

__all__ = ["share", "summarise"]

_Z = 1.959964
_STRONGEST = 3
_RESAMPLES = 1000
_SIDES = (StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR)


def share(count: int, of: int) -> dict[str, Any]:
    """A share with its 95 % interval (Wilson, 1927); an empty whole has no share."""
    if of == 0:
        return {"count": 0, "of": 0, "share": None, "low": None, "high": None}
    p = count / of
    centre = (p + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    half = _Z * sqrt(p * (1 - p) / of + _Z**2 / (4 * of**2)) / (1 + _Z**2 / of)
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return {"count": count, "of": of, "share": round(p, 4), "low": round(low, 4), "high": round(high, 4)}


def summarise(
    sentences: Sequence[SentenceScore],
    attributions: Sequence[Attribution],
    targets: Sequence[Target],
    spoken: Sequence[Mapping[str, int]],
) -> dict[str, Any]:
    """The summary of an article's score.

    `voices`: of the author and of all sources together, the words, the sentences that hold some of them, and of these
    the shares that are hedged and loaded in this voice: by a cue or a loaded word of its own, or, where none was found,
    by being the sentence's main voice. `attributed`: sentences that hold a source's words. `anonymous`: attributions
    to somebody unnamed, of those to anybody. `sources`: by kind, how often and how many words. `stance`: per target and
    holder, counts, and the mean from -1 (against) to 1 (favor) with a bootstrap interval; one person's attributions
    count as one holder, under the id of the first. `strongest`: the most telling sentences of each lens, by `index`,
    with `reasons`, the words that tell.

    Args:
        sentences: the scored sentences.
        attributions: the article's.
        targets: the article's.
        spoken: per sentence, how many of its words each voice holds.
    """
    words = Counter[str]()
    for voices in spoken:
        words.update(voices)
    total = sum(words.values())
    sourced = [a for a in attributions if a.source is not None]
    anonymous = sum(a.source.kind is SourceKind.ANONYMOUS for a in sourced if a.source)
    return {
        "sentences": len(sentences),
        "words": total,
        "voices": {
            "author": _voice(sentences, spoken, lambda voice: voice == AUTHOR),
            "sources": _voice(sentences, spoken, lambda voice: voice != AUTHOR),
        },
        "attributed": share(sum(any(v != AUTHOR for v in voices) for voices in spoken), len(sentences)),
        "anonymous": share(anonymous, len(sourced)),
        "sources": _sources(sourced, words, total),
        "stance": list(_stances(sentences, targets, attributions)),
        "strongest": _strongest(sentences, {target.id: target.name for target in targets}),
    }


def _voice(
    sentences: Sequence[SentenceScore], spoken: Sequence[Mapping[str, int]], is_its: Callable[[str], bool]
) -> dict[str, Any]:
    words = count = hedged = loaded = 0
    for sentence, voices in zip(sentences, spoken, strict=True):
        own = sum(n for voice, n in voices.items() if is_its(voice))
        if not own:
            continue
        words, count = words + own, count + 1
        cues = [cue.voice for cue in sentence.hedging.cues if cue.kind is not HedgeKind.VAGUE] or [sentence.voice]
        marked = [word.voice for word in sentence.wording.words] or [sentence.voice]
        hedged += sentence.hedging.label is Hedging.HEDGED and any(map(is_its, cues))
        loaded += sentence.wording.label is Wording.LOADED and any(map(is_its, marked))
    return {"words": words, "sentences": count, "hedged": share(hedged, count), "loaded": share(loaded, count)}


def _sources(sourced: Sequence[Attribution], words: Mapping[str, int], total: int) -> list[dict[str, Any]]:
    rows = []
    for kind in SourceKind:
        of_kind = [a for a in sourced if a.source and a.source.kind is kind]
        if of_kind:
            said = sum(words.get(a.id, 0) for a in of_kind)
            part = round(said / total, 4) if total else None
            rows.append({"kind": str(kind), "attributions": len(of_kind), "words": said, "share": part})
    return rows


def _stances(
    sentences: Sequence[SentenceScore], targets: Sequence[Target], attributions: Sequence[Attribution]
) -> Iterable[dict[str, Any]]:
    """Stances without a side to them (unsure) are counted, and left out of the mean."""
    holders = _holders(attributions)
    found: defaultdict[tuple[str, str], Counter[StanceLabel]] = defaultdict(Counter)
    for sentence in sentences:
        for stance in sentence.stance:
            found[stance.target, holders.get(stance.holder, stance.holder)][stance.label] += 1
    names = {target.id: target.name for target in targets}
    order = {target.id: i for i, target in enumerate(targets)}
    speaking = {a.id: a.source for a in attributions}
    ranked = sorted(found.items(), key=lambda item: (order[item[0][0]], -item[1].total(), item[0][1]))
    for (target, holder), counts in ranked:
        source = speaking.get(holder)
        row: dict[str, Any] = {"target": target, "name": names[target], "holder": holder}
        row["holder_name"] = None if source is None else source.text
        row |= {str(label): counts[label] for label in StanceLabel}
        row |= dict(zip(("mean", "low", "high"), _mean(*(counts[label] for label in _SIDES)), strict=True))
        yield row


def _holders(attributions: Sequence[Attribution]) -> dict[str, str]:
    """Each attribution's id, and that of the first one of the same person or body.

    The same are sources of one entity, and those of the same name; a pronoun without an entity, or somebody unnamed,
    is nobody else.
    """
    first: dict[tuple[str, str], str] = {}
    holders = {}
    for attribution in attributions:
        source, key = attribution.source, ("id", attribution.id)
        if source is not None and source.entity is not None:
            key = ("entity", source.entity)
        elif source is not None and source.kind not in (SourceKind.PRONOUN, SourceKind.ANONYMOUS):
            key = ("name", source.text.casefold())
        holders[attribution.id] = first.setdefault(key, attribution.id)
    return holders


@lru_cache(maxsize=4096)
def _mean(against: int, neutral: int, favor: int) -> tuple[float | None, float | None, float | None]:
    """The mean side, and its 95 % percentile bootstrap interval; the seed is fixed, so that it is always the same.

    Drawing n stances with replacement is drawing their three counts from a multinomial distribution.
    """
    count = against + neutral + favor
    if count == 0:
        return None, None, None
    draws = np.random.default_rng(0).multinomial(count, np.array([against, neutral, favor]) / count, size=_RESAMPLES)
    means = np.sort((draws[:, 2] - draws[:, 0]) / count)
    low, high = _quantile(means, 0.025), _quantile(means, 0.975)
    return round((favor - against) / count, 4), round(low, 4), round(high, 4)


def _quantile(ordered: NDArray[np.float64], q: float) -> float:
    """`np.quantile` of sorted numbers, the same bits; its own first call imports a hundredth of a second of numpy."""
    at = q * (len(ordered) - 1)
    before = int(at)
    low, high, part = float(ordered[before]), float(ordered[min(before + 1, len(ordered) - 1)]), at - before
    return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)


def _strongest(sentences: Sequence[SentenceScore], names: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The sentences of highest probability for each finding."""
    rows: dict[str, list[tuple[float, int, list[str]]]] = {"hedged": [], "loaded": []}
    for s in sentences:
        if s.hedging.label is Hedging.HEDGED:
            rows["hedged"].append((s.hedging.p, s.index, [cue.text for cue in s.hedging.cues]))
        if s.wording.label is Wording.LOADED:
            rows["loaded"].append((s.wording.p, s.index, [word.text for word in s.wording.words]))
    for side in (StanceLabel.AGAINST, StanceLabel.FAVOR):
        taken = [(s, [x for x in s.stance if x.label is side]) for s in sentences]
        rows[str(side)] = [
            (max(x.p for x in xs), s.index, [x.text or names[x.target] for x in xs]) for s, xs in taken if xs
        ]
    return {
        name: [
            {"index": index, "p": round(float(p), 4), "reasons": reasons}
            for p, index, reasons in sorted(row, key=lambda r: (-r[0], r[1]))[:_STRONGEST]
        ]
        for name, row in rows.items()
    }
