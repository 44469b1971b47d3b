"""Where the whole command's time goes, and how much memory it takes: `python benchmarks/stages.py`.

Options: `[--rounds 5] [--sentences 2000] [--memory] [--model FOLDER]`. Processor time, not the clock's, so that a busy
machine matters little; medians over the rounds. The articles are those of `benchmarks/speed.py`.

- Stages: one process with one thread scores the articles as a worker does; each stage's time is without the stages that
  it calls. `start` is what the real command takes beyond them: imports, the model, the shards.
- `--memory`: the peak memory of the real command with one worker, for 10, 100 and 1,000 articles of 25 sentences.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from speed import SENTENCES_PER_ARTICLE, installed, numbered

import slantwise.encoder.backend
import slantwise.scorer
from slantwise.batch.scoring import score_windows
from slantwise.encoder import EncoderBackend
from slantwise.encoder.session import Session
from slantwise.formats import open_articles, open_scores
from slantwise.memory import SentenceMemory
from slantwise.model_folder import DEFAULT_MODEL, Model, load_model
from slantwise.scorer import Scorer

STAGES = ("start", "read", "segment", "tokenise", "encode", "decode", "voices", "targets", "sum up", "write")
FUNCTIONS = {
    "segment": "segment",
    "find_voices": "voices",
    "find_targets": "targets",
    "name_sources": "targets",
    "find_pronouns": "targets",
    "name_pronouns": "targets",
    "summarise": "sum up",
}
"""What the scorer calls, and the stage that it is."""


class Clock:
    """Processor time by stage; a stage that another calls stops the other's clock."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._running: list[str] = []
        self._since = time.process_time()

    @contextmanager
    def running(self, stage: str) -> Iterator[None]:
        """Count what the block takes for a stage."""
        self._turn()
        self._running.append(stage)
        try:
            yield
        finally:
            self._turn()
            self._running.pop()

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted."""

        def counted(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the function takes and gives
            with self.running(stage):
                return function(*args, **kwargs)

        return counted

    def _turn(self) -> None:
        now = time.process_time()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._since = now


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sentences", type=int, default=2000)
    parser.add_argument("--memory", action="store_true", help="peak memory instead")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    asked = parser.parse_args()
    # numpy's own threads would count as time of whatever stage they wake in
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))
    with tempfile.TemporaryDirectory() as folder:
        report = memory(asked.model, Path(folder)) if asked.memory else stages(asked, Path(folder))
        print(*report, sep="\n")


def stages(asked: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Yield a table of the stages' shares, row by row."""
    articles = write_articles(folder / "articles.jsonl", numbered(asked.sentences))
    model = load_model(asked.model)
    if not isinstance(model.backend, EncoderBackend):
        sys.exit("the model is no encoder: it has other stages")
    score(articles, folder / "warm.jsonl", model)
    rounds = []
    for _ in range(asked.rounds):
        whole = command(articles, folder / "out.jsonl", asked.model).seconds
        seconds = score(articles, folder / "here.jsonl", model)
        rounds.append({**seconds, "start": whole - sum(seconds.values())})
    middle = {stage: median(each[stage] for each in rounds) for stage in STAGES}
    total = sum(middle.values())
    yield f"{asked.sentences} sentences in articles of {SENTENCES_PER_ARTICLE}; {asked.rounds} rounds\n"
    yield "| stage | ms a sentence | share | lowest to highest round |\n|---|---:|---:|---:|"
    for stage in STAGES:
        low, high = (pick(each[stage] / sum(each.values()) for each in rounds) for pick in (min, max))
        row = f"{1000 * middle[stage] / asked.sentences:.3f} | {middle[stage] / total:.1%} | {low:.1%} to {high:.1%}"
        yield f"| {stage} | {row} |"
    for name, own in (("the network", {"encode"}), ("the network and its tokenizer", {"encode", "tokenise"})):
        rest = [stage for stage in STAGES if stage not in {*own, "start"}]
        share = median(sum(each[s] for s in rest) / (sum(each.values()) - each["start"]) for each in rounds)
        yield f"\nbeyond {name}, of all but the start: {share:.1%}"


def score(articles: Path, output: Path, model: Model) -> dict[str, float]:
    """Score as a worker does; gives the seconds of each stage."""
    clock = Clock()
    source = open_articles([str(articles)])
    places: list[tuple[object, str, str]] = [(slantwise.scorer, name, stage) for name, stage in FUNCTIONS.items()]
    places += [(slantwise.encoder.backend, "windows_of", "tokenise"), (Session, "run", "encode")]
    places += [(EncoderBackend, "read", "decode"), (EncoderBackend, "stance", "decode")]
    with ExitStack() as stack:
        for owner, name, stage in places:
            stack.enter_context(patch.object(owner, name, clock.timed(stage, getattr(owner, name))))
        writer = stack.enter_context(open_scores(output))
        rows = iter(source.attempts())
        items = iter(lambda: (str(articles), clock.timed("read", next)(rows, None)), (str(articles), None))
        with clock.running("sum up"):
            for results, _ in score_windows(items, Scorer(model), SentenceMemory()):
                for result in results:
                    with clock.running("write"):
                        writer.write(result)
    return dict(clock.seconds)


class Ran:
    """A command that ran: its processor time and its peak memory."""

    def __init__(self, line: list[str]) -> None:
        process = subprocess.Popen(line, env=installed(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{' '.join(line)} ended with status {status}")
        self.seconds, self.megabytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def command(articles: Path, output: Path, model: Path) -> Ran:
    """Run the real command with one worker."""
    line = [sys.executable, "-m", "slantwise", "score", str(articles), "-o", str(output), "--workers", "1"]
    return Ran([*line, "--restart", "--model", str(model)])


def memory(model: Path, folder: Path) -> Iterator[str]:
    """Yield a table of peak memory by input size."""
    yield f"| articles of {SENTENCES_PER_ARTICLE} sentences | peak memory of the process |\n|---:|---:|"
    for count in (10, 100, 1000):
        articles = write_articles(folder / "articles.jsonl", numbered(count * SENTENCES_PER_ARTICLE))
        yield f"| {count:,} | {command(articles, folder / 'out.jsonl', model).megabytes:.0f} MB |"


def write_articles(path: Path, sentences: list[str]) -> Path:
    """Write articles of so many sentences each."""
    with path.open("w", encoding="utf-8") as file:
        for at in range(0, len(sentences), SENTENCES_PER_ARTICLE):
            text = " ".join(sentences[at : at + SENTENCES_PER_ARTICLE])
            file.write(json.dumps({"id": f"a{at}", "text": text}) + "\n")
    return path


if __name__ == "__main__":
    main()
