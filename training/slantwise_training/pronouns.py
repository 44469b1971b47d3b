"""Fits the forest that resolves "he" and "she" (`slantwise.pronouns`): on GAP, and on GUM without its news.

The news of GUM are what the resolver is measured on, so all 24 of its documents stay unseen; so does GAP's test.
`python -m slantwise_training.pronouns CORPORA` writes the package's file anew.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.antecedents import Clues, Person
from slantwise.boundaries import sentence_starts
from slantwise.drafts import Place
from slantwise.given_names import gender_of
from slantwise.labels import MentionKind, SourceKind
from slantwise.pronouns import FOREST, Candidates, Forest
from slantwise.records import LabelledSentence
from slantwise.sources import head_of, kind_of_source
from slantwise_training.corpora import read_corpus
from slantwise_training.evaluation.linking import GoldDocument, gold_documents

__all__ = ["Asked", "fit_forest", "gap_questions", "gold_persons", "gum_questions", "train_forest"]

NAMES = frozenset({MentionKind.PERSON})
NAMES_AND_NOUNS = frozenset({MentionKind.PERSON, MentionKind.ACTOR})
NO_PERSON = frozenset({MentionKind.ORGANISATION, MentionKind.PLACE, MentionKind.GROUP, MentionKind.OTHER})
FITS = 3
PRECISE = 0.9
"""The share of answers that are right on held-out documents, at the threshold."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A pronoun with its candidates' clues, shape (candidates, features), and which of them is right (none: -1)."""

    rows: NDArray[np.float64]
    right: int


def train_forest(root: Path) -> Forest:
    """Fit the package's forest: on GAP dev and GUM train without news; the threshold on GAP validation and GUM dev.

    Args:
        root: the folder of corpora.
    """
    gum = [r for r in read_corpus("gum", root) if r.doc.section != "news"]
    documents = {held: list(gold_documents(r for r in gum if (r.split != "train") is held)) for held in (False, True)}
    gap = {split: list(gap_questions(read_corpus("gap", root, (split,)))) for split in ("dev", "validation")}
    forest = fit_forest([*gap["dev"], *gum_questions(documents[False])])
    return replace(forest, accepted=fit_threshold(forest, [*gap["validation"], *gum_questions(documents[True])]))


def fit_forest(questions: Sequence[Asked]) -> Forest:
    """Fit gradient-boosted trees to the candidates of some pronouns, each right or wrong; several fits are averaged."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    rows = np.concatenate([asked.rows for asked in questions])
    right = np.concatenate([np.arange(len(asked.rows)) == asked.right for asked in questions])
    settings: dict[str, Any] = {"learning_rate": 0.05, "max_iter": 140, "max_leaf_nodes": 12, "min_samples_leaf": 20}
    settings |= {"l2_regularization": 1.0, "max_features": 0.3}
    models = [HistGradientBoostingClassifier(**settings, random_state=seed) for seed in range(FITS)]
    # one thread: sums in one order, and no waiting for each other on a busy machine
    with threadpool_limits(limits=1):
        return _forest([model.fit(rows, right) for model in models])


def fit_threshold(forest: Forest, questions: Sequence[Asked]) -> float:
    """The lowest probability from which on `PRECISE` of the best candidates are right."""
    best = [(forest.probabilities(asked.rows), asked.right) for asked in questions]
    answers = sorted(((float(p.max()), int(p.argmax()) == right) for p, right in best), reverse=True)
    hits = np.cumsum([is_right for _, is_right in answers])
    shares = hits / np.arange(1, len(answers) + 1)
    last = int(np.flatnonzero(shares >= PRECISE).max())
    return round(answers[last][0], 3)


def gap_questions(records: Iterable[LabelledSentence]) -> Iterator[Asked]:
    """Yield GAP's pronouns, each with its two names."""
    for record in records:
        spans = {span.id: span for span in record.spans}
        one, other, marked = spans["A"], spans["B"], spans["Pronoun"]
        persons = [_named(record.text, a.text, b.text, Place(a.start, a.end)) for a, b in ((one, other), (other, one))]
        pronoun = Place(marked.start, marked.end)
        clues = Clues(record.text, sorted({0, *sentence_starts(record.text)}))
        right = [span.entity == marked.entity for span in (one, other)]
        yield Asked(clues.rows(persons, pronoun, None), right.index(True) if any(right) else -1)


