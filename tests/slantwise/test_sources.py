"""What a source is called by, from its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slantwise.labels import MentionKind, SourceKind
from slantwise.sources import KnownNames, head_of, is_source_like, kind_of_source, known_names, outlets_in


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("pronoun", ["He", "she", "They", "it", "I", "who"]),
        (
            "named",
            [
                "Ann Lee",
                "Deputy Transport Minister Ann Lee",
                "Lt. Gen. Pavel R. Drost, who commands the guard",
                "The union's spokesman, Idris Vale",
                "Tarn's Carla Nunes",
                "Ferris Odom of Brightwater Capital Ltd.",
                "the minister",
                "His lawyer, Jon Ekdahl",
                "Sports minister",
                "Jan van der Berg",
                "State Senator Gloria Pell",
            ],
        ),
        (
            "media",
            [
                "AFP",
                "The New York Times",
                "the respected business daily",
                "the state news agency SNA",
                "a newspaper in Tarn",
                "reporters",
                "BBC News",
                "an unnamed reporter of the Courier",
            ],
        ),
        (
            "institution",
            [
                "the defence ministry",
                "Ann Lee's office",
                "Officials",
                "police",
                "Prosecutors",
                "U.S. officials",
                "a company spokeswoman",
                "Moscow",
                "The FAM",
                "the ministry's report",
                "a transcript read aloud in court",
                "The University of Tarn",
                "the movement itself",
            ],
        ),
        (
            "anonymous",
            [
                "an unnamed source in the defence ministry",
                "The source",
                "two officials",
                "a senior official",
                "people familiar with the talks",
                "A Western diplomat, speaking on condition of anonymity",
                "one of them",
                "some experts",
                "Critics",
                "Traders",
                "Some",
                "a neighbour",
                "An insider",
                "My colleague",
                "two bankers briefed on its plans",
                "residents",
            ],
        ),
    ],
)
def test_kinds_by_words(kind, texts):
    found = {text: str(kind_of_source(text)) for text in texts}
    assert found == dict.fromkeys(texts, kind)


def test_what_the_article_tells_of_a_name():
    known = known_names(
        "The business newspaper Vedra wrote so, and Tal Energy Inc. said so. Radlo, a news agency, did not.",
        [("Sarrova", MentionKind.PLACE), ("Sarrova's", MentionKind.PLACE), ("Lopo", MentionKind.PERSON)],
    )
    assert known == KnownNames(frozenset({"Vedra", "Radlo"}), frozenset({"Sarrova", "Tal"}), frozenset({"Lopo"}))
    kinds = {name: kind_of_source(name, known) for name in ("Vedra", "The Vedra report", "Sarrova", "Tal", "Lopo")}
    assert kinds == {
        "Vedra": SourceKind.MEDIA,
        "The Vedra report": SourceKind.MEDIA,
        "Sarrova": SourceKind.INSTITUTION,
        "Tal": SourceKind.INSTITUTION,
        "Lopo": SourceKind.NAMED,
    }


def test_the_kind_that_a_name_has_most_often_counts():
    mentions = [("Tarn", MentionKind.PERSON), ("Tarn", MentionKind.ORGANISATION), ("Tarn", MentionKind.ORGANISATION)]
    known = known_names("", mentions)
    assert (known.bodies, known.people) == ({"Tarn"}, set())


def test_a_surname_taken_for_a_person_once_is_one():
    mentions = [
        ("Ann Hollin", MentionKind.PERSON),
        ("Hollin", MentionKind.PERSON),
        *3 * [("Hollin", MentionKind.PLACE)],
    ]
    assert known_names("", mentions) == KnownNames(people=frozenset({"Ann", "Hollin"}))
    assert known_names("", [mentions[0], mentions[2]]).bodies == {"Hollin"}


def test_days_and_nationalities_are_no_outlets():
    assert known_names("the daily Tuesday said; the Russian daily Vedra said; a French newspaper").outlets == {"Vedra"}


def test_an_outlet_that_only_owns_somebody_is_not_named():
    known = KnownNames(outlets=frozenset({"Vedra", "Le Phare"}))
    assert outlets_in("the daily Le Phare", known) == {"Le Phare"}
    assert outlets_in("Vedra's editor", known) == set()


@pytest.mark.parametrize(
    ("text", "head"),
    [("an unnamed source in the ministry", "source"), ("The company, which lost", "company"), ("", ""), ("“He”", "He")],
)
def test_heads(text, head):
    assert head_of(text) == head


@pytest.mark.parametrize(
    "text", ["an unnamed official", "the daily Vedra", "a report", "people close to it", "Ann Lee"]
)
def test_who_can_be_cited(text):
    assert is_source_like(text)


@pytest.mark.parametrize("text", ["the cost", "trust as a factor", "security concerns", "the attack", "bad weather"])
def test_what_is_only_a_reason(text):
    assert not is_source_like(text)


@given(st.text())
def test_any_words_have_a_kind(text):
    assert kind_of_source(text) in SourceKind
    assert known_names(text, [(text, MentionKind.PERSON)]).outlets is not None
