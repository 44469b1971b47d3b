"""`slantwise serve`: a real server on a free port, and what keeps one from starting."""

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from command_line import RUN, environment


@pytest.fixture
def server(tiny_model):
    command = [sys.executable, "-c", RUN, "serve", "--port", "0", "--model", str(tiny_model), "--timeout", "30"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment())
    try:
        line = process.stderr.readline()
        found = re.fullmatch(r"serving at (http://127\.0\.0\.1:\d+) \(Ctrl-C ends it\)\n", line)
        assert found, line + process.stderr.read()
        yield process, found[1]
    finally:
        process.kill()
        process.communicate()


def test_a_real_server_reads_scores_and_ends(server):
    process, url = server
    ask = urllib.request.Request(
        f"{url}/v1/score", data=b"Anna Berg said the plan may fail.", headers={"Content-Type": "text/plain"}
    )
    with urllib.request.urlopen(ask, timeout=30) as answer:
        score = json.load(answer)
        assert answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers
    assert [s["text"] for s in score["sentences"]] == ["Anna Berg said the plan may fail."]
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert "<form" in answer.read().decode()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (out, err) == ("", "")
    assert process.returncode in (0, 130)


def test_a_port_that_is_taken_is_told(slantwise, tiny_model):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        slantwise("serve", "--port", port, "--model", tiny_model).refused(1, f"port {port}", "--port")


@pytest.mark.parametrize(
    ("words", "part"),
    [(["--queue", "-1"], "queue"), (["--timeout", "0"], "seconds"), (["--max-bytes", "0"], "max_bytes")],
)
def test_limits_that_make_no_sense(slantwise, words, part):
    slantwise("serve", *words).refused(2, part)


def test_a_host_that_is_not_this_machines(slantwise, tiny_model):
    ran = slantwise("serve", "--host", "203.0.113.7", "--port", "0", "--model", tiny_model)
    ran.refused(1, "203.0.113.7")


def test_another_host_is_warned_of(slantwise, tiny_model, monkeypatch):
    from slantwise import serve

    monkeypatch.setattr(serve, "run", lambda app, listening: None)
    ran = slantwise("serve", "--host", "0.0.0.0", "--port", "0", "--model", tiny_model)
    assert ran.code == 0
    assert "no password" in ran.lines[0]
    assert slantwise("serve", "--port", "0", "--model", tiny_model).err.startswith("serving at http://127.0.0.1:")


def test_a_missing_extra_names_the_line_that_installs_it(slantwise, monkeypatch):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else found(name))
    slantwise("serve").refused(1, "pip install 'slantwise[serve]'", "uvicorn")
