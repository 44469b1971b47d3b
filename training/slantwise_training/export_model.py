"""A trained encoder exported once more: in another precision, with its calibration fitted anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from slantwise.errors import AskedWrong
from slantwise.files import read_json
from slantwise.model_folder import check_destination, save_model
from slantwise.score import ModelName
from slantwise_training.examples import Library
from slantwise_training.export import ExportReport, Precision, export, settings_of
from slantwise_training.recipe_file import load_recipe
from slantwise_training.train import state_folder

__all__ = ["export_model"]

_MADE_ANEW = frozenset({"schema", "name", "family", "model", "files"})


def export_model(
    model: Path,
    root: Path,
    folder: Path,
    precision: Precision = Precision.INT8,
    progress: Callable[[str], None] = lambda _: None,
    *,
    network: Path | None = None,
    library: Library | None = None,
) -> tuple[ModelName, ExportReport]:
    """Export the network that training kept beside a model, and calibrate it on its recipe's dev data.

    Args:
        model: a model folder as `train` writes it.
        root: the folder of corpora.
        folder: where the new model goes; it may be `model` itself.
        precision: of the new model.
        progress: told what is done next.
        network: the folder of the network that the model was made of, where it is not in `state_folder(model)`.
        library: corpora already read; `root` is not looked at then.

    Raises:
        AskedWrong: there is no such model, it is no encoder, or its network is gone; the corpora are not in `root`.
        SlantwiseError: the network cannot be read, or ONNX computes something else than torch.
    """
    if not (model / "config.json").is_file():
        raise AskedWrong(f"a model folder at {model}", "no config.json there", "name a folder that slantwise trained")
    config = read_json(model / "config.json")
    if config.get("family") != "encoder":
        raise AskedWrong("a model of family encoder", repr(config.get("family")), "name a trained encoder")
    network_folder = network or state_folder(model) / "network"
    if not network_folder.is_dir():
        do = "export where the model was trained, or train it again"
        raise AskedWrong(f"the trained network in {network_folder}", "no such folder", do)
    check_destination(folder)
    from slantwise.encoder import EncoderBackend
    from slantwise_training.encoder.fitting import fit_calibration
    from slantwise_training.encoder.network import load_network
    from slantwise_training.encoder.reopen import ARCHITECTURE, architecture
    from slantwise_training.encoder.samples import gather

    recipe = load_recipe(model / "recipe.toml")
    progress("reading of corpora")
    material = gather(recipe, library or Library(root))
    loaded, shape, tokenizer = load_network(network_folder)
    with TemporaryDirectory() as temporary:
        place = Path(temporary)
        report = export(loaded, shape, tokenizer, material.texts(), place, precision, progress)
        progress("calibration")
        backend = EncoderBackend.load(place, settings_of(shape))
        backend = backend.calibrated(fit_calibration(backend, recipe, material.dev))
        about = {key: value for key, value in config.items() if key not in _MADE_ANEW}
        about |= {"precision": str(precision), ARCHITECTURE: architecture(loaded)}
        text, card = ((model / name).read_text(encoding="utf-8") for name in ("recipe.toml", "README.md"))
        return save_model(folder, backend, str(config["name"]), text, card, about), report
