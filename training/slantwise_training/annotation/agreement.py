"""How far two annotators agree over the sentences that both labelled.

A question counts where both answered it: a task where both gave a label, a span label where both marked it
exhaustively, links where both looked at the lens. Results keep counts; rates are properties, NaN where undefined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import AskedWrong
from slantwise.labels import SPAN_VALUES, TASK_LABELS, Lens, LinkLabel, SpanLabel, StanceLabel, Task
from slantwise.records import LabelledSentence, Link, Span

__all__ = [
    "Agreement",
    "AgreementRow",
    "Confusion",
    "Overlap",
    "SpanAgreement",
    "agreement",
    "cohen_kappa",
    "krippendorff_alpha",
]

Matrix: TypeAlias = NDArray[np.int64]
Key: TypeAlias = tuple[str, str, str]
"""Corpus, document, and sentence or span id."""
Pair: TypeAlias = tuple[LabelledSentence, LabelledSentence]

_TOKEN = re.compile(r"\w+|[^\w\s]")
_LINK_LENSES: dict[LinkLabel, frozenset[Lens]] = {
    LinkLabel.CUE_OF: frozenset({Lens.ATTRIBUTION}),
    LinkLabel.CONTENT_OF: frozenset({Lens.ATTRIBUTION}),
    LinkLabel.HOLDER: frozenset({Lens.STANCE, Lens.WORDING}),
    LinkLabel.VIA: frozenset({Lens.ATTRIBUTION}),
}
_STANCES = tuple(str(label) for label in StanceLabel if label is not StanceLabel.UNSURE)


def cohen_kappa(confusion: Matrix) -> float:
    """Cohen's kappa (1960) of a square confusion matrix; NaN without items or where both always gave one same label."""
    total = int(confusion.sum())
    if total == 0:
        return float("nan")
    observed = float(np.trace(confusion)) / total
    expected = float(confusion.sum(axis=1) @ confusion.sum(axis=0)) / total**2
    return float("nan") if expected == 1 else (observed - expected) / (1 - expected)


def krippendorff_alpha(confusion: Matrix) -> float:
    """Krippendorff's alpha for nominal data and two annotators without gaps; NaN where only one label was used.

    Source: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C.
    """
    coincidences = confusion + confusion.T
    values = coincidences.sum(axis=1)
    total = int(values.sum())
    disagreeing = total - int(np.trace(coincidences))
    expected = total**2 - int((values**2).sum())
    return float("nan") if expected == 0 else 1 - (total - 1) * disagreeing / expected


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often the first annotator gave the row's label and the second the column's, in the order of `labels`."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def n(self) -> int:
        """The items both labelled."""
        return int(self._matrix.sum())

    @property
    def raw(self) -> float:
        """The share of items with the same label."""
        return float(np.trace(self._matrix)) / self.n if self.n else float("nan")

    @property
    def kappa(self) -> float:
        """Cohen's kappa."""
        return cohen_kappa(self._matrix)

    @property
    def alpha(self) -> float:
        """Krippendorff's alpha, nominal."""
        return krippendorff_alpha(self._matrix)

    @property
    def _matrix(self) -> Matrix:
        return np.array(self.counts, dtype=np.int64).reshape(len(self.labels), len(self.labels))


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many things each annotator marked, and how many of them pair up one to one."""

    first: int = 0
    second: int = 0
    shared: int = 0

    @property
    def f1(self) -> float:
        """The F1 of one annotator against the other; the same either way round. NaN where neither marked any."""
        return 2 * self.shared / (self.first + self.second) if self.first + self.second else float("nan")


@dataclass(frozen=True, slots=True)
class SpanAgreement:
    """Agreement on one span label.

    `exact` pairs spans of the same offsets, `overlapping` those that share a character, as many as can be.
    `tokens` is inside against outside, per word or mark. `values` compares the values of overlapping pairs where both
    gave one; None for labels without values.
    """

    sentences: int
    exact: Overlap
    overlapping: Overlap
    tokens: Confusion
    values: Confusion | None


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One line of the table: of how many items, and how far they agree. `n` of an F1 is both annotators' marks."""

    subject: str
    measure: str
    n: int
    value: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """All that two annotators agree or disagree on.

    `stance` is over shared targets: overlapping target spans, and unmentioned targets of the same name. `source_kinds`
    is over overlapping sources. A link is shared where its label is, and its ends are overlapping pairs.
    """

    sentences: int
    only_first: int
    only_second: int
    tasks: Mapping[Task, Confusion]
    spans: Mapping[SpanLabel, SpanAgreement]
    links: Mapping[LinkLabel, Overlap]
    stance: Confusion

    @property
    def source_kinds(self) -> Confusion:
        """The kinds of the sources that both marked."""
        values = self.spans[SpanLabel.SOURCE].values
        assert values is not None
        return values

    def as_table(self) -> list[AgreementRow]:
        """Rows of what was compared at all; subjects without items, and labels that neither marked, are left out."""
        rows = [row for task, counts in self.tasks.items() for row in _confusion_rows(f"task {task}", counts)]
        for label, spans in self.spans.items():
            if not spans.exact.first + spans.exact.second:
                continue
            subject = f"span {label}"
            rows += _overlap_rows(subject, "exact F1", spans.exact)
            rows += _overlap_rows(subject, "overlap F1", spans.overlapping)
            rows += _confusion_rows(f"{subject} tokens", spans.tokens)
            if spans.values is not None and label is not SpanLabel.TARGET:
                rows += _confusion_rows(f"{subject} kind", spans.values)
        for link, counts in self.links.items():
            rows += _overlap_rows(f"link {link}", "F1", counts)
        return rows + _confusion_rows("stance", self.stance)


