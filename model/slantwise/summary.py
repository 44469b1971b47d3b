"""An article in numbers with their intervals: never one magic score."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Any

import numpy as np

from slantwise.labels import Hedging, SourceKind, StanceLabel, Wording
from slantwise.score import AUTHOR, Attribution, SentenceScore, Target

__all__ = ["share", "summarise"]

_Z = 1.959964
_STRONGEST = 3
_RESAMPLES = 1000
_SIDES = {StanceLabel.AGAINST: -1.0, StanceLabel.NEUTRAL: 0.0, StanceLabel.FAVOR: 1.0}


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
    sentences: Sequence[SentenceScore], attributions: Sequence[Attribution], targets: Sequence[Target]
) -> dict[str, Any]:
    """The summary of an article's score.

    `voices`: of the author and of all sources together, words, sentences, and the shares of hedged and loaded ones.
    `attributed`: sentences that hold a source's words. `anonymous`: attributions to nobody named. `sources`: by kind,
    how often and how many words. `stance`: per target and holder, counts, and the mean from -1 (against) to 1 (favor)
    with a bootstrap interval. `strongest`: the indexes of the most telling sentences of each lens.
    """
    speaking = {a.id: a for a in attributions}
    words = Counter[str]()
    for sentence in sentences:
        words[sentence.voice] += len(sentence.text.split())
    total = sum(words.values())
    named = [a for a in attributions if a.source is not None]
    anonymous = sum(a.source.kind is SourceKind.ANONYMOUS for a in named if a.source)
    return {
        "sentences": len(sentences),
        "words": total,
        "voices": {
            "author": _voice((s for s in sentences if s.voice == AUTHOR), words[AUTHOR]),
            "sources": _voice((s for s in sentences if s.voice != AUTHOR), total - words[AUTHOR]),
        },
        "attributed": share(sum(s.voice != AUTHOR for s in sentences), len(sentences)),
        "anonymous": share(anonymous, len(named)),
        "sources": _sources(named, words, total),
        "stance": list(_stances(sentences, targets, speaking)),
        "strongest": _strongest(sentences),
    }


def _voice(sentences: Iterable[SentenceScore], words: int) -> dict[str, Any]:
    spoken = list(sentences)
    hedged = sum(s.hedging.label is Hedging.HEDGED for s in spoken)
    loaded = sum(s.wording.label is Wording.LOADED for s in spoken)
    return {
        "words": words,
        "sentences": len(spoken),
        "hedged": share(hedged, len(spoken)),
        "loaded": share(loaded, len(spoken)),
    }


def _sources(named: Sequence[Attribution], words: Counter[str], total: int) -> list[dict[str, Any]]:
    rows = []
    for kind in SourceKind:
        of_kind = [a for a in named if a.source and a.source.kind is kind]
        if of_kind:
            said = sum(words[a.id] for a in of_kind)
            part = round(said / total, 4) if total else None
            rows.append({"kind": str(kind), "attributions": len(of_kind), "words": said, "share": part})
    return rows


def _stances(
    sentences: Sequence[SentenceScore], targets: Sequence[Target], speaking: dict[str, Attribution]
) -> Iterable[dict[str, Any]]:
    """Stances without a side to them (unsure) are counted, and left out of the mean."""
    found: defaultdict[tuple[str, str], list[StanceLabel]] = defaultdict(list)
    for sentence in sentences:
        for stance in sentence.stance:
            found[stance.target, stance.holder].append(stance.label)
    names = {target.id: target.name for target in targets}
    order = {target.id: i for i, target in enumerate(targets)}
    ranked = sorted(found.items(), key=lambda item: (order[item[0][0]], -len(item[1]), item[0][1]))
    for (target, holder), labels in ranked:
        source = speaking[holder].source if holder in speaking else None
        sides = np.array([_SIDES[label] for label in labels if label in _SIDES])
        row: dict[str, Any] = {"target": target, "name": names[target], "holder": holder}
        row["holder_name"] = None if holder == AUTHOR or source is None else source.text
        row |= {str(label): labels.count(label) for label in StanceLabel}
        row |= {"mean": None, "low": None, "high": None}
        if len(sides):
            low, high = _bootstrap(sides)
            row |= {"mean": round(float(sides.mean()), 4), "low": low, "high": high}
        yield row


def _bootstrap(sides: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float]:
    """The 95 % percentile interval of the mean; the seed is fixed, so that an article always gets the same one."""
    draws = np.random.default_rng(0).integers(len(sides), size=(_RESAMPLES, len(sides)))
    low, high = np.percentile(sides[draws].mean(axis=1), [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def _strongest(sentences: Sequence[SentenceScore]) -> dict[str, list[int]]:
    hedged = [(s.hedging.p, s.index) for s in sentences if s.hedging.label is Hedging.HEDGED]
    loaded = [(s.wording.p, s.index) for s in sentences if s.wording.label is Wording.LOADED]
    rows = {"hedged": hedged, "loaded": loaded}
    for side in (StanceLabel.AGAINST, StanceLabel.FAVOR):
        rows[str(side)] = [
            (max(x.p for x in s.stance if x.label is side), s.index)
            for s in sentences
            if any(x.label is side for x in s.stance)
        ]
    return {name: [i for _, i in sorted(row, key=lambda r: (-r[0], r[1]))[:_STRONGEST]] for name, row in rows.items()}
