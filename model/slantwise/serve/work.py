"""The one thread that scores, its queue, and its deadline: a server never has more to do than it was given room for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import Any, TypeVar, cast

from slantwise.model_folder import Model
from slantwise.reading import Backend
from slantwise.serve.limits import Limits
from slantwise.serve.refusals import Refusal

__all__ = ["Work"]

Result = TypeVar("Result")


class Work:
    """Runs jobs with the model one after another.

    A job that takes too long is answered with 504 at once. Its thread is stopped the next time it turns to the model,
    and holds its place until then, so that jobs never pile up behind what is shown as free.

    Args:
        model: the loaded model.
        limits: the seconds of a job, and how many may wait.
    """

    def __init__(self, model: Model, limits: Limits) -> None:
        self._model, self._limits = model, limits
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="slantwise")
        self._lock = Lock()
        self._pending = 0
        self._closed = False

    @property
    def pending(self) -> int:
        """How many jobs are running or waiting."""
        return self._pending

    async def do(self, job: Callable[[Model], Result]) -> Result:
        """Run a job and wait for it.

        Raises:
            Refusal: the queue is full (503), or the job took too long (504).
        """
        with self._lock:
            if self._pending > self._limits.queue:
                do, wait = "try again later", max(1, round(self._limits.seconds / 4))
                raise Refusal(503, "room in the queue", f"{self._pending} articles in it", do, retry=wait)
            self._pending += 1
        future = self._pool.submit(self._run, job, monotonic() + self._limits.seconds)
        future.add_done_callback(self._done)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(future)), self._limits.seconds)
        except TimeoutError:
            future.cancel()
            raise self._too_long() from None

    def close(self) -> None:
        """Take no more jobs, forget those that wait, and stop the one that runs when it turns to the model."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, job: Callable[[Model], Result], deadline: float) -> Result:
        def check() -> None:
            if monotonic() > deadline:
                raise self._too_long()
            if self._closed:
                raise Refusal(503, "a server that runs", "one that ends", "start it again")

        check()
        return job(replace(self._model, backend=cast(Backend, _Watched(self._model.backend, check))))

    def _done(self, future: Future[Any]) -> None:
        with self._lock:
            self._pending -= 1

    def _too_long(self) -> Refusal:
        found = f"an article that takes more than {self._limits.seconds:g} s"
        return Refusal(504, "a score in time", found, "send a shorter article, or score it with `slantwise score`")


class _Watched:
    """A backend that looks at the clock whenever it is turned to, which is once in some hundred sentences."""

    def __init__(self, backend: Backend, check: Callable[[], None]) -> None:
        self._backend, self._check = backend, check

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the backend has
        self._check()
        return getattr(self._backend, name)
