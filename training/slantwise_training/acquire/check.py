"""What is wrong with corpora before anything is trained on them: leaks between splits and corpora, and label noise.

A leak is a text, nearly the same text or a document on both sides. Noise is one text that carries two labels of one
task.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, combinations_with_replacement, product
from pathlib import Path

import numpy as np

from slantwise.labels import SpanLabel
from slantwise.records import LabelledSentence
from slantwise_training.acquire.twins import find_twins, normal_form
from slantwise_training.corpora import read_corpus

__all__ = [
    "CorporaCheck",
    "LabelNoise",
    "Overlap",
    "Place",
    "Reading",
    "SharedDocuments",
    "Twin",
    "TwoLabels",
    "check_corpora",
    "check_records",
]

SAME_DOCUMENT_NAMES = (
    frozenset(("szeged_wiki", "conll2010_wiki")),
    frozenset(("babe_sg1", "babe_sg2", "babe_v2", "mbic", "anno_lexical")),
)
"""Corpora that name a document alike, so that equal names in two of them are one document."""
STANCE = "stance"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One split of one corpus."""

    corpus: str
    split: str

    def __str__(self) -> str:
        return f"{self.corpus}/{self.split}"


@dataclass(frozen=True, slots=True)
class Twin:
    """Two records with one text, or nearly; similarity 1 means that only spacing, case and punctuation may differ."""

    left: str
    right: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """Texts on two sides: `*_hit` counts records with a twin on the other side, `*_exact` those with an equal text."""

    left: Place
    right: Place
    left_records: int
    right_records: int
    left_hit: int
    right_hit: int
    left_exact: int
    right_exact: int
    examples: tuple[Twin, ...]


@dataclass(frozen=True, slots=True)
class SharedDocuments:
    """Documents with sentences on two sides, and how many records of each side are theirs."""

    left: Place
    right: Place
    documents: int
    left_hit: int
    right_hit: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one record says: the corpus, the record's id, its label."""

    corpus: str
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class TwoLabels:
    """Two records of one text that disagree."""

    left: Reading
    right: Reading


@dataclass(frozen=True, slots=True)
class LabelNoise:
    """Equal texts in two corpora (or twice in one): how many have a label of this task on both sides, how many differ.

    `task` is a task's name, or "stance" for targets of equal wording in equal texts.
    """

    task: str
    left: str
    right: str
    shared: int
    different: int
    examples: tuple[TwoLabels, ...]


@dataclass(frozen=True, slots=True)
class CorporaCheck:
    """Everything found, the largest first; an empty tuple means that nothing was."""

    records: Mapping[Place, int]
    overlaps: tuple[Overlap, ...]
    documents: tuple[SharedDocuments, ...]
    noise: tuple[LabelNoise, ...]


@dataclass(slots=True)
class _Side:
    """One place as it is read: its record ids, in order, by normal form and by document."""

    by_form: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_document: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ids: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Hits:
    """What two places have in common so far."""

    left: set[str] = field(default_factory=set)
    right: set[str] = field(default_factory=set)
    left_exact: set[str] = field(default_factory=set)
    right_exact: set[str] = field(default_factory=set)
    examples: list[Twin] = field(default_factory=list)


_Labelled = dict[tuple[str, str], dict[str, list[Reading]]]
"""(task, text) -> corpus -> what its records say."""


def check_corpora(
    names: Sequence[str],
    root: Path,
    *,
    similarity: float = 0.9,
    least_words: int = 5,
    examples: int = 5,
    progress: Callable[[str], None] | None = None,
) -> CorporaCheck:
    """Read corpora and check them, each across its splits and all against each other.

    Args:
        names: names of the manifest.
        root: the folder that holds the corpora.
        similarity: how alike texts have to be to count as twins, see `twins.find_twins`.
        least_words: shorter texts count as nobody's twins: "He said." in two places is no leak.
        examples: how many examples to keep of each finding.
        progress: called with each corpus's name before it is read.

    Raises:
        AskedWrong: no such corpus, or it is not in `root`.

    """

    def records() -> Iterator[LabelledSentence]:
        for name in names:
            if progress is not None:
                progress(name)
            yield from read_corpus(name, root)

    return check_records(records(), similarity=similarity, least_words=least_words, examples=examples)


def check_records(
    records: Iterable[LabelledSentence], *, similarity: float = 0.9, least_words: int = 5, examples: int = 5
) -> CorporaCheck:
    """Check records of any corpora and splits against each other; see `check_corpora`."""
    sides: dict[Place, _Side] = defaultdict(_Side)
    labelled: _Labelled = defaultdict(lambda: defaultdict(list))
    for record in records:
        form = normal_form(record.text)
        side = sides[Place(record.corpus, record.split)]
        for task, label, about in _labels(record):
            key = f"{form}\n{about}" if about else form
            labelled[task, key][record.corpus].append(Reading(record.corpus, record.id, label))
        if record.id not in side.ids and form:
            side.by_form[form].append(record.id)
            side.by_document[record.doc.id].append(record.id)
        side.ids[record.id] = None
    return CorporaCheck(
        records={place: len(side.ids) for place, side in sides.items()},
        overlaps=_overlaps(sides, similarity, least_words, examples),
        documents=_documents(sides, examples),
        noise=_noise(labelled, examples),
    )


