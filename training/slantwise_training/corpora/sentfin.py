"""SEntFiN 1.0 (Sinha et al., 2022): business headlines, and whether the news is good or bad for each entity.

Indian headlines: one record each, one target per entity, held by the author. No split: `all`. 14,405 targets; the 13
rows in which an entity holds an apostrophe, which break a Python parser, are among them.

Traps: "positive" means good for the company, not the writer's liking. A search-and-replace of upstream turned "hold",
"sell" and "buy" inside 19 names into neutral, negative and positive ("Holdings" became "neutralings"): undone here. A
name is marked where it stands as a word of its own, outside longer names, else at its first occurrence. 67 headlines
repeat.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import Lens, SpanLabel, StanceLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.manifest import Corpus

__all__ = ["read"]

STANCES = {"negative": StanceLabel.AGAINST, "neutral": StanceLabel.NEUTRAL, "positive": StanceLabel.FAVOR}
DECISION = re.compile(r"(['\"])(.+?)\1: '(positive|neutral|negative)'(?=[,}])")
REPLACED = {"neutral": "hold", "negative": "sell", "positive": "buy"}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield one record per headline.

    Raises:
        BadRow: a row without a decision, or an entity that is not in its headline.

    """
    path = folder / "SEntFiN.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        for row in rows:
            title, decisions = row["Title"], {m[2]: m[3] for m in DECISION.finditer(row["Decisions"])}
            spans = _targets(title, decisions)
            if spans is None or not decisions:
                raise BadRow(path, rows.line_num, "Decisions", f"entities of {title!r}", row["Decisions"])
            number = row["S No."]
            yield LabelledSentence(
                id=f"sentfin-{number}",
                doc=Document(f"sentfin-{number}", section="business"),
                index=0,
                text=title,
                lenses=(Lens.STANCE,),
                spans=spans,
                split="all",
                corpus=corpus.name,
                licence=corpus.licence,
            )


def _targets(title: str, decisions: Mapping[str, str]) -> tuple[Span, ...] | None:
    """The entities' spans in text order; None where one is not to be found. Long names choose their place first."""
    taken: list[tuple[int, int]] = []
    spans = []
    for name in sorted(decisions, key=len, reverse=True):
        pattern = re.escape(name.strip())
        place = _place(title, pattern, taken) or _place(title, _restored(pattern), taken)
        if place is None:
            return None
        taken.append(place)
        spans.append((place, STANCES[decisions[name]]))
    return tuple(
        Span(f"t{number}", SpanLabel.TARGET, start, end, title[start:end], stance)
        for number, ((start, end), stance) in enumerate(sorted(spans, key=lambda span: span[0]), 1)
    )


def _place(title: str, pattern: str, taken: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Where the name stands: best as a word outside the places taken, then inside a word, then anywhere."""
    found = [match.span() for match in re.finditer(pattern, title)]
    free = [(a, b) for a, b in found if all(b <= start or end <= a for start, end in taken)]
    whole = [(a, b) for a, b in free if not (title[a - 1 : a].isalnum() or title[b : b + 1].isalnum())]
    return next(iter(whole or free or found), None)


def _restored(pattern: str) -> str:
    for wrong, right in REPLACED.items():
        pattern = pattern.replace(wrong, f"(?i:{right})")
    return pattern
