"""The server itself: uvicorn on a socket of our own, so that a port that is taken is told in one line."""

from __future__ import annotations

import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from slantwise.errors import SlantwiseError

__all__ = ["open_socket", "run"]

_AT_ONCE = 64
"""Connections that are served at the same time, each with at most one body in memory."""


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes any that is free.

    Raises:
        SlantwiseError: the host is not this machine's, or the port is taken.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        found = getattr(error, "strerror", None) or str(error)
        raise SlantwiseError(f"to listen on {host} port {port}", found, "name another by --host or --port") from error


def run(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until it is interrupted. Nothing is logged but tracebacks of our own errors."""
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        http="h11",
        limit_concurrency=_AT_ONCE,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
