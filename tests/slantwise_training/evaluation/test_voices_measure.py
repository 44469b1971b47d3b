"""Voices compared by character."""

import pytest

from slantwise.article import Article
from slantwise.errors import SlantwiseError
from slantwise.labels import Lens, LinkLabel, Quotation, SourceKind, SpanLabel
from slantwise.records import Document, LabelledSentence, Link, Span
from slantwise.score import ArticleScore, Attribution, ModelName, Source, TextSpan
from slantwise_training.evaluation.voices import AUTHOR, NOBODY, VoiceCounts, compare_voices, gold_voices

TEXT = "Ann Lee said it rains. She said it pours. It was dry."


def span(id_, label, text, surface, entity=None):
    start = text.index(surface)
    return Span(id_, label, start, start + len(surface), surface, entity=entity)


def gold():
    first, second, third = "Ann Lee said it rains.", "She said it pours.", "It was dry."
    rows = []
    for index, (text, surface, content) in enumerate([(first, "Ann Lee", "it rains"), (second, "She", "it pours")]):
        source = span(f"{index}.s", SpanLabel.SOURCE, text, surface, entity="lee")
        said = span(f"{index}.c", SpanLabel.CONTENT, text, content)
        link = Link(LinkLabel.CONTENT_OF, said.id, source.id)
        rows.append((text, (source, said), (link,)))
    rows.append((third, (), ()))
    return [
        LabelledSentence(f"a#{i}", Document("a"), i, text, (Lens.ATTRIBUTION,), spans=spans, links=links)
        for i, (text, spans, links) in enumerate(rows)
    ]


def attribution(id_, source, content):
    at, there = TEXT.index(source) if source else 0, TEXT.index(content)
    named = Source(at, at + len(source), source, SourceKind.NAMED) if source else None
    return Attribution(id_, named, None, (TextSpan(there, there + len(content), content),), Quotation.INDIRECT, 0.9)


def compare(*attributions):
    score = ArticleScore("a", ModelName("m", ""), (), attributions, (), {})
    return compare_voices(Article("a", TEXT), gold(), score)


def test_gold_voices_are_painted_by_entity():
    voices = gold_voices(Article("a", TEXT), gold())
    assert voices[TEXT.index("it rains")] == voices[TEXT.index("it pours")] == "lee"
    assert voices[0] == voices[-1] == AUTHOR


def test_a_perfect_score_is_right_everywhere_white_space_aside():
    found = compare(attribution("a1", "Ann Lee", "it rains"), attribution("a2", "She", "it pours"))
    assert found == VoiceCounts(len(TEXT.replace(" ", "")), found.characters, found.characters)
    assert found.accuracy == found.side_accuracy == 1.0


def test_a_pronoun_and_its_name_are_one_speaker():
    swapped = compare(attribution("a1", "She", "it rains"), attribution("a2", "Ann Lee", "it pours"))
    assert swapped.accuracy == 1.0


def test_the_wrong_or_no_speaker_is_on_the_right_side_only():
    found = compare(attribution("a1", "Ann Lee", "it rains"), attribution("a2", "", "it pours"))
    assert found.side_accuracy == 1.0
    assert found.characters - found.right_voice == len("itpours")


def test_what_is_missed_is_wrong_twice():
    found = compare(attribution("a1", "Ann Lee", "it rains"))
    assert found.right_side == found.right_voice == found.characters - len("itpours")


def test_a_content_without_a_source_is_nobodys():
    record = gold()[0]
    cue = span("0.q", SpanLabel.CUE, record.text, "said")
    content = span("0.c", SpanLabel.CONTENT, record.text, "it rains")
    link = Link(LinkLabel.CONTENT_OF, content.id, cue.id)
    bare = LabelledSentence("a#0", Document("a"), 0, record.text, (), spans=(cue, content), links=(link,))
    assert gold_voices(Article("a", record.text), [bare])[-2] == NOBODY


def test_counts_add_and_pass_through_vectors():
    counts = VoiceCounts(10, 8, 6) + VoiceCounts(10, 10, 10)
    assert counts == VoiceCounts(20, 18, 16)
    assert counts.with_vector(counts.to_vector()) == counts
    assert VoiceCounts(0, 0, 0).accuracy == 0.0


def test_another_article_is_refused():
    score = ArticleScore("a", ModelName("m", ""), (), (), (), {})
    with pytest.raises(SlantwiseError, match=r"text of a#0 in article a; found another"):
        compare_voices(Article("a", "Other words."), gold(), score)
