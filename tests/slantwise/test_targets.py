"""Who the article takes sides on, and which sources are among them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_article import hear, marked, readings_of

from slantwise.errors import AskedWrong
from slantwise.labels import MentionKind, SpanLabel
from slantwise.reading import FoundSpan, Reading
from slantwise.segment import segment
from slantwise.targets import WantedTarget, find_targets, name_sources, parse_target


def found(written: str, *wanted: WantedTarget) -> dict[str, tuple[tuple[str, ...], int]]:
    targets, mentions = find_targets(*readings_of(marked(written)), wanted)
    assert [t.mentions for t in targets] == [sum(m.target == t.id for m in mentions) for t in targets]
    return {t.name: (t.aliases, t.mentions) for t in targets}


def test_a_surname_finds_its_full_name_wherever_that_stands():
    written = "{p:Lopo} left. {p:Ruben Lopo}'s car was gone. {p:Mr. Lopo} had been in {l:Tarn}."
    assert found(written) == {"Ruben Lopo": (("Lopo", "Mr. Lopo"), 3), "Tarn": ((), 1)}


def test_a_surname_that_two_people_have_is_neither_of_them():
    written = "{p:Ada Quill} met {p:Bo Quill}. {p:Quill} left. Then {p:Mrs. Quill} left. {p:Ada} stayed."
    assert found(written) == {"Ada Quill": (("Ada",), 2), "Quill": (("Mrs. Quill",), 2), "Bo Quill": ((), 1)}


def test_titles_particles_and_possessives_do_not_matter():
    written = "{p:President Bashar al-Assad} spoke. {p:Assad's} men left. {p:al-Assad} stayed. {p:ASSAD} won."
    assert found(written) == {"President Bashar al-Assad": (("Assad", "al-Assad", "ASSAD"), 4)}


def test_acronyms_and_companies():
    written = (
        "The {o:Free Alder Movement} won; the {o:FAM} is new. {o:Tal Energy Inc.} fell, and {o:Tal} knew. {l:U.S.} men "
        "left the {l:United States}. {o:Halmsund District Court} sat in {l:Halmsund}."
    )
    names = found(written)
    assert names["Free Alder Movement"] == (("FAM",), 2)
    assert names["Tal Energy Inc."] == (("Tal",), 2)
    assert names["United States"] == (("U.S.",), 2)
    assert names["Halmsund"] == names["Halmsund District Court"] == ((), 1)


def test_an_acronym_of_two_names_is_neither():
    written = "{o:Free Alder Movement} and {o:Fine Art Museum} and {o:FAM}."
    assert found(written)["FAM"] == ((), 1)


def test_a_person_and_a_place_of_one_name_are_two():
    written = "{p:Mr. Tarn} went to {l:Tarn} again."
    assert found(written) == {"Mr. Tarn": ((), 1), "Tarn": ((), 1)}


def test_a_name_is_of_the_kind_it_is_most_often():
    assert found("{p:Tarn} won. {p:Tarn} lost. {o:Tarn} left.") == {"Tarn": ((), 3)}


def test_a_surname_taken_for_a_person_once_is_one():
    assert found("{p:Ann Hollin} won. {l:Hollin} lost. {l:Hollin} left. {p:Hollin} ran.") == {
        "Ann Hollin": (("Hollin",), 4)
    }
    assert found("{p:Ann Hollin} won. {l:Hollin} lost.")["Hollin"] == ((), 1)


def test_general_motors_is_no_general():
    assert found("{o:General Motors} and {o:Motors} and {o:General Motors}")["General Motors"] == ((), 2)


def test_the_most_mentioned_come_first_and_bylines_do_not_count():
    written = (
        "Rain in Tarn Again\n\nBy {p:Ann Lee}\n\nIt rained on {p:Bo Dun} and on {p:Cy Orr} all day. {p:Cy Orr} was wet."
    )
    targets, mentions = find_targets(*readings_of(marked(written)))
    assert [(t.id, t.name) for t in targets] == [("t1", "Cy Orr"), ("t2", "Bo Dun")]
    assert [(m.sentence, m.target) for m in mentions] == [(2, "t2"), (2, "t1"), (3, "t1")]


def test_the_users_targets_are_found_by_whole_words_in_any_case():
    written = "ASSAD fell. Assadists and the Assads did not; the Syrian\u00a0 regime’s men and {p:Bo Dun} fell."
    wanted = WantedTarget("Bashar al-Assad", ("Assad", "Syrian regime"))
    assert found(written, wanted) == {"Bashar al-Assad": (("ASSAD", "Syrian\u00a0 regime"), 2)}


def test_the_users_longer_alias_wins_and_either_apostrophe_will_do():
    wanted = WantedTarget("Alder", ("Free Alder Movement", "people's front"))
    assert found("The Free Alder Movement and the People’s Front in S&P.", wanted)["Alder"][1] == 2
    assert found("S&P (500) and C++ rose.", WantedTarget("S&P (500)"), WantedTarget("C++")) == {
        "S&P (500)": ((), 1),
        "C++": ((), 1),
    }


def test_a_wanted_target_that_is_not_there_is_left_out():
    assert found("It rained.", WantedTarget("Tarn")) == {}


def test_parse_target():
    assert parse_target("Tarn") == WantedTarget("Tarn")
    assert parse_target(" Bashar al-Assad = Assad , Syrian regime") == WantedTarget(
        "Bashar al-Assad", ("Assad", "Syrian regime")
    )


@pytest.mark.parametrize("written", ["", " ", "=x", "x=", "x=a,,b"])
def test_a_target_without_a_name_or_with_an_empty_alias_is_refused(written):
    with pytest.raises(AskedWrong, match="NAME=alias"):
        parse_target(written)


def entities(written: str, *wanted: WantedTarget) -> dict[str, str | None]:
    voices = hear(written).voices
    sentences, readings = readings_of(marked(written))
    targets, mentions = find_targets(sentences, readings, wanted)
    names = {t.id: t.name for t in targets}
    named = name_sources(voices.attributions, sentences, mentions, voices.speakers)
    return {a.source.text: a.source.entity and names[a.source.entity] for a in named if a.source}


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        ("{l:Russia}'s Deputy Minister {p:Ann Lee}", "Ann Lee"),
        ("{l:Russian} President {p:Ann Lee}", "Ann Lee"),
        ("{p:Ann Lee} of {o:Tarn Capital}", "Ann Lee"),
        ("{o:Tarn Capital}’s {p:Ann Lee}", "Ann Lee"),
        ("{p:Ann Lee}'s office", None),
        ("{l:Moscow}", "Moscow"),
        ("the {o:Vedra} daily", "Vedra"),
        ("the {o:Tarn Council}", "Tarn Council"),
        ("an official in {l:Moscow}", None),
        ("two {l:Moscow} officials", None),
        ("the embassy in {l:Moscow}", None),
    ],
)
def test_the_entity_of_a_source_is_its_target(source, entity):
    assert list(entities(f"{{s:{source}}} {{u:said}} {{c:it rains}}.").values()) == [entity]


def test_a_pronoun_has_its_speakers_entity():
    written = "{s:{p:Ann Lee}} {u:said} {c:it rains}. {s:She} {u:added} {c:it pours}. {s:They} {u:said} {c:no}."
    assert entities(written) == {"Ann Lee": "Ann Lee", "She": "Ann Lee", "They": None}


def test_a_surname_has_the_full_names_entity():
    written = "{s:Minister {p:Ann Lee}} {u:said} {c:it rains}. {s:{p:Lee}} {u:added} {c:it pours}."
    assert entities(written) == {"Minister Ann Lee": "Ann Lee", "Lee": "Ann Lee"}


def test_the_users_targets_are_entities_too():
    written = (
        "{s:Minister Ann Lee} {u:said} {c:it rains}. {s:The ministry} {u:said} {c:no}. "
        "{s:Ann Lee's son} {u:said} {c:so}."
    )
    named = entities(written, WantedTarget("Lee"), WantedTarget("Ministry"))
    assert named == {"Minister Ann Lee": "Lee", "The ministry": "Ministry", "Ann Lee's son": None}


@given(st.lists(st.tuples(st.text(max_size=12), st.sampled_from(MentionKind)), max_size=8), st.text(min_size=1))
def test_any_names_are_targets_whose_mentions_slice_back(names, alias):
    text = "\n".join(name + " it rained" for name, _ in names)
    sentences = segment(text)
    kinds = [kind for _, kind in names] or [MentionKind.PERSON]
    readings = [
        Reading(s.text, {}, (FoundSpan(SpanLabel.MENTION, 0, min(5, len(s.text)), kinds[i % len(kinds)], 0.5),))
        for i, s in enumerate(sentences)
    ]
    targets, mentions = find_targets(sentences, readings)
    surfaces = {t.id: {t.name, *t.aliases} for t in targets}
    assert all(sentences[m.sentence].text[m.start : m.end] in surfaces[m.target] for m in mentions)
    if alias.strip():
        find_targets(sentences, readings, [WantedTarget(alias)])
