"""Scores go to JSON and come back; the shape is the documented one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from slantwise.errors import BadSpan
from slantwise.formats import schema, score_from_json, score_to_json
from slantwise.labels import HedgeKind, Hedging, Quotation, SentenceKind, SourceKind, StanceLabel, Wording
from slantwise.score import (
    ArticleScore,
    Attribution,
    Cue,
    HedgingScore,
    LoadedWord,
    ModelName,
    SentenceScore,
    Source,
    StanceScore,
    Target,
    TextSpan,
    WordingScore,
)

TEXT = "Aides said the reckless tax may fail."
EXPECTED = {
    "schema": "slantwise-score/1",
    "article": "toy",
    "model": {"name": "default", "sha256": "ab"},
    "sentences": [
        {
            "index": 0,
            "start": 0,
            "end": 37,
            "kind": "body",
            "text": TEXT,
            "voice": "a1",
            "hedging": {
                "label": "hedged",
                "p": 0.9877,
                "cues": [{"start": 28, "end": 31, "text": "may", "kind": "epistemic", "voice": "a1"}],
            },
            "wording": {
                "label": "loaded",
                "p": 0.8,
                "words": [{"start": 15, "end": 23, "text": "reckless", "voice": "a1"}],
            },
            "stance": [
                {
                    "target": "t1",
                    "start": 24,
                    "end": 27,
                    "text": "tax",
                    "label": "unsure",
                    "p": 0.7,
                    "between": ["against", "neutral"],
                    "holder": "a1",
                }
            ],
        }
    ],
    "attributions": [
        {
            "id": "a1",
            "source": {"start": 0, "end": 5, "text": "Aides", "kind": "anonymous", "entity": None},
            "cue": {"start": 6, "end": 10, "text": "said"},
            "content": [{"start": 11, "end": 36, "text": "the reckless tax may fail"}],
            "quotation": "indirect",
            "via": None,
            "p": 0.93,
        }
    ],
    "targets": [{"id": "t1", "name": "tax", "aliases": ["the tax"], "mentions": 1}],
    "summary": {"note": "free"},
}
BETWEEN = (StanceLabel.AGAINST, StanceLabel.NEUTRAL)
SCORE = ArticleScore(
    "toy",
    ModelName("default", "ab"),
    (
        SentenceScore(
            0,
            37,
            TEXT,
            0,
            SentenceKind.BODY,
            "a1",
            HedgingScore(Hedging.HEDGED, 0.987654, (Cue(28, 31, "may", HedgeKind.EPISTEMIC, "a1"),)),
            WordingScore(Wording.LOADED, 0.8, (LoadedWord(15, 23, "reckless", "a1"),)),
            (StanceScore(24, 27, "tax", "t1", StanceLabel.UNSURE, 0.7, "a1", BETWEEN),),
        ),
    ),
    (
        Attribution(
            "a1",
            Source(0, 5, "Aides", SourceKind.ANONYMOUS),
            TextSpan(6, 10, "said"),
            (TextSpan(11, 36, "the reckless tax may fail"),),
            Quotation.INDIRECT,
            0.93,
        ),
    ),
    (Target("t1", "tax", ("the tax",), 1),),
    {"note": "free"},
)

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
ids = st.sampled_from(["author", "a1", "a2"])
ps = st.integers(0, 10_000).map(lambda n: n / 10_000)
starts = st.integers(0, 10**7)
several = {"max_size": 2}


def spans(kind, *rest):
    return st.builds(lambda start, text, *more: kind(start, start + len(text), text, *more), starts, words, *rest)


def tuples(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


plain_spans = spans(TextSpan)
hedgings = st.builds(HedgingScore, st.sampled_from(Hedging), ps, tuples(spans(Cue, st.sampled_from(HedgeKind), ids)))
wordings = st.builds(WordingScore, st.sampled_from(Wording), ps, tuples(spans(LoadedWord, ids)))
sides = st.sampled_from([StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR])
betweens = st.permutations([StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR]).map(lambda p: tuple(p[:2]))
stances = spans(StanceScore, words, sides, ps, ids) | spans(
    StanceScore, words, st.just(StanceLabel.UNSURE), ps, ids, betweens
)
sentences = spans(
    SentenceScore, st.integers(0, 999), st.sampled_from(SentenceKind), ids, hedgings, wordings, tuples(stances)
)
attributions = st.builds(
    Attribution,
    words,
    st.none() | spans(Source, st.sampled_from(SourceKind), st.none() | words),
    st.none() | plain_spans,
    tuples(plain_spans),
    st.sampled_from(Quotation),
    ps,
    st.none() | words,
)
targets = st.builds(Target, words, words, tuples(words), st.integers(0, 99))
scores = st.builds(
    ArticleScore,
    words,
    st.builds(ModelName, words, words),
    tuples(sentences),
    tuples(attributions),
    tuples(targets),
    st.dictionaries(words, ps, max_size=2),
)
VALIDATOR = Draft202012Validator(schema("score"))


def test_the_documented_shape_in_the_documented_order():
    assert json.dumps(score_to_json(SCORE)) == json.dumps(EXPECTED)


def test_a_stance_that_is_sure_is_between_nothing():
    value = json.loads(json.dumps(EXPECTED))
    stance = value["sentences"][0]["stance"][0]
    stance["label"] = "against"
    del stance["between"]
    score = score_from_json(value)
    assert score.sentences[0].stance[0].between is None
    assert score_to_json(score) == value


@pytest.mark.parametrize(
    ("label", "between"),
    [
        ("unsure", None),
        ("against", ["against", "neutral"]),
        ("unsure", ["against"]),
        ("unsure", ["against", "against"]),
        ("unsure", ["unsure", "neutral"]),
    ],
)
def test_an_unsure_stance_is_between_two_sides_and_no_other_is(label, between):
    value = json.loads(json.dumps(EXPECTED))
    stance = value["sentences"][0]["stance"][0]
    stance["label"], stance["between"] = label, between
    if between is None:
        del stance["between"]
    assert not VALIDATOR.is_valid(value)
    with pytest.raises(BadSpan, match=r"stance\[0\].between"):
        score_from_json(value)


@given(scores)
@settings(max_examples=60, deadline=None)
def test_scores_come_back_as_they_were_and_fit_the_schema(score):
    text = json.dumps(score_to_json(score), ensure_ascii=False)
    assert score_from_json(json.loads(text)) == score
    assert VALIDATOR.is_valid(json.loads(text))


def test_probabilities_keep_four_digits_and_become_plain_floats():
    numpy = pytest.importorskip("numpy")
    score = HedgingScore(Hedging.HEDGED, numpy.float32(0.123456))
    sentence = SentenceScore(0, 1, "x", 0, SentenceKind.BODY, "author", score, WordingScore(Wording.PLAIN, 1 / 3))
    value = score_to_json(ArticleScore("x", ModelName("m", "s"), (sentence,), (), (), {}))["sentences"][0]
    assert (value["hedging"]["p"], value["wording"]["p"]) == (0.1235, 0.3333)
    assert type(value["hedging"]["p"]) is float


@pytest.mark.parametrize(
    ("path", "bad", "field"),
    [
        (["schema"], "slantwise-score/2", "schema"),
        (["article"], 5, "article"),
        (["model", "sha256"], None, "model.sha256"),
        (["sentences"], {}, "sentences"),
        (["sentences", 0, "start"], -1, "sentences[0].start"),
        (["sentences", 0, "end"], 38, "sentences[0].text"),
        (["sentences", 0, "kind"], "footer", "sentences[0].kind"),
        (["sentences", 0, "hedging", "label"], "loaded", "sentences[0].hedging.label"),
        (["sentences", 0, "hedging", "p"], 1.5, "sentences[0].hedging.p"),
        (["sentences", 0, "hedging", "cues", 0, "kind"], "sure", "sentences[0].hedging.cues[0].kind"),
        (["sentences", 0, "stance", 0, "more"], 1, "sentences[0].stance[0].more"),
        (["attributions", 0, "quotation"], None, "attributions[0].quotation"),
        (["attributions", 0, "source", "kind"], "x", "attributions[0].source.kind"),
        (["targets", 0, "aliases", 0], 5, "targets[0].aliases[0]"),
        (["summary"], [], "summary"),
    ],
)
def test_what_is_no_score_names_its_field(path, bad, field):
    value = json.loads(json.dumps(EXPECTED))
    place = value
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = bad
    with pytest.raises(BadSpan) as caught:
        score_from_json(value)
    assert caught.value.field == field


@pytest.mark.parametrize("key", list(EXPECTED))
def test_a_missing_key_is_named(key):
    with pytest.raises(BadSpan) as caught:
        score_from_json({k: v for k, v in EXPECTED.items() if k != key})
    assert caught.value.field == key
