"""`slantwise evaluate`: a model on labelled sentences, with intervals, beside floors and printed numbers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slantwise.cli.options import CorporaFolder, corpora_folder, need_training

if TYPE_CHECKING:
    from slantwise.records import LabelledSentence
    from slantwise_training.evaluation.result import Evaluation

__all__ = ["evaluate"]

_WIDTH = 110


def evaluate(
    model: Annotated[
        Path | None, typer.Argument(metavar="MODEL", help="A model folder; the shipped model without it.")
    ] = None,
    on: Annotated[
        str,
        typer.Option("--on", help="CORPUS, CORPUS:SPLIT or a labelled .jsonl file; several with commas."),
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the evaluation as JSON too.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON in place of tables.")] = False,
    corpora: CorporaFolder = None,
) -> None:
    """Evaluate a model. A corpus without a split means its test splits; every number has a 95 % interval."""
    need_training()
    import sys
    from contextlib import nullcontext
    from json import dumps

    from slantwise.errors import AskedWrong
    from slantwise.files import atomic_path
    from slantwise.model_folder import load_model
    from slantwise_training.evaluation.evaluate import evaluate as run

    if not on:
        raise AskedWrong("--on CORPUS or --on FILE.jsonl", "neither", "see `slantwise data list` for corpora")
    loaded = load_model(model)
    finished = []
    with nullcontext() if output is None else atomic_path(output) as part:
        for name in on.split(","):
            for records in _test_sets(name.strip(), corpora):
                finished.append(run(loaded.backend, records, model=loaded.name, command=_command()))
                if not json:
                    _show(finished[-1])
        found = [evaluation.to_json() for evaluation in finished]
        text = dumps(found if len(found) > 1 else found[0], ensure_ascii=False, indent=2) + "\n"
        if part is not None:
            part.write_text(text, encoding="utf-8")
    if json:
        sys.stdout.write(text)


def _test_sets(name: str, corpora: Path | None) -> Iterable[Iterable[LabelledSentence]]:
    """The records behind one name of `--on`, one set a split; splits joined by "+" are one set."""
    from slantwise.labelled import read_labelled
    from slantwise_training.corpora import find_corpus, read_corpus

    if name.endswith(".jsonl"):
        yield read_labelled(Path(name))
        return
    corpus, _, split = name.partition(":")
    splits = [split] if split else [s for s in find_corpus(corpus).splits if "test" in s or "eval" in s]
    root = corpora_folder(corpora)
    for each in splits or list(find_corpus(corpus).splits):
        yield read_corpus(corpus, root, tuple(each.split("+")))


def _show(evaluation: Evaluation) -> None:
    from slantwise.cli.terminal import result_console
    from slantwise_training.corpora import load_manifest
    from slantwise_training.evaluation.published import compare_with_manifest
    from slantwise_training.evaluation.report import render, render_published

    console = result_console(_WIDTH)
    console.print(render(evaluation))
    corpus = load_manifest().get(evaluation.corpus)
    beside = compare_with_manifest(evaluation, corpus) if corpus else ()
    if beside:
        console.print(render_published(beside))


def _command() -> str:
    """The command line as it was typed, without the folders of this machine."""
    import sys

    words = [Path(word).name if word.startswith(("/", "~")) else word for word in sys.argv[1:]]
    return " ".join(["slantwise", *words])
