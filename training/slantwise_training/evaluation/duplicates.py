"""Near-duplicates between what trains and what tests: a sentence that was learned tells nothing when it is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from slantwise.records import LabelledSentence
from slantwise_training.acquire.twins import find_twins, normal_form

__all__ = ["SIMILARITY", "Twins"]

SIMILARITY = 0.9
"""How alike two normal forms must be to count as one sentence (normalised Indel similarity)."""
LEAST_WORDS = 5
"""Shorter sentences are nobody's likeness: "He said." in two articles is no leak."""


@dataclass(frozen=True)
class Twins:
    """Which records of a set are nearly the same: by row the text's normal form, by form the forms that are like it.

    The form of a text too short to count is empty.
    """

    forms: tuple[str, ...]
    like: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, records: Sequence[LabelledSentence], groups: Sequence[int] | None = None) -> Self:
        """Find the twins among records.

        Args:
            records: all that train or test.
            groups: a number for each record; twins within one group are not looked for. None looks for all.

        """
        forms = tuple(_form(record.text) for record in records)
        where: dict[str, set[int]] = defaultdict(set)
        for row, form in enumerate(forms):
            where[form].add(row if groups is None else groups[row])
        where.pop("", None)
        different = list(where)
        numbers = [next(iter(of_form)) if len(of_form) == 1 else -1 for of_form in where.values()]
        like: dict[str, set[str]] = defaultdict(set)
        for pair in find_twins(different, np.array(numbers, dtype=np.int64), similarity=SIMILARITY):
            one, other = different[pair.left], different[pair.right]
            like[one].add(other)
            like[other].add(one)
        return cls(forms, {form: frozenset(others) for form, others in like.items()})

    def rows_like(self, rows: Iterable[int], others: Iterable[int]) -> list[int]:
        """Those of `rows` whose text is that of one of `others`, or nearly."""
        there = {self.forms[row] for row in others} - {""}
        return [
            row
            for row in rows
            if self.forms[row] in there or not there.isdisjoint(self.like.get(self.forms[row], frozenset()))
        ]


def _form(text: str) -> str:
    form = normal_form(text)
    return form if form.count(" ") + 1 >= LEAST_WORDS else ""
