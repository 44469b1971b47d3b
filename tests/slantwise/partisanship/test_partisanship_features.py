"""An article's numbers: each one counted by hand on a toy score."""

from math import log

import numpy as np
import pytest
from hand_built_scores import HandBuilt
from scored_articles import WIRE, scored

from slantwise.labels import SourceKind, StanceLabel
from slantwise.linear.hashing import hash_features
from slantwise.partisanship.features import FEATURES, _values, article_features, article_words, words_of
from slantwise.summary import summarise

COUNTED = {
    # eight sentences; 49 words by letters, 50 by spaces
    "words": log(50),
    "sentence_words": 49 / 8,
    "headline_loaded_p": 0.2,
    "author_loaded_p": (4 * 0.2 + 0.8) / 5,
    "author_loaded_p_max": 0.8,
    "author_loaded_p_top": (0.8 + 0.2 + 0.2) / 3,
    "author_hedged_p_top": (0.9 + 0.1 + 0.1) / 3,
    "sources_hedged_p": (0.9 + 0.1 + 0.1) / 3,
    "author_loaded_words": 0,
    "sources_loaded_words": 2 / 8,
    "sources_loaded": 0.3333,  # a summary rounds
    "hedges_epistemic": 2 / 8,
    "attributed": 3 / 8,
    "source_words": 20 / 50,
    "attributions": 4 / 8,
    "sources": 3 / 8,  # he is Omar Diaz
    "anonymous": 1 / 4,
    "unsourced": 0,
    "sources_media": 1 / 8,
    "quotation_mixed": 1,
    "targets": 4 / 8,
    "author_neutral": 1 / 8,
    "sources_against": 2 / 8,
    "against_one": 0,
    "style_brackets": 100 / 29,
    "style_dashes": 100 / 29,
    "style_exclamations": 0,
}


def values(score):
    return dict(zip(FEATURES, article_features(score).tolist(), strict=True))


def with_summary(built):
    score = built.score()
    spoken = [{s.voice: len(s.text.split())} for s in score.sentences]
    object.__setattr__(score, "summary", summarise(score.sentences, score.attributions, score.targets, spoken))
    return score


def written(text):
    return values(with_summary(HandBuilt(text).sentence(text)))


@pytest.mark.parametrize("name", COUNTED)
def test_fixed_values(name):
    assert values(scored().score)[name] == pytest.approx(COUNTED[name], abs=1e-9)


def test_every_number_has_its_name_and_meaning():
    score = scored().score
    assert dict(_values(score)).keys() == FEATURES.keys()
    assert len(dict(_values(score))) == len(list(_values(score)))
    assert all(FEATURES.values())


def test_an_empty_article_has_finite_numbers():
    empty = scored("").score
    assert np.isfinite(article_features(empty)).all()
    assert len(article_words(empty, 2)) == 0
    assert words_of(empty) == 0


def test_whose_side_and_against_whom():
    text = "Voss lied. Voss fled. Renn won, Diaz said."
    built = HandBuilt(text).sentence("Voss lied.").stance("Voss", StanceLabel.AGAINST)
    built.sentence("Voss fled.").stance("fled", StanceLabel.AGAINST)
    built.attribution("Diaz", SourceKind.NAMED, "said", "Renn won")
    found = values(
        with_summary(built.sentence("Renn won, Diaz said.", "a1").stance("Renn", StanceLabel.FAVOR, holder="a1"))
    )
    assert (found["author_against"], found["against_one"], found["sources_favor"]) == pytest.approx(
        (2 / 3, 1 / 3, 1 / 3)
    )


@pytest.mark.parametrize(
    ("text", "name", "count", "words"),
    [
        ("Shame! What a day!", "exclamations", 2, 4),
        ("Who knew?", "questions", 1, 2),
        ("This is MAD, says I.", "capitals", 1, 5),
        ("I know my own mind.", "i", 2, 5),
        ("We won't let them take ours.", "we", 2, 6),
        ("We won't let them take ours.", "negations", 1, 6),
        ("You must pay.", "must", 1, 3),
        ("They always lie … so they say ...", "ellipses", 2, 6),
        ("They always lie … so they say ...", "they", 2, 6),
    ],
)
def test_style_is_counted_per_hundred_words(text, name, count, words):
    assert written(text)[f"style_{name}"] == pytest.approx(100 * count / words)


def test_style_is_the_authors():
    text = "Rain fell. It is a shame!"
    score = with_summary(HandBuilt(text).sentence("Rain fell.").attribution("Rain", content="It is a shame!")
                         .sentence("It is a shame!", "a1"))  # fmt: skip
    assert values(score)["style_exclamations"] == 0


def test_words_are_the_authors_and_stay_in_their_sentences():
    found = set(article_words(scored(WIRE).score, 2).tolist())
    theirs = hash_features(["disastrous", "disastrous tax", "blast by", "renn elmstadt", "lied"]).tolist()
    authors = hash_features(["harbour", "rain fell", "port closes"]).tolist()
    assert found.issuperset(authors)
    assert not found & set(theirs)
