"""Swapping who a sentence is about: no lens should answer differently. Flips, their direction, and tilts.

Every two groups of an axis are compared on sentences that differ in the term alone. A flip is another label; a tilt is
a mean shift of the lens's number that goes one way: the first group is called loaded, hedged or well spoken of more
often than the second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from slantwise.reading import Backend
from slantwise_training.evaluation.behaviour.answers import LARGEST, Answer, Question, ask
from slantwise_training.evaluation.behaviour.shares import Share, Shift, holm, share_of, shift_of
from slantwise_training.evaluation.behaviour.suites import Axis, SwapSuite

__all__ = ["RANKS", "Compared", "Example", "GroupTerms", "Pair", "adjusted", "compare_groups", "measure_suite"]

LEAST_SHIFT = 0.02
"""A smaller mean shift of a probability (half that of a stance) is no tilt, however sure."""
LEVEL = 0.05
_EXAMPLES = 3
RANKS = {
    **{"asserted": 0, "plain": 0, "unattributed": 0, "against": 0},
    **{"hedged": 1, "loaded": 1, "attributed": 1, "neutral": 1, "favor": 2},
}
"""Labels by how strong they are in their lens."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One sentence with two groups' terms in turn, and what was said of each.

    `cluster` is what repeats independently: its template or document. `terms` are the two terms that were put in.
    """

    axis: str
    groups: tuple[str, str]
    cluster: Hashable
    terms: tuple[str, str]
    texts: tuple[str, str]
    answers: tuple[Answer, Answer]


@dataclass(frozen=True, slots=True)
class Example:
    """A flip: both sentences, labels and numbers."""

    texts: tuple[str, str]
    labels: tuple[str, str]
    numbers: tuple[float, float]

    def to_json(self) -> dict[str, Any]:
        """The example's JSON object."""
        return {"texts": list(self.texts), "labels": list(self.labels), "numbers": [round(n, 4) for n in self.numbers]}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups under one lens.

    `more_first` and `more_second` count the flips in which that group has the stronger label (hedged, loaded, the more
    favourable stance). `shift` is of the first group's number less the second's; `terms_up` and `terms_down` count the
    pairs of terms whose own mean goes up and down: a shift that one name makes is that name's. `p_adjusted` is the
    shift's p-value after Holm over all pairs and lenses of the report.
    """

    suite: str
    axis: str
    first: str
    second: str
    lens: str
    flips: Share
    more_first: int
    more_second: int
    shift: Shift
    terms_up: int
    terms_down: int
    examples: tuple[Example, ...]
    p_adjusted: float = 1.0

    @property
    def tilted(self) -> bool:
        """Whether the shift is too large and too sure to be chance."""
        return self.p_adjusted < LEVEL and abs(self.shift.mean) >= LEAST_SHIFT * LARGEST[self.lens]

    def to_json(self) -> dict[str, Any]:
        """The pair's JSON object."""
        named = {"suite": self.suite, "axis": self.axis, "first": self.first, "second": self.second, "lens": self.lens}
        terms = {"terms_up": self.terms_up, "terms_down": self.terms_down}
        return {
            **named,
            "flips": self.flips.to_json(),
            "more_first": self.more_first,
            "more_second": self.more_second,
            "shift": {**self.shift.to_json(), **terms, "p_adjusted": self.p_adjusted},
            "tilted": self.tilted,
            "examples": [example.to_json() for example in self.examples],
        }


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """How often a group's own name was marked as a loaded word: a name is none."""

    suite: str
    axis: str
    group: str
    marked: Share

    def to_json(self) -> dict[str, Any]:
        """The group's JSON object."""
        return {"suite": self.suite, "axis": self.axis, "group": self.group, "marked": self.marked.to_json()}


@dataclass(frozen=True, slots=True)
class _Probe:
    cluster: Hashable
    question: Question

    @property
    def term(self) -> str:
        assert self.question.target is not None
        return self.question.text[slice(*self.question.target)].casefold()


