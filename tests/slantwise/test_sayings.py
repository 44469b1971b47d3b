"""Attributions that a sentence's shape tells, whatever the model found of them."""

import pytest
from marked_article import hear

from slantwise.article import Sentence
from slantwise.labels import SentenceKind
from slantwise.sayings import find_sayings


def told(text, kind=SentenceKind.BODY):
    """The sayings of a sentence as source, cue and contents, in words."""
    found = find_sayings(Sentence(0, 0, len(text), kind, text, 0), lambda place: False)
    return [
        (s.source and text[slice(*s.source)], text[slice(*s.cue)], [text[slice(*c)] for c in s.contents]) for s in found
    ]


@pytest.mark.parametrize(
    ("text", "source", "cue", "contents"),
    [
        ("The mill will shut in May, its owner said.", "its owner", "said", ["The mill will shut in May"]),
        ("The mill will shut, Ann Lee told reporters on Monday.", "Ann Lee", "told", ["The mill will shut"]),
        ("The mill will shut, said the union.", "the union", "said", ["The mill will shut"]),
        ("The mill will shut, said Bo Dun, a miller, who left.", "Bo Dun, a miller", "said", ["The mill will shut"]),
        ("The mill will shut, according to the union.", "the union", "according to", ["The mill will shut"]),
        ("According to the union, the mill will shut.", "the union", "According to", ["the mill will shut."]),
        (
            "The old mill, he pointed out, had made no money.",
            "he",
            "pointed out",
            ["The old mill", "had made no money."],
        ),
        (
            "The mill has shut for good, its chief, Ann Lee, said in a note.",
            "its chief, Ann Lee,",
            "said",
            ["The mill has shut for good"],
        ),
        ("The mill was set on fire, a court heard on Monday.", None, "heard", ["The mill was set on fire"]),
    ],
)
def test_shapes(text, source, cue, contents):
    ((found_source, found_cue, found_contents),) = told(text)
    assert found_source == (source.rstrip(",") if source else None)
    assert (found_cue, found_contents) == (cue, contents)


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee, who owns the mill, said a second fire had been seen.",
        "Ann Lee, the owner of the mill, noted the rule.",
        "In May, the owner said no to it.",
        "The long night went on.",
        "He is heavier than he ought to be according to his doctor.",
        "The two guides, which I wrote, are long.",
    ],
)
def test_what_only_looks_like_one(text):
    assert told(text) == []


def test_bylines_and_endless_sentences_tell_nothing():
    assert told("By Ann Lee, she said.", SentenceKind.BYLINE) == []
    assert told("It rains, she said." * 200) == []


def test_what_the_model_muddles_inside_is_the_sayings():
    heard = hear("{s:The mill} {u:was bought by} {c:a bank and shut in May}, {s:Ann Lee} {u:said}.")
    assert heard.of("a bank and shut in May") == heard.of("The mill was bought by") == "Ann Lee"


def test_speech_within_speech_stays():
    heard = hear("{s:Bo Dun} {u:wants} {c:to go}, {s:Ann Lee} {u:said}.")
    assert heard.of("to go") == "Bo Dun"
    assert heard.of("wants") == "Ann Lee"


def test_who_is_cited_said_it_and_the_other_passed_it_on():
    heard = hear('"It rains," the witness told investigators, according to a transcript read aloud in court.')
    assert heard.of('"It rains,"') == "the witness"
    assert heard.chain('"It rains,"') == ["the witness", "a transcript read aloud in court"]


def test_a_plain_plan_needs_no_model():
    heard = hear("It rained.\n\nTal Energy plans to hire 20 people.\n\nIt rained for all of the day and the night.")
    assert heard.of("to hire 20 people") == "Tal Energy"


def test_the_author_is_never_a_source():
    heard = hear("{s:I} {u:say} {c:that it rains}, and it does so on every day of every week.")
    assert heard.of("that it rains") == "author"
    heard = hear('"{s:I} {u:say} {c:that it rains}," {s:Ann Lee} {u:said}.')
    assert heard.of("that it rains") == "I"
