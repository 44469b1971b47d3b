"""Small archives of invented articles, and work whose scorer dies of one of them."""

import json
import os
import signal
from dataclasses import dataclass
from itertools import product
from time import monotonic, sleep

from slantwise.batch.work import Work
from slantwise.formats.articles import open_articles

SENTENCES = (
    "Anna Berg said the plan may fail.",
    "“This is a disastrous tax,” Omar Diaz told reporters.",
    "The brutal winter closed the road to Port Ellery.",
    "Rain fell over the harbour all night.",
    "Trade could resume if the strait opens, She claimed.",
    "The council met on Tuesday.",
)
DEADLY = "The deadly article."


def texts(count):
    """So many different articles of three sentences and a number."""
    pairs = list(product(SENTENCES, repeat=3))
    return [" ".join(pairs[i * 7 % len(pairs)]) + f" It was item {i}." for i in range(count)]


def write_rows(path, rows):
    """A JSONL file of articles; a row that is no text is written as it is."""
    lines = [json.dumps({"text": row}) if isinstance(row, str) else row.decode() for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Watching:
    """Adds up what it is told."""

    def __init__(self):
        from slantwise.batch.records import Tally

        self.articles, self.before, self.tally = None, None, Tally()

    def begin(self, articles, before):
        self.articles, self.before = articles, before

    def add(self, tally):
        self.tally += tally


class _Deadly:
    """A scorer that kills its process over some articles: each time, or once, or when its neighbours are at rest."""

    def __init__(self, scorer, folder):
        self._scorer, self._folder = scorer, folder

    def score_together(self, articles, memory=None):
        for article in articles:
            if "patient" in article.text:
                self._wait_for_the_others()
            if DEADLY in article.text or ("fragile" in article.text and self._dies()):
                os.kill(os.getpid(), signal.SIGKILL)
        return self._scorer.score_together(articles, memory)

    def _wait_for_the_others(self):
        """Until the first shard is written, and whoever wrote it has had time to say so."""
        until = monotonic() + 300
        while not (self._folder / "000000.json").exists() and monotonic() < until:
            sleep(0.05)
        sleep(1)

    def _dies(self):
        """Once in the life of the run's folder."""
        mark = self._folder.parent / "died-once"
        if mark.exists():
            return False
        mark.touch()
        return True


@dataclass(frozen=True)
class DeadlyWork(Work):
    """Work with such a scorer; worker processes import it from here."""

    def scorer(self):
        return _Deadly(super().scorer(), self.folder)


@dataclass(frozen=True)
class DyingWork(Work):
    """Work whose processes die before they are ready."""

    def scorer(self):
        os.kill(os.getpid(), signal.SIGKILL)


def source_of(*paths, **options):
    """The articles of some files."""
    return open_articles([str(path) for path in paths], **options)