def _labels(record: LabelledSentence) -> Iterator[tuple[str, str, str]]:
    """Task, label and, for stances, the target's wording."""
    for task, label in record.labels.items():
        yield task.value, label, ""
    for span in record.spans:
        if span.label is SpanLabel.TARGET and span.value is not None:
            yield STANCE, span.value.value, normal_form(span.text)
    for stance in record.stances:
        yield STANCE, stance.value.value, normal_form(stance.target)


def _overlaps(sides: Mapping[Place, _Side], similarity: float, least_words: int, examples: int) -> tuple[Overlap, ...]:
    places = list(sides)
    where: dict[str, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        for form in sides[place].by_form:
            if form.count(" ") + 1 >= least_words:
                where[form].append(number)
    hits: dict[tuple[int, int], _Hits] = defaultdict(_Hits)

    def count(left: int, form: str, right: int, twin: str, alike: float) -> None:
        left_ids, right_ids = sides[places[left]].by_form[form], sides[places[right]].by_form[twin]
        _count(hits[left, right], left_ids, right_ids, alike, examples)

    for form, numbers in where.items():
        for left, right in combinations(numbers, 2):
            count(left, form, right, form, 1.0)
    forms = list(where)
    groups = np.array([numbers[0] if len(numbers) == 1 else -1 for numbers in where.values()], dtype=np.int64)
    for pair in find_twins(forms, groups, similarity=similarity, least_words=least_words):
        one, other = forms[pair.left], forms[pair.right]
        for (left, form), (right, twin) in product([(n, one) for n in where[one]], [(n, other) for n in where[other]]):
            if left < right:
                count(left, form, right, twin, pair.similarity)
            elif right < left:
                count(right, twin, left, form, pair.similarity)
    found = [
        _overlap(places[left], places[right], len(sides[places[left]].ids), len(sides[places[right]].ids), hit)
        for (left, right), hit in hits.items()
    ]
    return tuple(sorted(found, key=lambda overlap: (-overlap.right_hit, overlap.left, overlap.right)))


def _overlap(left: Place, right: Place, left_records: int, right_records: int, hits: _Hits) -> Overlap:
    return Overlap(
        left=left,
        right=right,
        left_records=left_records,
        right_records=right_records,
        left_hit=len(hits.left),
        right_hit=len(hits.right),
        left_exact=len(hits.left_exact),
        right_exact=len(hits.right_exact),
        examples=tuple(hits.examples),
    )


def _count(hits: _Hits, left: Sequence[str], right: Sequence[str], similarity: float, examples: int) -> None:
    hits.left.update(left)
    hits.right.update(right)
    if similarity == 1:
        hits.left_exact.update(left)
        hits.right_exact.update(right)
    if len(hits.examples) < examples:
        hits.examples.append(Twin(left[0], right[0], similarity))


def _documents(sides: Mapping[Place, _Side], examples: int) -> tuple[SharedDocuments, ...]:
    found = []
    for left, right in combinations(sides, 2):
        alike = any(left.corpus in family and right.corpus in family for family in SAME_DOCUMENT_NAMES)
        if left.corpus != right.corpus and not alike:
            continue
        ours, theirs = sides[left].by_document, sides[right].by_document
        shared = [document for document in ours if document and document in theirs]
        if shared:
            left_hit = sum(len(ours[document]) for document in shared)
            right_hit = sum(len(theirs[document]) for document in shared)
            found.append(SharedDocuments(left, right, len(shared), left_hit, right_hit, tuple(shared[:examples])))
    return tuple(sorted(found, key=lambda both: (-both.documents, both.left, both.right)))


def _noise(labelled: _Labelled, examples: int) -> tuple[LabelNoise, ...]:
    """Pair up the corpora of each text; a corpus with itself where two of its records have the text."""
    shared: dict[tuple[str, str, str], int] = defaultdict(int)
    differing: dict[tuple[str, str, str], list[TwoLabels]] = defaultdict(list)
    for (task, _), corpora in labelled.items():
        for left, right in combinations_with_replacement(corpora, 2):
            ours, theirs = corpora[left], corpora[right]
            if left == right and len({reading.id for reading in ours}) == 1:
                continue
            shared[task, left, right] += 1
            disagreement = _disagreement(ours, theirs)
            if disagreement is not None:
                differing[task, left, right].append(disagreement)
    found = [
        LabelNoise(
            task, left, right, count, len(different := differing[task, left, right]), tuple(different[:examples])
        )
        for (task, left, right), count in shared.items()
    ]
    return tuple(sorted(found, key=lambda noise: (-noise.different, noise.task, noise.left, noise.right)))


def _disagreement(left: Sequence[Reading], right: Sequence[Reading]) -> TwoLabels | None:
    """The first two records, not one read twice, whose labels differ."""
    if len({reading.label for reading in (*left, *right)}) == 1:
        return None
    different = (
        TwoLabels(ours, theirs)
        for ours, theirs in product(left, right)
        if ours.label != theirs.label and (ours.corpus, ours.id) != (theirs.corpus, theirs.id)
    )
    return next(different, None)
