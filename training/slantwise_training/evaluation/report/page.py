"""Studies as one HTML page: it asks the network for nothing, and has no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from slantwise.report.rendering import policy, resource
from slantwise.report.wording import percent, printable
from slantwise_training.evaluation.report.views import set_view
from slantwise_training.evaluation.verdict import metric_words
from slantwise_training.evaluation.worst import WorstError

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["evaluation_page"]

_HEAD = "page_head.html"
"""The opening that all pages share, with those of `slantwise read`."""


def evaluation_page(result: Mapping[str, Any], errors: Sequence[Mapping[str, Sequence[WorstError]]]) -> str:
    """The page of a whole run.

    Whatever comes from a corpus, a model's name or an annotator is escaped. A Content-Security-Policy allows the
    page's own style by its hash and nothing else: no script, no image, no request.

    Args:
        result: the object that `slantwise evaluate --json` prints; `behaviour`, `comparison` and `protocol` are shown
            where they are there.
        errors: per evaluation the errors to read by measure, which hold sentences of the set.

    """
    from markupsafe import Markup

    style = _resource("evaluation.css")
    pairs = zip(result["evaluations"], errors, strict=True)
    views = [set_view(at, section, of) for at, (section, of) in enumerate(pairs, start=1)]
    page: str = (
        _environment()
        .get_template("evaluation.html")
        .render(result=result, sets=views, style=Markup(style), policy=policy(style))
    )
    return page


@cache
def _environment() -> Environment:
    from jinja2 import ChoiceLoader, DictLoader, Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=ChoiceLoader([DictLoader({_HEAD: resource(_HEAD)}), FunctionLoader(_resource)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )
    environment.filters |= {"printable": printable, "percent": percent, "number": _number, "metric": metric_words}
    return environment


def _number(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


@cache
def _resource(name: str) -> str:
    folder = files("slantwise_training.evaluation.report").joinpath("templates")
    return folder.joinpath(name).read_text(encoding="utf-8")
