"""What any process needs to score the shards of a run: it can be sent to other processes and machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from slantwise.batch.records import ShardRecord, Tally
from slantwise.batch.run_folder import RunFolder
from slantwise.batch.scoring import probe_shard, score_shard
from slantwise.batch.shards import Shard
from slantwise.errors import SlantwiseError
from slantwise.formats.articles import ArticleSource
from slantwise.formats.flat import Level
from slantwise.memory import SentenceMemory
from slantwise.model_folder import load_model
from slantwise.scorer import Scorer
from slantwise.targets import parse_target

__all__ = ["Bench", "Options", "Work"]


@dataclass(frozen=True, slots=True)
class Options:
    """What a run's scores depend on, beside the model and the inputs."""

    level: Level = Level.SENTENCE
    targets: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    quotes_as_author: bool = False
    model: Path | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A run's inputs, folder and options.

    Args:
        source: the inputs; none of them standard input.
        folder: the folder of the run.
        suffix: the suffix of its parts.
        options: how to score.
    """

    source: ArticleSource
    folder: Path
    suffix: str
    options: Options

    @property
    def run(self) -> RunFolder:
        """The folder of the run."""
        return RunFolder(self.folder, self.suffix)

    def scorer(self) -> Scorer:
        """Load the model.

        Raises:
            SlantwiseError: it is unusable.

        """
        options = self.options
        return Scorer(
            load_model(options.model),
            targets=[parse_target(target) for target in options.targets],
            topics=[parse_target(topic) for topic in options.topics],
            quotes_as_author=options.quotes_as_author,
        )


class Bench:
    """One process at work: the model is loaded once, and what was read is remembered from shard to shard."""

    def __init__(self, work: Work) -> None:
        self._work, self._run = work, work.run
        self._scorer, self._memory = work.scorer(), SentenceMemory()

    def score(self, shard: Shard, poison: Mapping[int, str], report: Callable[[Tally], None]) -> ShardRecord:
        """Score a shard and write down that it is done.

        Raises:
            SlantwiseError: its files cannot be written.

        """
        number = shard.number
        try:
            record = score_shard(
                self._work.source,
                shard,
                self._run.part(number),
                self._scorer,
                failures=self._run.failures(number),
                level=self._work.options.level,
                memory=self._memory,
                poison=poison,
                report=report,
            )
            self._run.write_record(record)
        except OSError as error:
            found = error.strerror or str(error)
            do = "make room or mend the disk, then the same command goes on"
            raise SlantwiseError(f"to read the inputs and write {self._work.folder}", found, do) from error
        return record

    def probe(self, shard: Shard, start: int) -> Iterator[int]:
        """Try the articles of a shard one by one, from a place on; yields the place of each before it is tried."""
        return probe_shard(self._work.source, shard, self._scorer, start)
