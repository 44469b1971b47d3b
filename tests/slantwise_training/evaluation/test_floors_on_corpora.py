"""The floors on public corpora give the numbers that others, and we by other means, found on the same splits."""

from importlib import import_module

import pytest

from slantwise.labels import SpanLabel, Task
from slantwise_training.corpora.manifest import Corpus, Weights
from slantwise_training.evaluation.counts import LabelCounts
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.floors import LexiconBackend, MajorityBackend, OutletBackend
from slantwise_training.evaluation.protocols import stratified_folds

pytestmark = pytest.mark.corpus


def records_of(root, name):
    family = name.partition("_")[0]
    corpus = Corpus(name, name, family, family, "", "", "", Weights.NO, ())
    return list(import_module(f"slantwise_training.corpora.{family}").read(root / family, corpus))


def test_a_cue_lexicon_on_the_szeged_wiki_split(corpora_root):
    records = records_of(corpora_root, "szeged_wiki")
    backend = LexiconBackend(SpanLabel.HEDGE).fit(r for r in records if r.split == "train")
    found = evaluate(backend, (r for r in records if r.split == "test"), resamples=10)
    assert found.metric("f1:hedging").value == pytest.approx(0.817, abs=0.0005)
    assert found.metric("span_exact_f1:hedge").value == pytest.approx(0.764, abs=0.0005)


def test_the_majority_on_all_directed_test_rows(corpora_root):
    records = records_of(corpora_root, "dse")
    backend = MajorityBackend().fit(r for r in records if r.split == "train")
    found = evaluate(backend, (r for r in records if r.split in ("test", "test_leaked")), resamples=10)
    assert found.records == 1623
    assert found.metric("micro_f1").value == pytest.approx(0.653, abs=0.0005)
    assert found.metric("macro_f1").value == pytest.approx(0.158, abs=0.0005)


def test_the_outlet_alone_on_babe(corpora_root):
    records = [r for r in records_of(corpora_root, "babe_sg2") if Task.WORDING in r.labels]
    pooled = LabelCounts.from_pairs(("plain", "loaded"), ())
    for fold in stratified_folds(records, Task.WORDING, 5):
        backend = OutletBackend().fit(records[i] for i in fold.train)
        pooled += evaluate(backend, (records[i] for i in fold.test), resamples=10).measures["wording"].counts
    assert pooled.total == len(records)
    assert pooled.macro_f1 == pytest.approx(0.737, abs=0.01)
