"""Encoders trained by recipe, each once: what is trained lies in runs/, and a killed training goes on there."""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from slantwise.model_folder import Model, load_model
from slantwise_training.examples import Library
from slantwise_training.train import state_folder, train

__all__ = ["RUNS", "digest_of", "recipe_of_base", "trained"]

RUNS = Path(__file__).parents[2] / "runs"
_RECIPES = Path(__file__).parents[2] / "training" / "recipes"


def trained(
    recipe: Path, folder: Path, library: Library, seed: int | None = None, *, keep_network: bool = False
) -> Model:
    """The model of a recipe, trained unless it is there.

    Args:
        recipe: the recipe's file.
        folder: of the model; its name should tell all that the model depends on.
        library: the corpora.
        seed: in place of the recipe's.
        keep_network: leave the network beside the model, for another recipe to go on from.
    """
    network = state_folder(folder) / "network"
    if not (folder / "config.json").is_file() or (keep_network and not network.is_dir()):
        folder.parent.mkdir(parents=True, exist_ok=True)
        told = partial(print, f"{folder.name}:", file=sys.stderr, flush=True)
        train(recipe, library.root, folder, told, library=library, seed=seed)
        if not keep_network:
            # it is four times the model
            shutil.rmtree(network, ignore_errors=True)
    return load_model(folder)


def digest_of(recipe: Path) -> str:
    """A hash over what a recipe and those that it goes on from say; comments do not count."""
    said = json.dumps(_written(recipe), sort_keys=True)
    base = recipe_of_base(recipe)
    return sha256((said if base is None else said + digest_of(base)).encode()).hexdigest()


def recipe_of_base(recipe: Path) -> Path | None:
    """The recipe of the network that another goes on from; None where it begins as a published encoder."""
    base = Path(_written(recipe).get("encoder", {}).get("base", ""))
    if base.parts[:1] != (RUNS.name,):
        return None
    # runs/benchmarks/anno-lexical.training/network is of benchmarks/anno-lexical.toml
    return _RECIPES / base.parent.relative_to(RUNS.name).with_suffix(".toml")


def _written(recipe: Path) -> dict[str, Any]:
    return tomllib.loads(recipe.read_text(encoding="utf-8"))
