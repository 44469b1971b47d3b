"""Train a recipe from nothing to a model folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import slantwise
from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.files import LOCK, alone_at
from slantwise.model_folder import check_destination, save_model
from slantwise.score import ModelName
from slantwise_training.card import model_card, trained_on
from slantwise_training.examples import Library
from slantwise_training.linear import TrainReport, train_linear
from slantwise_training.recipe import Recipe
from slantwise_training.recipe_file import load_recipe

if TYPE_CHECKING:
    from slantwise_training.encoder.fit import Moment

__all__ = ["Training", "state_folder", "train"]

_LIBRARIES = {
    "linear": ("numpy", "scikit-learn"),
    "encoder": ("numpy", "scikit-learn", "torch", "transformers", "tokenizers", "onnx", "onnxruntime"),
}
_SEED, _DEV_SEED = (re.compile(rf"^[ \t]*{key}[ \t]*=.*\n?", re.MULTILINE) for key in ("seed", "dev_seed"))
_SEEDS = re.compile(r"^[ \t]*seeds[ \t]*=[^]]*\].*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Training:
    """A finished training: the model's name and hash, its folder, and what was used."""

    model: ModelName
    folder: Path
    report: TrainReport


def train(
    recipe_file: Path,
    root: Path,
    folder: Path,
    progress: Callable[[str], None] = lambda _: None,
    watch: Callable[[Moment], None] = lambda _: None,
    base: str | None = None,
    library: Library | None = None,
    seed: int | None = None,
) -> Training:
    """Train a recipe and write the model folder.

    Args:
        recipe_file: a recipe in TOML.
        root: the folder of corpora.
        folder: where the model goes; written whole at the end, or not at all. An encoder keeps its log, checkpoints and
            network beside it, see `state_folder`.
        progress: told the name of each part before it is trained.
        watch: told of an encoder's steps and dev scores.
        base: what an encoder begins as, in place of the recipe's.
        library: corpora already read; `root` is not looked at then.
        seed: in place of the recipe's, and of its `seeds`; the folder's own recipe names it too.

    Raises:
        AskedWrong: the recipe or the corpora are not there, the folder holds something else, or another process trains
            an encoder for it.
        SlantwiseError: a part has nothing to train on.
    """
    check_destination(folder)
    recipe = _with_base(load_recipe(recipe_file), base)
    text = recipe_file.read_text(encoding="utf-8")
    if seed is not None:
        recipe = recipe.of_seed(seed)
        text = _with_seed(text, recipe)
    if recipe.encoder is None:
        backend, report = train_linear(recipe, root, progress, library)
        card = model_card(recipe, report.used, report.dropped)
        return Training(save_model(folder, backend, recipe.name, text, card, _about(recipe, report)), folder, report)
    return _train_encoder(recipe, text, root, folder, progress, watch, library)


def state_folder(folder: Path) -> Path:
    """Where an encoder's training keeps its log, its checkpoints and, in the end, the network as torch reads it."""
    return folder.with_name(folder.name + ".training")


def _train_encoder(
    recipe: Recipe,
    text: str,
    root: Path,
    folder: Path,
    progress: Callable[[str], None],
    watch: Callable[[Moment], None],
    library: Library | None,
) -> Training:
    for module in ("torch", "transformers", "safetensors", "onnx"):
        if find_spec(module) is None:
            do = "run: pip install 'slantwise[train]'"
            raise SlantwiseError("what trains encoders", f"no module {module}", do)
    from slantwise.encoder import EncoderBackend
    from slantwise_training.encoder.checkpoint import Checkpoints
    from slantwise_training.encoder.fitting import fit_calibration
    from slantwise_training.encoder.network import save_network
    from slantwise_training.encoder.reopen import ARCHITECTURE, architecture
    from slantwise_training.encoder.soup import state_of_seed, train_encoders
    from slantwise_training.export import export, settings_of

    with _state(folder) as state:
        trained = train_encoders(recipe, root, state, progress, watch, library)
        save_network(state / "network", trained.network, trained.shape, trained.tokenizer)
        with TemporaryDirectory(dir=state) as temporary:
            place = Path(temporary)
            texts = trained.material.texts()
            export(trained.network, trained.shape, trained.tokenizer, texts, place, progress=progress)
            backend = EncoderBackend.load(place, settings_of(trained.shape))
            progress("calibration")
            backend = backend.calibrated(fit_calibration(backend, recipe, trained.material.dev))
            told = trained.report
            card = model_card(recipe, told.used, told.dropped, told.scores, told.weights)
            about = _about(recipe, told) | {ARCHITECTURE: architecture(trained.network)}
            about["base"] = Path(trained.shape.base).name
            model = save_model(folder, backend, recipe.name, text, card, about)
        assert recipe.encoder is not None
        for each in (state, *(state_of_seed(state, seed) for seed in recipe.encoder.seeds)):
            Checkpoints(each, "").remove()
    return Training(model, folder, trained.report)


@contextmanager
def _state(folder: Path) -> Iterator[Path]:
    """The state folder of a training, for this process alone; one that was refused leaves no empty folder."""
    state = state_folder(folder)
    state.mkdir(exist_ok=True)
    with alone_at(state):
        try:
            yield state
        finally:
            if {path.name for path in state.iterdir()} <= {LOCK}:
                shutil.rmtree(state, ignore_errors=True)


def _with_base(recipe: Recipe, base: str | None) -> Recipe:
    if base is None:
        return recipe
    if recipe.encoder is None:
        raise AskedWrong("a recipe of family encoder for a base", f"family {recipe.family}", "leave the base out")
    return replace(recipe, encoder=replace(recipe.encoder, base=base))


def _with_seed(text: str, recipe: Recipe) -> str:
    """A recipe's text with the seeds of another reading of it, see `Recipe.of_seed`."""
    text = _SEEDS.sub("", text)
    if recipe.dev_seed is not None:
        text = f"dev_seed = {recipe.dev_seed}\n{_DEV_SEED.sub('', text, count=1)}"
    line = f"seed = {recipe.seed}\n"
    text, found = _SEED.subn(line, text, count=1)
    return text if found else line + text


def _about(recipe: Recipe, report: TrainReport) -> dict[str, Any]:
    """What `config.json` says of a training."""
    return {
        "slantwise": slantwise.__version__,
        "trained": datetime.now(UTC).date().isoformat(),
        "with": {name: version(name) for name in _LIBRARIES[recipe.family]},
        "trained_on": trained_on(report.used),
    }
