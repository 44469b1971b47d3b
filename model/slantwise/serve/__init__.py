"""The report as a local web page, and scores over HTTP. Needs the `[serve]` extra."""

from slantwise.serve.app import create_app
from slantwise.serve.limits import Limits
from slantwise.serve.server import open_socket, run

__all__ = ["Limits", "create_app", "open_socket", "run"]
