"""People beside the model, on the very questions that they answered."""

from dataclasses import replace

import pytest

from slantwise.labels import Lens, SpanLabel, StanceLabel, Task
from slantwise.records import Document, LabelledSentence, Span, Stance
from slantwise_training.evaluation.ceiling import corpus_votes, humans_of, key_of, votes_of, votes_on
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.floors import LexiconBackend, MajorityBackend


def labelled(n, label, who="gold"):
    text = f"A vile deal, number {n}" if label == "loaded" else f"A small deal, number {n}"
    spans = (Span("w", SpanLabel.LOADED, 2, 6, "vile"),) if label == "loaded" else ()
    return LabelledSentence(
        str(n), Document(f"d{n}"), n, text, (Lens.WORDING,), {Task.WORDING: label}, spans,
        exhaustive=(SpanLabel.LOADED,), annotator=who,
    )  # fmt: skip


GOLD = [labelled(n, "loaded" if n % 2 else "plain") for n in range(20)]


def voted(n, label, who):
    """The same sentence in other punctuation, with another label."""
    text = GOLD[n].text.replace(",", " -").upper()
    return LabelledSentence(f"x{n}", Document("y"), 0, text, (), {Task.WORDING: label}, annotator=who)


def test_people_and_model_are_compared_where_people_voted():
    model = evaluate(LexiconBackend(SpanLabel.LOADED).fit(GOLD), GOLD, resamples=100)
    votes = votes_of([voted(n, "loaded", "a crowd") for n in range(10)], "a crowd")
    (human,) = humans_of(model, [votes])
    assert (human.who, human.measure, human.metric, human.n) == ("a crowd", "wording", "macro_f1", 10)
    assert human.people.value == pytest.approx((0 + 2 / 3) / 2)  # it calls everything loaded, half is
    assert human.model.value == 1.0
    assert human.ahead.value == pytest.approx(2 / 3)
    assert human.to_json()["ahead"]["p"] == human.ahead.p


def test_people_who_mark_spans_are_compared_by_spans():
    """Two readers of the first ten sentences: one marks what is gold, one a word more than that."""
    model = evaluate(MajorityBackend().fit(GOLD), GOLD, resamples=50)
    found = evaluate(LexiconBackend(SpanLabel.LOADED).fit(GOLD), GOLD, resamples=50)
    wide = [
        replace(each, spans=tuple(Span("w", SpanLabel.LOADED, 0, 6, "A vile") for _ in each.spans))
        for each in GOLD[:10]
    ]
    votes = votes_of([*GOLD[:10], *wide], "two readers")
    (human,) = [human for human in humans_of(found, [votes]) if human.measure == "loaded"]
    assert (human.metric, human.n, human.documents) == ("span_exact_f1", 20, 10)
    assert (human.people.value, human.model.value) == (0.5, 1.0)
    assert human.ahead.value == 0.5
    assert [human.measure for human in humans_of(model, [votes])] == ["wording"]
    moved = [replace(each, text=each.text + " ") for each in GOLD[:10]]
    assert [human.measure for human in humans_of(found, [votes_of(moved, "Anna")])] == ["wording"]


def test_what_stands_below_every_article_was_read_where_it_was_read():
    def record(doc, who="gold", marked=True):
        spans = (Span("w", SpanLabel.LOADED, 0, 4, "Vile"),) if marked else ()
        return LabelledSentence(
            f"{doc}#0", Document(doc), 0, "Vile comments are deleted", (Lens.WORDING,), {Task.WORDING: "loaded"},
            spans, exhaustive=(SpanLabel.LOADED,), annotator=who,
        )  # fmt: skip

    gold = [record("a"), record("b")]
    model = evaluate(LexiconBackend(SpanLabel.LOADED).fit(gold), gold, resamples=20)
    second = [record("b", "Anna", marked=False)]
    apart, alike = votes_of(second, "Anna", by_words=False), votes_of(second, "Anna")
    assert {(human.measure, human.n) for human in humans_of(model, [apart])} == {("wording", 1), ("loaded", 1)}
    assert {(human.measure, human.n) for human in humans_of(model, [alike])} == {("wording", 2), ("loaded", 2)}
    # what is said of the very record outranks the same words elsewhere
    both = votes_of([*second, record("a", "Anna")], "Anna")
    assert [human.people.value for human in humans_of(model, [both]) if human.measure == "loaded"] == [2 / 3]


