"""Tagging: the best of all tag sequences, under the BIO rules, and the spans and probabilities read off it."""

from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slantwise.labels import HedgeKind, SpanLabel
from slantwise.linear.features import word_features
from slantwise.linear.hashing import hash_features
from slantwise.linear.table import WeightTable
from slantwise.linear.tagger import Tagger, parse_kind, viterbi
from slantwise.linear.words import Batch, split_words
from slantwise_training.linear.perceptron import spans_of_tags

TAGS = ("O", "B-cue", "I-cue", "B-source", "I-source")
FORBIDDEN = -1e4


def bio(tags):
    """Transitions of zero, and forbidden ones."""
    table = np.zeros((len(tags) + 1, len(tags)), np.float32)
    for i, before in enumerate((*tags, "")):
        for j, tag in enumerate(tags):
            if tag[0] == "I" and before not in (tag, "B" + tag[1:]):
                table[i, j] = FORBIDDEN
    return table


def score(path, emissions, transitions):
    steps = zip([len(transitions) - 1, *path], path, strict=False)
    return sum(float(emissions[i, tag]) for i, tag in enumerate(path)) + sum(float(transitions[i, j]) for i, j in steps)


def tagger_of(weights, lexicon=None, calibration=None, tags=TAGS):
    """A tagger whose features weigh what they are given: feature -> tag -> weight."""
    hashes = hash_features(weights)
    rows = np.array([[row.get(tag, 0) for tag in tags] for row in weights.values()], np.float32)[np.argsort(hashes)]
    table = WeightTable(np.sort(hashes), np.vstack((rows, np.zeros((1, len(tags)), np.float32))))
    return Tagger(tags, table, bio(tags), lexicon or {}, calibration or {})


def distance_of(i, j):
    return abs(i - j)


def batch_of(*texts):
    return Batch.of([split_words(text) for text in texts])


whole = st.integers(-9, 9).map(float)


@given(st.data())
def test_viterbi_finds_the_best_of_all_sequences(data):
    labels = data.draw(st.integers(1, 4))
    lengths = data.draw(st.lists(st.integers(0, 5), max_size=5))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    emissions = rng.integers(-3, 4, (sum(lengths), labels)).astype(np.float32)
    transitions = rng.integers(-3, 4, (labels + 1, labels)).astype(np.float32)
    ends = np.cumsum(lengths, dtype=int).tolist()
    bounds = [(end - length, end) for end, length in zip(ends, lengths, strict=True)]
    path = viterbi(emissions, bounds, transitions)
    assert path.shape == (sum(lengths),)
    for first, last in bounds:
        own = emissions[first:last]
        best = max(score(p, own, transitions) for p in product(range(labels), repeat=last - first))
        assert score(path[first:last].tolist(), own, transitions) == best
        # ties are broken alike in any batch
        assert path[first:last].tolist() == viterbi(own, [(0, last - first)], transitions).tolist()


def test_viterbi_of_nothing():
    assert viterbi(np.zeros((0, 3), np.float32), [], np.zeros((4, 3), np.float32)).tolist() == []
    assert viterbi(np.zeros((0, 3), np.float32), [(0, 0)], np.zeros((4, 3), np.float32)).tolist() == []


@given(st.integers(0, 10**6), st.integers(1, 30))
def test_an_inside_tag_never_follows_another_kind(seed, length):
    rng = np.random.default_rng(seed)
    emissions = rng.normal(0, 300, (length, len(TAGS))).astype(np.float32)
    emissions[:, [2, 4]] += 400
    path = viterbi(emissions, [(0, length)], bio(TAGS))
    tags = [TAGS[i] for i in path]
    for before, tag in zip(["O", *tags], tags, strict=False):
        assert tag[0] != "I" or before in (tag, "B" + tag[1:])


CUE = {"w=said": {"B-cue": 9}, "w=according": {"B-cue": 9}, "p1=according": {"I-cue": 5}}
SOURCE = {"sh=Xx": {"B-source": 2}, "psh=Xx Xx": {"I-source": 5}}


def test_spans_in_each_sentence():
    tagger = tagger_of(CUE | SOURCE, calibration={"cue": (1.0, 0.0), "source": (0.0, 1.0)})
    batch = batch_of("Anna Berg said so.", "", "rain fell", "according to Omar Diaz, Cy said yes")
    found = tagger.spans(batch, tagger.tag(batch, word_features(batch)))
    texts = ["Anna Berg said so.", "", "rain fell", "according to Omar Diaz, Cy said yes"]
    shown = [[(s.label, text[s.start : s.end]) for s in spans] for text, spans in zip(texts, found, strict=True)]
    assert shown == [
        [("source", "Anna Berg"), ("cue", "said")],
        [],
        [],
        [("cue", "according to"), ("source", "Omar Diaz"), ("source", "Cy"), ("cue", "said")],
    ]
    assert found[0][1].p == pytest.approx(1 / (1 + np.exp(-9)))
    assert found[0][0].p == pytest.approx(1 / (1 + np.exp(-1)))
    assert all(span.value is None for spans in found for span in spans)


