"""Curves against scikit-learn and against what they are defined as."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slantwise.labels import SpanLabel
from slantwise.reading import FoundSpan
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.evaluation.answers import Answer, Seen, SpanAnswer
from slantwise_training.evaluation.counts import SpanCounts
from slantwise_training.evaluation.curves import Abstention, Ranking, rankings, thinned
from slantwise_training.evaluation.result import LabelMeasure, SpanMeasure

# few different values, so that there are ties
rows = st.lists(
    st.tuples(st.sampled_from([0.05, 0.2, 0.5, 0.5001, 0.9, 1.0]), st.booleans(), st.sampled_from("abcde")),
    min_size=1,
    max_size=40,
)


def ranking(drawn, positives=None):
    p, right, documents = zip(*drawn, strict=True)
    return Ranking.of(p, right, documents, positives)


@settings(max_examples=30, deadline=None)
@given(drawn=rows)
def test_the_curve_and_its_average_are_scikit_learns(drawn):
    from sklearn import metrics

    p, right, _ = (np.array(column) for column in zip(*drawn, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where nothing is positive
        average = metrics.average_precision_score(right, p)
        precision, recall, threshold = metrics.precision_recall_curve(right, p)
    found = ranking(drawn)
    assert found.average_precision == pytest.approx(average if right.any() else 0.0, abs=1e-9)
    ours = found.curve()
    np.testing.assert_allclose(ours[0], threshold[::-1], atol=1e-9)
    np.testing.assert_allclose(ours[1], precision[-2::-1], atol=1e-9)
    if right.any():
        np.testing.assert_allclose(ours[2], recall[-2::-1], atol=1e-9)


def test_what_was_never_a_candidate_lowers_recall():
    drawn = [(0.9, True, "a"), (0.5, False, "b")]
    assert ranking(drawn).curve()[2].tolist() == [1.0, 1.0]
    assert ranking(drawn, {"a": 1, "c": 3}).curve()[2].tolist() == [0.25, 0.25]
    assert ranking(drawn, {"a": 1, "c": 3}).average_precision == 0.25


def test_intervals_weigh_documents_and_hold_the_value():
    drawn = [(0.9 - n / 100, n % 3 > 0, f"d{n // 4}") for n in range(80)]
    found = ranking(drawn).average_precision_interval(200)
    assert found.low < found.value < found.high
    precision, recall = ranking(drawn).at(0.5, 200)
    kept = [right for p, right, _ in drawn if p >= 0.5]
    assert precision.value == pytest.approx(sum(kept) / len(kept))
    assert recall.value == pytest.approx(sum(kept) / sum(right for _, right, _ in drawn))
    assert precision.low < precision.value < precision.high
    one = [(p, right, "the only document") for p, right, _ in drawn]
    assert ranking(one).average_precision_interval(50).low == ranking(one).average_precision


def measure(pairs, threshold=0.5):
    """A two-label measure from (p of the second label, gold is the second label), a document each."""
    answers = [
        Answer(str(n), f"d{n}", "yes" if gold else "no", "yes" if p >= threshold else "no", (1 - p, p))
        for n, (p, gold) in enumerate(pairs)
    ]
    return LabelMeasure("toy", ("no", "yes"), tuple(answers), 50, threshold=threshold)


@settings(max_examples=30, deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=30))
def test_abstention_is_its_definition_with_ties_spread_evenly(pairs):
    found = Abstention.of(measure([(p / 8, gold) for p, gold in pairs]))
    sure = [(abs(p / 8 - 0.5), (p / 8 >= 0.5) != gold) for p, gold in pairs]
    risks = []
    for kept in range(1, len(sure) + 1):
        cut = sorted((s for s, _ in sure), reverse=True)[kept - 1]
        above = [wrong for s, wrong in sure if s > cut]
        tied = [wrong for s, wrong in sure if s == cut]
        risks.append((sum(above) + sum(tied) / len(tied) * (kept - len(above))) / kept)
    coverage, risk = found.curve()
    np.testing.assert_allclose(risk, risks, atol=1e-9)
    assert coverage[-1] == 1.0
    assert found.area == pytest.approx(np.mean(risks), abs=1e-9)
    assert found.best_area <= found.area + 1e-9
    assert found.area_interval(20).value == found.area


def test_confidence_is_the_distance_to_the_threshold():
    pairs = [(0.3, False), (0.35, True), (0.9, True)]
    assert Abstention.of(measure(pairs, threshold=0.3)).wrong.tolist() == [False, False, True]
    three = LabelMeasure(
        "stance", ("against", "neutral", "favor"),
        (
            Answer("1", "d", "against", "against", (0.6, 0.35, 0.05)),
            Answer("2", "d", "favor", "neutral", (0.0, 0.9, 0.1)),
        ),
    )  # fmt: skip
    assert Abstention.of(three).confidence.tolist() == pytest.approx([0.8, 0.25])
    assert Abstention.of(three).risk_at(0.5) == 1.0


def test_candidates_of_measures():
    two = rankings(measure([(0.9, True), (0.2, True)]))
    assert list(two) == ["yes"]
    assert two["yes"].positives.sum() == 2
    answers = (Answer("1", "d", "against", "favor", (0.1, 0.9)),)
    assert list(rankings(LabelMeasure("stance", ("against", "favor"), answers))) == ["against", "favor"]
    assert rankings(LabelMeasure("attribution", ("no", "yes"), (Answer("1", "d", "no", "yes"),))) == {}


def test_found_spans_are_candidates_once_and_missed_ones_are_wanted():
    text = "It may well rain"
    gold = (Span("1", SpanLabel.HEDGE, 3, 6, "may"), Span("2", SpanLabel.HEDGE, 12, 16, "rain"))
    found = (FoundSpan(SpanLabel.HEDGE, 3, 6, None, 0.4), FoundSpan(SpanLabel.HEDGE, 3, 6, None, 0.8),
             FoundSpan(SpanLabel.HEDGE, 7, 11, None, 0.9))  # fmt: skip
    record = LabelledSentence("1", Document("d"), 0, text, (), spans=gold)
    answer = SpanAnswer(Seen(record, found), "d", gold, found)
    counts = {"d": SpanCounts.from_pairs(SpanLabel.HEDGE, [(text, gold, found)])}
    ranked = rankings(SpanMeasure("hedge", 1, counts, answers=(answer,)))["hedge"]
    assert ranked.p.tolist() == [0.9, 0.8]
    assert ranked.right.tolist() == [False, True]
    assert ranked.positives.tolist() == [2]


def test_thinning_keeps_the_ends():
    assert thinned(5).tolist() == [0, 1, 2, 3, 4]
    assert (thinned(1000, 7)[[0, -1]].tolist(), len(thinned(1000, 7))) == ([0, 999], 7)
