"""docs/results.md is of the shipped model and the manifest that are here, and its verdicts are sound."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from benchmark_jobs import a_job, evaluation
from repository import REPOSITORY
from reproduction import cache, encoders, folds, page, seeds
from reproduction.factuality import ErrorSums
from reproduction.job import Figure, Kind, Outcome, outcome_of
from reproduction.pronouns import Hits
from reproduction.shipped import shipped_jobs

from slantwise.files import sha256_of
from slantwise.labels import SpanLabel
from slantwise.model_folder import load_model, model_name
from slantwise.reading import FoundSpan
from slantwise.records import Span
from slantwise_training.corpora.manifest import Published
from slantwise_training.evaluation.counts import SpanCounts
from slantwise_training.evaluation.result import SpanMeasure
from slantwise_training.recipe_file import load_recipe

AGAIN = "run `python benchmarks/reproduce.py --from FOLDER` with the folder of corpora, and commit docs and benchmarks"


@pytest.fixture(scope="module")
def results():
    return (REPOSITORY / "docs" / "results.md").read_text(encoding="utf-8")


def job_of(raw):
    """The job of a raw result, as far as its rows depend on it."""
    about = {key: raw[key] for key in ("name", "corpus", "split", "system")}
    return a_job(**about, kind=Kind(raw["kind"]), of=raw["of"], single=raw["single"])


def test_the_page_is_of_the_shipped_model(results):
    assert f"`{model_name().sha256}`" in results, f"docs/results.md is of another shipped model: {AGAIN}"


def test_the_page_is_of_the_manifest_that_is_here(results):
    manifest = sha256_of(REPOSITORY / "data" / "corpora.toml")
    assert f"`{manifest}`" in results, f"docs/results.md is of another data/corpora.toml: {AGAIN}"


def test_every_value_on_the_page_is_in_the_raw_results(results):
    raw = [json.loads(p.read_text(encoding="utf-8")) for p in (REPOSITORY / "benchmarks" / "results").glob("*.json")]
    kept = {
        (job.corpus, job.split, metric, f"{figure.value:.3f}")
        for job, outcome in seeds.averaged([(job_of(each), cache.from_json(each)) for each in raw])
        for metric, figure in outcome.figures.items()
    }
    rows = re.findall(r"^\| (\S+), (\S+) \| [^|]+ \| `([^`]+)` \| \*\*([\d.-]+)\*\*", results, re.MULTILINE)
    assert set(rows) == kept, f"docs/results.md and benchmarks/results differ: {AGAIN}"
    assert {each["evaluation"].get("model", {}).get("sha256", "") for each in raw} <= {"", model_name().sha256}, AGAIN


@pytest.mark.parametrize(
    ("value", "verdict", "short"),
    [(0.9, "ok +0.103", False), (0.78, "ok −0.017", False), (0.77, "**short** −0.027", True)],
)
def test_a_value_is_short_from_two_points_below_its_floor(value, verdict, short):
    (line,) = page.lines_of(a_job(), Outcome({"f1": Figure(value, 0.7, 0.9, 5)}, {}))
    assert (line.floor.value, line.best.value) == (0.797, 0.8765)
    assert (line.verdict, line.is_short) == (verdict, short)


def test_an_unlike_floor_gives_a_difference_and_no_verdict():
    (line,) = page.lines_of(a_job(fair=False), Outcome({"f1": Figure(0.5, 0.4, 0.6, 5)}, {}))
    assert (line.verdict, line.is_short) == ("−0.297", False)


def test_of_errors_less_is_better():
    floor = Published("ridge", "test", "mae", 0.6, "")
    job, figure = a_job(), Figure(0.5, 0.4, 0.6, 5)
    assert page.Line(job, "mae", figure, floor, None).verdict == "ok +0.100"
    assert page.Line(job, "mae", replace(figure, value=0.7), floor, None).is_short


def test_the_page_names_what_falls_short_and_what_has_no_row():
    text = page.page([(a_job(), Outcome({"f1": Figure(0.7, 0.6, 0.75, 5)}, {}))], {"date": "today"})
    assert "- szeged_wiki, test, `f1`, own train (ours): 0.700 against 0.797 of TF-IDF + logistic regression" in text
    assert "which is outside the 95 % interval" in text
    assert "- gap, test, `gap_f1` 0.743" in text
    assert "`f1` 0.797 (TF-IDF" not in text


def test_figures_are_those_the_job_asks_for():
    outcome = outcome_of(a_job(), evaluation(("hedged", "hedged"), ("asserted", "hedged")))
    assert outcome.figures["f1"].value == pytest.approx(2 / 3)
    assert outcome.figures["f1"].n == 2
    assert outcome.evaluation["corpus"] == "szeged_wiki"


def test_a_kept_outcome_is_used_until_settings_change(tmp_path):
    job = a_job(run=lambda bench: evaluation(("hedged", "hedged")))
    found = cache.run(job, None, tmp_path)
    assert cache.kept(job, tmp_path).figures == found.figures
    assert cache.kept(replace(job, settings="c 1"), tmp_path) is None
    assert cache.kept(replace(job, reads=("szeged_wiki", "dse")), tmp_path) is None


def test_a_new_code_version_computes_anew(tmp_path, monkeypatch):
    job = a_job(run=lambda bench: evaluation(("hedged", "hedged")))
    cache.run(job, None, tmp_path)
    monkeypatch.setattr(cache, "CODE", cache.CODE + 1)
    assert cache.kept(job, tmp_path) is None


def test_folds_are_pooled_answer_by_answer_and_document_by_document():
    gold = (Span("h", SpanLabel.HEDGE, 0, 3, "may"),)
    counts = [
        SpanCounts.from_pairs(SpanLabel.HEDGE, [("may go", gold, found)])
        for found in ((FoundSpan(SpanLabel.HEDGE, 0, 3, None, 1.0),), ())
    ]
    parts = [evaluation(("hedged", "hedged")), evaluation(("hedged", "asserted"), ("asserted", "asserted"))]
    parts = [
        replace(part, measures={**part.measures, "hedge": SpanMeasure("hedge", 1, {"d0": one}, 10)})
        for part, one in zip(parts, counts, strict=True)
    ]
    whole = folds.pooled(parts)
    assert (whole.records, whole.measures["hedging"].n, whole.measures["hedge"].n) == (3, 3, 2)
    assert whole.metric("accuracy", "hedging").value == pytest.approx(2 / 3)
    assert whole.metric("span_exact_f1", "hedge").value == pytest.approx(2 / 3)
    assert list(whole.measures["hedge"].per_document) == ["d0"]


def test_errors_add_up_to_the_correlation_of_all():
    gold, found = np.array([3.0, -1.0, 2.0, 0.5]), np.array([2.0, 0.0, 2.5, 1.0])
    whole = ErrorSums.of(gold[:1], found[:1]) + ErrorSums.of(gold[1:], found[1:])
    assert whole.pearson_r == pytest.approx(np.corrcoef(gold, found)[0, 1])
    assert whole.mae == pytest.approx(0.75)


def test_names_count_as_hits_false_alarms_and_misses():
    assert (Hits(np.array([1.0, 1, 0])) + Hits(np.array([1.0, 0, 1]))).f1 == pytest.approx(2 / 3)
    assert Hits(np.zeros(3)).f1 == 0.0


def test_what_the_shipped_model_never_saw_is_marked_zero_shot():
    jobs = {job.name: job for job in shipped_jobs(load_model())}
    factbank, wiki = jobs["shipped-szeged_factbank-test-hedging"], jobs["shipped-szeged_wiki-test-hedging"]
    assert "zero-shot" in factbank.system
    assert "zero-shot" not in wiki.system
    assert wiki.fair


def test_encoder_benchmarks_hold_their_test_split_out():
    jobs = list(encoders.encoder_jobs())
    assert {job.kind for job in jobs} == {Kind.ENCODER}
    for job in jobs:
        name = re.search(r"benchmarks/(\S+)\.toml", job.system)
        assert name is not None
        recipe = load_recipe(encoders.RECIPES / f"{name[1]}.toml")
        parts = recipe.parts().values()
        assert recipe.encoder is not None
        for split in job.split.split("+") if job.split != "all" else ():
            trained = {str(selection) for part in parts for selection in (*part.train, *part.dev)}
            assert f"{job.corpus}:{split}" not in trained
        assert job.corpus in {selection.corpus for part in parts for selection in part.train}
