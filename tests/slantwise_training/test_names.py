"""Bounds of names: corpora that mark noun phrases and corpora that mark bare names are one after this."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.linear.words import split_words
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.encoder.samples import samples_of
from slantwise_training.linear.perceptron import tagged_sentence
from slantwise_training.names import actor_in_phrase, bare_name, name_in_phrase
from slantwise_training.recipe import LayerRecipe, Selection


def span(text, start=4):
    return Span("m", SpanLabel.MENTION, start, start + len(text), text, MentionKind.PLACE)


@pytest.mark.parametrize(
    ("text", "start", "bare"),
    [
        ("the Harbour Office", 4, "Harbour Office"),
        ("a Dr. Berg", 4, "Dr. Berg"),
        ("The Hague", 4, "The Hague"),
        ("The Hague", 0, "Hague"),
        ("Anna Berg's", 4, "Anna Berg"),
        ("the Netherlands\u2019", 0, "Netherlands"),
        ("Anna Berg 's", 4, "Anna Berg"),
        ("theodora", 4, "theodora"),
        ("the", 0, "the"),
        ("'s", 4, "'s"),
        ("the 's", 4, "'s"),
    ],
)
def test_a_name_is_bare(text, start, bare):
    found = bare_name(span(text, start))
    assert (" " * start + text)[slice(*found)] == bare


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("the rebels who hold the harbour", "rebels"),
        ("The Tarn coastguard", "Tarn coastguard"),
        ("a member of the council", "member"),
        ("several of his closest aides, all from Tarn", "closest aides"),
        ("hundreds of angry fishermen", "angry fishermen"),
        ("107 crew", "crew"),
        ("the Tarn-led coalition", "Tarn-led coalition"),
        ("the L.B.-led coalition of ports", "L.B.-led coalition"),
        ("the ministry's", "ministry"),
        ("Tarn’s harbour police", "Tarn’s harbour police"),
        ("men and women of the port", "men and women"),
        ('"our allies"', "allies"),
        ("both of them", ""),
        ("the first to leave", ""),
        ("107", ""),
        ("the", ""),
        ("- , -", ""),
    ],
)
def test_an_actor_is_what_it_is_called(text, actor):
    where = Span("m", SpanLabel.MENTION, 4, 4 + len(text), text, MentionKind.ACTOR)
    assert ("    " + text)[slice(*actor_in_phrase(where))] == actor
    assert name_in_phrase(where) == actor_in_phrase(where)


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Ann Berg, who opened the road", "person", "Ann Berg"),
        ("Ann Berg of Harbour Watch", "person", "Ann Berg"),
        ("Tarn councillor Ann Berg in Lowen", "person", "Ann Berg"),
        ("Tarn's Ann Berg", "person", "Ann Berg"),
        ('Ann "Skip" Berg', "person", 'Ann "Skip" Berg'),
        ("Jan van der Berg, 49", "person", "Jan van der Berg"),
        ("de la Cruz", "person", "de la Cruz"),
        ("all Lowenians with boats", "person", "Lowenians"),
        ("Tarn boatbuilder Berg & Sons, which sank", "organisation", "Berg & Sons"),
        ("Bank of Tarn in the north", "organisation", "Bank of Tarn"),
        ("Tarn police", "organisation", "Tarn police"),
        ("Tarn – Lowen Bay Bridge", "place", "Tarn – Lowen Bay Bridge"),
        ("northern Lowen", "place", "Lowen"),
        ("Lowen, Tarn", "place", "Lowen"),
        ("the harbour", "place", "harbour"),
        ("iHarbour", "organisation", "iHarbour"),
    ],
)
def test_the_name_in_a_phrase(text, kind, name):
    found = name_in_phrase(Span("m", SpanLabel.MENTION, 4, 4 + len(text), text, MentionKind(kind)))
    assert (" " * 4 + text)[slice(*found)] == name


@given(text=st.text(min_size=1, max_size=60), kind=st.sampled_from(["person", "organisation", "place"]))
def test_a_name_lies_in_its_phrase(text, kind):
    start, end = name_in_phrase(Span("m", SpanLabel.MENTION, 7, 7 + len(text), text, MentionKind(kind)))
    assert 7 <= start < end <= 7 + len(text)


def test_names_inside_what_is_cut_off_are_learned():
    text = "Ann Berg of Harbour Watch left."
    kinds = MentionKind.PERSON, MentionKind.ORGANISATION
    spans = tuple(
        Span(f"m{i}", SpanLabel.MENTION, text.index(words), text.index(words) + len(words), words, kind)
        for i, (words, kind) in enumerate(zip(("Ann Berg of Harbour Watch", "Harbour Watch"), kinds, strict=True))
    )
    layer = LayerRecipe((SpanLabel.MENTION,), (Selection("gum", "train"),), kinds=True)
    for corpus, names in (("gum", 4), ("wikigold", 5)):
        record = LabelledSentence(
            "s", Document("d"), 0, text, (Lens.MENTIONS,), spans=spans, exhaustive=(SpanLabel.MENTION,), corpus=corpus
        )
        tags = tagged_sentence(record, layer, bare_names=True).tags
        assert sum(tag != "O" for tag in tags) == names
        assert len({tag[2:] for tag in tags if tag != "O"}) == (2 if corpus == "gum" else 1)


def test_an_encoder_learns_bare_names_and_a_linear_model_those_of_its_corpus():
    text = "She met the Harbour Office's head."
    start = text.index("the")
    end = text.index(" head")
    mention = Span("m", SpanLabel.MENTION, start, end, text[start:end], MentionKind.ORGANISATION)
    record = LabelledSentence(
        "s", Document("d"), 0, text, (Lens.MENTIONS,), spans=(mention,), exhaustive=(SpanLabel.MENTION,)
    )
    layer = LayerRecipe((SpanLabel.MENTION,), (Selection("gum", "train"),))
    tagged = {}
    for bare in (True, False):
        tags = tagged_sentence(record, layer, bare_names=bare).tags
        tagged[bare] = " ".join(w.text for w, tag in zip(split_words(text), tags, strict=True) if tag != "O")
    assert tagged == {True: "Harbour Office", False: "the Harbour Office 's"}
    (sample,) = samples_of([record], {"layers.mentions": layer})
    assert sum(tag != "O" for tag in sample.tags["mentions"]) == 2
