"""What a run counts, and what it writes down of every shard that is done."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from slantwise.errors import BadSpan, SlantwiseError
from slantwise.fields import json_line

__all__ = ["Failure", "ShardRecord", "Tally"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts that add up over shards.

    Args:
        articles: articles that were read, or could not be.
        scored: of these, those with a score in the output.
        failed: the others, all of them in the quarantine.
        sentences: sentences of scored articles.
        repeated: of these, those that a worker had read before.
    """

    articles: int = 0
    scored: int = 0
    failed: int = 0
    sentences: int = 0
    repeated: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(self._counts(), other._counts(), strict=True)))

    def __sub__(self, other: Tally) -> Tally:
        return Tally(*(a - b for a, b in zip(self._counts(), other._counts(), strict=True)))

    def _counts(self) -> tuple[int, ...]:
        return self.articles, self.scored, self.failed, self.sentences, self.repeated


@dataclass(frozen=True, slots=True)
class ShardRecord:
    """A shard that is done: its counts, and how many bytes its two files have."""

    shard: int
    tally: Tally
    part_bytes: int
    failures_bytes: int

    def to_json(self) -> dict[str, Any]:
        """The record as a JSON object."""
        sizes = {"part_bytes": self.part_bytes, "failures_bytes": self.failures_bytes}
        return {"shard": self.shard, **asdict(self.tally), **sizes}

    @classmethod
    def from_json(cls, value: object) -> ShardRecord:
        """The record that a JSON object holds.

        Raises:
            BadSpan: it holds none.

        """
        names = ("shard", "articles", "scored", "failed", "sentences", "repeated", "part_bytes", "failures_bytes")
        if not isinstance(value, dict) or not all(isinstance(value.get(name), int) for name in names):
            raise BadSpan("record", "counts of a shard", repr(value)[:80])
        shard, *counts, part, failures = (value[name] for name in names)
        return cls(shard, Tally(*counts), part, failures)


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that has no score: a line of the quarantine.

    Args:
        article: its id, or the one it would have had.
        origin: its file, with the line of a table's row where that is known.
        reason: what was expected, what was found, what to do.
    """

    article: str
    origin: str
    reason: str

    def line(self) -> bytes:
        """One line of JSONL. A name that is no Unicode text is written in escapes."""
        row = asdict(self)
        try:
            return json_line(row, self.article)
        except SlantwiseError:
            # JSON's own \\ud800 escapes: read back, they are the name again
            import json

            return json.dumps(row).encode("ascii") + b"\n"
