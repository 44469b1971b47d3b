"""A model is a folder of plain files; `config.json` names them with their sha256. Loading one executes nothing."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.files import atomic_folder, read_json, sha256_of, write_json
from slantwise.linear import WEIGHTS, LinearBackend
from slantwise.reading import Backend
from slantwise.score import ModelName

__all__ = ["DEFAULT_MODEL", "Model", "SavedBackend", "check_destination", "load_model", "model_name", "save_model"]

SCHEMA = "slantwise-model/1"
DEFAULT_MODEL = Path(__file__).parent / "default"
MEASURED = "precision.json"
"""What is measured of a model lies in its folder too, and goes with it; see `slantwise.check`."""
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
    """
    folder = DEFAULT_MODEL if folder is None else Path(folder)
    config = _config(folder)
    family = config.get("family")
    if family not in ("linear", "encoder"):
        raise SlantwiseError("a model of family linear or encoder", repr(family), "install a newer slantwise")
    try:
        backend = _linear(folder, config) if family == "linear" else _encoder(folder, config)
    except _UNSOUND as error:
        found = f"{type(error).__name__}: {error}"
        raise SlantwiseError(f"a sound model in {folder}", found, "train it anew") from error
    return Model(backend, ModelName(str(config["name"]), _hash_of(config)), config)


def model_name(folder: Path | str | None = None) -> ModelName:
    """A model's name and hash, without loading its weights."""
    config = _config(DEFAULT_MODEL if folder is None else Path(folder))
    return ModelName(str(config["name"]), _hash_of(config))


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
        own = {"config.json", MEASURED, *_config(folder).get("files", ())}
    except SlantwiseError:
        own = set()
    if others := sorted(there - own):
        found = f"a folder with other files ({', '.join(others[:3])}{', ...' if len(others) > 3 else ''})"
        raise AskedWrong(f"a model folder or nothing at {folder}", found, "name another one")


def _linear(folder: Path, config: Mapping[str, Any]) -> Backend:
    _verify(folder, config, ("calibration.json", WEIGHTS))
    return LinearBackend.load(folder, config["model"], read_json(folder / "calibration.json"))


def _encoder(folder: Path, config: Mapping[str, Any]) -> Backend:
    # a linear model needs neither the module nor onnxruntime
    from slantwise.encoder import FILES, EncoderBackend

    _verify(folder, config, ("calibration.json", *FILES))
    return EncoderBackend.load(folder, config["model"], read_json(folder / "calibration.json"))


def _config(folder: Path) -> dict[str, Any]:
    if not (folder / "config.json").is_file():
        raise AskedWrong(f"a model folder at {folder}", "no config.json there", "name a folder that slantwise trained")
    config = read_json(folder / "config.json")
    if not isinstance(config, dict) or config.get("schema") != SCHEMA or "name" not in config:
        raise SlantwiseError(f"schema {SCHEMA} in {folder}/config.json", "another", "train the model with this version")
    return config


def _verify(folder: Path, config: Mapping[str, Any], needed: Sequence[str]) -> None:
    """Check every file against its hash; no file that is read may go without one."""
    files = config.get("files")
    missing = [name for name in needed if not isinstance(files, dict) or name not in files]
    if missing or not isinstance(files, dict):
        found = f"no {', '.join(missing)}"
        raise SlantwiseError(f"the hashes of all files in {folder}/config.json", found, "train the model anew")
    for name, expected in files.items():
        path = folder / name
        if path.parent != folder or not path.is_file():
            raise SlantwiseError(f"{name} in {folder}", "no such file", "copy the whole model folder again")
        found = sha256_of(path)
        if found != expected:
            raise SlantwiseError(
                f"sha256 {str(expected)[:12]} of {path}", f"{found[:12]}", "the file was altered: copy the model again"
            )


def _hash_of(config: Mapping[str, Any]) -> str:
    """One hash for the model: over its configuration, which holds the hashes of all its files."""
    return sha256(json.dumps(config, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
