"""`slantwise score`: many articles in, one row an article or a sentence out."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, redirect_stdout
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from slantwise.cli.options import Encoding, ModelOption, QuotesAsAuthor, TargetOption, TopicOption, open_scorer, talk

if TYPE_CHECKING:
    from slantwise.batch import Options
    from slantwise.batch.run import Engine
    from slantwise.formats.articles import ArticleSource
    from slantwise.scorer import Scorer

__all__ = ["Level", "score"]

_PARTLY_FAILED, _TERMINATED = 3, 143


class Level(StrEnum):
    """What one row of a table stands for."""

    SENTENCE = "sentence"
    ARTICLE = "article"


class EngineName(StrEnum):
    """Where shards are scored."""

    LOCAL = "local"
    RAY = "ray"


def score(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Files (.txt .md .html .jsonl .csv .tsv .parquet, each also .gz .zst), folders, quoted globs, or -.",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", help="Where to: .jsonl .json .csv .parquet; JSONL on stdout without it."),
    ] = None,
    level: Annotated[Level, typer.Option("--level", help="What a row of .csv and .parquet is.")] = Level.SENTENCE,
    text_column: Annotated[str, typer.Option("--text-column", help="The column of a table with the text.")] = "text",
    id_column: Annotated[
        str | None, typer.Option("--id-column", help="The column with the article's id.", show_default=False)
    ] = None,
    stdin_format: Annotated[str, typer.Option("--stdin-format", help="What - holds: txt md html jsonl csv.")] = "txt",
    longest: Annotated[
        float,
        typer.Option("--longest", min=0.001, help="MB of the longest article, or line of a table; a longer one fails."),
    ] = 16,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", "-w", min=1, help="Processes, or actors; as many as cores if not given.", show_default=False
        ),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option("--shard", help="I/N: this job's share of the work; then `slantwise merge`.", show_default=False),
    ] = None,
    engine: Annotated[
        EngineName, typer.Option("--engine", help="Where shards are scored: this machine, or a Ray cluster.")
    ] = EngineName.LOCAL,
    ray_address: Annotated[
        str | None,
        typer.Option("--ray-address", help="The cluster: auto, or HOST:PORT.", show_default=False),
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew, and throw unfinished parts away.")] = False,
    keep_parts: Annotated[bool, typer.Option("--keep-parts", help="Keep OUT.parts: manifest and parts.")] = False,
    model: ModelOption = None,
    target: TargetOption = None,
    topic: TopicOption = None,
    quotes_as_author: QuotesAsAuthor = False,
    encoding: Encoding = None,
) -> None:
    """Score articles in bulk. Articles that cannot be scored are named and do not stop the others (exit 3).

    The same command again goes on where a stopped one was.
    """
    from slantwise.batch.run import written_files
    from slantwise.errors import AskedWrong
    from slantwise.formats import open_articles

    if ray_address and engine is not EngineName.RAY:
        raise AskedWrong("--engine ray with --ray-address", f"--engine {engine}", "add --engine ray")
    source = open_articles(
        inputs,
        text_column=text_column,
        id_column=id_column,
        encoding=encoding,
        stdin_format=stdin_format,
        longest=int(longest * 1_000_000),
        leave_out=() if output is None else written_files(Path(output)),
    )
    if source.skipped:
        listed = ", ".join(map(str, source.skipped[:3])) + (" ..." if len(source.skipped) > 3 else "")
        talk(f"passed over {len(source.skipped)} files that are no articles by their suffix: {listed}")
    is_stream = output in (None, "-") or any(file.path is None for file in source.files)
    if is_stream and (shard or restart or keep_parts):
        do = "leave out --shard, --restart and --keep-parts"
        raise AskedWrong("files to read and a file to write (-o)", "a stream", do)
    if is_stream and engine is EngineName.RAY:
        raise AskedWrong("files to read and a file to write (-o)", "a stream", "leave out --engine ray")
    with _terminable():
        if is_stream or output is None:
            done, failed = _stream(source, open_scorer(model, target, quotes_as_author, topic), output, level)
        else:
            from slantwise.batch import Options
            from slantwise.formats.flat import Level as RowLevel

            wanted = Options(RowLevel(level), tuple(target or ()), tuple(topic or ()), quotes_as_author, model)
            asked = _Asked(Path(output), workers, shard, restart, keep_parts, engine, ray_address)
            done, failed = _batch(source, wanted, asked)
    if not done and not shard:
        _complain(failed, inputs)
    if failed:
        raise typer.Exit(_PARTLY_FAILED)


@dataclass(frozen=True, slots=True)
class _Asked:
    """How a run was asked to go; none of it changes what it writes."""

    output: Path
    workers: int | None
    shard: str | None
    restart: bool
    keep_parts: bool
    engine: EngineName
    ray_address: str | None


def _stream(source: ArticleSource, scorer: Scorer, output: str | None, level: Level) -> tuple[int, int]:
    """Score in this process, in order, without parts: each article of standard input as soon as it is there."""
    from slantwise.batch.records import Failure, Tally
    from slantwise.batch.scoring import score_windows
    from slantwise.formats import BadArticle, open_scores
    from slantwise.memory import SentenceMemory

    most = 1 if any(file.path is None for file in source.files) else 64
    items = (
        (item.origin if isinstance(item, BadArticle) else file.origin, item)
        for file in source.files
        for item in source.read(file)
    )
    total = Tally()
    with open_scores(output, level=level.value) as writer:
        for results, tally in score_windows(items, scorer, SentenceMemory(), most=most):
            total += tally
            for result in results:
                if isinstance(result, Failure):
                    talk(f"slantwise: {result.reason}")
                else:
                    writer.write(result)
        if not total.scored:
            # an error leaves the file that was there
            _complain(total.failed, [file.origin for file in source.files])
    if output not in (None, "-") or total.failed:
        talk(f"scored {total.scored} articles" + (f", {total.failed} failed" if total.failed else ""))
    return total.scored, total.failed


def _batch(source: ArticleSource, options: Options, asked: _Asked) -> tuple[int, int]:
    from slantwise.batch import parse_job, run_batch
    from slantwise.batch.run import parts_folder
    from slantwise.cli.batch_view import name_failures, shown_run

    engine = _engine(asked)
    job = parse_job(asked.shard) if asked.shard else None
    try:
        # Ray tells of dead actors on stdout, where results go
        aside = redirect_stdout(sys.stderr) if asked.engine is EngineName.RAY else nullcontext()
        with shown_run() as view, aside:
            outcome = run_batch(
                source,
                asked.output,
                options,
                engine,
                view,
                job=job,
                restart=asked.restart,
                keep_parts=asked.keep_parts,
            )
    except (KeyboardInterrupt, SystemExit):
        if parts_folder(asked.output).exists():
            talk(f"stopped; what is done is in {parts_folder(asked.output)}, and the same command goes on")
        raise
    if outcome.quarantine:
        name_failures(outcome.quarantine)
    if outcome.tally.scored:
        view.sum_up(outcome.tally)
    if job:
        talk(f"job {job} is done; when all are: slantwise merge {asked.output}")
    return outcome.tally.scored, outcome.tally.failed


def _engine(asked: _Asked) -> Engine:
    if asked.engine is EngineName.RAY:
        from slantwise.batch.ray import need_ray, ray_engine

        need_ray()
        return ray_engine(asked.ray_address, asked.workers)
    from slantwise.batch import local_engine
    from slantwise.batch.local import usable_cores

    return local_engine(asked.workers or usable_cores())


def _complain(failed: int, inputs: Sequence[str]) -> NoReturn:
    from slantwise.errors import SlantwiseError

    if failed:
        raise SlantwiseError("an article that can be scored", f"{failed} that cannot", "see the lines above")
    named = ", ".join(inputs[:3]) + (", ..." if len(inputs) > 3 else "")
    raise SlantwiseError(f"articles in {named}", "none", "name files that hold some")


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM, which schedulers send first, end the work as Ctrl-C does: tidily, and with its own exit code."""

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(_TERMINATED)

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # not the main thread: whoever runs it there has the signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
