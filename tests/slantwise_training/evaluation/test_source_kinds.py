"""Kinds of sources against labels by hand."""

import json
from pathlib import Path

import pytest

from slantwise.errors import BadRow
from slantwise.labels import MentionKind, SourceKind, SpanLabel
from slantwise.model_folder import load_model
from slantwise.reading import FoundSpan, Reading
from slantwise.records import Document, LabelledSentence
from slantwise_training.evaluation.source_kinds import LabelledKind, confusion, judge_kinds, read_labelled_kinds
from slantwise_training.examples import Library
from slantwise_training.recipe import Selection

REPOSITORY = Path(__file__).parents[3]


class Names:
    """A model that takes "Orbel" for an organisation."""

    def read(self, sentences):
        at = [text.find("Orbel") for text in sentences]
        spans = [
            (FoundSpan(SpanLabel.MENTION, i, i + 5, MentionKind.ORGANISATION, 1.0),) if i >= 0 else () for i in at
        ]
        return [Reading(text, {}, found) for text, found in zip(sentences, spans, strict=True)]


def sentence(number, text):
    return LabelledSentence(id=f"d#{number}", doc=Document("d"), index=number, text=text, lenses=())


def label(number, start, end, kind):
    return LabelledKind(f"d#{number}", start, end, kind, kind, kind)


def test_judged_with_what_the_article_tells():
    records = [sentence(0, "Orbel closed a plant."), sentence(1, "Orbel said it would, he added.")]
    labels = [label(1, 0, 5, SourceKind.INSTITUTION), label(1, 21, 23, SourceKind.NAMED)]
    judged = judge_kinds(labels, records, Names())
    assert [(each.text, each.found) for each in judged] == [
        ("Orbel", SourceKind.INSTITUTION),
        ("he", SourceKind.PRONOUN),
    ]
    assert [each.right for each in judged] == [True, False]
    assert confusion(judged)[SourceKind.NAMED, SourceKind.PRONOUN] == 1


def test_a_label_of_no_sentence():
    with pytest.raises(KeyError, match="d#7"):
        judge_kinds([label(7, 0, 5, SourceKind.NAMED)], [sentence(0, "Orbel closed a plant.")], Names())


@pytest.mark.parametrize("change", [{"kind": "nobody"}, {"start": None}], ids=["kind", "start"])
def test_a_bad_row_is_named(tmp_path, change):
    good = {"sentence": "d#0", "start": 0, "end": 5, "a": "named", "b": "media", "kind": "named"}
    path = tmp_path / "kinds.jsonl"
    path.write_text(f"{json.dumps(good)}\n{json.dumps(good | change)}\n")
    with pytest.raises(BadRow, match=r"kinds\.jsonl:2"):
        read_labelled_kinds(path)


@pytest.mark.corpus
def test_rules_on_labelled_sources(corpora_root):
    labels = read_labelled_kinds(REPOSITORY / "data" / "source_kinds" / "polnear-dev.jsonl")
    assert len(labels) == 300
    wanted = {each.sentence.rpartition("#")[0] for each in labels}
    records = [r for r in Library(corpora_root).records([Selection.parse("polnear:dev")]) if r.doc.id in wanted]
    judged = judge_kinds(labels, records, load_model(REPOSITORY / "model" / "slantwise" / "default").backend)
    wrong = [f"{each.text}: {each.found}, not {each.label.kind}" for each in judged if not each.right]
    assert len(wrong) <= 45, "\n".join(wrong)