def test_whether_a_sentence_attributes_is_a_vote_too():
    def record(who, *spans):
        marked = tuple(Span(str(n), label, 0, 4, "They") for n, label in enumerate(spans))
        return LabelledSentence(
            "1", Document("d"), 0, "They pay", (Lens.ATTRIBUTION,), spans=marked,
            exhaustive=(SpanLabel.SOURCE, SpanLabel.CUE), annotator=who,
        )  # fmt: skip

    votes = votes_of([record("a", SpanLabel.SOURCE), record("b"), record("c", SpanLabel.CUE)], "three readers")
    assert votes.votes["attribution"][key_of("They pay")] == ("attributed", "unattributed", "attributed")
    gold = [record("gold", SpanLabel.SOURCE)]
    model = evaluate(LexiconBackend(SpanLabel.SOURCE).fit(gold * 2), gold, resamples=20)
    measures = {human.measure: human.people.value for human in humans_of(model, [votes])}
    assert measures["attribution"] == pytest.approx(2 * 2 / (2 * 2 + 1))
    assert measures["source"] == pytest.approx(2 / (2 + 2))


def test_votes_of_strangers_are_nobodys():
    model = evaluate(MajorityBackend().fit(GOLD), GOLD, resamples=20)
    other = LabelledSentence("z", Document("y"), 0, "Another sentence", (), {Task.WORDING: "plain"})
    assert humans_of(model, [votes_of([other], "a crowd")]) == []


def test_votes_on_an_error_are_told_in_words():
    model = evaluate(MajorityBackend().fit(GOLD), GOLD, resamples=20)
    answer = model.measures["wording"].answers[1]
    many = votes_of([voted(1, label, "a crowd") for label in ("loaded", "plain", "loaded")], "a crowd")
    one = votes_of([voted(1, "plain", "Anna")], "Anna")
    assert votes_on(answer, "wording", [many, one]) == ["a crowd: 2 loaded, 1 plain", "Anna: plain"]
    assert votes_on(model.measures["wording"].answers[0], "wording", [many]) == []


def test_stances_are_told_apart_by_their_target():
    def record(value, target):
        return LabelledSentence("1", Document("d"), 0, "They pay", (), stances=(Stance(target, value),))

    gold = [record(StanceLabel.AGAINST, "tax")]
    model = evaluate(MajorityBackend().fit(gold), gold, resamples=20)
    votes = votes_of([record(StanceLabel.FAVOR, "tax"), record(StanceLabel.AGAINST, "road")], "Anna")
    assert votes_on(model.measures["stance"].answers[0], "stance", [votes]) == ["Anna: favor"]


def test_a_corpus_without_votes_has_none(tmp_path):
    assert corpus_votes("polnear", tmp_path) == []
    assert corpus_votes("babe_v2", tmp_path) == []  # the crowd's corpus is not here


@pytest.mark.corpus
def test_the_votes_of_corpora(corpora_root):
    crowd, experts = corpus_votes("babe_v2", corpora_root)
    assert (crowd.who, experts.who) == ("a crowd, MBIC", "eight experts, BABE SG1")
    assert len(crowd.votes["wording"]) > 1500
    (raters,) = corpus_votes("gwsd", corpora_root)
    assert {len(votes) for votes in raters.votes["stance"].values()} <= {8, 16}
    (further,) = corpus_votes("polnear", corpora_root)
    assert further.spans.keys() == {"source", "cue", "content"}
    assert {len(readings) for readings in further.spans["cue"].values()} == {4, 5}
