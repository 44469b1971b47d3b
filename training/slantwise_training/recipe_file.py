"""A recipe file: TOML in, a `Recipe` out, and one line for whatever is wrong in it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from slantwise.errors import AskedWrong
from slantwise.labels import SpanLabel, Task
from slantwise_training.recipe import (
    EncoderRecipe,
    LayerRecipe,
    Recipe,
    Selection,
    SilverRecipe,
    TaskRecipe,
    check_known,
)

__all__ = ["load_recipe"]

Part = TypeVar("Part")
Splits = TypeVar("Splits", TaskRecipe, LayerRecipe)


def load_recipe(path: Path) -> Recipe:
    """Read a recipe file.

    Raises:
        AskedWrong: no such file, not TOML, an unknown key (the nearest known one is named), an unknown corpus, values
            that contradict each other. The message names the file and the table.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AskedWrong(f"a recipe file at {path}", error.strerror or "nothing", "check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AskedWrong(f"TOML in {path}", str(error), "correct the file") from None
    where = str(path)
    tasks = {
        Task(check_known(name, list(Task), f"{where} [tasks]")): _part(TaskRecipe, entry, f"{where} [tasks.{name}]")
        for name, entry in _table(raw.pop("tasks", {}), f"{where} [tasks]").items()
    }
    layers = {
        name: _part(LayerRecipe, entry, f"{where} [layers.{name}]")
        for name, entry in _table(raw.pop("layers", {}), f"{where} [layers]").items()
    }
    stance = _part(TaskRecipe, raw.pop("stance"), f"{where} [stance]") if "stance" in raw else None
    encoder = raw.pop("encoder", {} if raw.get("family") == "encoder" else None)
    silver = _part(SilverRecipe, raw.pop("silver"), f"{where} [silver]") if "silver" in raw else None
    raw.setdefault("name", path.stem)
    top = _part(_Top, raw, where, ("tasks", "layers", "stance", "encoder", "silver"))
    settings = None if encoder is None else _part(EncoderRecipe, encoder, f"{where} [encoder]")
    with _told_in(where):
        return Recipe(
            top.name,
            top.family,
            top.seed,
            top.ngrams,
            {task: _holding_out(part, top.held_out) for task, part in tasks.items()},
            {name: _holding_out(layer, top.held_out) for name, layer in layers.items()},
            None if stance is None else _holding_out(stance, top.held_out),
            settings,
            silver,
            top.dev_seed,
        )


@dataclass(frozen=True, slots=True)
class _Top:
    """The keys of a recipe outside its tables; `held_out` is held out of every part."""

    name: str
    family: str = "linear"
    seed: int = 13
    dev_seed: int | None = None
    ngrams: int = 2
    held_out: tuple[Selection, ...] = ()


def _holding_out(part: Splits, more: tuple[Selection, ...]) -> Splits:
    if isinstance(part, TaskRecipe) and part.layer:
        return part
    return replace(part, held_out=tuple(dict.fromkeys((*part.held_out, *more)))) if more else part


_WRITTEN_AS: dict[str, tuple[Callable[[str], object], str]] = {
    "train": (Selection.parse, "a list of corpus:split"),
    "dev": (Selection.parse, "a list of corpus:split"),
    "held_out": (Selection.parse, "a list of corpus:split"),
    "labels": (SpanLabel, "a list of span labels"),
    "lexicon": (SpanLabel, "a list of span labels"),
    "values": (str, "a list of span values"),
    "calibrate_on": (str, "a list of corpus names"),
    "texts": (Selection.parse, "a list of corpus:split"),
    "teachers": (str, "a list of model folders"),
}
_SCALARS = {"str": str, "int": int, "float": (int, float), "bool": bool}


@contextmanager
def _told_in(where: str) -> Iterator[None]:
    """Say in an error where in the file it is."""
    try:
        yield
    except AskedWrong as error:
        raise AskedWrong(f"{error.expected} in {where}", error.found, error.do) from None


def _part(kind: type[Part], entry: object, where: str, others: Sequence[str] = ()) -> Part:
    """Build a dataclass from a TOML table, checking every key and value; `others` are keys read elsewhere."""
    table = _table(entry, where)
    known = {f.name: str(f.type) for f in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in table.items():
        check_known(key, [*known, *others], where)
        values[key] = _value(key, value, known[key], where)
    try:
        with _told_in(where):
            return kind(**values)
    except TypeError:
        needed = [f.name for f in fields(kind) if f.name not in values]  # type: ignore[arg-type]
        raise AskedWrong(f"key {needed[0]} in {where}", "no such key", "add it") from None


def _value(key: str, value: object, annotation: str, where: str) -> object:
    if key == "caps":
        caps = _table(value, f"{where} caps")
        with _told_in(f"{where} caps"):
            selections = {name: Selection.parse(name) for name in caps}
        return {str(selections[name]): _value(name, cap, "int", where) for name, cap in caps.items()}
    if key in ("weights", "lowest"):
        numbers = _table(value, f"{where} {key}")
        return {name: _value(name, number, "float", f"{where} {key}") for name, number in numbers.items()}
    if key == "calibrate_on" and isinstance(value, dict):
        return {name: _value(key, corpora, "", f"{where} calibrate_on") for name, corpora in value.items()}
    if key == "seeds":
        if not isinstance(value, list):
            raise AskedWrong(f"a list of seeds in {where}", repr(value), "write it in brackets")
        return tuple(_value("a seed", seed, "int", where) for seed in value)
    if key in _WRITTEN_AS:
        convert, expected = _WRITTEN_AS[key]
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise AskedWrong(f"{expected} as {key} in {where}", repr(value), "write it in brackets")
        try:
            with _told_in(f"{where} {key}"):
                return tuple(convert(v) for v in value)
        except ValueError as error:
            raise AskedWrong(f"{expected} as {key} in {where}", str(error), "choose known labels") from None
    # what may be left out is never written as nothing
    annotation = annotation.removesuffix(" | None")
    wanted = _SCALARS[annotation]
    if not isinstance(value, wanted) or (isinstance(value, bool) and annotation != "bool"):  # type: ignore[arg-type]
        raise AskedWrong(f"{key} as {annotation} in {where}", repr(value), "correct the value")
    return value


def _table(entry: object, where: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise AskedWrong(f"a table at {where}", repr(entry), "write it as [table]")
    return entry
