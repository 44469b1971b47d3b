"""A run that was stopped anywhere goes on to the same bytes; one of another model, option or input is left alone."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from batch_runs import Watching, source_of, texts, write_rows
from command_line import environment
from repository import REPOSITORY

from slantwise.batch import Options, local_engine, merge_run, parse_job, run_batch
from slantwise.batch.run import written_files
from slantwise.errors import AskedWrong, SlantwiseError


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """An archive of ten articles, one of them empty, in shards of three rows."""
    monkeypatch.setattr("slantwise.batch.shards._ROWS", 3)
    return write_rows(tmp_path / "in.jsonl", [*texts(4), " ", *texts(9)[4:]])


@pytest.fixture
def run(tmp_path, tiny_model, rows):
    """Start a run, one process, with what is asked for."""

    def _run(name="out.jsonl", *, options=None, source=None, engine=None, watch=None, **more):
        options = options or Options(model=tiny_model)
        engine = engine or local_engine(1)
        return run_batch(source or source_of(rows), tmp_path / name, options, engine, watch or Watching(), **more)

    return _run


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


class Stop(Exception):
    pass


def stopping(after):
    """An engine that scores so many shards and is stopped."""

    def engine(work, shards, report):
        local_engine(1)(work, shards[:after], report)
        raise Stop

    return engine


@pytest.mark.skipif(not hasattr(sys, "addaudithook") or sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize(("suffix", "kills"), [(".jsonl", 50), (".csv.gz", 8), (".parquet", 8)])
def test_a_kill_before_any_operation_on_a_file_changes_nothing(tmp_path, tiny_model, suffix, kills):
    script = REPOSITORY / "tests" / "helpers" / "kill_steps.py"
    command = [sys.executable, str(script), str(tmp_path), str(tiny_model), suffix, str(kills)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert int(done.stdout) >= 50


def test_a_run_leaves_its_output_and_its_quarantine(run, tmp_path):
    outcome = run()
    assert files(tmp_path) == ["in.jsonl", "out.jsonl", "out.jsonl.quarantine.jsonl"]
    assert (outcome.tally.articles, outcome.tally.scored, outcome.tally.failed) == (10, 9, 1)
    assert (outcome.quarantine, outcome.parts) == (tmp_path / "out.jsonl.quarantine.jsonl", None)
    ids = [json.loads(line)["article"] for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert ids == [f"in#{i}" for i in range(1, 11) if i != 5]


def test_what_is_done_is_not_done_again(run, tmp_path):
    run("whole.jsonl")
    with pytest.raises(Stop):
        run(engine=stopping(2))
    parts = tmp_path / "out.jsonl.parts"
    before = {path.name: path.stat().st_mtime_ns for path in parts.glob("00000[01]*")}
    assert len(before) == 6
    watching = Watching()
    run(watch=watching, keep_parts=True)
    assert {name: (parts / name).stat().st_mtime_ns for name in before} == before
    assert (watching.articles, watching.before.articles, watching.tally.articles) == (10, 6, 4)
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.parametrize("lost", ["000000.jsonl", "000001.json", "000001.failed.jsonl"])
def test_a_shard_of_which_something_is_missing_is_scored_again(run, tmp_path, lost):
    run("whole.jsonl")
    with pytest.raises(Stop):
        run(engine=stopping(2))
    parts = tmp_path / "out.jsonl.parts"
    (parts / lost).unlink()
    (parts / "000000.json").write_text("{", encoding="utf-8")
    run()
    for name in ("", ".quarantine.jsonl"):
        assert (tmp_path / f"out.jsonl{name}").read_bytes() == (tmp_path / f"whole.jsonl{name}").read_bytes()


def test_a_run_that_was_stopped_before_anything_was_done_leaves_nothing(run, tmp_path):
    with pytest.raises(Stop):
        run(engine=stopping(0))
    assert files(tmp_path) == ["in.jsonl"]


def another_model(tiny_model, tmp_path):
    from tiny_model import tiny_backend

    from slantwise.model_folder import save_model

    save_model(tmp_path / "model", tiny_backend(), "other", "", "# other\n", {"trained_on": {}})
    return tmp_path / "model"


def test_a_run_of_another_model_is_refused(run, tmp_path, tiny_model):
    with pytest.raises(Stop):
        run(engine=stopping(1))
    with pytest.raises(AskedWrong) as caught:
        run(options=Options(model=another_model(tiny_model, tmp_path)))
    assert str(caught.value) == (
        f"expected the model name of the run in {tmp_path / 'out.jsonl.parts'}, 'tiny'; found 'other'; "
        "finish that run with its own command, or begin anew with --restart"
    )


def test_a_run_with_other_options_is_refused(run, tmp_path, tiny_model, rows):
    with pytest.raises(Stop):
        run(engine=stopping(1))
    with pytest.raises(AskedWrong, match=r"the options quotes_as_author of the run in .*, False; found True"):
        run(options=Options(model=tiny_model, quotes_as_author=True))
    with pytest.raises(AskedWrong, match="the options longest"):
        run(source=source_of(rows, longest=100))


def test_a_run_of_other_inputs_is_refused_unless_begun_anew(run, tmp_path, rows):
    with pytest.raises(Stop):
        run(engine=stopping(1))
    write_rows(rows, texts(10))
    with pytest.raises(AskedWrong, match=r"the inputs of the run in .*, its own; found others; .*--restart"):
        run()
    run(restart=True)
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 10
    assert files(tmp_path) == ["in.jsonl", "out.jsonl"]


def test_a_folder_of_something_else_is_left_alone(run, tmp_path):
    (tmp_path / "out.jsonl.parts").mkdir()
    (tmp_path / "out.jsonl.parts" / "mine.txt").write_text("Mine.")
    for restart in (False, True):
        with pytest.raises(AskedWrong, match=r"found a folder with mine\.txt; move it away"):
            run(restart=restart)
    assert (tmp_path / "out.jsonl.parts" / "mine.txt").exists()


def test_a_manifest_of_another_version_is_refused(run, tmp_path):
    with pytest.raises(Stop):
        run(engine=stopping(1))
    manifest = tmp_path / "out.jsonl.parts" / "run.json"
    value = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps(value | {"slantwise": "0.0.1"}), encoding="utf-8")
    with pytest.raises(AskedWrong, match=r"the slantwise of the run .*'0\.0\.1'"):
        run()
    manifest.write_text(json.dumps(value | {"schema": "slantwise-run/0"}), encoding="utf-8")
    with pytest.raises(SlantwiseError, match="schema slantwise-run/1"):
        run()


def test_the_manifest_says_what_the_output_depends_on(run, tmp_path, rows):
    from slantwise.model_folder import model_name

    run(keep_parts=True)
    manifest = json.loads((tmp_path / "out.jsonl.parts" / "run.json").read_text("utf-8"))
    assert manifest["schema"] == "slantwise-run/1"
    assert manifest["model"]["name"] == "tiny"
    assert len(manifest["model"]["sha256"]) == len(model_name().sha256)
    assert manifest["inputs"] == [[str(rows), rows.stat().st_size, rows.stat().st_mtime_ns]]
    assert len(manifest["shards"]) == 4
    counts = json.loads((tmp_path / "out.jsonl.parts" / "000001.json").read_text("utf-8"))
    assert (counts["articles"], counts["scored"], counts["failed"]) == (3, 2, 1)


def test_a_second_process_at_the_same_run_is_refused(run, tmp_path):
    def engine(work, shards, report):
        for restart in (False, True):
            with pytest.raises(AskedWrong, match="to be alone at"):
                run(restart=restart)
        return local_engine(1)(work, shards, report)

    run(engine=engine)
    assert (tmp_path / "out.jsonl").exists()


def test_a_shard_that_kills_all_workers_stops_nothing_but_the_join(run, tmp_path):
    def engine(work, shards, report):
        local_engine(1)(work, [shard for shard in shards if shard.number != 2], report)
        return [shard for shard in shards if shard.number == 2]

    with pytest.raises(SlantwiseError, match=r"1 shards of which each one died \(rows 7 to 9 of .*in\.jsonl\)"):
        run(engine=engine)
    watching = Watching()
    run(watch=watching)
    assert (watching.before.articles, watching.tally.articles) == (7, 3)


def test_a_quarantine_of_an_earlier_run_goes(run, tmp_path, rows):
    run()
    write_rows(rows, texts(3))
    run()
    assert files(tmp_path) == ["in.jsonl", "out.jsonl"]


def test_an_output_among_the_inputs_is_none_of_them(run, tmp_path):
    ours = written_files(tmp_path / "out.jsonl")
    write_rows(tmp_path / "more.jsonl", texts(2))
    run(source=source_of(tmp_path, leave_out=ours))
    first = (tmp_path / "out.jsonl").read_bytes()
    with pytest.raises(Stop):
        run(source=source_of(tmp_path, leave_out=ours), engine=stopping(1))
    run(source=source_of(tmp_path, leave_out=ours))
    assert (tmp_path / "out.jsonl").read_bytes() == first
    with pytest.raises(AskedWrong, match=r"inputs that are not written to; found .*out\.jsonl among both"):
        source_of(tmp_path / "out.jsonl", leave_out=ours)


@pytest.mark.parametrize("name", ["out.jsonl", "out.json", "out.csv", "out.parquet", "out.jsonl.zst"])
def test_jobs_and_a_merge_write_what_one_command_does(run, tmp_path, name):
    run(f"whole-{name}")
    for number in (3, 1, 2):
        outcome = run(name, job=parse_job(f"{number}/3"))
        assert outcome.parts == tmp_path / f"{name}.parts"
    assert not (tmp_path / name).exists()
    outcome = merge_run(tmp_path / name)
    assert (outcome.tally.scored, outcome.tally.failed) == (9, 1)
    for suffix in ("", ".quarantine.jsonl"):
        assert (tmp_path / f"{name}{suffix}").read_bytes() == (tmp_path / f"whole-{name}{suffix}").read_bytes()
    assert not (tmp_path / f"{name}.parts").exists()


def test_a_merge_names_the_jobs_that_are_missing(run, tmp_path):
    run(job=parse_job("2/4"))
    with pytest.raises(SlantwiseError) as caught:
        merge_run(tmp_path / "out.jsonl")
    assert str(caught.value) == (
        f"expected all 4 shards in {tmp_path / 'out.jsonl.parts'}; "
        "found 3 that are not done, of --shard 1/4, 3/4, 4/4; run these again, then merge"
    )
    assert not (tmp_path / "out.jsonl").exists()
    with pytest.raises(AskedWrong, match=r"a run in .*; found none"):
        merge_run(tmp_path / "other.jsonl")


def test_a_job_without_shards_is_done(run):
    outcome = run(job=parse_job("9/9"))
    assert outcome.tally.articles == 0


def test_a_job_throws_nothing_away(run, tmp_path):
    run(job=parse_job("1/2"))
    with pytest.raises(AskedWrong, match="other jobs' parts"):
        run(job=parse_job("2/2"), restart=True)
    with pytest.raises(Stop):
        run(job=parse_job("2/2"), engine=stopping(0))
    run(job=parse_job("2/2"))
    assert merge_run(tmp_path / "out.jsonl").tally.scored == 9


def test_a_job_that_fails_first_leaves_the_run_to_the_others(run, tmp_path):
    with pytest.raises(Stop):
        run(job=parse_job("1/2"), engine=stopping(0))
    assert (tmp_path / "out.jsonl.parts" / "run.json").exists()


def test_one_command_finishes_what_jobs_began(run, tmp_path):
    run("whole.jsonl")
    run(job=parse_job("1/2"))
    run()
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_a_read_only_place_is_refused_before_any_work(run, tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)

    def engine(*_):
        raise AssertionError

    with pytest.raises(SlantwiseError, match="a read-only folder; name a place you may write to"):
        run(engine=engine)
    assert files(tmp_path) == ["in.jsonl"]


def test_options_are_sent_to_workers_as_they_are(tiny_model):
    import pickle

    options = Options(targets=("A=b",), topics=("c",), quotes_as_author=True, model=tiny_model)
    assert pickle.loads(pickle.dumps(options)) == options
    assert replace(options, topics=()) != options
