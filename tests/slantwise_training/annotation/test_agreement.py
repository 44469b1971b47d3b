import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_sentences import earlier_sentence, wire_sentence

from slantwise.errors import AskedWrong
from slantwise.labels import HedgeKind, Lens, LinkLabel, SourceKind, SpanLabel, StanceLabel, Task
from slantwise.records import Document, LabelledSentence, Link, Span, Stance
from slantwise_training.annotation.agreement import Overlap, agreement, cohen_kappa, krippendorff_alpha


def sentence(text, number=0, spans=(), **more):
    """Spans as (label, surface) or (label, surface, value)."""
    made = []
    for i, (label, surface, *value) in enumerate(spans):
        start = text.index(surface)
        made.append(Span(f"{number}.{i}", label, start, start + len(surface), surface, value[0] if value else None))
    settings = {"lenses": tuple(Lens), "exhaustive": tuple(SpanLabel), **more}
    return LabelledSentence(f"d#{number}", Document("d"), number, text, spans=tuple(made), **settings)


def hedging(answers):
    return [sentence("Rain may fall.", i, labels={Task.HEDGING: answer}) for i, answer in enumerate(answers)]


def test_kappa_of_a_worked_example():
    # 50 proposals: both yes 20, both no 15, split 5 and 10. Observed 0.7; expected 0.5 * 0.6 + 0.5 * 0.4 = 0.5
    assert cohen_kappa(np.array([[20, 5], [10, 15]])) == pytest.approx(0.4)


def test_alpha_of_a_worked_example():
    # 10 items: 0/0 five times, 1/1 once, 0/1 three times, 1/0 once. Of the 20 values 14 are 0 and 6 are 1.
    # Disagreeing values 8; alpha = 1 - 19 * 8 / (2 * 14 * 6)
    assert krippendorff_alpha(np.array([[5, 3], [1, 1]])) == pytest.approx(1 - 152 / 168)


def test_three_labels_by_hand():
    # rows 4, 3, 3; columns 3, 4, 3; trace 7. Expected (12 + 12 + 9) / 100 = 0.33: kappa = 0.37 / 0.67
    # values 7, 7, 6 of 20; disagreeing 6: alpha = 1 - 19 * 6 / (400 - 49 - 49 - 36)
    table = np.array([[3, 1, 0], [0, 2, 1], [0, 1, 2]])
    assert cohen_kappa(table) == pytest.approx(0.37 / 0.67)
    assert krippendorff_alpha(table) == pytest.approx(1 - 114 / 266)


@pytest.mark.parametrize("table", [np.zeros((2, 2), dtype=int), np.array([[7, 0], [0, 0]])])
def test_agreement_by_necessity_is_undefined(table):
    assert math.isnan(cohen_kappa(table))
    assert math.isnan(krippendorff_alpha(table))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=30))
def test_kappa_is_that_of_scikit_learn(answers):
    from sklearn.metrics import cohen_kappa_score, confusion_matrix

    first, second = zip(*answers, strict=True)
    table = confusion_matrix(first, second, labels=list("abc"))
    if len(set(first + second)) > 1:
        assert cohen_kappa(table) == pytest.approx(cohen_kappa_score(first, second))


def test_tasks_count_where_both_answered():
    first = hedging(["hedged", "hedged", "asserted", "asserted"])
    second = [*hedging(["hedged", "asserted", "asserted"]), sentence("Rain may fall.", 3), sentence("New.", 9)]
    result = agreement(first, second)
    assert (result.sentences, result.only_first, result.only_second) == (4, 0, 1)
    hedge = result.tasks[Task.HEDGING]
    assert hedge.labels == ("asserted", "hedged")
    assert hedge.counts == ((1, 0), (1, 1))
    assert (hedge.n, hedge.raw) == (3, pytest.approx(2 / 3))
    assert hedge.kappa == pytest.approx((2 / 3 - 4 / 9) / (5 / 9))
    assert result.tasks[Task.WORDING].n == 0
    assert math.isnan(result.tasks[Task.WORDING].raw)


