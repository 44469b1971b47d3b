"""Broad Twitter Corpus (Derczynski et al., 2016): persons, organisations and places in tweets, six sections.

The section is the split, for none is published: g is mainstream news, f well-known accounts, e the loss of MH17, a, b
and h everyone else. Traps: 2,138 tweets of g are here (the README's 2,351 counts deleted ones); four tokens of h are
empty (lost emoji); names inside hashtags and @-handles are marked, with their # or @.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.conll import bio_spans, join, mention_spans, read_blocks
from slantwise_training.corpora.manifest import Corpus

SECTIONS = {"a": "general", "b": "general", "e": "mh17", "f": "twitterati", "g": "news", "h": "general"}
KINDS = {"PER": MentionKind.PERSON, "ORG": MentionKind.ORGANISATION, "LOC": MentionKind.PLACE}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield every tweet as one record, section by section."""
    for split, section in SECTIONS.items():
        for index, block in enumerate(read_blocks(folder / "CONLL-format" / "data" / f"{split}.conll")):
            words = join(block.column(0))
            yield LabelledSentence(
                id=f"btc-{split}-{index}",
                doc=Document(id=f"btc-{split}-{index}", section=section),
                index=0,
                text=words.text,
                lenses=(Lens.MENTIONS,),
                spans=mention_spans(words, bio_spans(block.column(1)), KINDS),
                exhaustive=(SpanLabel.MENTION,),
                split=split,
                corpus=corpus.name,
                licence=corpus.licence,
            )
