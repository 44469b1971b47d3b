"""The floors learn what they say they learn, and run through evaluate()."""

import pytest

from slantwise.errors import SlantwiseError
from slantwise.labels import HedgeKind, Lens, SpanLabel, StanceLabel, Task
from slantwise.records import Document, LabelledSentence, Span, Stance
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.floors import LexiconBackend, MajorityBackend, OutletBackend


def wording(label, outlet=None, n=0):
    return LabelledSentence(
        f"{outlet}{n}", Document(f"{outlet}{n}", outlet), 0, "Some text", (Lens.WORDING,), labels={Task.WORDING: label}
    )


TRAIN = [wording("loaded", "Daily", n) for n in range(6)] + [wording("plain", "Post", n) for n in range(8)]


def test_majority_gives_the_most_frequent_label_with_its_share():
    backend = MajorityBackend().fit(TRAIN)
    (reading,) = backend.read(["Anything"])
    assert reading.tasks[Task.WORDING].tolist() == pytest.approx([8 / 14, 6 / 14])
    found = evaluate(backend, TRAIN)
    assert found.metric("accuracy").value == pytest.approx(8 / 14)
    assert found.measures["wording"].calibration.ece == pytest.approx(0, abs=1e-6)
    assert not backend.has_stance


def test_majority_of_stances_counts_mentions_and_topics():
    mention = Span("t", SpanLabel.TARGET, 0, 3, "Ann", StanceLabel.FAVOR)
    record = LabelledSentence(
        "1",
        Document("1"),
        0,
        "Ann won",
        (Lens.STANCE,),
        spans=(mention,),
        stances=(Stance("tax", StanceLabel.AGAINST),) * 3,
    )
    backend = MajorityBackend().fit([record])
    assert backend.stance([None, None]).tolist() == [[0.75, 0, 0.25]] * 2
    assert evaluate(backend, [record]).metric("accuracy").value == 0.75


def test_outlet_look_up_needs_no_text():
    backend = OutletBackend().fit(TRAIN)
    test = [
        wording("loaded", "Daily", 99),
        wording("plain", "Post", 99),
        wording("plain", "Gazette"),
        wording("loaded"),
    ]
    found = evaluate(backend, test).measures["wording"]
    assert [answer.found for answer in found.answers] == ["loaded", "plain", "plain", "plain"]
    assert found.answers[2].p == pytest.approx((8 / 14, 6 / 14))  # unknown outlet: the majority of all
    assert backend.read(["Some text"])[0].tasks[Task.WORDING].tolist() == pytest.approx([8 / 14, 6 / 14])


def hedge(text, *cues, label="hedged", kind=HedgeKind.EPISTEMIC):
    spans = tuple(
        Span(str(n), SpanLabel.HEDGE, text.index(cue), text.index(cue) + len(cue), cue, kind)
        for n, cue in enumerate(cues)
    )
    return LabelledSentence(
        text, Document(text), 0, text, (Lens.HEDGING,), {Task.HEDGING: label}, spans, exhaustive=(SpanLabel.HEDGE,)
    )


HEDGES = [
    hedge("It may rain", "may"),
    hedge("May it last, it may", "may"),
    hedge("They are thought to leave", "thought to", kind=HedgeKind.DOXASTIC),
    hedge("She is Thought to sing", "Thought to", kind=HedgeKind.DOXASTIC),
    hedge("He thought of it", label="asserted"),
    hedge("Could be", "Could"),
    hedge("We could swim", label="asserted"),
    hedge("You could not", label="asserted"),
]


def test_the_lexicon_keeps_what_is_mostly_marked():
    backend = LexiconBackend(SpanLabel.HEDGE).fit(HEDGES)
    assert backend.lexicon_ == pytest.approx({("may",): 2 / 3, ("thought", "to"): 1.0})
    (reading,) = backend.read(["He MAY be thought to lie"])
    found = [(reading.text[s.start : s.end], s.value, s.p) for s in reading.spans]
    assert found == [("MAY", HedgeKind.EPISTEMIC, pytest.approx(2 / 3)), ("thought to", HedgeKind.DOXASTIC, 1.0)]
    assert reading.tasks[Task.HEDGING].tolist() == [0, 1]
    assert backend.read(["We could swim"])[0].spans == ()


def test_the_threshold_and_least_count_decide_what_is_kept():
    kept = LexiconBackend(SpanLabel.HEDGE, threshold=0.3, least=1).fit(HEDGES).lexicon_
    assert set(kept) == {("may",), ("thought", "to"), ("could",)}
    assert set(LexiconBackend(SpanLabel.HEDGE, threshold=0.9).fit(HEDGES).lexicon_) == {("thought", "to")}


def test_the_lexicon_is_scored_on_its_own_label_alone():
    found = evaluate(LexiconBackend(SpanLabel.HEDGE).fit(HEDGES), HEDGES)
    assert list(found.measures) == ["hedging", "hedge"]
    assert found.measures["hedge"].counts.exact == (4, 1, 1)  # one "May" too many, "Could" missed
    assert found.measures["hedging"].counts.matrix.tolist() == [[3, 0], [1, 4]]


def test_a_lexicon_of_a_span_without_a_task_answers_spans_only():
    text = "Ann said no"
    record = LabelledSentence(
        "1", Document("1"), 0, text, (Lens.ATTRIBUTION,), spans=(Span("c", SpanLabel.CUE, 4, 8, "said"),),
        exhaustive=(SpanLabel.CUE,),
    )  # fmt: skip
    backend = LexiconBackend(SpanLabel.CUE, least=1).fit([record])
    assert backend.decisions == {}
    assert evaluate(backend, [record]).metric("span_exact_f1:cue").value == 1.0


def test_a_floor_without_anything_to_learn_from_is_refused():
    bare = LabelledSentence("1", Document("1"), 0, "Text", ())
    with pytest.raises(SlantwiseError, match="task labels or stances"):
        MajorityBackend().fit([bare])
    with pytest.raises(SlantwiseError, match="with an outlet"):
        OutletBackend().fit([wording("plain")])
    with pytest.raises(SlantwiseError, match="every hedge span is marked"):
        LexiconBackend(SpanLabel.HEDGE).fit([bare])
    with pytest.raises(SlantwiseError, match="hedge spans marked 9 times"):
        LexiconBackend(SpanLabel.HEDGE, least=9).fit(HEDGES)
