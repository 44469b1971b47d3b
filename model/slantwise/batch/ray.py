"""Shards on a Ray cluster: one actor a core, each with its own model, replaced by the rules that hold on this machine.

Ray's core actors, not Ray Data: that starts a poison article again without end, and waits for ever where its actors
hold all cores (issue 44687 of ray). Ray itself restarts nothing here: `Course` says what follows a death.
"""

from __future__ import annotations

import os
import platform
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from slantwise.batch.attempts import Course, Task
from slantwise.batch.records import Tally
from slantwise.batch.shards import Shard
from slantwise.batch.work import Bench, Work
from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.model_folder import model_name

if TYPE_CHECKING:
    from slantwise.batch.run import Engine

__all__ = ["need_ray", "ray_engine"]

_MOST_FALSE_STARTS = 3
_LONGEST_REASON = 300
_Report = Callable[[Tally], None]
_Answer = tuple[str, Any]


def need_ray() -> None:
    """Ray needs the `[ray]` extra.

    Raises:
        SlantwiseError: it is not installed; the message has the exact line that installs it.

    """
    if find_spec("ray") is None:
        raise SlantwiseError("the Ray extra", "no module ray", "run: pip install 'slantwise[ray]'")


def ray_engine(address: str | None, workers: int | None) -> Engine:
    """A Ray cluster, with so many actors of one core each.

    All its machines must have this version of slantwise, and the inputs, the output's folder and the model folder at
    the same paths. The address has no effect in a program that has begun to use Ray already.

    Args:
        address: as `ray.init` takes it; without it that in `RAY_ADDRESS`, and else a Ray of its own on this machine.
        workers: how many actors; without it as many as the cluster has cores when the run starts.

    """

    def run(work: Work, shards: Sequence[Shard], report: _Report) -> list[Shard]:
        if not shards:
            return []
        with _connected(address, workers):
            import ray

            most = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
            crew = _Crew(work, deque(map(Course, shards)), report)
            try:
                while crew.is_busy:
                    crew.fill(most)
                    crew.listen()
            finally:
                crew.dismiss()
            return crew.hopeless

    return run


@dataclass(frozen=True, slots=True)
class _Terms:
    """What must be the same wherever shards are scored.

    Args:
        version: of slantwise.
        sha256: of the model.
        folder: what relative paths start from; None where there are none.
    """

    version: str
    sha256: str
    folder: str | None

    @classmethod
    def of(cls, work: Work) -> _Terms:
        from slantwise import __version__

        named = [file.path for file in work.source.files] + [work.folder, work.options.model]
        folder = None if all(path is None or path.is_absolute() for path in named) else os.getcwd()
        return cls(__version__, model_name(work.options.model).sha256, folder)

    def check(self, work: Work) -> None:
        """Go to the folder, and compare this machine with the one where the run was started."""
        from slantwise import __version__

        if self.folder is not None:
            try:
                os.chdir(self.folder)
            except OSError as error:
                do = "give all machines the same file system, or name inputs, output and model by absolute paths"
                raise SlantwiseError(f"the folder {self.folder}", error.strerror or str(error), do) from error
        if __version__ != self.version:
            do = "install the same version on all machines"
            raise SlantwiseError(f"slantwise {self.version}", __version__, do)
        sha256 = model_name(work.options.model).sha256
        if sha256 != self.sha256:
            do = "put the same model folder at the same path on all machines"
            raise SlantwiseError(f"the model {self.sha256[:12]}", sha256[:12], do)


class _Actor:
    """What runs in an actor's process: answers are a kind and a value, as an error of ours has to reach the user."""

    def open(self, work: Work, terms: _Terms) -> _Answer:
        """Load the model from its folder, whose files are checked against their sha256; no model is ever sent."""

        def opened() -> _Answer:
            terms.check(work)
            self._bench = Bench(work)
            return "ready", None

        return _answer(opened)

    def begin(self, task: Task) -> _Answer:
        """Score a shard, or go to the first article that is to be tried."""

        def begun() -> _Answer:
            if task.probe is not None:
                self._places = self._bench.probe(task.shard, task.probe)
                return "at", next(self._places, None)
            return "done", self._bench.score(task.shard, task.poison, lambda _: None).tally

        return _answer(begun)

    def go_on(self) -> _Answer:
        """Try the article whose place was told last, and tell the next: a death then has its place."""
        return _answer(lambda: ("at", next(self._places, None)))


def _answer(do: Callable[[], _Answer]) -> _Answer:
    try:
        return do()
    except SlantwiseError as error:
        found = f"{error.found} on {platform.node()}"
        return "refused", (isinstance(error, AskedWrong), error.expected, found, error.do)
    except Exception:
        return "fault", traceback.format_exc()


@dataclass(slots=True)
class _Worker:
    """An actor, and what it is at."""

    actor: Any
    is_ready: bool = False
    course: Course | None = None
    at: int | None = None


