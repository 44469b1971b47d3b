"""`slantwise check`: what named rules find in articles, for editors, content systems and build servers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slantwise.cli.options import Encoding, ModelOption, TargetOption, open_scorer, plain, talk

if TYPE_CHECKING:
    from slantwise.check.inputs import CheckInputs
    from slantwise.check.precision import PrecisionTable
    from slantwise.check.report import CheckedFile, Report, Unread
    from slantwise.check.settings import Layer, Ruling
    from slantwise.formats.inputs import InputFile
    from slantwise.scorer import Scorer

__all__ = ["Output", "check"]


class Output(StrEnum):
    """How findings are told."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE", help="Articles (.txt .md .html), folders, quoted globs, or -.", show_default=False
        ),
    ] = None,
    output: Annotated[Output, typer.Option("--format", help="How to tell the findings.")] = Output.TEXT,
    fail_on: Annotated[
        list[str] | None,
        typer.Option("--fail-on", help='Exit 1 where an article is over: "loaded>=2", "anonymous>=50%". Repeatable.'),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", help="These rules alone: names, codes, their beginnings, all; commas or repeated."),
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", help="Not these rules; commas or repeated.")] = None,
    section: Annotated[
        str | None,
        typer.Option("--section", help="The section: news, opinion, or one of the settings.", show_default=False),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="This settings file; else the nearest above each article.", show_default=False),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="RULE", help="What a rule is for (or all of them).", show_default=False),
    ] = None,
    thresholds: Annotated[
        Path | None,
        typer.Option(
            "--thresholds",
            metavar="EVALUATION",
            help="Fire from the thresholds of this file of `slantwise evaluate -o` on.",
            show_default=False,
        ),
    ] = None,
    wanted: Annotated[
        float | None,
        typer.Option("--precision", help="The precision the thresholds are for; 0.9 without it.", show_default=False),
    ] = None,
    no_comments: Annotated[
        bool, typer.Option("--no-comments", help="Let no `slantwise: ignore` comment hide a finding.")
    ] = False,
    stdin_filename: Annotated[
        str | None,
        typer.Option("--stdin-filename", help="What - is called: tells its format and settings.", show_default=False),
    ] = None,
    model: ModelOption = None,
    target: TargetOption = None,
    encoding: Encoding = None,
) -> None:
    """Check articles by named rules, each with its measured precision. Exit 1 where a limit is exceeded."""
    import sys

    from slantwise.check.inputs import find_articles
    from slantwise.check.settings import layer_of
    from slantwise.errors import AskedWrong

    if wanted is not None and thresholds is None:
        raise AskedWrong("--thresholds beside --precision", "none", "name the file that `slantwise evaluate -o` wrote")
    precision = _precision(model, thresholds, wanted)
    if explain is not None:
        sys.stdout.write(_explained(explain, precision))
        return
    if not files:
        raise AskedWrong("a file, a folder, a glob or -", "nothing", "name what to check, or --explain a rule")
    asked = layer_of(None if select is None else _listed(select), _listed(ignore), fail_on or ())
    inputs = find_articles(files, stdin_filename, encoding)
    rulings = [_ruling(file, stdin_filename, precision, asked, section, config) for file in inputs]
    scorer = _strict(open_scorer(model, target, quotes_as_author=False), precision)
    report = _Run(scorer, precision, stdin_filename, encoding, not no_comments).report(inputs, rulings)
    sys.stdout.write(_told(report, output))
    _sum_up(report, rulings, inputs)
    if report.exit_code:
        raise typer.Exit(report.exit_code)


