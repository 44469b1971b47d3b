"""GUM (Zeldes, 2017): every mention, named or not, in its coreference chain; news, interviews, speeches, lives, court.

Text and offsets are the corpus's own. `entity` is the document's chain number, `section` the genre. Kinds: `person`,
`organization` and `place` headed by a proper noun are person, organisation and place; headed by a pronoun, pronoun; a
person or organisation headed by anything else is an actor; all the rest (objects, events, times, abstractions, ...)
is `other`. Traps: mentions nest, deeply; contractions ("daughter's") are one surface word and two tokens;
nationalities have no type; genres whose licence forbids commercial use are not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.manifest import Corpus
from slantwise_training.corpora.mentions import Form, kind_of

TYPES = {
    "person": MentionKind.PERSON,
    "organization": MentionKind.ORGANISATION,
    "place": MentionKind.PLACE,
}
FORMS = {"PROPN": Form.NAMED, "PRON": Form.PRONOUN}
_BRACKET = re.compile(r"\((?P<open>[^()]+)(?P<single>\))?|(?P<close>[^()]+)\)")


@dataclass(slots=True)
class _Sentence:
    """A sentence as its lines are read: where each token lies, its part of speech, the token it depends on (or -1)."""

    text: str = ""
    extents: list[tuple[int, int]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    brackets: list[str] = field(default_factory=list)
    at: int = 0
    contraction: tuple[int, int] | None = None
    """The last token's number and the end of the surface word that the tokens up to it share."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """The opening bracket of a mention: its first token and the fields of its annotation."""

    first: int
    entity: str
    kind: str


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield every sentence of the documents at hand, in the order of their names."""
    splits = _splits(folder / "splits.md")
    for path in sorted((folder / "dep").glob("GUM_*.conllu")):
        yield from _document(path, splits[path.stem], corpus)


def _splits(path: Path) -> dict[str, str]:
    """Read the lists of documents under the headings dev, test and test2; a document in no list is train."""
    splits: dict[str, str] = {}
    current = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            current = line.removeprefix("## ").strip()
        elif line.strip().startswith("* "):
            splits[line.strip().removeprefix("* ")] = current
    return splits


def _document(path: Path, split: str, corpus: Corpus) -> Iterator[LabelledSentence]:
    published = None
    sentence = _Sentence()
    index = 0
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            row = line.rstrip("\n")
            if row.startswith("# meta::dateCreated = "):
                published = row.partition(" = ")[2]
            elif row.startswith("# text = "):
                sentence = _Sentence(text=row.partition(" = ")[2])
            elif row and not row.startswith("#"):
                _add_token(sentence, row.split("\t"), path, number)
            elif not row and sentence.extents:
                yield LabelledSentence(
                    id=f"{path.stem}#{index}",
                    doc=Document(id=path.stem, published=published, section=path.stem.split("_")[1]),
                    index=index,
                    text=sentence.text,
                    lenses=(Lens.MENTIONS,),
                    spans=_mentions(sentence, path, number),
                    exhaustive=(SpanLabel.MENTION,),
                    split=split,
                    corpus=corpus.name,
                    licence=corpus.licence,
                )
                sentence = _Sentence()
                index += 1


def _add_token(sentence: _Sentence, cells: list[str], path: Path, number: int) -> None:
    """Find the token in the sentence's text, from where the last one ended."""
    identifier, form = cells[0], cells[1]
    if "." in identifier:
        return
    if sentence.contraction is not None and int(identifier.partition("-")[0]) > sentence.contraction[0]:
        sentence.at = sentence.contraction[1]
        sentence.contraction = None
    start = sentence.text.find(form, sentence.at)
    limit = sentence.contraction[1] if sentence.contraction else len(sentence.text)
    if start < 0 or start + len(form) > limit or sentence.text[sentence.at : start].strip():
        raise BadRow(path, number, "form", f"the token next in {sentence.text!r}", repr(form))
    if "-" in identifier:
        sentence.contraction = (int(identifier.partition("-")[2]), start + len(form))
        sentence.at = start
        return
    sentence.at = start + len(form)
    sentence.extents.append((start, sentence.at))
    sentence.tags.append(cells[3])
    sentence.heads.append(int(cells[6]) - 1)
    entity = next((item for item in cells[9].split("|") if item.startswith("Entity=")), "")
    sentence.brackets.append(entity.removeprefix("Entity="))


def _mentions(sentence: _Sentence, path: Path, number: int) -> tuple[Span, ...]:
    """Match the brackets; a closing one names its entity and closes the latest that is open."""
    open_mentions: list[_Opening] = []
    closed: list[tuple[_Opening, int]] = []
    for token, brackets in enumerate(sentence.brackets):
        for match in _BRACKET.finditer(brackets):
            if match["open"]:
                opening = _opening(match["open"], token)
                if match["single"]:
                    closed.append((opening, token))
                else:
                    open_mentions.append(opening)
                continue
            latest = next((o for o in reversed(open_mentions) if o.entity == match["close"]), None)
            if latest is None:
                raise BadRow(path, number, "Entity", "an open mention to close", match["close"])
            open_mentions.remove(latest)
            closed.append((latest, token))
    if open_mentions:
        raise BadRow(path, number, "Entity", "every mention closed in its sentence", open_mentions[0].entity)
    closed.sort(key=lambda pair: (pair[0].first, -pair[1]))
    return tuple(_span(sentence, opening, last, f"m{n}") for n, (opening, last) in enumerate(closed, 1))


def _opening(annotation: str, token: int) -> _Opening:
    """Read the first two fields of the annotation: the chain (group) and the type."""
    fields = annotation.split("-")
    return _Opening(token, fields[0], fields[1])


def _span(sentence: _Sentence, opening: _Opening, last: int, name: str) -> Span:
    start, end = sentence.extents[opening.first][0], sentence.extents[last][1]
    inside = range(opening.first, last + 1)
    head = next((token for token in inside if sentence.heads[token] not in inside), last)
    form = FORMS.get(sentence.tags[head], Form.NOMINAL)
    kind = kind_of(TYPES.get(opening.kind, MentionKind.OTHER), form)
    return Span(name, SpanLabel.MENTION, start, end, sentence.text[start:end], kind, opening.entity)
