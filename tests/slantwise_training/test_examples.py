"""What training sees: nothing that a held-out split gives away, folds of whole documents, targets with holders."""

import pytest

from slantwise.labels import LinkLabel, SpanLabel, StanceLabel
from slantwise.reading import Reading
from slantwise.records import Document, LabelledSentence, Link, Span, Stance
from slantwise_training import examples
from slantwise_training.examples import Library, groups_of, normalised, stance_examples
from slantwise_training.recipe import Selection

LONG = "The council of Port Ellery met on Tuesday to hear the harbour master, who spoke for an hour"


def sentence(text, doc="d1", corpus="toy", split="train", **more):
    return LabelledSentence(f"{doc}#{text}", Document(doc), 0, text, (), corpus=corpus, split=split, **more)


@pytest.fixture
def library(monkeypatch, tmp_path):
    """A library of toy corpora: `library.put("toy:train", records...)`, and `library.reads` of each split."""
    splits, made = {}, Library(tmp_path)
    made.reads = []

    def read(name, root, wanted):
        assert root == tmp_path
        made.reads += [f"{name}:{split}" for split in wanted]
        return iter(splits[f"{name}:{wanted[0]}"])

    monkeypatch.setattr(examples, "read_corpus", read)
    made.put = lambda written, *records: splits.update({written: records})
    return made


TRAIN, TEST, OTHER = Selection("toy", "train"), Selection("toy", "test"), Selection("other", "test")


def test_copies_of_held_out_texts_are_dropped_and_counted(library):
    library.put("toy:train", sentence("It may rain."), sentence("It MAY rain!"), sentence("Rain fell."))
    library.put("toy:test", sentence("“It may rain”", "d9", split="test"))
    assert [r.text for r in library.training([TRAIN], (TEST,))] == ["Rain fell."]
    assert library.used == {"toy:train": 1}
    assert library.dropped == {"toy:train": 2}


def test_documents_held_out_in_another_corpus_are_dropped(library):
    library.put("toy:train", sentence("One."), sentence("Two.", "d2"))
    library.put("other:test", sentence("Other words.", "d1", corpus="other"))
    assert [r.text for r in library.training([TRAIN], (OTHER,))] == ["Two."]


def test_documents_cut_by_their_own_corpus_stay(library):
    library.put("toy:train", sentence("One."), sentence("Two."))
    library.put("toy:test", sentence("Three.", "d1", split="test"))
    assert len(library.training([TRAIN], (TEST,))) == 2
    library.put("other:test", sentence("Four.", "d1", corpus="other"))
    assert library.training([TRAIN], (TEST, OTHER)) == []


def test_nothing_is_dropped_where_nothing_is_held_out(library):
    library.put("toy:train", sentence("One."), sentence("One."))
    assert len(library.training([TRAIN], ())) == 2
    assert library.dropped == {"toy:train": 0}


def test_a_split_is_read_once_and_as_it_is_for_dev(library):
    library.put("toy:train", sentence("One."))
    library.put("toy:test", sentence("One.", split="test"))
    for _ in range(2):
        library.training([TRAIN], (TEST,))
        assert [r.split for r in library.records([TEST, TRAIN])] == ["test", "train"]
    assert sorted(library.reads) == ["toy:test", "toy:train"]


def test_counts_are_over_all_parts(library):
    library.put("toy:train", sentence("One."), sentence("Two."), sentence("Three."))
    library.put("toy:test", sentence("One."), sentence("Two."))
    library.put("other:test", sentence("One.", "x", corpus="other"))
    library.training([TRAIN], (OTHER,))
    library.training([TRAIN], (TEST,))
    assert library.used == {"toy:train": 2}
    assert library.dropped == {"toy:train": 1}


def test_copies_are_told_by_letters_and_digits():
    assert normalised("“It’s  5 p.m.,” she SAID") == normalised("it's 5 PM, she said") == "its5pmshesaid"
    assert normalised("…") == ""


def test_a_group_is_a_document_with_its_copies():
    records = [
        sentence("One.", "d1"),
        sentence(LONG, "d1"),
        sentence(LONG.upper() + "!", "d2", corpus="other"),
        sentence("Two.", "d2", corpus="other"),
        sentence("Three.", "d3"),
        sentence(LONG.replace("an hour", "two"), "d4"),
    ]
    groups = groups_of(records)
    assert len(set(groups[:4])) == 1
    assert len(set(groups)) == 3


def test_documents_are_tied_through_others():
    texts = [LONG + f" about item {i}" for i in range(3)]
    chain = [("a", 0), ("b", 0), ("b", 1), ("c", 1), ("c", 2), ("d", 2)]
    records = [sentence(texts[i], doc) for doc, i in chain]
    assert len(set(groups_of(records))) == 1
    assert len(set(groups_of(records[::-1]))) == 1
    assert len(set(groups_of([*records[:3], *records[4:]]))) == 2


def test_short_texts_tie_nothing_and_a_document_is_one_in_every_corpus():
    records = [sentence("Read more.", "d1"), sentence("Read more.", "d2"), sentence("…", "d3"), sentence("…", "d4")]
    assert len(set(groups_of(records))) == 4
    assert len(set(groups_of([sentence("One.", "d1"), sentence("Two.", "d1", corpus="other")]))) == 1
    assert groups_of([]) == []


TEXT = "Omar Diaz praised Anna Berg."


def span(name, label, surface, value=None):
    start = TEXT.index(surface)
    return Span(name, label, start, start + len(surface), surface, value)


def test_targets_come_with_their_holder_and_topics_by_name():
    record = sentence(
        TEXT,
        spans=(
            span("s", SpanLabel.SOURCE, "Omar Diaz"),
            span("t1", SpanLabel.TARGET, "Anna Berg", StanceLabel.FAVOR),
            span("t2", SpanLabel.TARGET, "Omar", StanceLabel.AGAINST),
            span("t3", SpanLabel.TARGET, "Anna"),
        ),
        links=(Link(LinkLabel.HOLDER, "t1", "s"), Link(LinkLabel.HOLDER, "t2", "elsewhere")),
        stances=(Stance("tax", StanceLabel.NEUTRAL, holder="s"), Stance("coal", StanceLabel.AGAINST)),
    )
    reading = Reading(TEXT, {}, ())
    found = stance_examples([record, sentence("Nothing.")], [reading, Reading("Nothing.", {}, ())])
    assert [(e.mention.name, e.mention.start, e.mention.end, e.mention.holder, e.label) for e in found] == [
        ("Omar", 0, 4, None, 0),
        ("Anna Berg", 18, 27, (0, 9), 2),
        ("tax", 0, 0, (0, 9), 1),
        ("coal", 0, 0, None, 0),
    ]
    assert all(e.mention.reading is reading and e.record is record for e in found)


def test_every_record_needs_its_reading():
    with pytest.raises(ValueError, match="zip"):
        stance_examples([sentence("One.")], [])
