"""One recipe, several seeds: jobs that repeat others with models of other seeds, and their mean and spread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev

from reproduction.job import Bench, Figure, Job, Kind, Outcome, repeated
from reproduction.models import RUNS, digest_of, trained
from slantwise.model_folder import DEFAULT_MODEL, Model
from slantwise_training.recipe_file import load_recipe

__all__ = ["SEEDS", "Mean", "averaged", "seed_jobs"]

SEEDS = (13, 14, 15)
"""What is asked for; 13 is the seed of every recipe of ours."""


@dataclass(frozen=True, slots=True)
class Mean(Figure):
    """The mean over models of several seeds; `low` and `high` are the least and the most."""

    sd: float
    seeds: int

    @property
    def range(self) -> str:
        """The spread over seeds: standard deviation of a sample."""
        return f"± {self.sd:.3f} over {self.seeds} seeds"


def seed_jobs(
    shipped: Iterable[Job], model: Model, seeds: Sequence[int], folder: Path = DEFAULT_MODEL
) -> Iterator[Job]:
    """Yield the shipped model's jobs again with its recipe's models of other seeds, seed by seed.

    Args:
        shipped: its jobs.
        model: the shipped model, which stands for its own seed.
        seeds: of the models.
        folder: where it lies, for its recipe.
    """
    recipe, jobs = folder / "recipe.toml", list(shipped)
    written, digest = load_recipe(recipe), digest_of(recipe)
    for seed in seeds if written.encoder is not None else ():
        if seed == written.seed:
            continue
        for job in jobs:
            name = f"seed-{seed}-{job.name.removeprefix('shipped-')}"
            settings = job.settings.replace(model.name.sha256, f"{digest} seed {seed}")
            yield repeated(job, name, Kind.SEEDS, settings, _model(recipe, written.name, seed))


def _model(recipe: Path, name: str, seed: int) -> Callable[[Bench], Model]:
    folder = RUNS / "seeds" / f"{name}-{digest_of(recipe)[:12]}-seed-{seed}"
    return lambda bench: trained(recipe, folder, bench.library, seed)


def averaged(results: Sequence[tuple[Job, Outcome]]) -> list[tuple[Job, Outcome]]:
    """The results with one of all seeds in the place of those that differ in their seed alone.

    The shipped model's own result stays, before the mean that it is part of.
    """
    more: dict[str, list[Outcome]] = defaultdict(list)
    for job, outcome in results:
        if _is_of_another_seed(job):
            more[job.of].append(outcome)
    found = []
    for job, outcome in results:
        others = more.get(job.name, [])
        if not _is_of_another_seed(job) and (job.kind is Kind.SHIPPED or not others):
            found.append((job, outcome))
        if others:
            found.append(_mean(job, [outcome, *others]))
    return found


def _is_of_another_seed(job: Job) -> bool:
    return job.kind is Kind.SEEDS or (job.kind is Kind.ENCODER and bool(job.of))


def _mean(job: Job, outcomes: Sequence[Outcome]) -> tuple[Job, Outcome]:
    figures: dict[str, Figure] = {}
    for metric, first in outcomes[0].figures.items():
        values = [outcome.figures[metric].value for outcome in outcomes]
        figures[metric] = Mean(mean(values), min(values), max(values), first.n, stdev(values), len(values))
    if job.kind is Kind.SHIPPED:
        system = job.system.replace("shipped model", f"{len(outcomes)} models, the shipped one among them")
        job = replace(job, kind=Kind.SEEDS, system=system)
    return job, Outcome(figures, {})
