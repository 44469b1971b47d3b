"""Protocols train on one side and test on the other, take near-duplicates out, and say what they did."""

import json

import pytest
from keyword_model import KeywordBackend

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.labels import Lens, SpanLabel, Task
from slantwise.model_folder import Model
from slantwise.records import Document, LabelledSentence, Span
from slantwise.score import ModelName
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.protocol_report import Protocol, run_protocol
from slantwise_training.evaluation.protocols import pooled

ADJECTIVES = ("brutal", "second")
SYLLABLES = "bo ka ri lu me ta so ni po de fa gu hi ja ke lo mu na pe ro si tu va we yo za bel kor dan fir gol".split()


def model(*trained_on, **words):
    config = {"trained_on": [{"split": split} for split in trained_on]}
    return Model(KeywordBackend(**words), ModelName("ours", "f" * 64), config)


def record(n, outlet=None, text="", corpus="mine", split="all"):
    """Odd ones are plain, even ones loaded by one marked word; two sentences a document."""
    adjective = ADJECTIVES[n % 2]
    others = (SYLLABLES[(n * step) % 31] + SYLLABLES[(n * n + step) % 31] for step in range(3, 12))
    text = text or f"The {adjective} plan {' '.join(others)}."
    label = ("loaded", "plain")[n % 2]
    spans = (Span("s", SpanLabel.LOADED, 4, 10, "brutal"),) if n % 2 == 0 else ()
    return LabelledSentence(
        f"r{n}", Document(f"d{n // 2}", outlet), n, text, (Lens.WORDING,), labels={Task.WORDING: label}, spans=spans,
        exhaustive=(SpanLabel.LOADED,), corpus=corpus, split=split,
    )  # fmt: skip


