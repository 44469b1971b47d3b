"""A recipe and a corpora folder in, a linear backend out: every part fitted, calibrated and counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import SlantwiseError
from slantwise.labels import TASK_LABELS, Task
from slantwise.linear.backend import Inferred, LinearBackend
from slantwise.linear.classify import Classifier, View, stance_features, view_of
from slantwise.linear.features import text_features, word_features
from slantwise.linear.logistic import sigmoid, softmax
from slantwise.linear.tagger import Run, Tagger, viterbi
from slantwise.linear.words import Batch, Word, split_words
from slantwise.reading import Decision, Reading
from slantwise.records import LabelledSentence
from slantwise_training.calibrate import fit_decision, fit_margin, fit_sigmoid, fit_temperature
from slantwise_training.examples import Library, StanceExample, groups_of, stance_examples
from slantwise_training.linear.classifier import fit_classifier, out_of_fold_logits
from slantwise_training.linear.perceptron import TaggedSentence, fit_tagger, spans_of_tags, tagged_sentence
from slantwise_training.recipe import LayerRecipe, Recipe, TaskRecipe

__all__ = ["TrainReport", "train_linear"]

_HELD_OUT_SHARE = 0.1
_BATCH = 256
_LEAST_GAIN = 0.002


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What was trained on: records used and dropped per corpus split, and the seconds each part took."""

    used: dict[str, int]
    dropped: dict[str, int]
    seconds: dict[str, float]

    @property
    def notes(self) -> tuple[str, ...]:
        """What else whoever trained it should know, a line each."""
        return ()


def train_linear(
    recipe: Recipe,
    root: Path,
    progress: Callable[[str], None] = lambda _: None,
    library: Library | None = None,
) -> tuple[LinearBackend, TrainReport]:
    """Train every part of a recipe.

    Args:
        recipe: what to train on what.
        root: the folder of corpora.
        progress: told the name of each part before it starts.
        library: corpora already read, or records of a fold under a split's name; `root` is not looked at then.

    Raises:
        SlantwiseError: a part has no examples or examples of one label only.
        AskedWrong: a corpus is not in `root`.
    """
    library = library or Library(root)
    seconds: dict[str, float] = {}
    classifiers: dict[Task, Classifier] = {}
    decisions: dict[Task, Decision] = {}
    taggers: dict[str, Tagger] = {}
    inferred: dict[Task, Inferred] = {}
    stances: dict[View, Classifier] = {}
    stance_margin = 0.0
    for task, part in recipe.tasks.items():
        if part.layer:
            continue
        progress(str(task))
        start = monotonic()
        classifiers[task], decisions[task] = _train_task(task, part, library, recipe)
        seconds[str(task)] = monotonic() - start
    if recipe.stance is not None:
        progress("stance")
        start = monotonic()
        stances, stance_margin = _train_stance(recipe.stance, library, recipe.seed)
        seconds["stance"] = monotonic() - start
    for name, layer in recipe.layers.items():
        progress(name)
        start = monotonic()
        taggers[name], dev = _train_layer(name, layer, library, recipe.seed)
        for task, part in recipe.tasks.items():
            if part.layer == name:
                inferred[task], decisions[task] = _infer_task(task, part, taggers[name], dev)
        seconds[name] = monotonic() - start
    backend = LinearBackend(classifiers, taggers, inferred, stances, decisions, stance_margin, recipe.ngrams)
    return backend, TrainReport(dict(library.used), dict(library.dropped), seconds)


def _train_task(task: Task, part: TaskRecipe, library: Library, recipe: Recipe) -> tuple[Classifier, Decision]:
    def examples(records: Sequence[LabelledSentence]) -> tuple[list[LabelledSentence], NDArray[np.intp]]:
        labelled = [r for r in records if task in r.labels]
        return labelled, np.array([TASK_LABELS[task].index(r.labels[task]) for r in labelled], dtype=np.intp)

    train, labels = examples(library.training(part.train, part.held_out))
    _check_labels(str(task), labels, TASK_LABELS[task], "train on")
    texts = _texts(train, recipe.ngrams)
    model = fit_classifier(texts, labels, part.c, part.min_count)
    if part.dev:
        dev, gold = examples(library.records(part.dev))
        _check_labels(str(task), gold, TASK_LABELS[task], "calibrate on")
        logits = model.logits(_texts(dev, recipe.ngrams))
    else:
        groups = groups_of(train)
        logits = out_of_fold_logits(texts, labels, groups, part.c, part.min_count, recipe.seed)
        chosen = [i for i, r in enumerate(train) if not part.calibrate_on or r.corpus in part.calibrate_on]
        logits, gold = logits[chosen], labels[chosen]
        _check_labels(str(task), gold, TASK_LABELS[task], "calibrate on")
    if len(TASK_LABELS[task]) > 2:
        slope = fit_temperature(logits, gold)
        return _scaled(model, slope, 0.0), Decision(margin=_margin_of_best(logits * np.float32(slope), gold))
    slope, shift = fit_sigmoid(logits[:, 0], gold == 1)
    p = sigmoid(slope * logits[:, 0].astype(np.float64) + shift)
    return _scaled(model, slope, shift), fit_decision(p, gold == 1, part.metric)


