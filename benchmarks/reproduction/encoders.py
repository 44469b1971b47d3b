"""Jobs that train the encoder family on a corpus's own training data, by the recipes of training/recipes/benchmarks.

Each takes minutes to an hour on two cores. What is trained is kept in runs/benchmarks, and a killed run goes on there.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from reproduction.folds import PROTOCOLS, pooled
from reproduction.job import Bench, Job, Kind, Table, selections
from slantwise.model_folder import load_model
from slantwise.reading import Backend
from slantwise.records import LabelledSentence
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.result import Evaluation
from slantwise_training.examples import Library
from slantwise_training.train import train

__all__ = ["encoder_jobs"]

REPOSITORY = Path(__file__).parents[2]
RECIPES = REPOSITORY / "training" / "recipes" / "benchmarks"
MODELS = REPOSITORY / "runs" / "benchmarks"


def encoder_jobs() -> Iterator[Job]:
    """Yield every job."""
    hedge = "f1 accuracy span_exact_f1:hedge token_f1:hedge"
    yield _job("szeged", Table.HEDGING, "szeged_wiki:test", hedge, "hedging", floors="lexicon")
    words, protocol = "macro_f1 token_f1:loaded span_exact_f1:loaded", "stratified 5-fold"
    floors = "^TF-IDF.*stratified"
    yield _job("babe-sg2", Table.WORDING, "babe_sg2:all", words, "wording", protocol=protocol, floors=floors)
    for split in ("test+test_leaked", "test"):
        yield _job("dse", Table.STANCE, f"dse:{split}", "micro_f1 macro_f1", "directed", floors="TF-IDF")
    yield _job("seesaw", Table.STANCE, "seesaw:test", "micro_f1", "stance", floors="TF-IDF", n_of="targets")
    yield _job("checkthat", Table.OTHER, "checkthat_subjectivity:test", "macro_f1", "subjectivity")


def _job(
    recipe: str, table: Table, on: str, metrics: str, measure: str, *, protocol: str = "", floors: str = "",
    n_of: str = "sentences",
) -> Job:
    """A job on a test split or, with a protocol, in its folds."""
    corpus, _, split = on.partition(":")

    def run(bench: Bench) -> Evaluation:
        records = bench.library.records(selections(on))
        if not protocol:
            return evaluate(_trained(recipe, recipe, bench), records)
        parts = []
        for number, fold in enumerate(PROTOCOLS[protocol](records)):
            name = f"{recipe}-{protocol.replace(' ', '-')}-{number}"
            backend = _trained(recipe, name, bench, on, [records[i] for i in fold.train])
            parts.append(evaluate(backend, [records[i] for i in fold.test]))
        return pooled(parts)

    return Job(
        name=f"encoder-{corpus}-{protocol.replace(' ', '-') or split}",
        table=table,
        kind=Kind.ENCODER,
        corpus=corpus,
        split=split,
        system=f"MiniLM-L6, recipe benchmarks/{recipe}.toml" + (f", {protocol}" if protocol else ""),
        metrics=tuple(metrics.split()),
        run=run,
        reads=(corpus,),
        settings=f"{_settings(recipe)} {protocol}".rstrip(),
        measure=measure,
        floors=floors,
        n_of=n_of,
    )


def _trained(
    recipe: str, name: str, bench: Bench, on: str = "", instead: Sequence[LabelledSentence] = ()
) -> Backend:
    """The model of a recipe, trained unless it is there; `instead` takes the place of the records of `on`."""
    path = RECIPES / f"{recipe}.toml"
    folder = MODELS / f"{name}-{_settings(recipe)[:12]}"
    if not (folder / "config.json").is_file():
        library = Library(bench.library.root, _read={selections(on)[0]: list(instead)}) if on else bench.library
        folder.parent.mkdir(parents=True, exist_ok=True)
        train(path, bench.library.root, folder, library=library)
    return load_model(folder).backend


def _settings(recipe: str) -> str:
    """What the outcome depends on: the recipe without its comments."""
    written = tomllib.loads((RECIPES / f"{recipe}.toml").read_text(encoding="utf-8"))
    return sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()
