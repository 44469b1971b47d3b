"""Slices: a part that is worse is found, parts that differ by luck are not called worse."""

from dataclasses import replace

import numpy as np
import pytest

from slantwise.labels import SentenceKind, SpanLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.evaluation.answers import Answer, Seen, SpanAnswer
from slantwise_training.evaluation.counts import LabelCounts, SpanCounts
from slantwise_training.evaluation.result import LabelMeasure, SpanMeasure
from slantwise_training.evaluation.slices import Known, main_metric, slice_measure


def answer(n, outlet, right, *, gold=True, text="They met in town"):
    record = LabelledSentence(str(n), Document(f"d{n}", outlet), 0, text, ())
    labels = ("loaded", "plain") if gold else ("plain", "loaded")
    return Answer(str(n), f"d{n}", labels[0], labels[0] if right else labels[1], seen=Seen(record))


def measure(answers, name="wording"):
    labels = ("against", "neutral", "favor") if name == "stance" else ("plain", "loaded")
    return LabelMeasure(name, labels, tuple(answers), 200)


def by_name(table, kind):
    return {each.name: each for each in table.slices if each.kind == kind}


def outlets(wrong_in_daily):
    rng = np.random.default_rng(1)
    answers = []
    for n in range(300):
        outlet = ("Daily", "Post", "Wire")[n % 3]
        wrong = wrong_in_daily if outlet == "Daily" else 0.1
        answers.append(answer(n, outlet, rng.random() > wrong, gold=n % 2 == 0))
    return measure(answers)


def test_a_failing_outlet_is_found_and_others_are_not():
    found = by_name(slice_measure(outlets(0.5)), "outlet")
    assert found["daily"].differs
    assert found["daily"].difference < -0.2
    assert (found["daily"].n, found["daily"].documents, found["daily"].positive) == (100, 100, 0.5)
    assert not any(each.differs for each in by_name(slice_measure(outlets(0.1)), "outlet").values())


def test_a_slices_value_is_the_metric_on_its_answers():
    whole = outlets(0.4)
    pairs = [(a.gold, a.found) for a in whole.answers if a.seen.record.doc.outlet == "Post"]
    counts = LabelCounts.from_pairs(whole.labels, pairs)
    post = by_name(slice_measure(whole), "outlet")["post"]
    assert post.value == pytest.approx(counts.macro_f1, abs=1e-12)
    assert post.low <= post.value <= post.high


def test_the_p_values_are_corrected_over_all_slices():
    table = slice_measure(outlets(0.4))
    assert table.tested == len([each for each in table.slices if each.p is not None])
    assert all(each.p_holm >= each.p for each in table.slices if each.p is not None)
    assert f"{table.tested} slices were tested" in table.note


def test_both_halves_are_one_test():
    texts = "They met", "“Never in my life again,” he said"
    answers = [answer(n, None, n % 5 > 0, text=texts[n % 2]) for n in range(90)]
    table = slice_measure(measure(answers))
    assert {each.kind for each in table.slices} == {"quotation"}
    assert table.tested == 1
    assert len({each.p_holm for each in table.slices}) == 1


def test_small_slices_are_put_together_and_not_tested():
    answers = [answer(n, f"o{n % 30}" if n < 60 else "Daily", True, gold=n % 2) for n in range(200)]
    found = by_name(slice_measure(measure(answers)), "outlet")
    assert set(found) == {"daily", "30 others"}
    assert found["30 others"].n == 60
    few = [answer(n, "Post" if n < 8 else "Daily", n % 3 > 0, gold=n % 2) for n in range(60)]
    assert by_name(slice_measure(measure(few)), "outlet")["post"].p is None