def test_spans_by_hand():
    text = "Some say the raging regime may fall ."  # eight tokens
    first = sentence(text, spans=[(SpanLabel.LOADED, "raging regime"), (SpanLabel.LOADED, "fall")])
    second = sentence(
        text, spans=[(SpanLabel.LOADED, "regime"), (SpanLabel.LOADED, "fall"), (SpanLabel.LOADED, "Some")]
    )
    loaded = agreement([first], [second]).spans[SpanLabel.LOADED]
    assert loaded.exact == Overlap(2, 3, 1)
    assert loaded.exact.f1 == pytest.approx(0.4)
    assert loaded.overlapping == Overlap(2, 3, 2)
    assert loaded.overlapping.f1 == pytest.approx(0.8)
    assert loaded.tokens.counts == ((4, 1), (1, 2))
    # expected (5 * 5 + 3 * 3) / 64
    assert loaded.tokens.kappa == pytest.approx((6 / 8 - 34 / 64) / (30 / 64))
    assert loaded.values is None


def test_one_span_pairs_with_one():
    text = "the raging brutal regime"
    first = sentence(text, spans=[(SpanLabel.LOADED, "raging brutal regime")])
    second = sentence(text, spans=[(SpanLabel.LOADED, "raging"), (SpanLabel.LOADED, "regime")])
    assert agreement([first], [second]).spans[SpanLabel.LOADED].overlapping == Overlap(1, 2, 1)


def test_as_many_spans_pair_as_can():
    text = "abcdefgh"
    first = sentence(text, spans=[(SpanLabel.LOADED, "abcd"), (SpanLabel.LOADED, "defgh")])
    second = sentence(text, spans=[(SpanLabel.LOADED, "cdefgh"), (SpanLabel.LOADED, "gh")])
    assert agreement([first], [second]).spans[SpanLabel.LOADED].overlapping.shared == 2


def test_a_span_label_counts_only_where_both_marked_it_everywhere():
    text = "It may fall."
    first = sentence(text, spans=[(SpanLabel.HEDGE, "may")])
    second = sentence(text, exhaustive=())
    assert agreement([first], [second]).spans[SpanLabel.HEDGE].sentences == 0
    second = sentence(text)
    assert agreement([first], [second]).spans[SpanLabel.HEDGE].exact == Overlap(1, 0, 0)


def test_source_kinds_of_shared_sources():
    text = "The minister said, an aide said, police said."
    first = sentence(
        text,
        spans=[
            (SpanLabel.SOURCE, "The minister", SourceKind.NAMED),
            (SpanLabel.SOURCE, "an aide", SourceKind.ANONYMOUS),
            (SpanLabel.SOURCE, "police", SourceKind.INSTITUTION),
        ],
    )
    second = sentence(
        text,
        spans=[
            (SpanLabel.SOURCE, "minister", SourceKind.NAMED),
            (SpanLabel.SOURCE, "an aide", SourceKind.NAMED),
            (SpanLabel.SOURCE, "police"),
        ],
    )
    kinds = agreement([first], [second]).source_kinds
    assert kinds.n == 2
    assert kinds.raw == 0.5
    row, column = kinds.labels.index("anonymous"), kinds.labels.index("named")
    assert kinds.counts[row][column] == 1


def test_stance_over_shared_targets():
    text = "The tax hurts the poor."
    first = sentence(
        text,
        spans=[(SpanLabel.TARGET, "tax", StanceLabel.AGAINST), (SpanLabel.TARGET, "poor", StanceLabel.FAVOR)],
        stances=(Stance("coal", StanceLabel.FAVOR), Stance("sun", StanceLabel.FAVOR)),
    )
    second = sentence(
        text,
        spans=[(SpanLabel.TARGET, "The tax", StanceLabel.NEUTRAL)],
        stances=(Stance("coal", StanceLabel.FAVOR), Stance("sun", StanceLabel.FAVOR, holder_name="Bo")),
    )
    stance = agreement([first], [second]).stance
    assert stance.labels == ("against", "neutral", "favor")
    assert stance.counts == ((0, 1, 0), (0, 0, 0), (0, 0, 1))
    assert agreement([first], [replace(second, lenses=())]).stance.n == 0


