"""Near-duplicates without comparing everything with everything."""

import random
from itertools import combinations

import numpy as np
import pytest
from rapidfuzz.distance import Indel

from slantwise_training.acquire.twins import find_twins, normal_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“We won’t,” he  said.", '"We won\'t", He said'),
        ("A\u00a0new—day", "a new - DAY"),
        ("ﬁne caf\u0065\u0301", "fine café"),
    ],
)
def test_normal_form_of_what_differs_in_form_alone(one, other):
    assert normal_form(one) == normal_form(other) != ""


def test_normal_form_keeps_words_apart():
    assert normal_form("re-sign") != normal_form("resign")
    assert normal_form("—!") == ""


def pairs_of(forms, groups, **options):
    return {(pair.left, pair.right) for pair in find_twins(forms, np.array(groups), **options)}


def test_one_word_changed():
    forms = ["the minister denied the claim on monday morning", "the minister denied the claim on tuesday morning"]
    assert pairs_of(forms, [0, 1]) == {(0, 1)}
    assert pairs_of(forms, [0, 1], similarity=0.99) == set()


def test_one_group_is_not_compared_with_itself():
    forms = ["a b c d e f g h i j", "a b c d e f g h i k"]
    assert pairs_of(forms, [7, 7]) == set()
    assert pairs_of(forms, [-1, -1]) == {(0, 1)}
    assert pairs_of(forms, [-1, 7]) == {(0, 1)}


def test_short_texts_are_left_out():
    forms = ["he said so then", "he said so them"]
    assert pairs_of(forms, [0, 1]) == set()
    assert pairs_of(forms, [0, 1], least_words=4) == {(0, 1)}


@pytest.mark.parametrize("forms", [[], ["a b c d e"], ["", "a b c d e f"]])
def test_too_few_texts(forms):
    assert find_twins(forms, np.arange(len(forms))) == []


def test_finds_nearly_all_that_a_full_comparison_finds():
    rng = random.Random(5)
    vocabulary = [f"w{n}" for n in range(2000)]
    forms = [" ".join(rng.choices(vocabulary, k=rng.randint(6, 30))) for _ in range(400)]
    for form in forms[:300]:
        words = form.split()
        for _ in range(rng.randint(1, 3)):
            words[rng.randrange(len(words))] = rng.choice(vocabulary)
        forms.append(" ".join(words))
    forms = list(dict.fromkeys(forms))
    groups = [0 if index < 400 else 1 for index in range(len(forms))]
    full = {
        (a, b)
        for a, b in combinations(range(len(forms)), 2)
        if groups[a] != groups[b] and Indel.normalized_similarity(forms[a], forms[b]) >= 0.85
    }
    found = pairs_of(forms, groups, similarity=0.85)
    assert found <= full
    assert len(full) > 150
    assert len(found) >= 0.97 * len(full)


def test_a_large_crowd_of_boilerplate_finds_partners_across_groups():
    forms = [f"sign up here for our daily news letter today number {n}" for n in range(600)]
    pairs = find_twins(forms, np.array([n % 2 for n in range(600)]))
    assert {index for pair in pairs for index in (pair.left, pair.right)} == set(range(600))


def test_same_answer_every_time():
    forms = [f"a common start of the sentence and then {n} {n * 7} {n * 13}" for n in range(200)]
    groups = np.arange(200) % 3
    assert find_twins(forms, groups) == find_twins(forms, groups)
