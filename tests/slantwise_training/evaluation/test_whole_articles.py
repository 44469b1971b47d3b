"""Voices of whole articles, counted by hand: contents by characters, and annotated spans."""

import pytest
from hand_built_scores import HandBuilt

from slantwise.labels import SourceKind
from slantwise.score import Target
from slantwise_training.corpora.basil import BasilArticle, BasilSpan
from slantwise_training.corpora.basil import articles as basil_articles
from slantwise_training.corpora.brat import BratSpan
from slantwise_training.corpora.polnear import Attribution, PolnearDocument
from slantwise_training.evaluation.intervals import interval
from slantwise_training.evaluation.whole_articles import CoverageCounts, QuotedCounts, compare_basil, compare_polnear

TEXT = 'Ann Lee said "it rains". Bo Dun thinks it pours.'


def brat(label, surface):
    start = TEXT.index(surface)
    return BratSpan(surface, label, ((start, start + len(surface)),))


def document(*attributions):
    rows = [
        Attribution((brat("Source", s),) if s else (), (brat("Cue", u),), (brat("Content", c),))
        for s, u, c in attributions
    ]
    return PolnearDocument("d", TEXT, (), tuple(rows))


GOLD = document(("Ann Lee", "said", '"it rains"'), ("Bo Dun", "thinks", "it pours"))


def test_characters_of_sources_inside_and_outside_quotation_marks():
    built = (
        HandBuilt(TEXT).attribution("Ann Lee", cue="said", content='"it rains".').attribution("Bo Dun", content="pours")
    )
    counts = compare_polnear(GOLD, built.score())
    # gold: "it rains" has 9 characters in quotes, it pours 7 outside; found: 9 and the stop, and pours
    assert counts == CoverageCounts(hits=(9, 5), found=(9, 6), gold=(9, 7), right_speaker=(9, 5))
    assert counts.precision == pytest.approx(14 / 15)
    assert counts.recall == pytest.approx(14 / 16)
    assert (counts.quoted_f1, counts.unquoted_f1) == (1.0, pytest.approx(10 / 13))
    assert counts.speaker_accuracy == 1.0


def test_the_wrong_source_and_nobody():
    built = HandBuilt(TEXT).attribution("Bo Dun", content='"it rains"').attribution(cue="thinks", content="it pours")
    assert compare_polnear(GOLD, built.score()).right_speaker == (0, 0)
    nobody = document(("", "said", '"it rains"'))
    built = HandBuilt(TEXT).attribution(cue="said", content='"it rains"')
    assert compare_polnear(nobody, built.score()).speaker_accuracy == 1.0


def test_the_innermost_content_speaks():
    gold = document(("Ann Lee", "said", '"it rains". Bo Dun thinks it pours'), ("Bo Dun", "thinks", "it pours"))
    built = HandBuilt(TEXT).attribution("Bo Dun", content="it pours")
    counts = compare_polnear(gold, built.score())
    assert counts.right_speaker == (0, 7)


def spans(*given):
    return tuple(BasilSpan(TEXT.index(s), TEXT.index(s) + len(s), speaker) for s, speaker in given)


def test_spans_in_a_sources_voice_and_their_speakers():
    article = BasilArticle("a", TEXT, spans(("it rains", "Ann Lee"), ("it pours", None), ("thinks", "other pro")))
    built = HandBuilt(TEXT).attribution("Ann Lee", content='"it rains"').attribution("Bo Dun", content="it pours")
    counts = compare_basil(article, built.score())
    assert counts == QuotedCounts(hits=1, found=2, gold=2, spans=3, right_speaker=1, named=1)
    assert (counts.precision, counts.recall, counts.f1) == (0.5, 0.5, 0.5)
    assert counts.accuracy == pytest.approx(1 / 3)
    assert counts.speaker_accuracy == 1.0


def test_a_pronoun_is_the_speaker_by_its_target():
    text = "Ann Lee met Bo Dun. He said it rains."
    article = BasilArticle("a", text, (BasilSpan(text.index("it"), len(text) - 1, "Bo Dun"),))
    built = HandBuilt(text).attribution("He", SourceKind.PRONOUN, content="it rains", entity="t1")
    assert compare_basil(article, built.score()).right_speaker == 0
    built.targets.append(Target("t1", "Bo Dun", (), 1))
    assert compare_basil(article, built.score()).right_speaker == 1


def test_counts_add_and_can_be_resampled():
    counts = QuotedCounts(1, 2, 3, 4, 1, 1)
    assert counts + counts == QuotedCounts(2, 4, 6, 8, 2, 2)
    assert interval([counts, counts], lambda c: c.recall).value == pytest.approx(1 / 3)
    whole = CoverageCounts((1, 2), (3, 4), (5, 6), (0, 1))
    assert whole + whole == CoverageCounts((2, 4), (6, 8), (10, 12), (0, 2))


@pytest.mark.corpus
def test_basils_spans_lie_at_their_words(corpora_root):
    articles = list(basil_articles(corpora_root / "basil"))
    assert len(articles) == 300
    assert sum(len(a.spans) for a in articles) == 1726
    assert sum(s.speaker is not None for a in articles for s in a.spans) == 722
    assert all(a.text[s.start : s.end].strip() for a in articles for s in a.spans)