def test_one_word_that_is_a_target_twice_pairs_by_holder():
    text = "He hates the tax."
    targets = [(SpanLabel.SOURCE, "He"), (SpanLabel.TARGET, "tax", StanceLabel.AGAINST)]
    author = (SpanLabel.TARGET, "tax", StanceLabel.NEUTRAL)
    first = sentence(text, spans=[*targets, author], links=(Link(LinkLabel.HOLDER, "0.1", "0.0"),))
    second = sentence(text, spans=[targets[0], author, targets[1]], links=(Link(LinkLabel.HOLDER, "0.2", "0.0"),))
    result = agreement([first], [second])
    assert result.stance.counts == ((1, 0, 0), (0, 1, 0), (0, 0, 0))
    assert result.links[LinkLabel.HOLDER] == Overlap(1, 1, 1)


def test_links_pair_by_the_spans_they_join_and_across_sentences():
    mine = [earlier_sentence(), wire_sentence()]
    rename = {"s0": "x0", "s1": "x1", "s3": "x3", "s4": "x4", "s6": "x6"}

    def renamed(record):
        return replace(
            record,
            annotator="ann",
            spans=tuple(replace(span, id=rename.get(span.id, span.id)) for span in record.spans),
            links=tuple(replace(link, head=rename[link.head], tail=rename[link.tail]) for link in record.links),
        )

    theirs = [renamed(record) for record in mine]
    same = agreement(mine, theirs)
    assert same.links == {label: Overlap(1, 1, 1) for label in LinkLabel}
    assert [row.value for row in same.as_table() if row.subject.startswith("link")] == [1, 1, 1, 1]

    other = replace(theirs[1], links=(replace(theirs[1].links[0], tail="x3"), *theirs[1].links[1:]))
    assert agreement(mine, [theirs[0], other]).links[LinkLabel.CUE_OF] == Overlap(1, 1, 0)
    assert agreement(mine, [theirs[0], replace(other, lenses=())]).links[LinkLabel.VIA] == Overlap(0, 0, 0)


def test_the_table_holds_what_was_compared():
    first, second = hedging(["hedged", "asserted"]), hedging(["hedged", "hedged"])
    first.append(sentence("It may fall.", 9, spans=[(SpanLabel.HEDGE, "may", HedgeKind.EPISTEMIC)]))
    second.append(sentence("It may fall.", 9, spans=[(SpanLabel.HEDGE, "may fall", HedgeKind.EPISTEMIC)]))
    table = agreement(first, second).as_table()
    tokens = 3 * 4  # "Rain may fall." twice, "It may fall." once: three words and a mark each
    assert [(row.subject, row.measure, row.n) for row in table] == [
        ("task hedging", "raw", 2),
        ("task hedging", "kappa", 2),
        ("task hedging", "alpha", 2),
        ("span hedge", "exact F1", 2),
        ("span hedge", "overlap F1", 2),
        ("span hedge tokens", "raw", tokens),
        ("span hedge tokens", "kappa", tokens),
        ("span hedge tokens", "alpha", tokens),
        ("span hedge kind", "raw", 1),
        ("span hedge kind", "kappa", 1),
        ("span hedge kind", "alpha", 1),
    ]
    assert [table[0].value, table[3].value, table[4].value, table[8].value] == [0.5, 0, 1, 1]


def test_sides_that_cannot_be_compared_are_refused():
    with pytest.raises(AskedWrong, match="sentence d#0 twice"):
        agreement([sentence("It may.")], [sentence("It may."), sentence("It may.")])
    with pytest.raises(AskedWrong, match="same text of sentence d#0"):
        agreement([sentence("It may.")], [sentence("It must.")])
