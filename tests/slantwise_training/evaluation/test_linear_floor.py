"""The linear floor learns what records have labels for, and refuses what cannot be learned."""

import pytest

from slantwise.errors import SlantwiseError
from slantwise.labels import Lens, SpanLabel, StanceLabel, Task
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.linear_floor import fit_linear

STANCES = (StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR)
WORDS = ("dreadful", "ordinary", "splendid")


def record(n, text, label=None, stance=None):
    labels = {} if label is None else {Task.WORDING: label}
    spans = () if stance is None else (Span("t", SpanLabel.TARGET, 0, 4, text[:4], stance),)
    return LabelledSentence(
        f"r{n}", Document(f"d{n}"), 0, text, (Lens.WORDING,), labels=labels, spans=spans, corpus="mine"
    )


def test_labels_and_stances_are_learned_from_the_records_alone():
    records = [
        record(n, f"Berg gave a {WORDS[n % 3]} speech number {n}.", ("loaded", "plain")[n % 3 == 1], STANCES[n % 3])
        for n in range(60)
    ]
    found = evaluate(fit_linear(records), records, resamples=10).measures
    assert set(found) == {"wording", "stance"}
    assert found["wording"].counts.accuracy == 1
    assert found["stance"].counts.accuracy == 1


def test_one_sided_labels_are_left_out_and_nothing_left_is_an_error():
    records = [record(n, f"Berg gave speech {n}.", "plain") for n in range(30)]
    with pytest.raises(SlantwiseError, match="5 sentences of each of two labels to train on; found plain 30"):
        fit_linear(records)
    with pytest.raises(SlantwiseError, match="found no labels"):
        fit_linear([record(0, "Berg spoke.")])
