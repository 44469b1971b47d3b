"""How often "he" and "she" are resolved, and how often rightly: GUM's documents with gold mentions, and GAP's names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from slantwise.antecedents import Clues
from slantwise.labels import MentionKind
from slantwise.pronouns import Forest, load_forest, resolve_pronouns
from slantwise.records import LabelledSentence
from slantwise_training.evaluation.counts import WholeCounts
from slantwise_training.evaluation.linking import GoldDocument
from slantwise_training.pronouns import gap_questions, gold_persons, gold_pronouns

__all__ = ["GapAnswer", "PronounCounts", "compare_gap", "compare_pronouns", "gap_answers"]


@dataclass(frozen=True, slots=True)
class PronounCounts(WholeCounts):
    """Pronouns: those that stand for a candidate, those that were resolved, and rightly; they add over documents.

    `gold` counts what can be resolved. An answer to a pronoun that stands for no candidate is a wrong one.
    """

    right: int
    resolved: int
    gold: int

    @property
    def accuracy(self) -> float:
        """Of the pronouns that were resolved, the share that was resolved rightly."""
        return self.right / self.resolved if self.resolved else 0.0

    @property
    def recall(self) -> float:
        """Of the pronouns that stand for a candidate, the share that was resolved rightly."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def coverage(self) -> float:
        """Resolved pronouns, right or wrong, to those that stand for a candidate."""
        return self.resolved / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """GAP's measure: the harmonic mean of accuracy and recall."""
        return 2 * self.right / (self.resolved + self.gold) if self.right else 0.0


def compare_pronouns(
    document: GoldDocument,
    kinds: Collection[MentionKind],
    *,
    forest: Forest | None = None,
    accepted: float | None = None,
) -> PronounCounts:
    """Resolve the pronouns of a document whose persons are given by gold mentions of these kinds, linked as in gold.

    Counted are the pronouns whose chain has such a mention before them.
    """
    chains = gold_persons(document, kinds)
    names = list(chains)
    starts = [sentence.start for sentence in document.sentences]
    clues = Clues(document.text, starts)
    answers = resolve_pronouns(clues, list(chains.values()), forest=forest, accepted=accepted)
    found = {answer.place: names[answer.person] for answer in answers}
    gold = [(p, c) for p, c in gold_pronouns(document) if c in chains and chains[c].places[0] < p]
    answered = [(found[place], chain) for place, chain in gold if place in found]
    return PronounCounts(sum(a == b for a, b in answered), len(answered), len(gold))


@dataclass(frozen=True, slots=True)
class GapAnswer:
    """The likelier of a snippet's two names: how likely, whether it is right, and whether either is."""

    p: float
    is_right: bool
    has_right: bool


def gap_answers(records: Iterable[LabelledSentence], forest: Forest | None = None) -> list[GapAnswer]:
    """Resolve GAP's pronouns, each between its two names."""
    forest = load_forest() if forest is None else forest
    answers = []
    for asked in gap_questions(records):
        p = forest.probabilities(asked.rows)
        answers.append(GapAnswer(float(p.max()), int(p.argmax()) == asked.right, asked.right >= 0))
    return answers


def compare_gap(answers: Iterable[GapAnswer], accepted: float | None = None) -> list[PronounCounts]:
    """One count a snippet; an answer is given from this probability on, None takes the package's forest's."""
    accepted = load_forest().accepted if accepted is None else accepted
    return [
        PronounCounts(int(each.p >= accepted and each.is_right), int(each.p >= accepted), int(each.has_right))
        for each in answers
    ]
