"""A whole run: shards planned, scored on some engine, joined; begun again after any end, it goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from slantwise.batch.join import join_failures, join_parts
from slantwise.batch.local import run_here, run_workers
from slantwise.batch.records import ShardRecord, Tally
from slantwise.batch.run_folder import RunFolder
from slantwise.batch.shards import Job, Shard, plan_shards
from slantwise.batch.work import Options, Work
from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.files import check_target, move_file
from slantwise.formats.articles import ArticleSource
from slantwise.formats.scores import output_form
from slantwise.model_folder import model_name

__all__ = [
    "Engine",
    "Options",
    "Outcome",
    "Watch",
    "local_engine",
    "merge_run",
    "parts_folder",
    "quarantine_file",
    "run_batch",
    "written_files",
]


class Watch(Protocol):
    """Told how a run goes."""

    def begin(self, articles: int, before: Tally) -> None:
        """So many articles there are in all, as far as is known; these are done already."""
        ...

    def add(self, tally: Tally) -> None:
        """These are done besides; negative counts where a worker died."""
        ...


Engine = Callable[[Work, Sequence[Shard], Callable[[Tally], None]], list[Shard]]
"""Scores shards and reports; gives those that could not be done. The seam for other engines than this machine."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Args:
        tally: the counts of all its shards, those of earlier starts too; of a job, of its own.
        quarantine: where the failures are; None without any.
        parts: where the parts are; None where they were joined.
    """

    tally: Tally
    quarantine: Path | None
    parts: Path | None


def parts_folder(output: Path) -> Path:
    """Where a run keeps its parts until they are joined."""
    return output.with_name(f"{output.name}.parts")


def quarantine_file(output: Path) -> Path:
    """Where the articles without a score are named."""
    return output.with_name(f"{output.name}.quarantine.jsonl")


def written_files(output: Path) -> tuple[Path, ...]:
    """All that a run writes: none of it is an input, though it may lie among them."""
    return output, quarantine_file(output), parts_folder(output)


def local_engine(workers: int) -> Engine:
    """This machine, with so many processes; one is this process itself."""

    def run(work: Work, shards: Sequence[Shard], report: Callable[[Tally], None]) -> list[Shard]:
        if min(workers, len(shards)) <= 1:
            return run_here(work, shards, report)
        return run_workers(work, shards, workers, report)

    return run


def run_batch(
    source: ArticleSource,
    output: Path,
    options: Options,
    engine: Engine,
    watch: Watch,
    *,
    job: Job | None = None,
    restart: bool = False,
    keep_parts: bool = False,
) -> Outcome:
    """Score articles into one file, going on where an earlier start of the same run was stopped.

    Args:
        source: the inputs; none of them standard input.
        output: the file; its suffix chooses the format. Beside it lie the parts, until they are joined, and the
            quarantine where articles failed.
        options: how to score.
        engine: where to.
        watch: told of progress.
        job: score this job's share of the shards only, and join nothing.
        restart: throw away what an earlier start left.
        keep_parts: leave the parts and the manifest when they are joined.

    Raises:
        AskedWrong: the parts are of another model, other options or inputs; another process is at them; a job asks to
            restart.
        SlantwiseError: nothing could be scored; a file cannot be written; a shard ends every process.

    """
    form = output_form(output)
    check_target(output)
    run = RunFolder(parts_folder(output), form.part_suffix)
    if restart and job:
        do = f"remove {run.folder}, then start all jobs"
        raise AskedWrong("--restart or --shard", "both, which would throw other jobs' parts away", do)
    if restart and run.is_there():
        with run.locked(None):
            run.throw_away()
    shards = run.begin(_about(source, options, form.part_suffix), lambda: plan_shards(source))
    work = Work(source, run.folder, form.part_suffix, options)
    mine = [shard for shard in shards if job is None or job.takes(shard)]
    with run.locked(job):
        try:
            if job:
                run.note_job(job)
            _score(work, mine, engine, watch)
        except BaseException:
            if job is None and not run.records(shards):
                run.throw_away()
            raise
        if job:
            tally = _sum(run.records(mine))
            return Outcome(tally, None, run.folder)
        return _finish(run, shards, output, keep_parts)


def merge_run(output: Path, *, keep_parts: bool = False) -> Outcome:
    """Join what the jobs of a run left into one file.

    Raises:
        AskedWrong: there is no run.
        SlantwiseError: shards are missing; says of which jobs.

    """
    form = output_form(output)
    check_target(output)
    run = RunFolder(parts_folder(output), form.part_suffix)
    if not run.is_there():
        raise AskedWrong(
            f"a run in {run.folder}", "none", "run `slantwise score ... --shard I/N` with this output first"
        )
    shards = run.shards()
    with run.locked(None):
        missing = [shard for shard in shards if run.record(shard.number) is None]
        if missing:
            found = f"{len(missing)} that are not done{_jobs_of(missing, run.jobs())}"
            raise SlantwiseError(f"all {len(shards)} shards in {run.folder}", found, "run these again, then merge")
        return _finish(run, shards, output, keep_parts)


def _score(work: Work, shards: Sequence[Shard], engine: Engine, watch: Watch) -> None:
    done = work.run.records(shards)
    watch.begin(sum(shard.articles for shard in shards), _sum(done))
    hopeless = engine(work, [shard for shard in shards if shard.number not in done], watch.add)
    if hopeless:
        where = ", ".join(_named(shard, work.source) for shard in hopeless[:3]) + (" ..." if len(hopeless) > 3 else "")
        raise SlantwiseError(
            "worker processes that last",
            f"{len(hopeless)} shards of which each one died ({where})",
            "give the machine more memory, then the same command goes on with these; all others are done",
        )


def _finish(run: RunFolder, shards: Sequence[Shard], output: Path, keep_parts: bool) -> Outcome:
    """Join the failures, then the parts, then let go of the folder: a kill between these changes nothing."""
    tally = _sum(run.records(shards))
    quarantine = quarantine_file(output)
    # joined in the run's own folder: of a join that is killed nothing stays behind
    made = run.folder / "joined"
    if tally.failed:
        join_failures([run.failures(shard.number) for shard in shards], made)
        move_file(made, quarantine)
    else:
        quarantine.unlink(missing_ok=True)  # an earlier run's
    if tally.scored:
        join_parts([run.part(shard.number) for shard in shards], made, output_form(output))
        move_file(made, output)
    if not (keep_parts and tally.scored):
        run.throw_away()
    return Outcome(tally, quarantine if tally.failed else None, run.folder if keep_parts and tally.scored else None)


def _about(source: ArticleSource, options: Options, suffix: str) -> dict[str, Any]:
    """All that the output depends on, as JSON. A file is known by its size and the time it was last changed."""
    from slantwise import __version__

    name = model_name(options.model)
    columns = source.columns
    inputs = []
    for file in source.files:
        assert file.path is not None
        size = changed = -1
        with suppress(OSError):  # its shard will say so
            stat = file.path.stat()
            size, changed = stat.st_size, stat.st_mtime_ns
        inputs.append([_plain(str(file.path)), size, changed])
    return {
        "slantwise": __version__,
        "model": {"name": name.name, "sha256": name.sha256},
        "options": {
            "parts": suffix,
            "level": str(options.level),
            "targets": list(options.targets),
            "topics": list(options.topics),
            "quotes_as_author": options.quotes_as_author,
            "text_column": columns.text,
            "id_column": columns.id,
            "title_column": columns.title,
            "encoding": source.encoding,
            "longest": source.longest,
        },
        "inputs": inputs,
    }


def _plain(name: str) -> str:
    """A file name as JSON can hold it: bytes that are no text as escapes."""
    return name.encode("utf-8", "backslashreplace").decode()


def _sum(records: dict[int, ShardRecord]) -> Tally:
    return sum((record.tally for record in records.values()), Tally())


def _named(shard: Shard, source: ArticleSource) -> str:
    origin = source.files[shard.first].origin
    if shard.start is not None:
        return f"rows {shard.start.row} to {shard.stop - 1} of {origin}"
    return origin if shard.after == shard.first + 1 else f"{shard.articles} files from {origin} on"


def _jobs_of(missing: Sequence[Shard], cuts: set[int]) -> str:
    """Of which jobs shards are missing, where all jobs were cut alike."""
    if len(cuts) != 1:
        return ""
    (of,) = cuts
    jobs = sorted({shard.number % of + 1 for shard in missing})
    listed = ", ".join(f"{number}/{of}" for number in jobs[:10]) + (" ..." if len(jobs) > 10 else "")
    return f", of --shard {listed}"
