"""`slantwise evaluate`: a model on labelled sentences, with intervals, beside floors, printed numbers and people."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slantwise.cli.options import CorporaFolder, corpora_folder, need_training, talk

if TYPE_CHECKING:
    from slantwise.model_folder import Model
    from slantwise_training.evaluation.ceiling import Votes
    from slantwise_training.evaluation.study import Setting, Study

__all__ = ["evaluate"]

_WIDTH = 110


def evaluate(
    model: Annotated[
        Path | None, typer.Argument(metavar="MODEL", help="A model folder; the shipped model without it.")
    ] = None,
    on: Annotated[
        str,
        typer.Option("--on", help="CORPUS, CORPUS:SPLIT, a file of labelled sentences, or all; several with commas."),
    ] = "",
    html: Annotated[Path | None, typer.Option("--html", help="Write a report to read.", show_default=False)] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the evaluation as JSON too.", show_default=False)
    ] = None,
    card: Annotated[
        Path | None, typer.Option("--card", help="Write a Markdown section for a model card.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON in place of tables.")] = False,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="At most so many sentences a set, in whole documents.", show_default=False),
    ] = None,
    file_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="The format of labelled files; without it they tell it themselves.",
            show_default=False,
        ),
    ] = None,
    annotators: Annotated[
        str,
        typer.Option("--annotators", help="Files of further annotators' labels: the human ceiling; with commas."),
    ] = "",
    compare: Annotated[
        Path | None,
        typer.Option("--compare", metavar="OTHER", help="Another model folder to compare with.", show_default=False),
    ] = None,
    protocol: Annotated[
        str | None,
        typer.Option(
            "--protocol",
            help="A protocol besides: published, folds, leave-outlet-out or zero-shot.",
            show_default=False,
        ),
    ] = None,
    behaviour: Annotated[
        bool, typer.Option("--behaviour", help="Swap names, add hedges, change typing: run the behaviour suite too.")
    ] = False,
    corpora: CorporaFolder = None,
) -> None:
    """Evaluate a model. A corpus without a split means its test splits; every number has a 95 % interval."""
    need_training()
    import sys
    from dataclasses import replace
    from json import dumps

    from slantwise.errors import AskedWrong
    from slantwise.files import atomic_path
    from slantwise_training.evaluation.labelled_sets import named_sets

    if not on:
        raise AskedWrong("--on CORPUS or --on FILE", "neither", "see `slantwise data list` for corpora")
    with ExitStack() as stack:
        parts = {path: stack.enter_context(atomic_path(path)) for path in (html, output, card) if path is not None}
        setting = replace(
            _setting(model, corpora),
            people=_votes(annotators, file_format),
            other=None if compare is None else _other(compare, model),
            limit=limit,
            protocol=protocol,
        )
        sets = named_sets(on, lambda: corpora_folder(corpora), file_format)
        studies, skipped = _studies(sets, setting, show=not json)
        result = _result(setting, studies, skipped, behaviour=behaviour)
        text = dumps(result, ensure_ascii=False, indent=2) + "\n"
        if output is not None:
            parts[output].write_text(text, encoding="utf-8")
        if html is not None or card is not None:
            _write_pages(result, studies, html and parts[html], card and parts[card])
    if json:
        sys.stdout.write(text)


def _setting(model: Path | None, corpora: Path | None) -> Setting:
    from slantwise.model_folder import DEFAULT_MODEL, load_model
    from slantwise_training.evaluation.study import Setting
    from slantwise_training.evaluation.training_overlap import TrainedOn

    folder = corpora_folder(corpora, must_exist=corpora is not None)
    root = folder if folder.is_dir() else None
    return Setting(
        load_model(model),
        TrainedOn.of(DEFAULT_MODEL if model is None else model, root),
        root=root,
        command=_command(),
    )


def _other(compare: Path, model: Path | None) -> Model:
    from slantwise.errors import AskedWrong
    from slantwise.model_folder import load_model, model_name

    other = load_model(compare)
    if other.name == model_name(model):
        raise AskedWrong("two different models to compare", f"{other.name.name} twice", "name another model")
    return other


def _votes(annotators: str, file_format: str | None) -> tuple[Votes, ...]:
    from slantwise_training.evaluation.ceiling import votes_of
    from slantwise_training.evaluation.labelled_sets import read_file

    found = []
    for name in (part.strip() for part in annotators.split(",") if part.strip()):
        records = read_file(Path(name), file_format)
        for who in dict.fromkeys(record.annotator for record in records):
            found.append(votes_of((record for record in records if record.annotator == who), who))
    return tuple(found)


def _studies(sets: Any, setting: Setting, *, show: bool) -> tuple[list[Study], list[dict[str, str]]]:  # noqa: ANN401
    """Every set's study, and of `all` those that the model answers nothing of, with the reason."""
    import sys

    from slantwise.errors import SlantwiseError
    from slantwise_training.evaluation.study import study

    studies, skipped = [], []
    for labelled in sets:
        try:
            studies.append(study(labelled, setting, talk if sys.stderr.isatty() else lambda _: None))
        except SlantwiseError as error:
            if not labelled.optional:
                raise
            skipped.append({"set": labelled.name, "why": error.found})
            continue
        if show:
            _show(studies[-1])
    if not studies:
        reasons = "; ".join(f"{row['set']}: {row['why']}" for row in skipped)
        raise SlantwiseError("a test set that the model answers", reasons or "no corpus on disk", "name one by --on")
    return studies, skipped


def _result(
    setting: Setting, studies: list[Study], skipped: list[dict[str, str]], *, behaviour: bool
) -> dict[str, Any]:
    from slantwise_training.evaluation.result_file import result_of

    found = None
    if behaviour:
        from slantwise_training.evaluation.behaviour import behave

        records = studies[0].records
        found = behave(setting.model, records, corpora=setting.root).to_json()
    return result_of(setting.model.name, studies, command=setting.command, skipped=skipped, behaviour=found)


def _write_pages(result: dict[str, Any], studies: list[Study], html: Path | None, card: Path | None) -> None:
    from slantwise_training.evaluation.report import card_section, evaluation_page

    if html is not None:
        html.write_text(evaluation_page(result, [study.errors for study in studies]), encoding="utf-8")
    if card is not None:
        card.write_text(card_section(result), encoding="utf-8")


def _show(study: Study) -> None:
    from slantwise.cli.terminal import result_console
    from slantwise_training.evaluation.report import render_study

    result_console(_WIDTH).print(render_study(study))


def _command() -> str:
    """The command line as it was typed, without the folders of this machine."""
    import sys

    words = [Path(word).name if word.startswith(("/", "~")) else word for word in sys.argv[1:]]
    return " ".join(["slantwise", *words])
