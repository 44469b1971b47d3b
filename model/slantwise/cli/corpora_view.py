"""Tables and JSON of `slantwise data`: the corpora, and what is wrong with them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from json import dumps
from textwrap import fill
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from slantwise.cli.terminal import result_console

if TYPE_CHECKING:
    from slantwise_training.acquire import CorporaCheck, CorpusStatus
    from slantwise_training.corpora import Corpus

__all__ = ["show_check", "show_corpora"]

_WIDTH, _SPLITS = 118, 30


def show_corpora(corpora: Sequence[Corpus], statuses: Sequence[CorpusStatus], *, as_json: bool) -> None:
    """Print one row a corpus to stdout."""
    if as_json:
        _print_json([_corpus_json(corpus, status) for corpus, status in zip(corpora, statuses, strict=True)])
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for heading in ("corpus", "licence", "ships", "lenses", "splits", "on disk"):
        table.add_column(heading, no_wrap=heading in ("corpus", "ships", "splits"), overflow="fold")
    for corpus, status in zip(corpora, statuses, strict=True):
        size = f" {status.bytes / 1e6:.1f} MB" if status.bytes else ""
        lenses = ", ".join(corpus.lenses) or "-"
        cells = (corpus.name, corpus.licence, str(corpus.weights), lenses, _splits(corpus), status.summary + size)
        table.add_row(*map(Text, cells))
    console = result_console(_WIDTH)
    console.print(table)
    console.print(Text("ships: may train weights that ship (open: no licence stated, posted for research)"))


def show_check(found: CorporaCheck, *, as_json: bool) -> None:
    """Print what is wrong with corpora to stdout."""
    if as_json:
        _print_json(_check_json(found))
        return
    console = result_console(_WIDTH)
    console.print(_overlaps(found) if found.overlaps else Text("No text is on two sides."))
    console.print(_documents(found) if found.documents else Text("No document is on two sides."))
    console.print(_noise(found) if found.noise else Text("No text has a label twice."))


def _splits(corpus: Corpus) -> str:
    """The splits with their counts, in lines that part no split from its count."""
    whole = ", ".join(f"{name}\N{NO-BREAK SPACE}{count:,}" for name, count in corpus.splits.items())
    return fill(whole, _SPLITS, break_on_hyphens=False).replace("\N{NO-BREAK SPACE}", " ")


def _overlaps(found: CorporaCheck) -> Table:
    table = _titled("Texts on two sides (records with a twin; in brackets, with an equal text)", "left", "right")
    for heading in ("of the left", "of the right"):
        table.add_column(heading, justify="right")
    for each in found.overlaps:
        left = f"{each.left_hit:,} ({each.left_exact:,}) of {each.left_records:,}"
        right = f"{each.right_hit:,} ({each.right_exact:,}) of {each.right_records:,}"
        table.add_row(str(each.left), str(each.right), left, right)
    return table


def _documents(found: CorporaCheck) -> Table:
    table = _titled("Documents on two sides", "left", "right")
    for heading in ("documents", "left records", "right records"):
        table.add_column(heading, justify="right")
    for each in found.documents:
        counts = (each.documents, each.left_hit, each.right_hit)
        table.add_row(str(each.left), str(each.right), *(f"{count:,}" for count in counts))
    return table


def _noise(found: CorporaCheck) -> Table:
    table = _titled("Texts labelled twice", "task", "left", "right")
    for heading in ("texts", "labelled differently", "share"):
        table.add_column(heading, justify="right")
    for each in found.noise:
        share = f"{each.different / each.shared:.1%}"
        table.add_row(each.task, each.left, each.right, f"{each.shared:,}", f"{each.different:,}", share)
    return table


def _titled(title: str, *headings: str) -> Table:
    table = Table(*headings, title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    return table


def _corpus_json(corpus: Corpus, status: CorpusStatus) -> dict[str, Any]:
    return {
        "name": corpus.name,
        "title": corpus.title,
        "repository": corpus.repository,
        "commit": corpus.commit,
        "licence": corpus.licence,
        "ships": str(corpus.weights),
        "lenses": list(corpus.lenses),
        "splits": corpus.splits,
        "note": corpus.note,
        "on_disk": {
            "presence": str(status.presence),
            "folder": str(status.folder),
            "files": status.files,
            "missing": list(status.missing),
            "altered": list(status.altered),
            "bytes": status.bytes,
            "verified": status.verified,
        },
    }


def _check_json(found: CorporaCheck) -> dict[str, Any]:
    def plain(value: Any) -> Any:  # noqa: ANN401  dataclasses of any depth
        return asdict(value) | {"left": str(value.left), "right": str(value.right)}

    return {
        "records": {str(place): count for place, count in found.records.items()},
        "overlaps": [plain(each) for each in found.overlaps],
        "documents": [plain(each) for each in found.documents],
        "noise": [plain(each) for each in found.noise],
    }


def _print_json(value: Any) -> None:  # noqa: ANN401  any JSON value
    sys.stdout.write(dumps(value, ensure_ascii=False, indent=2) + "\n")
