"""How does this article lean, and who is speaking? Article in; author's voice and quoted voices out.

The short way in: `Scorer().score(Article("a1", text))`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slantwise.article import Article
    from slantwise.errors import SlantwiseError
    from slantwise.model_folder import load_model
    from slantwise.score import ArticleScore
    from slantwise.scorer import Scorer

__all__ = ["Article", "ArticleScore", "Scorer", "SlantwiseError", "load_model"]

__version__ = "0.1.0"

_HOMES = {
    "Article": "slantwise.article",
    "ArticleScore": "slantwise.score",
    "Scorer": "slantwise.scorer",
    "SlantwiseError": "slantwise.errors",
    "load_model": "slantwise.model_folder",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import a public name when it is first asked for: `slantwise --help` must not wait for numpy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'slantwise' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
