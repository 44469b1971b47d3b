"""The numbers of an article, worked out by hand."""

import numpy as np
import pytest

from slantwise.labels import HedgeKind, Hedging, Quotation, SentenceKind, SourceKind, StanceLabel, Wording
from slantwise.score import (
    Attribution,
    Cue,
    HedgingScore,
    LoadedWord,
    SentenceScore,
    Source,
    StanceScore,
    Target,
    WordingScore,
)
from slantwise.summary import _quantile, share, summarise


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    # by hand, from Wilson's formula with z = 1.959964
    [(3, 10, 0.1078, 0.6032), (0, 8, 0.0, 0.3244), (5, 5, 0.5655, 1.0), (41, 137, 0.2289, 0.3806)],
)
def test_wilson_intervals(count, of, low, high):
    row = share(count, of)
    assert row == {"count": count, "of": of, "share": round(count / of, 4), "low": low, "high": high}


def test_nothing_of_nothing_is_no_share():
    assert share(0, 0) == {"count": 0, "of": 0, "share": None, "low": None, "high": None}


def sentence(index, voice="author", hedge=(), loaded=(), stance=(), p=0.9):
    cues = tuple(Cue(0, 3, "may", kind, who) for kind, who in hedge if kind)
    words = tuple(LoadedWord(0, 4, "vile", who) for who in loaded if who)
    return SentenceScore(
        0,
        9,
        "It rained",
        index,
        SentenceKind.BODY,
        voice,
        HedgingScore(Hedging.HEDGED if hedge else Hedging.ASSERTED, p, cues),
        WordingScore(Wording.LOADED if loaded else Wording.PLAIN, p, words),
        tuple(StanceScore(0, 4, "Tarn", "t1", label, 0.8, holder, None) for label, holder in stance),
    )


def attribution(name, kind, text="x", entity=None):
    return Attribution(name, Source(0, len(text), text, kind, entity), None, (), Quotation.DIRECT, 0.9)


TARN = Target("t1", "Tarn", (), 9)


def test_a_loaded_word_is_counted_for_the_voice_it_stands_in():
    sentences = [
        sentence(0, "a1", loaded=["author"]),
        sentence(1, "author", loaded=["a1"]),
        sentence(2, "author", loaded=[None]),
        sentence(3, "author"),
    ]
    spoken = [{"author": 2, "a1": 6}, {"author": 5, "a1": 3}, {"author": 8}, {"author": 4}]
    voices = summarise(sentences, [attribution("a1", SourceKind.NAMED)], [], spoken)["voices"]
    assert (voices["author"]["words"], voices["author"]["sentences"]) == (19, 4)
    assert (voices["author"]["loaded"]["count"], voices["author"]["loaded"]["of"]) == (2, 4)
    assert (voices["sources"]["words"], voices["sources"]["sentences"]) == (9, 2)
    assert (voices["sources"]["loaded"]["count"], voices["sources"]["loaded"]["of"]) == (1, 2)


def test_a_hedge_is_counted_likewise_and_vague_cues_make_none():
    sentences = [
        sentence(0, "author", hedge=[(HedgeKind.EPISTEMIC, "a1")]),
        sentence(1, "author", hedge=[(HedgeKind.VAGUE, "a1")]),
    ]
    voices = summarise(sentences, [], [], [{"author": 2, "a1": 2}] * 2)["voices"]
    assert (voices["author"]["hedged"]["count"], voices["sources"]["hedged"]["count"]) == (1, 1)


def test_sources_by_kind_and_share_of_words():
    attributions = [
        attribution("a1", SourceKind.NAMED),
        attribution("a2", SourceKind.ANONYMOUS),
        attribution("a3", SourceKind.ANONYMOUS),
        Attribution("a4", None, None, (), Quotation.DIRECT, 0.5),
    ]
    spoken = [{"author": 10, "a1": 4}, {"a2": 3, "a4": 2}, {"author": 1}]
    summary = summarise([sentence(i) for i in range(3)], attributions, [], spoken)
    assert (summary["sentences"], summary["words"]) == (3, 20)
    assert summary["sources"] == [
        {"kind": "named", "attributions": 1, "words": 4, "share": 0.2},
        {"kind": "anonymous", "attributions": 2, "words": 3, "share": 0.15},
    ]
    assert (summary["anonymous"]["count"], summary["anonymous"]["of"]) == (2, 3)
    assert (summary["attributed"]["count"], summary["attributed"]["of"]) == (2, 3)


