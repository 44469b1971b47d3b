"""An article's gold as offsets, and what is asked of a score by it."""

import hashlib
import json

import pytest

from slantwise.article import Article
from slantwise.errors import SlantwiseError
from slantwise.labels import Hedging, Quotation, SentenceKind, SourceKind, StanceLabel, Wording
from slantwise.score import (
    ArticleScore,
    Attribution,
    HedgingScore,
    LoadedWord,
    ModelName,
    SentenceScore,
    Source,
    StanceScore,
    TextSpan,
    WordingScore,
)
from slantwise_training.evaluation.article_gold import Aspect, check_score, read_article_gold, voice_share

TEXT = "The Post reported, citing Ann Lee, that vile Tarn sank. It rained."


def place(words):
    return [TEXT.index(words), TEXT.index(words) + len(words)]


def span(words):
    return TextSpan(*place(words), words)


@pytest.fixture
def gold(tmp_path):
    attributions = [
        {"id": "g1", "speaker": "paper", "kind": "media", "source": place("The Post"), "cue": place("reported"),
         "content": [], "quotation": "indirect"},
        {"id": "g2", "speaker": "lee", "kind": "named", "source": place("Ann Lee"), "cue": place("citing"),
         "content": [place("that vile Tarn sank")], "quotation": "indirect", "via": "g1"},
    ]  # fmt: skip
    labels = {
        "schema": "slantwise-gold/1",
        "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        "sentences": [
            {"start": 0, "end": 55, "kind": "body", "hedging": "asserted", "wording": "loaded"},
            {"start": 56, "end": 66, "kind": "body", "hedging": "asserted"},
        ],
        "attributions": attributions,
        "undecided": [place("sank")],
        "hedges": [],
        "loaded": [dict(zip(("start", "end"), place("vile"), strict=True), voice="g2")],
        "stances": [dict(zip(("start", "end"), place("Tarn"), strict=True), holder="g2", label="against")],
    }
    path = tmp_path / "gold.json"
    path.write_text(json.dumps(labels), encoding="utf-8")
    return read_article_gold(path)


def score(content="that vile Tarn sank", via="a2", holder="a1"):
    said = Attribution("a1", Source(*place("Ann Lee"), "Ann Lee", SourceKind.NAMED), span("citing"), (span(content),),
                       Quotation.INDIRECT, 0.9, via)  # fmt: skip
    passed = Attribution("a2", Source(*place("The Post"), "The Post", SourceKind.MEDIA), span("reported"), (),
                         Quotation.INDIRECT, 0.9)  # fmt: skip
    stance = StanceScore(*place("Tarn"), "Tarn", "t1", StanceLabel.AGAINST, 0.9, holder)
    word = LoadedWord(*place("vile"), "vile", holder)
    plain = HedgingScore(Hedging.ASSERTED, 0.1)
    loaded = WordingScore(Wording.LOADED, 0.9, (word,))
    first = SentenceScore(0, 55, TEXT[:55], 0, SentenceKind.BODY, "a1", plain, loaded,
                          (stance,))  # fmt: skip
    rest = SentenceScore(56, 66, TEXT[56:], 1, SentenceKind.BODY, "author", plain, WordingScore(Wording.PLAIN, 0.1))
    return ArticleScore("a", ModelName("m", ""), (first, rest), (said, passed), (), {})


def wrong(gold, found):
    return {check.aspect for check in check_score(gold, Article("a", TEXT), found) if not check.right}


def test_a_perfect_score_is_right_throughout(gold):
    assert wrong(gold, score()) == set()
    assert voice_share(gold, Article("a", TEXT), score()) == 1.0
    asked = {check.aspect for check in check_score(gold, Article("a", TEXT), score())}
    assert asked == set(Aspect) - {Aspect.HEDGE}


def test_each_error_is_told(gold):
    assert wrong(gold, score(via=None)) == {Aspect.CHAIN}
    assert wrong(gold, score(holder="author")) == {Aspect.HOLDER, Aspect.LOADED}
    assert wrong(gold, score(content="It rained")) == {Aspect.SPEAKER}


def test_undecided_characters_do_not_count(gold):
    article = Article("a", TEXT)
    assert voice_share(gold, article, score(content="that vile Tarn")) == 1.0
    assert voice_share(gold, article, score(content="vile Tarn")) < 1.0


def test_another_text_is_refused(gold):
    with pytest.raises(SlantwiseError, match="sha256"):
        check_score(gold, Article("a", TEXT + " "), score())


def test_another_schema_is_refused(tmp_path):
    (tmp_path / "x.json").write_text('{"schema": "slantwise/1"}', encoding="utf-8")
    with pytest.raises(SlantwiseError, match="slantwise-gold/1"):
        read_article_gold(tmp_path / "x.json")
