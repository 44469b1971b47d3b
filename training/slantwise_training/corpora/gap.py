"""GAP (Webster et al., 2018): an ambiguous pronoun and the two names it may stand for, in Wikipedia.

A record is one snippet of some sentences with three mentions; the pronoun has the `entity` of the name it stands for.
Where it stands for neither (one item in nine), it has an entity of its own. Traps: only these three mentions are
marked; the two names are never the same person; the file is unquoted TSV.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from slantwise.errors import BadRow
from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.manifest import Corpus

FILES = {"dev": "gap-development.tsv", "validation": "gap-validation.tsv", "test": "gap-test.tsv"}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield every snippet; its document is the Wikipedia page.

    Raises:
        BadRow: an offset does not point at its mention, or both names are said to be the pronoun's.

    """
    for split, name in FILES.items():
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
                yield LabelledSentence(
                    id=row["ID"],
                    doc=Document(id=unquote(row["URL"].rpartition("/")[2])),
                    index=line - 2,
                    text=row["Text"],
                    lenses=(Lens.MENTIONS,),
                    spans=_spans(row, folder / name, line),
                    split=split,
                    corpus=corpus.name,
                    licence=corpus.licence,
                )


def _spans(row: dict[str, str], path: Path, line: int) -> tuple[Span, ...]:
    if row["A-coref"] == row["B-coref"] == "TRUE":
        raise BadRow(path, line, "A-coref", "a pronoun that stands for one name", "both TRUE")
    referent = "A" if row["A-coref"] == "TRUE" else "B" if row["B-coref"] == "TRUE" else "Pronoun"
    spans = []
    for field in ("A", "B", "Pronoun"):
        start, text = int(row[f"{field}-offset"]), row[field]
        if row["Text"][start : start + len(text)] != text:
            raise BadRow(
                path, line, f"{field}-offset", f"{text!r} at {start}", repr(row["Text"][start : start + len(text)])
            )
        kind = MentionKind.PRONOUN if field == "Pronoun" else MentionKind.PERSON
        entity = f"{row['ID']}/{referent if field == 'Pronoun' else field}"
        spans.append(Span(field, SpanLabel.MENTION, start, start + len(text), text, kind, entity))
    return tuple(spans)
