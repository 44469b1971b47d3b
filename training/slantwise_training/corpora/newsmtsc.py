"""NewsMTSC (Hamborg and Donnay, EACL 2021): the author's attitude towards a person mentioned in a news sentence.

One record per mention, as the published numbers count them; mentions of one sentence share its text, document and
index. No holder link: raters judged the author. Splits: `train`, and `dev_rw`, `test_rw` (classes as in the news),
`dev_mt`, `test_mt` (sentences with two or more targets). The two copies of the train file are the same: one is read.

Traps: persons only. The cut is by sentence, not by article: 343 of the 726 articles of test_rw and 226 of the 485 of
test_mt also have sentences in train, and so do 3 sentences of test_rw and 2 of test_mt. 160 of the 11,361 mentions
(123 in train) carry a stray quote mark, dash, bullet or bracket at an end: trimmed here, so those targets differ from
the file's `from` and `to`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slantwise.errors import BadRow
from slantwise.labels import Lens, SpanLabel, StanceLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.bounds import trimmed
from slantwise_training.corpora.manifest import Corpus

__all__ = ["read"]

FILES = {
    "train": "mt-hf/train.jsonl",
    "dev_rw": "rw-hf/dev.jsonl",
    "test_rw": "rw-hf/test.jsonl",
    "dev_mt": "mt-hf/dev.jsonl",
    "test_mt": "mt-hf/test.jsonl",
}
STANCES = {-1: StanceLabel.AGAINST, 0: StanceLabel.NEUTRAL, 1: StanceLabel.FAVOR}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield one record per labelled mention.

    Raises:
        BadRow: a polarity other than -1, 0, 1, or a mention that is not at its offsets.

    """
    for split, name in FILES.items():
        with (folder / name).open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                yield _record(json.loads(line), split, corpus, folder / name, number)


def _record(row: dict[str, Any], split: str, corpus: Corpus, path: Path, number: int) -> LabelledSentence:
    text, start, end = row["sentence"], row["from"], row["to"]
    if text[start:end] != row["mention"]:
        raise BadRow(path, number, "mention", f"{row['mention']!r} at {start}..{end}", repr(text[start:end]))
    if row["polarity"] not in STANCES:
        raise BadRow(path, number, "polarity", "-1, 0 or 1", repr(row["polarity"]))
    # An id is source_article_part_sentence_mention_from_to; the source `polusa_v1` holds an underscore of its own.
    source, _, rest = row["id"].partition("_v1_") if row["id"].startswith("polusa") else row["id"].partition("_")
    article, part, index = rest.split("_")[:3]
    start, end = trimmed(text, start, end)
    target = Span(f"{index}.{start}-{end}", SpanLabel.TARGET, start, end, text[start:end], STANCES[row["polarity"]])
    return LabelledSentence(
        id=row["id"],
        doc=Document(f"{source}_{article}_{part}"),
        index=int(index),
        text=text,
        lenses=(Lens.STANCE,),
        spans=(target,),
        split=split,
        corpus=corpus.name,
        licence=corpus.licence,
    )
