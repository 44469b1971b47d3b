"""BABE, re-annotated: the label set of the Hugging Face release, with its fixed test set.

Horych et al. (2025). Train (train and dev of the release together) has outlet, article link and the words of the first
annotation; the test file has text and label alone, beside the predictions of three published models (columns `synth`,
`magpie`, `babe`; not read here). Labels differ from `babe_sg2` on a tenth of the shared sentences: never mix the two.
Words are from the first annotation, so 97 plain sentences have some. 21 words are not in their sentence; 328 rows were
added later and nobody marked words in them.

The test sentences have no document. Two of them differ from a train sentence in punctuation only; 406 are in `mbic`,
407 in `babe_sg1` and 890 in `babe_sg2`: compare by text before training on those and testing here.
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

FILES = {"train": "babe_train_dev_annomatic.csv", "test": "babe_test_annomatic.csv"}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield train, then test.

    Raises:
        BadRow: a label other than 0 and 1, or words that are no list.

    """
    for split, name in FILES.items():
        path = folder / "evaluation" / name
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            for index, row in enumerate(rows):
                if row["label"] not in ("0", "1"):
                    raise BadRow(path, rows.line_num, "label", "0 or 1", repr(row["label"]))
                outlet, topic = outlet_slug(row.get("outlet")), row.get("topic") or None
                doc = Document(row.get("news_link") or "", outlet, section=topic)
                words = parse_words(row.get("biased_words"), path, rows.line_num)
                yield wording_sentence(corpus, doc, index, row["text"], row["label"] == "1", words, split)
