"""A recipe: which corpora train which part of a model, and how. TOML in, one flat dataclass per part out."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from slantwise.errors import AskedWrong
from slantwise.labels import SPAN_VALUES, SpanLabel, Task
from slantwise_training.corpora import find_corpus

__all__ = ["LayerRecipe", "Recipe", "Selection", "TaskRecipe", "load_recipe"]

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Selection:
    """A corpus and one of its splits, written "corpus:split"."""

    corpus: str
    split: str

    def __str__(self) -> str:
        return f"{self.corpus}:{self.split}"

    @classmethod
    def parse(cls, written: str) -> Selection:
        """Read "corpus:split".

        Raises:
            AskedWrong: no such corpus or split.
        """
        name, colon, split = written.partition(":")
        corpus = find_corpus(name)
        if not colon or split not in corpus.splits:
            known = ", ".join(f"{name}:{s}" for s in corpus.splits)
            raise AskedWrong(f"one of {known}", repr(written), "name the corpus and its split")
        return cls(name, split)


@dataclass(frozen=True, slots=True)
class TaskRecipe:
    """A label classifier: TF-IDF over word n-grams and logistic regression.

    With `layer` the task is answered by that layer instead: a sentence is positive as surely as it holds a span of it.
    `c` is the inverse strength of regularisation; features seen in fewer than `min_count` texts are left out.
    `held_out` are splits that must stay unseen: training records that give them away are dropped and counted.
    Calibration and threshold come from `dev`; without it, from five-fold predictions over the training documents of
    `calibrate_on` (all corpora when empty). `metric` is what the threshold maximises: f1 or macro_f1.
    """

    train: tuple[Selection, ...] = ()
    held_out: tuple[Selection, ...] = ()
    dev: tuple[Selection, ...] = ()
    layer: str = ""
    calibrate_on: tuple[str, ...] = ()
    c: float = 4.0
    min_count: int = 2
    metric: str = "macro_f1"

    def __post_init__(self) -> None:
        if bool(self.train) is bool(self.layer):
            raise AskedWrong("a task with either train or layer", "both or neither", "give one of the two")
        if self.c <= 0:
            raise AskedWrong("c above 0", str(self.c), "see docs/recipes.md")
        if self.metric not in ("f1", "macro_f1"):
            raise AskedWrong("metric f1 or macro_f1", repr(self.metric), "choose one of the two")


@dataclass(frozen=True, slots=True)
class LayerRecipe:
    """A span layer: an averaged structured perceptron over BIO tags.

    `labels` are the layer's span labels; `kinds` splits them by value (a hedge cue's kind), `values` keeps spans of
    these values alone. `lexicon` are the labels whose telling words are learned as far-reaching features. `held_out`
    are splits that must stay unseen. Without `dev` a tenth of the documents is kept for calibration.
    """

    labels: tuple[SpanLabel, ...]
    train: tuple[Selection, ...]
    held_out: tuple[Selection, ...] = ()
    dev: tuple[Selection, ...] = ()
    lexicon: tuple[SpanLabel, ...] = ()
    kinds: bool = False
    values: tuple[str, ...] = ()
    epochs: int = 6
    min_count: int = 2

    def __post_init__(self) -> None:
        known = {str(v) for label in self.labels for v in SPAN_VALUES[label] or ()}
        for value in self.values:
            if value not in known:
                raise AskedWrong(f"values among {', '.join(sorted(known))}", repr(value), "choose among these")
        if self.epochs < 1:
            raise AskedWrong("epochs of 1 or more", str(self.epochs), "see docs/recipes.md")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything needed to train one model."""

    name: str
    family: str = "linear"
    seed: int = 13
    ngrams: int = 2
    tasks: Mapping[Task, TaskRecipe] = field(default_factory=dict)
    layers: Mapping[str, LayerRecipe] = field(default_factory=dict)
    stance: TaskRecipe | None = None

    def __post_init__(self) -> None:
        if self.family != "linear":
            raise AskedWrong("family linear", repr(self.family), "choose a family this version trains")
        if not self.tasks and not self.layers and self.stance is None:
            raise AskedWrong("at least one of [tasks.*], [layers.*], [stance]", "none", "add a part to train")
        for task, part in self.tasks.items():
            if part.layer and part.layer not in self.layers:
                raise AskedWrong(f"a layer of this recipe for task {task}", repr(part.layer), "add [layers.NAME]")


