"""The command line as a user meets it: arguments in; exit code, stdout and stderr out."""

import io
import os
import subprocess
import sys
from dataclasses import dataclass

from repository import REPOSITORY

from slantwise.cli import main

_OURS = ("SLANTWISE_CORPORA", "SLANTWISE_DEBUG")
_COLOUR = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "PY_COLORS", "TTY_COMPATIBLE")
RUN = "from slantwise.cli import main; main()"


@dataclass(frozen=True)
class Ran:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self):
        """The lines of stderr."""
        return self.err.splitlines()

    def refused(self, code, *parts):
        """Check that it ended with this code, nothing on stdout, and one line on stderr that says these things."""
        assert (self.code, self.out, len(self.lines)) == (code, "", 1), self
        assert self.err.startswith("slantwise: expected "), self.err
        assert "; found " in self.err, self.err
        for part in parts:
            assert part in self.err, self.err
        return self


class CommandLine:
    """Runs commands in this process through `main`, with the settings of this machine left out."""

    def __init__(self, monkeypatch, capture, home):
        self._monkeypatch, self._capture = monkeypatch, capture
        for name in (*_OURS, *_COLOUR):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
        monkeypatch.setenv("COLUMNS", "100")

    def __call__(self, *arguments, stdin=b""):
        """Run one command."""
        self._capture.readouterr()
        with self._monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["slantwise", *map(str, arguments)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            try:
                main()
                code = 0
            except SystemExit as end:
                code = end.code or 0
        out, err = self._capture.readouterr()
        return Ran(code, out.decode("utf-8"), err.decode("utf-8"))


def environment(**more):
    """The environment of a subprocess: this one, without what concerns colours and corpora."""
    kept = {name: value for name, value in os.environ.items() if name not in (*_OURS, *_COLOUR)}
    paths = os.pathsep.join(str(REPOSITORY / folder) for folder in ("model", "training"))
    return kept | {"PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"} | more


def run_process(*arguments, stdin=b"", code=RUN, **env):
    """Run one command (or other code) in a process of its own."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=60, env=environment(**env), check=False)
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
