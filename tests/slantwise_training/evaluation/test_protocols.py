"""Folds part records as they promise."""

from collections import Counter

import numpy as np
import pytest

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.labels import Lens, Task
from slantwise.records import Document, LabelledSentence
from slantwise_training.evaluation.protocols import folds_by_document, leave_one_outlet_out, story_of, stratified_folds


def record(n, doc, outlet=None, story=None, label="plain"):
    document = Document(doc, outlet=outlet, story=story)
    return LabelledSentence(f"{doc}#{n}", document, n, "Text", (Lens.WORDING,), labels={Task.WORDING: label})


DOCUMENTS = [record(n, f"doc{d}", story=f"story{d // 2}") for d in range(12) for n in range(1 + d % 4)]


def parts(folds, total):
    folds = list(folds)
    tested = np.concatenate([fold.test for fold in folds])
    assert sorted(tested.tolist()) == list(range(total))
    for fold in folds:
        assert sorted([*fold.train.tolist(), *fold.test.tolist()]) == list(range(total))
    return folds


@pytest.mark.parametrize("group", [story_of, lambda r: r.doc.id])
def test_no_document_or_story_is_cut(group):
    folds = parts(folds_by_document(DOCUMENTS, 4, group=group), len(DOCUMENTS))
    for fold in folds:
        assert not {group(DOCUMENTS[i]) for i in fold.train} & {group(DOCUMENTS[i]) for i in fold.test}
    sizes = [len(fold.test) for fold in folds]
    assert max(sizes) - min(sizes) <= 4


def test_document_folds_repeat_by_seed():
    def tests(seed):
        return [fold.test.tolist() for fold in folds_by_document(DOCUMENTS, 3, seed)]

    assert tests(1) == tests(1)
    assert tests(1) != tests(2)


def test_stratified_folds_have_the_sets_shares():
    records = [record(n, "d", label="loaded" if n % 3 == 0 else "plain") for n in range(64)]
    folds = parts(stratified_folds(records, Task.WORDING, 5), 64)
    counted = [Counter(records[i].labels[Task.WORDING] for i in fold.test) for fold in folds]
    for label in ("loaded", "plain"):
        assert max(c[label] for c in counted) - min(c[label] for c in counted) <= 1
    assert max(c.total() for c in counted) - min(c.total() for c in counted) <= 1


def test_each_outlet_tests_once_whatever_its_case():
    outlets = ["Fox", "fox ", "NYT", "NYT", "HPO", None]
    records = [record(n, f"d{n}", outlet) for n, outlet in enumerate(outlets)]
    folds = {fold.name: fold for fold in leave_one_outlet_out(records)}
    assert sorted(folds) == ["fox", "hpo", "nyt"]
    assert folds["fox"].test.tolist() == [0, 1]
    assert folds["fox"].train.tolist() == [2, 3, 4]
    assert all(fold.left_out == 1 for fold in folds.values())


def test_impossible_folds_are_refused():
    with pytest.raises(AskedWrong, match=r"number of documents \(12\); found 13"):
        list(folds_by_document(DOCUMENTS, 13))
    with pytest.raises(AskedWrong, match="found 1"):
        list(stratified_folds(DOCUMENTS, Task.WORDING, 1))
    with pytest.raises(SlantwiseError, match="a hedging label on every record"):
        list(stratified_folds(DOCUMENTS, Task.HEDGING, 2))
    with pytest.raises(SlantwiseError, match="at least two outlets"):
        list(leave_one_outlet_out(DOCUMENTS))