def agreement(first: Iterable[LabelledSentence], second: Iterable[LabelledSentence]) -> Agreement:
    """Compare two annotators' records; sentences are the same where corpus, document and id are.

    Raises:
        AskedWrong: one side holds a sentence twice, or a sentence's text is not the same on both sides.

    """
    one, other = _by_sentence(first, "first"), _by_sentence(second, "second")
    pairs = [(one[key], other[key]) for key in one if key in other]
    for a, b in pairs:
        if a.text != b.text:
            raise AskedWrong(f"the same text of sentence {a.id}", "two texts", "compare records of the same sentences")
    return Agreement(
        sentences=len(pairs),
        only_first=len(one) - len(pairs),
        only_second=len(other) - len(pairs),
        tasks={task: _task(task, pairs) for task in Task},
        spans={label: _spans(label, pairs) for label in SpanLabel},
        links=_links(pairs),
        stance=_stance(pairs),
    )


def _by_sentence(records: Iterable[LabelledSentence], side: str) -> dict[Key, LabelledSentence]:
    sentences: dict[Key, LabelledSentence] = {}
    for record in records:
        key = (record.corpus, record.doc.id, record.id)
        if key in sentences:
            do = "give one annotator's records on each side"
            raise AskedWrong(f"each sentence once on the {side} side", f"sentence {record.id} twice", do)
        sentences[key] = record
    return sentences


def _confusion(labels: Sequence[str], answers: Iterable[tuple[str, str]]) -> Confusion:
    counts = Counter(answers)
    return Confusion(tuple(labels), tuple(tuple(counts[a, b] for b in labels) for a in labels))


def _task(task: Task, pairs: Sequence[Pair]) -> Confusion:
    both = [(a, b) for a, b in pairs if task in a.labels and task in b.labels]
    return _confusion(TASK_LABELS[task], ((a.labels[task], b.labels[task]) for a, b in both))


def _spans(label: SpanLabel, pairs: Sequence[Pair]) -> SpanAgreement:
    both = [(a, b) for a, b in pairs if label in a.exhaustive and label in b.exhaustive]
    marked = [(a.spans_of(label), b.spans_of(label)) for a, b in both]
    first, second = sum(len(a) for a, _ in marked), sum(len(b) for _, b in marked)
    exact = sum((Counter(map(_place, a)) & Counter(map(_place, b))).total() for a, b in marked)
    matched = [pair for a, b in both for pair in _pair_up(a, b, label)]
    tokens = (
        answer
        for (a, b), (left, right) in zip(both, marked, strict=True)
        for answer in zip(_inside(a.text, left), _inside(b.text, right), strict=True)
    )
    return SpanAgreement(
        sentences=len(both),
        exact=Overlap(first, second, exact),
        overlapping=Overlap(first, second, len(matched)),
        tokens=_confusion(("outside", "inside"), tokens),
        values=_values(label, matched),
    )


