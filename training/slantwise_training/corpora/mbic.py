"""MBIC: news sentences that crowd workers labelled biased by word choice, with the words they marked.

Spinde et al. (2021). The sentences of `babe_sg1` with a crowd's labels (66 % biased, experts say 48 %). 149 sentences
without agreement are left out. There is no split: "all". Document ids are article links; 406 of `babe_v2`'s test
sentences are here. The file is a workbook; every listed word is in its sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.loaded_words import outlet_slug, parse_words, wording_sentence
from slantwise_training.corpora.manifest import Corpus
from slantwise_training.corpora.spreadsheet import read_rows

__all__ = ["read"]

LABELS = {"Biased": True, "Non-biased": False, "No agreement": None}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield the sentences the crowd agreed on.

    Raises:
        BadRow: a label other than biased, non-biased and no agreement, or words that are no list.

    """
    path = folder / "data" / "labeled_dataset.xlsx"
    for index, row in enumerate(read_rows(path)):
        label = row.get("Label_bias", "")
        if label not in LABELS:
            raise BadRow(path, index + 2, "Label_bias", f"one of: {', '.join(LABELS)}", repr(label))
        is_loaded = LABELS[label]
        if is_loaded is None:
            continue
        doc = Document(row.get("news_link", ""), outlet_slug(row.get("outlet")), section=row.get("topic"))
        words = parse_words(row.get("biased_words4"), path, index + 2)
        yield wording_sentence(corpus, doc, index, row["sentence"], is_loaded, words, "all")
