"""What every request passes: who may ask, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from slantwise.serve.refusals import Refusal

__all__ = ["Gate", "is_loopback"]

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""On every answer; a page with a style of its own says so in a policy of its own."""
_ELSEWHERE = frozenset({"cross-site", "same-site"})
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})

Answer = Callable[[Refusal, Scope], ASGIApp]
Count = Callable[[str, int], None]


class Gate:
    """Refuses requests that another site's page makes the browser send, adds headers, and counts answers.

    A server for this machine alone also refuses every Host that is not this machine's: a page elsewhere could let its
    own name point here.

    Args:
        app: what is behind it.
        refused: makes the answer to a refused request.
        count: is told the path and status of every answer.
        hosts: the host names that requests may be for; None for any.
    """

    def __init__(self, app: ASGIApp, *, refused: Answer, count: Count, hosts: frozenset[str] | None) -> None:
        self._app, self._refused, self._count = app, refused, count
        self._hosts = None if hosts is None else hosts | _LOCAL

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                self._count(scope["path"], message["status"])
            await send(message)

        refusal = self._refusal(scope)
        app: Callable[[Scope, Receive, Send], Awaitable[None]] = self._app
        await (self._refused(refusal, scope) if refusal else app)(scope, receive, send_on)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        host = _name_of(headers.get("host", ""))
        if self._hosts is not None and host not in self._hosts:
            return Refusal(403, "a request for this machine", f"one for {host[:80]!r}", "use http://localhost")
        if scope["method"] not in ("GET", "HEAD") and headers.get("sec-fetch-site") in _ELSEWHERE:
            return Refusal(403, "a request of this page", "one of another site's", "open this server's own page")
        return None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _name_of(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
