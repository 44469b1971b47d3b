"""Measure everything that docs/results.md tells and write it: `python benchmarks/reproduce.py --from CORPORA`.

Outcomes are kept in runs/results and computed anew only when settings, corpora, the shipped model or
`reproduction.cache.CODE` change; `--fresh` computes all. Beside the page, benchmarks/results/ gets one JSON file a job
with the whole evaluation but the single answers, so that a later run can be compared. Encoders of single benchmarks
train for an hour and more in all: without `--encoders`, only those that are kept have rows.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from reproduction.cache import CODE, kept, run, to_json
from reproduction.encoders import encoder_jobs
from reproduction.factuality import factuality_jobs
from reproduction.floors import floor_jobs
from reproduction.folds import fold_jobs
from reproduction.job import Bench, Job, Kind, Outcome
from reproduction.own_train import own_train_jobs
from reproduction.page import page
from reproduction.pairs import pair_jobs
from reproduction.pronouns import pronoun_jobs
from reproduction.shipped import shipped_jobs
from reproduction.whole_articles import whole_article_jobs

from slantwise.files import sha256_of, write_json
from slantwise.model_folder import Model, load_model
from slantwise_training.examples import Library

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "results.md"
RESULTS = REPOSITORY / "benchmarks" / "results"
CACHE = REPOSITORY / "runs" / "results"
MANIFEST = REPOSITORY / "data" / "corpora.toml"


def main() -> None:
    """Read the options, do what is not cached, write the page."""
    options = _options()
    model = load_model()
    bench = Bench(Library(options.root), model)
    results = []
    for job in all_jobs(model):
        if options.only and options.only not in job.name:
            continue
        if options.list:
            print(job.name)
            continue
        if job.kind is Kind.ENCODER and not options.encoders and not options.only and kept(job, CACHE) is None:
            print(f"left out: {job.name}, which trains for many minutes; --encoders trains it", file=sys.stderr)
            continue
        results.append((job, _outcome(job, bench, fresh=options.fresh)))
    if options.only:
        _print(results)
    elif results:
        _write(results, model, options.output)


def all_jobs(model: Model) -> list[Job]:
    """Every job of the page.

    Raises:
        ValueError: two jobs have one name.
    """
    jobs = [
        *shipped_jobs(model),
        *own_train_jobs(),
        *encoder_jobs(),
        *fold_jobs(),
        *floor_jobs(),
        *pair_jobs(),
        *factuality_jobs(),
        *pronoun_jobs(),
        *whole_article_jobs(model),
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
    parser.add_argument("--encoders", action="store_true", help="train encoders that are not kept yet: an hour or more")
    parser.add_argument("--fresh", action="store_true", help="compute what is cached too")
    parser.add_argument("--list", action="store_true", help="list the jobs' names and do none")
    return parser.parse_args()


def _outcome(job: Job, bench: Bench, *, fresh: bool) -> Outcome:
    found = None if fresh else kept(job, CACHE)
    if found is not None:
        return found
    started = time.monotonic()
    outcome = run(job, bench, CACHE)
    print(f"{time.monotonic() - started:6.1f} s  {job.name}", file=sys.stderr, flush=True)
    return outcome


def _print(results: Sequence[tuple[Job, Outcome]]) -> None:
    from reproduction.page import lines_of

    for job, outcome in results:
        for line in lines_of(job, outcome):
            floor = f"floor {line.floor.value:.3f}" if line.floor else ""
            print(f"{job.name}  {line.metric}  {line.figure.value:.3f}  {floor}  {line.verdict}")


def _write(results: Sequence[tuple[Job, Outcome]], model: Model, output: Path) -> None:
    RESULTS.mkdir(exist_ok=True)
    names = {f"{job.name}.json" for job, _ in results}
    for path in RESULTS.glob("*.json"):
        if path.name not in names:
            path.unlink()
    for job, outcome in results:
        write_json(RESULTS / f"{job.name}.json", to_json(job, outcome))
    output.write_text(page(results, about(model)), encoding="utf-8")


if __name__ == "__main__":
    main()
