"""What becomes of a shard whose worker dies: tried again, then searched for the article that kills."""

from __future__ import annotations

from dataclasses import dataclass, field

from slantwise.batch.shards import Shard
from slantwise.errors import SlantwiseError

__all__ = ["PLAIN_ATTEMPTS", "Course", "Task"]

PLAIN_ATTEMPTS = 2
"""A worker may die for reasons of its own (somebody killed it): so often a shard is simply tried again."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is to do with a shard.

    Args:
        shard: the shard.
        poison: articles to pass over, by their place in the shard, with the reason.
        probe: None to score it; else the place from which on its articles are to be tried one by one.
    """

    shard: Shard
    poison: dict[int, str]
    probe: int | None


@dataclass(slots=True)
class Course:
    """The attempts at one shard, on whatever engine.

    An article is poison if two workers in a row died of it, each with nothing else at hand.

    Args:
        shard: the shard.
        deaths: workers that died of it already.
    """

    shard: Shard
    deaths: int = 0
    _poison: dict[int, str] = field(default_factory=dict)
    _probe: int | None = None
    _suspect: int | None = None
    _strays: int = 0

    def __post_init__(self) -> None:
        if self.deaths >= PLAIN_ATTEMPTS:
            self.deaths, self._probe = PLAIN_ATTEMPTS, 0

    @property
    def task(self) -> Task:
        """What to do next."""
        return Task(self.shard, dict(self._poison), self._probe)

    @property
    def is_hopeless(self) -> bool:
        """Whether workers die of it though no single article kills them."""
        return max(self.deaths, self._strays) >= 2 * PLAIN_ATTEMPTS

    def probed(self) -> None:
        """Every article was tried."""
        self._probe = None

    def died(self, how: str, at: int | None) -> None:
        """A worker died of it.

        Args:
            how: as in `was killed by signal 9`.
            at: the place of the article that it was trying, if it was.
        """
        if self._probe is None:
            self.deaths += 1
            if self.deaths == PLAIN_ATTEMPTS:
                self._probe = 0
        elif at is None:
            self._strays += 1
        elif at != self._suspect:
            self._suspect = self._probe = at
        else:
            found = f"a worker process that {how} over it, twice"
            error = SlantwiseError(
                "an article that can be scored", found, "look at it, or give the machine more memory"
            )
            self._poison[at] = str(error)
            self._probe = at + 1
