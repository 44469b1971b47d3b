"""PolNeAR (Newell et al., LREC 2018): who said or thought what in US political news, as source, cue and content spans.

One record per sentence, of the corpus's own split by time (dev and test are the last two months of twelve): 29,526,
3,106 and 3,022 sentences. Cue and content are linked to the source, the content to the cue where no source is named.
A span whose annotation has several stretches (15 % of content), or runs over several sentences, becomes one span per
stretch and sentence, ids `T7`, `T7.2`, ...; each links to the first part of its source, which may be in another
sentence. All three labels are exhaustive: a word without one is nobody's source, cue or content.

What a source is called by is not annotated: no value. Nor is quotation: it is derived here from the quote marks in
and right around the whole content. Annotations "Discard" and "Discuss" and spans outside any attribution are left
out.

Traps: offsets count the text with its line ends as they are (`newline=""`). 20 documents have several annotators: the
first in sort order is taken. Sentences and tokens come from `tokens_*.jsonl`, which 3 train documents and 1 of dev
(609 attributions) lack: those are left out, so train has 19,347 of 19,868 attributions, dev 2,105 of 2,193. Test has
all 2,044. In three files the surface of a span runs on over a second line.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import Lens, LinkLabel, Quotation, SpanLabel
from slantwise.records import Document, LabelledSentence, Link, Span
from slantwise_training.corpora.brat import BratRelation, BratSpan, read_brat
from slantwise_training.corpora.manifest import Corpus
from slantwise_training.corpora.quotation import quotation_of

__all__ = ["Attribution", "PolnearDocument", "documents", "read", "second_readings"]

LABELS = {"Source": SpanLabel.SOURCE, "Cue": SpanLabel.CUE, "Content": SpanLabel.CONTENT}


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution as annotated; any of the three may be empty (34 of train have none of them)."""

    sources: tuple[BratSpan, ...]
    cues: tuple[BratSpan, ...]
    contents: tuple[BratSpan, ...]


@dataclass(frozen=True, slots=True)
class PolnearDocument:
    """An article with its tokens' offsets by sentence and its attributions; all offsets count `text`."""

    id: str
    text: str
    sentences: tuple[tuple[tuple[int, int], ...], ...]
    attributions: tuple[Attribution, ...]
    annotator: str = "gold"


@dataclass(frozen=True, slots=True)
class _Part:
    """What one sentence holds of one stretch of an annotated span."""

    id: str
    sentence: int
    start: int
    end: int


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield one record per sentence, document by document.

    Raises:
        BadRow: a malformed annotation file, or a document of the token file without annotations.

    """
    for split in ("train", "dev", "test"):
        for document in documents(folder, split):
            yield from _records(document, split, corpus)


def second_readings(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield the sentences of the documents that several people annotated, as all but the first of them did.

    Records are as `read` has them, `annotator` aside: ids and offsets are the same. 20 documents have some, mostly of
    five more people; 2 of them are in dev and 2 in test.

    Raises:
        BadRow: as in `read`.

    """
    for split in ("train", "dev", "test"):
        for at in range(1, max(map(len, _annotations(folder, split).values()), default=0)):
            for document in documents(folder, split, at):
                yield from _records(document, split, corpus)


def documents(folder: Path, split: str, annotator: int = 0) -> Iterator[PolnearDocument]:
    """Yield the split's documents that have tokens, in the order of the token file.

    Args:
        folder: the corpus's.
        split: train, dev or test.
        annotator: whose annotations to take, by sort order; from 1 on, documents that have no such one are left out.

    Raises:
        BadRow: a malformed annotation file, or a document of the token file without annotations.

    """
    annotations = _annotations(folder, split)
    tokens = folder / f"tokens_{split}.jsonl"
    with tokens.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            name = row["id"]
            if name not in annotations:
                raise BadRow(tokens, number, "id", "a document with annotations", repr(name))
            if annotator >= len(annotations[name]):
                continue
            path = annotations[name][annotator]
            brat = read_brat(path)
            yield PolnearDocument(
                name,
                (folder / "data" / split / "text" / f"{name}.txt").read_bytes().decode("utf-8"),
                tuple(_tokens(numbers) for numbers in row["sents"]),
                tuple(_attribution(relation, brat.spans) for relation in brat.relations),
                "gold" if annotator == 0 else path.stem.rpartition("_")[2],
            )


