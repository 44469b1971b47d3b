"""What several tests of the encoder's training stand on."""

import pytest


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    """The folder of a tiny base encoder, for networks to begin as."""
    from tiny_encoder import tiny_base

    return str(tiny_base(tmp_path_factory.mktemp("bases") / "bert"))


@pytest.fixture
def one_thread():
    """Sums in one order: the same weights, bit for bit, each time."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
