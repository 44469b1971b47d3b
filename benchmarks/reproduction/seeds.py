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
_SHIPPED, _SINGLE = "shipped model", "model of one seed"
"""What rows of the shipped model call it, and what those of its recipe with a single seed do."""


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
        model: the shipped model. It stands for its own seed, unless its recipe averages networks of several seeds:
            then each of `seeds` is a single network.
        seeds: of the models.
        folder: where it lies, for its recipe.
    """
    recipe, jobs = folder / "recipe.toml", list(shipped)
    written, digest = load_recipe(recipe), digest_of(recipe)
    if written.encoder is None:
        return
    is_average = bool(written.encoder.seeds)
    for seed in seeds:
        if seed == written.seed and not is_average:
            continue
        for job in jobs:
            name = f"seed-{seed}-{job.name.removeprefix('shipped-')}"
            settings = job.settings.replace(model.name.sha256, f"{digest} seed {seed}")
            again = repeated(job, name, Kind.SEEDS, settings, _model(recipe, written.name, seed))
            single = replace(again, system=again.system.replace(_SHIPPED, _SINGLE), single=True)
            yield single if is_average else again


def _model(recipe: Path, name: str, seed: int) -> Callable[[Bench], Model]:
    folder = RUNS / "seeds" / f"{name}-{digest_of(recipe)[:12]}-seed-{seed}"
    return lambda bench: trained(recipe, folder, bench.library, seed)


def averaged(results: Sequence[tuple[Job, Outcome]]) -> list[tuple[Job, Outcome]]:
    """The results with one of all seeds in the place of those that differ in their seed alone.

    The shipped model's own result stays, before the mean that it is part of; of single networks, that it is the average
    of, it is no part.
    """
    more: dict[str, list[tuple[Job, Outcome]]] = defaultdict(list)
    for job, outcome in results:
        if _is_of_another_seed(job):
            more[job.of].append((job, outcome))
    found = []
    for job, outcome in results:
        again, others = [each for each, _ in more[job.name]], [each for _, each in more[job.name]]
        if not _is_of_another_seed(job) and (job.kind is Kind.SHIPPED or not others):
            found.append((job, outcome))
        if any(each.single for each in again):
            found += [_mean(replace(job, system=again[0].system), others)] if len(others) > 1 else []
        elif others:
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
        system = job.system.replace(_SHIPPED, f"{len(outcomes)} models, the shipped one among them")
        system = system.replace(_SINGLE, f"{len(outcomes)} models of one seed each")
        job = replace(job, kind=Kind.SEEDS, system=system)
    return job, Outcome(figures, {})
