"""What benchmarks/reproduce.py adds to the rows of one model: other seeds, fp32, outlets, calibration, names."""

import re
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import reproduce
from benchmark_jobs import a_job, evaluation
from repository import REPOSITORY
from reproduction import cache, committed, encoders, models, page, precision, seeds, shipped, views
from reproduction.job import Bench, Figure, Job, Kind, Outcome, outcome_of, repeated

from slantwise.errors import AskedWrong
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
from slantwise_training.recipe_file import load_recipe
from slantwise_training.train import state_folder

RECIPES = REPOSITORY / "training" / "recipes"
RECIPE = RECIPES / "default.toml"


@pytest.fixture(scope="module")
def model():
    return load_model()


def figure(value):
    return Figure(value, value - 0.1, value + 0.1, 5)


def outcome(**values):
    return Outcome({metric: figure(value) for metric, value in values.items()}, {})


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


def test_of_nested_names_the_longest_counts():
    record = named(MentionKind.PLACE)
    inner, other = (replace(record.spans[0], id=f"m{n}", start=n, end=n + 3) for n in (0, 6))
    spans = (*record.spans, replace(inner, text="Low"), replace(other, text=" To"))
    longer = replace(record, text="Lowen. To", spans=spans)
    (found,) = views.outermost([longer])
    assert [(span.start, span.end) for span in found.spans] == [(0, 6), (6, 9)]


# seeds


@pytest.fixture
def trainings(monkeypatch):
    """The seeds of recipes that were trained; training writes what marks a model, and loads as its folder."""
    done = []

    def train(recipe, root, folder, progress, *, library, seed):
        progress("the network")
        if not done:
            done.append("killed")
            raise KeyboardInterrupt
        done.append(seed)
        folder.mkdir()
        (folder / "config.json").write_text("{}", encoding="utf-8")

    monkeypatch.setattr(models, "train", train)
    monkeypatch.setattr(models, "load_model", lambda folder: folder)
    return done


def test_a_model_is_trained_once_and_a_killed_training_again(tmp_path, trainings):
    folder = tmp_path / "runs" / "default-14"
    with pytest.raises(KeyboardInterrupt):
        models.trained(RECIPE, folder, Library(tmp_path), 14)
    for _ in range(2):
        assert models.trained(RECIPE, folder, Library(tmp_path), 14) == folder
    models.trained(RECIPE, folder.with_name("own"), Library(tmp_path))
    assert trainings == ["killed", 14, None]


