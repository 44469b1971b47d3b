"""re3d (Dstl, 2017): entities, named and nominal, in documents on the conflict in Syria and Iraq.

Read from the original documents, whose offsets are exact and whose parts have licences of their own: every part but
one may train weights and is `train`; BBC Online is CC BY-NC and the split `bbc`. A record carries its own part's
licence. Kinds by the words (see `mentions.form_of`): "the Kurdish YPG" is an organisation, "rebels" an actor; what is
no person, organisation, place or nationality (weapons, vehicles, dates, quantities, ...) is `other`. Traps: sentences
are told only by the entities' ids, so one without entities stays joined to the one before it on its line; of several
entities of one extent the one the crowd trusted most is kept; some entities of the tagger begin or end inside a word
and are left out; mentions nest, and a few cross.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from slantwise.errors import BadRow
from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.manifest import Corpus
from slantwise_training.corpora.mentions import form_of, kind_of

LICENCES = {
    "Australian Department of Foreign Affairs": "CC BY 3.0 AU",
    "BBC Online": "CC BY-NC 3.0",
    "CENTCOM": "public domain",
    "Delegation of the European Union to Syria": "EU legal notice (reuse with acknowledgement)",
    "UK Government": "OGL 3.0",
    "US State Department": "public domain",
    "Wikipedia": "CC BY-SA 3.0",
}
TYPES = {
    "Person": MentionKind.PERSON,
    "Organisation": MentionKind.ORGANISATION,
    "Location": MentionKind.PLACE,
    "Nationality": MentionKind.GROUP,
}


@dataclass(frozen=True, slots=True)
class _Entity:
    """An entity of a document, by its offsets there."""

    begin: int
    end: int
    type: str


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield the sentences of every part."""
    for part, licence in LICENCES.items():
        entities: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for entity in _rows(folder / "original" / part / "entities.json"):
            entities[entity["documentId"]].append(entity)
        for document in _rows(folder / "original" / part / "documents.json"):
            doc = Document(id=document["_id"], outlet=part)
            text, found = document["text"], entities[document["_id"]]
            kept = _kept(text, found)
            for index, (start, end) in enumerate(_sentences(text, found)):
                yield LabelledSentence(
                    id=f"{doc.id}#{index}",
                    doc=doc,
                    index=index,
                    text=text[start:end],
                    lenses=(Lens.MENTIONS,),
                    spans=tuple(_spans(text, [e for e in kept if start <= e.begin < end], start)),
                    exhaustive=(SpanLabel.MENTION,),
                    split="bbc" if part == "BBC Online" else "train",
                    corpus=corpus.name,
                    licence=licence,
                )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise BadRow(path, number, "line", "a JSON object", str(error)) from error


def _kept(text: str, entities: Sequence[Mapping[str, Any]]) -> list[_Entity]:
    """One entity an extent, blanks around it cut, none that is blank or splits a word, in text order."""
    best: dict[tuple[int, int], Mapping[str, Any]] = {}
    for entity in entities:
        extent = _trimmed(text, entity["begin"], entity["end"])
        begin, end = extent
        usable = begin < end and not _inside_word(text, begin) and not _inside_word(text, end)
        if usable and (extent not in best or entity["confidence"] > best[extent]["confidence"]):
            best[extent] = entity
    extents = sorted(best, key=lambda extent: (extent[0], -extent[1]))
    return [_Entity(begin, end, best[begin, end]["type"]) for begin, end in extents]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _sentences(text: str, entities: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Extents of the sentences, blanks around them cut.

    An entity's id ends in its sentence's number, its offsets there and its type, so a sentence begins where the
    entity does less its offset. Lines end sentences too, unless an entity runs over the end.
    """
    cuts = {0, len(text)}
    for entity in entities:
        cuts.add(entity["begin"] - int(entity["_id"].rsplit("-", 3)[1]))
    covered = [(entity["begin"], entity["end"]) for entity in entities]
    for at, character in enumerate(text):
        if character == "\n" and not any(begin < at < end for begin, end in covered):
            cuts.add(at)
    extents = []
    for start, end in pairwise(sorted(cuts)):
        extent = _trimmed(text, start, end)
        if any(character.isalnum() for character in text[slice(*extent)]):
            extents.append(extent)
    return extents


def _spans(text: str, entities: Sequence[_Entity], offset: int) -> Iterator[Span]:
    for number, entity in enumerate(entities, 1):
        surface = text[entity.begin : entity.end]
        named = TYPES.get(entity.type, MentionKind.OTHER)
        kind = named if named is MentionKind.GROUP else kind_of(named, form_of(surface.split()))
        yield Span(f"m{number}", SpanLabel.MENTION, entity.begin - offset, entity.end - offset, surface, kind)
