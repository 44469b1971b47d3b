"""`slantwise serve`: the report as a local web page, and scores over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from slantwise.cli.options import ModelOption, talk

__all__ = ["serve"]


def serve(
    host: Annotated[str, typer.Option("--host", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 for any free one.")] = 8765,
    max_bytes: Annotated[int, typer.Option("--max-bytes", help="The most bytes of one request.")] = 1_000_000,
    timeout: Annotated[float, typer.Option("--timeout", help="Seconds that one article may take.")] = 60.0,
    queue: Annotated[int, typer.Option("--queue", help="Articles that may wait while one is scored.")] = 8,
    model: ModelOption = None,
) -> None:
    """Serve the report as a web page on this machine, and `POST /v1/score` for programs."""
    _need_serving()
    from slantwise.model_folder import load_model
    from slantwise.serve import Limits, create_app, open_socket, run
    from slantwise.serve.gate import is_loopback

    limits = Limits(max_bytes=max_bytes, seconds=timeout, queue=queue)
    with open_socket(host, port) as listening:
        local = is_loopback(host)
        app = create_app(load_model(model), limits, frozenset({host.lower()}) if local else None)
        if not local:
            talk(f"{host} is not this machine alone: whoever reaches it can use it, and there is no password")
        shown = f"[{host}]" if ":" in host else host
        talk(f"serving at http://{shown}:{listening.getsockname()[1]} (Ctrl-C ends it)")
        run(app, listening)


def _need_serving() -> None:
    """Serving needs the `[serve]` extra.

    Raises:
        SlantwiseError: it is not installed; the message has the exact line that installs it.
    """
    from importlib.util import find_spec

    from slantwise.errors import SlantwiseError

    for module in ("starlette", "uvicorn", "python_multipart"):
        if find_spec(module) is None:
            do = "run: pip install 'slantwise[serve]'"
            raise SlantwiseError("the serving extra", f"no module {module}", do)
