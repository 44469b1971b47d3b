"""Directed sentiment (Park et al., 2021, "Who blames or endorses whom?"): who is for or against whom.

Each row has two bracketed entities, p then q, and one of five classes: 0 neutral, 1 p is for q, 2 q is for p, 3 p is
against q, 4 q is against p. One record per row: each entity is once a source and once a target, and each target is
held by the other entity (a holder link); a direction that the class does not name is neutral. `pair_class` gives the
class back. The sources are the holders to judge by, not attribution: that lens is unlabelled.

Traps, all handled: 1,611 of 13,144 train rows repeat another row and are dropped (11,533 remain). 401 of 1,623 test
rows hold a sentence of train (400 as exact copies, one with other spacing): they are the split `test_leaked`, the
1,222 others `test`. Published numbers are on both together. `dev` holds the validation rows whose sentence is neither
in train nor in test, `dev_leaked` the others. Within test 37 rows repeat; they stay, as in the published numbers.
Fields are split at tabs alone, and the CSV quoting of 882 sentences is undone here. Brackets cut words and hold stray
marks ("[Bosto]n", "[Poe’]s"): spans are trimmed and widened to whole words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import Lens, LinkLabel, SpanLabel, StanceLabel
from slantwise.records import Document, LabelledSentence, Link, Span
from slantwise_training.corpora.bounds import trimmed, whole_words
from slantwise_training.corpora.manifest import Corpus

__all__ = ["pair_class", "read"]

BRACKETED = re.compile(r"([^\[\]]*)\[([^\[\]]+)\]([^\[\]]*)\[([^\[\]]+)\]([^\[\]]*)")

CLASSES = (
    (StanceLabel.NEUTRAL, StanceLabel.NEUTRAL),
    (StanceLabel.FAVOR, StanceLabel.NEUTRAL),
    (StanceLabel.NEUTRAL, StanceLabel.FAVOR),
    (StanceLabel.AGAINST, StanceLabel.NEUTRAL),
    (StanceLabel.NEUTRAL, StanceLabel.AGAINST),
)
"""Per class what p holds of q, and what q holds of p."""


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    p: tuple[int, int]
    q: tuple[int, int]
    label: int

    @property
    def sentence(self) -> str:
        """What makes two rows the same sentence: its words, whatever the case and spacing."""
        return " ".join(self.text.casefold().split())


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield one record per row: train without repeats, then dev and test with their leaked rows marked.

    Raises:
        BadRow: a row without four fields, two bracketed entities or a class from 0 to 4.

    """
    train, dev, test = (_rows(folder / f"{name}.txt") for name in ("train", "valid", "test"))
    in_train, in_test = ({row.sentence for row in rows.values()} for rows in (train, test))
    first: dict[_Row, int] = {}
    for number, row in train.items():
        if first.setdefault(row, number) == number:
            yield _record(row, "train", f"train-{number}", corpus)
    for split, rows, elsewhere in (("dev", dev, in_train | in_test), ("test", test, in_train)):
        for number, row in rows.items():
            leaked = row.sentence in elsewhere
            yield _record(row, f"{split}_leaked" if leaked else split, f"{split}-{number}", corpus)


def pair_class(record: LabelledSentence) -> int:
    """The row's class, 0 to 4, from the stances of its two targets.

    Raises:
        ValueError: both directions are coloured; no class says that.

    """
    held_of = {span.id: span.value for span in record.spans_of(SpanLabel.TARGET)}
    return CLASSES.index((held_of["target-q"], held_of["target-p"]))


def _rows(path: Path) -> dict[int, _Row]:
    """A file's rows by line number, from 1."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        return {number: _row(path, number, line.removesuffix("\n")) for number, line in enumerate(lines, 1)}


def _row(path: Path, number: int, line: str) -> _Row:
    fields = line.split("\t")
    if len(fields) != 4 or fields[3] not in {"0", "1", "2", "3", "4"}:
        raise BadRow(path, number, "label", "sentence, p, q and a class from 0 to 4, parted by tabs", repr(fields[1:]))
    match = BRACKETED.fullmatch(_unquoted(fields[0]))
    if match is None:
        raise BadRow(path, number, "sentence", "two entities in square brackets", "none or others")
    before, p, between, q, after = match.groups()
    text = before + p + between + q + after
    at_q = len(before) + len(p) + len(between)
    return _Row(
        text,
        whole_words(text, *trimmed(text, len(before), len(before) + len(p))),
        whole_words(text, *trimmed(text, at_q, at_q + len(q))),
        int(fields[3]),
    )


def _unquoted(field: str) -> str:
    """Undo CSV quoting where it was really done: quote marks at both ends, and only doubled ones within."""
    inside = field[1:-1]
    if len(field) > 1 and field[0] == field[-1] == '"' and '"' not in inside.replace('""', ""):
        return inside.replace('""', '"')
    return field


def _record(row: _Row, split: str, name: str, corpus: Corpus) -> LabelledSentence:
    of_q, of_p = CLASSES[row.label]

    def span(name: str, label: SpanLabel, bounds: tuple[int, int], value: StanceLabel | None = None) -> Span:
        return Span(name, label, *bounds, row.text[slice(*bounds)], value)

    return LabelledSentence(
        id=f"dse-{name}",
        doc=Document(f"dse-{name}"),
        index=0,
        text=row.text,
        lenses=(Lens.STANCE,),
        spans=(
            span("source-p", SpanLabel.SOURCE, row.p),
            span("target-p", SpanLabel.TARGET, row.p, of_p),
            span("source-q", SpanLabel.SOURCE, row.q),
            span("target-q", SpanLabel.TARGET, row.q, of_q),
        ),
        links=(Link(LinkLabel.HOLDER, "target-q", "source-p"), Link(LinkLabel.HOLDER, "target-p", "source-q")),
        split=split,
        corpus=corpus.name,
        licence=corpus.licence,
    )
