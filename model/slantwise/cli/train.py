"""`slantwise train`: a recipe and corpora in, a model folder out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slantwise.cli.options import CorporaFolder, corpora_folder, need_training, talk

if TYPE_CHECKING:
    from slantwise_training.encoder.fit import Moment

__all__ = ["train"]


def train(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE.toml", help="What to train on what.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The model folder; runs/NAME without it.", show_default=False)
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--base", help="What an encoder begins as: a hub id or a folder.", show_default=False),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="In place of the recipe's.", show_default=False)
    ] = None,
    board: Annotated[
        Path | None,
        typer.Option("--tensorboard", help="Write an encoder's losses and dev scores there.", show_default=False),
    ] = None,
    corpora: CorporaFolder = None,
) -> None:
    """Train a model from a recipe. The model is written whole, at the end; an encoder keeps checkpoints on the way."""
    need_training()
    # threads that spin while they wait starve each other on a busy machine: training was six times as slow there
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from rich.console import Console
    from rich.table import Table

    from slantwise_training.recipe_file import load_recipe
    from slantwise_training.train import train as run

    wanted = load_recipe(recipe)  # a slip in the recipe is told first, whatever else is missing
    root, folder = corpora_folder(corpora, must_exist=wanted.reads_corpora), output or Path("runs") / recipe.stem
    with _parent_of(folder), _watching(board) as watch:
        finished = run(recipe, root, folder, lambda part: talk(f"training {part} ..."), watch, base, seed=seed)
    report = finished.report
    table = Table("corpus and split", title=f"{finished.model.name} in {folder}", title_justify="left")
    table.add_column("records", justify="right")
    table.add_column("held out", justify="right")
    for selection, records in report.used.items():
        table.add_row(selection, f"{records:,}", f"{report.dropped.get(selection, 0):,}")
    console = Console(stderr=True)
    console.print(table)
    for note in report.notes:
        console.print(note, highlight=False, soft_wrap=True)
    console.print(", ".join(f"{part} {seconds:.0f} s" for part, seconds in report.seconds.items()), highlight=False)
    typer.echo(folder)


@contextmanager
def _watching(board: Path | None) -> Iterator[Callable[[Moment], None]]:
    """Show an encoder's steps as a bar with the time left, on a terminal alone; dev scores as lines of talk."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with ExitStack() as stack:
        also = None
        if board is not None:
            from slantwise_training.encoder.board import tensorboard

            also = stack.enter_context(tensorboard(board))
        bar = stack.enter_context(Progress(*columns, console=console, transient=True, disable=not console.is_terminal))
        task = bar.add_task("", total=None, visible=False)

        def watch(moment: Moment) -> None:
            shown = f"loss {moment.loss:.3f}, {moment.sentences_per_second:.0f} sentences/s"
            bar.update(task, completed=moment.step, total=moment.steps, description=shown, visible=True)
            if moment.scores:
                scores = ", ".join(f"{part.rpartition('.')[2]} {score:.3f}" for part, score in moment.scores.items())
                talk(f"step {moment.step} of {moment.steps}: {scores}")
            if also is not None:
                also(moment)

        yield watch


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