class _Run:
    """Reads and scores one article after another."""

    def __init__(
        self,
        scorer: Scorer,
        precision: PrecisionTable,
        stdin_filename: str | None,
        encoding: str | None,
        comments: bool,
    ) -> None:
        self.scorer, self.precision = scorer, precision
        self.stdin_filename, self.encoding, self.comments = stdin_filename, encoding, comments

    def report(self, inputs: CheckInputs, rulings: list[Ruling]) -> Report:
        from slantwise.check.report import Report, Unread
        from slantwise.errors import SlantwiseError

        checked: list[CheckedFile] = []
        unread: list[Unread] = []
        for file, ruling in zip(inputs, rulings, strict=True):
            try:
                checked.append(self._check(file, ruling))
            except SlantwiseError as error:
                talk(f"slantwise: {error}")
                unread.append(Unread(_name(file, self.stdin_filename), plain(str(error))))
        return Report(self.scorer.model.name, self.precision, tuple(checked), tuple(unread))

    def _check(self, file: InputFile, ruling: Ruling) -> CheckedFile:
        import sys

        from slantwise.check.ignores import Ignores, read_ignores
        from slantwise.check.inputs import read_article
        from slantwise.check.places import Places
        from slantwise.check.report import check_score

        read = read_article(file, sys.stdin.buffer, self.encoding)
        score = self.scorer.score(read.article)
        places = Places(read.raw, read.article.text, read.kind, [(s.start, s.end) for s in score.sentences])
        name = _name(file, self.stdin_filename)
        ignores = read_ignores(read.raw, read.kind, name) if self.comments else Ignores()
        for problem in ignores.problems:
            talk(f"slantwise: {problem}")
        return check_score(name, score, ruling, places, ignores, self.precision.thresholds)


def _name(file: InputFile, stdin_filename: str | None) -> str:
    return stdin_filename if file.path is None and stdin_filename is not None else file.origin


def _ruling(
    file: InputFile,
    stdin_filename: str | None,
    precision: PrecisionTable,
    asked: Layer,
    section: str | None,
    config: Path | None,
) -> Ruling:
    from slantwise.check.settings import find_settings, read_settings, ruling

    named = Path(stdin_filename) if stdin_filename is not None and file.path is None else file.path
    folder = named.absolute().parent if named is not None else Path.cwd()
    settings = read_settings(config) if config is not None else find_settings(folder)
    return ruling(precision.trusted, settings, named, asked, section, precision.unreached)


def _precision(model: Path | None, thresholds: Path | None, wanted: float | None) -> PrecisionTable:
    """What is measured of a model's rules, and their thresholds where a file of them is named."""
    from dataclasses import replace

    from slantwise.check.precision import read_precision
    from slantwise.check.thresholds import WANTED, read_thresholds
    from slantwise.model_folder import DEFAULT_MODEL, model_name

    sha256 = model_name(model).sha256
    table = read_precision(DEFAULT_MODEL if model is None else model, sha256)
    if thresholds is None:
        return table
    return replace(table, thresholds=read_thresholds(thresholds, sha256, WANTED if wanted is None else wanted))


def _strict(scorer: Scorer, precision: PrecisionTable) -> Scorer:
    """The scorer, held to the thresholds where there are any."""
    from dataclasses import replace

    from slantwise.check.thresholds import StrictBackend

    if precision.thresholds:
        scorer.model = replace(scorer.model, backend=StrictBackend(scorer.model.backend, precision.thresholds))
    return scorer


def _explained(word: str, precision: PrecisionTable) -> str:
    from slantwise.check.explain import explain
    from slantwise.check.rules import find_rules

    return "\n".join(explain(rule, precision) + "\n" for rule in find_rules(word))


def _told(report: Report, output: Output) -> str:
    from importlib import import_module
    from typing import cast

    module = import_module(f"slantwise.check.output_{output}")
    return cast(str, getattr(module, f"as_{output}")(report))


def _sum_up(report: Report, rulings: list[Ruling], inputs: CheckInputs) -> None:
    """Say on stderr how much there was, and what kept silent."""
    barred = {rule.code: rule.name for ruling in rulings for rule in ruling.barred}
    for label in dict.fromkeys(report.precision.label(code) for code in barred):
        rules = ", ".join(f"{code} {name}" for code, name in barred.items() if report.precision.label(code) == label)
        talk(f"off: {rules}: {label}")
    if not any(ruling.rules for ruling in rulings):
        talk("no rule is on: this model's are unmeasured, mostly wrong, or ignored; name some by --select or --fail-on")
    if inputs.skipped:
        talk(f"passed over {_counted(inputs.skipped, 'file')}: no article by its suffix")
    count = sum(len(file.findings) for file in report.files)
    passed = sum(file.passed for file in report.files)
    over = sum(bool(file.over) for file in report.files)
    parts = [f"findings: {count} in {_counted(len(report.files), 'article')}"]
    parts += [f"{passed} let pass by comments"] if passed else []
    parts += [f"{_counted(over, 'article')} over a limit"] if over else []
    parts += [f"{len(report.unread)} not read"] if report.unread else []
    talk(", ".join(parts))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _listed(words: list[str] | None) -> list[str]:
    return [part for word in words or () for part in word.split(",") if part.strip()]
