"""The page where an article is pasted or uploaded."""

from __future__ import annotations

from slantwise.report.rendering import environment, policy, resource, trusted
from slantwise.score import ModelName
from slantwise.serve.limits import Limits
from slantwise.serve.refusals import Refusal

__all__ = ["paste_page", "paste_policy"]


def paste_page(model: ModelName, limits: Limits, refusal: Refusal | None = None) -> str:
    """The page as HTML; with what was wrong with the last article, where something was. It runs no script."""
    page: str = (
        environment()
        .get_template("paste.html")
        .render(model=model, limits=limits, refusal=refusal, style=trusted(_style()), policy=paste_policy())
    )
    return page


def paste_policy() -> str:
    """The page's Content-Security-Policy: its own style by hash, and forms to this server."""
    return policy(_style(), forms="'self'")


def _style() -> str:
    return resource("article.css") + resource("paste.css")
