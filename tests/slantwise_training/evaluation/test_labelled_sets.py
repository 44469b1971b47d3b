"""What `--on` names, and one clear line for what cannot be evaluated."""

import json
from pathlib import Path

import pytest

from slantwise.errors import AskedWrong, BadRow, SlantwiseError
from slantwise.labelled import write_labelled
from slantwise.labels import Lens, SpanLabel, Task
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.annotation import FORMATS
from slantwise_training.corpora import find_corpus
from slantwise_training.evaluation.labelled_sets import format_of, named_sets, read_file, sample, splits_to_test


def sentence(n, **more):
    text = f"The vile deal of town {n}"
    spans = (Span(f"w{n}", SpanLabel.LOADED, 4, 8, "vile"),)
    more.setdefault("labels", {Task.WORDING: "loaded"})
    return LabelledSentence(
        f"s{n}", Document(f"d{n // 3}"), n, text, (Lens.WORDING,), spans=spans,
        exhaustive=(SpanLabel.LOADED,), corpus="own", **more,
    )  # fmt: skip


RECORDS = [sentence(n) for n in range(12)]


def nowhere():
    raise AssertionError("no corpus was asked for")


@pytest.mark.parametrize("name", ["slantwise", "label-studio", "doccano", "prodigy"])
def test_every_format_is_told_from_the_file(tmp_path, name):
    path = tmp_path / f"labels{FORMATS[name].suffix}"
    FORMATS[name].write(path, RECORDS)
    assert format_of(path) == name
    (found,) = named_sets(str(path), nowhere)
    records = found.read()
    assert [r.labels for r in records] == [r.labels for r in RECORDS]
    assert (found.name, found.corpus) == (path.name, None)
    assert FORMATS[name].title in found.source
    assert len(found.sha256) == 64


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ("", SlantwiseError, "an empty file"),
        ('{"text": "x", "stars": 5}\n', AskedWrong, "a row with the fields stars, text; name its format by --format"),
        ("[1]\n", AskedWrong, "a row that is no object with fields"),
        ("not json\n", BadRow, "labels.jsonl:1"),
        ('{"schema": "slantwise/1"}\n', BadRow, "labels.jsonl:1, field id"),
    ],
    ids=["empty", "unknown", "list", "text", "incomplete"],
)
def test_a_wrong_label_file_is_told_in_one_line(tmp_path, content, error, said):
    path = tmp_path / "labels.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(error, match=said.replace("(", r"\(")) as caught:
        read_file(path)
    assert "\n" not in str(caught.value)


def test_sentences_without_a_label_are_no_test_set(tmp_path):
    path = tmp_path / "labels.jsonl"
    write_labelled(path, [LabelledSentence("1", Document("d"), 0, "Nobody looked at this", ())])
    with pytest.raises(SlantwiseError, match="1 sentences without a label"):
        read_file(path)


def test_files_that_are_none(tmp_path):
    with pytest.raises(AskedWrong, match="no such file"):
        list(named_sets(str(tmp_path / "missing.jsonl"), nowhere))
    (tmp_path / "table.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(AskedWrong, match=r"\.jsonl, \.json or \.parquet"):
        list(named_sets(str(tmp_path / "table.csv"), nowhere))
    with pytest.raises(AskedWrong, match="a format of: slantwise"):
        list(named_sets(str(tmp_path / "table.csv"), nowhere, "excel"))


def test_the_test_sets_of_a_corpus_are_those_with_printed_numbers():
    assert splits_to_test(find_corpus("babe_v2")) == ["test"]
    assert splits_to_test(find_corpus("newsmtsc")) == ["test_rw", "test_mt"]
    assert set(splits_to_test(find_corpus("dse"))) >= {"test+test_leaked", "test"}
    assert splits_to_test(find_corpus("babe_sg2")) == []


def test_names_with_commas_and_splits():
    sets = list(named_sets("babe_v2, dse:test+test_leaked", lambda: Path("corpora")))
    assert [each.name for each in sets] == ["babe_v2:test", "dse:test+test_leaked"]
    assert sets[0].corpus.name == "babe_v2"
    assert not sets[0].optional
    with pytest.raises(AskedWrong, match="a split of babe_v2"):
        list(named_sets("babe_v2:dev2", lambda: Path("corpora")))


def test_all_is_what_is_on_disk(tmp_path):
    (tmp_path / find_corpus("gwsd").folder).mkdir(parents=True)
    (found,) = named_sets("all", lambda: tmp_path)
    assert (found.name, found.optional) == ("gwsd:test", True)


def test_a_sample_is_of_whole_documents_in_their_order():
    found = sample(RECORDS, 7)
    assert len(found) == 6
    assert len({r.doc.id for r in found}) == 2
    assert [r.index for r in found] == sorted(r.index for r in found)
    assert sample(RECORDS, 7) == found
    assert sample(RECORDS, 7, seed=5) != found
    assert len(sample(RECORDS, 1)) == 3  # one document at least
    with pytest.raises(AskedWrong, match="at least one sentence"):
        sample(RECORDS, 0)


def test_the_file_is_pinned_by_its_hash(tmp_path):
    path = tmp_path / "labels.jsonl"
    write_labelled(path, RECORDS)
    (one,) = named_sets(str(path), nowhere)
    path.write_text(path.read_text("utf-8") + json.dumps({}) + "\n", encoding="utf-8")
    (two,) = named_sets(str(path), nowhere)
    assert one.sha256 != two.sha256
