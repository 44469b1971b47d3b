"""The linear family as a backend: reads its arrays from a model folder, reads sentences with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import SpanLabel, Task
from slantwise.linear.classify import Classifier, stance_features, text_features
from slantwise.linear.table import WeightTable
from slantwise.linear.tagger import Tagger
from slantwise.linear.words import Word, hash_features, split_words, word_features
from slantwise.reading import Decision, FoundSpan, Reading, TargetMention

__all__ = ["LinearBackend"]

_WEIGHTS = "weights.npz"


@dataclass(frozen=True, slots=True)
class LinearBackend:
    """Sentence tasks, span layers and stance, each a linear model of its own.

    Args:
        classifiers: one per task; `ngrams` is the length of the longest n-gram.
        taggers: one per layer of spans.
        stance_classifier: over `StanceLabel` without `unsure`; None where stance was not trained.
    """

    classifiers: Mapping[Task, Classifier]
    taggers: Mapping[str, Tagger]
    stance_classifier: Classifier | None
    decisions: Mapping[Task, Decision]
    stance_margin: float
    ngrams: int

    @property
    def has_stance(self) -> bool:
        """Whether stance was trained."""
        return self.stance_classifier is not None

    @property
    def span_labels(self) -> frozenset[SpanLabel]:
        """The span labels that some layer finds."""
        tags = [tag for tagger in self.taggers.values() for tag in tagger.tags if tag != "O"]
        return frozenset(SpanLabel(tag[2:].partition(":")[0]) for tag in tags)

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """Read each sentence by itself."""
        words = [split_words(sentence) for sentence in sentences]
        texts = [text_features(row, self.ngrams) for row in words]
        tasks = {task: model.probabilities(texts) for task, model in self.classifiers.items()}
        spans = self._spans(words)
        return [
            Reading(sentence, {task: p[i] for task, p in tasks.items()}, tuple(spans[i]), tuple(words[i]))
            for i, sentence in enumerate(sentences)
        ]

    def stance(self, mentions: Sequence[TargetMention]) -> NDArray[np.float32]:
        """Probabilities of against, neutral, favor, shape (mentions, 3); all neutral where stance was not trained."""
        if self.stance_classifier is None:
            return np.tile(np.array([0, 1, 0], dtype=np.float32), (len(mentions), 1))
        return self.stance_classifier.probabilities([stance_features(m, _words_of(m.reading)) for m in mentions])

    def _spans(self, words: Sequence[Sequence[Word]]) -> list[list[FoundSpan]]:
        features = [feature for row in words for word in word_features(row) for feature in word]
        count = sum(len(row) for row in words)
        shared = hash_features(features).reshape(count, -1) if count else np.zeros((0, 1), np.uint32)
        found: list[list[FoundSpan]] = [[] for _ in words]
        for tagger in self.taggers.values():
            for i, tagged in enumerate(tagger.tag(words, shared)):
                found[i].extend(tagger.spans(words[i], tagged))
        for spans in found:
            spans.sort(key=lambda s: (s.start, s.end))
        return found

    def save(self, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
        """Write the arrays into a folder; give what `config.json` and `calibration.json` must hold besides."""
        arrays: dict[str, NDArray[Any]] = {}
        config: dict[str, Any] = {"ngrams": self.ngrams, "tasks": [str(t) for t in self.classifiers], "layers": {}}
        config["stance"] = self.stance_classifier is not None
        calibration: dict[str, Any] = {"tasks": {}, "stance_margin": self.stance_margin, "spans": {}}
        for name, model in self._named_classifiers().items():
            arrays |= model.table.packed(name)
            arrays[f"{name}.intercepts"] = model.intercepts
            calibration["tasks"][name] = {"slopes": model.slopes.tolist(), "shifts": model.shifts.tolist()}
        for task, decision in self.decisions.items():
            calibration["tasks"][str(task)] |= {"threshold": decision.threshold, "margin": decision.margin}
        for name, tagger in self.taggers.items():
            arrays |= tagger.table.packed(name)
            arrays[f"{name}.transitions"] = tagger.transitions
            config["layers"][name] = {"tags": list(tagger.tags), "lexicon": dict(sorted(tagger.lexicon.items()))}
            calibration["spans"][name] = {kind: list(pair) for kind, pair in tagger.calibration.items()}
        np.savez_compressed(folder / _WEIGHTS, allow_pickle=False, **arrays)
        return config, calibration

    @classmethod
    def load(cls, folder: Path, config: Mapping[str, Any], calibration: Mapping[str, Any]) -> LinearBackend:
        """Read a saved model; `config` and `calibration` are the folder's JSON files."""
        with np.load(folder / _WEIGHTS, allow_pickle=False) as opened:
            arrays = dict(opened)

        def classifier(name: str) -> Classifier:
            fitted = calibration["tasks"][name]
            return Classifier(
                WeightTable.unpacked(arrays, name),
                arrays[f"{name}.intercepts"],
                np.array(fitted["slopes"], dtype=np.float32),
                np.array(fitted["shifts"], dtype=np.float32),
            )

        def tagger(name: str, layer: Mapping[str, Any]) -> Tagger:
            pairs = {kind: (float(pair[0]), float(pair[1])) for kind, pair in calibration["spans"][name].items()}
            table = WeightTable.unpacked(arrays, name)
            return Tagger(tuple(layer["tags"]), table, arrays[f"{name}.transitions"], layer["lexicon"], pairs)

        fitted = calibration["tasks"]
        return cls(
            classifiers={Task(name): classifier(name) for name in config["tasks"]},
            taggers={name: tagger(name, layer) for name, layer in config["layers"].items()},
            stance_classifier=classifier("stance") if config["stance"] else None,
            decisions={
                Task(name): Decision(fitted[name]["threshold"], fitted[name]["margin"]) for name in config["tasks"]
            },
            stance_margin=calibration["stance_margin"],
            ngrams=config["ngrams"],
        )

    def _named_classifiers(self) -> dict[str, Classifier]:
        named = {str(task): model for task, model in self.classifiers.items()}
        return named if self.stance_classifier is None else named | {"stance": self.stance_classifier}


def _words_of(reading: Reading) -> Sequence[Word]:
    """The words of a reading; another family's reading is split again."""
    state = reading.state
    return state if isinstance(state, tuple) else split_words(reading.text)
