"""Attributions that the model marked in part, mended by the shape of their sentence."""

import pytest
from marked_article import hear


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ("None of the crew was hurt, {s:the ministry} {u:said}.", "None of the crew was hurt"),
        ("{c:None of} the crew was hurt, {s:the ministry} {u:said} on Monday.", "None of the crew was hurt"),
        ("Two fears lay behind it, {u:said} {s:the ministry}, which would not be drawn.", "Two fears lay behind it"),
        ("Tal may seek new terms, {u:according to} {s:the ministry}.", "Tal may seek new terms"),
        ("{u:According to} {s:the ministry}, Tal may seek new terms.", "Tal may seek new terms"),
        ("{s:The ministry} {u:said} the dam held.", "the dam held"),
        ("{s:The ministry} {u:announced} on Monday that {c:the dam} held.", "that the dam held"),
        ("{s:The ministry} {u:told} reporters that the dam held.", "that the dam held"),
        ("{s:The ministry} {u:said} {c:that the dam} held in the U.S.", "that the dam held in the U.S."),
        ("{s:The ministry} {u:said} the dam held, referring to a video.", "the dam held"),
        ("{s:The ministry} {u:said} the dam held, and {s:Ann Lee} {u:denied} {c:it}.", "the dam held"),
    ],
)
def test_a_verb_of_saying_gets_what_it_says(written, content):
    heard = hear(written)
    (attribution,) = (a for a in heard.voices.attributions if "inistry" in a.source.text)
    assert [c.text for c in attribution.content] == [content]


def test_a_verb_between_commas_has_both_sides():
    heard = hear('The loan is nowhere, {s:the clerk} {u:said}, but "may turn out to be fine."')
    assert heard.contents("the clerk") == ["The loan is nowhere", 'but "may turn out to be fine."']


@pytest.mark.parametrize(
    "written",
    [
        "In Tarn on Monday, {s:Ann Lee} {u:told} the king {c:that it rains}.",
        "Opening the case, {s:Ann Lee} {u:told} jurors {c:that it rains}.",
        "{s:Ann Lee} {u:praised} {c:it} and left the hall.",
        "{s:Ann Lee} {u:claims} {c:it} as rivals go to court.",
    ],
)
def test_what_is_not_said_stays_the_authors(written):
    heard = hear(written)
    assert len(heard.contents("Ann Lee")) == 1


@pytest.mark.parametrize(
    ("written", "source"),
    [
        (
            "A diplomat, speaking on condition of anonymity because it is {s:not public,} {u:said} {c:it fell}.",
            "A diplomat",
        ),
        ("The food agency, which buys wheat in {s:East Africa,} {u:said} {c:it fell}.", "The food agency"),
        ("The Tarn Courier, {s:which} {u:reported} {c:it fell}, is read by few.", "The Tarn Courier"),
        ("{s:Ann Lee,} {u:said} {c:it fell}.", "Ann Lee"),
        ("{p:Ann Lee} {u:said} {c:it fell}.", "Ann Lee"),
    ],
)
def test_the_source_is_the_noun_that_the_clause_is_about(written, source):
    assert hear(written).of("it fell") == source


def test_a_cue_of_nobodys_inside_anothers_words_is_theirs():
    heard = hear("{s:Ann Lee} {u:said} {c:he was} {u:told} {c:to go}.")
    assert heard.of("to go") == "Ann Lee"


@pytest.mark.parametrize(
    "written",
    [
        "It {u:is expected} {c:to rain}.",
        "The plan {u:is widely seen as} {c:a sham}.",
        "{s:An official}, {s:who} {u:asked} {c:not to be named}, left.",
    ],
)
def test_hedges_and_the_terms_of_speaking_are_no_attributions(written):
    assert not hear(written).voices.owners.any()


def test_saying_without_a_speaker_is_one():
    assert hear("It {u:was announced} {c:that it rains}.").of("that it rains") is None


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("Ann Lee, who led the work", "Ann Lee"),
        ("Ann Lee, 44, a nurse who", "Ann Lee, 44, a nurse"),
        ("An official, who asked not to be named", "An official, who asked not to be named"),
        ("a source in the ministry whom it did not name", "a source in the ministry whom it did not name"),
    ],
)
def test_a_clause_between_commas_is_not_the_sources_unless_it_tells_the_terms(source, kept):
    assert hear(f"{{s:{source}}} {{u:said}} {{c:it rains}}.").of("it rains") == kept


def test_the_words_between_a_quotation_and_its_speaker_are_the_authors():
    heard = hear("'Lena is one of us,' the captain, {s:Mila Hadar}, {u:told} the press.")
    assert heard.contents("the captain, Mila Hadar") == ["'Lena is one of us,'"]


def test_an_antecedent_begins_after_the_verb():
    heard = hear("History will not be kind to those {s:who} {u:promised} {c:free water}.")
    assert heard.of("free water") == "those"


def test_what_is_hedged_is_the_cue_and_its_subject_the_source():
    heard = hear("{c:Ann Lee} {u:appeared} {c:to confirm the leak}, and it rained on for the whole day.")
    assert heard.contents("Ann Lee") == ["the leak"]
    assert heard.voices.attributions[0].cue.text == "confirm"


def test_what_somebody_is_accused_of_is_said_and_not_who_he_is():
    assert hear("{s:Ann Lee} {u:accused} {c:the mayor of lying}.").contents("Ann Lee") == ["lying"]


def test_no_answer_has_no_content():
    assert hear("{s:Ann Lee} {u:did not respond to} {c:a request for comment}.").contents("Ann Lee") == []


def test_a_content_that_breaks_off_runs_on_to_the_stop():
    heard = hear("{s:Ann Lee} {u:denied} {c:any} involvement, but it rained.")
    assert heard.contents("Ann Lee") == ["any involvement"]


def test_the_terms_of_speaking_are_not_what_is_said():
    heard = hear("{s:A miller, who} {u:asked} {c:not to be named}, {u:admitted} {c:that it rains}.")
    assert heard.of("that it rains") == "A miller"
    assert heard.of("not to be named") == "author"
