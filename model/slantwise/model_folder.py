"""A model is a folder of plain files; `config.json` names them with their sha256. Loading one executes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.files import atomic_folder, read_json, sha256_of, write_json
from slantwise.linear import LinearBackend
from slantwise.reading import Backend
from slantwise.score import ModelName

__all__ = ["DEFAULT_MODEL", "Model", "check_destination", "load_model", "model_name", "save_model"]

SCHEMA = "slantwise-model/1"
DEFAULT_MODEL = Path(__file__).parent / "default"


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
    _verify(folder, config)
    if config.get("family") != "linear":
        raise SlantwiseError("a model of family linear", repr(config.get("family")), "install a newer slantwise")
    try:
        backend = LinearBackend.load(folder, config["model"], read_json(folder / "calibration.json"))
    except (KeyError, ValueError, TypeError, IndexError) as error:
        found = f"{type(error).__name__}: {error}"
        raise SlantwiseError(f"a sound model in {folder}", found, "train it anew") from error
    return Model(backend, ModelName(str(config["name"]), _hash_of(config)), config)


def model_name(folder: Path | str | None = None) -> ModelName:
    """A model's name and hash, without loading its weights."""
    config = _config(DEFAULT_MODEL if folder is None else Path(folder))
    return ModelName(str(config["name"]), _hash_of(config))


def save_model(
    folder: Path, backend: LinearBackend, name: str, recipe: str, card: str, about: Mapping[str, Any]
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
        AskedWrong: the folder holds something that is not a model.
    """
    check_destination(folder)
    with atomic_folder(folder) as part:
        config, calibration = backend.save(part)
        write_json(part / "calibration.json", calibration)
        (part / "recipe.toml").write_text(recipe, encoding="utf-8")
        (part / "README.md").write_text(card, encoding="utf-8")
        files = {path.name: sha256_of(path) for path in sorted(part.iterdir())}
        whole = {"schema": SCHEMA, "name": name, "family": "linear", **about, "model": config, "files": files}
        write_json(part / "config.json", whole)
    return ModelName(name, _hash_of(whole))


def check_destination(folder: Path) -> None:
    """Refuse to replace a folder that is not a model.

    Raises:
        AskedWrong: the folder is not empty and holds no model, or is a file.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "config.json").is_file():
        raise AskedWrong(f"a model folder or nothing at {folder}", "a folder with other files", "name another one")


def _config(folder: Path) -> dict[str, Any]:
    if not (folder / "config.json").is_file():
        raise AskedWrong(f"a model folder at {folder}", "no config.json there", "name a folder that slantwise trained")
    config = read_json(folder / "config.json")
    if not isinstance(config, dict) or config.get("schema") != SCHEMA or "name" not in config:
        raise SlantwiseError(f"schema {SCHEMA} in {folder}/config.json", "another", "train the model with this version")
    return config


def _verify(folder: Path, config: Mapping[str, Any]) -> None:
    files = config.get("files")
    if not isinstance(files, dict) or "calibration.json" not in files:
        raise SlantwiseError(f"the list of files in {folder}/config.json", "none", "train the model anew")
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
