"""CheckThat! 2025 task 1, English: does a news sentence give its author's view?

Opinions that the sentence attributes to somebody else are objective by the guidelines. The sentences come without
article or outlet: each is a document of its own. `dev` and `dev_test` are earlier editions' dev and test sets. The task
is no lens of ours, so records list none. Fields that hold quote marks are quoted as in CSV and unquoted here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import Task
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.manifest import Corpus

__all__ = ["read"]

FILES = {"train": "train_en", "dev": "dev_en", "dev_test": "dev_test_en", "test": "test_en_labeled"}
LABELS = {"OBJ": "objective", "SUBJ": "subjective"}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield train, dev, dev_test and test.

    Raises:
        BadRow: a label other than OBJ and SUBJ.

    """
    for split, name in FILES.items():
        path = folder / "data" / "english" / f"{name}.tsv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", strict=True)
            for row in rows:
                if row["label"] not in LABELS:
                    raise BadRow(path, rows.line_num, "label", f"one of: {', '.join(LABELS)}", repr(row["label"]))
                yield LabelledSentence(
                    id=row["sentence_id"],
                    doc=Document(row["sentence_id"]),
                    index=0,
                    text=" ".join(row["sentence"].split()),
                    lenses=(),
                    labels={Task.SUBJECTIVITY: LABELS[row["label"]]},
                    split=split,
                    corpus=corpus.name,
                    licence=corpus.licence,
                )
