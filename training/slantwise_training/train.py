"""Train a recipe from nothing to a model folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import slantwise
from slantwise.model_folder import check_destination, save_model
from slantwise.score import ModelName
from slantwise_training.card import model_card, trained_on
from slantwise_training.linear import TrainReport, train_linear
from slantwise_training.recipe import load_recipe

__all__ = ["Training", "train"]


@dataclass(frozen=True, slots=True)
class Training:
    """A finished training: the model's name and hash, its folder, and what was used."""

    model: ModelName
    folder: Path
    report: TrainReport


def train(recipe_file: Path, root: Path, folder: Path, progress: Callable[[str], None] = lambda _: None) -> Training:
    """Train a recipe and write the model folder.

    Args:
        recipe_file: a recipe in TOML.
        root: the folder of corpora.
        folder: where the model goes; written whole at the end, or not at all.
        progress: told the name of each part before it is trained.

    Raises:
        AskedWrong: the recipe or the corpora are not there, or the folder holds something else.
        SlantwiseError: a part has nothing to train on.
    """
    check_destination(folder)
    recipe = load_recipe(recipe_file)
    text = recipe_file.read_text(encoding="utf-8")
    backend, report = train_linear(recipe, root, progress)
    about = {
        "slantwise": slantwise.__version__,
        "trained": datetime.now(UTC).date().isoformat(),
        "with": {name: version(name) for name in ("numpy", "scikit-learn")},
        "trained_on": trained_on(report.used),
    }
    card = model_card(recipe, report.used, report.dropped)
    return Training(save_model(folder, backend, recipe.name, text, card, about), folder, report)
