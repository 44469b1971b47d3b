"""Speech told by a colon."""

import pytest
from marked_article import hear

STORY = "\n\nThe minister spoke in the hall on Monday, and nobody was surprised by any of it."


@pytest.mark.parametrize(
    ("headline", "source", "content"),
    [
        ("Minister: taxes will fall next year", "Minister", "taxes will fall next year"),
        ("Sports minister: 'Politics has no place here'", "Sports minister", "'Politics has no place here'"),
        ("Taxes will fall next year: finance ministry", "finance ministry", "Taxes will fall next year"),
        ("{p:Ann Lee}: taxes will fall next year", "Ann Lee", "taxes will fall next year"),
    ],
)
def test_a_headline_with_a_colon_is_an_attribution(headline, source, content):
    heard = hear(headline + STORY)
    first = heard.voices.attributions[0]
    assert (first.source.text, first.cue.text[-1], [c.text for c in first.content]) == (source, ":", [content])


@pytest.mark.parametrize(
    "headline",
    [
        "Analysis: taxes will fall next year",
        "Taxes will fall next year – and the police",
        "Live: minister speaks in the hall",
        "Lap of luxury: taxes and who pays them",
    ],
)
def test_other_colons_are_not(headline):
    assert hear(headline + STORY).voices.attributions == ()


INTERVIEW = """The grain trader who was right

{p:Ann Lee} spoke to us in Tarn on Monday about the price of wheat and her four dogs.

Q: Will it rise?

A: It will. It always does.

I have seen it before, and more than once in a life.

Q: And then?

A: Then it falls.

She runs a desk in the city of Tarn and has done so for all of twelve years."""


def test_answers_are_the_interviewees_and_questions_the_authors():
    heard = hear(INTERVIEW)
    assert heard.of("Will it rise?") == heard.of("And then?") == "author"
    assert heard.of("It will. It always does") == heard.of("Then it falls") == "A"
    assert heard.of("I have seen it before, and more than once in a life") == "A"
    assert heard.of("She runs a desk") == "author"
    assert heard.voices.interviewee is not None
    assert heard.voices.interviewee.text == "Ann Lee"
    assert [(a.source.kind, a.cue.text) for a in heard.voices.attributions] == [("named", ":"), ("named", ":")]


def test_an_interviewee_among_two_is_not_known():
    heard = hear(INTERVIEW.replace("spoke to us", "and {p:Bo Dun} spoke to us"))
    assert heard.voices.interviewee is None
    assert heard.of("Then it falls") == "A"


def test_a_lone_q_or_a_is_no_interview():
    assert hear("A: the first letter of the alphabet, and of many names.\n\nIt rained.").voices.attributions == ()
