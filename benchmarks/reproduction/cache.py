"""Outcomes kept under a key of all that they depend on, so that a new shipped model recomputes its own rows alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from reproduction.job import Bench, Figure, Job, Kind, Outcome, outcome_of
from slantwise.files import read_json, sha256_of, write_json
from slantwise_training.corpora import find_corpus

__all__ = ["CODE", "from_json", "keep", "kept", "key_of", "run", "to_json"]

CODE = 1
"""Raise it when a change to readers, training or evaluation changes a number: every row is then computed anew."""
_REPOSITORY = Path(__file__).parents[2]
_LINEAR = ("model/slantwise/linear", "training/slantwise_training/linear", "training/slantwise_training/calibrate.py")
_TRAINED_BY = {Kind.TRAINED: _LINEAR, Kind.FOLDS: _LINEAR}
"""The code that trains what a row is about: its rows, minutes in all, are computed anew when a line of it changes."""


def key_of(job: Job) -> str:
    """A hash over the job's settings, the corpora it reads and the version of the code."""
    corpora = {name: _digest(name) for name in job.reads}
    whole = [CODE, job.name, job.metrics, job.measure, job.settings, corpora]
    if job.kind in _TRAINED_BY:
        whole.append(_code(_TRAINED_BY[job.kind]))
    return sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:32]


def kept(job: Job, folder: Path) -> Outcome | None:
    """The outcome kept in `folder`, if there is one under the job's key."""
    path = folder / f"{job.name}.json"
    found = read_json(path) if path.is_file() else {}
    return from_json(found) if isinstance(found, dict) and found.get("key") == key_of(job) else None


def run(job: Job, bench: Bench, folder: Path) -> Outcome:
    """Do the job and keep its outcome."""
    outcome = outcome_of(job, job.run(bench))
    keep(job, outcome, folder)
    return outcome


def keep(job: Job, outcome: Outcome, folder: Path) -> None:
    """Write an outcome under its job's key, where `kept` finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / f"{job.name}.json", {"key": key_of(job), **to_json(job, outcome)})


def to_json(job: Job, outcome: Outcome) -> dict[str, Any]:
    """A job's outcome with what it is about."""
    return {
        "name": job.name,
        "kind": str(job.kind),
        "corpus": job.corpus,
        "split": job.split,
        "system": job.system,
        "of": job.of,
        "single": job.single,
        "figures": {metric: asdict(figure) for metric, figure in outcome.figures.items()},
        "evaluation": dict(outcome.evaluation),
    }


def from_json(value: dict[str, Any]) -> Outcome:
    """The outcome in such an object."""
    return Outcome({metric: Figure(**figure) for metric, figure in value["figures"].items()}, value["evaluation"])


def _code(paths: Iterable[str]) -> str:
    """A hash over the Python files at some paths of the repository."""
    files = (file for path in paths for file in sorted(_files(_REPOSITORY / path)))
    return _hash(f"{file.name} {sha256_of(file)}" for file in files)


def _files(path: Path) -> Iterable[Path]:
    return path.rglob("*.py") if path.is_dir() else (path,)


def _digest(name: str) -> str:
    corpus = find_corpus(name)
    return _hash((corpus.commit, *(f"{file.path} {file.sha256}" for file in corpus.files)))


def _hash(lines: Iterable[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()
