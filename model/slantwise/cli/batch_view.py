"""How a run goes, on stderr: a bar while it lasts, the first failures, and one line in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from slantwise.cli.options import talk

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

    from slantwise.batch.records import Tally

__all__ = ["RunView", "name_failures", "shown_run"]

_NAMED = 20


class RunView:
    """Counts what a command does, and shows it where there is a terminal."""

    def __init__(self, progress: Progress) -> None:
        from slantwise.batch.records import Tally

        self._progress = progress
        self._task = progress.add_task("scoring", total=None, about="")
        self._started = monotonic()
        self._before = self._done = Tally()

    def begin(self, articles: int, before: Tally) -> None:
        """So many articles there are in all, as far as is known; these are done already."""
        self._before, self._started = before, monotonic()
        if before.articles:
            talk(f"going on: {before.articles} articles are done already")
        # the bar starts at what is left, so that its rate is this command's
        self._progress.update(self._task, total=max(articles - before.articles, 0))

    def add(self, tally: Tally) -> None:
        """These are done besides."""
        self._done += tally
        done = self._done
        about = f"{_share(done)} met before" + (f", {done.failed} failed" if done.failed else "")
        self._progress.update(self._task, completed=done.articles, about=about)

    def sum_up(self, tally: Tally) -> None:
        """Say in one line what the whole run came to, and how fast this command was."""
        seconds = monotonic() - self._started
        rate = self._done.articles / max(seconds, 1e-3)
        speed = f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}"
        failed = f", {tally.failed} failed" if tally.failed else ""
        talk(
            f"scored {tally.scored} articles{failed}: {tally.sentences} sentences, {_share(tally)} of them met before; "
            f"{seconds:.1f} s, {speed} articles a second"
        )


@contextmanager
def shown_run() -> Iterator[RunView]:
    """Yield the view of a run; its bar goes when the block ends."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("articles,"),
        _rate_column(),
        TimeRemainingColumn(),
        TextColumn("left, {task.fields[about]}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield RunView(progress)


def name_failures(quarantine: Path) -> None:
    """Name the first articles of the quarantine, and say how to find the others."""
    with quarantine.open(encoding="utf-8") as lines:
        for line in islice(lines, _NAMED):
            talk(f"slantwise: {json.loads(line)['reason']}")
        more = sum(1 for _ in lines)
    if more:
        talk(f"... and {more} more")
    talk(f"articles without a score are named, with the reason, in {quarantine}")


def _share(tally: Tally) -> str:
    return f"{100 * tally.repeated / max(tally.sentences, 1):.0f} %"


def _rate_column() -> ProgressColumn:
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    class Rate(ProgressColumn):
        """Articles a second, over the last minutes."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f} a second," if task.speed else "")

    return Rate()