def _train_stance(part: TaskRecipe, library: Library, seed: int) -> tuple[dict[View, Classifier], float]:
    """One classifier per view that the examples have; the margin is that of the view with the most examples on dev."""
    train = _stance_examples(library.training(part.train, part.held_out))
    dev = _stance_examples(library.records(part.dev))
    _check_labels(
        "stance", np.array([e.label for e in train], dtype=np.intp), ("against", "neutral", "favor"), "train on"
    )
    models: dict[View, Classifier] = {}
    margins: list[tuple[int, float]] = []
    for view in View:
        own = [e for e in train if view_of(e.mention) is view]
        labels = np.array([e.label for e in own], dtype=np.intp)
        if len(np.unique(labels)) < 3:
            continue
        texts = [_stance_text(e) for e in own]
        model = fit_classifier(texts, labels, part.c, part.min_count)
        seen = [e for e in dev if view_of(e.mention) is view]
        if seen:
            logits, gold = model.logits([_stance_text(e) for e in seen]), np.array([e.label for e in seen], np.intp)
        else:
            groups = groups_of([e.record for e in own])
            logits, gold = out_of_fold_logits(texts, labels, groups, part.c, part.min_count, seed), labels
            chosen = [i for i, e in enumerate(own) if not part.calibrate_on or e.record.corpus in part.calibrate_on]
            # a view that none of these corpora has is calibrated on all that have it
            logits, gold = (logits[chosen], gold[chosen]) if chosen else (logits, gold)
        models[view] = _scaled(model, fit_temperature(logits, gold), 0.0)
        margins.append((len(gold), _margin_of_best(logits * models[view].slopes, gold)))
    if not models:
        found = "some labels in mentions and others in topics only"
        raise SlantwiseError("examples of every stance label in one view to train on", found, "add a corpus")
    return models, max(margins)[1]


def _margin_of_best(logits: NDArray[np.float32], gold: NDArray[np.intp]) -> float:
    """The margin between the two best of three labels below which they are too close to call."""
    p = softmax(logits)
    ranked = np.sort(p, axis=1)
    return fit_margin((ranked[:, -1] - ranked[:, -2]).astype(np.float64), p.argmax(axis=1) == gold)


def _stance_examples(records: Sequence[LabelledSentence]) -> list[StanceExample]:
    return stance_examples(records, [Reading(r.text, {}, (), tuple(split_words(r.text))) for r in records])


def _stance_text(example: StanceExample) -> NDArray[np.uint32]:
    words = example.mention.reading.state
    assert isinstance(words, tuple)
    return stance_features(example.mention, words)


def _train_layer(name: str, layer: LayerRecipe, library: Library, seed: int) -> tuple[Tagger, list[LabelledSentence]]:
    """Train a layer; give the records it was calibrated on too."""

    def complete(records: Sequence[LabelledSentence]) -> list[LabelledSentence]:
        return [r for r in records if all(label in r.exhaustive for label in layer.labels)]

    train = complete(library.training(layer.train, layer.held_out))
    dev = complete(library.records(layer.dev))
    if not dev:
        train, dev = _held_out(train, seed)
    sentences = [tagged_sentence(r, layer) for r in train]
    if all(tag == "O" for s in sentences for tag in s.tags):
        raise SlantwiseError(f"spans to train layer {name} on", "none", "name a corpus that marks them")
    held_out = [tagged_sentence(r, layer) for r in dev]
    tagger = _weighed(fit_tagger(sentences, layer, seed), held_out)
    return _calibrated(tagger, held_out), dev


def _infer_task(
    task: Task, part: TaskRecipe, tagger: Tagger, dev: Sequence[LabelledSentence]
) -> tuple[Inferred, Decision]:
    """Fit the sigmoid and threshold of a task that a layer answers, on what the layer was calibrated on."""
    labelled = [r for r in dev if task in r.labels]
    gold = np.array([TASK_LABELS[task].index(r.labels[task]) for r in labelled], dtype=np.intp)
    _check_labels(str(task), gold, TASK_LABELS[task], "calibrate on")
    batches = _batches([split_words(r.text) for r in labelled])
    evidence = np.concatenate([tagger.tag(batch, word_features(batch)).evidence for batch in batches])
    slope, shift = fit_sigmoid(evidence, gold == 1)
    p = sigmoid(slope * evidence.astype(np.float64) + shift)
    return Inferred(part.layer, slope, shift), fit_decision(p, gold == 1, part.metric)