def gum_questions(documents: Iterable[GoldDocument]) -> Iterator[Asked]:
    """Yield GUM's pronouns twice: among the named persons, as in an article, and among nouns for persons too."""
    for document in documents:
        for kinds in (NAMES, NAMES_AND_NOUNS):
            yield from _questions(document, kinds)


def gold_persons(document: GoldDocument, kinds: Iterable[MentionKind]) -> dict[str, Person]:
    """The chains of a document that a person's name or noun is in, each with its places of these kinds."""
    places: defaultdict[str, list[Place]] = defaultdict(list)
    names: dict[str, str] = {}
    others = set()
    wanted = frozenset(kinds)
    for sentence, spans in zip(document.sentences, document.spans, strict=True):
        for span in spans:
            if span.entity is None:
                continue
            if span.value in NO_PERSON:
                others.add(span.entity)
            elif span.value in wanted and (span.value is not MentionKind.ACTOR or _is_one_person(span.text)):
                name = span.text.partition(",")[0]
                places[span.entity].append(Place(sentence.start + span.start, sentence.start + span.start + len(name)))
                names[span.entity] = max(names.get(span.entity, ""), name, key=len)
    return {
        chain: Person(tuple(sorted(own)), names[chain], gender_of(names[chain]))
        for chain, own in places.items()
        if chain not in others
    }


def _is_one_person(noun: str) -> bool:
    """Whether a common noun is neither of several nor of a body: GUM's reader has one kind for all actors."""
    return not head_of(noun).endswith("s") and kind_of_source(noun) is not SourceKind.INSTITUTION


def gold_pronouns(document: GoldDocument) -> Iterator[tuple[Place, str]]:
    """Yield the places of "he" and "she" in all their forms, with their chains."""
    for sentence, spans in zip(document.sentences, document.spans, strict=True):
        for span in spans:
            if span.value is MentionKind.PRONOUN and span.entity and _THIRD.fullmatch(span.text):
                yield Place(sentence.start + span.start, sentence.start + span.end), span.entity


_THIRD = re.compile(r"he|she|him|her|his|hers|himself|herself", re.I)


def _questions(document: GoldDocument, kinds: Iterable[MentionKind]) -> Iterator[Asked]:
    chains = gold_persons(document, kinds)
    numbers = {chain: i for i, chain in enumerate(chains)}
    persons = list(chains.values())
    candidates = Candidates(Clues(document.text, [s.start for s in document.sentences]), persons)
    for pronoun, chain in gold_pronouns(document):
        asked, right = candidates.of(pronoun), numbers.get(chain, -1)
        if asked:
            yield Asked(candidates.rows(asked, pronoun), asked.index(right) if right in asked else -1)
        candidates.note(pronoun, right)


def _named(text: str, name: str, other: str, given: Place) -> Person:
    """All places that a name stands at, in full or by a word that the other name has not."""
    places = {given} | {Place(*match.span()) for match in re.finditer(rf"\b{re.escape(name)}\b", text)}
    words = name.split()
    for word in (words[-1], words[0]):
        if len(word) > 2 and word not in other.split() and word[0].isupper():
            found = (Place(*match.span()) for match in re.finditer(rf"\b{re.escape(word)}\b", text))
            places |= {place for place in found if not any(p.overlaps(place) for p in places)}
    return Person(tuple(sorted(places)), name, gender_of(name))


def _forest(models: Sequence[Any]) -> Forest:
    """The trees of fitted gradient-boosting classifiers in one row of nodes; the models' logits are averaged."""
    trees = [rounds[0].nodes for model in models for rounds in model._predictors]
    roots = np.concatenate(([0], np.cumsum([len(nodes) for nodes in trees])[:-1])).astype(np.int32)
    shifts = np.repeat(roots, [len(nodes) for nodes in trees])
    nodes = np.concatenate(trees)
    is_leaf = nodes["is_leaf"].astype(bool)
    return Forest(
        feature=np.where(is_leaf, -1, nodes["feature_idx"]).astype(np.int32),
        threshold=np.where(is_leaf, 0.0, nodes["num_threshold"]),
        left=np.where(is_leaf, 0, nodes["left"] + shifts).astype(np.int32),
        right=np.where(is_leaf, 0, nodes["right"] + shifts).astype(np.int32),
        value=np.where(is_leaf, nodes["value"] / len(models), 0.0),
        roots=roots,
        baseline=float(np.mean([np.ravel(model._baseline_prediction)[0] for model in models])),
        accepted=0.5,
    )


if __name__ == "__main__":
    train_forest(Path(sys.argv[1])).save(FOREST)
