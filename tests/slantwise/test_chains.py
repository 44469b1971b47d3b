"""Through whom a source reached the author."""

import pytest
from marked_article import hear


@pytest.mark.parametrize(
    "written",
    [
        "{c:The port is empty}, {s:AFP} {u:reported} on Monday, {u:citing} {s:the daily Vedra}.",
        "{c:The port is empty}, {s:AFP} {u:reported} on Monday, {u:citing} {c:the daily Vedra}.",
        "{s:AFP}, {u:citing} {s:the daily Vedra}, {u:reported} {c:The port is empty}.",
        "{s:AFP}, which {u:cited} {s:the daily Vedra}, {u:reported} {c:The port is empty}.",
        "{s:AFP} {u:cited} {s:the daily Vedra} {u:as saying} {c:The port is empty}.",
        "{s:AFP} {u:cited} {c:the daily Vedra as saying The port is empty}.",
        "{s:AFP} cited {s:the daily Vedra} {u:as saying} {c:The port is empty}.",
        "{c:The port is empty}, {s:the daily Vedra} {u:was quoted} by {s:AFP} {u:as saying}.",
        "{c:The port is empty}, {s:the daily Vedra} {u:was quoted} by AFP as {u:saying}.",
        "{s:the daily Vedra} {u:was quoted} by {s:AFP} as saying {c:The port is empty}.",
        "{s:the daily Vedra} {u:said} {c:The port is empty}, {u:according to} {s:AFP}.",
    ],
)
def test_the_words_belong_to_the_one_they_came_from(written):
    heard = hear(written)
    assert heard.of("The port is empty") == "the daily Vedra"
    assert heard.chain("The port is empty") == ["the daily Vedra", "AFP"]
    assert heard.contents("AFP") == []


def test_the_other_sources_of_a_chain_have_source_and_cue_only():
    heard = hear("{c:It is empty}, {s:AFP} {u:reported}, {u:citing} {s:the daily Vedra}.")
    rows = [(a.source.text, a.cue.text, [c.text for c in a.content], a.via) for a in heard.voices.attributions]
    assert sorted(rows) == [("AFP", "reported", [], None), ("the daily Vedra", "citing", ["It is empty"], "a2")]


def test_three_links():
    heard = hear(
        "{u:According to} {s:the daily Vollay}, which {u:cited} {s:the news agency VNA}, which in turn {u:quoted} "
        "{s:a person close to the squad}, {c:Brandl rang the players}."
    )
    chain = ["a person close to the squad", "the news agency VNA", "the daily Vollay"]
    assert heard.of("Brandl rang the players") == chain[0]
    assert heard.chain("Brandl rang the players") == chain


def test_a_speaker_quoted_without_an_outlet():
    heard = hear("{s:Ann Lee} {u:was quoted} as {u:saying} {c:it rains}.")
    assert [(a.source.text, a.cue.text, a.via) for a in heard.voices.attributions] == [("Ann Lee", "saying", None)]


def test_reasons_are_not_sources():
    heard = hear("{s:Tarn} {u:cancelled} {c:the match}, {u:citing} {c:the bad weather}.")
    assert heard.contents("Tarn") == ["the match", "the bad weather"]


def test_a_person_who_cites_a_study_speaks_for_herself():
    heard = hear("{s:Ann Lee} {u:said} {c:sage helps}, {u:citing} {s:a study}.")
    assert heard.of("sage helps") == "Ann Lee"


def test_an_interview_came_through_its_paper():
    heard = hear("{s:Ann Lee} {u:said} {c:it rains} in an interview with the daily Le Phare on Monday.")
    assert heard.chain("it rains") == ["Ann Lee", "the daily Le Phare"]
    assert hear("{s:Ann Lee} {u:said} {c:it rains} in an interview with her mother.").chain("it rains") == ["Ann Lee"]


def test_the_report_of_a_paper_is_the_paper():
    heard = hear(
        "{s:AFP} {u:said} {c:so}, {u:citing} {s:the daily Vedra}.\n\n{s:The Vedra report} {u:said} {c:it rains}."
    )
    assert heard.chain("it rains") == ["The Vedra report", "AFP"]


def test_who_speaks_again_comes_the_same_way():
    heard = hear(
        "{c:It is empty}, {s:the daily Vedra} {u:reported}, {u:citing} {s:an unnamed source in the ministry}.\n\n"
        "{s:The source} {u:said} {c:it was an order}."
    )
    assert heard.chain("it was an order") == ["The source", "the daily Vedra"]
    assert heard.speaker("The source") == "an unnamed source in the ministry"


def test_he_added_comes_the_same_way_but_not_what_he_says_elsewhere():
    first = '"It is empty," {s:Ann Lee} {u:was quoted} by {s:AFP} as {u:saying}.'
    assert hear(first + ' "It is cold," {s:she} {u:added}.').chain('"It is cold,"') == ["she", "AFP"]
    assert hear(first + " {s:She} {u:told} MPs {c:it is cold}.").chain("it is cold") == ["She"]
