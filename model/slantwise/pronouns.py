"""Whom "he" and "she" stand for, where a fitted model is sure enough: anybody else's stance would be moved otherwise.

The model is a forest of decision trees over the clues of `slantwise.antecedents`; `slantwise_training.pronouns` fits it
and its threshold. Nothing is promised for "they" and "it", which are left alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from slantwise.antecedents import Chain, Clues, Person
from slantwise.drafts import Place
from slantwise.linear.logistic import sigmoid

__all__ = ["FOREST", "Candidates", "Forest", "Resolved", "load_forest", "resolve_pronouns"]

FOREST = Path(__file__).parent / "pronouns.npz"
_SENTENCES = 4
"""Who was last named more sentences before is not asked about, unless a pronoun stood for him since."""
_CANDIDATES = 8
_LOOKED_AT = 60
"""Names right before a pronoun among which its candidates are: in an endless sentence there may be thousands."""


_WHOLE, _REAL = ("feature", "left", "right", "roots"), ("threshold", "value")


@dataclass(frozen=True, slots=True)
class Forest:
    """Decision trees whose leaves add up to a logit, all nodes in one row.

    Args:
        feature, threshold: a node asks whether the feature is at most the threshold; a leaf has feature -1.
        left, right: the nodes for yes and no.
        value: what a leaf adds.
        roots: each tree's first node.
        baseline: what the leaves are added to.
        accepted: the probability from which an answer is given.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    roots: NDArray[np.int32]
    baseline: float
    accepted: float

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of each row's being right, shape (rows,)."""
        at = np.repeat(self.roots[None, :], len(rows), axis=0)
        numbers = np.arange(len(rows))[:, None]
        while (inner := (feature := self.feature[at]) >= 0).any():
            # a leaf stays where it is, whatever it reads of the last feature
            is_left = rows[numbers, feature] <= self.threshold[at]
            at = np.where(inner, np.where(is_left, self.left[at], self.right[at]), at)
        return np.asarray(sigmoid(self.value[at].sum(axis=1) + self.baseline), dtype=np.float64)

    def save(self, path: Path) -> None:
        """Write the arrays."""
        whole = {name: getattr(self, name).astype(np.int16) for name in _WHOLE}
        real = {name: getattr(self, name).astype(np.float64) for name in _REAL}
        np.savez_compressed(path, allow_pickle=False, **whole, **real, numbers=np.array([self.baseline, self.accepted]))

    @classmethod
    def load(cls, path: Path) -> Forest:
        """Read a saved forest."""
        with np.load(path, allow_pickle=False) as arrays:
            whole = {name: arrays[name].astype(np.int32) for name in _WHOLE}
            real = {name: arrays[name].astype(np.float64) for name in _REAL}
            baseline, accepted = arrays["numbers"].tolist()
        return cls(**whole, **real, baseline=baseline, accepted=accepted)


class Resolved(NamedTuple):
    """A pronoun, the index of the person that it stands for, and how sure that is."""

    place: Place
    person: int
    p: float


@cache
def load_forest() -> Forest:
    """The forest that comes with the package."""
    return Forest.load(FOREST)


def resolve_pronouns(
    clues: Clues,
    persons: Sequence[Person],
    known: Mapping[Place, int] | None = None,
    *,
    forest: Forest | None = None,
    accepted: float | None = None,
) -> list[Resolved]:
    """Resolve the pronouns "he" and "she" of an article in all their forms, in text order; unsure ones are left out.

    Args:
        clues: the article's.
        persons: whom it names.
        known: pronouns that are resolved already, and to whom.
        forest: what weighs the clues; None takes the package's.
        accepted: the probability from which an answer is given; None takes the forest's own.
    """
    if not persons or not clues.pronouns:
        return []
    forest = load_forest() if forest is None else forest
    accepted = forest.accepted if accepted is None else accepted
    candidates = Candidates(clues, persons)
    resolved = []
    for pronoun in clues.pronouns:
        found = Resolved(pronoun, known[pronoun], 1.0) if known and pronoun in known else None
        if found is None:
            asked = candidates.of(pronoun)
            if not asked:
                continue
            p = forest.probabilities(candidates.rows(asked, pronoun))
            best = int(p.argmax())
            if p[best] < accepted:
                continue
            found = Resolved(pronoun, asked[best], float(p[best]))
        resolved.append(found)
        candidates.note(pronoun, found.person)
    return resolved


class Candidates:
    """Who a pronoun may stand for: the persons named in the last sentences, and whom the pronoun before stood for."""

    def __init__(self, clues: Clues, persons: Sequence[Person]) -> None:
        self.clues, self.persons = clues, persons
        self._named = sorted((place.start, number) for number, person in enumerate(persons) for place in person.places)
        self._chains: dict[bool, Chain] = {}
        self._genders: dict[int, bool] = {}

    def of(self, pronoun: Place) -> list[int]:
        """The indexes of those that the pronoun may stand for, who was named last the first."""
        here, woman = self.clues.sentence(pronoun.start), self.clues.is_woman(pronoun)
        first = self.clues.starts[max(0, here - _SENTENCES)]
        end = bisect_left(self._named, (pronoun.start, 0))
        begin = max(bisect_left(self._named, (first, 0)), end - _LOOKED_AT)
        near = dict.fromkeys(number for _, number in reversed(self._named[begin:end]))
        chain = self._chains.get(woman)
        if chain is not None and chain.person >= 0 and here - self.clues.sentence(chain.place.start) <= _SENTENCES:
            near[chain.person] = None
        return [number for number in near if self._can_be(number, woman)][:_CANDIDATES]

    def rows(self, asked: Sequence[int], pronoun: Place) -> NDArray[np.float64]:
        """The clues of some candidates."""
        chain = self._chains.get(self.clues.is_woman(pronoun))
        if chain is not None:
            chain = Chain(asked.index(chain.person) if chain.person in asked else -1, chain.place)
        return self.clues.rows([self.persons[number] for number in asked], pronoun, chain)

    def note(self, pronoun: Place, person: int) -> None:
        """Keep in mind whom a pronoun stands for; -1 for nobody among the persons."""
        woman = self.clues.is_woman(pronoun)
        self._chains[woman] = Chain(person, pronoun)
        if person >= 0:
            self._genders[person] = woman

    def _can_be(self, number: int, woman: bool) -> bool:
        return self.persons[number].gender != (-1 if woman else 1) and self._genders.get(number, woman) is woman
