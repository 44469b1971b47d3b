"""MEANTIME, English (Minard et al., 2016): entities of Wikinews on Airbus, Apple, General Motors and the stock market.

`entity` is the chain's id, which also holds across documents. Kinds by the head: a pronoun or proper noun by its
(automatic) part of speech, any other word is a name where it has a capital that its place does not explain; products
and sums of money are `other`; a nationality by the automatic name tagger is a group. Traps: every entity is marked in
the headline, the date line and the four sentences after them; past those only mentions of a few chosen entities are,
so there an unmarked word is no negative. 14 documents have no mention at all and are left out. Mentions nest, and two
pairs cross; of the seven broken ones the piece with the head is kept.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.conll import Words, join, read_blocks
from slantwise_training.corpora.manifest import Corpus
from slantwise_training.corpora.mentions import Form, form_of, kind_of

TYPES = {
    "PERSON": MentionKind.PERSON,
    "ORGANIZATION": MentionKind.ORGANISATION,
    "LOCATION": MentionKind.PLACE,
    "PRODUCT": MentionKind.OTHER,
    "FINANCE": MentionKind.OTHER,
}
FORMS = {"PROPN": Form.NAMED, "PRON": Form.PRONOUN}
FULLY_ANNOTATED = 6
"""Sentences from the headline on in which every entity is marked."""


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield every sentence of the documents that have mentions; no split is published, all of it is train."""
    data = folder / "output_data" / "en"
    mentions: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for mention in json.loads((data / "entities_mentions.json").read_text(encoding="utf-8")):
        mentions[mention["conll_doc_key"], mention["sent_id"]].append(mention)
    lower_words: dict[str, set[str]] = defaultdict(set)
    for block in read_blocks(data / "meantime.conll", columns=4, comment="#"):
        lower_words[block.rows[0][0]].update(token for token in block.column(3) if token.islower())
    annotated = {document for document, _ in mentions}
    for block in read_blocks(data / "meantime.conll", columns=4, comment="#"):
        document, index = block.rows[0][0], int(block.rows[0][1])
        if document not in annotated:
            continue
        words = join(block.column(3))
        topic = document.partition("/")[0].removeprefix("corpus_")
        yield LabelledSentence(
            id=f"{document}#{index}",
            doc=Document(id=document, outlet="Wikinews", section=topic),
            index=index,
            text=words.text,
            lenses=(Lens.MENTIONS,),
            spans=_spans(words, mentions[document, index], lower_words[document]),
            exhaustive=(SpanLabel.MENTION,) if index < FULLY_ANNOTATED else (),
            corpus=corpus.name,
            licence=corpus.licence,
        )


def _spans(words: Words, mentions: Sequence[Mapping[str, Any]], lower_words: set[str]) -> tuple[Span, ...]:
    spans = []
    for number, mention in enumerate(sorted(mentions, key=lambda m: m["tokens_number"]), 1):
        head = mention["mention_head_id"]
        first, last = _piece(mention["tokens_number"], head)
        start, end = words.starts[first], words.ends[last]
        guess = form_of([mention["mention_head"]], lower_words, first=head == 0)
        form = FORMS.get(mention["mention_head_pos"], guess)
        kind = kind_of(TYPES[mention["mention_full_type"]], form)
        if mention["mention_ner"] == "NORP" and first == last:
            kind = MentionKind.GROUP
        text = words.text[start:end]
        spans.append(Span(f"m{number}", SpanLabel.MENTION, start, end, text, kind, mention["coref_chain"]))
    return tuple(spans)


def _piece(tokens: Sequence[int], head: int) -> tuple[int, int]:
    """First and last token of the unbroken run that holds the head."""
    kept = set(tokens)
    anchor = head if head in kept else tokens[-1]
    first = last = anchor
    while first - 1 in kept:
        first -= 1
    while last + 1 in kept:
        last += 1
    return first, last