def measure_suite(backend: Backend, suite: SwapSuite, *, seed: int = 0) -> tuple[list[Pair], list[GroupTerms]]:
    """Fill a suite's templates with every term of their axes, ask the model, and compare the groups."""
    pairs, terms = [], []
    for axis in suite.axes.values():
        probes = list(_probes(suite, axis))
        asked = [probe[group].question for probe in probes for group in axis.groups]
        found = iter(ask(backend, asked))
        answers = [{group: next(found) for group in axis.groups} for _ in probes]
        compared = [
            Compared(
                axis.name,
                (first, second),
                probe[first].cluster,
                (probe[first].term, probe[second].term),
                (probe[first].question.text, probe[second].question.text),
                (answer[first], answer[second]),
            )
            for probe, answer in zip(probes, answers, strict=True)
            for first, second in axis.pairs
        ]
        pairs += compare_groups(suite.name, compared, seed=seed)
        for group in axis.groups:
            marks = [
                (p[group].cluster, _marks(p[group].question, a[group])) for p, a in zip(probes, answers, strict=True)
            ]
            terms.append(GroupTerms(suite.name, axis.name, group, share_of(marks, seed=seed)))
    return pairs, terms


def compare_groups(suite: str, compared: Iterable[Compared], *, seed: int = 0) -> list[Pair]:
    """Count flips and shifts of every pair of groups under every lens that was answered."""
    by_pair: dict[tuple[str, tuple[str, str]], list[Compared]] = defaultdict(list)
    for one in compared:
        by_pair[one.axis, one.groups].append(one)
    return [_pair(suite, lens, members, seed) for members in by_pair.values() for lens in members[0].answers[0].labels]


def adjusted(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The pairs with their p-values adjusted for all of them."""
    p_values = holm([pair.shift.p for pair in pairs])
    return tuple(replace(pair, p_adjusted=p) for pair, p in zip(pairs, p_values, strict=True))


def _probes(suite: SwapSuite, axis: Axis) -> Iterator[dict[str, _Probe]]:
    """One sentence with each group's term, for each template and row that fit."""
    for template in suite.templates:
        if axis.name not in template.axes:
            continue
        for number, row in enumerate(axis.rows):
            if all(slot in row[group] for group in axis.groups for slot in template.slots):
                cluster = template.name if suite.by_template else number
                yield {group: _Probe(cluster, Question(*template.fill(row[group]))) for group in axis.groups}


def _marks(question: Question, answer: Answer) -> bool:
    assert question.target is not None
    start, end = question.target
    return any(first < end and start < last for first, last in answer.marked)


def _pair(suite: str, lens: str, members: Sequence[Compared], seed: int) -> Pair:
    flipped = [one for one in members if _flips(one, lens)]
    more_first = sum(RANKS[one.answers[0].labels[lens]] > RANKS[one.answers[1].labels[lens]] for one in flipped)
    by_cluster: dict[Hashable, list[float]] = defaultdict(list)
    by_terms: dict[Hashable, list[float]] = defaultdict(list)
    for one in members:
        by_cluster[one.cluster].append(_gap(one, lens))
        by_terms[one.terms].append(_gap(one, lens))
    terms = shift_of(by_terms, LARGEST[lens])
    flips = share_of(((one.cluster, _flips(one, lens)) for one in members), seed=seed)
    widest = sorted(flipped, key=lambda one: -abs(_gap(one, lens)))[:_EXAMPLES]
    return Pair(
        suite,
        members[0].axis,
        *members[0].groups,
        lens,
        flips,
        more_first,
        len(flipped) - more_first,
        shift_of(by_cluster, LARGEST[lens]),
        terms.up,
        terms.down,
        tuple(_example(one, lens) for one in widest),
    )


def _flips(one: Compared, lens: str) -> bool:
    return one.answers[0].labels[lens] != one.answers[1].labels[lens]


def _gap(one: Compared, lens: str) -> float:
    return one.answers[0].numbers[lens] - one.answers[1].numbers[lens]


def _example(one: Compared, lens: str) -> Example:
    first, second = one.answers
    labels, numbers = (first.labels[lens], second.labels[lens]), (first.numbers[lens], second.numbers[lens])
    return Example(one.texts, labels, numbers)
