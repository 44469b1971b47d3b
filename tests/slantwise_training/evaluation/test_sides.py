"""Sides told, compared with gold targets."""

import pytest

from slantwise.article import Article
from slantwise.errors import SlantwiseError
from slantwise.labels import Hedging, Lens, LinkLabel, SentenceKind, SpanLabel, StanceLabel, Wording
from slantwise.records import Document, LabelledSentence, Link, Span
from slantwise.score import (
    AUTHOR,
    ArticleScore,
    HedgingScore,
    ModelName,
    SentenceScore,
    StanceScore,
    WordingScore,
)
from slantwise_training.evaluation.sides import SideCounts, compare_sides

TEXT = "Ann Lee is a liar, the rebels said. The rebels are cowards. Rain fell on Tarn."
AGAINST, NEUTRAL, FAVOR = StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR
FIRST, SECOND, THIRD = "Ann Lee is a liar, the rebels said.", "The rebels are cowards.", "Rain fell on Tarn."


def target(id_, text, surface, label):
    start = text.index(surface)
    return Span(id_, SpanLabel.TARGET, start, start + len(surface), surface, label)


def gold():
    """The rebels are against Ann Lee, the author is against the rebels, and neutral on Tarn."""
    source = Span("0.s", SpanLabel.SOURCE, FIRST.index("the rebels"), FIRST.index(" said"), "the rebels")
    spans = [
        (target("0.t", FIRST, "Ann Lee", AGAINST), source),
        (target("1.t", SECOND, "The rebels", AGAINST),),
        (target("2.t", THIRD, "Tarn", NEUTRAL),),
    ]
    links = [(Link(LinkLabel.HOLDER, "0.t", "0.s"),), (), ()]
    texts = (FIRST, SECOND, THIRD)
    return [
        LabelledSentence(f"a#{i}", Document("a"), i, texts[i], (Lens.STANCE,), spans=spans[i], links=links[i])
        for i in range(3)
    ]


def compare(*stances):
    """Counts of a score with these stances: the words they are on (their last mention), label and holder."""
    found = []
    for surface, label, holder in stances:
        at = TEXT.rindex(surface)
        found.append(StanceScore(at, at + len(surface), surface, "t1", label, 0.9, holder))
    hedging, wording = HedgingScore(Hedging.ASSERTED, 0.1), WordingScore(Wording.PLAIN, 0.1)
    sentence = SentenceScore(0, len(TEXT), TEXT, 0, SentenceKind.BODY, AUTHOR, hedging, wording, tuple(found))
    return compare_sides(Article("a", TEXT), gold(), ArticleScore("a", ModelName("m", ""), (sentence,), (), (), {}))


def test_sides_as_in_gold():
    found = compare(("Ann Lee", AGAINST, "a1"), ("rebels", AGAINST, AUTHOR), ("Tarn", NEUTRAL, AUTHOR))
    assert found == SideCounts(gold=2, found=2, right=2, held=2, told=2, told_right=2)
    assert found.reach == found.recall == found.held_recall == found.precision == 1.0


def test_a_neutral_answer_finds_the_target_and_not_its_side():
    assert compare(("Ann Lee", NEUTRAL, "a1")) == SideCounts(2, 1, 0, 0, 0, 0)


def test_the_wrong_side_and_a_side_where_gold_has_none():
    found = compare(("Ann Lee", FAVOR, "a1"), ("Tarn", AGAINST, AUTHOR), ("Rain", FAVOR, AUTHOR))
    assert found == SideCounts(2, 1, 0, 0, 3, 0)
    assert (found.reach, found.recall, found.precision) == (0.5, 0.0, 0.0)


def test_the_author_is_not_blamed_for_what_a_source_said():
    found = compare(("Ann Lee", AGAINST, AUTHOR), ("rebels", AGAINST, "a1"))
    assert found == SideCounts(2, 2, 2, 0, 2, 2)
    assert found.held_recall == 0.0


def test_two_answers_on_one_target_count_once():
    found = compare(("Ann Lee", AGAINST, "a1"), ("Lee", AGAINST, "a1"), ("Ann", FAVOR, "a1"))
    assert found == SideCounts(2, 1, 1, 1, 3, 2)


def test_counts_add_and_nothing_told_is_no_share():
    both = compare(("Ann Lee", AGAINST, "a1")) + compare()
    assert both == SideCounts(4, 1, 1, 1, 1, 1)
    nothing = SideCounts(0, 0, 0, 0, 0, 0)
    assert nothing.reach == nothing.recall == nothing.held_recall == nothing.precision == 0.0


def test_another_article_is_refused():
    score = ArticleScore("a", ModelName("m", ""), (), (), (), {})
    with pytest.raises(SlantwiseError, match=r"the text of a#0 in article a"):
        compare_sides(Article("a", "Another text."), gold(), score)