def _held_out(records: list[LabelledSentence], seed: int) -> tuple[list[LabelledSentence], list[LabelledSentence]]:
    """A tenth of the records is kept for calibration: whole documents with their copies, drawn by seed.

    Nothing is kept when all is one document: the layer then stays uncalibrated.
    """
    groups = groups_of(records)
    sizes = Counter(groups)
    names = sorted(sizes)
    random.Random(seed).shuffle(names)
    chosen: set[str] = set()
    left = max(len(records) * _HELD_OUT_SHARE, min(sizes.values(), default=0))
    for name in names if len(names) > 1 else ():
        if sizes[name] <= left:
            chosen.add(name)
            left -= sizes[name]
    kept = [r for r, group in zip(records, groups, strict=True) if group in chosen]
    return [r for r, group in zip(records, groups, strict=True) if group not in chosen], kept


def _weighed(tagger: Tagger, dev: Sequence[TaggedSentence]) -> Tagger:
    """Raise or lower the tags of spans against "O" by what gets the most spans exactly right on dev (micro F1).

    The perceptron learns each word's likeliest tag. Where spans are rare and annotators disagree that is nearly always
    "O": of BABE's loaded words it found one in nine. Candidates are what would give span tags the lead in a twentieth,
    two twentieths, ... of the sentences; a gain below .002 is left to chance.
    """
    gold = [set(spans_of_tags(s.tags)) for s in dev]
    if not any(gold):
        return tagger
    batches, evidence, emissions = list(_batches([s.words for s in dev])), [], []
    for batch in batches:
        shared = word_features(batch)
        evidence.append(tagger.tag(batch, shared).evidence)
        emissions.append(tagger.table.sums(np.concatenate((shared, tagger.features(batch)))))

    def f1(by: float) -> float:
        moved = _raised(tagger.transitions, by)
        paths = [viterbi(each, batch.bounds, moved) for each, batch in zip(emissions, batches, strict=True)]
        found = [
            set(spans_of_tags([tagger.tags[i] for i in path[first:last]]))
            for path, batch in zip(paths, batches, strict=True)
            for first, last in batch.bounds
        ]
        hits = sum(len(one & other) for one, other in zip(gold, found, strict=True))
        return 2 * hits / (sum(map(len, gold)) + sum(map(len, found)))

    candidates = -np.quantile(np.concatenate(evidence), np.arange(0.05, 1.0, 0.05))
    best = max((float(by) for by in candidates), key=f1)
    if f1(best) < f1(0.0) + _LEAST_GAIN:
        return tagger
    return replace(tagger, transitions=_raised(tagger.transitions, best))


def _raised(transitions: NDArray[np.float32], by: float) -> NDArray[np.float32]:
    """Transitions that raise every tag but "O" by so much."""
    moved = transitions.copy()
    moved[:, 1:] += np.float32(by)
    return moved


def _calibrated(tagger: Tagger, dev: Sequence[TaggedSentence]) -> Tagger:
    """Fit, per kind, the chance that a found span is exactly right from its mean margin.

    A kind that is not found on dev takes the fit of all kinds together.
    """
    seen: dict[str, tuple[list[float], list[bool]]] = {}
    for sentence, runs in zip(dev, _runs(tagger, [s.words for s in dev]), strict=True):
        gold = set(spans_of_tags(sentence.tags))
        for run in runs:
            found, right = seen.setdefault(run.kind, ([], []))
            found.append(run.margin)
            right.append((run.kind, run.first, run.last) in gold)
    if not seen:
        return tagger
    together = ([m for found, _ in seen.values() for m in found], [r for _, right in seen.values() for r in right])
    calibration = {}
    for kind in dict.fromkeys(tag[2:] for tag in tagger.tags if tag != "O"):
        found, right = seen.get(kind, together)
        calibration[kind] = fit_sigmoid(np.array(found, dtype=np.float32), np.array(right))
    return replace(tagger, calibration=calibration)


def _runs(tagger: Tagger, sentences: Sequence[Sequence[Word]]) -> Iterator[list[Run]]:
    """The runs of tags found in each sentence."""
    for batch in _batches(sentences):
        found: list[list[Run]] = [[] for _ in batch.sentences]
        for run in tagger.runs(batch, tagger.tag(batch, word_features(batch))):
            found[run.sentence].append(run)
        yield from found


def _texts(records: Sequence[LabelledSentence], ngrams: int) -> list[NDArray[np.uint32]]:
    """The hashed n-grams of each record's text."""
    batches = _batches([split_words(r.text) for r in records])
    return [features for batch in batches for features in text_features(batch, ngrams)]


def _batches(sentences: Sequence[Sequence[Word]]) -> Iterator[Batch]:
    for at in range(0, len(sentences), _BATCH):
        yield Batch.of(sentences[at : at + _BATCH])


def _scaled(model: Classifier, slope: float, shift: float) -> Classifier:
    size = len(model.slopes)
    return replace(model, slopes=np.full(size, slope, np.float32), shifts=np.full(size, shift, np.float32))


def _check_labels(part: str, labels: NDArray[np.intp], names: Sequence[str], use: str) -> None:
    missing = [name for i, name in enumerate(names) if not (labels == i).any()]
    if missing:
        raise SlantwiseError(
            f"examples of every {part} label to {use}", f"no {', '.join(missing)}", "add a corpus that has them"
        )
