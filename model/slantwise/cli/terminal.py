"""The console that results are shown on."""

from __future__ import annotations

import sys

from rich.console import Console

__all__ = ["result_console"]


def result_console(width: int) -> Console:
    """A console on stdout: in colour on a terminal only; off a terminal exactly this wide, on one at most."""
    console = Console(file=sys.stdout, highlight=False)
    if console.is_terminal and console.width <= width:
        return console
    return Console(file=sys.stdout, highlight=False, width=width)
