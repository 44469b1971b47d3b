"""Propaganda Techniques Corpus: articles with character spans of eighteen techniques; Loaded_Language is read.

Da San Martino et al. (2019), with the gold test labels. The articles have one sentence a line: a record per line that
is not blank, `index` the line from 0. A span over several lines (21 of 2,547) is cut at their ends, so spans of records
are more than the corpus's. A line is loaded when it holds part of a span; other techniques, name calling among them,
leave it plain. The outlets are heavily propagandist: base rates are not those of ordinary news.
Lines of nothing but a byte order mark (7 train, 1 dev, 2 test) count as blank.

Offsets count the byte order mark that two articles begin with. One train span begins after its article's end and is
left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import Lens, SpanLabel, Task
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.manifest import Corpus
from slantwise_training.corpora.rewriting import squeeze

__all__ = ["read"]

TECHNIQUE = "Loaded_Language"
PAST_THE_END = {("776368676", 4187)}
"""Spans known to begin after their article's end, by article and start."""


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield the lines of train, dev and test articles.

    Raises:
        BadRow: a label row that is not article, technique, start and end, or a span outside its article.

    """
    for split in ("train", "dev", "test"):
        for path in sorted((folder / "protechn_corpus_eval" / split).glob("article*.txt")):
            yield from _article(path, split, corpus)


def _article(path: Path, split: str, corpus: Corpus) -> Iterator[LabelledSentence]:
    text = path.read_bytes().decode("utf-8")
    number = path.stem.removeprefix("article")
    spans = _spans(path.with_suffix(".labels.tsv"), number, len(text))
    start = 0
    for index, line in enumerate(text.split("\n")):
        end = start + len(line)
        blanked = line.replace("\ufeff", " ")
        if blanked.strip():
            inside = [(max(s, start) - start, min(e, end) - start) for s, e in spans if s < end and e > start]
            yield _sentence(corpus, Document(f"ptc-{number}"), index, blanked, inside, split)
        start = end + 1


def _spans(path: Path, article: str, length: int) -> list[tuple[int, int]]:
    spans = []
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        fields = row.split("\t")
        if len(fields) != 4 or not (fields[2] + fields[3]).isdecimal():
            raise BadRow(path, number, "row", "article, technique, start, end", repr(row[:60]))
        technique, start, end = fields[1], int(fields[2]), int(fields[3])
        if technique != TECHNIQUE or (article, start) in PAST_THE_END:
            continue
        if not start < end <= length:
            raise BadRow(path, number, "start and end", f"a span in 0..{length}", f"{start}..{end}")
        spans.append((start, end))
    return spans


def _sentence(
    corpus: Corpus, doc: Document, index: int, line: str, inside: list[tuple[int, int]], split: str
) -> LabelledSentence:
    rewritten = squeeze(line)
    stretches = sorted({rewritten.move(start, end) for start, end in inside if line[start:end].strip()})
    return LabelledSentence(
        id=f"{doc.id}#{index}",
        doc=doc,
        index=index,
        text=rewritten.text,
        lenses=(Lens.WORDING,),
        labels={Task.WORDING: "loaded" if stretches else "plain"},
        spans=tuple(
            Span(f"{index}-l{order}", SpanLabel.LOADED, start, end, rewritten.text[start:end])
            for order, (start, end) in enumerate(stretches, start=1)
        ),
        exhaustive=(SpanLabel.LOADED,),
        split=split,
        corpus=corpus.name,
        licence=corpus.licence,
    )
