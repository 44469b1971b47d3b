"""The command line: one command a file, one table of exit codes, stdout for results and stderr for talk."""

from __future__ import annotations

import os
import sys

from slantwise.cli.app import app
from slantwise.errors import SlantwiseError

__all__ = ["app", "main"]

_INTERRUPTED = 130


def main() -> None:
    """Run the command line.

    Exit codes: 0 done, 1 could not, 2 asked wrong, 3 partly failed, 130 interrupted. Errors a user can act on are one
    line; anything else keeps its traceback, and SLANTWISE_DEBUG=1 shows it for the former too.
    """
    try:
        app()
    except SlantwiseError as error:
        if os.environ.get("SLANTWISE_DEBUG"):
            raise
        line = str(error).replace("\n", " ")
        sys.stderr.write(f"slantwise: {line}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        # the reader has seen enough; point stdout elsewhere so that the interpreter's last flush stays quiet
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
