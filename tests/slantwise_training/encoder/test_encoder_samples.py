"""One sample a sentence, with what it is labelled for; nothing of dev or held-out splits in training."""

from dataclasses import replace

import pytest
from tiny_encoder import SHAPE, tiny_tokenizer, toy_library, toy_recipe, toy_records, toy_texts

from slantwise.errors import SlantwiseError
from slantwise.labels import LinkLabel, SourceKind, SpanLabel, StanceLabel, Task
from slantwise.records import Document, Link, Span
from slantwise_training.encoder.batches import UNLABELLED, encode
from slantwise_training.encoder.samples import Target, gather, samples_of
from slantwise_training.recipe import Selection


def test_records_of_one_sentence_become_one_sample():
    record = toy_records()[0]
    mention = record.spans_of(SpanLabel.TARGET)[0]
    start = record.text.index("port")
    other = Span("s9", SpanLabel.TARGET, start, start + 4, "port", StanceLabel.FAVOR)
    second = replace(record, id="again", labels={}, spans=(other,), stances=(), exhaustive=())
    found = samples_of([replace(record, stances=()), second], toy_recipe().parts())
    assert len(found) == 1
    assert found[0].targets == (Target(mention.start, mention.end, 0), Target(start, start + 4, 2))
    assert found[0].tasks == {Task.HEDGING: 1, Task.LEANING: 0}
    assert set(found[0].tags) == {"hedge", "loaded"}


def test_a_topic_and_a_holder_are_second_segments():
    record = toy_records()[0]
    holder = Span("h", SpanLabel.SOURCE, 0, 9, record.text[:9], SourceKind.NAMED)
    target = record.spans_of(SpanLabel.TARGET)[0]
    held = replace(record, spans=(*record.spans, holder), links=(Link(LinkLabel.HOLDER, target.id, "h"),))
    found = samples_of([held], {"stance": toy_recipe().stance})
    assert {(s.second, s.targets) for s in found} == {
        ("Anna Berg", (Target(target.start, target.end, 0),)),
        ("tax", (Target(0, 0, 2),)),
    }


def test_labels_that_are_not_given_are_unlabelled_not_negative():
    record = replace(toy_records()[0], labels={Task.HEDGING: "hedged"}, spans=(), stances=())
    record = replace(record, exhaustive=(SpanLabel.HEDGE,))
    sample = samples_of([record], toy_recipe().parts())[0]
    encoded = encode([sample], tiny_tokenizer(), SHAPE)[0][0]
    assert list(encoded.tasks) == [1, UNLABELLED]
    assert (encoded.tags[1] == UNLABELLED).all()
    assert (encoded.tags[0] == 0).sum() == len(sample.tags["hedge"])


def test_what_is_cut_is_counted():
    shape = replace(SHAPE, max_tokens=6)
    samples = samples_of(toy_records()[:1], toy_recipe().parts())
    _, cut = encode(samples, tiny_tokenizer(), shape)
    words = len(toy_texts()[0][0].replace(".", " .").split())
    # the sentence alone keeps 4 words of each layer, its target is beyond; with the topic it carries no tags
    assert (cut.samples, cut.words, cut.targets) == (2, 2 * (words - 4), 1)


def test_a_dev_set_is_drawn_where_none_is_named_and_trains_nothing():
    # copies of the same texts in other documents must not let dev into training
    records = [replace(r, corpus="copies", doc=Document(f"c{i}")) for i, r in enumerate(toy_records())]
    library = toy_library(copies=records)
    recipe = toy_recipe()
    copies = replace(recipe.tasks[Task.LEANING], train=(Selection("copies", "train"),), dev=(Selection("toy", "dev"),))
    library._read[Selection("toy", "dev")] = []
    material = gather(replace(recipe, tasks={**recipe.tasks, Task.LEANING: copies}), library)
    dev = {s.text for each in material.dev.values() for s in each}
    train = {s.text for each in material.train.values() for s in each}
    assert len(dev) == 2
    assert dev & train == set()
    assert len(train) == len(toy_texts()) - 2
    assert library.used == {"toy:train": 22, "copies:train": 22}


def test_another_seed_draws_another_dev_set_unless_it_has_one_of_its_own():
    def dev(**seeds):
        material = gather(replace(toy_recipe(), **seeds), toy_library())
        return {s.text for each in material.dev.values() for s in each}

    first = dev(seed=1)
    assert dev(seed=2) != first
    assert dev(seed=2, dev_seed=1) == first


def test_what_one_part_holds_out_trains_no_other():
    library = toy_library(other=[replace(r, corpus="other") for r in toy_records()[:5]])
    recipe = toy_recipe()
    held = replace(recipe.stance, held_out=(Selection("other", "train"),))
    material = gather(replace(recipe, stance=held), library)
    seen = {s.text for each in (*material.train.values(), *material.dev.values()) for s in each}
    assert seen == {text for text, *_ in toy_texts()[5:]}


def test_a_part_without_examples_is_refused():
    library = toy_library()
    library._read[Selection("toy", "train")] = [
        replace(r, spans=tuple(s for s in r.spans if s.label is not SpanLabel.LOADED)) for r in toy_records()
    ]
    with pytest.raises(SlantwiseError, match=r"layers\.loaded.*no loaded"):
        gather(toy_recipe(), library)
