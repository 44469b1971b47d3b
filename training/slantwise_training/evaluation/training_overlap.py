"""What a model has seen of a test set: the records its recipe trains each part on, read once and compared by text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slantwise.errors import SlantwiseError
from slantwise.labels import SpanLabel
from slantwise.records import LabelledSentence
from slantwise_training.evaluation.baselines import stance_targets
from slantwise_training.evaluation.evaluate import document_of
from slantwise_training.evaluation.result import ATTRIBUTION, DIRECTED, STANCE, Evaluation
from slantwise_training.evaluation.slices import Known
from slantwise_training.examples import Library, normalised
from slantwise_training.recipe import LayerRecipe, Recipe, TaskRecipe
from slantwise_training.recipe_file import load_recipe

__all__ = ["LEAST_WORDS", "Overlap", "TrainedOn", "is_telling", "overlap_with"]

LEAST_WORDS = 5
_RECIPE = "recipe.toml"
_NOT_LOOKED_FOR = "overlap with the model's training was not looked for"
_ATTRIBUTING = frozenset({SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT})


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many evaluated sentences a part of the model was trained on, by normalised text and by document.

    `sentences` have their text in training, shorter ones than `LEAST_WORDS` aside; `documents` counts sentences whose
    document has others there.
    """

    part: str
    measures: tuple[str, ...]
    trained: int
    sentences: int
    documents: int
    of: int

    def to_json(self) -> dict[str, Any]:
        """The overlap as a JSON object."""
        return {name: getattr(self, name) for name in ("part", "measures", "trained", "sentences", "documents", "of")}


@dataclass
class TrainedOn:
    """The training records of a model by part, as its recipe and the corpora on disk tell; parts are read when asked.

    `missing` says in one line why nothing is known, where nothing is. An encoder's parts share what they read, so all
    of them count as one.
    """

    missing: str = ""
    parts: dict[str, _Part] = field(default_factory=dict)
    library: Library | None = None

    @classmethod
    def of(cls, folder: Path, root: Path | None) -> TrainedOn:
        """Read a model folder's recipe; never raises, since an evaluation is worth having without."""
        if root is None:
            return cls(f"{_NOT_LOOKED_FOR}: no folder of corpora here")
        try:
            return cls(parts=_parts(load_recipe(folder / _RECIPE)), library=Library(root))
        except SlantwiseError as error:
            return cls(f"{_NOT_LOOKED_FOR}: {error}")

    def known(self, measure: str) -> Known:
        """What the part behind a measure has seen; nothing known where there is no such part."""
        parts = self.parts_for(measure)
        if not parts:
            return Known()
        texts = frozenset().union(*(part.texts for part in parts))
        targets = frozenset().union(*(part.targets for part in parts))
        return Known(texts, targets if measure in (STANCE, DIRECTED) else None)

    def parts_for(self, measure: str) -> list[_Part]:
        """The parts that answer a measure, read; those whose corpora are not here are given up, see `missing`."""
        for name in [name for name, part in self.parts.items() if measure in part.measures]:
            try:
                self.parts[name].read(self.library)
            except SlantwiseError as error:
                self.missing = f"{_NOT_LOOKED_FOR} ({name}): {error}"
                del self.parts[name]
        return [part for part in self.parts.values() if measure in part.measures]

    @property
    def stance_records(self) -> list[LabelledSentence]:
        """The training records with stances."""
        return [record for part in self.parts_for(STANCE) for record in part.stances]


@dataclass(slots=True)
class _Part:
    """What one part was trained on: `selections` with what is held out of each, and what was read of them."""

    measures: tuple[str, ...] = ()
    selections: list[TaskRecipe | LayerRecipe] = field(default_factory=list)
    trained: int = 0
    texts: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    stances: list[LabelledSentence] = field(default_factory=list)

    def read(self, library: Library | None) -> None:
        while self.selections and library is not None:
            part = self.selections[-1]
            self._add(library.training(part.train, part.held_out))
            self.selections.pop()

    def _add(self, records: Sequence[LabelledSentence]) -> None:
        for record in records:
            self.texts.add(normalised(record.text))
            self.documents.add(document_of(record))
            targets = stance_targets(record)
            if targets:
                self.targets.update(normalised(target) for target, _ in targets)
                self.stances.append(record)
        self.trained += len(records)


def overlap_with(trained: TrainedOn, records: Sequence[LabelledSentence], evaluation: Evaluation) -> list[Overlap]:
    """Compare a test set with every part that answers one of its measures."""
    rows = []
    for measure in evaluation.measures:
        trained.parts_for(measure)
    for name, part in trained.parts.items():
        measures = tuple(measure for measure in evaluation.measures if measure in part.measures)
        if not measures:
            continue
        texts = sum(is_telling(record.text) and normalised(record.text) in part.texts for record in records)
        documents = sum(document_of(record) in part.documents for record in records)
        rows.append(Overlap(name, measures, part.trained, texts, documents, len(records)))
    return rows


def is_telling(text: str) -> bool:
    """Whether a copy is no chance: "He said." in two places is no leak."""
    return len(text.split()) >= LEAST_WORDS


def _parts(recipe: Recipe) -> dict[str, _Part]:
    parts: dict[str, _Part] = {}
    for name, part in recipe.parts().items():
        key = name if recipe.encoder is None else "the encoder"
        held = parts.setdefault(key, _Part())
        held.measures += _measures(recipe, name, part)
        held.selections.append(part)
    return parts


def _measures(recipe: Recipe, name: str, part: object) -> tuple[str, ...]:
    """The measures that a part answers."""
    if name == STANCE:
        return (STANCE, DIRECTED)
    if not isinstance(part, LayerRecipe):
        return (name.removeprefix("tasks."),)
    layer = name.removeprefix("layers.")
    tasks = tuple(str(task) for task, each in recipe.tasks.items() if each.layer == layer)
    attribution = (ATTRIBUTION,) if _ATTRIBUTING & set(part.labels) else ()
    return (*map(str, part.labels), *tasks, *attribution)
