"""Leaks and noise, on toy records with planted ones and on the corpora's known ones."""

import pytest

from slantwise.labels import Lens, SpanLabel, StanceLabel, Task
from slantwise.records import Document, LabelledSentence, Span, Stance
from slantwise_training.acquire.check import Place, SharedDocuments, check_corpora, check_records
from slantwise_training.corpora import load_manifest

LONG = "The minister said on Monday that the harbour would open again before winter."


def record(name, text, *, corpus="toy", split="train", doc=None, label=None, stance=None, annotator="gold"):
    spans = ()
    if stance is not None:
        word, value = stance
        start = text.index(word)
        spans = (Span("t", SpanLabel.TARGET, start, start + len(word), word, StanceLabel(value)),)
    return LabelledSentence(
        id=name,
        doc=Document(doc or name),
        index=0,
        text=text,
        lenses=(Lens.WORDING,),
        labels={Task.WORDING: label} if label else {},
        spans=spans,
        corpus=corpus,
        split=split,
        annotator=annotator,
    )


def test_nothing_wrong():
    check = check_records([record("a", LONG), record("b", "Nothing of the kind was ever heard here.", split="test")])
    assert (check.overlaps, check.documents, check.noise) == ((), (), ())
    assert check.records == {Place("toy", "train"): 1, Place("toy", "test"): 1}


def test_exact_and_near_twins_across_splits():
    records = [
        record("a", LONG),
        record("b", "Quite another sentence with no twin in any other place."),
        record("c", LONG.replace("said", "SAID ,"), split="test"),
        record("d", LONG.replace("Monday", "Tuesday"), split="test"),
        record("e", "A third one that stands in test and has nobody like it.", split="test"),
    ]
    (overlap,) = check_records(records).overlaps
    assert (str(overlap.left), str(overlap.right)) == ("toy/train", "toy/test")
    assert (overlap.left_records, overlap.right_records) == (2, 3)
    assert (overlap.left_hit, overlap.right_hit) == (1, 2)
    assert (overlap.left_exact, overlap.right_exact) == (1, 1)
    assert [(t.left, t.right, t.similarity == 1) for t in overlap.examples] == [("a", "c", True), ("a", "d", False)]


def test_twins_between_corpora_are_told_from_left_to_right():
    records = [
        record("a", LONG, corpus="one"),
        record("b", LONG.replace("winter", "summer"), corpus="two", split="test"),
        record("c", LONG, corpus="three"),
    ]
    overlaps = check_records(records).overlaps
    assert {(o.left.corpus, o.right.corpus, o.right_exact) for o in overlaps} == {
        ("one", "two", 0),
        ("one", "three", 1),
        ("two", "three", 0),
    }


def test_twins_within_one_split_are_no_leak():
    assert check_records([record("a", LONG), record("b", LONG)]).overlaps == ()


def test_short_texts_are_no_leak():
    records = [record("a", "He said."), record("b", "He said.", split="test")]
    assert check_records(records).overlaps == ()
    assert len(check_records(records, least_words=2).overlaps) == 1


def test_several_annotators_of_a_record_are_one():
    records = [record("a", LONG, annotator=name, label=label) for name, label in (("x", "plain"), ("y", "loaded"))]
    records.append(record("b", LONG, split="test"))
    check = check_records(records)
    assert check.records[Place("toy", "train")] == 1
    assert check.overlaps[0].left_hit == 1
    assert check.noise == ()


def test_shared_documents_of_a_corpus_and_of_corpora_that_name_them_alike():
    records = [
        record("a", LONG, doc="d1"),
        record("b", "One more sentence of the very same document.", doc="d1", split="test"),
        record("c", LONG, doc="wikipedia-7", corpus="szeged_wiki"),
        record("d", "x", doc="wikipedia-7", corpus="conll2010_wiki", split="test"),
        record("e", "y", doc="wikipedia-7", corpus="conll2010_wiki", split="test"),
        record("f", "z", doc="d1", corpus="elsewhere"),
    ]
    toy = SharedDocuments(Place("toy", "train"), Place("toy", "test"), 1, 1, 1, ("d1",))
    wiki = SharedDocuments(Place("szeged_wiki", "train"), Place("conll2010_wiki", "test"), 1, 1, 2, ("wikipedia-7",))
    assert set(check_records(records).documents) == {toy, wiki}


