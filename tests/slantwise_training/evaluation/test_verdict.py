"""The paragraph says what the numbers say."""

from dataclasses import replace

import pytest

from slantwise.labels import SpanLabel
from slantwise.records import Span
from slantwise_training.corpora.manifest import Published
from slantwise_training.evaluation.baselines import Floor
from slantwise_training.evaluation.ceiling import Human
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.floors import LexiconBackend, MajorityBackend
from slantwise_training.evaluation.intervals import Difference, Interval
from slantwise_training.evaluation.published import Beside
from slantwise_training.evaluation.slices import Slice, SliceTable
from slantwise_training.evaluation.verdict import metric_words, summary_on, verdict_on


@pytest.fixture(scope="module")
def evaluation():
    from slantwise.labels import Lens, Task
    from slantwise.records import Document, LabelledSentence

    records = [
        LabelledSentence(str(n), Document(f"d{n}"), 0, "x", (Lens.WORDING,), {Task.WORDING: label})
        for n, label in enumerate(["plain", "loaded", "loaded", "loaded"] * 10)
    ]
    return evaluate(MajorityBackend().fit(records), records, resamples=200)


def floor(value, low, high):
    ahead = Difference((low + high) / 2, low, high, 0.01)
    return Floor("outlet look-up", "wording", "macro_f1", Interval(value, value, value), ahead)


def printed(evaluation, value, kind="published"):
    row = Published("BERT", "test", "macro_f1", value, "a paper")
    return Beside(kind, row, evaluation.metric("macro_f1"))


def test_the_opening_gives_value_interval_and_size(evaluation):
    found = evaluation.metric("macro_f1")
    assert verdict_on(evaluation) == (
        f"Wording: macro F1 is {found.value:.3f} ({found.low:.3f} to {found.high:.3f}) on 40 sentences."
    )


def opened(labels, documents=40, spans=()):
    from slantwise.labels import Lens, Task
    from slantwise.records import Document, LabelledSentence

    records = [
        LabelledSentence(
            str(n), Document(f"d{n % documents}"), 0, "A vile one", (Lens.WORDING,), {Task.WORDING: label},
            exhaustive=(SpanLabel.LOADED,),
        )
        for n, label in enumerate(labels)
    ]  # fmt: skip
    taught = replace(records[0], spans=(Span("w", SpanLabel.LOADED, 2, 6, "vile"),))
    backend = LexiconBackend(SpanLabel.LOADED).fit([taught, taught])
    return verdict_on(evaluate(backend, records, resamples=50))


def test_what_a_set_cannot_tell_is_said_first():
    said = opened(["plain"] * 40)
    assert "Wording: every gold label is plain, so this set cannot tell how well labels are told apart" in said
    assert "Loaded: no span is gold; the model found 40, all of them false, in 40 sentences." in said
    said = opened(["plain", "loaded"] * 20, documents=1)
    assert said.startswith("This set is too small to conclude anything from.\nWording: macro F1 is")
    assert "on 40 sentences of one document." in said
    assert "too small" in opened(["plain", "loaded"] * 20, documents=4)
    assert "too small" not in opened(["plain", "loaded"] * 20, documents=5)


def test_one_measure_among_others_can_be_too_small():
    from slantwise.labels import Lens, Task
    from slantwise.records import Document, LabelledSentence

    labels = [{Task.WORDING: ("plain", "loaded")[n % 2]} for n in range(40)]
    labels[:9] = [{**each, Task.SUBJECTIVITY: ("objective", "subjective")[n % 2]} for n, each in enumerate(labels[:9])]
    records = [
        LabelledSentence(str(n), Document(f"d{n}"), 0, "x", (Lens.WORDING,), each) for n, each in enumerate(labels)
    ]
    said = verdict_on(evaluate(MajorityBackend().fit(records), records, resamples=50))
    assert said.count("That is too little to conclude anything from.") == 1
    assert said.endswith("on 9 sentences. That is too little to conclude anything from.")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.02, 0.1, "It is ahead of every floor here, of the best (outlet look-up, 0.300) by 0.060 (0.020 to 0.100)."),
        (-0.1, -0.02, "It is behind a floor: outlet look-up reaches 0.300, 0.060 (0.020 to 0.100) more."),
        (-0.02, 0.1, "It is not told apart from the best floor (outlet look-up, 0.300; -0.020 to +0.100)."),
    ],
)
def test_against_floors(evaluation, low, high, said):
    assert said in verdict_on(evaluation, [floor(0.3, low, high), floor(0.1, 0.3, 0.4)])