def recipe_with(place, seeds=""):
    """A folder with the default recipe in it, with these seeds to average in place of its own."""
    text = re.sub(r"^seeds = .*\n", "", RECIPE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (place / "recipe.toml").write_text(text.replace("[encoder]\n", f"[encoder]\n{seeds}"), encoding="utf-8")
    return place


def test_every_row_of_the_shipped_model_has_one_of_each_other_seed(model, monkeypatch, tmp_path):
    asked = []

    def trained(recipe, folder, library, seed):
        asked.append((recipe, folder.name.rpartition("-")[2], seed))
        return Model("another", model.name, {})

    def run(bench):
        return evaluation(("hedged", "hedged" if bench.model.backend == "another" else "asserted"))

    monkeypatch.setattr(seeds, "trained", trained)
    job = a_job(name="shipped-toy", kind=Kind.SHIPPED, run=run, settings=f"{model.name.sha256} toy")
    own = load_recipe(RECIPE).seed
    found = list(seeds.seed_jobs([job], model, (own, own + 1, own + 2), recipe_with(tmp_path)))
    assert [(each.name, each.of) for each in found] == [
        (f"seed-{own + n}-toy", "shipped-toy") for n in (1, 2)
    ]
    # a new export of the same recipe leaves the other seeds' numbers as they are
    assert model.name.sha256 not in found[0].settings
    assert found[0].settings != found[1].settings
    ours = found[0].run(Bench(Library(Path()), replace(model, backend="shipped")))
    assert (ours.figures["f1"].value, ours.evaluation) == (1.0, {})
    assert asked == [(tmp_path / "recipe.toml", str(own + 1), own + 1)]


def test_the_average_of_several_seeds_is_none_of_them(model, tmp_path):
    job = a_job(name="shipped-toy", kind=Kind.SHIPPED, system="shipped model, zero-shot", settings="toy")
    own = load_recipe(RECIPE).seed
    folder = recipe_with(tmp_path, f"seeds = [{own}, {own + 1}]\n")
    jobs = list(seeds.seed_jobs([job], model, (own, own + 1), folder))
    assert [each.name for each in jobs] == [f"seed-{own + n}-toy" for n in (0, 1)]
    results = [(job, outcome(f1=0.9)), *zip(jobs, (outcome(f1=0.7), outcome(f1=0.8)), strict=True)]
    (first, alone), (second, mean) = seeds.averaged(results)
    assert (first, alone.figures["f1"].value) == (job, 0.9)
    assert (second.kind, second.system) == (Kind.SEEDS, "2 models of one seed each, zero-shot")
    assert mean.figures["f1"].value == pytest.approx(0.75)
    # a single one has no spread
    assert seeds.averaged(results[:2]) == results[:1]


def test_the_shipped_row_stays_beside_the_mean_of_all_seeds():
    job = a_job(name="shipped-toy", kind=Kind.SHIPPED, system="shipped model, zero-shot")
    others = [repeated(job, f"seed-{n}-toy", Kind.SEEDS, "", lambda _: None) for n in (14, 15)]
    results = [(job, outcome(f1=0.7)), *zip(others, (outcome(f1=0.8), outcome(f1=0.9)), strict=True)]
    (first, alone), (second, mean) = seeds.averaged(results)
    assert (first, alone.figures["f1"].range) == (job, "0.600 to 0.800")
    assert second.kind is Kind.SEEDS
    assert second.system == "3 models, the shipped one among them, zero-shot"
    assert mean.figures["f1"].value == pytest.approx(0.8)
    assert mean.figures["f1"].range == "± 0.100 over 3 seeds"
    # with a seed less the row says so
    assert seeds.averaged(results[:2])[1][1].figures["f1"].range == "± 0.071 over 2 seeds"
    assert seeds.averaged(results[:1]) == results[:1]
    text = page.page(results, {})
    assert "| szeged_wiki, test | shipped model, zero-shot | `f1` | **0.700** |" in text
    assert "| default recipe: 3 models, the shipped one among them, zero-shot | `f1` | **0.800** | ± 0.100" in text


def test_an_own_encoder_of_several_seeds_is_one_row():
    job = a_job(name="encoder-toy", kind=Kind.ENCODER)
    other = replace(job, name="encoder-toy-seed-14", of="encoder-toy")
    ((found, mean),) = seeds.averaged([(job, outcome(f1=0.7)), (other, outcome(f1=0.8))])
    assert (found, mean.figures["f1"].seeds) == (job, 2)
    assert seeds.averaged([(job, outcome(f1=0.7))]) == [(job, outcome(f1=0.7))]


def test_encoder_jobs_are_repeated_with_other_seeds_alone():
    own, more = list(encoders.encoder_jobs()), list(encoders.encoder_jobs((13, 14)))
    assert more[: len(own)] == own
    alone = {(job.name, job.of) for job in more[len(own) :]}
    averages = [job for job in own if ", weights of 3 seeds averaged" in job.system]
    assert {job.corpus for job in averages} == {"dse", "seesaw"}
    # an average is another model than the network of its recipe's own seed
    asked = [*((job.name, 14) for job in own), *((job.name, 13) for job in averages)]
    assert alone == {(f"{name}-seed-{seed}", name) for name, seed in asked}
    assert not any("averaged" in job.system for job in more[len(own) :])
    assert len({cache.key_of(job) for job in more}) == len(more)


# recipes that go on from another's network


def test_the_recipe_that_another_goes_on_from_is_known_by_its_base():
    gold, words = RECIPES / "gold.toml", RECIPES / "benchmarks" / "anno-lexical.toml"
    assert models.recipe_of_base(RECIPES / "default.toml") == gold
    assert models.recipe_of_base(RECIPES / "benchmarks" / "babe-sg2.toml") == words
    assert models.recipe_of_base(gold) is models.recipe_of_base(words) is None


def test_a_recipes_digest_is_of_what_it_goes_on_from_too(monkeypatch, tmp_path):
    monkeypatch.setattr(models, "_RECIPES", tmp_path)
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text("[encoder]\nepochs = 1\n", encoding="utf-8")
    second.write_text('[encoder]\nbase = "runs/first.training/network"\n', encoding="utf-8")
    before = models.digest_of(second)
    first.write_text("# the same\n[encoder]\nepochs = 1\n", encoding="utf-8")
    assert models.digest_of(second) == before
    first.write_text("[encoder]\nepochs = 2\n", encoding="utf-8")
    assert models.digest_of(second) != before


def test_a_benchmarks_first_stage_is_trained_once_on_all_corpora_and_its_network_kept(monkeypatch, tmp_path):
    runs, done = tmp_path / "runs", []

    def train(recipe, root, folder, progress, *, library, seed):
        (state_folder(folder) / "network").mkdir(parents=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text("{}", encoding="utf-8")
        done.append((recipe.name, folder, library, seed))

    monkeypatch.setattr(encoders, "RUNS", runs)
    monkeypatch.setattr(models, "train", train)
    monkeypatch.setattr(models, "load_model", lambda folder: folder)
    library, first = Library(tmp_path), runs / "benchmarks" / "anno-lexical"
    for recipe in ("babe-sg2", "babe-sg2", "szeged"):
        encoders._begin(encoders.RECIPES / f"{recipe}.toml", library)
    assert done == [("anno-lexical.toml", first, library, None)]
    # a model without its network is no beginning
    (state_folder(first) / "network").rmdir()
    encoders._begin(encoders.RECIPES / "babe-sg2.toml", library)
    assert len(done) == 2
    models.trained(RECIPE, runs / "default-14", library, 14)
    assert not (state_folder(runs / "default-14") / "network").exists()


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


# fp32


def test_the_table_of_precisions_tells_what_int8_loses():
    job = a_job(name="shipped-toy", kind=Kind.SHIPPED, system="shipped model")
    before = repeated(job, "fp32-toy", Kind.FP32, "", lambda _: None)
    spans = {"ece:source": 0.045}, {"ece:source": 0.05}
    figures = dict(f1=0.794, mcc=0.7, ece=0.03, **spans[0]), dict(f1=0.8, mcc=0.699, ece=0.02, **spans[1])
    results = [(job, outcome(**figures[0])), (before, outcome(**figures[1]))]
    rows = list(precision.precision_table(results))[2:]
    assert rows == [
        "| szeged_wiki, test | shipped model | `f1` | **0.800** | 0.794 | −0.60 | **more than 0.5 lost** |",
        "| szeged_wiki, test | shipped model | `mcc` | **0.699** | 0.700 | +0.10 | ok |",
        "| szeged_wiki, test | shipped model | `ece` | **0.020** | 0.030 | +1.00 | **more than 0.5 lost** |",
        "| szeged_wiki, test | shipped model | `ece:source` | **0.050** | 0.045 | −0.50 | ok |",
    ]
    text = page.page(results, {})
    assert "## int8 against fp32" in text
    assert "fp32: shipped model" not in text
    assert "## int8 against fp32" not in page.page(results[:1], {})


def test_rows_in_fp32_need_the_network_once(model, monkeypatch, tmp_path):
    monkeypatch.setattr(precision, "RUNS", tmp_path)
    if model.config["family"] != "encoder":
        pytest.skip("the shipped model has no network")
    job = a_job(name="shipped-toy", kind=Kind.SHIPPED, run=lambda bench: evaluation(("hedged", "hedged")))
    (found,) = precision.precision_jobs([job], model, None)
    with pytest.raises(AskedWrong, match="--network"):
        found.run(Bench(Library(tmp_path), model))
    made = tmp_path / "fp32" / model.name.sha256[:12]
    made.mkdir(parents=True)
    (made / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(precision, "load_model", lambda folder: replace(model, backend=folder))
    assert found.run(Bench(Library(tmp_path), model)).figures["f1"].value == 1.0


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
