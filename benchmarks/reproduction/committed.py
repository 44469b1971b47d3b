"""The shipped model against predictions that others committed: the same sentences, paired tests, no printed number.

Printed numbers of two systems say nothing of which sentences each got right; `slantwise_training.evaluation.committed`
has the files that do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from reproduction.job import Bench, Job, Kind, Outcome, Table, selections
from slantwise.model_folder import Model
from slantwise_training.evaluation.committed import SYSTEMS, compare_with_committed
from slantwise_training.evaluation.evaluate import evaluate

__all__ = ["committed_jobs", "committed_table"]

_SHOWN = {"babe_v2": ("macro_f1", "mcc"), "polnear": ("f1", "span_exact_f1")}
"""What the page shows of each corpus's measures, as far as a measure has it; the raw results have every metric."""
_COLUMNS = (
    "corpus, split", "committed system", "measure", "ours", "theirs", "ours − theirs, 95 % interval", "McNemar",
)
_LEAST_P = 0.001
_TABLES = {"babe_v2": Table.WORDING, "polnear": Table.ATTRIBUTION}


def committed_jobs(model: Model) -> Iterator[Job]:
    """Yield a job for each corpus with committed predictions; its outcome has comparisons by system and no figures."""
    for corpus, systems in SYSTEMS.items():
        yield Job(
            name=f"committed-{corpus}",
            table=_TABLES[corpus],
            kind=Kind.COMMITTED,
            corpus=corpus,
            split="test",
            system=", ".join(systems),
            metrics=_SHOWN[corpus],
            run=_comparing(corpus),
            reads=(corpus,),
            settings=f"{model.name.sha256} {', '.join(systems)}",
        )


def committed_table(results: Sequence[tuple[Job, Outcome]]) -> Iterator[str]:
    """Yield the lines of the table: ours, theirs, the difference, and McNemar's test where answers are labels."""
    yield f"| {' | '.join(_COLUMNS)} |"
    yield "|---|---|---|---:|---:|---|---|"
    for job, outcome in results:
        for system, comparison in outcome.evaluation.items() if job.kind is Kind.COMMITTED else ():
            for measure in comparison["measures"]:
                for metric in (each for each in job.metrics if each in measure["metrics"]):
                    cells = [f"{job.corpus}, {job.split}", system, f"`{metric}:{measure['measure']}`"]
                    yield f"| {' | '.join([*cells, *_cells(measure['metrics'][metric], measure['mcnemar'])])} |"


def _cells(found: dict[str, float], test: dict[str, Any] | None) -> Iterator[str]:
    yield from (f"{found['first']:.3f}", f"{found['second']:.3f}")
    yield "{difference:+.3f}, {low:+.3f} to {high:+.3f}".format(**found).replace("-", "−")
    if test is None:
        yield "–"
    else:
        p = f"{test['mid_p']:.3f}" if test["mid_p"] >= _LEAST_P else f"< {_LEAST_P}"
        yield f"{test['only_first']} against {test['only_second']}, p {p}"


def _comparing(corpus: str) -> Callable[[Bench], Outcome]:
    def run(bench: Bench) -> Outcome:
        records = bench.library.records(selections(f"{corpus}:test"))
        ours = evaluate(bench.model.backend, records, model=bench.model.name)
        found = compare_with_committed(ours, records, bench.library.root)
        return Outcome({}, {system: each.to_json() for system, each in zip(SYSTEMS[corpus], found, strict=True)})

    return run