def _values(label: SpanLabel, matched: Sequence[tuple[Span, Span]]) -> Confusion | None:
    kind = SPAN_VALUES[label]
    if kind is None:
        return None
    words = [str(value) for value in kind if value is not StanceLabel.UNSURE]
    given = ((str(a.value), str(b.value)) for a, b in matched if a.value is not None and b.value is not None)
    return _confusion(words, given)


def _place(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _pair_up(a: LabelledSentence, b: LabelledSentence, label: SpanLabel) -> list[tuple[Span, Span]]:
    """Pair spans that share a character, one to one: as many pairs as can be, of the largest overlap in sum.

    Among equals the same offsets go first, then spans that both or neither have a holder other than the author: one
    word may be a target twice, of a source and of the author.
    """
    first, second = a.spans_of(label), b.spans_of(label)
    if not first or not second:
        return []
    from scipy.optimize import linear_sum_assignment

    held_a, held_b = ({link.head for link in each.links if link.label is LinkLabel.HOLDER} for each in (a, b))
    shared = np.array([[min(x.end, y.end) - max(x.start, y.start) for y in second] for x in first])
    same = np.array([[_place(x) == _place(y) for y in second] for x in first])
    held = np.array([[(x.id in held_a) is (y.id in held_b) for y in second] for x in first])
    ties = (2 * same + held) / (4 * min(shared.shape))
    least = (float(shared.max()) + 1) * min(shared.shape)
    worth = np.where(shared > 0, least + shared + ties, 0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return [(first[i], second[j]) for i, j in zip(rows, columns, strict=True) if shared[i, j] > 0]


def _inside(text: str, spans: Sequence[Span]) -> list[str]:
    """For each word or mark of the text, whether one of the spans holds a character of it."""
    return [
        "inside" if any(span.start < token.end() and token.start() < span.end for span in spans) else "outside"
        for token in _TOKEN.finditer(text)
    ]


def _links(pairs: Sequence[Pair]) -> dict[LinkLabel, Overlap]:
    """A link counts where both looked at the lens in its sentence; its tail may be in another sentence of both."""
    partners: dict[Key, str] = {}
    for a, b in pairs:
        for kind in SpanLabel:
            for x, y in _pair_up(a, b, kind):
                partners[a.corpus, a.doc.id, x.id] = y.id
    counts = {}
    for label, lenses in _LINK_LENSES.items():
        first = second = shared = 0
        for a, b in pairs:
            if not lenses & set(a.lenses) & set(b.lenses):
                continue
            mine = [_translated(link, a, partners) for link in a.links if link.label is label]
            theirs = [(link.head, link.tail) for link in b.links if link.label is label]
            first, second = first + len(mine), second + len(theirs)
            shared += (Counter(mine) & Counter(theirs)).total()
        counts[label] = Overlap(first, second, shared)
    return counts


def _translated(link: Link, record: LabelledSentence, partners: Mapping[Key, str]) -> tuple[str | None, str | None]:
    """The link's ends as the second annotator's ids; None where the second has no such span."""
    head, tail = (partners.get((record.corpus, record.doc.id, end)) for end in (link.head, link.tail))
    return head, tail


def _stance(pairs: Sequence[Pair]) -> Confusion:
    answers: list[tuple[str, str]] = []
    for a, b in pairs:
        if Lens.STANCE not in a.lenses or Lens.STANCE not in b.lenses:
            continue
        for x, y in _pair_up(a, b, SpanLabel.TARGET):
            if x.value is not None and y.value is not None:
                answers.append((str(x.value), str(y.value)))
        theirs = {(each.target, each.holder_name): each.value for each in b.stances}
        for each in a.stances:
            if (each.target, each.holder_name) in theirs:
                answers.append((str(each.value), str(theirs[each.target, each.holder_name])))
    return _confusion(_STANCES, answers)


def _confusion_rows(subject: str, counts: Confusion) -> list[AgreementRow]:
    if not counts.n:
        return []
    measures: dict[str, Callable[[], float]] = {
        "raw": lambda: counts.raw,
        "kappa": lambda: counts.kappa,
        "alpha": lambda: counts.alpha,
    }
    return [AgreementRow(subject, name, counts.n, value()) for name, value in measures.items()]


def _overlap_rows(subject: str, measure: str, counts: Overlap) -> list[AgreementRow]:
    marks = counts.first + counts.second
    return [AgreementRow(subject, measure, marks, counts.f1)] if marks else []
