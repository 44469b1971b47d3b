"""Fixtures shared by all tests."""

import os
import signal
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
sys.path.append(str(Path(__file__).parent / "helpers"))


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Let SIGINT interrupt: a shell that runs tests in the background has it ignored, by all that they start too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def corpora_root() -> Path:
    """The folder of public corpora, from SLANTWISE_CORPORA or beside the checkout; tests that need it skip without."""
    root = Path(os.environ.get("SLANTWISE_CORPORA") or REPOSITORY.parent / "shared" / "corpora")
    if not root.is_dir():
        pytest.skip("the public corpora are not here: set SLANTWISE_CORPORA to their folder")
    return root


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """A headless Chromium for pages; tests that need it skip without."""
    from browser import Browser, find_browser

    program = find_browser()
    if program is None:
        pytest.skip("no Chromium here: install the chromium package to test the pages in a browser")
    browser = Browser(program, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()
