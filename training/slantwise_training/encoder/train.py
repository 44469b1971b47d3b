"""A recipe and a corpora folder in, a trained network out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic

import torch
from tokenizers import Tokenizer

from slantwise.labelled import read_labelled, write_labelled
from slantwise.linear.classify import View
from slantwise.records import LabelledSentence
from slantwise_training.encoder.base import Base, load_base
from slantwise_training.encoder.batches import Cut, Encoded, encode
from slantwise_training.encoder.checkpoint import Checkpoints
from slantwise_training.encoder.dev import DevSet
from slantwise_training.encoder.fit import Fit, Watch, device
from slantwise_training.encoder.loss import stance_weights
from slantwise_training.encoder.mixing import Mixture, quotas
from slantwise_training.encoder.network import NetworkShape, SlantwiseNetwork
from slantwise_training.encoder.samples import Material, Sample, gather, samples_of
from slantwise_training.examples import Library, normalised
from slantwise_training.linear.perceptron import TaggedSentence, tag_set
from slantwise_training.linear.train import TrainReport
from slantwise_training.recipe import Recipe
from slantwise_training.silver import silver_stances

__all__ = ["EncoderReport", "TrainedEncoder", "train_encoder"]


@dataclass(frozen=True, slots=True)
class EncoderReport(TrainReport):
    """What was trained on, with the samples an epoch takes of each split, what was cut off, and the best dev scores."""

    quotas: dict[str, int]
    cut: Cut
    steps: int
    scores: dict[str, float]
    weights: str = ""
    """Which seeds' weights they are, where there were several."""

    @property
    def notes(self) -> tuple[str, ...]:
        """The best dev scores, and what was cut off."""
        scores = ", ".join(f"{part} {score:.3f}" for part, score in self.scores.items())
        cut = f"{self.cut.samples:,} samples, with {self.cut.words:,} labelled words and {self.cut.targets:,} targets"
        notes = (f"best on dev: {scores}", f"longer than max_tokens, their ends cut: {cut}")
        return (f"weights: {self.weights}", *notes) if self.weights else notes


@dataclass(frozen=True, slots=True)
class TrainedEncoder:
    """A trained network and what its export and calibration need: whole dev samples per part, training samples.

    `dev` is what it was scored on while it was trained.
    """

    network: SlantwiseNetwork
    shape: NetworkShape
    tokenizer: Tokenizer
    report: EncoderReport
    material: Material
    dev: DevSet


def train_encoder(
    recipe: Recipe,
    root: Path,
    state: Path,
    progress: Callable[[str], None] = lambda _: None,
    watch: Watch = lambda _: None,
    library: Library | None = None,
) -> TrainedEncoder:
    """Train a recipe of the encoder family, going on from the checkpoint in `state` where there is one.

    Args:
        recipe: what to train on what.
        root: the folder of corpora.
        state: the folder of this run's log and checkpoints; what is there of another run is refused.
        progress: told what is done next.
        watch: told of steps and dev scores.
        library: corpora already read; `root` is not looked at then.

    Raises:
        SlantwiseError: a part has nothing to train on, or the base cannot be loaded.
        AskedWrong: a corpus is not in `root`, or `state` is another run's.
    """
    settings = recipe.encoder
    assert settings is not None
    start = monotonic()
    progress("reading of corpora")
    library = library or Library(root)
    material = gather(recipe, library)
    selections = material.train | _silver(recipe, library, material, state, progress)
    base = load_base(settings.base, settings.attention_dropout)
    # the heads start the same, whatever was drawn before
    torch.manual_seed(recipe.seed)
    shape = _shape(recipe, selections, base)
    network = SlantwiseNetwork(base.encoder, shape, settings.dropout)
    _take_over_heads(network, shape, base)
    progress("tokenisation")
    flat = [sample for each in selections.values() for sample in each]
    samples, cut = encode(flat, base.tokenizer, shape)
    sizes = {name: len(each) for name, each in selections.items()}
    shares = quotas(sizes, settings.caps, settings.temperature, settings.epoch_size)
    pad = _pad_id(base)
    dev = DevSet.of(recipe, material.dev, shape, base.tokenizer, pad)
    weights = stance_weights(samples, shape, settings.stance_balance)
    fit = Fit(
        shape,
        settings,
        recipe.seed,
        samples,
        Mixture(sizes, shares, recipe.seed),
        dev,
        Checkpoints(state, _fingerprint(recipe, samples)),
        pad,
        watch,
        None if weights is None else weights.to(device()),
    )
    read = monotonic()
    progress("the network")
    place = fit.run(network)
    seconds = {"reading": read - start, "training": monotonic() - read}
    report = EncoderReport(
        dict(library.used), dict(library.dropped), seconds, shares, cut, place.step, dict(place.scores)
    )
    return TrainedEncoder(network, shape, base.tokenizer, report, material, dev)