RECORDS = [record(n, ("Daily", "Post", "Herald")[n // 2 % 3]) for n in range(60)]


def systems(report):
    return {system.name: system for system in report.systems}


def test_folds_train_everything_anew_and_test_every_record_once():
    said = []
    report = run_protocol(Protocol.FOLDS, model(loaded=("brutal",)), RECORDS, k=3, resamples=50, progress=said.append)
    found = systems(report)
    assert list(found) == ["ours", "linear floor", "majority", "outlet look-up", "loaded lexicon"]
    assert (report.folds, report.records) == (3, 60)
    for system in report.systems:
        assert system.all.records == 60
        assert len(system.parts) == 3
        assert system.all.measures["wording"].n == 60
        answers = system.all.measures["wording"].answers
        assert len({answer.sentence for answer in answers}) == 60
    assert found["loaded lexicon"].all.measures["loaded"].counts.exact_f1 == 1
    assert found["linear floor"].all.metric("accuracy").value == 1
    assert found["majority"].all.metric("accuracy").value <= 0.5
    assert "near-duplicates" in said
    assert any(v.startswith("wording: ours is ahead of majority by") for v in report.verdicts)


def test_a_model_that_saw_the_corpus_or_its_kin_takes_no_part_in_folds():
    report = run_protocol(Protocol.FOLDS, model("mine:train"), RECORDS, k=2, resamples=20)
    assert "ours" not in systems(report)
    assert report.left_out == ("ours: its weights have seen the sentences of mine",)
    kin = [record(n, corpus="babe_sg2") for n in range(40)]
    report = run_protocol(Protocol.FOLDS, model("babe_v2:train"), kin, k=2, resamples=20)
    assert report.left_out == ("ours: its weights have seen the sentences of babe_v2",)


def test_an_outlet_left_out_is_unknown_to_the_outlet_look_up():
    lying = [record(n, "Daily" if n % 2 else "Post") for n in range(40)]
    by_outlet = systems(run_protocol(Protocol.OUTLETS, model(), lying, resamples=20))["outlet look-up"]
    assert [name for name, _ in by_outlet.parts] == ["daily", "post"]
    assert by_outlet.all.metric("accuracy").value == 0
    in_folds = systems(run_protocol(Protocol.FOLDS, model(), lying, k=4, resamples=20))["outlet look-up"]
    assert in_folds.all.metric("accuracy").value == 1


def test_near_duplicates_are_taken_from_the_training_side_of_folds():
    same = "The brutal plan of the town was read by many people in one hour{}"
    copies = [record(n * 2, text=same.format("." if n else "!")) for n in range(4)]
    report = run_protocol(Protocol.FOLDS, model(), RECORDS + copies, k=2, resamples=20)
    (removed,) = report.removed
    assert (removed.side, removed.of) == ("training", 64)
    assert removed.count >= 1
    assert report.verdicts[0] == f"{removed.count} of 64 training records taken out: near-duplicates of the other side"


def test_zero_shot_is_refused_where_the_model_was_trained():
    with pytest.raises(AskedWrong, match="ours was not trained on; found training on mine"):
        run_protocol(Protocol.ZERO_SHOT, model("mine:train"), RECORDS)
    report = run_protocol(Protocol.ZERO_SHOT, model("babe_v2:train", loaded=("brutal",)), RECORDS, resamples=20)
    assert list(systems(report)) == ["ours", "majority"]
    assert report.removed == ()
    assert report.left_out[0].startswith("near-duplicates in babe_v2:train were not looked for")


HEADER = "text,label,synth,magpie,babe\n"
TRAIN = "text,news_link,outlet,topic,label,biased_words\n"


@pytest.fixture
def root(tmp_path):
    """A toy BABE: of four test sentences one is in train, but for its quotes."""
    folder = tmp_path / "babe_v2" / "evaluation"
    folder.mkdir(parents=True)
    rows = [
        f'"The {ADJECTIVES[n % 2]} plan of town {n} was read by people.",http://x.test/{n},daily,tax,{1 - n % 2},[]\n'
        for n in range(20)
    ]
    (folder / "babe_train_dev_annomatic.csv").write_text(TRAIN + "".join(rows), encoding="utf-8")
    tests = [
        "The ‘brutal’ plan of town 4 was read by people!,1,1,1,1\n",
        "A brutal storm took roofs from nine houses in Kelm.,1,1,1,1\n",
        "A second storm took no roofs from houses near Elsa.,0,0,0,0\n",
        "Our second guest of the evening came by train from Berg.,0,0,0,0\n",
    ]
    (folder / "babe_test_annomatic.csv").write_text(HEADER + "".join(tests), encoding="utf-8")
    return tmp_path


def test_a_published_split_is_read_with_and_without_what_is_in_train(root):
    from slantwise_training.corpora import read_corpus

    records = list(read_corpus("babe_v2", root, ("test",)))
    report = run_protocol(Protocol.PUBLISHED, model(loaded=("brutal",)), records, root=root, resamples=20)
    found = systems(report)
    assert (report.removed[0].side, report.removed[0].count, report.removed[0].of) == ("test", 1, 4)
    assert found["ours"].all.records == 4
    assert found["ours"].clean.records == 3
    assert found["linear floor"].clean.records == 3
    value = json.loads(json.dumps(report.to_json()))
    assert (value["schema"], value["protocol"]) == ("slantwise-protocol/1", "published")
    assert value["systems"][0]["without_duplicates"]["measures"]["wording"]["n"] == 3


def test_without_a_training_split_the_floors_are_left_out():
    report = run_protocol(Protocol.PUBLISHED, model(loaded=("brutal",)), RECORDS, resamples=20)
    assert list(systems(report)) == ["ours"]
    assert report.left_out == ("floors: no training split of this set is known, or no folder of corpora",)


def test_nothing_to_test_is_an_error():
    with pytest.raises(SlantwiseError, match="labelled sentences to evaluate on"):
        run_protocol(Protocol.FOLDS, model(), [])


def test_pooled_counts_are_those_of_the_whole():
    backend = KeywordBackend(loaded=("brutal", "plan"))
    whole = evaluate(backend, RECORDS, resamples=10)
    parts = [evaluate(backend, RECORDS[at : at + 15], resamples=10) for at in range(0, 60, 15)]
    found = pooled(parts)
    assert (found.records, found.documents) == (whole.records, whole.documents)
    for name, measure in whole.measures.items():
        assert found.measures[name].n == measure.n
        assert found.measures[name].counts == measure.counts
        assert found.measures[name].per_document.keys() == measure.per_document.keys()
