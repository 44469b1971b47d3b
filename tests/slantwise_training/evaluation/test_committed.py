"""Committed predictions give the numbers that were printed, and a paired test."""

from dataclasses import replace

import pytest
from keyword_model import KeywordBackend

from slantwise.errors import AskedWrong, BadRow, SlantwiseError
from slantwise.labels import Task
from slantwise_training.corpora import read_corpus
from slantwise_training.evaluation.committed import SYSTEMS, committed_evaluation, compare_with_committed
from slantwise_training.evaluation.evaluate import evaluate

HEADER = "text,label,zephyr_label,openchat_label,llama_13b_label,majority,synth,magpie,babe\n"
ROWS = (
    "A brazen plan.,1,0,0,0,0,1,0,1\n",
    "A second plan.,0,0,0,0,0,1,0,0\n",
    "A brutal plan.,1,0,0,0,0,1,1,0\n",
    "A third plan.,0,0,0,0,0,0,0,0\n",
)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "babe_v2" / "evaluation"
    folder.mkdir(parents=True)
    (folder / "babe_test_annomatic.csv").write_text(HEADER + "".join(ROWS), encoding="utf-8")
    train = "text,news_link,outlet,topic,label,biased_words\nAn old plan.,http://x.test/1,Daily,tax,0,[]\n"
    (folder / "babe_train_dev_annomatic.csv").write_text(train, encoding="utf-8")
    return tmp_path


@pytest.fixture
def records(root):
    return list(read_corpus("babe_v2", root, ("test",)))


def test_a_column_is_a_model_whose_answers_are_known(root):
    roberta = committed_evaluation("babe_v2", "RoBERTa trained on BABE", root)
    measure = roberta.measures["wording"]
    assert [answer.found for answer in measure.answers] == ["loaded", "plain", "plain", "plain"]
    assert measure.calibration is None
    assert roberta.metric("accuracy").value == 0.75
    assert roberta.model.name == "RoBERTa trained on BABE (committed)"


def test_ours_is_compared_with_all_three(root, records):
    ours = evaluate(KeywordBackend(loaded=("brazen", "brutal")), records)
    found = compare_with_committed(ours, records, root)
    assert [c.second.name.removesuffix(" (committed)") for c in found] == list(SYSTEMS["babe_v2"])
    tests = [c.comparisons[0].mcnemar for c in found]
    assert [(t.only_first, t.only_second) for t in tests] == [(1, 0), (1, 0), (1, 0)]


def test_part_of_the_split_is_compared_with_that_part(root, records):
    ours = evaluate(KeywordBackend(loaded=("brazen",)), records[1:3])
    assert {c.records for c in compare_with_committed(ours, records[1:3], root)} == {2}


def test_other_sets_have_nothing_committed(root, records):
    moved = [replace(record, split="train") for record in records]
    assert compare_with_committed(evaluate(KeywordBackend(), moved), moved, root) == ()
    other = [replace(record, corpus="mine") for record in records]
    assert compare_with_committed(evaluate(KeywordBackend(), other), other, root) == ()


def test_what_was_not_predicted_or_is_no_label_is_an_error(root, records):
    strange = [replace(records[0], text="Another text.")]
    with pytest.raises(SlantwiseError, match="a committed prediction for"):
        committed_evaluation("babe_v2", "MAGPIE", root, strange)
    with pytest.raises(AskedWrong, match="a system on babe_v2"):
        committed_evaluation("babe_v2", "GPT", root)
    with pytest.raises(AskedWrong, match="a corpus with committed predictions"):
        committed_evaluation("mbic", "MAGPIE", root)
    path = root / "babe_v2" / "evaluation" / "babe_test_annomatic.csv"
    path.write_text(HEADER + "A plan.,1,0,0,0,0,1,maybe,1\n", encoding="utf-8")
    with pytest.raises(BadRow, match=r"babe_test_annomatic\.csv:2, field magpie"):
        committed_evaluation("babe_v2", "MAGPIE", root)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("system", "macro", "mcc"),
    [
        ("RoBERTa trained on BABE", 0.833, 0.678),
        ("SA-FT (RoBERTa trained on anno_lexical)", 0.830, 0.662),
        ("MAGPIE", 0.828, 0.664),
    ],
)
def test_babes_columns_give_the_printed_numbers(corpora_root, system, macro, mcc):
    found = committed_evaluation("babe_v2", system, corpora_root, resamples=10).measures["wording"].counts
    assert found.total == 1000
    assert (found.macro_f1, found.mcc) == pytest.approx((macro, mcc), abs=5e-4)


@pytest.mark.corpus
def test_polnears_taggers_give_the_manifests_numbers(corpora_root):
    bert = committed_evaluation("polnear", "BERT", corpora_root, resamples=10).measures
    exact = [bert[label].counts.exact_f1 for label in ("source", "cue", "content")]
    assert exact == pytest.approx([0.786, 0.725, 0.630], abs=1e-3)
    assert bert["attribution"].counts.positive_f1 == pytest.approx(0.915, abs=1e-3)
    assert Task.WORDING not in bert
