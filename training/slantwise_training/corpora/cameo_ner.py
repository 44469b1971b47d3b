"""CAMEO actors (ConfliBERT, Hu et al., 2022): who does what to whom in sentences of political news.

Source, target and related actors are all `actor` mentions, named or not: the role belongs to the event, which
slantwise does not label. Traps: only the coded event's actors are marked, so an unmarked actor is no negative; three
spans begin with I-.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slantwise.labels import Lens, MentionKind
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.conll import bio_spans, join, mention_spans, read_blocks
from slantwise_training.corpora.manifest import Corpus

KINDS = {"S": MentionKind.ACTOR, "T": MentionKind.ACTOR, "R": MentionKind.ACTOR}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield every sentence; the corpus does not say which share an article."""
    for split in ("train", "test"):
        for index, block in enumerate(read_blocks(folder / f"{split}.txt", separator=" ")):
            words = join(block.column(0), hyphens=True)
            yield LabelledSentence(
                id=f"cameo-{split}-{index}",
                doc=Document(id=f"cameo-{split}-{index}"),
                index=0,
                text=words.text,
                lenses=(Lens.MENTIONS,),
                spans=mention_spans(words, bio_spans(block.column(1)), KINDS),
                split=split,
                corpus=corpus.name,
                licence=corpus.licence,
            )
