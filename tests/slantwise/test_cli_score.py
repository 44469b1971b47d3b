"""`slantwise score` and `merge` as users meet them: any number of workers, any end, any hostile input."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
from time import monotonic, sleep

import pytest
from batch_runs import DEADLY, texts, write_rows
from command_line import RUN, environment

SCORE = ("score", "--model")


def written(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def ids(path):
    return [json.loads(line)["article"] for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def archive(tmp_path):
    """Two shards of a table and one of files, some of them bad."""
    folder = tmp_path / "in"
    folder.mkdir()
    write_rows(folder / "a.jsonl", [*texts(90), " ", b"not JSON"])
    (folder / "b.txt").write_text("Rain fell. Anna Berg said the plan may fail.")
    (folder / "c.txt").write_bytes(b"\x00\x01binary")
    (folder / "d.txt").write_text("Caf\u00e9.", encoding="latin-1")
    (folder / "e.txt").write_text("")
    return folder


@pytest.fixture
def score(slantwise, tiny_model, tmp_path):
    """Score into a file below `tmp_path`."""

    def _score(*inputs, output="out.jsonl"):
        return slantwise("score", *inputs, "--model", tiny_model, "--output", tmp_path / output)

    return _score


def test_any_number_of_workers_writes_the_same(slantwise, score, tiny_model, archive, tmp_path):
    one = score(archive, "--workers", 1)
    two = score(archive, "--workers", 2, output="two.jsonl")
    assert (one.code, two.code, one.out, two.out) == (3, 3, "", "")
    for name in ("", ".quarantine.jsonl"):
        assert (tmp_path / f"out.jsonl{name}").read_bytes() == (tmp_path / f"two.jsonl{name}").read_bytes()
    # and the same as a stream does
    streamed = slantwise("score", archive, "--model", tiny_model)
    assert streamed.code == 3
    assert streamed.out.encode() == (tmp_path / "out.jsonl").read_bytes()
    summary = (
        r"scored 91 articles, 5 failed: \d+ sentences, \d\d % of them met before; [\d.]+ s, [\d.]+ articles a second"
    )
    assert re.fullmatch(summary, one.lines[-1])


def test_failures_are_in_the_quarantine_with_their_reasons(score, archive, tmp_path):
    ran = score(archive)
    lines = (tmp_path / "out.jsonl.quarantine.jsonl").read_text("utf-8").splitlines()
    failures = {row["article"]: row for row in map(json.loads, lines)}
    assert list(failures) == ["a#91", "a#92", "c", "d", "e"]
    assert failures["a#92"]["origin"] == f"{archive / 'a.jsonl'}:92"
    for article, reason in {"a#91": "white space", "a#92": "JSON", "c": "NUL", "d": "0xe9", "e": "white"}.items():
        assert reason in failures[article]["reason"]
        assert f"slantwise: {failures[article]['reason']}" in ran.lines
    assert len(ids(tmp_path / "out.jsonl")) == 91


def test_a_wide_failure_is_named_in_part(score, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": ""}\n' * 2_000 + '{"text": "Rain fell."}\n', encoding="utf-8")
    ran = score(path, "--workers", 1)
    assert (ran.code, len(ran.lines)) == (3, 23)
    assert ran.lines[20] == "... and 1980 more"
    quarantine = tmp_path / "out.jsonl.quarantine.jsonl"
    assert ran.lines[21] == f"articles without a score are named, with the reason, in {quarantine}"
    assert len(quarantine.read_text("utf-8").splitlines()) == 2_000
    assert ids(tmp_path / "out.jsonl") == ["rows#2001"]


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_every_form_goes_in_and_out(score, tmp_path, packing):
    import pyarrow.parquet
    import zstandard

    rows = write_rows(tmp_path / "rows.jsonl", texts(5))
    data = rows.read_bytes()
    packed = {"": data, ".gz": gzip.compress(data), ".zst": zstandard.compress(data)}[packing]
    (tmp_path / f"in.jsonl{packing}").write_bytes(packed)
    for name in (f"out.jsonl{packing}", f"out.csv{packing}", "out.json", "out.parquet"):
        assert score(tmp_path / f"in.jsonl{packing}", output=name).code == 0
    assert len(json.loads((tmp_path / "out.json").read_text("utf-8"))) == 5
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet").num_rows == 20
    again = score(tmp_path / f"out.csv{packing}", "--id-column", "article", output="again.jsonl")
    assert (again.code, len(ids(tmp_path / "again.jsonl"))) == (0, 20)


def test_cells_that_a_spreadsheet_would_run_are_escaped(score, tmp_path):
    text = "=HYPERLINK(1)\n+1 is a number.\n-2 is another.\n@SUM(1+1) is a name.\nRain fell."
    write_rows(tmp_path / "rows.jsonl", [text, "\tTabs, too.\r\n=A1"])
    assert score(tmp_path / "rows.jsonl", output="out.csv").code == 0
    import csv

    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["text"] for row in csv.DictReader(file)]
    assert cells[:4] == ["'=HYPERLINK(1)", "'+1 is a number.", "'-2 is another.", "'@SUM(1+1) is a name."]
    assert not any(cell[:1] in "=+-@\t\r" for cell in cells)


def test_names_with_newlines_and_bytes_that_are_no_text(score, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "two\nlines.txt").write_text("Rain fell.")
    (folder / "empty\nlines.txt").write_text(" ")
    with open(os.fsencode(folder) + b"/b\xff.txt", "w") as file:
        file.write("Rain fell.")
    ran = score(folder)
    assert ran.code == 3
    assert ids(tmp_path / "out.jsonl") == ["two\nlines"]
    rows = [json.loads(x) for x in (tmp_path / "out.jsonl.quarantine.jsonl").read_text("utf-8").splitlines()]
    assert [row["article"] for row in rows] == ["b\udcff", "empty\nlines"]
    # one line each on stderr
    assert len(ran.lines) == 4


def test_a_loop_of_links_ends(score, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("Rain fell.")
    (folder / "again").symlink_to(folder)
    assert score(folder).code == 0
    assert ids(tmp_path / "out.jsonl") == ["a"]


def test_an_output_in_the_input_folder_is_not_read_back(slantwise, tiny_model, archive):
    output = archive / "scores.jsonl"
    for _ in range(2):
        assert slantwise("score", archive, "--model", tiny_model, "-o", output).code == 3
        assert len(ids(output)) == 91


def test_one_long_line_is_one_failure(score, tmp_path):
    path = write_rows(tmp_path / "rows.jsonl", ["Rain fell.", "x" * 30_000, "It rained."])
    ran = score(path, "--longest", "0.02")
    assert ran.code == 3
    assert ids(tmp_path / "out.jsonl") == ["rows#1", "rows#3"]
    assert f"expected a line of at most 0.02 MB at {path}:2; found a longer one; split it" in ran.lines[0]


def test_a_bomb_is_one_failure(score, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bomb.txt.gz").write_bytes(gzip.compress(b"rain " * 2_000_000))
    (tmp_path / "in" / "calm.txt").write_text("Rain fell.")
    ran = score(tmp_path / "in", "--longest", "1")
    assert (ran.code, ids(tmp_path / "out.jsonl")) == (3, ["calm"])
    assert "expected an article of at most 1 MB" in ran.lines[0]


def test_a_full_disk_keeps_what_is_done(score, tmp_path, monkeypatch):
    """The disk fills up at the second shard: one line; with room again the same command goes on."""
    rows = write_rows(tmp_path / "rows.jsonl", texts(70))
    assert score(rows, output="whole.jsonl").code == 0
    from slantwise.formats import scores

    real, calls = scores.json_line, []

    def full(*arguments):
        calls.append(1)
        if len(calls) > 66:
            raise OSError(28, os.strerror(28))
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr("slantwise.formats.scores.json_line", full)
        score(rows, "--workers", 1).refused(1, "out.jsonl", "No space left on device", "make room")
    assert not (tmp_path / "out.jsonl").exists()
    assert (tmp_path / "out.jsonl.parts" / "000000.json").exists()
    again = score(rows, "--workers", 1)
    assert (again.code, again.lines[0]) == (0, "going on: 64 articles are done already")
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_a_disk_that_is_full_at_the_join(score, tmp_path, monkeypatch):
    rows = write_rows(tmp_path / "rows.jsonl", texts(10))

    def full(*_):
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr("slantwise.batch.join._join_text", full)
        score(rows).refused(1, "No space left on device", "make room, then the same command goes on")
    assert score(rows).code == 0
    assert written(tmp_path) == ["out.jsonl", "rows.jsonl"]


@pytest.mark.parametrize("arguments", [("--shard", "1/2"), ("--restart",), ("--keep-parts",)])
def test_a_stream_has_no_parts(slantwise, tiny_model, tmp_path, arguments):
    rows = write_rows(tmp_path / "rows.jsonl", texts(2))
    slantwise("score", rows, "--model", tiny_model, *arguments).refused(2, "a file to write (-o); found a stream")
    ran = slantwise("score", "-", "-o", tmp_path / "out.jsonl", "--model", tiny_model, *arguments, stdin=b"Rain.")
    ran.refused(2, "files to read")


def test_standard_input_goes_into_a_file(slantwise, tiny_model, tmp_path):
    data = b'{"text": "Rain fell."}\n{"text": ""}\n'
    output = tmp_path / "out.jsonl"
    ran = slantwise(*SCORE, tiny_model, "-", "--stdin-format", "jsonl", "-o", output, stdin=data)
    assert (ran.code, ran.lines[-1]) == (3, "scored 1 articles, 1 failed")
    assert ids(output) == ["stdin#1"]


def test_jobs_and_merge(slantwise, score, tiny_model, archive, tmp_path):
    assert score(archive, output="whole.jsonl").code == 3
    for number in (1, 2):
        ran = score(archive, "--shard", f"{number}/2")
        assert ran.code == 3
        assert ran.lines[-1] == f"job {number}/2 is done; when all are: slantwise merge {tmp_path / 'out.jsonl'}"
        if number == 1:
            slantwise("merge", tmp_path / "out.jsonl").refused(1, "not done, of --shard 2/2; run these again")
    ran = slantwise("merge", tmp_path / "out.jsonl")
    assert (ran.code, ran.lines[-1]) == (3, "merged 91 articles, 5 failed")
    for name in ("", ".quarantine.jsonl"):
        assert (tmp_path / f"out.jsonl{name}").read_bytes() == (tmp_path / f"whole.jsonl{name}").read_bytes()
    slantwise("merge", tmp_path / "out.jsonl").refused(2, "a run in", "--shard I/N")


@pytest.mark.parametrize("shard", ["0/2", "3/2", "x"])
def test_a_shard_that_is_none(score, archive, shard):
    score(archive, "--shard", shard).refused(2, "a shard I/N with I from 1 to N", repr(shard))


def test_a_read_only_folder(score, archive, monkeypatch, tmp_path):
    monkeypatch.setattr("slantwise.files.os.access", lambda path, _: str(path) != str(tmp_path))
    score(archive).refused(1, "out.jsonl; found a read-only folder; name a place you may write to")


PATCH = """
import sys
if "resource_tracker" not in str(sys.orig_argv):
    import os, signal, time
    import slantwise.scorer as module
    segment = module.segment
    def patched(text):
        if "Sleep here." in text:
            time.sleep(600)
        if {deadly!r} in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return segment(text)
    module.segment = patched
