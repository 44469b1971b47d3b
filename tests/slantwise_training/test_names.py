"""Bounds of names: corpora that mark noun phrases and corpora that mark bare names are one after this."""

import pytest

from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.linear.words import split_words
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.encoder.samples import samples_of
from slantwise_training.linear.perceptron import tagged_sentence
from slantwise_training.names import bare_name
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
