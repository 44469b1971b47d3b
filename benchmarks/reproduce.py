"""Measure everything that docs/results.md tells and write it: `python benchmarks/reproduce.py --from CORPORA`.

Outcomes are kept in runs/results and computed anew only when settings, corpora, the shipped model or
`reproduction.cache.CODE` change; `--fresh` computes all. Beside the page, benchmarks/results/ gets one JSON file a job
with the whole evaluation but the single answers, so that a later run can be compared.

Three sorts of jobs are done only when asked for, and else taken from runs/results or benchmarks/results, if their
settings still hold: `--encoders` trains encoders of single benchmarks, hours in all; `--seeds 13,14,15` trains the
shipped model's recipe with these seeds, about an hour each (with `--encoders` the benchmarks' recipes too); `--network
FOLDER` measures the network that the shipped model was quantised from, which training leaves in
runs/NAME.training/network. Whatever is trained lies in runs/, and a killed run goes on there.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from reproduction.cache import CODE, keep, kept, run
from reproduction.committed import committed_jobs
from reproduction.encoders import encoder_jobs
from reproduction.factuality import factuality_jobs
from reproduction.floors import floor_jobs
from reproduction.folds import fold_jobs
from reproduction.job import Bench, Job, Kind, Outcome
from reproduction.own_train import own_train_jobs
from reproduction.page import page
from reproduction.pairs import pair_jobs
from reproduction.precision import precision_jobs
from reproduction.pronouns import pronoun_jobs
from reproduction.seeds import SEEDS, seed_jobs
from reproduction.shipped import shipped_jobs
from reproduction.whole_articles import whole_article_jobs

from slantwise.files import sha256_of
from slantwise.model_folder import Model, load_model
from slantwise_training.examples import Library

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "results.md"
RESULTS = REPOSITORY / "benchmarks" / "results"
CACHE = REPOSITORY / "runs" / "results"
MANIFEST = REPOSITORY / "data" / "corpora.toml"


def main() -> None:
    """Read the options, do what is not cached, write the page."""
    # threads that spin while they wait starve each other on a busy machine
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    options = _options()
    model = load_model()
    bench = Bench(Library(options.root), model)
    results, left_out = [], Counter[Kind]()
    for job in all_jobs(model, options.seeds or SEEDS, options.network):
        if options.only and options.only not in job.name:
            continue
        if options.list:
            print(job.name)
        elif (outcome := _outcome(job, bench, options)) is not None:
            results.append((job, outcome))
        else:
            left_out[job.kind] += 1
    for kind, n in left_out.items():
        print(f"left out: {n} jobs of kind {kind}, neither kept nor asked for; see --help", file=sys.stderr)
    if options.only:
        _print(results)
    elif results:
        _write(results, model, options.output)


def all_jobs(model: Model, seeds: Sequence[int] = SEEDS, network: Path | None = None) -> list[Job]:
    """Every job of the page.

    Args:
        model: the shipped one.
        seeds: of the models that recipes are trained to.
        network: of the shipped model before quantisation, where it is at hand.

    Raises:
        ValueError: two jobs have one name.
    """
    voices_and_rules = list(whole_article_jobs(model))
    shipped = [*shipped_jobs(model), *(job for job in voices_and_rules if job.kind is Kind.SHIPPED)]
    jobs = [
        *shipped,
        *committed_jobs(model),
        *seed_jobs(shipped, model, seeds),
        *precision_jobs(shipped, model, network),
        *own_train_jobs(),
        *encoder_jobs(seeds),
        *fold_jobs(),
        *floor_jobs(),
        *pair_jobs(),
        *factuality_jobs(),
        *pronoun_jobs(),
        *(job for job in voices_and_rules if job.kind is not Kind.SHIPPED),
    ]
    names = [job.name for job in jobs]
    if len(set(names)) < len(names):
        raise ValueError(f"jobs with one name: {sorted({n for n in names if names.count(n) > 1})}")
    return jobs


def about(model: Model) -> dict[str, str]:
    """What the page's header tells."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("slantwise", "numpy", "scikit-learn", "scipy"))
    return {
        "command": "`python benchmarks/reproduce.py --from FOLDER`",
        "shipped model": f"{model.name.name}, sha256 `{model.name.sha256}`",
        "corpora manifest": f"data/corpora.toml, sha256 `{sha256_of(MANIFEST)}`",
        "packages": f"Python {platform.python_version()}, {packages}",
        "code version": str(CODE),
        "date": datetime.now(UTC).date().isoformat(),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("SLANTWISE_CORPORA")
    parser.add_argument(
        "--from", dest="root", metavar="FOLDER", type=Path, default=default, required=default is None,
        help="the folder of corpora (default: the variable SLANTWISE_CORPORA)",
    )
    parser.add_argument("--output", metavar="FILE", type=Path, default=PAGE, help="the page (default: docs/results.md)")
    parser.add_argument("--only", metavar="NAME", help="do the jobs with NAME in their name, print, write no page")
    parser.add_argument("--encoders", action="store_true", help="train encoders that are not kept yet: hours")
    parser.add_argument(
        "--seeds", metavar="N,N", type=_seeds, default=(), help="train recipes with these seeds: an hour each, and more"
    )
    parser.add_argument(
        "--network", metavar="FOLDER", type=Path, help="measure the shipped model's network before quantisation too"
    )
    parser.add_argument("--fresh", action="store_true", help="compute what is cached too")
    parser.add_argument("--list", action="store_true", help="list the jobs' names and do none")
    return parser.parse_args()


def _seeds(written: str) -> tuple[int, ...]:
    return tuple(int(each) for each in written.split(","))


def _outcome(job: Job, bench: Bench, options: argparse.Namespace) -> Outcome | None:
    """A job's outcome, kept or new; None where it would take long and nobody asked for it."""
    if not _is_asked(job, options):
        return kept(job, CACHE) or kept(job, RESULTS)
    found = None if options.fresh else kept(job, CACHE)
    if found is not None:
        return found
    started = time.monotonic()
    outcome = run(job, bench, CACHE)
    print(f"{time.monotonic() - started:6.1f} s  {job.name}", file=sys.stderr, flush=True)
    return outcome


def _is_asked(job: Job, options: argparse.Namespace) -> bool:
    """Whether a job may be done that trains for long, or needs what is not in the repository."""
    if job.kind is Kind.ENCODER:
        return bool((options.encoders or options.only) and (options.seeds or not job.of))
    return {Kind.SEEDS: bool(options.seeds), Kind.FP32: options.network is not None}.get(job.kind, True)


def _print(results: Sequence[tuple[Job, Outcome]]) -> None:
    from reproduction.page import lines_of

    for job, outcome in results:
        for line in lines_of(job, outcome):
            floor = f"floor {line.floor.value:.3f}" if line.floor else ""
            print(f"{job.name}  {line.metric}  {line.figure.value:.3f}  {floor}  {line.verdict}")


def _write(results: Sequence[tuple[Job, Outcome]], model: Model, output: Path) -> None:
    names = {f"{job.name}.json" for job, _ in results}
    for path in RESULTS.glob("*.json"):
        if path.name not in names:
            path.unlink()
    for job, outcome in results:
        keep(job, outcome, RESULTS)
    output.write_text(page(results, about(model)), encoding="utf-8")


if __name__ == "__main__":
    main()
