"""Counts against scikit-learn and nervaluate, and the law that they add."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slantwise.labels import HedgeKind, SpanLabel
from slantwise.reading import FoundSpan
from slantwise_training.evaluation.counts import BINS, CalibrationCounts, LabelCounts, SpanCounts, token_bounds

THREE = ("against", "neutral", "favor")
TWO = ("plain", "loaded")


def answers(labels, least=1):
    return st.lists(st.tuples(st.sampled_from(labels), st.sampled_from(labels)), min_size=least, max_size=40)


@settings(max_examples=60, deadline=None)
@given(pairs=answers(THREE))
def test_label_metrics_are_scikit_learns(pairs):
    from sklearn import metrics

    gold, found = zip(*pairs, strict=True)
    counts = LabelCounts.from_pairs(THREE, pairs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn warns of what it sets to 0
        precision, recall, f1, support = metrics.precision_recall_fscore_support(
            gold, found, labels=THREE, zero_division=0
        )
        mcc = metrics.matthews_corrcoef(gold, found)
        macro = metrics.f1_score(gold, found, labels=THREE, average="macro", zero_division=0)
        micro = metrics.f1_score(gold, found, labels=THREE, average="micro", zero_division=0)
    assert counts.matrix.tolist() == metrics.confusion_matrix(gold, found, labels=THREE).tolist()
    np.testing.assert_allclose(counts.precision, precision, atol=1e-9)
    np.testing.assert_allclose(counts.recall, recall, atol=1e-9)
    np.testing.assert_allclose(counts.f1, f1, atol=1e-9)
    assert counts.support.tolist() == support.tolist()
    assert counts.mcc == pytest.approx(mcc, abs=1e-9)
    assert counts.macro_f1 == pytest.approx(macro, abs=1e-9)
    assert counts.micro_f1 == pytest.approx(micro, abs=1e-9)
    assert counts.accuracy == pytest.approx(metrics.accuracy_score(gold, found), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(pairs=answers(TWO))
def test_positive_metrics_are_scikit_learns(pairs):
    from sklearn import metrics

    gold, found = zip(*pairs, strict=True)
    counts = LabelCounts.from_pairs(TWO, pairs)
    options = {"labels": TWO, "pos_label": "loaded", "zero_division": 0}
    assert counts.positive_f1 == pytest.approx(metrics.f1_score(gold, found, **options), abs=1e-9)
    assert counts.positive_precision == pytest.approx(metrics.precision_score(gold, found, **options), abs=1e-9)
    assert counts.positive_recall == pytest.approx(metrics.recall_score(gold, found, **options), abs=1e-9)


def test_a_label_nobody_used_stays_in_the_macro_average():
    counts = LabelCounts.from_pairs(THREE, [("against", "against"), ("favor", "favor")])
    assert counts.macro_f1 == pytest.approx(2 / 3)


def test_only_two_labels_have_a_positive_one():
    with pytest.raises(ValueError, match="two-label"):
        _ = LabelCounts.from_pairs(THREE, [("against", "favor")]).positive_f1


def test_an_unknown_label_is_refused():
    with pytest.raises(ValueError, match="'slanted'"):
        LabelCounts.from_pairs(TWO, [("plain", "slanted")])


def test_counts_over_other_labels_do_not_add():
    with pytest.raises(ValueError, match="do not add"):
        LabelCounts.from_pairs(TWO, []) + LabelCounts.from_pairs(TWO[::-1], [])
    with pytest.raises(ValueError, match="do not add"):
        SpanCounts.from_pairs(SpanLabel.CUE, []) + SpanCounts.from_pairs(SpanLabel.HEDGE, [])


@given(first=answers(THREE, least=0), second=answers(THREE, least=0))
def test_label_counts_of_parts_add_to_the_whole(first, second):
    whole = LabelCounts.from_pairs(THREE, first + second)
    parts = LabelCounts.from_pairs(THREE, first) + LabelCounts.from_pairs(THREE, second)
    assert whole == parts
    assert whole.with_vector(parts.to_vector()) == whole
    assert whole.total == len(first) + len(second)


TEXT = "Aides to the mayor said, again, that it may well rain."


def hedge(start, end, value=None):
    return FoundSpan(SpanLabel.HEDGE, start, end, value, 1.0)


def spans_over(text):
    """Spans over whole tokens that do not overlap, each perhaps with a value."""
    bounds = token_bounds(text)
    cuts = st.lists(st.integers(0, len(bounds)), unique=True, max_size=10).map(sorted)
    kinds = st.lists(st.sampled_from([None, HedgeKind.EPISTEMIC, HedgeKind.DOXASTIC]), min_size=10, max_size=10)

    def build(drawn):
        ends, values = drawn
        pairs = list(zip(ends[::2], ends[1::2], strict=False))
        return [hedge(bounds[a][0], bounds[b - 1][1], value) for (a, b), value in zip(pairs, values, strict=False)]

    return st.tuples(cuts, kinds).map(build)


@settings(max_examples=60, deadline=None)
@given(sentences=st.lists(st.tuples(spans_over(TEXT), spans_over(TEXT)), min_size=1, max_size=4))
def test_exact_spans_are_nervaluates_strict_ones(sentences):
    from nervaluate import Evaluator

    def listed(at):
        return [[{"label": "H", "start": s.start, "end": s.end - 1} for s in pair[at]] for pair in sentences]

    counts = SpanCounts.from_pairs(SpanLabel.HEDGE, [(TEXT, *pair) for pair in sentences])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        strict = Evaluator(listed(0), listed(1), tags=["H"], loader="dict").evaluate()["overall"]["strict"]
    assert counts.exact[0] == strict.correct
    assert counts.exact_precision == pytest.approx(strict.precision, abs=1e-9)
    assert counts.exact_recall == pytest.approx(strict.recall, abs=1e-9)
    assert counts.exact_f1 == pytest.approx(strict.f1, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(gold=spans_over(TEXT), found=spans_over(TEXT))
def test_token_metrics_are_scikit_learns_over_token_flags(gold, found):
    from sklearn import metrics

    def flags(spans):
        return [any(s.start <= a and b <= s.end for s in spans) for a, b in token_bounds(TEXT)]

    counts = SpanCounts.from_pairs(SpanLabel.HEDGE, [(TEXT, gold, found)])
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        flags(gold), flags(found), average="binary", zero_division=0
    )
    np.testing.assert_allclose([counts.token_precision, counts.token_recall, counts.token_f1], [precision, recall, f1])


@given(first=st.tuples(spans_over(TEXT), spans_over(TEXT)), second=st.tuples(spans_over(TEXT), spans_over(TEXT)))
def test_span_counts_of_parts_add_to_the_whole(first, second):
    one, two = (TEXT, *first), (TEXT, *second)
    whole = SpanCounts.from_pairs(SpanLabel.HEDGE, [one, two])
    assert whole == SpanCounts.from_pairs(SpanLabel.HEDGE, [one]) + SpanCounts.from_pairs(SpanLabel.HEDGE, [two])
    assert whole.with_vector(whole.to_vector()) == whole


def test_spans_by_value_need_the_same_value():
    gold = [hedge(40, 43, HedgeKind.EPISTEMIC), hedge(0, 5, HedgeKind.DOXASTIC)]
    found = [hedge(40, 43, HedgeKind.DOXASTIC), hedge(0, 5, HedgeKind.DOXASTIC)]
    counts = SpanCounts.from_pairs(SpanLabel.HEDGE, [(TEXT, gold, found)])
    assert counts.exact == (2, 0, 0)
    assert counts.of_value("epistemic").exact == (0, 0, 1)
    assert counts.of_value("doxastic").exact == (1, 1, 0)
    assert counts.of_value("doxastic").token == (1, 1, 0)


def test_equal_spans_count_once_and_a_token_counts_when_touched():
    counts = SpanCounts.from_pairs(SpanLabel.CUE, [("He said.", [hedge(3, 7), hedge(3, 7)], [hedge(4, 8)])])
    assert counts.exact == (0, 1, 1)
    assert counts.token == (1, 1, 0)  # "said" is touched by both, "." by the found span alone


def test_tokens_are_words_and_single_marks():
    assert [TEXT[a:b] for a, b in token_bounds(TEXT)][:7] == ["Aides", "to", "the", "mayor", "said", ",", "again"]


def test_no_spans_at_all_scores_zero():
    counts = SpanCounts.from_pairs(SpanLabel.CUE, [("He said.", [], [])])
    assert (counts.exact_f1, counts.exact_precision, counts.token_recall) == (0.0, 0.0, 0.0)


probability = st.floats(0, 1, allow_nan=False)


@given(rows=st.lists(st.tuples(st.integers(0, 1), probability), min_size=1, max_size=30))
def test_calibration_of_two_labels(rows):
    from sklearn.metrics import brier_score_loss

    counts = CalibrationCounts.from_pairs((gold, [1 - p, p]) for gold, p in rows)
    gold, p = (np.array(column) for column in zip(*rows, strict=True))
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    gaps = [abs(p[bins == b].mean() - gold[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist())]
    assert counts.ece == pytest.approx(sum(gaps), abs=1e-9)
    assert counts.brier == pytest.approx(brier_score_loss(gold, p, pos_label=1), abs=1e-9)
    halves = CalibrationCounts.from_pairs((g, [1 - q, q]) for g, q in rows[::2])
    halves += CalibrationCounts.from_pairs((g, [1 - q, q]) for g, q in rows[1::2])
    assert halves == counts
    assert halves.with_vector(counts.to_vector()) == counts
    assert counts.total == len(rows)


def test_calibration_of_three_labels_judges_the_most_probable():
    counts = CalibrationCounts.from_pairs([(0, [0.6, 0.3, 0.1]), (2, [0.6, 0.3, 0.1])])
    assert counts.ece == pytest.approx(0.1)  # said .6, was right half the time
    assert counts.brier == pytest.approx((0.16 + 0.09 + 0.01 + 0.36 + 0.09 + 0.81) / 2)
