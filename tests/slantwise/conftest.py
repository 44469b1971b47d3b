"""Fixtures of the scoring package's tests: the tiny model and the command line."""

from pathlib import Path

import pytest
from command_line import CommandLine
from tiny_model import save_tiny_model


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory) -> Path:
    """A model folder that knows a few words; see `tiny_model.py`. Not to be altered."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    save_tiny_model(folder)
    return folder


@pytest.fixture
def slantwise(monkeypatch, capsysbinary, tmp_path) -> CommandLine:
    """The command line, run in this process."""
    return CommandLine(monkeypatch, capsysbinary, tmp_path / "home")
