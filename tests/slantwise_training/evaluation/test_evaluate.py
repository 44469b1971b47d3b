"""evaluate() end to end, with a model whose right and wrong answers are known by construction."""

import json
from dataclasses import replace

import numpy as np
import pytest

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.labels import HedgeKind, Lens, LinkLabel, SpanLabel, StanceLabel, Task
from slantwise.reading import Decision, FoundSpan, Reading
from slantwise.records import Document, LabelledSentence, Link, Span, Stance
from slantwise.score import ModelName
from slantwise_training.evaluation.evaluate import Partial, evaluate
from slantwise_training.evaluation.result import SCHEMA

A, N, F = StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR


class FakeBackend:
    """Reads signs planted in the text: `perhaps` is a hedge, `vile` is loaded, `said` a cue; likes what it is told."""

    decisions = {Task.HEDGING: Decision(), Task.WORDING: Decision(threshold=0.4, margin=0.2)}  # noqa: RUF012
    stance_margin = 0.05

    def __init__(self, stances=None):
        self.stances = stances or {}
        self.batches = []

    def read(self, sentences):
        self.batches.append(len(sentences))
        return [self.one(text) for text in sentences]

    def one(self, text):
        spans = []
        for word, label, value in (
            ("perhaps", SpanLabel.HEDGE, HedgeKind.EPISTEMIC),
            ("said", SpanLabel.CUE, None),
            ("vile", SpanLabel.LOADED, None),
        ):
            if word in text:
                at = text.index(word)
                spans.append(FoundSpan(label, at, at + len(word), value, 0.9))
        tasks = {Task.HEDGING: probability("perhaps" in text), Task.WORDING: probability("vile" in text)}
        return Reading(text, tasks, tuple(spans))

    def stance(self, mentions):
        rows = [self.stances.get(m.name, (0.1, 0.8, 0.1)) for m in mentions]
        self.asked = [(m.name, m.start, m.end) for m in mentions]
        self.holders = [m.holder for m in mentions]
        return np.array(rows, dtype=np.float32).reshape(-1, 3)


def probability(yes):
    return np.array([0.1, 0.9] if yes else [0.8, 0.2], dtype=np.float32)


def sentence(text, doc="d1", **more):
    more.setdefault("lenses", tuple(Lens))
    return LabelledSentence(f"{doc}#{text}", Document(doc), 0, text, corpus="toy", split="test", **more)


def span(name, label, text, surface, value=None):
    at = text.index(surface)
    return Span(name, label, at, at + len(surface), surface, value)


def hedged(text, gold, doc="d1"):
    return sentence(text, doc, labels={Task.HEDGING: gold})


def test_tasks_are_decided_by_the_backends_thresholds_and_counted_by_document():
    records = [
        hedged("perhaps rain", "hedged", "d1"),
        hedged("rain", "asserted", "d1"),
        hedged("might rain", "hedged", "d2"),
        hedged("snow", "asserted", "d3"),
    ]
    found = evaluate(FakeBackend(), records, model=ModelName("fake", "00ff"), command="slantwise evaluate fake")
    measure = found.measures["hedging"]
    assert list(found.measures) == ["hedging"]
    assert measure.counts.matrix.tolist() == [[2, 0], [1, 1]]
    assert {k: v.matrix.tolist() for k, v in measure.per_document.items()} == {
        "toy/d1": [[1, 0], [0, 1]],
        "toy/d2": [[0, 0], [1, 0]],
        "toy/d3": [[1, 0], [0, 0]],
    }
    assert found.metric("f1").value == pytest.approx(2 / 3)
    assert found.metric("accuracy:hedging").value == 0.75
    assert (
        found.metric("macro_f1").value == found.metric("macro_f1", "hedging").value == pytest.approx((0.8 + 2 / 3) / 2)
    )
    assert measure.calibration.brier == pytest.approx((0.01 + 0.04 + 0.64 + 0.04) / 4)
    assert (found.records, found.documents, found.corpus, found.split) == (4, 3, "toy", "test")
    assert (found.model.sha256, found.command) == ("00ff", "slantwise evaluate fake")


def test_a_perfect_model_scores_one_with_a_point_interval():
    records = [
        hedged("perhaps" if n % 2 else "rain", "hedged" if n % 2 else "asserted", f"d{n // 2}") for n in range(40)
    ]
    found = evaluate(FakeBackend(), records).metric("f1")
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)


