"""Articles made to break the reader: never a crash, offsets that slice, one voice for each character, all escaped."""

import re
from bisect import bisect_right
from itertools import pairwise
from random import Random

import pytest
from adversarial import WHAT, adversarial_articles, adversarial_texts, sentence, story
from html_tree import tree
from hypothesis import HealthCheck, given, settings

from slantwise.article import Article
from slantwise.errors import SlantwiseError
from slantwise.formats.decoding import decode_article
from slantwise.model_folder import load_model
from slantwise.report import article_report
from slantwise.report.cast import VoiceMap
from slantwise.report.pieces import cut
from slantwise.report.wording import printable
from slantwise.score import AUTHOR
from slantwise.scorer import Scorer

ARTICLES = 200
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "latin-1", "cp1252", "shift_jis", "cp037")
FORBIDDEN = {"img", "iframe", "object", "embed", "form", "base"}


@pytest.fixture(scope="module")
def shipped():
    return Scorer(load_model())


@pytest.fixture(scope="module")
def tiny(tiny_model):
    return Scorer(load_model(tiny_model))


def spans_of(score):
    for s in score.sentences:
        yield from (s, *s.hedging.cues, *s.wording.words, *s.stance)
    for a in score.attributions:
        yield from (span for span in (a.source, a.cue, *a.content) if span is not None)


def check_sound(text, score):
    """Offsets slice back, sentences hold every visible character once, and each character has one voice."""
    for span in spans_of(score):
        assert 0 <= span.start <= span.end <= len(text)
        assert text[span.start : span.end] == span.text
    for before, after in pairwise(score.sentences):
        assert before.end <= after.start
    ends = [0, *(s.end for s in score.sentences)]
    starts = [*(s.start for s in score.sentences), len(text)]
    assert not "".join(text[end:start] for end, start in zip(ends, starts, strict=True)).strip()
    ids = {AUTHOR, *(a.id for a in score.attributions)}
    assert len(ids) == len(score.attributions) + 1
    for a in score.attributions:
        assert a.via is None or a.via in ids - {AUTHOR, a.id}
    for s in score.sentences:
        assert {s.voice, *(c.voice for c in s.hedging.cues), *(w.voice for w in s.wording.words)} <= ids
        assert {x.holder for x in s.stance} <= ids
    check_voices(text, score, ids)


def check_voices(text, score, ids):
    """The contents give each character one voice, the innermost, and the report cuts its sentences just so."""
    innermost = [AUTHOR] * len(text)
    contents = [(c, a.id) for a in score.attributions for c in a.content]
    for content, voice in sorted(contents, key=lambda row: row[0].start - row[0].end):
        innermost[content.start : content.end] = [voice] * (content.end - content.start)
    starts = [s.start for s in score.sentences]
    for content, _ in contents:
        at = bisect_right(starts, content.start) - 1
        assert content.end <= score.sentences[at].end, "a content is cut by sentences"
    voices = VoiceMap(score.attributions)
    for s in score.sentences:
        pieces = list(cut(s, (), voices))
        assert all({piece.voice} == set(innermost[piece.start : piece.start + len(piece.text)]) for piece in pieces)
        assert "".join(piece.text for piece in pieces) == printable(s.text)
        assert all(piece.voice in ids for piece in pieces)
    words = sum(voice["words"] for voice in score.summary["voices"].values() if "words" in voice)
    assert words <= sum(bool(re.search(r"\w", word)) for s in score.sentences for word in re.findall(r"\S+", s.text))


def check_report(text, score):
    """The page parses, holds the sentences word for word, and nothing of the article is markup in it."""
    page = tree(article_report(Article("x", text), score))
    elements = list(page.all())
    assert [e.text for e in page.one("article").all("span", "s")] == [printable(s.text) for s in score.sentences]
    assert not FORBIDDEN & {e.tag for e in elements}
    assert len([e for e in elements if e.tag == "script"]) == 1
    assert not [e for e in elements for name in e.attributes if name.startswith("on")]


def test_two_hundred_articles(shipped):
    made = list(adversarial_articles(ARTICLES))
    assert len({text for _, text in made}) > 0.95 * ARTICLES
    attributed = 0
    for number, (name, text) in enumerate(made):
        try:
            score = shipped.score(Article(name, text))
            check_sound(text, score)
            if number % 5 == 0:
                check_report(text, score)
        except Exception as error:
            raise AssertionError(f"{name}: {text[:300]!r}") from error
        attributed += bool(score.attributions)
    assert attributed > ARTICLES / 2


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(text=adversarial_texts())
def test_any_mixture(tiny, text):
    score = tiny.score(Article("x", text))
    check_sound(text, score)
    check_report(text, score)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_mixed_encodings_are_read_or_refused_with_words(tiny, encoding):
    random = Random(encoding)
    for _ in range(4):
        text = story(random, 3)
        data = text.encode(encoding, "replace")
        cuts = (data, data[:-1], data + b"\xff\xfe\x00", data[: len(data) // 2] + text.encode("utf-8"), b"\x80" + data)
        for bytes_ in cuts:
            for given_ in (None, encoding):
                try:
                    read = decode_article(bytes_, "x.txt", given_)
                except SlantwiseError as error:
                    assert "x.txt" in str(error)  # noqa: PT017  reading and refusing are both right
                    continue
                check_sound(read, tiny.score(Article("x", read)))


def test_a_sentence_of_100_000_characters(tiny):
    random = Random(1)
    text = " and ".join(f"{sentence(random).strip('.')}" for _ in range(2500)).replace("\n", " ")[:100_000]
    for whole in (text, "a" * 100_000, '"' * 20_000):
        check_sound(whole, tiny.score(Article("x", whole)))


def test_five_thousand_short_lines(tiny):
    random = Random(2)
    text = "\n".join(
        random.choice((*WHAT, "Q: So?", "A: No.", '"Yes', "LEE: no", "He said so.", "", "-")) for _ in range(5000)
    )
    check_sound(text, tiny.score(Article("x", text)))


@pytest.mark.parametrize(
    "text", ["", " \n\t\u2028", "\x00", "\ud800", "\u202e", "\ufeff", '"', "’", ":", "Q:", "a", "🏴"]
)
def test_next_to_nothing(tiny, text):
    score = tiny.score(Article("x", text))
    check_sound(text, score)
    check_report(text, score)
