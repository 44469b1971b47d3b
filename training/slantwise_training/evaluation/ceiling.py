"""The human ceiling: how far people agree with the gold labels of the very sentences that the model is judged on.

Votes come from other annotations of the same sentences: another corpus of them, raters whose votes a corpus keeps, or
files of further annotators. The model is compared on those sentences alone. A rater whose vote went into the gold
label agrees with it a little too well; where that is so, the name says it.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slantwise.labels import StanceLabel
from slantwise.records import LabelledSentence
from slantwise_training.corpora import find_corpus, read_corpus
from slantwise_training.corpora.gwsd import TARGET
from slantwise_training.evaluation.answers import Answer
from slantwise_training.evaluation.baselines import stance_targets
from slantwise_training.evaluation.counts import LabelCounts
from slantwise_training.evaluation.intervals import Difference, Interval, difference, interval
from slantwise_training.evaluation.result import STANCE, Evaluation, LabelMeasure
from slantwise_training.evaluation.slices import main_metric
from slantwise_training.examples import normalised

__all__ = ["PRINTED", "Human", "Votes", "corpus_votes", "humans_of", "key_of", "votes_of", "votes_on"]

_SECOND = {
    "babe_v2": {"mbic": "a crowd, MBIC", "babe_sg1": "eight experts, BABE SG1"},
    "babe_sg2": {"mbic": "a crowd, MBIC"},
    "babe_sg1": {"mbic": "a crowd, MBIC"},
    "mbic": {"babe_sg1": "eight experts, BABE SG1"},
}
"""Corpora that hold second labels of another's sentences, made by other people. SG2 is what babe_v2 was made from."""
_RATERS = "single raters, whose votes are in the gold label"
_RATED = {"disagrees": StanceLabel.AGAINST, "neutral": StanceLabel.NEUTRAL, "agrees": StanceLabel.FAVOR}
PRINTED = {
    "newsmtsc": (STANCE, "macro_f1", 0.864, "a crowd against experts, as Hamborg and Donnay (2021) print it"),
}
"""Agreement that a corpus's paper prints, where the votes are not public: measure, metric, value, source."""


@dataclass(frozen=True, slots=True)
class Votes:
    """What some people said: votes by measure and `key_of` the question."""

    who: str
    votes: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Human:
    """People and the model on the questions that people answered, by one metric; `ahead` is the model's lead."""

    who: str
    measure: str
    metric: str
    n: int
    people: Interval
    model: Interval
    ahead: Difference

    def to_json(self) -> dict[str, Any]:
        """The comparison as a JSON object."""
        row: dict[str, Any] = {"who": self.who, "measure": self.measure, "metric": self.metric, "n": self.n}
        for name, found in (("people", self.people), ("model", self.model), ("ahead", self.ahead)):
            row[name] = {"value": found.value, "low": found.low, "high": found.high}
        row["ahead"]["p"] = self.ahead.p
        return row


def key_of(text: str, target: str = "") -> str:
    """What a question is told by over files: the sentence's letters and digits, and the target's."""
    return f"{normalised(text)}\n{normalised(target)}"


def corpus_votes(name: str, root: Path) -> list[Votes]:
    """The votes that are public for a corpus; corpora that are not on disk are passed over."""
    found = []
    for other, who in _SECOND.get(name, {}).items():
        if (root / find_corpus(other).folder).is_dir():
            found.append(votes_of(read_corpus(other, root), who))
    if name == "gwsd" and (root / find_corpus(name).folder).is_dir():
        found.append(Votes(_RATERS, {STANCE: dict(_raters(root / find_corpus(name).folder / "GWSD.tsv"))}))
    return found


def votes_of(records: Iterable[LabelledSentence], who: str) -> Votes:
    """Labels and stances of records as votes."""
    votes: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for record in records:
        for task, label in record.labels.items():
            key = key_of(record.text)
            votes[str(task)][key] = (*votes[str(task)].get(key, ()), label)
        for target, value in stance_targets(record):
            key = key_of(record.text, target)
            votes[STANCE][key] = (*votes[STANCE].get(key, ()), str(value))
    return Votes(who, votes)


def humans_of(evaluation: Evaluation, votes: Iterable[Votes]) -> list[Human]:
    """People beside the model, for every measure and every group of people with votes on it."""
    found = []
    for each in votes:
        for name, measure in evaluation.measures.items():
            if isinstance(measure, LabelMeasure) and name in each.votes:
                human = _human(measure, each.who, each.votes[name])
                if human is not None:
                    found.append(human)
    return found


def votes_on(answer: Answer, measure: str, votes: Iterable[Votes]) -> list[str]:
    """What each group of people said to one question, in words: "a crowd (MBIC): 5 loaded, 3 plain"."""
    lines = []
    for each in votes:
        cast = Counter(each.votes.get(measure, {}).get(_key(answer), ()))
        if cast:
            said = ", ".join(f"{n} {label}" if sum(cast.values()) > 1 else label for label, n in cast.most_common())
            lines.append(f"{each.who}: {said}")
    return lines


def _human(measure: LabelMeasure, who: str, votes: Mapping[str, tuple[str, ...]]) -> Human | None:
    people: dict[str, list[tuple[str, str]]] = defaultdict(list)
    model: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for answer in measure.answers:
        for vote in votes.get(_key(answer), ()) if answer.seen else ():
            if vote in measure.labels:
                people[answer.document].append((answer.gold, vote))
                model[answer.document].append((answer.gold, answer.found))
    if not people:
        return None
    theirs = [LabelCounts.from_pairs(measure.labels, people[document]) for document in people]
    ours = [LabelCounts.from_pairs(measure.labels, model[document]) for document in people]
    name, options = main_metric(measure), {"resamples": measure.resamples, "seed": measure.seed}
    metric = measure.metrics[name]
    return Human(
        who,
        measure.name,
        name,
        sum(map(len, people.values())),
        interval(theirs, metric, **options),
        interval(ours, metric, **options),
        difference(ours, theirs, metric, **options),
    )


def _key(answer: Answer) -> str:
    target = answer.target
    name = "" if target is None else target if isinstance(target, str) else target.text
    return key_of(answer.seen.record.text, name) if answer.seen else ""


def _raters(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """GWSD's eight votes by question; screening rows have no probabilities and are left out."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if any(row[answer] for answer in ("disagree", "neutral", "agree")):
                cast = (row[name] for name in row if name.startswith("worker_"))
                yield key_of(row["sentence"], TARGET), tuple(str(_RATED[vote]) for vote in cast if vote in _RATED)
