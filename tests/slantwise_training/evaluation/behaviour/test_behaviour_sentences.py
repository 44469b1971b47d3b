"""Terms in real sentences are swapped as somebody would write them."""

import pytest
from keyword_model import KeywordBackend

from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.evaluation.behaviour.sentences import Swapper, swap_in_records
from slantwise_training.evaluation.behaviour.suites import load_swaps

AXES = load_swaps().axes


def record(text, doc="d", spans=()):
    return LabelledSentence(f"{doc}#{text[:9]}", Document(doc), 0, text, (Lens.WORDING,), spans=spans)


@pytest.mark.parametrize(
    ("axis", "group", "text", "swapped"),
    [
        ("party", "left", "A Republican told Republican voters he is Republican.", "A Democrat told Democratic voters"),
        ("party", "right", "Democratic leaders met a Democrat.", "Republican leaders met a Republican."),
        ("religion", "jewish", "A Muslim said they are Muslim.", "A Jew said they are Jewish."),
        ("nationality", "rival", "An American met Americans.", "A Russian met Russians."),
        ("nationality", "western", "A Russian came.", "An American came."),
        ("country", "western", "Russia's army left.", "The United States's army left."),
        ("gender", "male", "She gave her book to her.", "He gave his book to him."),
        ("gender", "female", "The man hurt himself.", "The woman hurt herself."),
    ],
)
def test_swaps_read_well(axis, group, text, swapped):
    swapper = Swapper(AXES[axis])
    found, place = swapper.swap(text, group)
    assert found.startswith(swapped)
    assert swapper.group(text) != group
    assert swapper.group(found) == group
    assert found[slice(*place)]
    own = swapper.swap(text, swapper.group(text))
    assert own[0] == text


def test_whole_words_of_one_group_alone_are_swapped():
    assert Swapper(AXES["country"]).group("Chinatown and Indiana") is None
    assert Swapper(AXES["party"]).group("Democrats met Republicans.") is None
    assert Swapper(AXES["nationality"]).group("African Americans voted.") is None


def test_what_is_said_before_and_after_is_compared_by_document():
    records = [record(f"Republicans won seat {n}.", f"d{n % 3}") for n in range(9)]
    records += [record("Nobody won."), record("Democrats beat Republicans."), record("Democrats lost." + "x" * 2000)]
    compared, left_out = swap_in_records(KeywordBackend(loaded=("Republicans",)), records, AXES["party"])
    assert len(compared) == 9
    assert {one.cluster for one in compared} == {"/d0", "/d1", "/d2"}
    for one in compared:
        assert one.groups == ("left", "right")
        assert one.texts[0].startswith("Democrats won")
        assert [answer.labels["wording"] for answer in one.answers] == ["plain", "loaded"]
        assert one.terms == ("democrats", "republicans")
    assert left_out == {"too long": 1}


def test_no_more_than_the_sample_is_read_and_the_draw_repeats():
    records = [record(f"Democrats won seat {n}.", f"d{n}") for n in range(30)]
    backend = KeywordBackend()
    compared, left_out = swap_in_records(backend, records, AXES["party"], sample=10, seed=3)
    assert len(compared) == 10
    assert left_out["beyond the sample"] == 20
    assert len(backend.read_texts) == 20
    again, _ = swap_in_records(KeywordBackend(), records, AXES["party"], sample=10, seed=3)
    assert [one.texts for one in again] == [one.texts for one in compared]


def test_full_names_give_way_to_names_of_every_group():
    text = "They said Ada Berg sang, and Ada Berg left."
    span = Span("m", SpanLabel.MENTION, 10, 18, "Ada Berg", MentionKind.PERSON)
    longer = Span("m", SpanLabel.MENTION, 4, 12, "Ada Berg", MentionKind.PERSON)
    records = [record(text, spans=(span,)), record("Eva Ada Berg sang.", spans=(longer,))]
    compared, _ = swap_in_records(KeywordBackend(), records, AXES["name"])
    assert len(compared) == 10
    assert compared[0].texts[0] == "They said Emily Walsh sang, and Emily Walsh left."
    assert compared[0].terms == ("emily walsh", "lakeisha washington")
