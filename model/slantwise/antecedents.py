"""What speaks for a person's being whom "he" or "she" stands for: numbers that a fitted model weighs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log1p

import numpy as np
from numpy.typing import NDArray

from slantwise.drafts import Place

__all__ = ["Chain", "Clues", "Person"]

_PRONOUNS = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\b", re.I)
_FEMALE = frozenset({"she", "her", "hers", "herself"})
_WORD = re.compile(r"\w+")
_CAPITAL = re.compile(r"(?<![.!?]\s)\b[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*")
_VERB = re.compile(
    r"(?:,? who)?\s+(?:\w+ly\s+|also\s+|then\s+|later\s+|never\s+|once\s+)?"
    r"(?:is|was|had|has|were|did|does|could|would|will|can|may|might|should|must|said|says|told|went|came|made|took|got|won"
    r"|lost|met|left|began|became|saw|gave|found|wrote|ran|led|held|kept|knew|felt|grew|\w{2,}ed|\w{2,}[^s\W]s)\b"
)
_BEFORE_OBJECT = re.compile(
    r"\b(?:with|by|of|to|for|from|and|about|against|between|as|on|in|at|than|like|into|over|after|before|including"
    r"|\w{2,}ed|\w{2,}ing|met|told|saw|beat|made|gave|left|wrote)\s+(?:[A-Z]\w+\.?\s+|[a-z]+\s+)?$"
)
_COMMA = re.compile(",")
_CLAUSE = re.compile(r"[;:(]|\b(?:and|but|while|when|that|who|because|after|before|as|if|which|where|although|since)\b")
_QUOTE_MARK = re.compile(r"[\"“”]")
_OWNED = re.compile(
    r"\s+(?!(?:to|and|as|in|on|at|for|with|from|by|that|the|a|an|when|if|or|but|was|is|out|up|off|into|he|she)\b)\w"
)
_JOINED = re.compile(r"(?:['’]s \w+)?,? (?:and|with|to|or|for|in|on|of|from)(?: (?:to|with|of|in|for))? $")
_RELATED = re.compile(r"(?: [a-z]+){1,3},? $")
_COORDINATED = re.compile(r",? (?:and|or|&) ")
_HIS, _HERS = (re.compile(rf"\b{word} (?:\w+,? ){{0,3}}$", re.I) for word in ("his", "her"))
_POSSESSIVES = ("'s", "’s", "' ", "’ ")
_REACH = 60
_COUNTED = 12
_MOST_BETWEEN = 100


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a pronoun may stand for: the places that name him, in text order, and his gender (`gender_of`)."""

    places: tuple[Place, ...]
    name: str
    gender: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """Who the last pronoun of this gender stood for: the person's number, and the pronoun's place."""

    person: int
    place: Place