def _annotations(folder: Path, split: str) -> dict[str, list[Path]]:
    """The annotation files of each document, in sort order."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((folder / "data" / split / "attributions").glob("*.ann")):
        found[path.stem.rpartition("_")[0]].append(path)
    return found


def _tokens(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Undo the token file's `[start, length, gap, length, gap, length, ...]`."""
    at, offsets = 0, []
    for gap, length in zip(numbers[::2], numbers[1::2], strict=True):
        offsets.append((at + gap, at + gap + length))
        at += gap + length
    return tuple(offsets)


def _attribution(relation: BratRelation, spans: dict[str, BratSpan]) -> Attribution:
    """Sort a relation's spans by their own labels: two relations name a span in another's role."""
    members = [spans[name] for role in LABELS for name in relation.of(role)]
    return Attribution(*(tuple(span for span in members if span.label == label) for label in LABELS))


def _records(document: PolnearDocument, split: str, corpus: Corpus) -> Iterator[LabelledSentence]:
    parts = _parts(document)
    spans = _spans(document, parts)
    links = _links(document, parts)
    outlet, published, _ = document.id.split("_", 2)
    doc = Document(document.id, outlet, published, section="politics")
    for index, tokens in enumerate(document.sentences):
        yield LabelledSentence(
            id=f"{document.id}#{index}",
            doc=doc,
            index=index,
            text=document.text[tokens[0][0] : tokens[-1][1]],
            lenses=(Lens.ATTRIBUTION,),
            spans=tuple(spans[index]),
            links=tuple(links[index]),
            exhaustive=tuple(LABELS.values()),
            annotator=document.annotator,
            split=split,
            corpus=corpus.name,
            licence=corpus.licence,
        )


def _members(document: PolnearDocument) -> dict[str, BratSpan]:
    """Every span of an attribution, once."""
    groups = (group for item in document.attributions for group in (item.sources, item.cues, item.contents))
    return {span.id: span for group in groups for span in group}


def _parts(document: PolnearDocument) -> dict[str, list[_Part]]:
    """Cut each span into its stretches, and those at sentence ends; what no sentence holds is white space."""
    bounds = [(tokens[0][0], tokens[-1][1]) for tokens in document.sentences]
    parts: dict[str, list[_Part]] = {}
    for span in _members(document).values():
        found: list[_Part] = []
        for first, last in span.pieces:
            at = max(bisect_right(bounds, first, key=lambda bound: bound[0]) - 1, 0)
            for sentence, (begin, close) in enumerate(bounds[at:], at):
                if begin >= last:
                    break
                start, end = _stripped(document.text, max(first, begin), min(last, close))
                if start < end:
                    name = f"{span.id}.{len(found) + 1}" if found else span.id
                    found.append(_Part(name, sentence, start - begin, end - begin))
        parts[span.id] = found
    return parts


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _spans(document: PolnearDocument, parts: dict[str, list[_Part]]) -> defaultdict[int, list[Span]]:
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    for span in _members(document).values():
        label = LABELS[span.label]
        value: Quotation | None = quotation_of(document.text, span.pieces) if label is SpanLabel.CONTENT else None
        for part in parts[span.id]:
            begin = document.sentences[part.sentence][0][0]
            surface = document.text[begin + part.start : begin + part.end]
            spans[part.sentence].append(Span(part.id, label, part.start, part.end, surface, value))
    return spans


def _links(document: PolnearDocument, parts: dict[str, list[_Part]]) -> defaultdict[int, list[Link]]:
    """Cues and content to their source's first part, content without a source to its cue's."""
    links: defaultdict[int, list[Link]] = defaultdict(list)
    for item in document.attributions:
        source, cue = ([part for span in group for part in parts[span.id]][:1] for group in (item.sources, item.cues))
        tails = ((LinkLabel.CUE_OF, item.cues, source), (LinkLabel.CONTENT_OF, item.contents, source or cue))
        for label, group, tail in tails:
            for part in (part for span in group for part in parts[span.id]):
                links[part.sentence].extend(Link(label, part.id, anchor.id) for anchor in tail)
    return links
