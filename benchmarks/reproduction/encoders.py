"""Jobs that train the encoder family on a corpus's own training data, by the recipes of training/recipes/benchmarks.

Each takes minutes to an hour on two cores. What is trained is kept in runs/benchmarks, and a killed run goes on there.
A recipe may go on from another's network: a benchmark's is trained first where it is missing, the shipped model's lies
where `sh training/default.sh` leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from reproduction.folds import PROTOCOLS, pooled
from reproduction.job import Bench, Job, Kind, Table, selections
from reproduction.models import RUNS, digest_of, recipe_of_base, trained
from slantwise.reading import Backend
from slantwise.records import LabelledSentence
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.result import Evaluation
from slantwise_training.examples import Library
from slantwise_training.recipe_file import load_recipe

__all__ = ["RECIPES", "encoder_jobs"]

RECIPES = Path(__file__).parents[2] / "training" / "recipes" / "benchmarks"


def encoder_jobs(seeds: Sequence[int] = ()) -> Iterator[Job]:
    """Yield every job with the seed that its recipe names, then all of them with each of the others."""
    yield from _benchmarks(None)
    for seed in seeds:
        yield from (job for job in _benchmarks(seed) if job.of)


def _benchmarks(seed: int | None) -> Iterator[Job]:
    hedge = "f1 accuracy span_exact_f1:hedge token_f1:hedge"
    yield _job("szeged", Table.HEDGING, "szeged_wiki:test", hedge, "hedging", floors="lexicon", seed=seed)
    words, protocol = "macro_f1 token_f1:loaded span_exact_f1:loaded", "stratified 5-fold"
    floors, sg2 = "^TF-IDF.*stratified", "babe_sg2:all"
    yield _job("babe-sg2", Table.WORDING, sg2, words, "wording", protocol=protocol, floors=floors, seed=seed)
    protocol, floors = "one outlet left out", "leave one outlet out"
    yield _job("babe-sg2", Table.WORDING, sg2, words, "wording", protocol=protocol, floors=floors, seed=seed)
    for split in ("test+test_leaked", "test"):
        on, metrics = f"dse:{split}", "micro_f1 macro_f1"
        yield _job("dse", Table.STANCE, on, metrics, "directed", floors="TF-IDF", seed=seed)
    on, targets = "seesaw:test", "targets"
    yield _job("seesaw", Table.STANCE, on, "micro_f1", "stance", floors="TF-IDF", n_of=targets, seed=seed)
    yield _job("checkthat", Table.OTHER, "checkthat_subjectivity:test", "macro_f1", "subjectivity", seed=seed)


def _job(
    recipe: str, table: Table, on: str, metrics: str, measure: str, *, protocol: str = "", floors: str = "",
    n_of: str = "sentences", seed: int | None = None,
) -> Job:
    """A job on a test split or, with a protocol, in its folds; `seed` takes the place of the recipe's."""
    corpus, _, split = on.partition(":")
    path, by = RECIPES / f"{recipe}.toml", protocol.replace(" ", "-")
    settings, name = f"{digest_of(path)} {protocol}".rstrip(), f"encoder-{corpus}-{by or split}"
    base = recipe_of_base(path)
    began = "" if base is None else f" after {base.stem}.toml"
    written = load_recipe(path)
    assert written.encoder is not None
    seeds = written.encoder.seeds
    # where weights of several seeds are averaged, its own seed alone is another model too
    other = "" if seed is None or (seed == written.seed and not seeds) else f"-seed-{seed}"
    average = f", weights of {len(seeds)} seeds averaged" if seeds and not other else ""

    def run(bench: Bench) -> Evaluation:
        _begin(path, bench.library)
        records = bench.library.records(selections(on))
        if not protocol:
            return evaluate(_trained(path, recipe + other, bench.library, seed), records)
        parts = []
        for number, fold in enumerate(PROTOCOLS[protocol](records)):
            library = _instead(bench.library, on, [records[i] for i in fold.train])
            backend = _trained(path, f"{recipe}-{by}-{number}{other}", library, seed)
            parts.append(evaluate(backend, [records[i] for i in fold.test]))
        return pooled(parts)

    return Job(
        name=name + other,
        table=table,
        kind=Kind.ENCODER,
        corpus=corpus,
        split=split,
        system=f"MiniLM-L6, recipe benchmarks/{recipe}.toml{began}{average}" + (f", {protocol}" if protocol else ""),
        metrics=tuple(metrics.split()),
        run=run,
        reads=(corpus,),
        settings=settings + other,
        measure=measure,
        floors=floors,
        # printed numbers in folds are of the folds that mix outlets
        published=None if "outlet" in protocol else "",
        n_of=n_of,
        of=name if other else "",
        single=bool(seeds and other),
    )


def _begin(recipe: Path, library: Library) -> None:
    """Train the benchmark's recipe that this one goes on from, unless its network is there."""
    base = recipe_of_base(recipe)
    if base is not None and base.parent == RECIPES:
        trained(base, RUNS / "benchmarks" / base.stem, library, keep_network=True)


def _trained(recipe: Path, name: str, library: Library, seed: int | None) -> Backend:
    return trained(recipe, RUNS / "benchmarks" / f"{name}-{digest_of(recipe)[:12]}", library, seed).backend


def _instead(library: Library, on: str, records: Sequence[LabelledSentence]) -> Library:
    """A library that has these records as those of `on`."""
    return Library(library.root, _read={selections(on)[0]: list(records)})
