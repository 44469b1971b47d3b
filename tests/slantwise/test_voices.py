"""Every character of an article has one voice."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_article import hear, marked, readings_of

from slantwise.article import Article
from slantwise.labels import MentionKind, SpanLabel
from slantwise.reading import FoundSpan, Reading
from slantwise.score import AUTHOR
from slantwise.segment import segment
from slantwise.voices import find_voices


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ("{s:Ann Lee} {u:said} that {c:it rains}.", "that it rains"),
        ("{s:Ann Lee} {u:wants} to {c:leave Tarn}.", "to leave Tarn"),
        ("{s:Ann Lee} {u:asked} whether {c:it rains}.", "whether it rains"),
        ("{c:It rains,} {s:Ann Lee} {u:said}.", "It rains"),
        ("{s:Ann Lee} {u:said} {c:it rains.}", "it rains"),
        ("{s:Ann Lee} {u:said} {c:it rains in the U.S.}", "it rains in the U.S."),
        ('{c:"It rains,"} {s:Ann Lee} {u:said}.', '"It rains,"'),
        ('{s:Ann Lee} {u:said}: {c:"It rains."}', '"It rains."'),
        ('{s:Ann Lee} {u:said} {c:it was "a bad day."}', 'it was "a bad day."'),
    ],
)
def test_contents_are_cut_as_the_guidelines_cut_them(written, content):
    assert hear(written).contents("Ann Lee") == [content]


@pytest.mark.parametrize(
    ("content", "quotation"),
    [
        ('"It rains,"', "direct"),
        ("it rains", "indirect"),
        ('it is "raining cats and dogs"', "mixed"),
        ("it is a ‘sham’", "mixed"),
    ],
)
def test_quotation(content, quotation):
    (attribution,) = hear(f"{{s:Ann Lee}} {{u:said}} {{c:{content}}} on Monday.").voices.attributions
    assert attribution.quotation == quotation


def test_one_content_a_sentence_and_one_voice_over_both():
    heard = hear('"It rains. It pours," {s:Ann Lee} {u:said}.')
    (attribution,) = heard.voices.attributions
    assert [c.text for c in attribution.content] == ['"It rains.', 'It pours,"']
    assert heard.of('"It rains. It pours,"') == "Ann Lee"


def test_the_innermost_source_speaks():
    heard = hear("{s:Ann Lee} {u:said} {c:{s:Bo Dun} {u:denied} {c:the charge}}.")
    assert heard.of("the charge") == "Bo Dun"
    assert heard.of("denied") == "Ann Lee"
    assert heard.of("said") == AUTHOR
    assert heard.chain("the charge") == ["Bo Dun", "Ann Lee"]


def test_a_source_and_its_cue_may_stand_alone_but_neither_without_the_other():
    assert [a.cue.text for a in hear("{s:Maro's allies} {u:cheered}.").voices.attributions] == ["cheered"]
    assert hear("{s:Maro's allies} came.").voices.attributions == ()
    assert hear("It was {u:noted}.").voices.attributions == ()


def test_quotes_as_author_keeps_attributions_and_gives_every_character_to_the_author():
    written = '"It rains," {s:Ann Lee} {u:said}. {s:She} {u:added} {c:it pours}.'
    as_author = hear(written, quotes_as_author=True).voices
    assert as_author.attributions == hear(written).voices.attributions
    assert not as_author.owners.any()


def test_at_tells_who_holds_most_and_words_who_holds_which():
    heard = hear('"It rains and rains," {s:Ann Lee} {u:said}.')
    assert heard.voices.at(0, len(heard.text)) == "a1"
    assert heard.voices.words(0, heard.text) == {"a1": 4, AUTHOR: 3}
    assert heard.voices.at(0, 0) == AUTHOR


def test_who_judges_holds_the_judgement():
    heard = hear(
        "{s:Ann Lee} {u:praised} {p:Bo Dun}. {s:Ann Lee} {u:met} {p:Cy Orr}. {s:She} {u:accused} one {p:Di Poe}."
    )

    def judge(name: str) -> str:
        start = heard.text.index(name)
        return heard.voices.judge_of(start, start + len(name))

    assert [judge("Bo Dun"), judge("Cy Orr"), judge("Di Poe"), judge("Ann Lee")] == ["a1", AUTHOR, "a3", AUTHOR]


LABELS = [SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT, SpanLabel.MENTION]
WORDS = st.sampled_from(
    ["Ann Lee", "he", "said", "was quoted by", "citing", "as saying", "the daily Vedra", "“", "”", '"', "'", "‘", "’",
     ",", ".", ":", "\n\n", "Q:", "A:", "it rains", "that", "which", "according to", "an official", "'90s", "🙂",
     "\r\n", "ß", "\u2028"]
)  # fmt: skip


@st.composite
def read_articles(draw):
    text = " ".join(draw(st.lists(WORDS, max_size=40))) if draw(st.booleans()) else draw(st.text(max_size=80))
    readings = []
    for sentence in segment(text):
        spans = []
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, len(sentence.text) - 1))
            end = draw(st.integers(start + 1, min(len(sentence.text), start + 30)))
            label = draw(st.sampled_from(LABELS))
            value = MentionKind.PERSON if label is SpanLabel.MENTION else None
            spans.append(FoundSpan(label, start, end, value, 0.5))
        readings.append(Reading(sentence.text, {}, tuple(sorted(spans, key=lambda s: (s.start, s.end)))))
    return text, readings


@given(read_articles())
@settings(max_examples=150, deadline=None)
def test_whatever_the_model_finds_the_voices_are_sound(read):
    text, readings = read
    voices = find_voices(Article("any", text), segment(text), readings)
    ids = [a.id for a in voices.attributions]
    assert ids == [f"a{i}" for i in range(1, len(ids) + 1)]
    assert voices.owners.shape == (len(text),)
    assert np.isin(voices.owners, range(len(ids) + 1)).all()
    by_id = {a.id: a for a in voices.attributions}
    for attribution in voices.attributions:
        for span in (attribution.source, attribution.cue, *attribution.content):
            assert span is None or (text[span.start : span.end] == span.text and span.text.strip() == span.text != "")
        seen = set()
        step = attribution
        while step.via:
            assert step.id not in seen
            seen.add(step.id)
            step = by_id[step.via]
    assert set(voices.speakers) | set(voices.speakers.values()) <= set(ids)
    assert not find_voices(Article("any", text), segment(text), readings, quotes_as_author=True).owners.any()


def test_a_megabyte_takes_seconds():
    unit = marked(
        '"It rains," {s:{p:Ann Lee}} {u:said}. "It pours.\n\n"It snows."\n\n{s:She} {u:added} {c:that it hails}, '
        "{u:citing} {s:the daily Vedra}.\n\n"
        + 3
        * "It rained in Tarn for a week, and nobody there could say why the river had not come over its banks.\n\n"
    )
    sentences, readings = readings_of(unit)
    spans = {s.text: r for s, r in zip(sentences, readings, strict=True)}
    text = unit.text * (1_000_000 // len(unit.text))
    many = segment(text)
    started = time.perf_counter()
    voices = find_voices(Article("long", text), many, [spans[s.text] for s in many])
    assert time.perf_counter() - started < 20
    assert len(voices.attributions) == 3 * (1_000_000 // len(unit.text))


def test_an_endless_sentence_takes_seconds():
    unit = marked('{s:Ann Lee} {u:said} {c:"it was a very bad day,"} and ')
    count = 2000
    text = unit.text * count
    moved = [
        FoundSpan(s.label, s.start + i * len(unit.text), s.end + i * len(unit.text), s.value, s.p)
        for i in range(count)
        for s in unit.spans
    ]
    (sentence,) = segment("x" * len(text))
    started = time.perf_counter()
    voices = find_voices(Article("long", text), [sentence], [Reading(text, {}, tuple(moved))])
    assert time.perf_counter() - started < 10
    assert len(voices.attributions) == count
