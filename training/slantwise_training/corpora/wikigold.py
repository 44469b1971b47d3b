"""Wikigold (Balasuriya et al., 2009): names in 145 Wikipedia articles; no split, all of it train.

Traps: IO tags (two names that touch are one span); `-DOCSTART-` closes an article; adjectives of nationality are
MISC.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.conll import bio_spans, join, mention_spans, read_blocks
from slantwise_training.corpora.manifest import Corpus

KINDS = {
    "PER": MentionKind.PERSON,
    "ORG": MentionKind.ORGANISATION,
    "LOC": MentionKind.PLACE,
    "MISC": MentionKind.OTHER,
}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield every sentence, article by article."""
    article = index = 0
    for block in read_blocks(folder / "CONLL-format" / "data" / "wikigold.conll.txt", separator=" "):
        if block.rows[0][0] == "-DOCSTART-":
            article, index = article + 1, 0
            continue
        doc = Document(id=f"wikigold-{article}")
        words = join(block.column(0))
        yield LabelledSentence(
            id=f"{doc.id}#{index}",
            doc=doc,
            index=index,
            text=words.text,
            lenses=(Lens.MENTIONS,),
            spans=mention_spans(words, bio_spans(block.column(1)), KINDS),
            exhaustive=(SpanLabel.MENTION,),
            corpus=corpus.name,
            licence=corpus.licence,
        )
        index += 1
