"""What a model has seen of a test set: by text and by document, part by part."""

import pytest
from toy_corpora import write_toy_corpora

from slantwise.labels import Lens, SpanLabel, StanceLabel, Task
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora import read_corpus
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.floors import MajorityBackend
from slantwise_training.evaluation.training_overlap import TrainedOn, overlap_with

RECIPE = """
name = "toy"
{family}
[tasks.wording]
train = ["babe_v2:train"]
[tasks.hedging]
layer = "hedge"
[layers.hedge]
labels = ["hedge"]
train = ["szeged_wiki:train"]
held_out = ["szeged_wiki:test"]
[stance]
train = ["newsmtsc:train"]
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return write_toy_corpora(tmp_path_factory.mktemp("corpora"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("model")
    (place / "recipe.toml").write_text(RECIPE.format(family=""), encoding="utf-8")
    return place


def wording(text, doc="elsewhere"):
    return LabelledSentence(text, Document(doc), 0, text, (Lens.WORDING,), {Task.WORDING: "plain"}, corpus="own")


def overlap(trained, records):
    rows = overlap_with(trained, records, evaluate(MajorityBackend().fit(records), records, resamples=10))
    return {row.part: row for row in rows}


def test_a_copy_counts_however_it_is_typed(root, folder):
    seen = next(iter(read_corpus("babe_v2", root, ("train",)))).text
    records = [wording(seen.upper().replace(".", "!")), wording("Nobody has ever read this one"), wording("So be it")]
    (row,) = overlap(TrainedOn.of(folder, root), records).values()
    assert (row.part, row.measures, row.sentences, row.of) == ("tasks.wording", ("wording",), 1, 3)
    assert row.documents == 0
    assert row.trained > 10


def test_documents_in_common_are_counted(root, folder):
    record = next(iter(read_corpus("babe_v2", root, ("train",))))
    other = LabelledSentence(
        "new", record.doc, 9, "A new sentence of an article that was known", (Lens.WORDING,),
        {Task.WORDING: "plain"}, corpus="babe_v2",
    )  # fmt: skip
    (row,) = overlap(TrainedOn.of(folder, root), [other]).values()
    assert (row.sentences, row.documents) == (0, 1)


def test_what_was_held_out_was_not_trained_on(root, folder):
    tested = list(read_corpus("szeged_wiki", root, ("test",)))
    assert overlap(TrainedOn.of(folder, root), tested)["layers.hedge"].sentences == 0


def test_targets_that_were_seen(root, folder):
    trained = TrainedOn.of(folder, root)
    assert "annaberg" in trained.known("stance").targets
    assert trained.known("wording").targets is None
    assert trained.known("vagueness").texts is None
    assert all(record.spans_of(SpanLabel.TARGET) for record in trained.stance_records)


def test_an_encoders_parts_are_one(root, tmp_path):
    (tmp_path / "recipe.toml").write_text(RECIPE.format(family='family = "encoder"'), encoding="utf-8")
    trained = TrainedOn.of(tmp_path, root)
    assert list(trained.parts) == ["the encoder"]
    hedged = next(iter(read_corpus("szeged_wiki", root, ("train",)))).text
    assert overlap(trained, [wording(hedged)])["the encoder"].sentences == 1


def test_what_cannot_be_known_is_said(root, folder, tmp_path):
    assert "no folder of corpora here" in TrainedOn.of(folder, None).missing
    assert "recipe.toml" in TrainedOn.of(tmp_path, root).missing
    gone = TrainedOn.of(folder, tmp_path)
    assert overlap(gone, [wording("Whatever this one says")]) == {}
    assert "tasks.wording" in gone.missing
    assert gone.known("stance").texts is None


def test_stances_of_training_have_values(root, folder):
    values = {span.value for record in TrainedOn.of(folder, root).stance_records for span in record.spans}
    assert StanceLabel.FAVOR in values
