"""Floors beside a model: paired leads, target alone, and folds where there is no training split."""

import pytest

from slantwise.errors import SlantwiseError
from slantwise.labels import Lens, SpanLabel, StanceLabel, Task
from slantwise.reading import Reading, TargetMention
from slantwise.records import Document, LabelledSentence, Span, Stance
from slantwise_training.evaluation.baselines import TargetBackend, floors_of, stance_targets
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.floors import LexiconBackend, MajorityBackend, OutletBackend
from slantwise_training.evaluation.folded import FoldedBackend

A, N, F = StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR


def wording(n, label, outlet=None):
    text = f"A vile deal {n}" if label == "loaded" else f"A small deal {n}"
    spans = (Span("w", SpanLabel.LOADED, 2, 6, "vile"),) if label == "loaded" else ()
    return LabelledSentence(
        str(n), Document(f"d{n // 2}", outlet), n, text, (Lens.WORDING,), {Task.WORDING: label}, spans,
        exhaustive=(SpanLabel.LOADED,), corpus="toy",
    )  # fmt: skip


def stance(n, name, value):
    text = f"{name} came"
    span = Span("t", SpanLabel.TARGET, 0, len(name), name, value)
    return LabelledSentence(str(n), Document(f"d{n}"), 0, text, (Lens.STANCE,), spans=(span,), corpus="toy")


RECORDS = [wording(n, "loaded" if n % 3 else "plain", ("Daily", "Post")[n % 3 == 0]) for n in range(40)]
STANCES = [stance(n, ("Ann", "Bo")[n % 2], (A, F)[n % 2]) for n in range(20)] + [stance(20, "Cy", N)]


def asked(*names):
    return [TargetMention(Reading("", {}, ()), 0, len(name), name) for name in names]


def test_target_alone_knows_names_and_nothing_else():
    backend = TargetBackend().fit(STANCES)
    found = backend.stance(asked("ANN", "bo", "Dee"))
    assert found[0].tolist() == [1, 0, 0]
    assert found[1].tolist() == [0, 0, 1]
    assert found[2].tolist() == pytest.approx([10 / 21, 1 / 21, 10 / 21])  # nobody knows Dee: the shares of all
    assert evaluate(backend, STANCES).metric("accuracy").value == 1.0
    with pytest.raises(SlantwiseError, match="stances to learn a floor from"):
        TargetBackend().fit(RECORDS)


def test_topics_are_targets_too():
    record = LabelledSentence("1", Document("d"), 0, "x", (), stances=(Stance("carbon tax", A),))
    assert stance_targets(record) == [("carbon tax", A)]


def test_floors_learn_from_training_and_leads_are_paired():
    model = evaluate(LexiconBackend(SpanLabel.LOADED).fit(RECORDS), RECORDS, resamples=200)
    floors = {(f.system, f.measure): f for f in floors_of(RECORDS, RECORDS, model)}
    majority = floors["majority", "wording"]
    assert majority.metric == "macro_f1"
    assert majority.ahead.value == pytest.approx(1 - majority.value.value)
    assert majority.ahead.low > 0
    assert floors["outlet look-up", "wording"].value.value == 1.0  # outlets give every label away here
    assert floors["outlet look-up", "wording"].ahead.value == 0
    assert floors["loaded lexicon", "loaded"].metric == "span_exact_f1"
    assert ("majority", "loaded") not in floors
    assert floors["linear", "wording"].value.value > majority.value.value


def test_without_a_training_split_each_document_is_read_by_the_others():
    model = evaluate(MajorityBackend().fit(RECORDS), RECORDS, resamples=50)
    names = {floor.system for floor in floors_of(None, RECORDS, model)}
    assert {"majority, in folds", "outlet look-up, in folds", "loaded lexicon, in folds"} <= names
    few = RECORDS[:4]
    assert floors_of(None, few, evaluate(MajorityBackend().fit(few), few, resamples=20)) == ()


def test_a_fold_never_sees_its_own_document():
    seen = []

    def make(records):
        seen.append({record.doc.id for record in records})
        return MajorityBackend().fit(records)

    folded = FoldedBackend(make).fit(RECORDS)
    readings = folded.read_records(RECORDS)
    for record, reading in zip(RECORDS, readings, strict=True):
        assert reading.text == record.text
        assert record.doc.id not in seen[reading.state]


def test_stances_go_to_the_fold_that_read_them():
    only = [stance(n, "Ann", A) for n in range(5)] + [stance(5, "Bo", F)]
    found = evaluate(FoldedBackend(lambda records: TargetBackend().fit(records)).fit(only), only, resamples=20)
    assert [a.found for a in found.measures["stance"].answers] == ["against"] * 6  # Bo is unknown to his fold


def test_outlets_reach_a_folded_look_up():
    folded = FoldedBackend(lambda records: OutletBackend().fit(records)).fit(RECORDS)
    assert evaluate(folded, RECORDS, resamples=20).metric("accuracy").value == 1.0
