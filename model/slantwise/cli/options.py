"""Options that several commands share, each named once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slantwise.plain_text import plain

if TYPE_CHECKING:
    from slantwise.scorer import Scorer

__all__ = [
    "CorporaFolder",
    "Encoding",
    "ModelOption",
    "QuotesAsAuthor",
    "TargetOption",
    "TopicOption",
    "corpora_folder",
    "need_training",
    "open_scorer",
    "opening_scorer",
    "plain",
    "talk",
]

CORPORA_VARIABLE = "SLANTWISE_CORPORA"

ModelOption = Annotated[
    Path | None, typer.Option("--model", "-m", help="A model folder; the shipped model without it.", show_default=False)
]
TargetOption = Annotated[
    list[str] | None,
    typer.Option("--target", help='Stances towards these alone: "NAME" or "NAME=alias,alias". Repeatable.'),
]
TopicOption = Annotated[
    list[str] | None,
    typer.Option(
        "--topic", help='Ask each sentence for its stance on "TOPIC" or "TOPIC=alias,alias" too. Repeatable.'
    ),
]
QuotesAsAuthor = Annotated[
    bool, typer.Option("--quotes-as-author", help="Score quotations as if the author had written them.")
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help="The encoding of files that are not UTF-8.", show_default=False)
]

CorporaFolder = Annotated[
    Path | None,
    typer.Option(
        "--from",
        envvar=CORPORA_VARIABLE,
        help="The folder of corpora; where `slantwise data fetch` puts them without it.",
        show_default=False,
    ),
]


def corpora_folder(given: Path | None, *, must_exist: bool = True) -> Path:
    """The folder of corpora that was asked for, or the usual one.

    Raises:
        AskedWrong: there is no such folder.
    """
    from slantwise.errors import AskedWrong

    folder = given or Path(typer.get_app_dir("slantwise")) / "corpora"
    if must_exist and not folder.is_dir():
        raise AskedWrong(f"a folder of corpora at {folder}", "no such folder", "fetch corpora or name one by --from")
    return folder


def need_training(*besides: str) -> None:
    """Training, evaluation and corpora need the `[train]` extra; encoders the modules named besides.

    Raises:
        SlantwiseError: it is not installed; the message has the exact line that installs it.
    """
    from importlib.util import find_spec

    from slantwise.errors import SlantwiseError

    for module in ("sklearn", "scipy", "pooch", "rapidfuzz", *besides):
        if find_spec(module) is None:
            do = "run: pip install 'slantwise[train]'"
            raise SlantwiseError("the training extra", f"no module {module}", do)


@contextmanager
def opening_scorer(
    model: Path | None, targets: list[str] | None, quotes_as_author: bool, topics: list[str] | None = None
) -> Iterator[Callable[[], Scorer]]:
    """Load a scorer's model in a second thread while the block does something else; what it yields gives the scorer.

    A scorer as the options ask for it. The model's files take as long to check and to load as all else to import.
    """
    from concurrent.futures import ThreadPoolExecutor

    from slantwise.model_folder import load_model

    with ThreadPoolExecutor(max_workers=1) as aside:
        loading = aside.submit(load_model, model)

        def opened() -> Scorer:
            from slantwise.scorer import Scorer
            from slantwise.targets import parse_target

            wanted = [parse_target(target) for target in targets or ()]
            asked = [parse_target(topic) for topic in topics or ()]
            return Scorer(loading.result(), targets=wanted, topics=asked, quotes_as_author=quotes_as_author)

        yield opened


def open_scorer(
    model: Path | None, targets: list[str] | None, quotes_as_author: bool, topics: list[str] | None = None
) -> Scorer:
    """A scorer as the options ask for it."""
    with opening_scorer(model, targets, quotes_as_author, topics) as opened:
        return opened()


def talk(line: str) -> None:
    """Say one line on stderr: stdout is for results."""
    typer.echo(plain(line).replace("\n", " "), err=True)
