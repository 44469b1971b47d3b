"""The web application: a page that reads articles, `POST /v1/score`, and what operators and programs ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from time import perf_counter
from typing import TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from slantwise.errors import SlantwiseError
from slantwise.formats import score_to_json
from slantwise.model_folder import Model
from slantwise.report import article_policy, article_report
from slantwise.score import ArticleScore
from slantwise.scorer import Scorer
from slantwise.serve.asked import Asked, asked_by_form, asked_by_json, body_of
from slantwise.serve.gate import Gate
from slantwise.serve.limits import Limits
from slantwise.serve.metrics import Metrics
from slantwise.serve.openapi import openapi
from slantwise.serve.pages import paste_page, paste_policy
from slantwise.serve.refusals import Refusal, refusal_of
from slantwise.serve.work import Work

__all__ = ["create_app"]

Made = TypeVar("Made")
_POLICY = "Content-Security-Policy"


def create_app(model: Model, limits: Limits | None = None, hosts: frozenset[str] | None = frozenset()) -> ASGIApp:
    """The application, as any ASGI server can run it. Articles are kept in memory while they are scored, nowhere else.

    Args:
        model: the loaded model.
        limits: bounds on bodies, time and the queue; the usual ones without it.
        hosts: names besides localhost that requests may be for; None for any.
    """
    served = _Served(model, limits or Limits())
    routes = [
        Route("/", served.page, methods=["GET"]),
        Route("/", served.read, methods=["POST"]),
        Route("/v1/score", served.score, methods=["POST"]),
        Route("/openapi.json", served.openapi, methods=["GET"]),
        Route("/healthz", served.health, methods=["GET"]),
        Route("/metrics", served.metrics, methods=["GET"]),
    ]
    handlers = {SlantwiseError: served.told, HTTPException: served.lost, Exception: served.failed}
    app = Starlette(routes=routes, exception_handlers=handlers, lifespan=served.lifespan)
    app.router.redirect_slashes = False
    # around everything, so that the answer to an error of our own has the headers too
    return Gate(app, refused=served.refused, count=served.count, hosts=hosts)


class _Served:
    """The answers to the routes, and what they share."""

    def __init__(self, model: Model, limits: Limits) -> None:
        self._model, self._limits = model, limits
        self._work = Work(model, limits)
        self._metrics = Metrics(model.name)
        self._paths = frozenset({"/", "/v1/score", "/openapi.json", "/healthz", "/metrics"})
        self._openapi = cache(lambda: openapi(limits))

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Forget what waits when the server ends."""
        yield
        self._work.close()

    async def page(self, request: Request) -> Response:
        """Where an article is pasted."""
        return self._paste_page()

    async def read(self, request: Request) -> Response:
        """The report of an article that was pasted or uploaded."""
        body = await body_of(request, self._limits)
        asked = await asked_by_form(body, request.headers, self._limits)

        def report(score: ArticleScore) -> str:
            return article_report(asked.article, score, quotes_as_author=asked.quotes_as_author, home="/")

        page = await self._scored(asked, report)
        return HTMLResponse(page, headers={_POLICY: f"{article_policy()}; frame-ancestors 'none'"})

    async def score(self, request: Request) -> Response:
        """The score of an article as JSON."""
        body = await body_of(request, self._limits)
        asked = asked_by_json(body, request.headers.get("content-type", ""), self._limits)
        return JSONResponse(await self._scored(asked, score_to_json))

    async def openapi(self, request: Request) -> Response:
        """What can be asked, for programs."""
        return JSONResponse(self._openapi())

    async def health(self, request: Request) -> Response:
        """That the server answers, and with which model."""
        name = self._model.name
        return JSONResponse({"status": "ok", "model": {"name": name.name, "sha256": name.sha256}})

    async def metrics(self, request: Request) -> Response:
        """What has been done, for Prometheus."""
        text = self._metrics.text(self._work.pending)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    def count(self, path: str, status: int) -> None:
        """Count an answer; paths that are none of ours are one, or anybody could make more of them."""
        self._metrics.answered(path if path in self._paths else "other", status)

    def told(self, request: Request, error: Exception) -> Response:
        """What was wrong with a request."""
        assert isinstance(error, SlantwiseError)
        return self.refused(refusal_of(error), request.scope)

    def lost(self, request: Request, error: Exception) -> Response:
        """A path or method that is none of ours."""
        assert isinstance(error, HTTPException)
        expected = f"one of {', '.join(sorted(self._paths))}" if error.status_code == 404 else "another method"
        found = f"{request.method} {request.url.path[:80]}"
        answer = _refusal_json(Refusal(error.status_code, expected, found, "see /openapi.json"))
        answer.headers.update(error.headers or {})
        return answer

    def failed(self, request: Request, error: Exception) -> Response:
        """An error of our own: its traceback goes to the log, and nothing of it to the client."""
        told = Refusal(500, "an answer", "an error of slantwise's own", "report it, with the log of the server")
        return self.refused(told, request.scope)

    def refused(self, refusal: Refusal, scope: Scope) -> Response:
        """A refusal: the page again for its own form, JSON for everything else."""
        if scope["path"] == "/" and scope["method"] == "POST":
            return self._paste_page(refusal)
        return _refusal_json(refusal)

    def _paste_page(self, refusal: Refusal | None = None) -> Response:
        page = paste_page(self._model.name, self._limits, refusal)
        headers = {_POLICY: f"{paste_policy()}; frame-ancestors 'none'"} | _retry(refusal)
        return HTMLResponse(page, refusal.status if refusal else 200, headers)

    async def _scored(self, asked: Asked, made_of: Callable[[ArticleScore], Made]) -> Made:
        """Score an article and make something of its score, both in the thread that scores."""

        def job(model: Model) -> tuple[Made, int]:
            scorer = Scorer(model, targets=asked.targets, topics=asked.topics, quotes_as_author=asked.quotes_as_author)
            score = scorer.score(asked.article)
            return made_of(score), len(score.sentences)

        began = perf_counter()
        made, sentences = await self._work.do(job)
        self._metrics.scored(sentences, len(asked.article.text), perf_counter() - began)
        return made


def _refusal_json(refusal: Refusal) -> JSONResponse:
    told = {"expected": refusal.expected, "found": refusal.found, "do": refusal.do}
    return JSONResponse({"error": told}, refusal.status, _retry(refusal))


def _retry(refusal: Refusal | None) -> dict[str, str]:
    return {"Retry-After": str(refusal.retry)} if refusal is not None and refusal.retry is not None else {}
