"""The typer application and what all commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from slantwise.cli import check, compare, data, evaluate, export, merge, read, score, serve, train

__all__ = ["app"]

app = typer.Typer(
    name="slantwise",
    help="How does this article lean, and who is speaking?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if not wanted:
        return
    from slantwise import __version__
    from slantwise.model_folder import model_name

    name = model_name()
    typer.echo(f"slantwise {__version__}, model {name.name} {name.sha256[:12]}")
    raise typer.Exit()


@app.callback()
def slantwise(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version and the model's hash."),
    ] = False,
) -> None:
    """How does this article lean, and who is speaking?"""


app.command()(read.read)
app.command()(score.score)
app.command()(merge.merge)
app.command()(check.check)
app.command()(compare.compare)
app.command()(train.train)
app.command()(evaluate.evaluate)
app.command()(export.export)
app.command()(serve.serve)
app.add_typer(data.app, name="data")
