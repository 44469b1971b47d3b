"""Pairs of linked names, counted by hand."""

import pytest

from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora import read_corpus
from slantwise_training.evaluation.intervals import interval
from slantwise_training.evaluation.linking import PairCounts, compare_links, gold_documents

PERSON, PLACE = MentionKind.PERSON, MentionKind.PLACE
NAMES = {PERSON, MentionKind.ORGANISATION, PLACE, MentionKind.GROUP}


def record(index, text, *mentions, doc="d"):
    spans = []
    for number, (surface, kind, chain) in enumerate(mentions):
        start = text.index(surface)
        spans.append(Span(f"m{number}", SpanLabel.MENTION, start, start + len(surface), surface, kind, chain))
    return LabelledSentence(f"{doc}#{index}", Document(doc), index, text, (Lens.MENTIONS,), spans=tuple(spans))


STORY = (
    record(0, "Ann Lee is in Tarn", ("Ann Lee", PERSON, "1"), ("Tarn", PLACE, "2")),
    record(1, "Lee met Bo Lee", ("Lee", PERSON, "1"), ("Bo Lee", PERSON, "3")),
    record(2, "Tarn fell to Ann", ("Tarn", PLACE, "4"), ("Ann", PERSON, "1")),
)


def test_documents_are_put_together():
    (document, other) = gold_documents([*STORY, record(0, "It rained", doc="e")])
    assert document.text == "Ann Lee is in Tarn Lee met Bo Lee Tarn fell to Ann"
    assert all(document.text[s.start : s.end] == s.text for s in document.sentences)
    assert (other.id, len(other.sentences)) == ("e", 1)


def test_pairs():
    (document,) = gold_documents(STORY)
    # found: Ann Lee = Ann (right), Tarn = Tarn (wrong in gold), Lee is ambiguous; gold: Ann Lee, Lee, Ann make 3 pairs
    counts = compare_links(document, NAMES)
    assert counts == PairCounts(hits=1, found=2, gold=3)
    assert (counts.precision, counts.recall, counts.f1) == (0.5, pytest.approx(1 / 3), 0.4)
    assert compare_links(document, {PLACE}) == PairCounts(0, 1, 0)


def test_counts_add_and_can_be_resampled():
    assert PairCounts(1, 2, 3) + PairCounts(4, 5, 6) == PairCounts(5, 7, 9)
    found = interval([PairCounts(1, 2, 3), PairCounts(4, 5, 6)], lambda counts: counts.precision)
    assert (found.low, found.value, found.high) == (0.5, pytest.approx(5 / 7), 0.8)


@pytest.mark.corpus
def test_names_of_the_news_are_linked_with_precision(corpora_root):
    records = [r for r in read_corpus("gum", corpora_root, ("dev",)) if r.doc.section == "news"]
    whole = sum((compare_links(d, NAMES) for d in gold_documents(records)), PairCounts(0, 0, 0))
    assert whole.gold > 100
    assert whole.precision > 0.9
    assert whole.f1 > 0.8
