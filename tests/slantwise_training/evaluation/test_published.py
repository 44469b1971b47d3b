"""The manifest's numbers, a second model's and the tables, beside an evaluation."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.labels import Lens, SpanLabel, Task
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.manifest import Corpus, Published, Weights
from slantwise_training.evaluation.compare import compare
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.floors import LexiconBackend, MajorityBackend
from slantwise_training.evaluation.published import compare_with_manifest
from slantwise_training.evaluation.report import render, render_published, write_json


def hedge(n):
    text = f"It may rain {n}" if n % 3 else f"It rains {n}"
    spans = (Span("h", SpanLabel.HEDGE, 3, 6, "may"),) if n % 3 else ()
    label = "hedged" if n % 3 else "asserted"
    return LabelledSentence(
        str(n), Document(f"[b]doc{n // 2}"), n, text, (Lens.HEDGING,), {Task.HEDGING: label}, spans,
        exhaustive=(SpanLabel.HEDGE,), split="test", corpus="toy",
    )  # fmt: skip


RECORDS = [hedge(n) for n in range(30)]


@pytest.fixture(scope="module")
def lexicon():
    return evaluate(LexiconBackend(SpanLabel.HEDGE).fit(RECORDS), RECORDS, resamples=200)


@pytest.fixture(scope="module")
def majority():
    return evaluate(MajorityBackend().fit(RECORDS), RECORDS, resamples=200)


def published(metric, value, split="test"):
    return Published(f"Someone's {metric}", split, metric, value, "a paper")


CORPUS = Corpus(
    "toy", "Toy", "toy", "toy", "nobody/toy", "0" * 40, "CC0-1.0", Weights.YES, ("hedging",),
    published=(published("f1", 0.9), published("span_exact_f1:hedge", 0.5), published("f1", 0.1, "dev")),
    floor=(published("token_f1:cue", 0.2),),
)  # fmt: skip


def test_published_numbers_of_the_split_stand_beside_ours(lexicon):
    f1, span, cue = compare_with_manifest(lexicon, CORPUS)
    assert (f1.kind, f1.theirs.value, f1.ours.value) == ("published", 0.9, 1.0)
    assert f1.ahead == pytest.approx(0.1)
    assert span.ahead == pytest.approx(0.5)
    assert (cue.kind, cue.ours, cue.ahead) == ("floor", None, None)
    assert "found 'cue'" in cue.why


def test_another_corpus_is_refused(lexicon):
    with pytest.raises(AskedWrong, match="an evaluation on other; found one on toy"):
        compare_with_manifest(lexicon, replace(CORPUS, name="other"))


def test_two_models_are_compared_on_what_both_answer(lexicon, majority):
    (found,) = compare(lexicon, majority)
    assert found.measure == "hedging"
    assert found.differences["accuracy"].value == pytest.approx(1 / 3)
    assert found.differences["accuracy"].low > 0
    assert (found.mcnemar.only_first, found.mcnemar.only_second) == (10, 0)
    assert found.mcnemar.exact == pytest.approx(2 / 2**10)
    itself = {row.measure: row for row in compare(lexicon, lexicon)}
    assert itself["hedge"].differences["span_exact_f1"].p == 1.0
    assert itself["hedge"].mcnemar is None


def test_other_records_or_measures_are_not_compared(lexicon, majority):
    fewer = evaluate(MajorityBackend().fit(RECORDS), RECORDS[:-1], resamples=10)
    with pytest.raises(SlantwiseError, match=r"same records \(hedging\)"):
        compare(lexicon, fewer)
    spans = replace(lexicon, measures={"hedge": lexicon.measures["hedge"]})
    with pytest.raises(SlantwiseError, match="in common with hedge; found hedging"):
        compare(spans, majority)
    shorter = evaluate(LexiconBackend(SpanLabel.HEDGE).fit(RECORDS), RECORDS[:-1], resamples=10)
    with pytest.raises(SlantwiseError, match=r"same records \(hedge\)"):
        compare(spans, shorter)


def shown(table):
    console = Console(file=io.StringIO(), width=120)
    console.print(table)
    return console.file.getvalue()


def test_the_table_shows_every_metric_with_its_interval(lexicon, majority):
    text = shown(render(lexicon))
    assert "LexiconBackend on toy, test: 30 sentences of 15 documents" in text
    assert "span_exact_f1" in text
    assert "1.000 to 1.000" in text
    assert text.count("accuracy") == 1
    assert "micro_f1" not in text  # the same number as accuracy
    interval = majority.metric("accuracy")
    assert f"{interval.low:.3f} to {interval.high:.3f}" in shown(render(majority))
    assert "note: labelled here, but not answered by the model: hedge" in shown(render(majority))


def test_the_published_table_marks_floors_and_what_is_missing(lexicon):
    text = shown(render_published(compare_with_manifest(lexicon, CORPUS)))
    assert "+0.100" in text
    assert "Someone's token_f1:cue (floor)" in text


def test_the_json_file_is_the_evaluations_object(lexicon, tmp_path):
    write_json(lexicon, tmp_path / "evaluation.json")
    assert json.loads((tmp_path / "evaluation.json").read_text(encoding="utf-8")) == lexicon.to_json()
    with pytest.raises(AskedWrong, match="a folder"):
        write_json(lexicon, tmp_path / "nowhere" / "evaluation.json")