class _Crew:
    def __init__(self, work: Work, courses: deque[Course], report: _Report) -> None:
        self.hopeless: list[Shard] = []
        self._work, self._courses, self._report = work, courses, report
        self._terms = _Terms.of(work)
        self._waited: dict[Any, _Worker] = {}
        self._idle: list[_Worker] = []
        self._false_starts = 0

    @property
    def is_busy(self) -> bool:
        return bool(self._courses) or any(worker.course for worker in self._waited.values())

    def fill(self, most: int) -> None:
        """Give work to those who have none, and start the actors that are missing, as many as there is work for."""
        while self._courses and self._idle:
            self._give(self._idle.pop())
        wanted = len(self._courses) + sum(worker.course is not None for worker in self._waited.values())
        while len(self._waited) + len(self._idle) < min(most, wanted):
            worker = _start()
            self._waited[worker.actor.open.remote(self._work, self._terms)] = worker

    def listen(self) -> None:
        """Wait until some actor answers, or dies, and go on from there."""
        import ray
        from ray.exceptions import RayError, RayTaskError

        (said,), _ = ray.wait(list(self._waited), num_returns=1)
        worker = self._waited.pop(said)
        try:
            kind, value = ray.get(said)
        except RayTaskError:
            _end(worker)
            raise
        except RayError as error:
            self._bury(worker, error)
        else:
            self._hear(worker, kind, value)

    def dismiss(self) -> None:
        """End every actor. One at work is killed: what it was at is not done, and nothing else is lost."""
        for worker in [*self._waited.values(), *self._idle]:
            _end(worker)
        self._waited, self._idle = {}, []

    def _give(self, worker: _Worker) -> None:
        worker.course, worker.at = self._courses.popleft(), None
        self._waited[worker.actor.begin.remote(worker.course.task)] = worker

    def _hear(self, worker: _Worker, kind: str, value: Any) -> None:  # noqa: ANN401 - by kind
        if kind == "at" and value is not None:
            worker.at = value
            self._waited[worker.actor.go_on.remote()] = worker
            return
        self._idle.append(worker)
        if kind == "refused":
            wrong, expected, found, do = value
            raise (AskedWrong if wrong else SlantwiseError)(expected, found, do)
        if kind == "fault":
            raise RuntimeError(f"an actor failed:\n{value}")
        if kind == "ready":
            worker.is_ready, self._false_starts = True, 0
        elif kind == "done":
            self._report(value)
        elif worker.course is not None:
            worker.course.probed()
            self._courses.appendleft(worker.course)
        worker.course = None

    def _bury(self, worker: _Worker, error: Exception) -> None:
        # it may only be out of reach: it must be gone before another takes its shard
        _end(worker)
        how = _how(error)
        if not worker.is_ready:
            self._false_starts += 1
            if self._false_starts == _MOST_FALSE_STARTS:
                said = " ".join(str(error).split())[:_LONGEST_REASON]
                do = "free some memory, or install slantwise on all machines of the cluster"
                raise SlantwiseError("actors that start", f"{self._false_starts} that {how}: {said}", do)
        if worker.course is not None:
            worker.course.died(how, worker.at)
            if worker.course.is_hopeless:
                self.hopeless.append(worker.course.shard)
            else:
                self._courses.appendleft(worker.course)


def _start() -> _Worker:
    import ray

    # Ray gives an actor of one core one thread (OMP_NUM_THREADS)
    return _Worker(ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0)(_Actor).remote())


def _end(worker: _Worker) -> None:
    import ray

    ray.kill(worker.actor, no_restart=True)


def _how(error: Exception) -> str:
    """As it stands in the quarantine: the same wherever it happened, so that runs can be compared."""
    from ray.exceptions import NodeDiedError, OutOfMemoryError

    if isinstance(error, OutOfMemoryError):
        return "was killed for want of memory"
    return "was lost with its machine" if isinstance(error, NodeDiedError) else "died"


@contextmanager
def _connected(address: str | None, workers: int | None) -> Iterator[None]:
    """Be connected to a cluster; one that was connected before stays so."""
    need_ray()
    import ray
    from ray.exceptions import RayError

    if ray.is_initialized():
        yield
        return
    address = address or os.environ.get("RAY_ADDRESS") or "local"
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address == "local":
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
        options |= {"include_dashboard": False} | ({"num_cpus": workers} if workers else {})
    handler = signal.getsignal(signal.SIGTERM)
    try:
        _knock(address)
        ray.init(address=address, **options)
    except (OSError, OverflowError, RuntimeError, ValueError, RayError) as error:
        found = " ".join(str(error).split())[:_LONGEST_REASON]
        raise SlantwiseError(f"a Ray cluster at {address}", found, "start it, or name another --ray-address") from error
    with suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGTERM, handler)  # Ray puts its own in its place
    try:
        yield
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Ray tries an address where nobody listens for over a minute before it says so."""
    import socket

    host, _, port = address.rpartition(":")
    if host and "/" not in host and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), 10).close()
