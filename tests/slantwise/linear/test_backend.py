"""The linear backend: every part answers, and a sentence is read alike in any company."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_sentences import AWKWARD
from tiny_model import tiny_backend, tiny_sentences

from slantwise.labels import HedgeKind, SpanLabel, Task
from slantwise.linear.backend import Inferred, LinearBackend
from slantwise.linear.classify import Classifier, View
from slantwise.linear.table import WeightTable
from slantwise.reading import Decision, Reading, TargetMention


@pytest.fixture(scope="module")
def backend():
    tiny = tiny_backend()
    vague = Inferred("hedges", 0.05, -1.5)
    return replace(
        tiny,
        inferred={Task.VAGUENESS: vague},
        stances={**tiny.stances, View.TOPIC: tiny.stances[View.MENTION]},
        decisions={**tiny.decisions, Task.VAGUENESS: Decision(0.4, 0.1)},
    )


def bits(reading):
    """Everything of a reading, to the bit."""
    return reading.text, {task: p.tobytes() for task, p in reading.tasks.items()}, reading.spans, reading.state


def test_a_sentence_is_read_by_every_part(backend):
    (reading,) = backend.read(["Anna Berg said the plan may fail."])
    found = {(s.label, reading.text[s.start : s.end], s.value) for s in reading.spans}
    assert (SpanLabel.HEDGE, "may", HedgeKind.EPISTEMIC) in found
    assert (SpanLabel.CUE, "said", None) in found
    assert {SpanLabel.SOURCE, SpanLabel.CONTENT} <= {label for label, _, _ in found}
    assert [s.start for s in reading.spans] == sorted(s.start for s in reading.spans)
    assert set(reading.tasks) == {Task.HEDGING, Task.WORDING, Task.VAGUENESS}
    assert all(p.dtype == np.float32 and p.sum() == pytest.approx(1, abs=1e-6) for p in reading.tasks.values())
    assert reading.tasks[Task.HEDGING][1] > 0.5 > reading.tasks[Task.WORDING][1]


def test_an_inferred_task_is_as_sure_as_its_layer(backend):
    sure, plain, blank = backend.read(["The plan may fail.", "Rain fell over the harbour all night.", ""])
    assert sure.tasks[Task.VAGUENESS][1] > plain.tasks[Task.VAGUENESS][1] > blank.tasks[Task.VAGUENESS][1]
    assert blank.tasks[Task.VAGUENESS].tolist() == pytest.approx([1, 0])


def test_steep_sigmoids_overflow_in_silence(backend):
    steep = replace(backend, inferred={Task.VAGUENESS: Inferred("hedges", 50.0, 0.0)})
    assert steep.read([""])[0].tasks[Task.VAGUENESS].tolist() == [1, 0]


def test_no_sentences_and_sentences_without_words(backend):
    assert backend.read([]) == []
    for reading in backend.read(["", " \n\t"]):
        assert reading.spans == ()
        assert reading.state == ()
    assert backend.stance([]).shape == (0, 3)


def test_a_reading_is_the_same_alone_in_any_batch_and_order(backend):
    texts = ["", "x", *(s.text for s in tiny_sentences())][:60]
    texts += [" ".join(texts[2:40]), "“Vile” " * 40, "\ud800 \x00", "1"]
    alone = {text: bits(backend.read([text])[0]) for text in texts}
    rng = random.Random(7)
    for size in (len(texts), 7, 2):
        rng.shuffle(texts)
        for at in range(0, len(texts), size):
            for reading in backend.read(texts[at : at + size]):
                assert bits(reading) == alone[reading.text]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([*AWKWARD, " may ", " said", "Anna Berg", "brutal"]), max_size=6).map("".join),
        max_size=4,
    )
)
def test_any_text_is_read(backend, texts):
    for text, reading in zip(texts, backend.read(texts), strict=True):
        assert reading.text == text
        assert bits(reading) == bits(backend.read([text])[0])
        for span in reading.spans:
            assert 0 <= span.start < span.end <= len(text)
            assert 0 <= span.p <= 1
        for label in SpanLabel:
            own = reading.spans_of(label)
            assert all(a.end <= b.start for a, b in pairwise(own))


def mention_of(backend, text, target, holder=None):
    (reading,) = backend.read([text])
    start = text.index(target)
    held = None if holder is None else (text.index(holder), text.index(holder) + len(holder))
    return TargetMention(reading, start, start + len(target), target, held)


def test_stances_come_from_the_classifier_of_their_view(backend):
    against = mention_of(backend, "The brutal Omar Diaz left.", "Omar Diaz")
    favor = mention_of(backend, "The heroic Omar Diaz left.", "Omar Diaz")
    held = mention_of(backend, "Anna Berg met the heroic Omar Diaz.", "Omar Diaz", "Anna Berg")
    topic = TargetMention(against.reading, 0, 0, "tax")
    p = backend.stance([topic, against, favor, held, against])
    assert p.argmax(axis=1).tolist() == [1, 0, 2, 2, 0]
    assert p[1].tobytes() == p[4].tobytes() == backend.stance([against])[0].tobytes()


def test_a_view_that_was_not_trained_is_answered_as_a_mention(backend):
    held = mention_of(backend, "Anna Berg met the heroic Omar Diaz.", "Omar Diaz", "Anna Berg")
    assert View.HELD not in backend.stances
    assert backend.stance([held]).argmax() == 2
    assert replace(backend, stances={}).stance([held]).tolist() == [[0, 1, 0]]
    assert not replace(backend, stances={}).has_stance


def test_a_reading_of_another_family_has_its_words_split_again(backend):
    ours = mention_of(backend, "The brutal Omar Diaz left.", "Omar Diaz")
    theirs = replace(ours, reading=Reading(ours.reading.text, {}, (), state=object()))
    assert backend.stance([theirs]).tolist() == backend.stance([ours]).tolist()


def test_it_knows_which_spans_it_finds(backend):
    assert backend.span_labels == set(SpanLabel) - {SpanLabel.TARGET, SpanLabel.EVENT}
    assert replace(backend, taggers={}, inferred={}).span_labels == frozenset()
    assert replace(backend, taggers={}, inferred={}).read(["may"])[0].spans == ()


def test_saved_and_loaded_it_reads_the_same_to_the_bit(backend, tmp_path):
    config, calibration = backend.save(tmp_path)
    again = LinearBackend.load(tmp_path, config, calibration)
    texts = [s.text for s in tiny_sentences()]
    assert [bits(r) for r in again.read(texts)] == [bits(r) for r in backend.read(texts)]
    assert (again.decisions, again.inferred, again.stance_margin) == (
        backend.decisions,
        backend.inferred,
        backend.stance_margin,
    )
    assert set(again.stances) == set(backend.stances)


def three_columns(backend):
    table = WeightTable(np.zeros(0, np.uint32), np.zeros((1, 4), np.float32))
    return Classifier(table, *(np.zeros(3, np.float32) for _ in range(3)))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda b: {"classifiers": {Task.HEDGING: three_columns(b)}}, "columns of hedging"),
        (lambda b: {"classifiers": {Task.LEANING: b.classifiers[Task.HEDGING]}}, "columns of leaning"),
        (lambda b: {"stances": {View.HELD: b.classifiers[Task.HEDGING]}}, r"columns of stance\.held"),
        (lambda b: {"inferred": {Task.VAGUENESS: Inferred("hedgerow", 1.0, 0.0)}}, "'hedgerow'"),
        (lambda b: {"inferred": {Task.HEDGING: Inferred("hedges", 1.0, 0.0)}}, "two answers to hedging"),
        (lambda b: {"taggers": {**b.taggers, "wording": b.taggers["loaded"]}}, "name of another part: wording"),
        (lambda b: {"ngrams": 0}, "n-grams of 0"),
        (lambda b: {"ngrams": 10**9}, "n-grams of 1000000000"),
        (lambda b: {"ngrams": 2.0}, r"n-grams of 2\.0"),
    ],
)
def test_parts_that_contradict_each_other(backend, change, match):
    with pytest.raises(ValueError, match=match):
        replace(backend, **change(backend))
