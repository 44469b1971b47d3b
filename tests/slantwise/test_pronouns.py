"""Whom "he" and "she" stand for: the forest's arithmetic, and what the fitted one makes of plain cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_article import FakeBackend, marked

from slantwise.antecedents import Clues, Person
from slantwise.article import Article
from slantwise.drafts import Place
from slantwise.given_names import gender_of
from slantwise.labels import StanceLabel
from slantwise.pronouns import FOREST, Forest, load_forest, resolve_pronouns
from slantwise.scorer import Scorer
from slantwise.segment import segment
from slantwise.targets import WantedTarget


def persons_of(text, *names):
    """Everybody by the full name; the surname alone names him too."""
    persons = []
    for name in names:
        places, at = [], 0
        while (at := text.find(name.split()[-1], at)) >= 0:
            start = at - len(name) + len(name.split()[-1])
            places.append(
                Place(start if text[max(0, start) : at + 1].startswith(name[:2]) else at, at + len(name.split()[-1]))
            )
            at += 1
        persons.append(Person(tuple(places), name, gender_of(name)))
    return persons


def resolved(text, *names, accepted=None, known=None):
    clues = Clues(text, [0, *(s.start for s in segment(text)[1:])])
    answers = resolve_pronouns(clues, persons_of(text, *names), known, accepted=accepted)
    return [(text[a.place.start : a.place.end], names[a.person]) for a in answers]


def test_a_forest_adds_up_its_leaves():
    # tree 1: x0 <= 1 ? +1 : (x1 <= 5 ? -1 : +2); tree 2: a single leaf of .5
    forest = Forest(
        feature=np.array([0, -1, 1, -1, -1, -1]),
        threshold=np.array([1.0, 0, 5, 0, 0, 0]),
        left=np.array([1, 0, 3, 0, 0, 0]),
        right=np.array([2, 0, 4, 0, 0, 0]),
        value=np.array([0, 1.0, 0, -1, 2, 0.5]),
        roots=np.array([0, 5]),
        baseline=-0.5,
        accepted=0.5,
    )
    rows = np.array([[1.0, 9], [2, 5], [2, 6]])
    expected = 1 / (1 + np.exp(-np.array([1.0, -1, 2])))
    np.testing.assert_allclose(forest.probabilities(rows), expected, rtol=1e-6)
    np.testing.assert_array_equal(
        np.concatenate([forest.probabilities(r[None]) for r in rows]), forest.probabilities(rows)
    )


def test_a_saved_forest_is_the_same(tmp_path):
    forest = load_forest()
    forest.save(tmp_path / "f.npz")
    again = Forest.load(tmp_path / "f.npz")
    rows = np.random.default_rng(0).normal(2, 3, size=(20, int(forest.feature.max()) + 1))
    assert np.array_equal(again.probabilities(rows), forest.probabilities(rows))
    assert again.accepted == forest.accepted
    assert FOREST.stat().st_size < 200_000


def test_the_only_woman_is_she():
    text = "Ann Lee met George Dun on Monday. She said that the port was shut."
    assert resolved(text, "Ann Lee", "George Dun") == [("She", "Ann Lee")]


def test_a_pronoun_after_a_pronoun():
    text = "Ann Lee said it rained. She left on Monday. She was tired."
    assert resolved(text, "Ann Lee") == [("She", "Ann Lee"), ("She", "Ann Lee")]


def test_nobody_of_the_other_gender_and_nobody_far_away():
    assert resolved("Ann Lee said it rained. He left.", "Ann Lee", accepted=0.0) == []
    far = "Ann Lee said it rained. " + "It was wet. " * 9 + "She left."
    assert resolved(far, "Ann Lee", accepted=0.0) == []


def test_one_person_is_not_first_she_then_he():
    text = "Lopo said it rained. She left on Monday. He was tired."
    assert {name for _, name in resolved(text, "Lopo", accepted=0.0)} == {"Lopo"}
    assert [word for word, _ in resolved(text, "Lopo", accepted=0.0)] == ["She"]


def test_above_certainty_nothing_is_resolved():
    assert resolved("Ann Lee said it rained. She left.", "Ann Lee", accepted=1.1) == []


def test_what_is_known_is_kept():
    text = "Ann Lee met Eva Dun on Monday. She said that the port was shut."
    at = text.index("She")
    assert resolved(text, "Ann Lee", "Eva Dun", known={Place(at, at + 3): 1}) == [("She", "Eva Dun")]


@pytest.mark.parametrize(
    ("text", "owns"),
    [("It is her plan.", True), ("It is his.", True), ("They saw her on Monday.", False), ("They saw him.", False)],
)
def test_possessives(text, owns):
    clues = Clues(text, [0])
    assert [clues.is_possessive(p) for p in clues.pronouns] == [owns]


@given(st.text(alphabet="Ann Lee she he her\"'(),.\n", max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_places_of_pronouns(text):
    sentences = segment(text)
    clues = Clues(text, [0, *(s.start for s in sentences[1:])])
    places = tuple(Place(i, i + 3) for i in range(len(text)) if text.startswith(("Ann", "Lee"), i))
    persons = [Person(places, "Ann Lee", 1)] if places else []
    for answer in resolve_pronouns(clues, persons, accepted=0.0):
        assert text[answer.place.start : answer.place.end].lower() in ("she", "her")


STORY = """Port is shut

{p:Ann Lee} shut the port on Monday. She was praised. Her plan failed, and they blamed her.

{s:She} {u:said} {c:it rained}."""


def score(written=STORY, **settings):
    article = marked(written)
    backend = FakeBackend(article, stances={"She": (0.0, 0.1, 0.9), "her": (0.9, 0.1, 0.0)})
    return Scorer(backend.model(), **settings).score(Article("toy", article.text)), backend


def test_pronouns_are_mentions_of_their_target_but_not_what_is_theirs():
    scored, backend = score()
    (target,) = scored.targets
    found = [(x.text, x.label) for s in scored.sentences for x in s.stance]
    favor, against = StanceLabel.FAVOR, StanceLabel.AGAINST
    assert found == [("Ann Lee", StanceLabel.NEUTRAL), ("She", favor), ("her", against), ("She", favor)]
    assert {x.target for s in scored.sentences for x in s.stance} == {target.id}
    assert (target.mentions, target.aliases) == (1, ())
    assert [m.name for m in backend.asked] == ["Ann Lee", "She", "her", "She"]


def test_a_pronoun_source_has_its_persons_entity():
    scored, _ = score("{p:Ann Lee} shut the port on Monday. {s:She} {u:said} {c:it rained}.")
    (attribution,) = scored.attributions
    assert attribution.source.entity == scored.targets[0].id


def test_a_common_noun_is_nobody():
    scored, _ = score("{p:Bin} boss shamed. He is out.\n\nThe bin was full, and she saw it.")
    assert [x.text for s in scored.sentences for x in s.stance] == ["Bin"]
    scored, _ = score("{p:Lopo} was shamed. He is out.\n\nThe bin was full.")
    assert [x.text for s in scored.sentences for x in s.stance] == ["Lopo", "He"]


def test_the_users_target_has_its_pronouns_and_no_others():
    scored, _ = score(targets=[WantedTarget("Lee")])
    assert [x.text for s in scored.sentences for x in s.stance] == ["Lee", "She", "her", "She"]
    scored, _ = score(targets=[WantedTarget("port")])
    assert [x.text for s in scored.sentences for x in s.stance] == ["Port", "port"]