def test_batches_change_nothing_and_nothing_is_left_unread():
    records = [hedged("perhaps" * (n % 3), "hedged", f"d{n % 4}") for n in range(23)]
    one, many = FakeBackend(), FakeBackend()
    assert evaluate(one, iter(records), batch=5).to_json() == evaluate(many, records).to_json()
    assert one.batches == [5, 5, 5, 5, 3]


def test_unsure_answers_are_counted_and_the_rest_scored():
    records = [
        sentence("vile", "d1", labels={Task.WORDING: "loaded"}),
        sentence("nice", "d2", labels={Task.WORDING: "loaded"}),
    ]
    backend = FakeBackend()
    backend.decisions = backend.decisions | {Task.WORDING: Decision(0.4, 0.25)}
    unsure = evaluate(backend, records).to_json()["measures"]["wording"]["unsure"]
    assert unsure == {"n": 1, "accuracy_of_rest": 1.0, "macro_f1_of_rest": 0.5}  # .2 is within .25 of .4


SAID = "Aides said it will perhaps rain"


def attributed(gold, doc="d1"):
    labels = (SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT)
    return sentence(SAID, doc, spans=tuple(gold), exhaustive=labels)


def test_spans_are_scored_where_they_were_marked_exhaustively():
    cue, source = span("c", SpanLabel.CUE, SAID, "said"), span("s", SpanLabel.SOURCE, SAID, "Aides")
    found = evaluate(FakeBackend(), [attributed([cue, source]), attributed([], "d2")])
    assert found.measures["cue"].counts.exact == (1, 1, 0)
    assert found.measures["cue"].n == 2
    assert found.measures["source"].counts.exact == (0, 0, 1)
    assert found.metric("span_exact_f1:cue").value == pytest.approx(2 / 3)
    assert found.metric("token_recall", "cue").value == 1.0
    assert "hedge" not in found.measures  # found, but no record says that hedges are marked
    assert "source, content: the model found no span" in found.warnings
    assert "content: no span is gold; only false alarms can be seen" in found.warnings


def test_attribution_is_derived_from_its_spans():
    cue = span("c", SpanLabel.CUE, SAID, "said")
    found = evaluate(FakeBackend(), [attributed([cue]), attributed([], "d2")])
    assert found.measures["attribution"].counts.matrix.tolist() == [[0, 1], [0, 1]]
    assert found.metric("f1:attribution").value == pytest.approx(2 / 3)
    assert found.metric("f1").value == found.metric("f1:attribution").value
    assert found.measures["attribution"].calibration is None


