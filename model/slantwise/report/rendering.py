"""Templates, style sheets and scripts of the pages, and the policy that lets a page run its own and nothing else."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from slantwise.report.wording import percent, printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["environment", "policy", "resource", "trusted"]


@cache
def environment() -> Environment:
    """The templates, with everything escaped that is put into them."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        loader=FunctionLoader(resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"printable": printable, "percent": percent}
    return made


@cache
def resource(name: str) -> str:
    """The text of one of our own files in `templates`."""
    return files("slantwise.report").joinpath("templates", name).read_text(encoding="utf-8")


def trusted(text: str) -> Markup:
    """Our own style or script, which goes into the page unescaped; nothing of an article ever comes here."""
    from markupsafe import Markup

    return Markup(text)


def policy(style: str, script: str | None = None, forms: str = "'none'") -> str:
    """A page's Content-Security-Policy: its own style and script by hash, and nothing else at all.

    Args:
        style: the text of the page's style element.
        script: the text of its script element; None allows no script.
        forms: where its forms may be sent.
    """
    rules = ["default-src 'none'", f"style-src {_hashed(style)}"]
    if script is not None:
        rules.append(f"script-src {_hashed(script)}")
    return "; ".join([*rules, "base-uri 'none'", f"form-action {forms}"])


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
