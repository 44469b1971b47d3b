"""The behaviour suite as a whole: run it on a model, say what it found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from slantwise.errors import SlantwiseError
from slantwise.model_folder import Model
from slantwise.records import LabelledSentence
from slantwise.score import ModelName
from slantwise_training.evaluation.behaviour.directional import Expectation, directional_tests
from slantwise_training.evaluation.behaviour.robustness import Robustness, measure_robustness
from slantwise_training.evaluation.behaviour.sentences import LONGEST, swap_in_records
from slantwise_training.evaluation.behaviour.spurious_cues import NAME as SPURIOUS_CUES
from slantwise_training.evaluation.behaviour.spurious_cues import load_spurious_cues
from slantwise_training.evaluation.behaviour.suites import load_directional, load_robustness, load_swaps
from slantwise_training.evaluation.behaviour.swaps import (
    LEAST_SHIFT,
    LEVEL,
    GroupTerms,
    Pair,
    adjusted,
    compare_groups,
    measure_suite,
)
from slantwise_training.evaluation.evaluate import document_of

__all__ = ["BehaviourReport", "behave"]

SCHEMA = "slantwise-behaviour/1"
RECORDS = "records"
"""The suite of swaps inside a labelled set's own sentences."""
_LEAST_PASSED = 0.9
_MOST_CHANGED = 0.05
_FEW = 5


@dataclass(frozen=True, slots=True)
class BehaviourReport:
    """What became of every swap, directional test and change of typing; `left_out` says what was not run, and why."""

    model: ModelName
    swaps: tuple[Pair, ...]
    terms: tuple[GroupTerms, ...]
    directional: tuple[Expectation, ...]
    robustness: tuple[Robustness, ...]
    left_out: tuple[str, ...]

    @property
    def note(self) -> str:
        """How many comparisons were made, and what was done about it."""
        return (
            f"{len(self.swaps)} pairs of groups and lenses were compared; at {LEVEL:.0%} about "
            f"{LEVEL * len(self.swaps):.0f} would look tilted by chance. A tilt is named where the p-value adjusted "
            f"for all of them (Holm) is below {LEVEL} and the mean shift is {LEAST_SHIFT} or more (stance: "
            f"{2 * LEAST_SHIFT}, on a scale of 2). It is of these sentences and terms, and no more."
        )

    @property
    def findings(self) -> tuple[str, ...]:
        """What a reader should know first, a sentence each; empty where all is well."""
        return (*self._tilts(), *self._flips(), *self._failures(), *self._changes())

    def to_json(self, *, texts: bool = False) -> dict[str, Any]:
        """One JSON object with schema `SCHEMA`; sentences of the labelled set are in it only with `texts`."""
        swaps = [pair.to_json() for pair in self.swaps]
        robustness = [row.to_json() for row in self.robustness]
        if not texts:
            # a corpus's text stays where it is: what is written here may be published
            for row in (*swaps, *robustness):
                if RECORDS in (row.get("suite"), row.get("source")):
                    row["examples"] = []
        return {
            "schema": SCHEMA,
            "model": {"name": self.model.name, "sha256": self.model.sha256},
            "findings": list(self.findings),
            "note": self.note,
            "swaps": swaps,
            "terms": [group.to_json() for group in self.terms],
            "directional": [test.to_json() for test in self.directional],
            "robustness": robustness,
            "left_out": list(self.left_out),
        }

    def _tilts(self) -> Iterator[str]:
        for pair in sorted(self.swaps, key=lambda pair: -abs(pair.shift.mean)):
            if pair.tilted:
                more, less = (pair.first, pair.second) if pair.shift.mean > 0 else (pair.second, pair.first)
                what = {"hedging": "more hedged", "wording": "more loaded", "stance": "more favourable"}[pair.lens]
                agree = max(pair.terms_up, pair.terms_down), pair.terms_up + pair.terms_down
                yield (
                    f"{pair.suite}, {pair.axis}: sentences read {what} with {more} than with {less}, by "
                    f"{abs(pair.shift.mean):.3f} ({_ends(pair)}; {agree[0]} of {agree[1]} pairs of terms go that way; "
                    f"labels {pair.more_first + pair.more_second} of {pair.flips.of} changed, "
                    f"{pair.more_first if more == pair.first else pair.more_second} that way)"
                )

    def _flips(self) -> Iterator[str]:
        for pair in self.swaps:
            if pair.flips.low > _MOST_CHANGED:
                yield (
                    f"{pair.suite}, {pair.axis}: {pair.lens} changes for {pair.flips.value:.0%} of sentences between "
                    f"{pair.first} and {pair.second} (at least {pair.flips.low:.0%})"
                )

    def _failures(self) -> Iterator[str]:
        for test in self.directional:
            if test.passed.value is not None and test.passed.value < _LEAST_PASSED:
                worst = [f"{name!r} {share.value:.0%}" for name, share in test.variants if (share.value or 0) < 0.5][
                    :_FEW
                ]
                yield (
                    f"{test.test} ({test.lens}): {test.expected} in {test.passed.value:.0%} of {test.passed.of} cases"
                    + (f"; worst {', '.join(worst)}" if worst and len(test.variants) > 1 else "")
                )

    def _changes(self) -> Iterator[str]:
        for row in self.robustness:
            if row.changed.value is not None and row.changed.low > _MOST_CHANGED:
                yield (
                    f"{row.change} ({row.source} sentences): {row.lens} changes for {row.changed.value:.0%} "
                    f"({row.up} up, {row.down} down of {row.changed.of})"
                )


