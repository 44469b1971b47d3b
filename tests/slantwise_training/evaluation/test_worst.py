"""The errors to read first, and what became of spans."""

from dataclasses import replace

from slantwise.labels import HedgeKind, Lens, SpanLabel, StanceLabel, Task
from slantwise.reading import FoundSpan
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.evaluation.answers import Answer, Seen, SpanAnswer
from slantwise_training.evaluation.ceiling import votes_of
from slantwise_training.evaluation.counts import SpanCounts
from slantwise_training.evaluation.result import LabelMeasure, SpanMeasure
from slantwise_training.evaluation.worst import span_errors, worst_errors

TEXT = "It may well rain, she hinted"


def record(n=0, spans=()):
    return LabelledSentence(
        f"s{n}", Document(f"d{n}", "Daily"), 0, TEXT, (Lens.HEDGING,), {Task.HEDGING: "hedged"}, spans
    )


def hedge(start, end, value=HedgeKind.EPISTEMIC):
    return Span(f"h{start}", SpanLabel.HEDGE, start, end, TEXT[start:end], value)


def found(start, end, p=0.9, value=HedgeKind.EPISTEMIC):
    return FoundSpan(SpanLabel.HEDGE, start, end, value, p)


def test_the_surest_wrong_answers_come_first_with_their_spans():
    def answer(n, p, gold="asserted"):
        seen = Seen(record(n, (hedge(3, 6),)), (found(7, 11), FoundSpan(SpanLabel.CUE, 22, 28, None, 0.5)))
        return Answer(f"s{n}", f"d{n}", gold, "hedged" if p >= 0.5 else "asserted", (1 - p, p), seen=seen)

    answers = answer(0, 0.6), answer(1, 0.9), answer(2, 0.8, "hedged")
    measure = LabelMeasure("hedging", ("asserted", "hedged"), answers)
    votes = votes_of([replace(record(), labels={Task.HEDGING: "asserted"})], "Anna")
    first, second = worst_errors(measure, [votes])
    assert (first.id, first.p, second.id) == ("s1", 0.9, "s0")
    assert (first.gold, first.given, first.outlet, first.text) == ("asserted", "hedged", "Daily", TEXT)
    assert first.gold_spans == ((3, 6, "epistemic"),)
    assert first.found_spans == ((7, 11, "epistemic"),)  # the cue explains no hedging
    assert first.votes == ("Anna: asserted",)
    assert TEXT not in str(first.to_json())
    assert len(worst_errors(measure, shown=1)) == 1


def test_a_stance_error_shows_its_target():
    target = Span("t", SpanLabel.TARGET, 18, 21, "she", StanceLabel.FAVOR)
    answer = Answer("s", "d", "favor", "against", (0.8, 0.1, 0.1), seen=Seen(record()), target=target)
    (error,) = worst_errors(LabelMeasure("stance", ("against", "neutral", "favor"), (answer,)))
    assert (error.about, error.gold_spans) == ("she", ((18, 21, "target"),))


def spans(*pairs):
    answers = tuple(SpanAnswer(Seen(record(n, gold)), f"d{n}", gold, given) for n, (gold, given) in enumerate(pairs))
    counts = {a.document: SpanCounts.from_pairs(SpanLabel.HEDGE, [(a.text, a.gold, a.found)]) for a in answers}
    return SpanMeasure("hedge", len(answers), counts, answers=answers)


def test_what_became_of_every_span():
    measure = spans(
        ((hedge(3, 6),), (found(3, 6),)),
        ((hedge(3, 6),), (found(3, 6, value=HedgeKind.DOXASTIC),)),
        ((hedge(3, 11),), (found(3, 6), found(7, 11))),
        ((hedge(3, 6),), (found(22, 28),)),
    )
    assert span_errors(measure).to_json() == {
        "right": 1, "other_kind": 1, "bounds": 2, "invented": 1, "missed": 1,
    }  # fmt: skip
    right, other, bounds, invented, missed = span_errors(measure).to_json().values()
    assert right + other == measure.counts.exact[0]
    assert bounds + invented == measure.counts.exact[1]
    assert missed <= measure.counts.exact[2]


def test_a_model_without_kinds_has_no_other_kind():
    assert span_errors(spans(((hedge(3, 6),), (found(3, 6, value=None),)))).right == 1


def test_false_spans_come_before_missed_ones():
    measure = spans(
        ((hedge(3, 6), hedge(22, 28)), ()),
        ((), (found(22, 28, 0.7),)),
        ((hedge(3, 11),), (found(3, 6, 0.95),)),
        ((hedge(3, 6),), (found(3, 6),)),
    )
    errors = worst_errors(measure)
    assert [(error.id, error.given, error.p) for error in errors] == [
        ("s2", "wrong bounds: may", 0.95), ("s1", "found, not gold: hinted", 0.7), ("s0", "missed 2", 0.0),
    ]  # fmt: skip
    assert errors[1].to_json()["given"] == "found, not gold"
    assert [error.gold for error in errors] == ["1 span", "no spans", "2 spans"]