"""


def begin(tmp_path, tiny_model, rows, *arguments):
    """Start a run in a process that sleeps over, or dies of, some articles, as its workers do."""
    patch = tmp_path / "patch"
    patch.mkdir()
    (patch / "sitecustomize.py").write_text(PATCH.format(deadly=DEADLY), encoding="utf-8")
    path = os.pathsep.join((str(patch), environment()["PYTHONPATH"]))
    command = [sys.executable, "-c", RUN, *SCORE, tiny_model, rows, "-o", tmp_path / "out.jsonl", *arguments]
    command = list(map(str, command))
    return subprocess.Popen(command, stderr=subprocess.PIPE, env=environment(PYTHONPATH=path), text=True)


def wait_for(condition, process=None):
    until = monotonic() + 300
    while not condition():
        assert monotonic() < until
        assert process is None or process.poll() is None, process.stderr.read()
        sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_a_signal_stops_a_run_that_goes_on(score, tiny_model, tmp_path, number, code):
    rows = write_rows(tmp_path / "rows.jsonl", [*texts(70), "Sleep here."])
    process = begin(tmp_path, tiny_model, rows, "--workers", 1)
    wait_for((tmp_path / "out.jsonl.parts" / ".000001.tries").exists, process)
    sleep(0.5)
    process.send_signal(number)
    _, err = process.communicate(timeout=300)
    assert process.returncode == code
    said = f"stopped; what is done is in {tmp_path / 'out.jsonl.parts'}, and the same command goes on\n"
    assert err == ("" if number == signal.SIGKILL else said)
    assert not (tmp_path / "out.jsonl").exists()
    ran = score(rows, "--workers", 1)
    assert (ran.code, ran.lines[0]) == (0, "going on: 64 articles are done already")
    assert score(rows, output="whole.jsonl").code == 0
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert not (tmp_path / "out.jsonl.parts").exists()


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="needs /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_process_that_is_stopped_takes_its_workers_along(tiny_model, tmp_path, number):
    rows = write_rows(tmp_path / "rows.jsonl", [*texts(70), "Sleep here."])
    process = begin(tmp_path, tiny_model, rows, "--workers", 2)
    wait_for((tmp_path / "out.jsonl.parts" / "000000.json").exists, process)
    with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:
        children = file.read().split()
    assert len(children) >= 2
    process.send_signal(number)
    process.communicate(timeout=300)
    wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children))


def test_a_poison_article_is_named_and_the_others_are_scored(tiny_model, tmp_path):
    """Every process that scores the article is killed, whatever process it is."""
    rows = texts(80)
    rows[70] = DEADLY
    rows = write_rows(tmp_path / "rows.jsonl", rows)
    process = begin(tmp_path, tiny_model, rows, "--workers", 2)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 3, err
    assert ids(tmp_path / "out.jsonl") == [f"rows#{i}" for i in range(1, 81) if i != 71]
    assert "a worker process that was killed by signal 9 over it, twice" in err.splitlines()[0]
