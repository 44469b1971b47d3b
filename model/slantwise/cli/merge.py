"""`slantwise merge`: what the jobs of an array scored, joined into one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["merge"]

_PARTLY_FAILED = 3


def merge(
    output: Annotated[
        Path, typer.Argument(metavar="OUT", help="The output that the jobs were given by -o.", show_default=False)
    ],
    keep_parts: Annotated[bool, typer.Option("--keep-parts", help="Keep OUT.parts: manifest and parts.")] = False,
) -> None:
    """Join what the jobs of `slantwise score --shard I/N` left in OUT.parts; says which are missing."""
    from slantwise.batch import merge_run
    from slantwise.cli.batch_view import name_failures
    from slantwise.cli.options import talk
    from slantwise.errors import SlantwiseError

    outcome = merge_run(output, keep_parts=keep_parts)
    tally = outcome.tally
    if outcome.quarantine:
        name_failures(outcome.quarantine)
    if not tally.scored:
        raise SlantwiseError("an article that can be scored", f"{tally.failed} that cannot", "see the lines above")
    talk(f"merged {tally.scored} articles" + (f", {tally.failed} failed" if tally.failed else ""))
    if tally.failed:
        raise typer.Exit(_PARTLY_FAILED)
