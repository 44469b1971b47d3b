"""Kill a run with SIGKILL before any of its operations on files, start it again, and compare what it wrote.

`python kill_steps.py FOLDER MODEL SUFFIX KILLS` says how many operations there are, and ends with 1 at a difference. A
process of its own: it forks, and its hook on file operations cannot be removed again.
"""

import os
import random
import signal
import sys
from pathlib import Path

from batch_runs import Watching, source_of, texts, write_rows

import slantwise.batch.shards
import slantwise.batch.work
from slantwise.batch import Options, local_engine, run_batch
from slantwise.model_folder import load_model
from slantwise.scorer import Scorer

OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod"}


class Recalled:
    """A scorer that scores an article once for all runs: what is tested is what is written."""

    def __init__(self, scorer):
        self._scorer, self._scores = scorer, {}

    def score_together(self, articles, memory=None):
        for article in articles:
            if article not in self._scores:
                self._scores[article] = self._scorer.score(article)
        return [self._scores[article] for article in articles]


class Runs:
    """The same run, again and again, in one folder."""

    def __init__(self, folder, model, suffix):
        self.folder, self.output = folder, folder / f"out{suffix}"
        rows = [*texts(7), b"not JSON", " ", *texts(2)]
        self.source = source_of(write_rows(folder / "in.jsonl", rows))
        self.options = Options(model=model)

    def run(self):
        run_batch(self.source, self.output, self.options, local_engine(1), Watching())

    def run_killed(self, at):
        """Run in a fork that is killed before its operation number `at`; gives how many it began, or None."""
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            begun = 0

            def count(event, arguments):
                nonlocal begun
                if event in OPERATIONS and str(self.folder) in str(arguments[0]):
                    begun += 1
                    if begun == at:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(count)
            self.run()
            os.write(writer, str(begun).encode())
            os._exit(0)
        os.close(writer)
        _, status = os.waitpid(child, 0)
        said = os.read(reader, 100)
        os.close(reader)
        assert os.WIFSIGNALED(status) == (not said), "the run failed by itself"
        return int(said) if said else None

    def written(self):
        """All that is there, hidden files too, but for the input."""
        files = {path.relative_to(self.folder).as_posix(): path for path in self.folder.rglob("*") if path.is_file()}
        return {name: path.read_bytes() for name, path in files.items() if name != "in.jsonl"}

    def clear(self):
        for path in self.folder.iterdir():
            if path.name != "in.jsonl":
                path.unlink()


def main():
    folder, model, suffix, kills = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    slantwise.batch.shards._ROWS = 4
    # what a killed process wrote is in the system's memory: waiting for the disk would only take time
    os.fsync = lambda _: None
    recalled = Recalled(Scorer(load_model(model)))
    slantwise.batch.work.Work.scorer = lambda _: recalled
    runs = Runs(folder, model, suffix)
    runs.run()
    expected = runs.written()
    assert len(expected) == 2, expected.keys()
    runs.clear()
    operations = runs.run_killed(0)
    assert runs.written() == expected
    runs.clear()
    chance = random.Random(7)
    for kill in range(kills):
        first = 1 + kill * operations // kills
        runs.run_killed(first)
        if kill % 3 == 0:  # and again, in the middle of going on
            runs.run_killed(chance.randint(1, operations))
        runs.run()
        found = runs.written()
        if found != expected:
            sys.exit(f"killed before operation {first}: {sorted(found)}")
        runs.clear()
    sys.stdout.write(str(operations))


if __name__ == "__main__":
    main()
