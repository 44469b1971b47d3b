"""What an encoder is taught: one sample is one sentence with all that it is labelled for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from slantwise.errors import SlantwiseError
from slantwise.labels import TASK_LABELS, SpanLabel, Task
from slantwise.linear.classify import View
from slantwise.reading import Reading
from slantwise.records import LabelledSentence
from slantwise_training.examples import Library, normalised, stance_examples
from slantwise_training.linear.perceptron import tagged_sentence
from slantwise_training.recipe import LayerRecipe, Recipe, TaskRecipe

__all__ = ["Material", "Sample", "Target", "gather", "samples_of", "view_of"]

_DEV_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Target:
    """A stretch of the sentence, or the second segment when `start == end`; `label` counts against, neutral, favor."""

    start: int
    end: int
    label: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence and its labels; what is not listed is unlabelled and takes no part in the loss.

    Args:
        text: the sentence.
        second: what follows it as a second segment: the name of a target that it does not mention, or the holder (a
            source it names) whose stance is asked for. A holder's stance is another question than the author's.
        tasks: the index of each labelled task's label.
        tags: per labelled layer, a BIO tag for each word of `split_words`.
        targets: labelled targets.
    """

    text: str
    second: str = ""
    tasks: Mapping[Task, int] = field(default_factory=dict)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """Samples to train on, per selection; to develop on, per part (each with the labels of that part alone)."""

    train: dict[str, list[Sample]]
    dev: dict[str, list[Sample]]

    def texts(self, each: int = 32) -> list[str]:
        """Training sentences for calibrating activations, up to so many of each selection, evenly drawn."""
        chosen: list[str] = []
        for samples in self.train.values():
            chosen += [samples[i * len(samples) // each].text for i in range(each if samples else 0)]
        return list(dict.fromkeys(chosen))


def view_of(sample: Sample, target: Target) -> View:
    """How a target's stance is asked for."""
    if target.start == target.end:
        return View.TOPIC
    return View.HELD if sample.second else View.MENTION


def gather(recipe: Recipe, library: Library) -> Material:
    """Read a recipe's corpora into samples.

    Since the parts share one encoder, what one part holds out or develops on trains none. A part without `dev` is
    given a tenth of the documents it trains on (of the corpora in `calibrate_on`, where a task names some).

    Raises:
        SlantwiseError: a part has nothing to train on.
        AskedWrong: a corpus is not there.
    """
    parts = recipe.parts()
    selections = dict.fromkeys(s for part in parts.values() for s in part.train)
    records = {str(s): library.training([s], recipe.unseen) for s in selections}
    seed = recipe.seed if recipe.dev_seed is None else recipe.dev_seed
    drawn = {name: _drawn(part, records, seed) for name, part in parts.items() if not part.dev}
    held = _Held.of(r for each in drawn.values() for r in each)
    for selection, each in records.items():
        records[selection] = [r for r in each if r not in held]
        library.used[selection] = len(records[selection])
    only = {} if recipe.encoder is None else recipe.encoder.calibrate_on
    for name in drawn.keys() & only.keys():
        drawn[name] = [r for r in drawn[name] if r.corpus in only[name]]
    train: dict[str, list[Sample]] = {}
    for selection, each in records.items():
        own = {name: part for name, part in parts.items() if selection in map(str, part.train)}
        train[selection] = samples_of(each, own)
    for name, part in parts.items():
        _check(name, part, [sample for s in part.train for sample in train[str(s)]])
    dev = {
        name: samples_of(library.records(part.dev) if part.dev else drawn[name], {name: part})
        for name, part in parts.items()
    }
    return Material(train, dev)


def samples_of(records: Iterable[LabelledSentence], parts: Mapping[str, TaskRecipe | LayerRecipe]) -> list[Sample]:
    """Records as samples, with the labels of these parts (named as `Recipe.parts` does); unlabelled ones are left out.

    Records of one sentence become one sample; where two label the same thing the first counts.
    """
    found: dict[tuple[str, str], _Draft] = {}
    for record in records:
        plain = found.setdefault((record.text, ""), _Draft())
        for name, part in parts.items():
            if isinstance(part, LayerRecipe):
                if all(label in record.exhaustive for label in part.labels):
                    # one layer learns of many corpora, which disagree on the bounds of names
                    tags = tagged_sentence(record, part, bare_names=True).tags
                    plain.tags.setdefault(name.partition(".")[2], tuple(tags))
            elif name != "stance":
                task = Task(name.partition(".")[2])
                if task in record.labels:
                    plain.tasks.setdefault(task, TASK_LABELS[task].index(record.labels[task]))
        if "stance" in parts:
            _add_stances(record, found)
    return [
        Sample(text, second, draft.tasks, draft.tags, tuple(Target(*at, label) for at, label in draft.targets.items()))
        for (text, second), draft in found.items()
        if draft.tasks or draft.tags or draft.targets
    ]


@dataclass(slots=True)
class _Draft:
    """A sample while records are merged into it."""

    tasks: dict[Task, int] = field(default_factory=dict)
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    targets: dict[tuple[int, int], int] = field(default_factory=dict)


def _add_stances(record: LabelledSentence, found: dict[tuple[str, str], _Draft]) -> None:
    for example in stance_examples([record], [Reading(record.text, {}, ())]):
        mention = example.mention
        holder = record.text[slice(*mention.holder)] if mention.holder else ""
        second = holder if mention.start < mention.end else mention.name
        draft = found.setdefault((record.text, second), _Draft())
        draft.targets.setdefault((mention.start, mention.end), example.label)


@dataclass(frozen=True, slots=True)
class _Held:
    """Texts, normalised, and documents that were drawn for dev."""

    texts: set[str]
    documents: set[str]

    @classmethod
    def of(cls, records: Iterable[LabelledSentence]) -> _Held:
        held = cls(set(), set())
        for record in records:
            held.texts.add(normalised(record.text))
            held.documents.add(record.doc.id)
        return held

    def __contains__(self, record: LabelledSentence) -> bool:
        return record.doc.id in self.documents or normalised(record.text) in self.texts


def _drawn(
    part: TaskRecipe | LayerRecipe, records: Mapping[str, Sequence[LabelledSentence]], seed: int
) -> list[LabelledSentence]:
    """A tenth of the documents of a part's training records, drawn by a hash so that parts draw alike."""
    only = part.calibrate_on if isinstance(part, TaskRecipe) else ()
    pool = [r for s in part.train if not only or s.corpus in only for r in records[str(s)]]
    documents = sorted({r.doc.id for r in pool}, key=lambda name: (crc32(f"{seed}/{name}".encode()), name))
    if len(documents) < 2:
        return []
    chosen = set(documents[: max(1, int(len(documents) * _DEV_SHARE))])
    return [r for r in pool if r.doc.id in chosen]


def _check(name: str, part: TaskRecipe | LayerRecipe, samples: Sequence[Sample]) -> None:
    """A part needs examples of what it is to find."""
    if isinstance(part, LayerRecipe):
        labels: Sequence[SpanLabel | str] = part.labels
        layer = name.partition(".")[2]
        found: set[object] = {tag[2:].partition(":")[0] for s in samples for tag in s.tags.get(layer, ())}
    elif name == "stance":
        # a corpus may hold nothing but pairs that take sides, as SEESAW does
        labels, stances = ("against", "favor"), ("against", "neutral", "favor")
        found = {stances[target.label] for s in samples for target in s.targets}
    else:
        task = Task(name.partition(".")[2])
        labels, found = TASK_LABELS[task], {TASK_LABELS[task][s.tasks[task]] for s in samples if task in s.tasks}
    missing = [str(label) for label in labels if str(label) not in found]
    if missing:
        expected = f"examples of every label to train {name} on"
        raise SlantwiseError(expected, f"no {', '.join(missing)}", "add a corpus that has them")
