"""Who pronouns and bare nouns are, where that is sure."""

import pytest
from marked_article import hear

LEE = "{s:{p:Ann Lee}} {u:said} {c:it rains}. "


def test_he_and_she_are_the_last_speaker():
    heard = hear(LEE + "{s:She} {u:added} {c:it pours}.")
    assert heard.speaker("She") == "Ann Lee"
    assert heard.of("it pours") == "She"


def test_a_pronoun_after_a_pronoun_is_the_same_person():
    heard = hear(LEE + "{s:She} {u:added} {c:it pours}. {s:She} {u:said} {c:no more}.")
    assert heard.speaker("She", 1) == "Ann Lee"


@pytest.mark.parametrize(
    ("between", "pronoun"),
    [
        ("{p:Bo Dun} walked home. ", "He"),
        ("Bo Dun, the mayor, refused. ", "He"),
        ("It was wet. It was cold. It was dark. ", "She"),
        ("{s:The ministry} {u:said} {c:so}. ", "She"),
    ],
)
def test_not_over_another_name_or_too_far(between, pronoun):
    heard = hear(LEE + between + f"{{s:{pronoun}}} {{u:added}} {{c:it pours}}.")
    assert heard.speaker(pronoun) is None


def test_not_against_a_title():
    text = "{s:Mr. Bo Dun} {u:said} {c:it rains}. {s:%s} {u:added} {c:it pours}."
    assert hear(text % "She").speaker("She") is None
    assert hear(text % "He").speaker("He") == "Mr. Bo Dun"


def test_one_person_is_not_first_he_then_she():
    heard = hear(LEE + "{s:She} {u:added} {c:it pours}. {s:He} {u:said} {c:no}.")
    assert heard.speaker("He") is None


def test_they_and_it_are_bodies():
    text = "{s:The ministry} {u:said} {c:it rains}. {s:%s} {u:added} {c:it pours}."
    assert hear(text % "It").speaker("It") == "The ministry"
    assert hear(text % "She").speaker("She") is None
    assert hear(LEE + "{s:They} {u:added} {c:it pours}.").speaker("They") is None


def test_i_inside_a_quotation_is_who_is_quoted():
    heard = hear('"It rains and {s:I} {u:think} {c:it pours}," {s:Ann Lee} {u:said}.')
    assert heard.speaker("I") == "Ann Lee"


def test_bare_nouns():
    heard = hear(
        "{s:A Western diplomat} {u:said} {c:it rains}.\n\n{s:Transport Minister Ann Lee} {u:said} {c:it pours}.\n\n"
        "{s:The diplomat} {u:said} {c:it snows}.\n\n{s:The minister} {u:said} {c:it hails}."
    )
    assert heard.speaker("The diplomat") == "A Western diplomat"
    assert heard.speaker("The minister") == "Transport Minister Ann Lee"


def test_a_title_that_two_speakers_have_is_nobodys():
    heard = hear(
        "{s:Transport Minister Ann Lee} {u:said} {c:it pours}.\n\n{s:Energy Minister Bo Dun} {u:said} {c:it rains}.\n\n"
        "{s:The minister} {u:said} {c:it hails}."
    )
    assert heard.speaker("The minister") is None
