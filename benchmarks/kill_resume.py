"""Kill `slantwise score` at random and compare what it writes in the end: `python benchmarks/kill_resume.py`.

Each round starts the real command on invented articles and sends SIGKILL to it, or to one of its workers, at a random
moment; now and then several times in a round. Then the same command runs to its end. Output and quarantine must be the
bytes of a run that was left alone, and nothing else may stay behind. `--rounds 50 --workers 2 --articles 300 --model
FOLDER --form jsonl --seed 1` are the options.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic, sleep

NAMES = ("Anna Berg", "Omar Diaz", "The finance ministry", "An unnamed official", "The Harbour Times")
CUES = ("said", "claimed", "told reporters that", "reportedly denied that")
CLAIMS = ("the plan may fail", "the disastrous tax would go", "the port opens in June", "nobody was asked", "it rained")
COMMAND = (sys.executable, "-c", "from slantwise.cli import main; main()", "score")


@dataclass(frozen=True)
class Run:
    """One command on one input."""

    folder: Path
    arguments: tuple[str, ...]

    @property
    def output(self) -> Path:
        """What it writes."""
        return Path(self.arguments[self.arguments.index("-o") + 1])

    def start(self) -> subprocess.Popen[bytes]:
        """Begin it, or go on with it."""
        return subprocess.Popen([*COMMAND, *self.arguments], stderr=subprocess.PIPE)

    def finish(self) -> float:
        """Run it to its end; gives the seconds."""
        began = monotonic()
        process = self.start()
        _, err = process.communicate()
        if process.returncode != 3:
            sys.exit(f"expected exit 3 (one empty article), found {process.returncode}: {err.decode()}")
        return monotonic() - began

    def take(self) -> dict[str, bytes]:
        """All that it wrote, hidden files too; removed after."""
        found = {path.relative_to(self.folder).as_posix(): path for path in self.folder.rglob("*") if path.is_file()}
        written = {name: path.read_bytes() for name, path in found.items()}
        for path in found.values():
            path.unlink()
        return written


def main() -> None:
    """Read the options, run the rounds, print what was killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--model")
    parser.add_argument("--form", default="jsonl")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "out"
        folder.mkdir()
        rows = _write_articles(Path(name) / "rows.jsonl", asked.articles)
        model = ("--model", asked.model) if asked.model else ()
        output = str(folder / f"scores.{asked.form}")
        run = Run(folder, (str(rows), "-o", output, "--workers", str(asked.workers), *model))
        _rounds(run, asked.rounds, random.Random(asked.seed))


def _rounds(run: Run, rounds: int, chance: random.Random) -> None:
    seconds = [run.finish(), run.finish()]
    expected = run.take()
    if len(expected) != 2:
        sys.exit(f"expected an output and a quarantine, found {sorted(expected)}")
    killed: Counter[str] = Counter()
    resumed = []
    for number in range(1, rounds + 1):
        for _ in range(1 + chance.randrange(3) // 2):
            killed[_start_and_kill(run, chance.uniform(0, 1.1) * median(seconds), chance)] += 1
        resumed.append(run.finish())
        found = run.take()
        if found != expected:
            differ = sorted(name for name in expected.keys() | found.keys() if found.get(name) != expected.get(name))
            sys.exit(f"round {number}: {', '.join(differ)} differ from a run that was left alone")
        sys.stderr.write(f"\rround {number} of {rounds}: the same bytes")
    sys.stderr.write("\n")
    whole = f"{median(seconds):.1f} s undisturbed, {median(resumed):.1f} s (median) to go on after the last kill"
    print(f"{rounds} rounds, every output the same bytes; killed: {dict(killed)}; {whole}")


def _start_and_kill(run: Run, after: float, chance: random.Random) -> str:
    """Start the command, kill it or one of its workers after so many seconds; gives what was killed."""
    process = run.start()
    sleep(after)
    children = _children_of(process.pid)
    what = "nothing: it was done"
    if process.poll() is None:
        if children and chance.random() < 0.5:
            os.kill(chance.choice(children), signal.SIGKILL)
            what = "a worker"
            sleep(chance.uniform(0, 0.5))
            if chance.random() < 0.5:
                process.kill()
                what = "a worker, then the command"
        else:
            process.kill()
            what = "the command"
    process.communicate()
    return what


def _children_of(pid: int) -> list[int]:
    """The workers of a process, and what helps it to start them."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _write_articles(path: Path, count: int) -> Path:
    """Articles of twelve invented sentences; the last is empty, so that there is a quarantine."""
    chance = random.Random(0)
    rows = []
    for number in range(count):
        sentences = [f"{chance.choice(NAMES)} {chance.choice(CUES)} {chance.choice(CLAIMS)}." for _ in range(12)]
        rows.append(" ".join([*sentences, f"This was item {number}."]))
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in [*rows, " "]), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
