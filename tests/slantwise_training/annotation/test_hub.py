import pytest
from labelled_sentences import earlier_sentence, wire_sentence

from slantwise.errors import AskedWrong, BadRow
from slantwise.labels import TASK_LABELS, Task
from slantwise_training.annotation.hub import dataset_features, from_dataset, read, to_dataset, write


@pytest.fixture(autouse=True)
def _offline(monkeypatch, tmp_path):
    """Any use of the library's cache or of the network would show."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    yield
    assert not (tmp_path / "cache").exists()


def test_labels_load_as_class_numbers(capfd):
    dataset = to_dataset([earlier_sentence(), wire_sentence()])
    assert dataset.features == dataset_features()
    hedging = dataset.features["labels"]["hedging"]
    assert hedging.names == list(TASK_LABELS[Task.HEDGING])
    assert [row["labels"]["hedging"] for row in dataset] == [None, hedging.str2int("hedged")]
    assert capfd.readouterr() == ("", "")


def test_a_dataset_comes_back_exactly():
    records = [earlier_sentence(), wire_sentence()]
    assert list(from_dataset(to_dataset(records))) == records


def test_what_the_library_writes_and_loads_is_read(tmp_path):
    from datasets import load_dataset

    write(tmp_path / "ours.parquet", [earlier_sentence(), wire_sentence()])
    loaded = load_dataset(
        "parquet", data_files=str(tmp_path / "ours.parquet"), split="train", cache_dir=str(tmp_path / "own")
    )
    assert loaded.features == dataset_features()
    assert list(from_dataset(loaded)) == [earlier_sentence(), wire_sentence()]
    loaded.to_parquet(tmp_path / "theirs.parquet")
    assert list(read(tmp_path / "theirs.parquet")) == [earlier_sentence(), wire_sentence()]


def test_words_instead_of_class_numbers_will_do():
    from datasets import Dataset

    from slantwise.labelled import record_to_json

    dataset = Dataset.from_list([record_to_json(wire_sentence())])
    assert list(from_dataset(dataset)) == [wire_sentence()]


def test_a_bad_row_names_its_number_and_field():
    rows = to_dataset([wire_sentence()] * 3).to_list()
    rows[1]["spans"][3]["start"] += 1
    from datasets import Dataset

    dataset = Dataset.from_list(rows, features=dataset_features())
    with pytest.raises(BadRow) as error:
        list(from_dataset(dataset, name="hub.parquet"))
    assert (error.value.path, error.value.line, error.value.field) == ("hub.parquet", 2, "spans[3].text")
    bad = []
    assert len(list(from_dataset(dataset, bad.append))) == 2
    assert [row.line for row in bad] == [2]


def test_a_file_that_is_not_parquet_is_refused(tmp_path):
    (tmp_path / "text.parquet").write_text("no", encoding="utf-8")
    with pytest.raises(AskedWrong, match=r"text\.parquet"):
        list(read(tmp_path / "text.parquet"))
