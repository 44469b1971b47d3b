"""The forest that resolves pronouns: its trees are scikit-learn's, its questions are the corpora's."""

import numpy as np
import pytest

from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora import read_corpus
from slantwise_training.evaluation.linking import gold_documents
from slantwise_training.evaluation.pronouns import GapAnswer, PronounCounts, compare_gap, compare_pronouns, gap_answers
from slantwise_training.pronouns import (
    NAMES,
    NAMES_AND_NOUNS,
    Asked,
    _forest,
    fit_forest,
    fit_threshold,
    gap_questions,
    gold_persons,
    gum_questions,
)

PERSON, ACTOR, PRONOUN = MentionKind.PERSON, MentionKind.ACTOR, MentionKind.PRONOUN


def record(index, text, *mentions):
    spans, at = [], 0
    for number, (surface, kind, chain) in enumerate(mentions):
        at = text.index(surface, at)
        spans.append(Span(f"m{number}", SpanLabel.MENTION, at, at + len(surface), surface, kind, chain))
        at += 1
    return LabelledSentence(f"d#{index}", Document("d"), index, text, (Lens.MENTIONS,), spans=tuple(spans))


def story():
    (document,) = gold_documents([
        record(0, "Ann Lee, the mayor, met the workers.", ("Ann Lee", PERSON, "1"), ("the workers", ACTOR, "2")),
        record(1, "She said so; he did not.", ("She", PRONOUN, "1"), ("he", PRONOUN, "3")),
        record(2, "A tall man left. He fell.", ("A tall man", ACTOR, "3"), ("He", PRONOUN, "3")),
    ])  # fmt: skip
    return document


def questions(n=200):
    rng = np.random.default_rng(0)
    made = []
    for _ in range(n):
        rows = rng.normal(size=(3, 4))
        made.append(Asked(rows, int(rows[:, 0].argmax())))
    return made


def test_a_forest_answers_as_the_classifiers_it_was_made_of():
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    rng = np.random.default_rng(1)
    rows, right = rng.normal(size=(300, 3)), rng.random(300) < 0.4
    with threadpool_limits(limits=1):
        models = [HistGradientBoostingClassifier(max_iter=7, random_state=i).fit(rows, right) for i in (0, 1)]
        logits = np.mean([np.log(p[:, 1] / p[:, 0]) for p in (m.predict_proba(rows) for m in models)], axis=0)
    np.testing.assert_allclose(_forest(models).probabilities(rows), 1 / (1 + np.exp(-logits)), atol=1e-5)


def test_fitting_finds_what_tells():
    forest = fit_forest(questions())
    asked = questions(40)
    assert np.mean([forest.probabilities(a.rows).argmax() == a.right for a in asked]) > 0.9


def test_the_threshold_is_the_lowest_with_nine_of_ten_right():
    class Given:
        def probabilities(self, rows):
            return rows[:, 0]

    sure = [Asked(np.array([[0.9], [0.1]]), 0)] * 9 + [Asked(np.array([[0.8], [0.1]]), 1)]
    assert fit_threshold(Given(), [*sure, Asked(np.array([[0.5], [0.1]]), 1)]) == 0.8


def test_persons_are_named_or_one_persons_nouns():
    document = story()
    assert {chain: p.name for chain, p in gold_persons(document, NAMES).items()} == {"1": "Ann Lee"}
    assert set(gold_persons(document, NAMES_AND_NOUNS)) == {"1", "3"}


def test_questions_and_counts():
    document = story()
    rights = [asked.right for asked in gum_questions([document])]
    # among names: She is Ann Lee; "he" cannot be, by what "She" told. Among nouns: She, and the last "He"
    assert rights == [0, 0, 0]
    counts = compare_pronouns(document, NAMES_AND_NOUNS, accepted=0.0)
    assert (counts.gold, counts.resolved) == (2, 2)
    assert compare_pronouns(document, NAMES, accepted=1.1) == PronounCounts(0, 0, 1)


def test_gap():
    text = "Ann Lee met Eva Dun. She left."
    marks = [("A", "Ann Lee", "1"), ("B", "Eva Dun", "2"), ("Pronoun", "She", "2")]
    spans = tuple(
        Span(name, SpanLabel.MENTION, text.index(s), text.index(s) + len(s), s, PERSON, chain)
        for name, s, chain in marks
    )
    snippet = LabelledSentence("g", Document("g"), 0, text, (Lens.MENTIONS,), spans=spans)
    (asked,) = gap_questions([snippet])
    assert (len(asked.rows), asked.right) == (2, 1)
    (answer,) = gap_answers([snippet])
    assert answer.has_right
    assert compare_gap([answer], 1.1) == [PronounCounts(0, 0, 1)]
    assert compare_gap([GapAnswer(0.6, True, True), GapAnswer(0.6, False, False)], 0.6) == [
        PronounCounts(1, 1, 1),
        PronounCounts(0, 1, 0),
    ]


def test_accuracy_coverage_and_f1():
    counts = PronounCounts(right=6, resolved=8, gold=10)
    assert (counts.accuracy, counts.recall, counts.coverage) == (0.75, 0.6, 0.8)
    assert counts.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)
    assert counts + counts == PronounCounts(12, 16, 20)


@pytest.mark.corpus
def test_the_shipped_forest_is_right_about_persons_of_unseen_documents(corpora_root):
    records = [r for r in read_corpus("gum", corpora_root, ("dev",)) if r.doc.section == "news"]
    whole = sum((compare_pronouns(d, NAMES) for d in gold_documents(records)), PronounCounts(0, 0, 0))
    assert whole.gold > 20
    assert whole.accuracy > 0.9
    assert whole.coverage > 0.8
