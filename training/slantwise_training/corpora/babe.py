"""BABE: news sentences that trained experts labelled biased by word choice, with the words.

Spinde et al. (2021). `babe_sg1` is 1,700 sentences by eight experts, `babe_sg2` 3,674 by five. SG2 holds almost all of
SG1 with labels of its own (read one or the other), and 890 of `babe_v2`'s 1,000 test sentences. Sentences on which the
experts did not agree are left out: 154 in SG1, 1 in SG2. There is no split: "all". The published numbers are stratified
5-fold cross-validation; the document id is the article's link, so that folds can be grouped (28 and 32 rows have no
link and are documents of their own). An outlet look-up beats TF-IDF on the text: leave outlets out.

The CSV has a byte order mark and semicolons. Of the listed words 6 of SG1 and 31 of SG2 are not in their sentence.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.loaded_words import outlet_slug, parse_words, wording_sentence
from slantwise_training.corpora.manifest import Corpus

__all__ = ["read"]

LABELS = {"Biased": True, "Non-biased": False, "No agreement": None}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield the sentences of one subset.

    Raises:
        BadRow: a label other than biased, non-biased and no agreement, or words that are no list.

    """
    path = folder / "data" / f"final_labels_{corpus.name.removeprefix('babe_').upper()}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter=";", strict=True)
        for index, row in enumerate(rows):
            if row["label_bias"] not in LABELS:
                raise BadRow(path, rows.line_num, "label_bias", f"one of: {', '.join(LABELS)}", repr(row["label_bias"]))
            is_loaded = LABELS[row["label_bias"]]
            if is_loaded is None:
                continue
            doc = Document(row["news_link"], outlet_slug(row["outlet"]), section=row["topic"] or None)
            words = parse_words(row["biased_words"], path, rows.line_num)
            yield wording_sentence(corpus, doc, index, row["text"], is_loaded, words, "all")
