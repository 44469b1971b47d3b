"""A model is a folder of plain files; `config.json` names them with their sha256. Loading one executes nothing."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.fields import shown
from slantwise.files import atomic_folder, read_settings, sha256_of, write_json
from slantwise.linear import WEIGHTS, LinearBackend
from slantwise.reading import Backend
from slantwise.score import ModelName

__all__ = ["DEFAULT_MODEL", "Model", "SavedBackend", "check_destination", "load_model", "model_name", "save_model"]

SCHEMA = "slantwise-model/1"
DEFAULT_MODEL = Path(__file__).parent / "default"
MEASURED = ("precision.json", "hyperpartisan.json", "hyperpartisan.npz")
"""What is measured of a model, or fitted on its scores, lies in its folder too, and goes with it.

See `slantwise.check` and `slantwise.partisanship`.
"""
_MOST_FILES = 64
_MOST_BYTES = 1 << 32
"""Of all files of a model: an ONNX file cannot be larger than half of it."""
_LONGEST_NAME = 100
_LONGEST_REASON = 200
_UNSOUND = (
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    MemoryError,
    ArithmeticError,
)
"""What reading arrays and settings raises that were made by somebody who knows the hashes, but not the format."""


class SavedBackend(Backend, Protocol):
    """A backend that a model folder can hold."""

    @property
    def family(self) -> str:
        """What `config.json` calls its family."""
        ...

    def save(self, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
        """Write its weights into a folder; give what `config.json` and `calibration.json` must hold besides."""
        ...


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded model: its backend, its name and hash, and its `config.json` (corpora trained on, family, ...)."""

    backend: Backend
    name: ModelName
    config: Mapping[str, Any]


def load_model(folder: Path | str | None = None) -> Model:
    """Load a model folder, the shipped default where none is named.

    Raises:
        AskedWrong: there is no model folder there.
        SlantwiseError: a file is missing or was altered, or the family is unknown to this version.

    Files may be links, as in the caches of model hubs: what they hold is checked all the same.
    """
    folder = DEFAULT_MODEL if folder is None else Path(folder)
    config = _config(folder)
    family = config.get("family")
    if family not in ("linear", "encoder"):
        raise SlantwiseError("a model of family linear or encoder", shown(family), "install a newer slantwise")
    try:
        backend = _linear(folder, config) if family == "linear" else _encoder(folder, config)
    except _UNSOUND as error:
        found = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST_REASON]
        raise SlantwiseError(f"a sound model in {folder}", found, "train it anew") from error
    return Model(backend, ModelName(config["name"], _hash_of(config)), config)


def model_name(folder: Path | str | None = None) -> ModelName:
    """A model's name and hash, without loading its weights."""
    config = _config(DEFAULT_MODEL if folder is None else Path(folder))
    return ModelName(config["name"], _hash_of(config))


def save_model(
    folder: Path, backend: SavedBackend, name: str, recipe: str, card: str, about: Mapping[str, Any]
) -> ModelName:
    """Write a model folder whole or not at all; an earlier model there is replaced, anything else is refused.

    Args:
        folder: where.
        backend: the trained model.
        name: the model's name.
        recipe: the text of its recipe file.
        card: the text of its README.md.
        about: further keys of `config.json` (corpora trained on, versions).

    Raises:
        AskedWrong: the folder holds something that is not a model, or cannot be made.
    """
    check_destination(folder)
    with atomic_folder(folder) as part:
        config, calibration = backend.save(part)
        write_json(part / "calibration.json", calibration)
        (part / "recipe.toml").write_text(recipe, encoding="utf-8")
        (part / "README.md").write_text(card, encoding="utf-8")
        files = {path.name: sha256_of(path) for path in sorted(part.iterdir())}
        whole = {"schema": SCHEMA, "name": name, "family": backend.family, **about, "model": config, "files": files}
        write_json(part / "config.json", whole)
    return ModelName(name, _hash_of(whole))


