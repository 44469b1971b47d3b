"""WNUT 2017 (Derczynski et al., 2017): rare and emerging names in tweets, forum and video comments.

Trap: its `group` is a band, a team or another body that is no company, so an organisation here; nationalities are
unmarked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.conll import bio_spans, join, mention_spans, read_blocks
from slantwise_training.corpora.manifest import Corpus

FILES = {
    "train": "train/wnut17train.conll",
    "dev": "dev/emerging.dev.conll",
    "test": "test/emerging.test.annotated",
}
KINDS = {
    "person": MentionKind.PERSON,
    "corporation": MentionKind.ORGANISATION,
    "group": MentionKind.ORGANISATION,
    "location": MentionKind.PLACE,
    "product": MentionKind.OTHER,
    "creative-work": MentionKind.OTHER,
}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield every post as one record."""
    for split, name in FILES.items():
        for index, block in enumerate(read_blocks(folder / "CONLL-format" / "data" / name)):
            words = join(block.column(0))
            yield LabelledSentence(
                id=f"wnut17-{split}-{index}",
                doc=Document(id=f"wnut17-{split}-{index}"),
                index=0,
                text=words.text,
                lenses=(Lens.MENTIONS,),
                spans=mention_spans(words, bio_spans(block.column(1)), KINDS),
                exhaustive=(SpanLabel.MENTION,),
                split=split,
                corpus=corpus.name,
                licence=corpus.licence,
            )