def test_sentence_kinds_are_a_slice_where_records_have_them():
    kinds = (SentenceKind.HEADLINE, SentenceKind.BODY)
    answers = [answer(n, None, n % 2 > 0 or n % 3 > 0, gold=n % 3 > 0) for n in range(120)]
    assert by_name(slice_measure(measure(answers)), "sentence kind") == {}
    for n, each in enumerate(answers):
        answers[n] = replace(each, seen=Seen(replace(each.seen.record, kind=kinds[n % 2])))
    found = by_name(slice_measure(measure(answers)), "sentence kind")
    assert {name: each.n for name, each in found.items()} == {"headline": 60, "body": 60}
    assert (found["body"].value, found["body"].p is None) == (1.0, False)


def test_slices_of_a_few_documents_are_not_tested():
    """Resampling one document gives the same numbers over and over: any difference would look sure."""

    def found(documents):
        answers = [answer(n, ("Daily", "Post")[n % 2], n % 2 or n % 5, gold=n % 3 > 0) for n in range(200)]
        placed = [replace(each, document=f"d{n % 2}{n % documents}") for n, each in enumerate(answers)]
        return by_name(slice_measure(measure(placed)), "outlet")["daily"].p

    assert found(1) is found(8) is None
    assert found(10) is not None


def test_slices_without_enough_gold_answers_are_not_tested():
    def found(loaded, name):
        answers = [
            answer(n, ("Daily", "Post")[n % 2], n % 7 > 0, gold=n % 4 == 1 or n in range(0, 2 * loaded, 2))
            for n in range(200)
        ]
        table = slice_measure(LabelMeasure(name, ("plain", "loaded"), tuple(answers), 100))
        return by_name(table, "outlet")["daily"]

    assert found(0, "hedging").value == 0.0
    assert found(0, "hedging").p is found(4, "hedging").p is found(4, "wording").p is None
    assert found(5, "hedging").p is not None
    assert found(5, "wording").p is not None


def test_an_only_value_is_no_slice():
    table = slice_measure(measure([answer(n, "Daily", True, gold=n % 2) for n in range(50)]))
    assert table.slices == ()
    assert table.note.startswith("No slice")


def test_stances_are_cut_by_target_and_holder():
    spans = []
    for n in range(60):
        name = ("Ann Lee", "he", "carbon tax")[n % 3] if n % 4 else "Bo"
        target = name if name == "carbon tax" else Span("t", SpanLabel.TARGET, 0, len(name), name)
        seen = Seen(LabelledSentence(str(n), Document(f"d{n}"), 0, "They met in town", ()))
        spans.append(Answer(str(n), f"d{n}", "against", "favor", seen=seen, target=target, by_source=n % 2 > 0))
    table = slice_measure(measure(spans, "stance"), Known(texts=set(), targets={"annlee"}))
    assert set(by_name(table, "target")) == {"name", "pronoun", "topic, not in the sentence"}
    assert set(by_name(table, "holder")) == {"the author", "a source"}
    assert set(by_name(table, "target seen")) == {"in training", "unseen"}


def test_spans_are_sliced_by_exact_f1():
    answers = []
    for n in range(60):
        text = "It may rain" if n % 2 else "It may rain over all of the hills and along the whole of the coast tonight"
        gold = (Span("1", SpanLabel.HEDGE, 3, 6, "may"),)
        record = LabelledSentence(str(n), Document(f"d{n}"), 0, text, (), spans=gold)
        answers.append(SpanAnswer(Seen(record), f"d{n}", gold, gold if n % 2 else ()))
    counts = {a.document: SpanCounts.from_pairs(SpanLabel.HEDGE, [(a.text, a.gold, a.found)]) for a in answers}
    table = slice_measure(SpanMeasure("hedge", 60, counts, 100, 0, tuple(answers)))
    found = by_name(table, "length")
    assert table.metric == "span_exact_f1"
    assert (found["1 to 12 words"].value, found["13 to 24 words"].value) == (1.0, 0.0)
    assert found["1 to 12 words"].positive == 1.0


def test_what_a_measure_is_judged_by():
    assert main_metric(measure([])) == "macro_f1"
    assert main_metric(measure([], "hedging")) == "f1"
    assert main_metric(measure([], "stance")) == "macro_f1"
