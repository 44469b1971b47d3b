"""The perceptron: gold spans laid over words, a toy language learned without a mistake, and the rules kept."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_sentences import labelled_sentences
from tiny_model import tiny_sentences

from slantwise.labels import HedgeKind, MentionKind, SpanLabel
from slantwise.linear.features import word_features
from slantwise.linear.tagger import viterbi
from slantwise.linear.words import Batch, split_words
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.linear import perceptron
from slantwise_training.linear.perceptron import fit_tagger, spans_of_tags, tag_set, tagged_sentence
from slantwise_training.recipe import LayerRecipe

ATTRIBUTION = LayerRecipe((SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT), (), epochs=4, min_count=1)
HEDGES = LayerRecipe((SpanLabel.HEDGE,), (), kinds=True, epochs=10, min_count=1)


def sentence(text, *spans):
    made = [Span(f"s{i}", label, a, b, text[a:b], value) for i, (label, a, b, value) in enumerate(spans)]
    return LabelledSentence("x", Document("d"), 0, text, (), spans=tuple(made))


def tags_of(text, *spans, layer=ATTRIBUTION):
    return tagged_sentence(sentence(text, *spans), layer).tags


def test_spans_cover_the_words_they_touch():
    text = "Anna Berg said it's over."
    assert tags_of(text, (SpanLabel.SOURCE, 0, 9, None), (SpanLabel.CUE, 10, 14, None)) == [
        *("B-source", "I-source", "B-cue", "O", "O", "O", "O")
    ]
    assert tags_of(text, (SpanLabel.CUE, 12, 19, None)) == ["O", "O", "B-cue", "I-cue", "I-cue", "O", "O"]
    assert tags_of(text) == ["O"] * 7
    assert tags_of("") == []


def test_of_spans_that_overlap_the_longer_keeps_the_words():
    text = "a b c d"
    whole, part, late = (SpanLabel.CONTENT, 0, 5, None), (SpanLabel.CUE, 2, 3, None), (SpanLabel.CUE, 4, 7, None)
    assert tags_of(text, part, whole) == ["B-content", "I-content", "I-content", "O"]
    assert tags_of(text, late, part) == ["O", "B-cue", "B-cue", "I-cue"]
    assert tags_of(text, whole, late) == ["B-content", "I-content", "I-content", "O"]


def test_a_span_between_words_covers_none():
    assert tags_of("a  b", (SpanLabel.CUE, 1, 2, None)) == ["O", "O"]


def test_kinds_values_and_other_layers():
    text = "may some say"
    spans = (
        (SpanLabel.HEDGE, 0, 3, HedgeKind.EPISTEMIC),
        (SpanLabel.HEDGE, 4, 8, None),
        (SpanLabel.CUE, 9, 12, None),
    )
    assert tags_of(text, *spans, layer=HEDGES) == ["B-hedge:epistemic", "B-hedge", "O"]
    assert tags_of(text, *spans, layer=LayerRecipe((SpanLabel.HEDGE,), ())) == ["B-hedge", "B-hedge", "O"]
    people = LayerRecipe((SpanLabel.MENTION,), (), values=("person",))
    spans = ((SpanLabel.MENTION, 0, 3, MentionKind.PERSON), (SpanLabel.MENTION, 4, 8, MentionKind.PLACE))
    assert tags_of(text, *spans, layer=people) == ["B-mention", "O", "O"]


@settings(max_examples=40)
@given(labelled_sentences())
def test_tags_of_any_sentence_keep_the_rules(record):
    found = tagged_sentence(record, LayerRecipe(tuple(SpanLabel), (), kinds=True))
    assert [w.text for w in found.words] == [w.text for w in split_words(record.text)]
    for before, tag in pairwise(["O", *found.tags]):
        assert tag[0] != "I" or before[2:] == tag[2:]


def test_tags_are_in_alphabetical_order_of_kinds():
    rows = [tagged_sentence(sentence("a b", (label, 0, 1, None)), ATTRIBUTION) for label in ATTRIBUTION.labels]
    assert tag_set(rows) == ("O", "B-content", "I-content", "B-cue", "I-cue", "B-source", "I-source")


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("", []),
        ("O O", []),
        ("B-a I-a O B-a", [("a", 0, 1), ("a", 3, 3)]),
        ("B-a B-a I-b", [("a", 0, 0), ("a", 1, 1), ("b", 2, 2)]),
        ("I-a I-a O I-b", [("a", 0, 1), ("b", 3, 3)]),
        ("B-x:y I-x:y", [("x:y", 0, 1)]),
    ],
)
def test_spans_of_tags(tags, spans):
    assert spans_of_tags(tags.split()) == spans


def found_by(tagger, sentences):
    batch = Batch.of([s.words for s in sentences])
    found = [[] for _ in sentences]
    for run in tagger.runs(batch, tagger.tag(batch, word_features(batch))):
        found[run.sentence].append((run.kind, run.first, run.last))
    return found


@pytest.fixture(scope="module")
def toy():
    return {layer: [tagged_sentence(s, layer) for s in tiny_sentences()] for layer in (ATTRIBUTION, HEDGES)}


@pytest.mark.parametrize("layer", [ATTRIBUTION, HEDGES])
def test_a_toy_language_is_learned_exactly(toy, layer):
    tagger = fit_tagger(toy[layer], layer, seed=13)
    assert found_by(tagger, toy[layer]) == [spans_of_tags(s.tags) for s in toy[layer]]


def test_it_reads_new_sentences_of_the_toy_language(toy):
    tagger = fit_tagger(toy[ATTRIBUTION], ATTRIBUTION, seed=13)
    (new,) = [tagged_sentence(sentence("Omar Diaz claimed rain could fall again."), ATTRIBUTION)]
    kinds = {kind: (first, last) for kind, first, last in found_by(tagger, [new])[0]}
    assert kinds["source"] == (0, 1)
    assert kinds["cue"] == (2, 2)


def test_training_is_drawn_by_seed_and_repeats(toy):
    first, again, other = (fit_tagger(toy[HEDGES], HEDGES, seed) for seed in (1, 1, 2))
    assert first.table.weights.tobytes() == again.table.weights.tobytes()
    assert first.table.weights.tobytes() != other.table.weights.tobytes()
    assert first.transitions.tobytes() == again.transitions.tobytes()


def test_weights_are_as_precise_as_on_disk_and_forbidden_steps_stay_forbidden(toy):
    tagger = fit_tagger(toy[ATTRIBUTION], ATTRIBUTION, seed=13)
    weights = tagger.table.weights
    assert (weights == weights.astype(np.float16)).all()
    assert not weights[-1].any()
    for i, before in enumerate((*tagger.tags, "")):
        for j, tag in enumerate(tagger.tags):
            forbidden = tag[0] == "I" and (before[2:] != tag[2:] or before in ("", "O"))
            assert (tagger.transitions[i, j] == -1e4) == forbidden


def test_rare_features_are_left_out(toy):
    all_of_them = fit_tagger(toy[HEDGES], HEDGES, seed=1)
    some = fit_tagger(toy[HEDGES], LayerRecipe((SpanLabel.HEDGE,), (), kinds=True, epochs=10, min_count=20), seed=1)
    assert 0 < len(some.table.hashes) < len(all_of_them.table.hashes)


def test_telling_words_become_the_lexicon():
    layer = LayerRecipe((SpanLabel.CUE, SpanLabel.SOURCE), (), lexicon=(SpanLabel.CUE,), epochs=1, min_count=1)
    cue = lambda text, word: sentence(text, (SpanLabel.CUE, text.index(word), text.index(word) + len(word), None))  # noqa: E731
    rows = [cue("Ord Said so", "Said")] * 4 + [sentence("she said it")] * 6
    rows += [cue("Ord told us", "told")] * 4
    rows += [cue("it was put", "put")] * 5 + [sentence("put it there")] * 12
    rows += [sentence("Ord left", (SpanLabel.SOURCE, 0, 3, None))] * 9
    tagger = fit_tagger([tagged_sentence(r, layer) for r in rows], layer, seed=1)
    # told: fewer than five; put: a cue in fewer than three of ten; Ord: no cue
    assert tagger.lexicon == {"said": "cue"}


@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 6))
def test_the_decoder_of_training_is_viterbi(seed, length, labels):
    rng = np.random.default_rng(seed)
    decoder = perceptron._Decoder(20, labels)
    for size in (length, 1, length):
        emissions = rng.integers(-30, 30, (size, labels)).astype(np.float32)
        transitions = rng.choice([-10000, *range(-9, 9)], (labels + 1, labels)).astype(np.float32)
        assert decoder.path(emissions, transitions).tolist() == viterbi(emissions, [(0, size)], transitions).tolist()


def test_sentences_without_words_teach_nothing(toy):
    blank = tagged_sentence(sentence(""), HEDGES)
    with_blanks = fit_tagger([blank, *toy[HEDGES], blank], HEDGES, seed=1)
    assert with_blanks.table.weights.tobytes() == fit_tagger(toy[HEDGES], HEDGES, seed=1).table.weights.tobytes()