def test_a_span_that_ends_a_sentence_does_not_run_into_the_next():
    tagger = tagger_of({"1": {"I-cue": 1, "B-cue": 1}})
    batch = batch_of("a b", "c d e", "f")
    runs = tagger.runs(batch, tagger.tag(batch, word_features(batch)))
    assert {(run.sentence, run.kind) for run in runs} == {(0, "cue"), (1, "cue"), (2, "cue")}
    assert [run.first for run in runs if run.sentence == 2] == [0]


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from(range(len(TAGS))), max_size=6), max_size=5))
def test_runs_are_the_spans_of_the_tags_even_of_tags_that_break_the_rules(paths):
    batch = batch_of(*(" ".join("x" * len(path)) for path in paths))
    path = np.array([tag for row in paths for tag in row], dtype=np.intp)
    tagger = tagger_of(CUE)
    tagged = tagger.tag(batch, word_features(batch))
    runs = tagger.runs(batch, type(tagged)(path, tagged.margins, tagged.evidence))
    expected = [(i, *span) for i, row in enumerate(paths) for span in spans_of_tags([TAGS[tag] for tag in row])]
    assert [(run.sentence, run.kind, run.first, run.last) for run in runs] == expected


def test_margins_and_evidence():
    tagger = tagger_of({"w=may": {"O": 1, "B-cue": 4, "I-cue": 2}, "w=it": {"O": 5, "B-cue": 2}})
    batch = batch_of("it may", "", "it", "rain")
    tagged = tagger.tag(batch, word_features(batch))
    assert tagged.margins.tolist() == [3, 2, 3, 0]
    assert tagged.evidence.tolist() == [3, -1000, -3, 0]
    assert [run.margin for run in tagger.runs(batch, tagged)] == [2]


def test_kinds_become_labels_with_values():
    tags = ("O", "B-hedge", "I-hedge", "B-hedge:vague", "I-hedge:vague")
    tagger = tagger_of({"w=some": {"B-hedge:vague": 1}, "w=may": {"B-hedge": 1}}, tags=tags)
    batch = batch_of("some may")
    (spans,) = tagger.spans(batch, tagger.tag(batch, word_features(batch)))
    assert [(s.label, s.value) for s in spans] == [(SpanLabel.HEDGE, HedgeKind.VAGUE), (SpanLabel.HEDGE, None)]
    assert parse_kind("hedge:doxastic") == (SpanLabel.HEDGE, HedgeKind.DOXASTIC)


@pytest.mark.parametrize("kind", ["hedgehog", "hedge:", "hedge:shy", "cue:said", ""])
def test_kinds_that_are_none(kind):
    with pytest.raises(ValueError, match=r"no values|not a valid"):
        parse_kind(kind)


def test_lexicon_features_tell_the_nearest_telling_word_on_each_side():
    tagger = tagger_of(CUE, lexicon={"said": "cue", "told": "source"})
    texts = ["a said b c d e f g told h", "x", "told said told"]
    found = tagger.features(batch_of(*texts))
    expected = []
    for text in texts:
        words = text.split()
        at = {i: tagger.lexicon[w] for i, w in enumerate(words) if w in tagger.lexicon}

        def near(i, others, at=at):
            if not others:
                return ""
            other = min(others, key=partial(distance_of, i))
            distance = distance_of(i, other)
            return f"{at[other]} {1 if distance == 1 else 2 if distance <= 3 else 4 if distance <= 6 else 7}"

        for i, word in enumerate(words):
            left, right = near(i, [j for j in at if j < i]), near(i, [j for j in at if j > i])
            row = [f"lk={at.get(i, '')}", f"ll={left}", f"lr={right}", f"lb={left} {right}"]
            expected.append(hash_features([*row, f"llw={left} {word}", f"lrw={right} {word}"]).tolist())
    assert found.T.tolist() == expected


def test_without_a_lexicon_the_features_say_so():
    found = tagger_of(CUE).features(batch_of("a"))
    assert found[:, 0].tolist() == hash_features(["lk=", "ll=", "lr=", "lb= ", "llw= a", "lrw= a"]).tolist()


TABLE = WeightTable(np.zeros(0, np.uint32), np.zeros((1, 3), np.float32))
THREE = ("O", "B-cue", "I-cue")


@pytest.mark.parametrize(
    ("tags", "transitions", "lexicon", "calibration"),
    [
        (("B-cue", "I-cue", "O"), bio(THREE), {}, {}),
        (("O", "I-cue", "B-cue"), bio(THREE), {}, {}),
        (("O", "B-frog", "I-frog"), bio(THREE), {}, {}),
        (TAGS, bio(TAGS), {}, {}),
        (THREE, bio(TAGS), {}, {}),
        (THREE, bio(THREE) * np.nan, {}, {}),
        (THREE, bio(THREE), {"said": 3}, {}),
        (THREE, bio(THREE), {}, {"cue": (1.0, np.inf)}),
    ],
)
def test_parts_that_contradict_each_other(tags, transitions, lexicon, calibration):
    with pytest.raises(ValueError, match=r"tags|columns|lexicon|transitions|SpanLabel"):
        Tagger(tags, TABLE, transitions, lexicon, calibration)
