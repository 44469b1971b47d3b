"""The JSON Schemas (draft 2020-12) of what slantwise writes and trains on."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from slantwise.errors import AskedWrong

__all__ = ["SCHEMAS", "schema"]

SCHEMAS = ("score", "labelled", "comparison", "check", "evaluation")


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one kind of JSON object.

    Args:
        name: `score` (of an article), `labelled` (a sentence), or what a command prints: `comparison` (`slantwise
            compare`), `check`, `evaluation` (`slantwise evaluate`).

    Raises:
        AskedWrong: no such schema.

    """
    if name not in SCHEMAS:
        raise AskedWrong(f"the name of a schema ({', '.join(SCHEMAS)})", repr(name), "name one of these")
    text = files("slantwise").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
