"""Words that tell of speech, thought or attitude."""

import pytest

from slantwise.cue_words import is_cue_like, is_first_person


@pytest.mark.parametrize(
    "cue",
    ["said", "has accused", "denied", "would not say", "according to", ":", "wants", "praised", "blamed", "plans"],
)
def test_words_of_speech_thought_and_attitude(cue):
    assert is_cue_like(cue)


@pytest.mark.parametrize("cue", ["ran", "was paid for", "was approved by", "to", "swanned around", "built", "opened"])
def test_deeds_are_none(cue):
    assert not is_cue_like(cue)


@pytest.mark.parametrize(
    ("source", "is_authors"), [("I", True), ("We", True), ("we,", True), ("Ilse", False), ("Webb", False)]
)
def test_first_person(source, is_authors):
    assert is_first_person(source) is is_authors
