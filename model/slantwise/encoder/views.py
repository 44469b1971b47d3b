"""Which columns of the network's stance output answer which view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slantwise.linear.classify import View

__all__ = ["STANCES", "columns_of_view", "views_of"]

STANCES = 3
"""Against, neutral, favor: a view's columns, in this order."""


def columns_of_view(views: Sequence[View], view: View) -> slice:
    """A view's columns, where `views` have columns of their own in this order; any other reads the first one's."""
    at = STANCES * (views.index(view) if view in views else 0)
    return slice(at, at + STANCES)


def views_of(settings: Mapping[str, Any]) -> tuple[View, ...]:
    """The views that a written network names; one that names none was made when all read the same columns.

    Raises:
        TypeError, ValueError: they are not views, or one is there twice.
    """
    views = tuple(View(name) for name in settings.get("views", [View.MENTION]))
    if not views or len(set(views)) < len(views):
        raise ValueError(f"views without a double expected, not {[str(view) for view in views]}")
    return views
