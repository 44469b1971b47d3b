"""Encoders trained by recipe, each once: what is trained lies in runs/, and a killed training goes on there."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tomllib
from hashlib import sha256
from pathlib import Path

from slantwise.model_folder import Model, load_model
from slantwise_training.examples import Library
from slantwise_training.recipe import load_recipe
from slantwise_training.train import state_folder, train

__all__ = ["RUNS", "digest_of", "trained", "with_seed"]

RUNS = Path(__file__).parents[2] / "runs"
_SEED = re.compile(r"^seed *=.*$", re.MULTILINE)


def trained(recipe: Path, folder: Path, library: Library, seed: int | None = None) -> Model:
    """The model of a recipe, trained unless it is there.

    Args:
        recipe: the recipe's file.
        folder: of the model; its name should tell all that the model depends on.
        library: the corpora.
        seed: in place of the recipe's.
    """
    if not (folder / "config.json").is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        if seed is not None and seed != load_recipe(recipe).seed:
            # the folder's own recipe must name its seed: dev documents are drawn by it
            text = with_seed(recipe.read_text(encoding="utf-8"), seed)
            recipe = folder.with_name(f"{folder.name}.toml")
            recipe.write_text(text, encoding="utf-8")
        train(recipe, library.root, folder, lambda part: _say(f"{folder.name}: {part}"), library=library)
        # nothing goes on from it, and it is four times the model
        shutil.rmtree(state_folder(folder) / "network", ignore_errors=True)
    return load_model(folder)


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def with_seed(recipe: str, seed: int) -> str:
    """The text of a recipe with another seed."""
    line = f"seed = {seed}"
    found, n = _SEED.subn(line, recipe, count=1)
    return found if n else f"{line}\n{recipe}"


def digest_of(recipe: Path) -> str:
    """A hash over what a recipe says; its comments do not count."""
    written = tomllib.loads(recipe.read_text(encoding="utf-8"))
    return sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()
