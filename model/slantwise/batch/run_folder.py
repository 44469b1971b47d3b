"""A run on disk: its manifest, its parts and what is known of each; enough to go on after any process was killed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from slantwise.batch.records import ShardRecord
from slantwise.batch.shards import Job, Shard
from slantwise.errors import AskedWrong, BadSpan, SlantwiseError
from slantwise.files import LOCK, alone_at, read_json, write_json
from slantwise.formats.rows import Place

__all__ = ["RunFolder"]

SCHEMA = "slantwise-run/1"
_MANIFEST = "run.json"
_RETIRED = ".done"


class RunFolder:
    """The folder of a run: `run.json`, and per shard its part, its failures and its record, which is written last.

    Args:
        folder: where; made by `open`.
        suffix: the suffix of the parts, as in `.jsonl.zst`.
    """

    def __init__(self, folder: Path, suffix: str) -> None:
        self.folder, self.suffix = folder, suffix

    def part(self, number: int) -> Path:
        """The output of a shard."""
        return self.folder / f"{number:06d}{self.suffix}"

    def failures(self, number: int) -> Path:
        """The quarantine of a shard."""
        return self.folder / f"{number:06d}.failed.jsonl"

    def write_record(self, record: ShardRecord) -> None:
        """Write down that a shard is done; its files have to be whole by then."""
        write_json(self._record(record.shard), record.to_json())
        self._tries(record.shard).unlink(missing_ok=True)

    def record(self, number: int) -> ShardRecord | None:
        """What was written down of a shard; None where it is not done, or its files are not as they were left."""
        try:
            record = ShardRecord.from_json(read_json(self._record(number)))
            sizes = self.part(number).stat().st_size, self.failures(number).stat().st_size
        except (SlantwiseError, BadSpan, FileNotFoundError):
            return None
        return record if sizes == (record.part_bytes, record.failures_bytes) else None

    def records(self, shards: Iterable[Shard]) -> dict[int, ShardRecord]:
        """The records of those shards that are done."""
        found = ((shard.number, self.record(shard.number)) for shard in shards)
        return {number: record for number, record in found if record is not None}

    def add_try(self, number: int) -> int:
        """Note that this process starts on a shard; gives how many did before without coming to its end."""
        with self._tries(number).open("ab") as file:
            before = file.tell()
            file.write(b".")
        return before

    def is_there(self) -> bool:
        """Whether a run was begun here."""
        return (self.folder / _MANIFEST).is_file()

    def begin(self, about: Mapping[str, Any], plan: Callable[[], tuple[Shard, ...]]) -> tuple[Shard, ...]:
        """Start the run, or go on with the one that is here; gives its shards.

        Args:
            about: model, options and inputs: all that the output depends on.
            plan: cuts the inputs into shards; asked only where there is no run yet.

        Raises:
            AskedWrong: the folder is of another model, other options or other inputs, or is no run at all.
            SlantwiseError: it cannot be written.

        """
        self._clear_retired()
        if self.is_there():
            manifest = self.manifest()
            for name, expected in about.items():
                if manifest.get(name) != expected:
                    raise self._of_another(name, manifest.get(name), expected)
            return _shards(manifest)
        others = [path.name for path in self.folder.iterdir() if path.name[:1] != "."] if self.folder.is_dir() else []
        if others:
            found = f"a folder with {', '.join(sorted(others)[:3])}"
            raise AskedWrong(f"nothing, or a run to go on with, at {self.folder}", found, "move it away")
        shards = plan()
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            found = error.strerror or str(error)
            raise SlantwiseError(f"to write {self.folder}", found, "name a place you may write to") from error
        write_json(self.folder / _MANIFEST, {"schema": SCHEMA, **about, "shards": [_shard_row(s) for s in shards]})
        return shards

    def manifest(self) -> dict[str, Any]:
        """What `run.json` holds.

        Raises:
            AskedWrong: there is none.
            SlantwiseError: it is not of this version.

        """
        manifest = read_json(self.folder / _MANIFEST)
        if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
            raise SlantwiseError(f"schema {SCHEMA} in {self.folder / _MANIFEST}", "another", "remove the folder")
        return manifest

    def shards(self) -> tuple[Shard, ...]:
        """The shards of the run that is here."""
        return _shards(self.manifest())

    def note_job(self, job: Job) -> None:
        """Write down that a job works, or has worked, on its part of the run."""
        write_json(self.folder / f"job-{job.number}-of-{job.of}.json", asdict(job))

    def jobs(self) -> set[int]:
        """Into how many jobs the run was cut, by what jobs wrote down."""
        return {int(path.stem.rpartition("-")[2]) for path in self.folder.glob("job-*-of-*.json")}

    def throw_away(self) -> None:
        """Remove the folder; one that is half removed is never taken for a run."""
        retired = self.folder.with_name(f".{self.folder.name}.{os.getpid()}{_RETIRED}")
        with suppress(FileNotFoundError):
            self.folder.rename(retired)
        self._clear_retired()

    def locked(self, job: Job | None) -> AbstractContextManager[None]:
        """Keep a second process from the same work, as `alone_at` does."""
        return alone_at(self.folder, f".lock-{job.number}-of-{job.of}" if job else LOCK)

    def _record(self, number: int) -> Path:
        return self.folder / f"{number:06d}.json"

    def _tries(self, number: int) -> Path:
        return self.folder / f".{number:06d}.tries"

    def _clear_retired(self) -> None:
        for path in self.folder.parent.glob(f".{_escaped(self.folder.name)}.*{_RETIRED}"):
            shutil.rmtree(path, ignore_errors=True)

    def _of_another(self, name: str, found: object, expected: object) -> AskedWrong:
        if isinstance(found, dict) and isinstance(expected, dict):
            name, found, expected = next(
                (f"{name} {key}", found.get(key), value) for key, value in expected.items() if found.get(key) != value
            )
        here = "others" if isinstance(expected, list) else repr(expected)[:80]
        there = "its own" if isinstance(expected, list) else repr(found)[:80]
        do = "finish that run with its own command, or begin anew with --restart"
        return AskedWrong(f"the {name} of the run in {self.folder}, {there}", here, do)


def _shard_row(shard: Shard) -> list[int | None]:
    start = shard.start
    place = [] if start is None else [start.row, start.line, start.offset, shard.stop]
    return [shard.first, shard.after, shard.articles, *place]


def _shards(manifest: Mapping[str, Any]) -> tuple[Shard, ...]:
    shards = []
    for number, (first, after, articles, *place) in enumerate(manifest["shards"]):
        start = Place(*place[:3]) if place else None
        shards.append(Shard(number, first, after, articles, start, place[3] if place else 0))
    return tuple(shards)


def _escaped(name: str) -> str:
    import glob

    return glob.escape(name)