@dataclass(slots=True)
class Clues:
    """An article's text, prepared for questions about its pronouns.

    Args:
        text: the text.
        starts: where its sentences start, in order, the first at 0.
    """

    text: str
    starts: Sequence[int]
    pronouns: list[Place] = field(init=False)
    _at: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.pronouns = [Place(*m.span()) for m in _PRONOUNS.finditer(self.text)]
        patterns = {"words": _WORD, "commas": _COMMA, "clauses": _CLAUSE, "marks": _QUOTE_MARK, "capitals": _CAPITAL}
        self._at = {name: [m.start() for m in pattern.finditer(self.text)] for name, pattern in patterns.items()}

    def sentence(self, at: int) -> int:
        """The number of the sentence that holds a place."""
        return max(0, bisect_right(self.starts, at) - 1)

    def is_woman(self, pronoun: Place) -> bool:
        """Whether the pronoun is "she" or a form of it."""
        return self._word(pronoun) in _FEMALE

    def is_possessive(self, pronoun: Place) -> bool:
        """Whether it tells whose something is: "his", or "her" before what is hers."""
        word = self._word(pronoun)
        return word in ("his", "hers") or (word == "her" and bool(_OWNED.match(self.text, pronoun.end)))

    def rows(self, persons: Sequence[Person], pronoun: Place, chain: Chain | None) -> NDArray[np.float64]:
        """What is told for each person, shape (persons, WIDTH).

        A row has what speaks for the person, the same of the strongest rival (the one named nearest), their difference,
        and what the pronoun's own place tells.

        Args:
            persons: who the pronoun may stand for.
            pronoun: its place.
            chain: whom the last pronoun of its gender stood for, by the index in `persons`; None where nobody knows.
        """
        own = np.array([self._of(p, i, pronoun, chain) for i, p in enumerate(persons)], dtype=np.float64)
        shared = np.array([*self._of_pronoun(pronoun), len(persons)], dtype=np.float64)
        order = sorted(range(len(persons)), key=lambda i: self._distance(persons[i], pronoun))
        rows = []
        for i in range(len(persons)):
            rival = next((own[j] for j in order if j != i), None)
            difference = np.zeros(own.shape[1]) if rival is None else own[i] - rival
            rows.append(
                np.concatenate([own[i], np.full(own.shape[1], -9.0) if rival is None else rival, difference, shared])
            )
        return np.array(rows)

    def _of_pronoun(self, pronoun: Place) -> list[float]:
        begin = self.starts[self.sentence(pronoun.start)]
        return [
            *self._role(pronoun),
            self.is_woman(pronoun),
            self._count("words", begin, pronoun.start),
            self._is_before_verb(pronoun.end),
            self._count("commas", begin, pronoun.start),
            self._count("capitals", begin, pronoun.start),
            self._is_quoted(pronoun.start),
        ]

    def _role(self, pronoun: Place) -> tuple[bool, bool, bool]:
        """Whether it is a subject, a possessive, a reflexive."""
        word = self._word(pronoun)
        return word in ("he", "she"), self.is_possessive(pronoun), word.endswith("self")

    def _of(self, person: Person, number: int, pronoun: Place, chain: Chain | None) -> list[float]:
        """What speaks for one person, by the place that names him nearest before the pronoun, or else after it."""
        place, is_before = self._nearest(person, pronoun)
        own, here = self.sentence(place.start), self.sentence(pronoun.start)
        begin = self.starts[own]
        low, high = min(place.end, pronoun.end), max(place.start, pronoun.start)
        before, after = (
            self.text[max(begin, place.start - _REACH) : place.start],
            self.text[place.end : place.end + _REACH],
        )
        between = self._pronouns_between(place, pronoun)
        woman = self.is_woman(pronoun)
        same = sum(self.is_woman(p) is woman for p in between)
        is_subject, is_object = self._is_subject(place), bool(_BEFORE_OBJECT.search(before))
        subject, owner, _ = self._role(pronoun)
        first = person.places[0]
        return [
            is_before,
            min(abs(here - own), 6) * (1 if is_before else -1),
            log1p(self._count("words", low, high)),
            self._count("capitals", low, high),
            self._count("commas", low, high),
            self._count("clauses", low, high),
            log1p(self._count("words", begin, place.start)),
            self._count("capitals", begin, place.start),
            is_subject,
            is_object,
            after.startswith(_POSSESSIVES),
            after.lstrip()[:1] in ("(", ","),
            before.rstrip()[-1:] in ("(", ","),
            bool(_COORDINATED.match(after)) or before.endswith((" and ", " or ", " & ")),
            is_subject and subject,
            is_object and not subject and not owner,
            is_subject and own == here and is_before and not subject and not owner,
            len(person.places),
            bisect_left(person.places, (pronoun.start, 0)),
            self._named_in(person, here),
            self._named_in(person, here - 1),
            place == first,
            log1p(first.start),
            first.start / max(1, len(self.text)),
            " " in person.name.strip(),
            self.text[place.start : place.end] == person.name,
            same,
            len(between) - same,
            self._earlier(first, woman),
            self._is_quoted(place.start) != self._is_quoted(pronoun.start),
            person.gender * (1 if woman else -1),
            sum(self._is_subject(p) for p in person.places[:_COUNTED]),
            is_before and bool(_JOINED.fullmatch(self.text, low, min(high, low + _REACH))),
            not is_before and bool(_RELATED.fullmatch(self.text, low, min(high, low + _REACH))),
            bool((_HERS if woman else _HIS).search(before)),
            -1 if chain is None else chain.person == number,
            -1 if chain is None else min(here - self.sentence(chain.place.start), 6),
        ]

    def _named_in(self, person: Person, sentence: int) -> int:
        """How often a sentence names somebody."""
        if sentence < 0:
            return 0
        end = self.starts[sentence + 1] if sentence + 1 < len(self.starts) else len(self.text)
        return bisect_left(person.places, (end, 0)) - bisect_left(person.places, (self.starts[sentence], 0))

    def _nearest(self, person: Person, pronoun: Place) -> tuple[Place, bool]:
        at = bisect_left(person.places, pronoun) - 1
        return person.places[max(0, at)], at >= 0

    def _distance(self, person: Person, pronoun: Place) -> tuple[bool, int]:
        place, is_before = self._nearest(person, pronoun)
        return not is_before, abs(place.start - pronoun.start)

    def _word(self, place: Place) -> str:
        return self.text[place.start : place.end].casefold()

    def _is_before_verb(self, at: int) -> bool:
        return bool(_VERB.match(self.text[at : at + _REACH]))

    def _is_subject(self, place: Place) -> bool:
        before = self.text[max(0, place.start - _REACH) : place.start]
        return self._is_before_verb(place.end) and not _BEFORE_OBJECT.search(before)

    def _pronouns_between(self, place: Place, pronoun: Place) -> list[Place]:
        first, last = (place, pronoun) if place.start < pronoun.start else (pronoun, place)
        end = bisect_left(self.pronouns, (last.start, 0))
        return self.pronouns[max(bisect_left(self.pronouns, (first.end, 0)), end - _MOST_BETWEEN) : end]

    def _earlier(self, first: Place, woman: bool) -> int:
        """Pronouns of this gender before somebody is first named, up to some: they stand for somebody else."""
        end = bisect_left(self.pronouns, (first.start, 0))
        return sum(self.is_woman(p) is woman for p in self.pronouns[max(0, end - _COUNTED) : end])

    def _is_quoted(self, at: int) -> bool:
        return bool(bisect_left(self._at["marks"], at) % 2)

    def _count(self, name: str, start: int, end: int) -> int:
        places = self._at[name]
        return max(0, bisect_left(places, end) - bisect_left(places, start))
