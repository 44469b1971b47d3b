"""Article-Bias-Prediction: news articles with the political side AllSides gives their outlet.

Baly et al. (2020). One record per article: its first 1,200 characters, without the headline. The label is in practice
the outlet's (97 %), and a left or right text is not thereby loaded, so records list no lens; the text serves as
unlabelled news. The splits are the published split by media; articles in none of its files are "unused". The outlet is
the source name as published: 426 of the 1,300 test articles carry a name that is in train too, and a simple classifier
is much better on these than on the other 874: report the 874.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import Task
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.manifest import Corpus

__all__ = ["read"]

SPLITS = {"train": "train", "valid": "dev", "test": "test", None: "unused"}
LABELS = ("left", "centre", "right")


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield the articles in file order, decompressing as it goes.

    Raises:
        BadRow: a label other than 0, 1 and 2, or an unknown split.

    """
    path = folder / "abp_all_first1200chars.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = json.loads(line)
            if row["bias"] not in range(len(LABELS)):
                raise BadRow(path, number, "bias", "0, 1 or 2", repr(row["bias"]))
            if row["split_media"] not in SPLITS:
                raise BadRow(path, number, "split_media", "train, valid, test or null", repr(row["split_media"]))
            yield LabelledSentence(
                id=row["ID"],
                doc=Document(row["ID"], row["source"], _iso_date(row["date"]), row["topic"]),
                index=0,
                text=row["text"].strip(),
                lenses=(),
                labels={Task.LEANING: LABELS[row["bias"]]},
                split=SPLITS[row["split_media"]],
                corpus=corpus.name,
                licence=corpus.licence,
            )


def _iso_date(date: str) -> str | None:
    """The date where it is an ISO date; 37 are written another way, and 4,407 are missing."""
    return date if re.fullmatch(r"\d{4}-\d\d-\d\d", date) else None
