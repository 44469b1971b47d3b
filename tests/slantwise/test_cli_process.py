"""What only a process of its own can show: imports, signals and closed pipes."""

import signal
import subprocess
import sys
from time import monotonic

import pytest
from command_line import RUN, environment, run_process

HEAVY = ("accelerate", "datasets", "onnxruntime", "pandas", "pyarrow", "scipy", "sklearn", "torch", "transformers")
LOADED = f"import sys\nsys.stderr.write(','.join(m for m in {HEAVY} if m in sys.modules))"
HELPED = f"from slantwise.cli import main\ntry:\n    main()\nfinally:\n    exec({LOADED!r})"


def start(*arguments, stdin=None, stdout=subprocess.PIPE):
    command = [sys.executable, "-c", RUN, *map(str, arguments)]
    return subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=environment())


@pytest.fixture
def many(tmp_path):
    """More articles than a pipe holds the scores of."""
    path = tmp_path / "many.jsonl"
    path.write_text('{"text": "Anna Berg said the plan may fail. Rain fell."}\n' * 200, encoding="utf-8")
    return path


@pytest.fixture
def long(tmp_path):
    """An article whose view is longer than a pipe holds."""
    path = tmp_path / "long.txt"
    path.write_text("Rain fell over the harbour all night.\n\n" * 1000, encoding="utf-8")
    return path


def test_importing_the_package_loads_nothing_heavy():
    assert run_process(code="import slantwise\n" + LOADED).err == ""


@pytest.mark.parametrize("arguments", [("--help",), ("train", "--help")])
def test_help_loads_nothing_heavy(arguments):
    ran = run_process(*arguments, code=HELPED)
    assert (ran.code, ran.err) == (0, "")
    assert "Usage: slantwise" in ran.out


def test_reading_loads_nothing_heavy(tiny_model):
    ran = run_process("read", "-", "--model", tiny_model, stdin=b"Rain fell.", code=HELPED)
    assert (ran.code, ran.err) == (0, "")
    assert "Rain fell." in ran.out


def test_closed_pipe_ends_score_quietly(tiny_model, many):
    process = start("score", many, "--model", tiny_model)
    assert process.stdout.readline().startswith(b'{"schema": "slantwise-score/1"')
    process.stdout.close()
    assert (process.stderr.read(), process.wait(timeout=60)) == (b"", 0)
    process.stderr.close()


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["view", "json"])
def test_closed_pipe_ends_read_quietly(tiny_model, long, options):
    process = start("read", long, "--model", tiny_model, *options)
    process.stdout.close()
    assert (process.stderr.read(), process.wait(timeout=60)) == (b"", 0)
    process.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_interrupt_ends_with_130_at_once(tiny_model):
    process = start("score", "-", "--stdin-format", "jsonl", "--model", tiny_model, stdin=subprocess.PIPE)
    process.stdin.write(b'{"text": "Rain fell."}\n')
    process.stdin.flush()
    assert process.stdout.readline()  # it is at work, and now waits for the next row
    process.send_signal(signal.SIGINT)
    asked = monotonic()
    assert process.wait(timeout=60) == 130
    assert monotonic() - asked < 20
    out, err = process.communicate()
    assert (out, err) == (b"", b"")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_full_disk_behind_stdout(tiny_model):
    with open("/dev/full", "wb") as full:
        process = start("read", "-", "--json", "--model", tiny_model, stdin=subprocess.PIPE, stdout=full)
        _, err = process.communicate(b"Rain fell.", timeout=60)
    line = "slantwise: expected room to write; found No space left on device; make room or write elsewhere\n"
    assert (process.returncode, err.decode()) == (1, line)
