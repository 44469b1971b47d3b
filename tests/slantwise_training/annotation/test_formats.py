import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from labelled_sentences import corpora, earlier_sentence, wire_sentence

from slantwise.errors import AskedWrong, BadRow
from slantwise.labelled import check_documents, read_labelled, write_labelled
from slantwise.records import Document, LabelledSentence
from slantwise_training.annotation import FORMATS, Conversion, convert


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=20, deadline=None)
@given(records=corpora())
def test_any_records_come_back_exactly(tmp_path_factory, name, records):
    path = tmp_path_factory.getbasetemp() / f"any-{name}"
    assert FORMATS[name].write(path, records) == len(records)
    assert list(FORMATS[name].read(path, None)) == records


@pytest.mark.parametrize("name", FORMATS)
def test_no_records_make_a_file_of_none(tmp_path, name):
    path = tmp_path / "none"
    assert FORMATS[name].write(path, []) == 0
    assert list(FORMATS[name].read(path, None)) == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_missing_file_is_named(tmp_path, name):
    with pytest.raises(AskedWrong, match="nowhere"):
        list(FORMATS[name].read(tmp_path / "nowhere", None))


def test_a_chain_through_every_format_changes_nothing(tmp_path):
    records = [earlier_sentence(), wire_sentence(), wire_sentence("ann"), earlier_sentence("ann")]
    write_labelled(tmp_path / "slantwise", records)
    names = [*FORMATS, "slantwise"]
    for source, destination in pairwise(names):
        target = "back" if destination == names[-1] else destination
        counts = convert(tmp_path / source, tmp_path / target, source, destination)
        assert counts == Conversion(records=4, documents=1, spans=16, links=8, stances=4, labels=4)
    assert (tmp_path / "back").read_bytes() == (tmp_path / "slantwise").read_bytes()
    assert check_documents(read_labelled(tmp_path / "back")) == []


def test_bad_rows_are_counted_and_reported(tmp_path):
    source = tmp_path / "source.jsonl"
    write_labelled(source, [wire_sentence(), LabelledSentence("d#0", Document("d"), 0, "Rain fell.", ())])
    with source.open("a", encoding="utf-8") as file:
        file.write('{"id": "d#1"}\n')
    with pytest.raises(BadRow, match=r"source\.jsonl:3"):
        convert(source, tmp_path / "out.json", "slantwise", "label-studio")
    assert not (tmp_path / "out.json").exists()

    bad = []
    counts = convert(source, tmp_path / "out.json", "slantwise", "label-studio", on_bad=bad.append)
    assert (counts.records, counts.documents, counts.unlabelled, counts.bad_rows) == (2, 2, 1, 1)
    assert [row.line for row in bad] == [3]


def test_the_annotator_can_be_named(tmp_path):
    FORMATS["doccano"].write(tmp_path / "ann.jsonl", [earlier_sentence()])
    convert(tmp_path / "ann.jsonl", tmp_path / "out.jsonl", "doccano", "slantwise", annotator="ann")
    assert list(read_labelled(tmp_path / "out.jsonl")) == [replace(earlier_sentence(), annotator="ann")]


def test_an_unknown_format_is_refused_with_the_names(tmp_path):
    with pytest.raises(AskedWrong, match="label-studio, doccano, prodigy, hub; found 'conll'"):
        convert(tmp_path / "a", tmp_path / "b", "slantwise", "conll")


def test_nothing_heavy_is_imported_before_it_is_used():
    code = (
        "import sys, slantwise.labelled, slantwise_training.annotation as a; a.label_studio_config();"
        "print(*sorted({'datasets', 'pyarrow', 'torch', 'scipy', 'sklearn', 'numpy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
