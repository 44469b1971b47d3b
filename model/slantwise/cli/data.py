"""`slantwise data`: the public corpora (list, fetch, check) and annotation formats (convert)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slantwise.cli.options import CorporaFolder, corpora_folder, need_training, talk

if TYPE_CHECKING:
    from slantwise.errors import BadRow
    from slantwise_training.acquire.fetch import FetchReport

__all__ = ["app"]

_COULD_NOT, _PARTLY_FAILED = 1, 3
_NAMED = 20
"""Bad rows that are named one by one; a wrong format makes every row bad."""

app = typer.Typer(help="Public corpora and annotation formats.", no_args_is_help=True)

Names = Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Corpora by name.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON in place of tables.")]


@app.command("list")
def list_corpora(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="These corpora alone.", show_default=False)
    ] = None,
    json: AsJson = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare checksums of what is on disk: reads every byte.")
    ] = False,
    corpora: CorporaFolder = None,
) -> None:
    """List the corpora: licence, whether weights trained on them may ship, lenses, splits, what is on disk."""
    from slantwise.cli.corpora_view import show_corpora
    from slantwise_training.acquire import corpus_status
    from slantwise_training.corpora import find_corpus, load_manifest

    root = corpora_folder(corpora, must_exist=False)
    wanted = [find_corpus(name) for name in names or load_manifest()]
    show_corpora(wanted, [corpus_status(corpus.name, root, verify=verify) for corpus in wanted], as_json=json)


@app.command()
def fetch(
    names: Names = None,
    everything: Annotated[bool, typer.Option("--all", help="Every corpus of the manifest.")] = False,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="The folder of corpora; the user's own without it.", show_default=False),
    ] = None,
    mirror: Annotated[
        str | None,
        typer.Option("--mirror", help="Scheme and host to ask in place of the pinned ones.", show_default=False),
    ] = None,
) -> None:
    """Download corpora by pinned address and checksum. What is there already is kept; a second call resumes.

    A corpus that cannot be had does not stop the others (exit 3; 1 where none could).
    """
    need_training()
    from slantwise.errors import SlantwiseError

    wanted, root = _wanted(names, everything), corpora_folder(into, must_exist=False)
    failed = 0
    for name in wanted:
        try:
            report = _fetch(name, root, mirror)
        except SlantwiseError as error:
            failed += 1
            talk(f"slantwise: {name}: {error}")
        else:
            kept = f", {len(report.kept)} there already" if report.kept else ""
            talk(f"{name}: {len(report.fetched)} files fetched ({_megabytes(report.bytes)}){kept}, in {report.folder}")
    if len(wanted) > 1:
        talk(f"{len(wanted) - failed} of {len(wanted)} corpora are in {root}")
    if failed:
        raise typer.Exit(_COULD_NOT if failed == len(wanted) else _PARTLY_FAILED)


@app.command()
def check(
    names: Names = None,
    everything: Annotated[bool, typer.Option("--all", help="Every corpus that is on disk.")] = False,
    json: AsJson = False,
    examples: Annotated[int, typer.Option("--examples", min=0, help="Examples of each finding, in the JSON.")] = 5,
    corpora: CorporaFolder = None,
) -> None:
    """Look for texts and documents on both sides of splits and corpora, and for texts labelled two ways."""
    need_training()
    from slantwise.cli.corpora_view import show_check
    from slantwise.errors import AskedWrong
    from slantwise_training.acquire import Presence, check_corpora, corpus_status

    root = corpora_folder(corpora)
    wanted = _wanted(names, everything)
    if everything:
        there = {name for name in wanted if corpus_status(name, root, verify=False).presence is Presence.COMPLETE}
        if absent := [name for name in wanted if name not in there]:
            talk(f"not whole in {root}, passed over: {', '.join(absent)}")
        if not there:
            raise AskedWrong(f"corpora in {root}", "none that is whole", "run `slantwise data fetch --all`")
        wanted = [name for name in wanted if name in there]
    found = check_corpora(wanted, root, examples=examples, progress=lambda name: talk(f"reading {name} ..."))
    show_check(found, as_json=json)


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="The file to read.", show_default=False)],
    destination: Annotated[Path, typer.Argument(metavar="DESTINATION", help="The file to write.", show_default=False)],
    source_format: Annotated[
        str | None,
        typer.Option("--source-format", help="slantwise, label-studio, doccano, prodigy or hub.", show_default=False),
    ] = None,
    destination_format: Annotated[
        str | None,
        typer.Option("--destination-format", help="Likewise. Without: .json and .parquet say it.", show_default=False),
    ] = None,
    annotator: Annotated[
        str | None, typer.Option("--annotator", help="Who labelled, where the file does not say.", show_default=False)
    ] = None,
) -> None:
    """Convert labelled sentences between annotation formats. Bad rows are named and passed over (exit 3)."""
    from slantwise_training.annotation import convert as run

    bad = 0

    def report(row: BadRow) -> None:
        nonlocal bad
        bad += 1
        if bad <= _NAMED:
            talk(f"slantwise: {row}")

    reads = _format_of(source, source_format, "--source-format")
    writes = _format_of(destination, destination_format, "--destination-format")
    if "hub" in (reads, writes):
        need_training()
    done = run(source, destination, reads, writes, annotator=annotator, on_bad=report)
    counts = ("records", "documents", "unlabelled", "labels", "spans", "links", "stances")
    talk(", ".join(f"{name} {getattr(done, name):,}" for name in counts) + (f"; bad rows {bad:,}" if bad else ""))
    if bad:
        raise typer.Exit(_PARTLY_FAILED)


def _wanted(names: list[str] | None, everything: bool) -> list[str]:
    """The corpora asked for, each once.

    Raises:
        AskedWrong: none was named, or one is unknown, or names stand beside --all.
    """
    from slantwise.errors import AskedWrong
    from slantwise_training.corpora import find_corpus, load_manifest

    if everything and names:
        raise AskedWrong("names of corpora or --all", "both", "leave one out")
    if everything:
        return list(load_manifest())
    if not names:
        raise AskedWrong("names of corpora, or --all", "none", "see `slantwise data list`")
    return [find_corpus(name).name for name in dict.fromkeys(names)]


def _fetch(name: str, into: Path, mirror: str | None) -> FetchReport:
    """Fetch one corpus, with a bar on a terminal.

    Raises:
        SlantwiseError: it cannot be had, or its folder cannot be written.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from slantwise.errors import SlantwiseError
    from slantwise_training.acquire.fetch import fetch as run

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)
        try:
            return run(
                name,
                into,
                base_url=mirror,
                progress=lambda step: bar.update(task, completed=step.done, total=step.total),
            )
        except OSError as error:
            found = f"{error.strerror or error}: {error.filename}"
            raise SlantwiseError(f"to write in {into}", found, "name another folder with --into") from error


def _format_of(path: Path, given: str | None, option: str) -> str:
    """The annotation format that was named, or the only one with the file's suffix.

    Raises:
        AskedWrong: no such format, or several have the suffix, or none.
    """
    from slantwise.errors import AskedWrong
    from slantwise_training.annotation import FORMATS

    if given is not None:
        if given not in FORMATS:
            raise AskedWrong(f"{option} of: {', '.join(FORMATS)}", repr(given), "name one of these")
        return given
    fitting = [each.name for each in FORMATS.values() if each.suffix == path.suffix.lower()]
    if len(fitting) != 1:
        several = f"a suffix of several: {', '.join(fitting)}" if fitting else "a suffix of none"
        raise AskedWrong(f"the format of {path}", several, f"name one with {option}: {', '.join(fitting or FORMATS)}")
    return fitting[0]


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
