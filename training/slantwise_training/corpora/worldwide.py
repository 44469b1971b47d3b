"""Worldwide English Newswire (Shan et al., 2023): names in 1,075 articles of local papers outside the West.

One file an article, a token and its tag a line. Traps: a file opens with the article's address, which the tokeniser
sometimes broke into pieces; a third column holds nested names ("China" in "Bank of China", "US" in "US$"), which are
left out; the splits are those of Stanza's seeded shuffle. NORP is a group, a facility a place; dates and money are
`other`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

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


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield every sentence, articles in the order of the split file.

    Raises:
        AskedWrong: an article of the split file is missing.

    """
    splits: dict[str, str] = json.loads((folder / "splits_stanza.json").read_text(encoding="utf-8"))
    for name, split in splits.items():
        path = folder / "processed_annotated" / name
        if not path.is_file():
            raise AskedWrong(f"the article {name}", f"no {path}", f"run `slantwise data fetch {corpus.name}`")
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


def _is_address(block: Block) -> bool:
    """The first line: an address or, once each, RTF debris and an address that the first sentence sticks to (kept)."""
    opens_so = block.line == 1 and block.rows[0][0].startswith(("http", "www", "{"))
    return opens_so and all(tag == "O" for tag in block.column(1))