FOR, AGAINST, NEUTRAL, UNSURE = StanceLabel.FAVOR, StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.UNSURE


def test_stance_by_target_and_holder():
    stances = [(AGAINST, "author"), (AGAINST, "author"), (FOR, "author"), (UNSURE, "author"), (FOR, "a1")]
    rows = summarise(
        [sentence(0, stance=stances)], [attribution("a1", SourceKind.NAMED, "Ann Lee")], [TARN], [{"author": 2}]
    )["stance"]
    author, lee = rows
    assert author == {
        "target": "t1",
        "name": "Tarn",
        "holder": "author",
        "holder_name": None,
        "against": 2,
        "neutral": 0,
        "favor": 1,
        "unsure": 1,
        "mean": -0.3333,
        "low": -1.0,
        "high": 1.0,
    }
    assert (lee["holder"], lee["holder_name"], lee["mean"], lee["low"], lee["high"]) == ("a1", "Ann Lee", 1, 1, 1)


@pytest.mark.parametrize(("counts", "q"), [((9, 5, 1), 0.025), ((1, 0, 2), 0.975), ((3, 3, 3), 0.5), ((1, 7, 30), 0.1)])
def test_quantiles_are_numpys(counts, q):
    draws = np.random.default_rng(7).multinomial(sum(counts), np.array(counts) / sum(counts), size=101)
    means = np.sort((draws[:, 2] - draws[:, 0]) / sum(counts))
    for some in (means, means[:1], means[:2]):
        assert _quantile(some, q) == np.quantile(some, q)


def test_unsure_alone_has_no_mean():
    (row,) = summarise([sentence(0, stance=[(UNSURE, "author")])], [], [TARN], [{}])["stance"]
    assert (row["unsure"], row["mean"], row["low"], row["high"]) == (1, None, None, None)


def test_one_persons_attributions_are_one_holder():
    attributions = [
        attribution("a1", SourceKind.NAMED, "Ann Lee", "t7"),
        attribution("a2", SourceKind.PRONOUN, "She", "t7"),
        attribution("a3", SourceKind.INSTITUTION, "Police"),
        attribution("a4", SourceKind.INSTITUTION, "police"),
        attribution("a5", SourceKind.PRONOUN, "He"),
        attribution("a6", SourceKind.PRONOUN, "He"),
        attribution("a7", SourceKind.ANONYMOUS, "An official"),
        attribution("a8", SourceKind.ANONYMOUS, "An official"),
    ]
    stances = [(FOR, f"a{i}") for i in range(1, 9)]
    rows = summarise([sentence(0, stance=stances)], attributions, [TARN], [{}])["stance"]
    assert {row["holder"]: row["favor"] for row in rows} == {"a1": 2, "a3": 2, "a5": 1, "a6": 1, "a7": 1, "a8": 1}


def test_the_bootstrap_is_the_same_each_time_and_near_the_normal_interval():
    stances = [(AGAINST, "author")] * 60 + [(NEUTRAL, "author")] * 80 + [(FOR, "author")] * 60

    def row():
        return summarise([sentence(0, stance=stances)], [], [TARN], [{}])["stance"][0]

    # the standard deviation is sqrt(0.6), the standard error sqrt(0.6 / 200) = 0.0548
    assert row() == row()
    assert row()["mean"] == 0
    assert row()["low"] == pytest.approx(-1.96 * 0.0548, abs=0.02)
    assert row()["high"] == pytest.approx(1.96 * 0.0548, abs=0.02)


def test_the_strongest_sentences_with_their_reasons():
    sentences = [sentence(i, loaded=["author"], p=0.6 + i / 100) for i in range(5)]
    sentences[4] = sentence(4, stance=[(AGAINST, "author")], hedge=[(HedgeKind.EPISTEMIC, "author")], p=0.70001)
    strongest = summarise(sentences, [], [TARN], [{"author": 2}] * 5)["strongest"]
    assert [row["index"] for row in strongest["loaded"]] == [3, 2, 1]
    assert strongest["loaded"][0] == {"index": 3, "p": 0.63, "reasons": ["vile"]}
    assert strongest["hedged"] == [{"index": 4, "p": 0.7, "reasons": ["may"]}]
    assert strongest["against"] == [{"index": 4, "p": 0.8, "reasons": ["Tarn"]}]
    assert strongest["favor"] == []


def test_an_empty_article():
    summary = summarise([], [], [], [])
    assert (summary["sentences"], summary["words"], summary["stance"]) == (0, 0, [])
    assert summary["voices"]["author"]["hedged"]["share"] is None
