"""FinEntity (Tang et al., EMNLP 2023): financial news, and for each entity span whether the news is good or bad for it.

One record per text (one to a few sentences), one target per span, held by the author. No split: `all`.

Traps: 70 of 2,131 spans lie a few characters off, mostly where upstream lost characters of another alphabet: each is
moved to the nearest occurrence of its own name. Three spans are marked twice, one of them as neutral and as positive.
11 texts repeat.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from slantwise.errors import BadRow
from slantwise.labels import Lens, SpanLabel, StanceLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.manifest import Corpus

__all__ = ["read"]

STANCES = {"Negative": StanceLabel.AGAINST, "Neutral": StanceLabel.NEUTRAL, "Positive": StanceLabel.FAVOR}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield one record per text.

    Raises:
        BadRow: an entity that is nowhere in its text (the line is the text's number in the file).

    """
    path = folder / "FinEntity.json"
    for number, row in enumerate(json.loads(path.read_text(encoding="utf-8")), 1):
        text = row["content"]
        marks = sorted(row["annotations"], key=lambda mark: (mark["start"], mark["end"]))
        yield LabelledSentence(
            id=f"finentity-{number}",
            doc=Document(f"finentity-{number}", section="business"),
            index=0,
            text=text,
            lenses=(Lens.STANCE,),
            spans=tuple(_target(path, number, order, text, mark) for order, mark in enumerate(marks, 1)),
            split="all",
            corpus=corpus.name,
            licence=corpus.licence,
        )


def _target(path: Path, number: int, order: int, text: str, mark: Mapping[str, Any]) -> Span:
    name, wanted = mark["value"], mark["start"]
    starts = [match.start() for match in re.finditer(re.escape(name), text)]
    if not starts:
        raise BadRow(path, number, "value", f"{name!r} in the text", "no such words")
    start = min(starts, key=lambda at: abs(at - wanted))
    return Span(f"t{order}", SpanLabel.TARGET, start, start + len(name), name, STANCES[mark["label"]])