def behave(
    model: Model,
    records: Iterable[LabelledSentence] = (),
    *,
    corpora: Path | None = None,
    sample: int = 200,
    seed: int = 0,
) -> BehaviourReport:
    """Run the behaviour suite on a model.

    Args:
        model: a loaded model of any family, or `Model(backend, name, {})` around any backend.
        records: a labelled set whose sentences are swapped and typed differently too; its labels are not looked at.
        corpora: the folder of corpora, for the templates of `spurious_cues`; without it they are left out.
        sample: at most so many of the records' sentences, for each axis and for typing.
        seed: of all draws.

    """
    backend, left_out = model.backend, []
    suites = [load_swaps()]
    try:
        if corpora is None:
            raise SlantwiseError(f"the templates of {SPURIOUS_CUES}", "no folder of corpora", "name it")
        suites.append(load_spurious_cues(corpora))
    except SlantwiseError as error:
        left_out.append(f"{SPURIOUS_CUES}: {error}")
    pairs: list[Pair] = []
    terms: list[GroupTerms] = []
    for suite in suites:
        found, marked = measure_suite(backend, suite, seed=seed)
        pairs, terms = pairs + found, terms + marked
    rows = measure_robustness(backend, "own", _own_sentences(), seed=seed)
    records = list(records)
    if records:
        for axis in load_swaps().axes.values():
            compared, why = swap_in_records(backend, records, axis, sample=sample, seed=seed)
            pairs += compare_groups(RECORDS, compared, seed=seed)
            left_out += _left_out(axis.name, len(compared), why)
        rows += measure_robustness(backend, RECORDS, _drawn(records, sample, seed), seed=seed)
    return BehaviourReport(
        model.name,
        adjusted(pairs),
        tuple(terms),
        tuple(directional_tests(model, seed=seed)),
        tuple(rows),
        tuple(left_out),
    )


def _own_sentences() -> list[tuple[str, str]]:
    """Each a cluster of its own: sentences to type differently, the directional statements, a filling of a template."""
    texts = [*load_robustness(), *load_directional().hedging["statements"]]
    suite = load_swaps()
    for template in suite.templates:
        axis = suite.axes[template.axes[0]]
        rows = [row for row in axis.rows if all(slot in row[axis.groups[0]] for slot in template.slots)]
        texts.append(template.fill(rows[0][axis.groups[0]])[0])
    return [(text, text) for text in texts]


def _drawn(records: Sequence[LabelledSentence], sample: int, seed: int) -> list[tuple[str, str]]:
    """Some of the records' different sentences with their documents, in reading order."""
    by_text = {record.text: document_of(record) for record in records if len(record.text) <= LONGEST}
    texts = list(by_text)
    if len(texts) > sample:
        kept = np.random.default_rng(seed).choice(len(texts), sample, replace=False)
        texts = [texts[at] for at in np.sort(kept)]
    return [(by_text[text], text) for text in texts]


def _left_out(axis: str, compared: int, why: Counter[str]) -> list[str]:
    rows = [f"{RECORDS}, {axis}: {count} sentences, {reason}" for reason, count in why.items()]
    return rows if compared else [*rows, f"{RECORDS}, {axis}: no sentence has terms of one group"]


def _ends(pair: Pair) -> str:
    ends = sorted((abs(pair.shift.low), abs(pair.shift.high)))
    return f"{ends[0]:.3f} to {ends[1]:.3f}"
