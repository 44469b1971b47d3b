"""What benchmarks/reproduce.py adds to the rows of one model: calibration, names, outlets; what is done and carried."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import reproduce
from benchmark_jobs import a_job, evaluation, figure, outcome
from repository import REPOSITORY
from reproduction import cache, committed, encoders, page, shipped, views
from reproduction.job import Bench, Job, Kind, Outcome, outcome_of

from slantwise.labels import Lens, MentionKind, SpanLabel, Task
from slantwise.model_folder import Model, load_model
from slantwise.reading import Decision, Reading
from slantwise.records import Document, LabelledSentence, Span
from slantwise.score import ModelName
from slantwise_training.corpora.manifest import Published
from slantwise_training.evaluation.committed import SYSTEMS
from slantwise_training.evaluation.compare import compare_evaluations
from slantwise_training.examples import Library
from slantwise_training.recipe import Selection

RECIPES = REPOSITORY / "training" / "recipes"
RECIPE = RECIPES / "default.toml"


@pytest.fixture(scope="module")
def model():
    return load_model()


# calibration


def test_calibration_error_is_of_the_probabilities():
    pairs = [("hedged", "hedged"), ("hedged", "hedged"), ("asserted", "asserted"), ("hedged", "asserted")]
    found = evaluation(*pairs, p=(0.9, 0.9, 0.1, 0.1))
    figures = outcome_of(a_job(metrics=("f1", "ece")), found).figures
    assert figures["ece"].value == pytest.approx((2 * 0.1 + 2 * 0.4) / 4)
    assert figures["ece"].n == 4
    assert figures["ece"].low <= figures["ece"].value <= figures["ece"].high


def test_beside_a_calibration_error_stands_what_chance_makes_of_so_few_answers():
    found = evaluation(("hedged", "hedged"), ("asserted", "hedged"), p=(0.9, 0.6))
    job = a_job(metrics=("f1", "ece"))
    f1, ece = page.lines_of(job, outcome_of(job, found))
    assert f1.chance is None
    # a bin each: 2 p (1 - p) is the mean deviation of one answer
    assert ece.chance == pytest.approx((2 * 0.9 * 0.1 + 2 * 0.6 * 0.4) / 2)
    assert " (calibrated, by chance) |" in list(page._table([ece]))[2]
    (alone,) = page.lines_of(job, Outcome({"ece": figure(0.1)}, {}))
    assert alone.chance is None


def test_answers_without_probabilities_have_no_calibration_error():
    with pytest.raises(ValueError, match="no probabilities in the answers of hedging"):
        outcome_of(a_job(metrics=("ece",)), evaluation(("hedged", "hedged")))


def test_of_calibration_error_less_is_better():
    floor = Published("linear", "test", "ece", 0.05, "")
    assert page.Line(a_job(), "ece", figure(0.02), floor, None).verdict == "ok +0.030"
    assert page.Line(a_job(), "ece", figure(0.2), floor, None).is_short


def test_the_shipped_model_has_a_calibration_error_of_every_sentence_lens(model):
    lenses = {job.measure for job in shipped.shipped_jobs(model) if "ece" in job.metrics}
    assert lenses >= {"hedging", "vagueness", "wording", "hyperpartisan"}
    attribution = next(job for job in shipped.shipped_jobs(model) if job.measure == "attribution")
    assert {"ece:source", "ece:cue", "ece:content"} <= set(attribution.metrics)


# names in news


def named(kind, *, corpus="gum", section="news", exhaustive=(SpanLabel.MENTION,)):
    span = Span("m1", SpanLabel.MENTION, 0, 6, "Lowen.", kind)
    doc = Document("d", section=section)
    return LabelledSentence(
        "s", doc, 0, "Lowen.", (Lens.MENTIONS,), spans=(span,), exhaustive=exhaustive, corpus=corpus, split="test"
    )


def test_names_in_news_are_those_of_gum_news_and_of_what_meantime_marks_whole():
    kept = [named(MentionKind.PLACE), named(MentionKind.ACTOR), named(MentionKind.PERSON, corpus="meantime_en")]
    left_out = [
        named(MentionKind.PLACE, section="speech"),
        named(MentionKind.PLACE, corpus="meantime_en", exhaustive=()),
    ]
    found = shipped._news(None, kept + left_out)
    assert [[span.value for span in record.spans] for record in found] == [["place"], [], ["person"]]


@pytest.mark.parametrize("trains_on_meantime", [True, False])
def test_meantime_tests_a_model_that_it_did_not_train(model, tmp_path, trains_on_meantime):
    text = RECIPE.read_text(encoding="utf-8").replace('"meantime_en:train",', "")
    if trains_on_meantime:
        text = text.replace('"re3d:train",', '"re3d:train", "meantime_en:train",')
    (tmp_path / "recipe.toml").write_text(text, encoding="utf-8")
    jobs = {job.name: job for job in shipped.shipped_jobs(model, tmp_path)}
    assert ("(MEANTIME trained it)" in jobs["shipped-gum-test-mention-news"].system) is trains_on_meantime
    pooled = jobs.get("shipped-gum-test-mention-news-and-meantime")
    assert (pooled is None) is trains_on_meantime
    assert ("shipped-meantime_en-train-mention" in jobs) is not trains_on_meantime
    assert pooled is None or pooled.reads == ("gum", "meantime_en")


def test_names_count_without_articles_and_possessives():
    record = named(MentionKind.PLACE)
    text = "the Lowen's sea"
    name = replace(record.spans[0], start=0, end=11, text=text[:11])
    cue = replace(name, id="c", label=SpanLabel.CUE, value=None)
    (found,) = views.bare_names([replace(record, text=text, spans=(name, cue))])
    assert [(span.start, span.end, span.text) for span in found.spans] == [(4, 9, "Lowen"), (0, 11, "the Lowen's")]


def test_actors_without_a_name_are_what_a_phrase_calls_them(model, tmp_path):
    text, phrases = "The rebels who hold Lowen met both of them", ("The rebels who hold Lowen", "both of them")
    record = named(MentionKind.PLACE)
    at = [(text.index(phrase), phrase, MentionKind.ACTOR) for phrase in phrases]
    at.append((text.index("Lowen"), "Lowen", MentionKind.PLACE))
    spans = tuple(
        Span(f"m{n}", SpanLabel.MENTION, start, start + len(phrase), phrase, kind)
        for n, (start, phrase, kind) in enumerate(at)
    )
    (found,) = shipped._actors(None, [replace(record, text=text, spans=spans)])
    assert [(span.text, span.start) for span in found.spans] == [("rebels", 4)]
    # a model without such a layer has no such row
    named_layers = RECIPE.read_text(encoding="utf-8").partition("[layers.actors]")[0]
    (tmp_path / "recipe.toml").write_text(named_layers.replace('"layers.actors" = 4.0\n', ""), encoding="utf-8")
    rows = {job.name for job in shipped.shipped_jobs(model, tmp_path)}
    (tmp_path / "recipe.toml").write_text(RECIPE.read_text(encoding="utf-8"), encoding="utf-8")
    more = {job.name for job in shipped.shipped_jobs(model, tmp_path)}
    assert more - rows == {"shipped-gum-test-mention-actors"}


def test_of_nested_names_the_longest_counts():
    record = named(MentionKind.PLACE)
    inner, other = (replace(record.spans[0], id=f"m{n}", start=n, end=n + 3) for n in (0, 6))
    spans = (*record.spans, replace(inner, text="Low"), replace(other, text=" To"))
    longer = replace(record, text="Lowen. To", spans=spans)
    (found,) = views.outermost([longer])
    assert [(span.start, span.end) for span in found.spans] == [(0, 6), (6, 9)]


# folds by outlet


class SaysLoaded:
    """A model that calls every sentence loaded."""

    stance_margin = 0.0
    has_stance = False
    span_labels = frozenset()
    decisions: ClassVar = {Task.WORDING: Decision()}

    def read(self, sentences):
        return [Reading(text, {Task.WORDING: np.array([0, 1], dtype=np.float32)}, ()) for text in sentences]


OUTLETS = ("Wire", "Echo", "Tarn Post")


def of_outlets():
    return [
        LabelledSentence(
            f"s{i}", Document(f"d{i}", outlet=outlet), 0, f"{outlet} {i}.", (Lens.WORDING,),
            labels={Task.WORDING: ("plain", "loaded")[i % 2]}, corpus="babe_sg2", split="all",
        )
        for i, outlet in enumerate(OUTLETS * 4)
    ]


def test_each_outlet_tests_a_model_that_saw_none_of_it_and_a_killed_run_goes_on(monkeypatch, tmp_path):
    on, seen, kills = Selection("babe_sg2", "all"), {}, [None, KeyboardInterrupt]

    def trained(recipe, folder, library, seed):
        if folder not in seen:
            if kills and (kill := kills.pop(0)):
                raise kill
            seen[folder] = {record.doc.outlet for record in library.records([on])}
        return Model(SaysLoaded(), ModelName("toy", ""), {})

    monkeypatch.setattr(encoders, "trained", trained)
    monkeypatch.setattr(encoders, "RUNS", tmp_path)
    monkeypatch.setattr(encoders, "_begin", lambda *_: None)
    job = next(each for each in encoders.encoder_jobs() if each.name == "encoder-babe_sg2-one-outlet-left-out")
    job, bench = replace(job, metrics=("macro_f1",)), Bench(Library(tmp_path, _read={on: of_outlets()}), None)
    with pytest.raises(KeyboardInterrupt):
        job.run(bench)
    assert len(seen) == 1
    found = outcome_of(job, job.run(bench)).figures["macro_f1"]
    assert (found.value, found.n) == (pytest.approx(1 / 3), 12)
    assert {frozenset(each) for each in seen.values()} == {frozenset(OUTLETS) - {outlet} for outlet in OUTLETS}


# committed predictions


def test_the_shipped_model_is_read_once_for_all_systems_of_a_corpus(model, monkeypatch, tmp_path):
    jobs = list(committed.committed_jobs(model))
    assert [(job.corpus, job.split) for job in jobs] == [("babe_v2", "test"), ("polnear", "test")]
    assert all(model.name.sha256 in job.settings for job in jobs)
    asked = []

    def compared(ours, records, root):
        asked.append((ours, records, root))
        return [compare_evaluations(ours, ours)] * 3

    ours = evaluation(("hedged", "hedged"))
    monkeypatch.setattr(committed, "evaluate", lambda *_, **__: ours)
    monkeypatch.setattr(committed, "compare_with_committed", compared)
    found = jobs[0].run(Bench(Library(tmp_path, _read={Selection("babe_v2", "test"): ["records"]}), model))
    assert asked == [(ours, ["records"], tmp_path)]
    assert list(found.evaluation) == list(SYSTEMS["babe_v2"])


def test_the_table_of_committed_predictions_has_both_and_mcnemars_test():
    ours = evaluation(*[("hedged", "hedged")] * 30, ("asserted", "hedged"))
    theirs = evaluation(*[("hedged", "asserted")] * 30, ("asserted", "asserted"))
    job = a_job(kind=Kind.COMMITTED, metrics=("accuracy", "span_exact_f1"))
    found = Outcome({}, {"BERT": compare_evaluations(ours, theirs).to_json()})
    (row,) = list(committed.committed_table([(job, found), (a_job(), outcome(f1=0.5))]))[2:]
    assert row.startswith("| szeged_wiki, test | BERT | `accuracy:hedging` | 0.968 | 0.032 | +0.935, ")
    assert row.endswith("| 30 against 1, p < 0.001 |")
    assert list(page.lines_of(job, found)) == []


# what is done and what is carried


def options(**given):
    return Namespace(**{"encoders": False, "only": None, "seeds": (), "network": None, "fresh": False, **given})


@pytest.mark.parametrize(
    ("job", "asked"),
    [
        (a_job(kind=Kind.SHIPPED), [{}]),
        (a_job(kind=Kind.ENCODER), [{"encoders": True}, {"only": "job"}]),
        (a_job(kind=Kind.ENCODER, of="own"), [{"encoders": True, "seeds": (14,)}, {"only": "job", "seeds": (14,)}]),
        (a_job(kind=Kind.SEEDS, of="own"), [{"seeds": (14,)}]),
        (a_job(kind=Kind.FP32, of="own"), [{"network": Path("network")}]),
    ],
)
def test_what_takes_long_is_done_when_asked_for(job, asked):
    assert all(reproduce._is_asked(job, options(**given)) for given in asked)
    assert reproduce._is_asked(job, options()) is (job.kind is Kind.SHIPPED)
    assert not reproduce._is_asked(job, options(only="job")) or not job.of


def test_a_change_to_the_code_that_trains_a_row_computes_it_anew(monkeypatch, tmp_path):
    code = tmp_path / "linear" / "fit.py"
    code.parent.mkdir()
    code.write_text("C = 4\n", encoding="utf-8")
    monkeypatch.setattr(cache, "_REPOSITORY", tmp_path)
    monkeypatch.setattr(cache, "_TRAINED_BY", {Kind.TRAINED: ("linear",), Kind.FOLDS: ("linear/fit.py",)})
    kinds = (Kind.TRAINED, Kind.FOLDS, Kind.SHIPPED)
    before = [cache.key_of(a_job(kind=kind)) for kind in kinds]
    assert [cache.key_of(a_job(kind=kind)) for kind in kinds] == before
    code.write_text("C = 8\n", encoding="utf-8")
    after = [cache.key_of(a_job(kind=kind)) for kind in kinds]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False, True]


def test_what_was_not_asked_for_is_carried_from_the_repository(monkeypatch, tmp_path):
    monkeypatch.setattr(reproduce, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(reproduce, "RESULTS", tmp_path / "results")
    job = a_job(kind=Kind.FP32, of="shipped-toy", run=lambda _: evaluation(("hedged", "hedged")))
    assert reproduce._outcome(job, None, options()) is None
    cache.keep(job, outcome(f1=0.9), tmp_path / "results")
    assert reproduce._outcome(job, None, options()) == outcome(f1=0.9)
    assert reproduce._outcome(replace(job, settings="another model"), None, options()) is None
    # asked for, it is done here
    assert reproduce._outcome(job, None, options(network=Path())).figures["f1"].value == 1.0


def test_job_names_are_unique(model):
    names = [job.name for job in reproduce.all_jobs(model, (14, 15))]
    assert len(names) == len(set(names)) > 100
    assert isinstance(next(iter(reproduce.all_jobs(model))), Job)
