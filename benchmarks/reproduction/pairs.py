"""SEESAW: the stance of a named source towards a named target, most of which the sentence does not mention."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reproduction.job import Bench, Job, Kind, Table, selections
from slantwise.linear.classify import stance_features
from slantwise.linear.hashing import hash_features
from slantwise.linear.words import Word, ngrams, split_words
from slantwise.reading import Reading
from slantwise.score import ModelName
from slantwise_training.evaluation.evaluate import document_of
from slantwise_training.evaluation.result import Answer, Evaluation, LabelMeasure
from slantwise_training.examples import StanceExample, stance_examples
from slantwise_training.linear.classifier import fit_classifier

__all__ = ["pair_jobs"]

C, MIN_COUNT = 1.0, 1
"""Best accuracy on dev: c of 0.3, 1, 4; min_count 1, 2, 3; with and without names, with and without the n-grams."""
LABELS = ("against", "favor")


def pair_jobs() -> Iterator[Job]:
    """Yield the one job."""
    yield Job(
        name="trained-seesaw-test-pairs",
        table=Table.STANCE,
        kind=Kind.TRAINED,
        corpus="seesaw",
        split="test",
        system=f"TF-IDF + logistic regression (n-grams, names of source and target, c {C:g}, min_count {MIN_COUNT})",
        metrics=("micro_f1", "macro_f1"),
        run=_run,
        reads=("seesaw",),
        settings=f"{C} {MIN_COUNT}",
        measure="stance",
        floors="TF-IDF",
        n_of="targets",
    )


def _run(bench: Bench) -> Evaluation:
    train, test = _examples(bench, "seesaw:train"), _examples(bench, "seesaw:test")
    # 0 is against and 2 favor: there is no neutral class
    gold = np.array([example.label // 2 for example in train], dtype=np.intp)
    model = fit_classifier([_features(example) for example in train], gold, C, MIN_COUNT)
    answers = []
    for example, p in zip(test, model.probabilities([_features(e) for e in test]), strict=True):
        record = example.record
        found = LABELS[int(p.argmax())]
        answers.append(Answer(record.id, document_of(record), LABELS[example.label // 2], found, tuple(p.tolist())))
    measure = LabelMeasure("stance", LABELS, tuple(answers))
    name = ModelName("pairs", "")
    records = len({example.record.id for example in test})
    return Evaluation(name, "seesaw", "test", records, len(measure.per_document), {"stance": measure})


def _examples(bench: Bench, on: str) -> list[StanceExample]:
    records = bench.library.records(selections(on))
    return stance_examples(records, [Reading(r.text, {}, (), tuple(split_words(r.text))) for r in records])


def _features(example: StanceExample) -> NDArray[np.uint32]:
    """The package's features of a target, the sentence's n-grams, and the names of holder and target."""
    words = example.mention.reading.state
    assert isinstance(words, tuple)
    holder, target = _holder(example), example.mention.name.lower()
    features = [*ngrams([_lower(word) for word in words], 2), f"H {holder}", f"T {target}", f"HT {holder}|{target}"]
    features += [*(f"H {word}" for word in holder.split()), *(f"T {word}" for word in target.split())]
    return np.concatenate([stance_features(example.mention, words), hash_features(features)])


def _lower(word: Word) -> str:
    return word.lower


def _holder(example: StanceExample) -> str:
    """The holder's name, in the sentence or not; the author's is a dash."""
    at = example.mention.holder
    if at is not None:
        return example.record.text[slice(*at)].lower()
    named = (s.holder_name for s in example.record.stances if s.target == example.mention.name and s.holder_name)
    return next(named, "-").lower()
