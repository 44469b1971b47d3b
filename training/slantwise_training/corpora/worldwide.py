"""Worldwide English Newswire (Shan et al., 2023): names in 1,075 articles of local papers outside the West.

One file an article, a token and its tag a line. Traps: a file opens with the article's address, which the tokeniser
sometimes broke into pieces; a third column holds nested names ("China" in "Bank of China", "US" in "US$"), which are
left out; the splits are those of Stanza's seeded shuffle. NORP is a group, a facility a place; dates and money are
`other`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from slantwise.errors import AskedWrong
from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.conll import Block, bio_spans, join, mention_spans, read_blocks
from slantwise_training.corpora.manifest import Corpus

KINDS = {
    "Person": MentionKind.PERSON,
    "Organization": MentionKind.ORGANISATION,
    "Location": MentionKind.PLACE,
    "Facility": MentionKind.PLACE,
    "NORP": MentionKind.GROUP,
    "Misc": MentionKind.OTHER,
    "Product": MentionKind.OTHER,
    "Date": MentionKind.OTHER,
    "Money": MentionKind.OTHER,
}


ARTICLES, TRAIN, DEV = 1075, 745, 100
"""How many articles there are, and of these in train and dev; the rest are test."""


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield every sentence, articles in the order of their names.

    Raises:
        AskedWrong: articles are missing, without which the split would shift.

    """
    paths = sorted((folder / "processed_annotated").glob("*.txt.tsv"))
    if len(paths) != ARTICLES:
        found = f"{len(paths)} in {folder}"
        raise AskedWrong(f"{ARTICLES} articles of {corpus.name}", found, f"run `slantwise data fetch {corpus.name}`")
    splits = _splits([path.name for path in paths])
    for path in paths:
        name, split = path.name, splits[path.name]
        doc = Document(id=name.removesuffix(".txt.tsv"), outlet=name.rpartition("_")[0] or None)
        blocks = (block for block in read_blocks(path) if not _is_address(block))
        for index, block in enumerate(blocks):
            words = join(block.column(0), hyphens=True)
            yield LabelledSentence(
                id=f"{doc.id}#{index}",
                doc=doc,
                index=index,
                text=words.text,
                lenses=(Lens.MENTIONS,),
                spans=mention_spans(words, bio_spans(block.column(1)), KINDS),
                exhaustive=(SpanLabel.MENTION,),
                split=split,
                corpus=corpus.name,
                licence=corpus.licence,
            )


def _splits(names: Sequence[str]) -> dict[str, str]:
    """Split as Stanza does: in the order of a random number, seeded with the name of its own copy of the file."""
    shuffled = sorted(names, key=lambda name: Random(name.replace(".txt.tsv", ".txt.4class.tsv")).random())
    train, dev = shuffled[:TRAIN], shuffled[TRAIN : TRAIN + DEV]
    return dict.fromkeys(names, "test") | dict.fromkeys(train, "train") | dict.fromkeys(dev, "dev")


def _is_address(block: Block) -> bool:
    """The first line: an address or, once each, RTF debris and an address that the first sentence sticks to (kept)."""
    opens_so = block.line == 1 and block.rows[0][0].startswith(("http", "www", "{"))
    return opens_so and all(tag == "O" for tag in block.column(1))
