"""Two models on the same answers: differences, McNemar's test, and a verdict in words."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keyword_model import KeywordBackend
from scipy import stats

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.labels import Lens, SpanLabel, Task
from slantwise.model_folder import Model
from slantwise.records import Document, LabelledSentence, Span
from slantwise.score import ModelName
from slantwise_training.evaluation.compare import compare_evaluations, compare_models
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.intervals import mcnemar


def model(name, **words):
    return Model(KeywordBackend(**words), ModelName(name, name * 8), {})


def record(n, text, label, marked=True):
    spans = (Span("s", SpanLabel.LOADED, 4, 10, text[4:10]),) if label == "loaded" else ()
    exhaustive = (SpanLabel.LOADED,) if marked else ()
    return LabelledSentence(
        f"r{n}", Document(f"d{n // 2}"), n, text, (Lens.WORDING,), labels={Task.WORDING: label}, spans=spans,
        exhaustive=exhaustive, corpus="mine", split="test",
    )  # fmt: skip


LOADED = [record(n, f"The brutal plan {n} failed.", "loaded") for n in range(20)]
PLAIN = [record(n + 20, f"The second plan {n} failed.", "plain") for n in range(20)]


def test_the_model_that_knows_the_word_is_ahead_and_it_is_sure():
    found = compare_models(model("good", loaded=("brutal",)), model("poor", loaded=("second",)), LOADED + PLAIN)
    wording, words = found.comparisons
    assert (wording.measure, wording.main, words.main) == ("wording", "macro_f1", "span_exact_f1")
    assert wording.values["macro_f1"] == (1, 0)
    assert wording.differences["macro_f1"].value == 1
    assert wording.is_sure
    assert wording.p_adjusted == pytest.approx(2 * 2 / 1001)
    assert (wording.mcnemar.only_first, wording.mcnemar.only_second) == (40, 0)
    assert found.verdicts[0].startswith("wording: good is ahead of poor by 1.000")
    assert found.verdicts[0].endswith("more than chance")
    other = compare_models(model("poor", loaded=("second",)), model("good", loaded=("brutal",)), LOADED + PLAIN)
    assert other.verdicts[0].startswith("wording: good is ahead of poor by 1.000")
    assert other.comparisons[0].differences["macro_f1"].value == -1


def test_small_differences_on_few_documents_are_not_called_sure():
    half = model("half", loaded=("brutal", "plan 3"))
    found = compare_models(model("good", loaded=("brutal",)), half, LOADED[:4] + PLAIN[:4])
    assert not found.comparisons[0].is_sure
    assert found.verdicts[0].endswith("this set cannot tell them apart")


def test_level_models_are_said_to_be_level():
    found = compare_models(model("one", loaded=("brutal",)), model("two", loaded=("brutal",)), LOADED + PLAIN)
    assert "one and two are level" in found.verdicts[0]
    assert found.comparisons[0].mcnemar.exact == 1


def test_the_json_has_both_values_and_no_text():
    found = compare_models(model("good", loaded=("brutal",)), model("poor"), LOADED + PLAIN)
    value = json.loads(json.dumps(found.to_json()))
    assert (value["schema"], value["corpus"], value["split"]) == ("slantwise-model-comparison/1", "mine", "test")
    metrics = value["measures"][0]["metrics"]
    assert metrics["accuracy"]["first"] == 1
    assert metrics["accuracy"]["second"] == 0.5
    assert metrics["accuracy"]["difference"] == pytest.approx(0.5)
    assert "micro_f1" not in metrics
    assert value["measures"][1]["mcnemar"] is None
    assert "brutal" not in json.dumps(value)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(AskedWrong, match="two different models"):
        compare_models(model("one"), model("one"), LOADED)
    first = evaluate(KeywordBackend(), LOADED + PLAIN)
    with pytest.raises(SlantwiseError, match="same records"):
        compare_evaluations(first, evaluate(KeywordBackend(), LOADED + PLAIN[1:]))
    hedged = LabelledSentence("h", Document("h"), 0, "It may.", (Lens.HEDGING,), labels={Task.HEDGING: "hedged"})
    with pytest.raises(SlantwiseError, match="a measure in common"):
        compare_evaluations(first, evaluate(KeywordBackend(), [hedged]))


@settings(max_examples=60)
@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_is_the_exact_binomial_test_and_its_mid_p(one, two):
    found = mcnemar(one, two)
    n, fewer = one + two, min(one, two)
    expected = stats.binomtest(fewer, n).pvalue if n else 1.0
    assert found.exact == pytest.approx(expected, abs=1e-12)
    # Fagerland et al. (2013): the exact value less the probability of what was seen, of equal numbers less half of it
    seen = stats.binom.pmf(fewer, n, 0.5) if n else 0.0
    assert found.mid_p == pytest.approx(expected - (seen / 2 if one == two else seen), abs=1e-12)


def test_mcnemar_of_many_pairs_is_near_the_chi_squared_form():
    found = mcnemar(560, 440)
    with_correction = stats.chi2.sf((abs(560 - 440) - 1) ** 2 / 1000, 1)
    assert found.exact == pytest.approx(with_correction, rel=0.03)


def test_the_paired_interval_is_that_of_the_mean_difference():
    """With one answer a document, the accuracy's difference has the normal interval of paired differences."""
    rng = np.random.default_rng(5)
    words = [("brutal", "second")[int(at)] for at in rng.random(400) < 0.35]
    records = [
        LabelledSentence(
            f"r{n}", Document(f"d{n}"), n, f"The {word} plan {n}.", (Lens.WORDING,), labels={Task.WORDING: "loaded"}
        )
        for n, word in enumerate(words)
    ]
    found = compare_models(model("a", loaded=("brutal",)), model("b", loaded=("second",)), records, resamples=2000)
    accuracy = found.comparisons[0].differences["accuracy"]
    differences = np.array([1 if word == "brutal" else -1 for word in words])
    half = 1.96 * differences.std(ddof=1) / 20
    assert accuracy.value == pytest.approx(differences.mean())
    assert (accuracy.low, accuracy.high) == pytest.approx(
        (differences.mean() - half, differences.mean() + half), abs=0.012
    )
