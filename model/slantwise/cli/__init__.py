"""The command line: one command a file, one table of exit codes, stdout for results and stderr for talk."""

from __future__ import annotations

import os
import sys
from errno import EDQUOT, EFBIG, EIO, ENOSPC

import typer

from slantwise.cli.app import app
from slantwise.cli.options import talk
from slantwise.errors import SlantwiseError

__all__ = ["app", "main"]

_ASKED_WRONG, _INTERRUPTED = 2, 130
_SHORT_OF_ROOM = frozenset({EDQUOT, EFBIG, EIO, ENOSPC})
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""The parent of all that typer says of a wrong command line; it has no public name of its own."""


def main() -> None:
    """Run the command line.

    Exit codes: 0 done, 1 could not, 2 asked wrong, 3 partly failed, 130 interrupted. Errors a user can act on are one
    line; anything else keeps its traceback, and SLANTWISE_DEBUG=1 shows it for the former too.
    """
    try:
        code = app(prog_name="slantwise", standalone_mode=False)
        sys.stdout.flush()
    except SlantwiseError as error:
        _tell(error, str(error))
        sys.exit(error.exit_code)
    except _UsageError as error:
        _tell(error, _usage(error))
        sys.exit(_ASKED_WRONG)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        _hush()
    except SystemExit as end:
        # the reader has gone: typer and rich would end with 1
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        _hush()
    except OSError as error:
        if error.errno not in _SHORT_OF_ROOM:
            raise
        _tell(error, f"expected room to write; found {error.strerror}; make room or write elsewhere")
        _hush()
        sys.exit(SlantwiseError.exit_code)
    else:
        if code:
            sys.exit(code)


def _tell(error: Exception, message: str) -> None:
    if os.environ.get("SLANTWISE_DEBUG"):
        raise error
    # where no command was given typer has shown the help, and has no message
    if message:
        talk(f"slantwise: {message}")


def _usage(error: Exception) -> str:
    """What typer says of a wrong command line, in one line with the next step."""
    message = str(getattr(error, "format_message")())  # noqa: B009  the type has no public name
    message = " ".join(message.split()).removesuffix(".").replace(": Value error, ", ": ")
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "slantwise"
    return message and f"{message[0].lower()}{message[1:]}; see `{path} --help`"


def _hush() -> None:
    """Point stdout elsewhere, so that the interpreter's last flush of it stays quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
