"""`slantwise train`: a recipe and corpora in, a model folder out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
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

    from slantwise_training.recipe import load_recipe
    from slantwise_training.train import train as run

    load_recipe(recipe)  # a slip in the recipe is told first, whatever else is missing
    root, folder = corpora_folder(corpora), output or Path("runs") / recipe.stem
    with _parent_of(folder):
        finished = run(recipe, root, folder, lambda part: talk(f"training {part} ..."))
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


@contextmanager
def _parent_of(folder: Path) -> Iterator[None]:
    """Make sure, before hours of training, that there is a place for the folder; leave none behind in vain.

    Raises:
        SlantwiseError: the place cannot be made.
    """
    from slantwise.errors import SlantwiseError

    made = not folder.parent.exists()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SlantwiseError(f"to write {folder}", error.strerror or str(error), "name another place") from error
    try:
        yield
    except BaseException:
        if made:
            with suppress(OSError):
                folder.parent.rmdir()
        raise