def test_spans_keep_their_kinds_apart():
    record = sentence(
        SAID, spans=(span("h", SpanLabel.HEDGE, SAID, "perhaps", HedgeKind.DOXASTIC),), exhaustive=(SpanLabel.HEDGE,)
    )
    written = evaluate(FakeBackend(), [record]).to_json()["measures"]["hedge"]
    assert written["exact"] == {"tp": 1, "fp": 0, "fn": 0, "precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert written["values"]["doxastic"]["exact"]["fn"] == 1
    assert written["values"]["epistemic"]["exact"]["fp"] == 1
    assert "investigative" not in written["values"]


def test_found_kinds_that_the_set_never_marks_are_set_aside_aloud():
    def marked(*kinds):
        return [
            sentence(
                SAID, f"d{n}", spans=(span("h", SpanLabel.HEDGE, SAID, "it", kind),), exhaustive=(SpanLabel.HEDGE,)
            )
            for n, kind in enumerate(kinds)
        ]

    vague, both = marked(HedgeKind.VAGUE), marked(HedgeKind.VAGUE, HedgeKind.EPISTEMIC)
    found = evaluate(FakeBackend(), vague)
    assert found.measures["hedge"].counts.exact == (0, 0, 1)
    assert any("never marks were not scored: 1 epistemic" in text for text in found.warnings)
    assert evaluate(FakeBackend(), both).measures["hedge"].counts.exact == (0, 2, 2)
    assert evaluate(FakeBackend(), marked(HedgeKind.VAGUE, None)).measures["hedge"].counts.exact == (0, 2, 2)


def test_span_metrics_by_kind_and_over_kinds():
    wrong = span("h", SpanLabel.HEDGE, SAID, "perhaps", HedgeKind.DOXASTIC)
    right = span("h", SpanLabel.HEDGE, SAID, "perhaps", HedgeKind.EPISTEMIC)
    records = [sentence(SAID, f"d{n}", spans=(s,), exhaustive=(SpanLabel.HEDGE,)) for n, s in enumerate((wrong, right))]
    found = evaluate(FakeBackend(), records)
    assert found.metric("span_exact_f1").value == 1.0
    assert found.metric("micro_f1").value == 0.5  # the kind must be right too
    assert found.metric("span_exact_f1:epistemic").value == pytest.approx(2 / 3)
    assert found.metric("span_exact_f1:doxastic").value == 0.0


class Bare(FakeBackend):
    """Finds the same spans and never says their kinds."""

    def one(self, text):
        reading = super().one(text)
        return replace(reading, spans=tuple(replace(s, value=None) for s in reading.spans))


def test_a_model_that_never_names_kinds_is_not_scored_on_them():
    gold = span("h", SpanLabel.HEDGE, SAID, "perhaps", HedgeKind.EPISTEMIC)
    found = evaluate(Bare(), [sentence(SAID, spans=(gold,), exhaustive=(SpanLabel.HEDGE,))])
    assert found.metric("span_exact_f1:hedge").value == 1.0
    assert "micro_f1" not in found.measures["hedge"].metrics


def stance_towards(surface, value, doc="d1"):
    text = f"We met {surface} today"
    return sentence(text, doc, spans=(span("t", SpanLabel.TARGET, text, surface, value),))


def test_stance_of_mentions_and_of_topics():
    backend = FakeBackend({"Ann": (0.7, 0.2, 0.1), "tax": (0.1, 0.2, 0.7)})
    topic = sentence("They pay", "d2", stances=(Stance("tax", A),))
    found = evaluate(backend, [stance_towards("Ann", A), stance_towards("Bo", N, "d3"), topic])
    assert backend.asked == [("Ann", 7, 10), ("Bo", 7, 9), ("tax", 0, 0)]
    measure = found.measures["stance"]
    assert measure.labels == ("against", "neutral", "favor")
    assert measure.counts.matrix.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
    assert "f1" not in measure.metrics
    assert found.metric("micro_f1").value == pytest.approx(2 / 3)


def test_without_a_gold_neutral_the_choice_is_between_two():
    backend = FakeBackend({"Ann": (0.1, 0.8, 0.1), "Bo": (0.05, 0.8, 0.15), "Cy": (0.0, 1.0, 0.0)})
    found = evaluate(backend, [stance_towards("Ann", A), stance_towards("Bo", F, "d2"), stance_towards("Cy", F, "d3")])
    measure = found.measures["stance"]
    assert measure.labels == ("against", "favor")
    assert measure.answers[1].p == pytest.approx((0.25, 0.75))
    assert measure.answers[2].p == (0.5, 0.5)
    assert measure.counts.matrix.tolist() == [[1, 0], [1, 1]]
    assert [a.unsure for a in measure.answers] == [True, False, True]
    assert any("no gold label is neutral" in text for text in found.warnings)
    assert "f1" not in measure.metrics  # neither stance is the positive one


def directed(first_stance, second_stance):
    text = "Ann met Bo"
    spans = [
        span(f"{kind}-{name}", label, text, name, value)
        for name, value in (("Ann", first_stance), ("Bo", second_stance))
        for kind, label, value in (("s", SpanLabel.SOURCE, None), ("t", SpanLabel.TARGET, value))
    ]
    links = (Link(LinkLabel.HOLDER, "t-Ann", "s-Bo"), Link(LinkLabel.HOLDER, "t-Bo", "s-Ann"))
    return sentence(text, spans=tuple(spans), links=links)


def test_two_entities_that_hold_each_other_make_one_of_five_classes():
    # towards Bo the model is clear, towards Ann it leans to against: both cannot be, so the clear one wins
    backend = FakeBackend({"Ann": (0.5, 0.4, 0.1), "Bo": (0.05, 0.05, 0.9)})
    found = evaluate(backend, [directed(N, F)])
    (answer,) = found.measures["directed"].answers
    assert (answer.gold, answer.found) == ("first for second", "first for second")
    assert sum(answer.p) == pytest.approx(1)
    assert answer.p[1] == max(answer.p)
    assert found.metric("accuracy").value == 1.0  # the pair's, not the stances'
    assert found.metric("accuracy:stance").value == 0.5
    (answer,) = evaluate(backend, [directed(A, N)]).measures["directed"].answers
    assert answer.gold == "second against first"
    assert "directed" not in evaluate(backend, [directed(A, F)]).measures
    assert "directed" not in evaluate(backend, [stance_towards("Ann", A)]).measures


def test_the_gold_holder_is_given():
    backend = FakeBackend()
    evaluate(backend, [directed(N, F), stance_towards("Cy", F)])
    assert backend.holders == [(8, 10), (0, 3), None]


def test_one_gold_class_is_flagged():
    found = evaluate(FakeBackend(), [hedged("rain", "asserted", f"d{n}") for n in range(12)])
    (warning,) = found.warnings
    assert warning.startswith("hedging: every gold label is asserted")


def test_few_documents_are_flagged():
    found = evaluate(FakeBackend(), [hedged("rain", "asserted"), hedged("perhaps", "hedged")])
    (warning,) = found.warnings
    assert warning.startswith("hedging: all in one document, so nothing tells how much documents differ")
    three = evaluate(FakeBackend(), [hedged("perhaps", ("asserted", "hedged")[n % 2], f"d{n}") for n in range(3)])
    assert three.warnings == ("hedging: 3 documents, too few for the interval to mean much",)


def test_an_empty_set_is_an_error():
    with pytest.raises(SlantwiseError, match="labelled sentences to evaluate on; found none"):
        evaluate(FakeBackend(), [])
    with pytest.raises(AskedWrong, match="a batch of at least one"):
        evaluate(FakeBackend(), [], batch=0)


class OnlyHedging(FakeBackend):
    decisions = {Task.HEDGING: Decision()}  # noqa: RUF012
    span_labels = frozenset({SpanLabel.HEDGE})
    has_stance = False

    def one(self, text):
        return Reading(text, {Task.HEDGING: probability("perhaps" in text)}, ())


def test_nothing_in_common_says_what_each_has():
    records = [sentence("x", labels={Task.LEANING: "left"}), attributed([]), stance_towards("Ann", A)]
    with pytest.raises(SlantwiseError) as caught:
        evaluate(OnlyHedging(), records)
    assert caught.value.expected == "labels that the model answers (hedging, hedge)"
    assert caught.value.found == "labels for leaning, source, cue, content, stance in toy"


def test_a_partial_model_is_not_blamed_for_what_it_leaves_out():
    assert isinstance(OnlyHedging(), Partial)
    assert not isinstance(FakeBackend(), Partial)
    records = [hedged("perhaps", "hedged"), attributed([]), stance_towards("Ann", A)]
    found = evaluate(OnlyHedging(), records)
    assert list(found.measures) == ["hedging"]
    assert "labelled here, but not answered by the model: source, cue, content, stance" in found.warnings


def test_metrics_that_cannot_be_resolved_say_what_there_is():
    found = evaluate(FakeBackend(), [hedged("perhaps", "hedged"), sentence("x", labels={Task.WORDING: "plain"})])
    with pytest.raises(AskedWrong, match="which hedging, wording of the measures"):
        found.metric("f1")
    with pytest.raises(AskedWrong, match=r"a measure of toy \(hedging, wording\); found 'cue'"):
        found.metric("span_exact_f1:cue")
    with pytest.raises(AskedWrong, match="found 'kappa'"):
        found.metric("kappa:hedging")
    with pytest.raises(AskedWrong, match="which none of the measures"):
        found.metric("token_f1")


def test_the_json_object_is_plain_and_complete():
    records = [hedged("perhaps rain", "hedged", "d1"), hedged("rain", "asserted", "d2"), attributed([], "d3")]
    found = evaluate(FakeBackend(), records, model=ModelName("fake", "00ff"), seed=5, resamples=50, command="c")
    written = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert written["schema"] == SCHEMA == "slantwise-evaluation/1"
    assert written["model"] == {"name": "fake", "sha256": "00ff"}
    assert written["bootstrap"] == {"unit": "document", "level": 0.95, "resamples": 50, "seed": 5}
    assert set(written["versions"]) == {"slantwise", "numpy", "python"}
    hedging = written["measures"]["hedging"]
    assert hedging["metrics"]["accuracy"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert hedging["classes"]["hedged"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1}
    assert hedging["confusion"] == {"labels": ["asserted", "hedged"], "rows_gold": [[1, 0], [0, 1]]}
    assert hedging["calibration"]["bins"] == [
        {"from": pytest.approx(0.2), "n": 1, "mean_p": pytest.approx(0.2), "share_right": 0.0},
        {"from": pytest.approx(13 / 15), "n": 1, "mean_p": pytest.approx(0.9), "share_right": 1.0},
    ]
    assert {row.measure for row in found.rows()} == set(written["measures"])
