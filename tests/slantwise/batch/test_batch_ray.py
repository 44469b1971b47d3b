"""Shards on a Ray of two cores: the same bytes as on this machine, whatever dies."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import pytest
from batch_runs import DEADLY, DeadlyWork, DyingWork, Watching, source_of, texts, write_rows
from command_line import RUN, environment

from slantwise.batch import ray as module
from slantwise.batch.local import run_here, run_workers
from slantwise.batch.ray import need_ray, ray_engine
from slantwise.batch.records import Tally
from slantwise.batch.shards import plan_shards
from slantwise.batch.work import Options, Work
from slantwise.errors import AskedWrong, SlantwiseError

# what Ray itself warns of as it starts is not ours
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def cluster():
    """A Ray on this machine with two cores, whose workers find the helpers of the tests."""
    ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'slantwise[ray]'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        # one of its own, or Ray would leave one in the user's home
        patch.setenv("RAY_AUTH_TOKEN", token_hex(32))
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2] / "helpers"), prepend=os.pathsep)
        ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
        yield ray
        ray.shutdown()


@pytest.fixture
def make(tmp_path, tiny_model, monkeypatch):
    """Work on a few rows, in shards of three, in a folder of its own."""
    monkeypatch.setattr("slantwise.batch.shards._ROWS", 3)

    def _make(rows, kind=Work, folder="out.jsonl.parts", model=tiny_model):
        source = source_of(write_rows(tmp_path / "in.jsonl", rows))
        (tmp_path / folder).mkdir(parents=True)
        return kind(source, tmp_path / folder, ".jsonl", Options(model=model)), plan_shards(source)

    return _make


def files(work):
    return {path.name: path.read_bytes() for path in work.folder.iterdir() if path.name[:1] != "."}


def test_two_actors_write_what_one_process_does(make, cluster):
    rows = [*texts(10), " ", b"not JSON"]
    local, shards = make(rows, folder="local")
    assert run_here(local, shards, Watching().add) == []
    work, shards = make(rows)
    watching = Watching()
    assert ray_engine(None, 2)(work, shards, watching.add) == []
    parts = {name: content for name, content in files(work).items() if name.endswith(".jsonl")}
    assert parts == {name: content for name, content in files(local).items() if name.endswith(".jsonl")}
    assert len(parts) == 8
    assert (watching.tally.articles, watching.tally.scored, watching.tally.failed) == (12, 10, 2)


def test_a_killed_actor_costs_an_attempt_and_a_poison_article_itself_alone(make, cluster):
    rows = texts(9)
    rows[1] = DEADLY
    rows[7] += " It is fragile."
    local, shards = make(rows, DeadlyWork, folder="a/local")
    assert run_workers(local, shards, 2, Watching().add) == []
    work, shards = make(rows, DeadlyWork, folder="b/ray")
    watching = Watching()
    assert ray_engine(None, 2)(work, shards, watching.add) == []
    assert (local.folder.parent / "died-once").exists()
    assert (work.folder.parent / "died-once").exists()
    for shard in shards:
        assert work.run.part(shard.number).read_bytes() == local.run.part(shard.number).read_bytes()
    (line,) = work.run.failures(0).read_text("utf-8").splitlines()
    failure = json.loads(line)
    assert failure["article"] == "in#2"
    assert "found a worker process that died over it, twice" in failure["reason"]
    assert watching.tally == Tally(9, 8, 1, watching.tally.sentences, watching.tally.repeated)


def test_the_actor_that_is_replaced_is_killed_first(make, cluster, monkeypatch):
    rows = texts(3)
    rows[1] += " It is fragile."
    work, shards = make(rows, DeadlyWork)
    told = []
    start, kill = module._start, cluster.kill
    monkeypatch.setattr(module, "_start", lambda: told.append("start") or start())
    monkeypatch.setattr(cluster, "kill", lambda actor, **how: told.append(("kill", how)) or kill(actor, **how))
    assert ray_engine(None, 2)(work, shards, Watching().add) == []
    killed = ("kill", {"no_restart": True})
    assert told == ["start", killed, "start", killed]


def test_actors_that_die_as_they_start_are_not_started_for_ever(make, cluster):
    work, shards = make(texts(3), DyingWork)
    with pytest.raises(SlantwiseError, match="actors that start; found 3 that died"):
        ray_engine(None, 1)(work, shards, Watching().add)


def test_an_actor_refuses_another_model_and_another_version(make):
    work, _ = make(texts(3))
    terms = module._Terms.of(work)
    assert terms.folder is None
    kind, (_, expected, _, do) = module._Actor().open(work, replace(terms, sha256="0" * 64))
    assert (kind, expected, do[:25]) == ("refused", "the model 000000000000", "put the same model folder")
    kind, (_, expected, _, _) = module._Actor().open(work, replace(terms, version="0.0.0"))
    assert (kind, expected) == ("refused", "slantwise 0.0.0")
    assert module._Actor().open(work, terms) == ("ready", None)


def test_relative_paths_start_from_the_folder_of_the_command(make, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    work, _ = make(texts(3))
    terms = module._Terms.of(replace(work, folder=Path("out.jsonl.parts")))
    assert terms.folder == str(tmp_path)
    kind, (_, expected, _, _) = module._Actor().open(work, replace(terms, folder=str(tmp_path / "nowhere")))
    assert (kind, expected) == ("refused", f"the folder {tmp_path / 'nowhere'}")


def test_what_an_actor_says_of_the_model_reaches_the_user(make, cluster, monkeypatch, tmp_path):
    work, shards = make(texts(3))
    monkeypatch.setattr(module._Terms, "of", lambda _: module._Terms("0.0.0", "0" * 64, None))
    with pytest.raises(SlantwiseError, match=r"expected slantwise 0\.0\.0; found .* on ") as caught:
        ray_engine(None, 1)(work, shards, Watching().add)
    assert not isinstance(caught.value, AskedWrong)


def test_the_missing_extra_is_named_with_its_pip_line(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(SlantwiseError, match=r"no module ray; run: pip install 'slantwise\[ray\]'"):
        need_ray()


def test_a_cluster_that_is_not_there(make, monkeypatch):
    ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'slantwise[ray]'")
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    work, shards = make(texts(3))
    with pytest.raises(SlantwiseError, match=r"a Ray cluster at 127\.0\.0\.1:1; found .*; start it, or name another"):
        ray_engine("127.0.0.1:1", 1)(work, shards, Watching().add)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--ray-address", "auto"), "--engine ray with --ray-address"),
        (("--engine", "ray"), "leave out --engine ray"),
    ],
)
def test_options_that_do_not_go_together(slantwise, tmp_path, options, found):
    ran = slantwise("score", str(write_rows(tmp_path / "in.jsonl", texts(1))), *options)
    assert ran.code == 2
    assert found in ran.err


def test_the_command_joins_a_cluster_and_finds_relative_paths(slantwise, cluster, tmp_path, tiny_model, monkeypatch):
    write_rows(tmp_path / "in.jsonl", [*texts(90), " "])
    monkeypatch.chdir(tmp_path)
    assert slantwise("score", "in.jsonl", "--model", tiny_model, "-o", "local.jsonl").code == 3
    address = ("--engine", "ray", "--ray-address", cluster.get_runtime_context().gcs_address)
    line = ["score", "in.jsonl", "--model", str(tiny_model), "-o", "ray.jsonl", "--workers", "2", *address]
    ran = subprocess.run([sys.executable, "-c", RUN, *line], capture_output=True, text=True, env=environment())
    assert (ran.returncode, ran.stdout) == (3, ""), ran.stderr
    assert "scored 90 articles, 1 failed" in ran.stderr
    for suffix in ("", ".quarantine.jsonl"):
        assert Path(f"ray.jsonl{suffix}").read_bytes() == Path(f"local.jsonl{suffix}").read_bytes()