def _silver(
    recipe: Recipe, library: Library, material: Material, state: Path, progress: Callable[[str], None]
) -> dict[str, list[Sample]]:
    """Silver stances as samples, by their split; kept in `state`, so that a run that goes on has the same ones.

    What any part holds out or develops on is not among them.
    """
    if recipe.silver is None:
        return {}
    assert recipe.stance is not None
    file = state / "silver.jsonl"
    if not file.is_file():
        drawn = {normalised(sample.text) for each in material.dev.values() for sample in each}
        unseen = library.texts(recipe.unseen) | drawn
        state.mkdir(parents=True, exist_ok=True)
        write_labelled(file, silver_stances(recipe.silver, library, unseen, recipe.seed, progress))
    by_split: dict[str, list[LabelledSentence]] = {str(selection): [] for selection in recipe.silver.texts}
    for record in read_labelled(file):
        by_split[f"{record.corpus}:{record.split}"].append(record)
    library.used.update({name: len(records) for name, records in by_split.items()})
    return {name: samples_of(records, {"stance": recipe.stance}) for name, records in by_split.items()}


def _shape(recipe: Recipe, selections: Mapping[str, Sequence[Sample]], base: Base) -> NetworkShape:
    assert recipe.encoder is not None
    tasks = tuple(task for task, part in recipe.tasks.items() if not part.layer)
    everything = [sample for each in selections.values() for sample in each]
    layers = tuple((name, _tags(everything, name)) for name in recipe.layers)
    longest = getattr(base.encoder.config, "max_position_embeddings", recipe.encoder.max_tokens)
    # RoBERTa's positions start after the padding id, which takes two of them
    fits = longest - 2 if getattr(base.encoder.config, "model_type", "") in ("roberta", "xlm-roberta") else longest
    began = recipe.encoder.base if base.shape is None else base.shape.base
    return NetworkShape(tasks, layers, base.hidden, began, min(recipe.encoder.max_tokens, fits))


def _tags(samples: Sequence[Sample], layer: str) -> tuple[str, ...]:
    return tag_set([TaggedSentence([], list(s.tags[layer])) for s in samples if layer in s.tags])


def _take_over_heads(network: SlantwiseNetwork, shape: NetworkShape, base: Base) -> None:
    """Where the base is a network of ours, start with its heads: of every task, layer and tag that both have."""
    if base.network is None or base.shape is None:
        return
    own, mine = base.network.state_dict(), network.state_dict()
    wanted = {n: t for n, t in own.items() if n.partition(".")[0] == "case" and n in mine}
    old, new = _rows(base.shape), _rows(shape)
    for head in new:
        for kind in ("weight", "bias"):
            rows = mine[f"{head}.{kind}"].clone()
            for name in new[head].keys() & old[head].keys():
                rows[new[head][name]] = own[f"{head}.{kind}"][old[head][name]]
            wanted[f"{head}.{kind}"] = rows
    network.load_state_dict(wanted, strict=False)


def _rows(shape: NetworkShape) -> dict[str, dict[str, slice]]:
    """Each head's rows by what they answer: a task, a layer's tag or a view's stances."""
    tags = [f"{name}/{tag}" for name, tags in shape.layers for tag in tags]
    return {
        "attention": {str(task): slice(row, row + 1) for row, task in enumerate(shape.tasks)},
        "task_values": {str(task): rows for task, rows in shape.task_slices().items()},
        "tags": {name: slice(row, row + 1) for row, name in enumerate(tags)},
        "stance": {str(view): shape.view_slice(view) for view in View},
    }


def _pad_id(base: Base) -> int:
    found = getattr(base.encoder.config, "pad_token_id", None)
    return 0 if found is None else int(found)


def _fingerprint(recipe: Recipe, samples: Sequence[Encoded]) -> str:
    """Stands for recipe and training samples: a resumed run must have the same."""
    digest = sha256(json.dumps(asdict(recipe), sort_keys=True, default=str).encode())
    for sample in samples:
        digest.update(sample.ids.tobytes() + sample.tags.tobytes() + sample.tasks.tobytes())
    return digest.hexdigest()
