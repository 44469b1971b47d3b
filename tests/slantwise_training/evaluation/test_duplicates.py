"""Near-duplicates across two sides are found, short sentences are nobody's likeness."""

from slantwise.labels import Lens
from slantwise.records import Document, LabelledSentence
from slantwise_training.evaluation.duplicates import Twins

TEXTS = [
    "The council approved the reckless plan on Monday evening.",
    "The council approved the “reckless” plan, on Monday evening!",
    "The council approved the reckless plans on Monday evening.",
    "The ferry to the northern islands was late again today.",
    "He said.",
    "He said!",
]


def records(texts):
    return [LabelledSentence(f"r{n}", Document(f"d{n}"), 0, text, (Lens.WORDING,)) for n, text in enumerate(texts)]


def test_equal_words_and_nearly_equal_ones_are_twins():
    twins = Twins.of(records(TEXTS))
    assert twins.rows_like([0, 3], [1]) == [0]
    assert twins.rows_like([0, 1, 3], [2]) == [0, 1]
    assert twins.rows_like([2], [3]) == []
    assert twins.rows_like([0, 1, 2, 3], []) == []


def test_short_sentences_do_not_count():
    assert Twins.of(records(TEXTS)).rows_like([4], [5]) == []


def test_within_a_group_near_twins_are_not_looked_for_but_across_they_are():
    others = [*TEXTS[:1], *TEXTS[2:3]]
    assert Twins.of(records(others), [0, 0]).rows_like([0], [1]) == []
    assert Twins.of(records(others), [0, 1]).rows_like([0], [1]) == [0]
    # one text on both sides has its own twins on both, too
    both = [TEXTS[0], TEXTS[0], TEXTS[2]]
    assert Twins.of(records(both), [0, 1, 1]).rows_like([0], [1, 2]) == [0]
    assert Twins.of(records(both), [0, 1, 1]).rows_like([2], [0]) == [2]
