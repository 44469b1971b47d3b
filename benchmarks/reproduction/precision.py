"""What int8 costs: the shipped model's rows again, with the network that it was made of, in fp32.

That network is training state and not in the repository. Its calibration is fitted anew, on the same dev data by the
same code: each of the two is then what a user would get of it (`slantwise export --precision fp32`). With the int8
model's own calibration, thresholds that were fitted to its rounding would count against fp32.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from reproduction.job import Bench, Job, Kind, Outcome, less_is_better, repeated
from reproduction.models import RUNS
from slantwise.errors import AskedWrong
from slantwise.model_folder import DEFAULT_MODEL, Model, load_model
from slantwise_training.export import Precision
from slantwise_training.export_model import export_model

__all__ = ["MOST_LOST", "precision_jobs", "precision_table"]

MOST_LOST = 0.5
"""Points that no row may lose to int8."""


def precision_jobs(
    shipped: Iterable[Job], model: Model, network: Path | None, folder: Path = DEFAULT_MODEL
) -> Iterator[Job]:
    """Yield the shipped model's jobs again in fp32.

    Args:
        shipped: its jobs.
        model: the shipped model.
        network: the folder of the network before quantisation, as training leaves it; None where it is not at hand.
        folder: where the shipped model lies.
    """
    if model.config.get("family") != "encoder":
        return
    for job in shipped:
        name = f"fp32-{job.name.removeprefix('shipped-')}"
        yield repeated(job, name, Kind.FP32, f"{job.settings} fp32", _in_fp32(folder, network))


def precision_table(results: Sequence[tuple[Job, Outcome]]) -> Iterator[str]:
    """Yield the lines of the table: each figure of both, and what int8 gains or loses in points."""
    outcomes = {job.name: outcome for job, outcome in results}
    yield "| corpus, split | measured on | metric | fp32 | int8 | int8 − fp32, points | |"
    yield "|---|---|---|---:|---:|---:|---|"
    for job, outcome in results:
        if job.kind is not Kind.FP32 or job.of not in outcomes:
            continue
        for metric, before in outcome.figures.items():
            after = outcomes[job.of].figures[metric].value
            points = 100 * (after - before.value)
            lost = points if less_is_better(metric) else -points
            verdict = f"**more than {MOST_LOST} lost**" if lost > MOST_LOST else "ok"
            cells = [f"{job.corpus}, {job.split}", job.system, f"`{metric}`", f"**{before.value:.3f}**", f"{after:.3f}"]
            yield f"| {' | '.join([*cells, f'{points:+.2f}'.replace('-', '−'), verdict])} |"


def _in_fp32(folder: Path, network: Path | None) -> Callable[[Bench], Model]:
    def model(bench: Bench) -> Model:
        place = RUNS / "fp32" / bench.model.name.sha256[:12]
        if not (place / "config.json").is_file():
            if network is None:
                do = "name its folder with --network, or train the model again"
                raise AskedWrong("the network that the shipped model was made of", "none", do)
            _check(folder, network)
            place.parent.mkdir(parents=True, exist_ok=True)
            export_model(folder, bench.library.root, place, Precision.FP32, network=network, library=bench.library)
        return load_model(place)

    return model


def _check(folder: Path, network: Path) -> None:
    """The heads of an int8 model stay in float: they are those of the network that it was made of.

    Raises:
        AskedWrong: they are another's.
    """
    import torch

    from slantwise_training.encoder.network import load_network
    from slantwise_training.encoder.reopen import reopen

    model, before = reopen(folder)[0], load_network(network)[0]
    pairs = list(zip(model.head_parameters(), before.head_parameters(), strict=False))
    if not pairs or not all(a.shape == b.shape and torch.allclose(a, b, atol=1e-6) for a, b in pairs):
        raise AskedWrong(f"the network that {folder} was made of", f"another one in {network}", "name its own")
