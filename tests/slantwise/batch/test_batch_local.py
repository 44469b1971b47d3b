"""Workers that are killed, that die of an article, that cannot start: what each costs, and that no neighbour pays."""

import json
import multiprocessing
import os
import signal

import pytest
from batch_runs import DEADLY, DeadlyWork, DyingWork, Watching, source_of, texts, write_rows

from slantwise.batch.local import run_here, run_workers, usable_cores
from slantwise.batch.records import Tally
from slantwise.batch.shards import plan_shards
from slantwise.batch.work import Options, Work
from slantwise.errors import AskedWrong, SlantwiseError


@pytest.fixture
def make(tmp_path, tiny_model, monkeypatch):
    """Work on a few rows, in shards of three."""
    monkeypatch.setattr("slantwise.batch.shards._ROWS", 3)

    def _make(rows, kind=Work, model=tiny_model):
        source = source_of(write_rows(tmp_path / "in.jsonl", rows))
        folder = tmp_path / "out.jsonl.parts"
        folder.mkdir()
        return kind(source, folder, ".jsonl", Options(model=model)), plan_shards(source)

    return _make


def scored(work, shards):
    parts = [work.run.part(shard.number).read_text("utf-8") for shard in shards]
    return [json.loads(line)["article"] for part in parts for line in part.splitlines()]


def failures(work, shards):
    parts = [work.run.failures(shard.number).read_text("utf-8") for shard in shards]
    return {json.loads(line)["article"]: json.loads(line)["reason"] for part in parts for line in part.splitlines()}


def test_two_workers_write_what_one_process_does(make, tmp_path):
    work, shards = make(texts(11))
    assert run_here(work, shards, Watching().add) == []
    here = {path.name: path.read_bytes() for path in work.folder.iterdir() if path.suffix == ".jsonl"}
    assert len(here) == 8
    for path in work.folder.iterdir():
        path.unlink()
    watching = Watching()
    assert run_workers(work, shards, 2, watching.add) == []
    assert {path.name: path.read_bytes() for path in work.folder.iterdir() if path.suffix == ".jsonl"} == here
    assert (watching.tally.articles, watching.tally.scored, watching.tally.sentences) == (11, 11, 44)


def test_a_worker_that_is_killed_once_costs_one_attempt(make):
    rows = texts(6)
    rows[2] += " It is fragile."
    work, shards = make(rows, DeadlyWork)
    watching = Watching()
    assert run_workers(work, shards, 2, watching.add) == []
    assert (work.folder.parent / "died-once").exists()
    assert scored(work, shards) == [f"in#{i}" for i in range(1, 7)]
    assert failures(work, shards) == {}
    assert watching.tally.scored == 6


@pytest.fixture
def alarm():
    """An end to waiting for what never comes."""

    def ring(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("alarm")
def test_work_that_a_death_puts_back_goes_to_workers_at_rest(make):
    """The others have done all there was, and say nothing any more."""
    rows = texts(6)
    rows[4] += " It is patient and fragile."
    work, shards = make(rows, DeadlyWork)
    assert run_workers(work, shards, 2, Watching().add) == []
    assert (work.folder.parent / "died-once").exists()
    assert scored(work, shards) == [f"in#{i}" for i in range(1, 7)]


def test_a_process_that_died_of_a_shard_twice_hands_it_to_others_who_find_the_poison(make):
    rows = texts(6)
    rows[1] = DEADLY
    work, shards = make(rows, DeadlyWork)
    for _ in range(2):
        work.run.add_try(0)
    watching = Watching()
    assert run_here(work, shards, watching.add) == []
    assert scored(work, shards) == ["in#1", "in#3", "in#4", "in#5", "in#6"]
    ((article, reason),) = failures(work, shards).items()
    assert article == "in#2"
    assert "found a worker process that was killed by signal 9 over it, twice" in reason
    assert watching.tally == Tally(6, 5, 1, 20, watching.tally.repeated)


def test_workers_that_die_as_they_start_are_not_started_for_ever(make):
    work, shards = make(texts(3), DyingWork)
    with pytest.raises(SlantwiseError, match=r"worker processes that start; found 3; the last was killed by signal 9"):
        run_workers(work, shards, 1, Watching().add)


def test_a_model_that_cannot_be_loaded_is_told_in_the_workers_words(make, tmp_path):
    work, shards = make(texts(3), model=tmp_path / "nowhere")
    with pytest.raises(AskedWrong, match="a model folder at"):
        run_workers(work, shards, 1, Watching().add)


def test_an_interrupt_leaves_no_process_behind(make):
    work, shards = make(texts(60))

    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_workers(work, shards, 2, interrupt)
    assert multiprocessing.active_children() == []


def test_workers_killed_from_outside_cost_nothing(make):
    """Somebody kills a worker now and then; every article is scored once all the same."""
    work, shards = make(texts(40))

    class Killing(Watching):
        reports = 0

        def add(self, tally):
            super().add(tally)
            self.reports += 1
            if self.reports in (1, 7):
                os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)

    killing = Killing()
    assert run_workers(work, shards, 2, killing.add) == []
    assert killing.reports >= 14
    assert scored(work, shards) == [f"in#{i}" for i in range(1, 41)]
    assert killing.tally.articles == 40


def test_cores_are_counted():
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