def check_destination(folder: Path) -> None:
    """Refuse a place where no model can be written, or where something else than a model would be replaced.

    Raises:
        AskedWrong: the folder is a file, has no parent folder, or holds more than one model's own files.
    """
    if not folder.parent.is_dir():
        raise AskedWrong(f"a folder {folder.parent} to write {folder.name} in", "none", "create the folder first")
    if folder.exists() and not folder.is_dir():
        raise AskedWrong(f"a model folder or nothing at {folder}", "a file", "name another place")
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if not there:
        return
    try:
        own = {"config.json", *MEASURED, *_config(folder).get("files", ())}
    except SlantwiseError:
        own = set()
    if others := sorted(there - own):
        found = f"a folder with other files ({', '.join(others[:3])}{', ...' if len(others) > 3 else ''})"
        raise AskedWrong(f"a model folder or nothing at {folder}", found, "name another one")


def _linear(folder: Path, config: Mapping[str, Any]) -> Backend:
    _verify(folder, config, ("calibration.json", WEIGHTS))
    return LinearBackend.load(folder, config["model"], read_settings(folder / "calibration.json"))


def _encoder(folder: Path, config: Mapping[str, Any]) -> Backend:
    # a linear model needs neither the module nor onnxruntime
    from slantwise.encoder import FILES, EncoderBackend

    _verify(folder, config, ("calibration.json", *FILES))
    return EncoderBackend.load(folder, config["model"], read_settings(folder / "calibration.json"))


def _config(folder: Path) -> dict[str, Any]:
    if not os.path.isfile(folder / "config.json"):
        raise AskedWrong(f"a model folder at {folder}", "no config.json there", "name a folder that slantwise trained")
    config = read_settings(folder / "config.json")
    if not isinstance(config, dict) or config.get("schema") != SCHEMA or "name" not in config:
        raise SlantwiseError(f"schema {SCHEMA} in {folder}/config.json", "another", "train the model with this version")
    name = config["name"]
    # it is printed on terminals and into reports
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= _LONGEST_NAME:
        expected = f"a model's name of 1 to {_LONGEST_NAME} printable characters in {folder}/config.json"
        raise SlantwiseError(expected, shown(name), "copy the whole model folder again")
    return config


def _verify(folder: Path, config: Mapping[str, Any], needed: Sequence[str]) -> None:
    """Check every file against its hash; no file that is read may go without one."""
    files = config.get("files")
    missing = [name for name in needed if not isinstance(files, dict) or name not in files]
    if missing or not isinstance(files, dict):
        found = f"no {', '.join(missing)}"
        raise SlantwiseError(f"the hashes of all files in {folder}/config.json", found, "train the model anew")
    again = "copy the whole model folder again"
    if len(files) > _MOST_FILES:
        raise SlantwiseError(f"at most {_MOST_FILES} files in {folder}/config.json", str(len(files)), again)
    sizes = {}
    for name in files:
        path = folder / name
        if path.name != name or path.parent != folder or not os.path.isfile(path):
            raise SlantwiseError(f"{shown(name)} in {folder}", "no such file", again)
        sizes[name] = path.stat().st_size
        if not sizes[name] and name in needed:
            raise SlantwiseError(f"{name} in {folder}", "an empty file", again)
    # a link may lead to a file that the system makes up, which is longer than any disk or called empty and never ends
    if sum(sizes.values()) > _MOST_BYTES:
        raise SlantwiseError(f"a model of at most {_MOST_BYTES >> 30} GiB in {folder}", "a larger one", again)
    for name, expected in files.items():
        found = sha256_of(folder / name) if sizes[name] else sha256().hexdigest()
        if found != expected:
            known, do = shown(expected)[:13].strip("'"), "the file was altered: copy the model again"
            raise SlantwiseError(f"sha256 {known} of {folder / name}", found[:12], do)


def _hash_of(config: Mapping[str, Any]) -> str:
    """One hash for the model: over its configuration, which holds the hashes of all its files."""
    text = json.dumps(config, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
