"""The application with the tiny model, and a client that speaks to it without a network."""

from contextlib import contextmanager

import pytest

pytest.importorskip("starlette", reason="the [serve] extra is not installed")

from starlette.testclient import TestClient

from slantwise.model_folder import load_model
from slantwise.serve import Limits, create_app


@pytest.fixture(scope="session")
def model(tiny_model):
    return load_model(tiny_model)


@pytest.fixture
def serving(model):
    """Makes a client of an application with the given limits."""

    @contextmanager
    def made(with_model=model, hosts=frozenset(), raising=True, **limits):
        app = create_app(with_model, Limits(**limits), hosts)
        asked = {"base_url": "http://localhost", "follow_redirects": False, "raise_server_exceptions": raising}
        with TestClient(app, **asked) as client:
            yield client

    return made


@pytest.fixture
def client(serving):
    with serving() as client:
        yield client
