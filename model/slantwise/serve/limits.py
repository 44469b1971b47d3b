"""How much one request, and all of them together, may ask of a server."""

from __future__ import annotations

from dataclasses import dataclass

from slantwise.errors import AskedWrong

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a server.

    Args:
        max_bytes: the most bytes of a request's body.
        seconds: how long a body may take to arrive, and an article to be scored; each by itself.
        queue: how many articles may wait while one is scored. One more is refused with 503.
        names: the most targets and topics of one request.

    Raises:
        AskedWrong: a number below its least.
    """

    max_bytes: int = 1_000_000
    seconds: float = 60.0
    queue: int = 8
    names: int = 50

    def __post_init__(self) -> None:
        for name, least in (("max_bytes", 1), ("seconds", 0.001), ("queue", 0), ("names", 0)):
            if getattr(self, name) < least:
                raise AskedWrong(f"{name} of at least {least}", str(getattr(self, name)), "choose a larger number")
