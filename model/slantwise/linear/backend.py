"""The linear family as a backend: reads its arrays from a model folder, reads sentences with numpy alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import TASK_LABELS, SpanLabel, Task
from slantwise.linear.arrays import of_single_precision, read_arrays
from slantwise.linear.classify import Classifier, View, stance_features, view_of
from slantwise.linear.features import text_features, word_features
from slantwise.linear.logistic import sigmoid
from slantwise.linear.table import WeightTable
from slantwise.linear.tagger import Tagger
from slantwise.linear.words import Batch, Word, split_words
from slantwise.reading import Decision, Reading, TargetMention

__all__ = ["MOST_NGRAMS", "WEIGHTS", "Inferred", "LinearBackend"]

MOST_NGRAMS = 5
"""The longest n-grams that a model may read."""
WEIGHTS = "weights.npz"
_MOST = 1e9
"""No slope is larger, and logits times this are still finite."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """A task that a layer answers: a sentence is hedged as surely as it holds a hedge cue."""

    layer: str
    slope: float
    shift: float


@dataclass(frozen=True, slots=True)
class LinearBackend:
    """Sentence tasks, span layers and stance, each a linear model of its own.

    Args:
        classifiers: one per task that reads the words; `ngrams` is the length of the longest n-gram.
        taggers: one per layer of spans.
        inferred: per task that asks whether a layer finds a span, the layer and the sigmoid over its evidence.
        stances: per view that was trained, a classifier over `StanceLabel` without `unsure`.

    Raises:
        ValueError: these contradict each other.
    """

    family: ClassVar[str] = "linear"

    classifiers: Mapping[Task, Classifier]
    taggers: Mapping[str, Tagger]
    inferred: Mapping[Task, Inferred]
    stances: Mapping[View, Classifier]
    decisions: Mapping[Task, Decision]
    stance_margin: float
    ngrams: int

    def __post_init__(self) -> None:
        columns = {str(task): len(TASK_LABELS[task]) for task in self.classifiers}
        columns |= {f"stance.{view}": 3 for view in self.stances}
        for name, model in self._named_classifiers().items():
            # two labels share one column
            if len(model.intercepts) != (columns[name] if columns[name] > 2 else 1):
                raise ValueError(f"{len(model.intercepts)} columns of {name} for {columns[name]} labels")
        for task, inferred in self.inferred.items():
            if inferred.layer not in self.taggers:
                raise ValueError(f"{task} is inferred from {inferred.layer!r}, which is no layer of the model")
        if shared := set(self._named_classifiers()) & set(self.taggers):
            raise ValueError(f"a layer with the name of another part: {', '.join(sorted(shared))}")
        if twice := set(self.classifiers) & set(self.inferred):
            raise ValueError(f"two answers to {', '.join(sorted(twice))}")
        if not isinstance(self.ngrams, int) or not 1 <= self.ngrams <= MOST_NGRAMS:
            raise ValueError(f"n-grams of {self.ngrams!r} words")

    @property
    def has_stance(self) -> bool:
        """Whether stance was trained."""
        return bool(self.stances)

    @property
    def span_labels(self) -> frozenset[SpanLabel]:
        """The span labels that some layer finds."""
        tags = [tag for tagger in self.taggers.values() for tag in tagger.tags if tag != "O"]
        return frozenset(SpanLabel(tag[2:].partition(":")[0]) for tag in tags)

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """Read each sentence by itself."""
        batch = Batch.of([split_words(sentence) for sentence in sentences])
        texts = text_features(batch, self.ngrams) if self.classifiers else []
        tasks = {task: model.probabilities(texts) for task, model in self.classifiers.items()}
        shared = word_features(batch) if self.taggers else np.zeros((0, 0), np.uint32)
        tagged = {name: tagger.tag(batch, shared) for name, tagger in self.taggers.items()}
        for task, inferred in self.inferred.items():
            positive = sigmoid(inferred.slope * tagged[inferred.layer].evidence + inferred.shift)
            tasks[task] = np.stack((1.0 - positive, positive), axis=1).astype(np.float32)
        found = [tagger.spans(batch, tagged[name]) for name, tagger in self.taggers.items()]
        readings = []
        for i, (sentence, words) in enumerate(zip(sentences, batch.sentences, strict=True)):
            spans = [span for layer in found for span in layer[i]]
            spans.sort(key=lambda s: (s.start, s.end))
            readings.append(Reading(sentence, {t: p[i] for t, p in tasks.items()}, tuple(spans), tuple(words)))
        return readings

    def stance(self, mentions: Sequence[TargetMention]) -> NDArray[np.float32]:
        """Probabilities of against, neutral, favor, shape (mentions, 3).

        A view that was not trained is answered as a plain mention; without any, everything is neutral.
        """
        found = np.tile(np.array([0, 1, 0], dtype=np.float32), (len(mentions), 1))
        views = [view_of(m) for m in mentions]
        for view in set(views):
            model = self.stances.get(view) or self.stances.get(View.MENTION)
            if model is not None:
                rows = [i for i, v in enumerate(views) if v is view]
                texts = [stance_features(mentions[i], _words_of(mentions[i].reading)) for i in rows]
                found[rows] = model.probabilities(texts)
        return found

    def save(self, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
        """Write the arrays into a folder; give what `config.json` and `calibration.json` must hold besides."""
        arrays: dict[str, NDArray[Any]] = {}
        config: dict[str, Any] = {"ngrams": self.ngrams, "tasks": [str(t) for t in self.classifiers], "layers": {}}
        config["stance"] = [str(view) for view in self.stances]
        calibration: dict[str, Any] = {"tasks": {}, "stance_margin": self.stance_margin, "spans": {}}
        for name, model in self._named_classifiers().items():
            arrays |= model.table.packed(name)
            arrays[f"{name}.intercepts"] = model.intercepts
            calibration["tasks"][name] = {"slopes": model.slopes.tolist(), "shifts": model.shifts.tolist()}
        for task, inferred in self.inferred.items():
            fitted = {"layer": inferred.layer, "slope": inferred.slope, "shift": inferred.shift}
            calibration["tasks"][str(task)] = fitted
        for task, decision in self.decisions.items():
            calibration["tasks"][str(task)] |= {"threshold": decision.threshold, "margin": decision.margin}
        for name, tagger in self.taggers.items():
            arrays |= tagger.table.packed(name)
            arrays[f"{name}.transitions"] = tagger.transitions
            config["layers"][name] = {"tags": list(tagger.tags), "lexicon": dict(sorted(tagger.lexicon.items()))}
            calibration["spans"][name] = {kind: list(pair) for kind, pair in tagger.calibration.items()}
        np.savez_compressed(folder / WEIGHTS, allow_pickle=False, **arrays)
        return config, calibration

    @classmethod
    def load(cls, folder: Path, config: Mapping[str, Any], calibration: Mapping[str, Any]) -> LinearBackend:
        """Read a saved model; `config` and `calibration` are what `save` gave.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: they are not what `save` writes.
        """
        arrays = read_arrays(folder / WEIGHTS)

        def classifier(name: str) -> Classifier:
            fitted = calibration["tasks"][name]
            return Classifier(
                WeightTable.unpacked(arrays, name),
                of_single_precision(arrays, f"{name}.intercepts"),
                np.array([_number(slope) for slope in fitted["slopes"]], dtype=np.float32),
                np.array([_number(shift) for shift in fitted["shifts"]], dtype=np.float32),
            )

        def tagger(name: str, layer: Mapping[str, Any]) -> Tagger:
            fitted = calibration["spans"][name].items()
            pairs = {kind: (_number(slope), _number(intercept)) for kind, (slope, intercept) in fitted}
            table, transitions = WeightTable.unpacked(arrays, name), of_single_precision(arrays, f"{name}.transitions")
            return Tagger(tuple(layer["tags"]), table, transitions, dict(layer["lexicon"]), pairs)

        fitted = calibration["tasks"]
        return cls(
            classifiers={Task(name): classifier(name) for name in config["tasks"]},
            taggers={name: tagger(name, layer) for name, layer in config["layers"].items()},
            inferred={
                Task(name): Inferred(str(row["layer"]), _number(row["slope"]), _number(row["shift"]))
                for name, row in fitted.items()
                if "layer" in row
            },
            stances={View(name): classifier(f"stance.{name}") for name in config["stance"]},
            decisions={
                Task(name): Decision(_number(row["threshold"]), _number(row["margin"]))
                for name, row in fitted.items()
                if "threshold" in row
            },
            stance_margin=_number(calibration["stance_margin"]),
            ngrams=config["ngrams"],
        )

    def _named_classifiers(self) -> dict[str, Classifier]:
        tasks = {str(task): model for task, model in self.classifiers.items()}
        return tasks | {f"stance.{view}": model for view, model in self.stances.items()}


def _number(value: object) -> float:
    """A finite number as JSON holds it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > _MOST:
        raise ValueError(f"{value!r} where a number of at most {_MOST:g} belongs")
    return float(value)


def _words_of(reading: Reading) -> Sequence[Word]:
    """The words of a reading; another family's reading is split again."""
    state = reading.state
    return state if isinstance(state, tuple) else split_words(reading.text)
