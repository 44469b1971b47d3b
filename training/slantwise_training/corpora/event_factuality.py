"""UW event factuality (Lee et al., EMNLP 2015; as JSON lines by Jiang and de Marneffe, 2021): did a news event happen?

One record per sentence, one event span per rated word; `number` is the mean rating from -3 (certainly did not happen)
to 3 (certainly did). Splits `uw_train`, `uw_dev`, `uw_test`. It grades the hedging lens; there is no sentence label,
and the cues are not marked.

Traps: the text is tokenised (" 's", " ' ' ") and stays so, since the spans count its words. 61 to 65 % of the events
are 2.5 or above: report Pearson's r beside the error. 40 sentences of train repeat and 15 of dev are also in train;
test is clean. File and sentence do not lead back to an article.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slantwise.errors import BadRow
from slantwise.labels import Lens, SpanLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.manifest import Corpus

__all__ = ["read"]


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield one record per sentence of the UW news set.

    Raises:
        BadRow: an event whose words are not at its place, or a rating outside -3 to 3.

    """
    for part in ("train", "dev", "test"):
        path = folder / "glue_data" / "UW" / f"{part}.jsonl"
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = json.loads(line)
                name = f"uw_{part}-{number}"
                yield LabelledSentence(
                    id=name,
                    doc=Document(name),
                    index=0,
                    text=" ".join(row["text"].split()),
                    lenses=(Lens.HEDGING,),
                    spans=_events(path, number, row),
                    split=f"uw_{part}",
                    corpus=corpus.name,
                    licence=corpus.licence,
                )


def _events(path: Path, number: int, row: dict[str, Any]) -> tuple[Span, ...]:
    words = row["text"].split()
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)
    spans = []
    for order, event in enumerate(row["targets"], 1):
        first, after = event["span1"]
        surface = " ".join(words[first:after])
        if surface != event["span_text"] or not surface:
            raise BadRow(path, number, "targets", f"{event['span_text']!r} at word {first}", repr(surface))
        if not -3 <= event["label"] <= 3:
            raise BadRow(path, number, "targets", "a rating from -3 to 3", repr(event["label"]))
        start = starts[first]
        spans.append(Span(f"e{order}", SpanLabel.EVENT, start, start + len(surface), surface, number=event["label"]))
    return tuple(spans)