def test_against_print_and_simple_methods(evaluation):
    assert "macro F1 0.990) is 0.561 above it, outside its interval." in verdict_on(
        evaluation, printed=[printed(evaluation, 0.99), printed(evaluation, 0.5)]
    )
    assert "is level with it, inside its interval." in verdict_on(evaluation, printed=[printed(evaluation, 0.43)])
    assert "A simple method measured before (BERT, 0.100) is 0.329 below it" in verdict_on(
        evaluation, printed=[printed(evaluation, 0.1, "floor")]
    )


def test_against_people(evaluation):
    def human(low, high):
        values = Interval(0.8, 0.7, 0.9), Interval(0.75, 0.7, 0.8), Difference(-0.05, low, high, 0.1)
        return Human("a crowd", "wording", "macro_f1", 300, *values, 12)

    said = "People reach 0.800 (a crowd; 300 votes on 12 documents), where the model reaches 0.750: "
    assert said + "below them." in verdict_on(evaluation, humans=[human(-0.09, -0.01)])
    assert said + "not told apart from them." in verdict_on(evaluation, humans=[human(-0.09, 0.01)])


def test_where_it_fails_and_what_it_has_seen(evaluation):
    def part(name, difference, p):
        return Slice("outlet", name, 50, 50, 0.5, 0.4, 0.3, 0.5, difference, p, p)

    table = SliceTable("macro_f1", (part("daily", -0.2, 0.001), part("post", 0.2, 0.001), part("wire", -0.1, 0.5)), 3)
    said = verdict_on(evaluation, slices={"wording": table}, seen={"wording": 0.746})
    assert "beyond what 3 comparisons allow for luck, by outlet, daily (0.400, n 50)." in said
    assert "post" not in said
    assert "That flatters it: it was trained on 75 % of these sentences." in said
    level = SliceTable("macro_f1", (part("wire", -0.1, 0.5),), 1)
    assert "No slice is worse than the rest beyond luck." in verdict_on(evaluation, slices={"wording": level})


def section(value, floors=(), published=()):
    ours = {"value": value, "low": value - 0.05, "high": value + 0.05}
    return {
        "main_metrics": {"wording": "macro_f1"},
        "measures": {"wording": {"metrics": {"macro_f1": ours}}},
        "floors": [
            {"measure": "wording", "value": v, "ahead": {"low": value - v - 0.02, "high": value - v + 0.02}}
            for v in floors
        ],
        "published": [{"kind": kind, "metric": "macro_f1", "value": v, "ours": ours} for kind, v in published],
    }


def test_the_summary_counts_sets():
    assert summary_on([section(0.7)]) == "1 measure on 1 test set."
    sections = [
        section(0.7, floors=(0.5,), published=(("published", 0.9),)),
        section(0.7, floors=(0.69,), published=(("published", 0.74),)),
        section(0.7, floors=(0.8,)),
        section(0.7, floors=(0.5,), published=(("floor", 0.72),)),  # the better floor is the manifest's
    ]
    assert summary_on(sections) == (
        "4 measures on 4 test sets. The model is ahead of the best floor on 1 of the 4 that have one "
        "(level with it on 2, behind it on 1). "
        "It is above the best printed system, or level with it within its own interval, on 1 of 2."
    )


def test_metrics_are_told_in_words():
    assert metric_words("macro_f1") == "macro F1"
    assert metric_words("span_exact_f1:cue") == "exact-span F1 (cue)"
