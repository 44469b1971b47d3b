"""Shards on this machine: one process a core, each with its own pipe, so that no death touches another worker.

Not `concurrent.futures` (one death breaks the pool) and not pebble: its workers share one pipe under two locks, and one
that is killed while it holds them stops the others for a minute, after which the pool is broken (its issue 163).
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from slantwise.batch.attempts import PLAIN_ATTEMPTS, Course, Task
from slantwise.batch.records import Tally
from slantwise.batch.shards import Shard
from slantwise.batch.work import Bench, Work
from slantwise.errors import AskedWrong, SlantwiseError

__all__ = ["run_here", "run_workers", "usable_cores"]

_MOST_FALSE_STARTS = 3
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_Report = Callable[[Tally], None]


def usable_cores() -> int:
    """The cores this process may use: what its affinity and its container's quota leave."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        cores = min(cores, max(1, int(quota) // int(period)))
    return cores


def run_here(work: Work, shards: Sequence[Shard], report: _Report) -> list[Shard]:
    """Score shards in this process, one after the other; as `run_workers`.

    A shard that this process died of twice before goes to a process of its own, which searches it for the article that
    kills.
    """
    hopeless: list[Shard] = []
    bench: Bench | None = None
    for shard in shards:
        tries = work.run.add_try(shard.number)
        if tries >= PLAIN_ATTEMPTS:
            hopeless += run_workers(work, [shard], 1, report, deaths=tries)
        else:
            bench = bench or Bench(work)
            bench.score(shard, {}, report)
    return hopeless


def run_workers(work: Work, shards: Sequence[Shard], workers: int, report: _Report, *, deaths: int = 0) -> list[Shard]:
    """Score shards in so many processes of their own.

    The death of a worker costs the attempt at the one shard that it had.

    Args:
        work: what they need.
        shards: what to score.
        workers: how many processes; never more than shards.
        report: told counts as they come, and the negative of those that a death undid.
        deaths: how many processes died of each shard before.

    Returns:
        The shards of which workers died though no single article kills them.

    Raises:
        SlantwiseError: a file cannot be written, the model cannot be loaded, or workers die as they start.

    """
    crew = _Crew(work, deque(Course(shard, deaths) for shard in shards), report)
    try:
        while crew.is_busy:
            crew.fill(workers)
            crew.listen()
    finally:
        crew.dismiss()
    return crew.hopeless


@dataclass(slots=True)
class _Worker:
    """A process, this end of its pipe, and what it is at."""

    process: BaseProcess
    pipe: Connection
    is_ready: bool = False
    course: Course | None = None
    tally: Tally = field(default_factory=Tally)
    at: int | None = None


class _Crew:
    def __init__(self, work: Work, courses: deque[Course], report: _Report) -> None:
        self.hopeless: list[Shard] = []
        self._work, self._courses, self._report = work, courses, report
        self._workers: list[_Worker] = []
        self._false_starts = 0

    @property
    def is_busy(self) -> bool:
        return bool(self._courses) or any(worker.course for worker in self._workers)

    def fill(self, most: int) -> None:
        """Give work to those who have none, and start the workers that are missing, as many as there is work for.

        A death may put work back when nobody else is left to say that they are free: the idle are asked each time.
        """
        for worker in self._workers:
            if self._courses and worker.is_ready and worker.course is None:
                self._give(worker)
        wanted = len(self._courses) + sum(worker.course is not None for worker in self._workers)
        while len(self._workers) < min(most, wanted):
            self._workers.append(_start(self._work))

    def listen(self) -> None:
        """Wait until some worker says something, or dies, and answer."""
        by_pipe = {worker.pipe: worker for worker in self._workers}
        for pipe in connection.wait(list(by_pipe)):
            assert isinstance(pipe, Connection)
            worker = by_pipe[pipe]
            try:
                kind, value = pipe.recv()
            except (EOFError, OSError):
                self._bury(worker)
            else:
                self._hear(worker, kind, value)

    def dismiss(self) -> None:
        """End every worker. One at work is killed: what it was at is not done, and nothing else is lost."""
        for worker in self._workers:
            if worker.course is None:
                with suppress(OSError):
                    worker.pipe.send(None)
            else:
                worker.process.kill()
        for worker in self._workers:
            worker.process.join(5)
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()
            worker.process.close()
        self._workers = []

    def _hear(self, worker: _Worker, kind: str, value: Any) -> None:  # noqa: ANN401 - by kind
        if kind == "tally":
            worker.tally += value
            self._report(value)
        elif kind == "at":
            worker.at = value
        elif kind == "refused":
            wrong, expected, found, do = value
            raise (AskedWrong if wrong else SlantwiseError)(expected, found, do)
        elif kind == "fault":
            raise RuntimeError(f"a worker process failed:\n{value}")
        else:
            self._free(worker, kind)

    def _free(self, worker: _Worker, kind: str) -> None:
        """A worker is ready, or done with its task."""
        if kind == "ready":
            worker.is_ready, self._false_starts = True, 0
        elif kind == "probed" and worker.course is not None:
            worker.course.probed()
            self._courses.appendleft(worker.course)
        worker.course, worker.tally, worker.at = None, Tally(), None

    def _give(self, worker: _Worker) -> None:
        worker.course = self._courses.popleft()
        with suppress(OSError):  # it has died: the next listening will tell
            worker.pipe.send(worker.course.task)

    def _bury(self, worker: _Worker) -> None:
        worker.process.join()
        code = worker.process.exitcode
        worker.pipe.close()
        self._workers.remove(worker)
        how = f"was killed by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
        if not worker.is_ready:
            self._false_starts += 1
            if self._false_starts == _MOST_FALSE_STARTS:
                do = "free some memory, or use fewer --workers"
                raise SlantwiseError("worker processes that start", f"{self._false_starts}; the last {how}", do)
        if worker.course is not None:
            self._report(Tally() - worker.tally)
            worker.course.died(how, worker.at)
            if worker.course.is_hopeless:
                self.hopeless.append(worker.course.shard)
            else:
                self._courses.appendleft(worker.course)
        worker.process.close()


def _start(work: Work) -> _Worker:
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(work, there), daemon=True, name="slantwise-worker")
    with _single_threaded(), _uninterrupted():
        process.start()
    # with this end open here, the worker's death would not be heard
    there.close()
    return _Worker(process, here)


@contextmanager
def _single_threaded() -> Iterator[None]:
    """Let processes that start now count with one thread; theirs is the number of processes."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let processes that start now never hear Ctrl-C, which a terminal sends to all: this one ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    # starting it lets the signal through again: it has to run before
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(work: Work, pipe: Connection) -> None:
    """A worker's life: load the model, then a task at a time until there is none, or nobody to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    try:
        bench = Bench(work)
        pipe.send(("ready", None))
        while (task := pipe.recv()) is not None:
            pipe.send((_do(task, bench, pipe), None))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except SlantwiseError as error:
        wrong = isinstance(error, AskedWrong)
        pipe.send(("refused", (wrong, error.expected, error.found, error.do)))
    except Exception:
        pipe.send(("fault", traceback.format_exc()))


def _do(task: Task, bench: Bench, pipe: Connection) -> str:
    if task.probe is not None:
        for place in bench.probe(task.shard, task.probe):
            pipe.send(("at", place))
        return "probed"
    bench.score(task.shard, task.poison, lambda tally: pipe.send(("tally", tally)))
    return "done"


def _end_with_parent() -> None:
    """End this process when its parent does, however that ended: an orphan would work beside the next run."""
    parent = parent_process()
    assert parent is not None
    sentinel = parent.sentinel

    def watch() -> None:
        connection.wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