def load_recipe(path: Path) -> Recipe:
    """Read a recipe file.

    Raises:
        AskedWrong: no such file, not TOML, an unknown key (the nearest known one is named), an unknown corpus.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AskedWrong(f"a recipe file at {path}", error.strerror or "nothing", "check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AskedWrong(f"TOML in {path}", str(error), "correct the file") from None
    where = str(path)
    tasks = {
        Task(_known(name, list(Task), f"{where} [tasks]")): _part(TaskRecipe, entry, f"{where} [tasks.{name}]")
        for name, entry in _table(raw.pop("tasks", {}), f"{where} [tasks]").items()
    }
    layers = {
        name: _part(LayerRecipe, entry, f"{where} [layers.{name}]")
        for name, entry in _table(raw.pop("layers", {}), f"{where} [layers]").items()
    }
    stance = _part(TaskRecipe, raw.pop("stance"), f"{where} [stance]") if "stance" in raw else None
    raw.setdefault("name", path.stem)
    top = _part(_Top, raw, where)
    return Recipe(top.name, top.family, top.seed, top.ngrams, tasks, layers, stance)


@dataclass(frozen=True, slots=True)
class _Top:
    """The keys of a recipe outside its tables."""

    name: str
    family: str = "linear"
    seed: int = 13
    ngrams: int = 2


_WRITTEN_AS: dict[str, tuple[Callable[[str], object], str]] = {
    "train": (Selection.parse, "a list of corpus:split"),
    "dev": (Selection.parse, "a list of corpus:split"),
    "held_out": (Selection.parse, "a list of corpus:split"),
    "labels": (SpanLabel, "a list of span labels"),
    "lexicon": (SpanLabel, "a list of span labels"),
    "values": (str, "a list of span values"),
    "calibrate_on": (str, "a list of corpus names"),
}
_SCALARS = {"str": str, "int": int, "float": (int, float), "bool": bool}


def _part(kind: type[Part], entry: object, where: str) -> Part:
    """Build a dataclass from a TOML table, checking every key and value."""
    table = _table(entry, where)
    known = {f.name: str(f.type) for f in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in table.items():
        _known(key, list(known), where)
        values[key] = _value(key, value, known[key], where)
    try:
        return kind(**values)
    except TypeError:
        needed = [f.name for f in fields(kind) if f.name not in values]  # type: ignore[arg-type]
        raise AskedWrong(f"key {needed[0]} in {where}", "no such key", "add it") from None


def _value(key: str, value: object, annotation: str, where: str) -> object:
    if key in _WRITTEN_AS:
        convert, expected = _WRITTEN_AS[key]
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise AskedWrong(f"{expected} as {key} in {where}", repr(value), "write it in brackets")
        try:
            return tuple(convert(v) for v in value)
        except ValueError as error:
            raise AskedWrong(f"{expected} as {key} in {where}", str(error), "choose known labels") from None
    wanted = _SCALARS[annotation]
    if not isinstance(value, wanted) or (isinstance(value, bool) and annotation != "bool"):  # type: ignore[arg-type]
        raise AskedWrong(f"{key} as {annotation} in {where}", repr(value), "correct the value")
    return value


def _table(entry: object, where: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise AskedWrong(f"a table at {where}", repr(entry), "write it as [table]")
    return entry


def _known(key: str, known: list[str], where: str) -> str:
    if key not in known:
        near = get_close_matches(key, known, n=1)
        do = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known)}"
        raise AskedWrong(f"a known key in {where}", repr(key), do)
    return key
