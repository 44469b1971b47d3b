"""A model evaluated on invented sentences: a study with labels, spans, stances, outlets, people and every section."""

import numpy as np

from slantwise.labels import Lens, SpanLabel, StanceLabel, Task
from slantwise.model_folder import Model
from slantwise.reading import Decision, FoundSpan, Reading
from slantwise.records import Document, LabelledSentence, Span
from slantwise.score import ModelName
from slantwise_training.evaluation.ceiling import votes_of
from slantwise_training.evaluation.labelled_sets import LabelledSet
from slantwise_training.evaluation.study import Setting, study
from slantwise_training.evaluation.training_overlap import TrainedOn


class WordBackend:
    """`vile` and `grand` are loaded; whoever stands first is liked where it is grand."""

    decisions = {Task.WORDING: Decision(0.5, 0.1)}  # noqa: RUF012
    stance_margin = 0.05
    span_labels = frozenset({SpanLabel.LOADED})
    has_stance = True

    def __init__(self, words=("vile", "grand")):
        self.words = words

    def read(self, sentences):
        return [self.one(text) for text in sentences]

    def one(self, text):
        spans = []
        for word in self.words:
            if word in text:
                at = text.index(word)
                spans.append(FoundSpan(SpanLabel.LOADED, at, at + len(word), None, 0.9 - len(text) / 1000))
        p = 0.85 if spans else 0.2 + (len(text) % 7) / 100
        return Reading(text, {Task.WORDING: np.array([1 - p, p])}, tuple(spans))

    def stance(self, mentions):
        rows = [(0.1, 0.2, 0.7) if "grand" in m.reading.text else (0.2, 0.7, 0.1) for m in mentions]
        return np.array(rows, dtype=np.float32).reshape(-1, 3)


def toy_sentences(n=60, hostile=""):
    """Every third is loaded, by a word that the model knows or not; each names somebody."""
    records = []
    for i in range(n):
        word = ("vile", "small", "sly")[i % 3] if i % 4 else "grand"
        name = ("Ann Lee", "Bo")[i % 2]
        text = f"{name}{hostile} met in the {word} town number {i}, {hostile}and that was that."
        loaded = word in ("vile", "sly")
        at = text.index(word)
        value = StanceLabel.FAVOR if word == "grand" else StanceLabel.NEUTRAL
        spans = [Span("t", SpanLabel.TARGET, 0, len(name), name, value)]
        if loaded:
            spans.append(Span("w", SpanLabel.LOADED, at, at + len(word), word))
        records.append(
            LabelledSentence(
                id=f"s{i}{hostile}",
                doc=Document(f"d{i // 2}{hostile}", f"{('Daily', 'Post')[i % 2]}{hostile}", section=f"news{hostile}"),
                index=i,
                text=text,
                lenses=(Lens.WORDING, Lens.STANCE),
                labels={Task.WORDING: "loaded" if loaded else "plain"},
                spans=tuple(spans),
                exhaustive=(SpanLabel.LOADED,),
                corpus="toy",
                split="test",
            )
        )
    return records


def toy_set(records, name="toy.jsonl"):
    """The sentences as a file's set."""
    return LabelledSet(name, f"{name} (a test)", lambda: list(records), "ab" * 32)


def toy_setting(**more):
    """A setting without corpora; few resamples."""
    model = Model(WordBackend(), ModelName(more.pop("name", "words"), "cd" * 32), {})
    return Setting(model, TrainedOn("nothing is known of its training"), resamples=40, **more)


def toy_study(n=60, hostile="", **more):
    """The study of the toy sentences, another model and somebody's votes beside."""
    records = toy_sentences(n, hostile)
    people = (votes_of(records[: n // 2], f"Anna{hostile}"),)
    other = Model(WordBackend(("vile",)), ModelName(f"other{hostile}", "ef" * 32), {})
    setting = toy_setting(name=f"words{hostile}", people=people, other=other, **more)
    return study(toy_set(records, f"toy{hostile}.jsonl"), setting)
