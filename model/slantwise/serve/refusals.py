"""Why a request is not answered with a score: a status, what was wrong, and what to do."""

from __future__ import annotations

from slantwise.errors import AskedWrong, EmptyArticle, SlantwiseError

__all__ = ["Refusal", "refusal_of"]


class Refusal(SlantwiseError):
    """A request that is refused with an HTTP status. `retry` is after how many seconds it may be tried again."""

    def __init__(self, status: int, expected: str, found: str, do: str, retry: int | None = None) -> None:
        super().__init__(expected, found, do)
        self.status, self.retry = status, retry


def refusal_of(error: SlantwiseError) -> Refusal:
    """An error of slantwise as a refusal: 400 for a request that makes no sense, 422 for an article that cannot be."""
    if isinstance(error, Refusal):
        return error
    status = 400 if isinstance(error, AskedWrong) and not isinstance(error, EmptyArticle) else 422
    return Refusal(status, error.expected, error.found, error.do)
