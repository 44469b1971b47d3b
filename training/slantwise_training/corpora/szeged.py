"""Szeged Uncertainty Corpus: semantic hedge cues with their kind, in Wikipedia, biomedical text and FactBank's news.

Szarvas et al. (2012). A sentence is hedged when it holds a cue, and every cue is marked. Three names share this reader:
`szeged_wiki`, `szeged_bio` and `szeged_factbank`. The files are JSON lines prepared from the XML; the train/test split
is by document and is the one BERTweet-Hedge was trained and tested on. FactBank's text is newswire under terms of its
own, so all of it is "test": evaluation only. There, 110 cues also say how certain ("possible"); no other part has that,
and it is not read.

Wikipedia documents are numbered as in `conll2010_wiki` ("wikipedia-17" is the same article in both), so that no article
is trained on in one corpus and tested on in the other. Text is detokenised as there; in FactBank that takes out the
spaces around annotated events, before punctuation too, which give the label away (double spaces are in 98 % of hedged
sentences and in 22 % of the others). Two blank sentences of `szeged_bio`, both train, are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slantwise.errors import BadRow
from slantwise.labels import HedgeKind, Lens, SpanLabel, Task
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.manifest import Corpus
from slantwise_training.corpora.rewriting import Rewriting, detokenise

__all__ = ["read"]

KINDS = {
    "epistemic": HedgeKind.EPISTEMIC,
    "doxastic": HedgeKind.DOXASTIC,
    "condition": HedgeKind.CONDITIONAL,
    "investigation": HedgeKind.INVESTIGATIVE,
}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield one part of the corpus, in its order; documents are contiguous.

    Raises:
        BadRow: a cue of an unknown kind.

    """
    part = corpus.name.removeprefix("szeged_")
    path = folder / f"{part}.jsonl"
    document, index = "", 0
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = json.loads(line)
            name = f"wikipedia-{row['doc_no']}" if part == "wiki" else f"{corpus.name}-{row['doc']}"
            document, index = name, index + 1 if name == document else 0
            rewritten = detokenise(row["text"])
            if not rewritten.text:
                continue
            spans = tuple(_cues(row, rewritten, path, number))
            yield LabelledSentence(
                id=f"{document}#{index}",
                doc=Document(document),
                index=index,
                text=rewritten.text,
                lenses=(Lens.HEDGING,),
                labels={Task.HEDGING: "hedged" if spans else "asserted"},
                spans=spans,
                exhaustive=(SpanLabel.HEDGE,),
                split=row.get("split", "test"),
                corpus=corpus.name,
                licence=corpus.licence,
            )


def _cues(row: dict[str, Any], rewritten: Rewriting, path: Path, number: int) -> Iterator[Span]:
    for order, (kind, start, end, *_) in enumerate(row["cues"], start=1):
        if kind not in KINDS:
            raise BadRow(path, number, "cues", f"a kind of: {', '.join(KINDS)}", repr(kind))
        first, last = rewritten.move(start, end)
        text = rewritten.text[first:last]
        yield Span(f"{row['sid']}-h{order}", SpanLabel.HEDGE, first, last, text, KINDS[kind])
