"""Silver stances: what several teachers agree on in unlabelled news."""

from collections import Counter
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from slantwise.errors import AskedWrong
from slantwise.labels import Lens, MentionKind, SpanLabel, StanceLabel
from slantwise.reading import FoundSpan, Reading
from slantwise.records import Document, LabelledSentence
from slantwise_training import silver
from slantwise_training.examples import Library, normalised
from slantwise_training.recipe import Selection, SilverRecipe

TEXTS = Selection("article_bias", "train")
RECIPE = SilverRecipe(texts=(TEXTS,), teachers=("first", "second"), mentions="finder", size=12, sure=0.7)
VERBS = {"praised": 2, "blamed": 0, "described": 1}


@dataclass
class Finder:
    """Finds the name Anna Berg."""

    def read(self, texts):
        at = [(text, text.find("Anna Berg")) for text in texts]
        kind = next(iter(MentionKind))
        return [
            Reading(t, {}, (FoundSpan(SpanLabel.MENTION, i, i + 9, kind, 1.0),) if i >= 0 else ()) for t, i in at
        ]


@dataclass
class Teacher:
    """Knows the stance from the verb, so surely."""

    sure: float

    def read(self, texts):
        return [Reading(text, {}, ()) for text in texts]

    def stance(self, mentions):
        rest = (1 - self.sure) / 2
        rows = np.full((len(mentions), 3), rest, dtype=np.float32)
        for row, mention in zip(rows, mentions, strict=True):
            assert mention.reading.text[mention.start : mention.end] == "Anna Berg"
            row[next(label for verb, label in VERBS.items() if verb in mention.reading.text)] = self.sure
        return rows


def articles(count, verbs=("praised", "blamed", "described", "described")):
    """Articles of four sentences that name her, one that names nobody, and a last one that is cut off."""
    for i in range(count):
        named = [f"The paper of town {i} {verb} Anna Berg for the new harbour plan." for verb in verbs]
        text = " ".join([*named, f"In town {i} it rained for the whole of that day.", "And then the mayor of town"])
        place = f"a{i}"
        yield LabelledSentence(place, Document(place, "Times"), 0, text, (Lens.STANCE,), corpus="article_bias")


@pytest.fixture
def stances(monkeypatch):
    models = {"finder": Finder(), "first": Teacher(0.9), "second": Teacher(0.7)}
    monkeypatch.setattr(silver, "load_model", lambda folder: SimpleNamespace(backend=models[folder.name]))

    def run(recipe=RECIPE, texts=None, unseen=(), seed=13):
        library = Library(None)
        library._read[TEXTS] = list(articles(60) if texts is None else texts)
        return silver.silver_stances(recipe, library, unseen, seed)

    return run


def test_each_stance_has_a_third_and_every_record_says_where_it_is_from(stances):
    found = stances()
    assert len(found) == 12
    label_of = {StanceLabel.AGAINST: "blamed", StanceLabel.NEUTRAL: "described", StanceLabel.FAVOR: "praised"}
    for record in found:
        (span,) = record.spans
        assert (span.label, span.text) == (SpanLabel.TARGET, "Anna Berg")
        assert label_of[span.value] in record.text
        assert (record.annotator, record.corpus, record.split) == (silver.SILVER, "article_bias", "train")
        assert record.text.endswith("plan.")
        assert not record.exhaustive
    assert set(Counter(record.spans[0].value for record in found).values()) == {4}
    assert len({record.doc.id for record in found}) > 1


def test_teachers_that_are_unsure_together_label_nothing(stances):
    assert stances(replace(RECIPE, sure=0.79))
    assert stances(replace(RECIPE, sure=0.81)) == []


def test_texts_that_must_stay_unseen_are_not_among_them(stances):
    unseen = {normalised(text) for record in stances() for text in [record.text]}
    again = {normalised(record.text) for record in stances(unseen=unseen)}
    assert again
    assert not again & unseen


def test_the_same_seed_draws_the_same_sentences(stances):
    assert stances() == stances()
    assert stances() != stances(seed=14)


def test_texts_that_run_out_give_fewer(stances):
    found = stances(texts=articles(2, verbs=("blamed",)))
    assert [record.spans[0].value for record in found] == [StanceLabel.AGAINST] * 2
    assert stances(texts=articles(3, verbs=())) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"teachers": ()}, "teachers of silver stances"),
        ({"texts": ()}, "texts of silver stances"),
        ({"size": 0}, "size of 1 or more"),
        ({"sure": 0.2}, "sure between a third and 1"),
    ],
)
def test_slips(values, said):
    with pytest.raises(AskedWrong, match=said):
        replace(RECIPE, **values)
