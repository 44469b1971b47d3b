"""`slantwise train`: a recipe and corpora in, a model folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slantwise.cli.options import CorporaFolder, corpora_folder, need_training, talk

__all__ = ["train"]


def train(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE.toml", help="What to train on what.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The model folder; runs/NAME without it.", show_default=False)
    ] = None,
    corpora: CorporaFolder = None,
) -> None:
    """Train a model from a recipe. Nothing is written before the whole model is."""
    need_training()
    from rich.console import Console
    from rich.table import Table

    from slantwise_training.train import train as run

    folder = output or Path("runs") / recipe.stem
    folder.parent.mkdir(parents=True, exist_ok=True)
    finished = run(recipe, corpora_folder(corpora), folder, lambda part: talk(f"training {part} ..."))
    report = finished.report
    table = Table("corpus and split", title=f"{finished.model.name} in {folder}", title_justify="left")
    table.add_column("records", justify="right")
    table.add_column("held out", justify="right")
    for selection, records in report.used.items():
        table.add_row(selection, f"{records:,}", f"{report.dropped.get(selection, 0):,}")
    console = Console(stderr=True)
    console.print(table)
    console.print(", ".join(f"{part} {seconds:.0f} s" for part, seconds in report.seconds.items()), highlight=False)
    typer.echo(folder)
