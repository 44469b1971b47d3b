"""Anno-lexical: news sentences that three language models labelled biased by word choice (majority).

Horych et al. (2025). Silver labels: they call praise and promotion biased too. Sentence and outlet only, no article, so
each sentence is a document of its own; no sentence is in two splits, and none is in `babe_v2`'s test set.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import TASK_LABELS, Lens, Task
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.loaded_words import outlet_slug
from slantwise_training.corpora.manifest import Corpus

__all__ = ["read"]


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield train, dev and test.

    Raises:
        BadRow: a label other than 0 and 1.

    """
    import pyarrow.parquet

    for split in ("train", "dev", "test"):
        path = folder / "annomatic-dataset" / "data" / "training" / f"anno-lexical-{split}.parquet"
        for index, row in enumerate(pyarrow.parquet.read_table(path).to_pylist()):
            if row["label"] not in (0, 1):
                raise BadRow(path, index + 1, "label", "0 or 1", repr(row["label"]))
            yield LabelledSentence(
                id=f"{corpus.name}-{row['sentence_id']}",
                doc=Document(row["sentence_id"], outlet_slug(row["source_name"])),
                index=0,
                text=" ".join(row["text"].split()),
                lenses=(Lens.WORDING,),
                labels={Task.WORDING: TASK_LABELS[Task.WORDING][row["label"]]},
                annotator="llm-majority",
                split=split,
                corpus=corpus.name,
                licence=corpus.licence,
            )