def test_noise_within_and_between_corpora():
    records = [
        record("a", "Two words", label="plain"),
        record("b", "two words!", label="loaded"),
        record("c", "Agreed upon", label="plain"),
        record("d", "Agreed upon", label="plain"),
        record("e", "Two words", corpus="other", label="plain"),
    ]
    noise = check_records(records).noise
    assert {(n.task, n.left, n.right, n.shared, n.different) for n in noise} == {
        ("wording", "toy", "toy", 2, 1),
        ("wording", "toy", "other", 1, 1),
    }
    example = next(n for n in noise if n.right == "toy").examples[0]
    assert {(example.left.id, example.left.label), (example.right.id, example.right.label)} == {
        ("a", "plain"),
        ("b", "loaded"),
    }


def test_noise_of_stances_is_by_target():
    text = "Zed praised Bix."
    records = [
        record("a", text, stance=("Zed", "favor")),
        record("b", text, stance=("Bix", "against")),
        record("c", text, stance=("Bix", "favor")),
    ]
    (noise,) = check_records(records).noise
    assert (noise.task, noise.shared, noise.different) == ("stance", 1, 1)


def test_noise_of_stances_without_a_mention():
    def topic(name, value):
        sentence = record(name, "It is getting warmer.")
        return LabelledSentence(
            id=name,
            doc=sentence.doc,
            index=0,
            text=sentence.text,
            lenses=(Lens.STANCE,),
            stances=(Stance("climate policy", value),),
            corpus="toy",
        )

    (noise,) = check_records([topic("a", StanceLabel.FAVOR), topic("b", StanceLabel.NEUTRAL)]).noise
    assert (noise.task, noise.different) == ("stance", 1)


def test_examples_are_limited_and_counts_are_not():
    records = [
        record(f"{n}-{split}", f"{LONG} Number {n}.", split=split) for n in range(9) for split in ("train", "test")
    ]
    (overlap,) = check_records(records, examples=2, similarity=1.0).overlaps
    assert (overlap.right_exact, len(overlap.examples)) == (9, 2)


def test_progress_names_each_corpus(monkeypatch, tmp_path):
    monkeypatch.setattr(
        "slantwise_training.acquire.check.read_corpus", lambda name, root: iter([record(name, LONG, corpus=name)])
    )
    seen = []
    check = check_corpora(["one", "two"], tmp_path, progress=seen.append)
    assert seen == ["one", "two"]
    assert check.overlaps[0].right == Place("two", "train")


def need(*names):
    missing = [name for name in names if name not in load_manifest()]
    if missing:
        pytest.skip(f"not in the manifest: {', '.join(missing)}")


@pytest.mark.corpus
def test_known_leak_of_documents(corpora_root):
    """The two Wikipedia hedge corpora are of the same articles."""
    need("szeged_wiki", "conll2010_wiki")
    check = check_corpora(["szeged_wiki", "conll2010_wiki"], corpora_root)
    places = {(str(d.left), str(d.right)): d for d in check.documents}
    assert places["szeged_wiki/train", "conll2010_wiki/test"].documents > 1500
    texts = {(str(o.left), str(o.right)): o for o in check.overlaps}
    assert texts["szeged_wiki/train", "conll2010_wiki/test"].right_exact > 5500


@pytest.mark.corpus
def test_known_leak_of_texts(corpora_root):
    """BABE's second annotation round holds most of the re-annotated test set, with other labels on a tenth."""
    need("babe_sg2", "babe_v2")
    check = check_corpora(["babe_sg2", "babe_v2"], corpora_root)
    overlap = next(o for o in check.overlaps if str(o.right) == "babe_v2/test" and o.left.corpus == "babe_sg2")
    assert overlap.right_exact == pytest.approx(890, abs=5)
    noise = next(n for n in check.noise if n.left != n.right)
    assert 0.08 < noise.different / noise.shared < 0.12
