"""Smoothing changes no output, and makes outliers harmless to quantisation."""

import pytest
from tiny_export import sentences, tiny_network

from slantwise.encoder.alignment import align
from slantwise_training.smooth import _loss, _scale, _Seen, smoothed


@pytest.fixture(scope="module")
def feeds():
    import torch

    network, shape, tokenizer = tiny_network()
    found = []
    for aligned in align(tokenizer, [(text, "") for text in sentences(8)], shape.max_tokens):
        ids = torch.tensor([aligned.ids])
        found.append((ids, torch.ones_like(ids), torch.tensor([aligned.cases])))
    return network, found


@pytest.mark.parametrize("strength", [None, 0.0, 0.85])
def test_the_outputs_stay(feeds, strength):
    import torch

    network, texts = feeds
    smooth = smoothed(network, texts, 7, strength)
    changed = any(
        not torch.equal(a, b) for a, b in zip(network.state_dict().values(), smooth.state_dict().values(), strict=True)
    )
    assert changed is (strength != 0.0)
    with torch.no_grad():
        for feed in texts:
            for before, after in zip(network(*feed), smooth(*feed), strict=True):
                torch.testing.assert_close(after, before, rtol=1e-4, atol=1e-4)


def test_query_key_and_value_share_their_scale(feeds):
    network, texts = feeds
    smooth = smoothed(network, texts, 8, 0.85)
    attention = smooth.encoder.encoder.layer[0].attention.self
    hooks = [list(module._forward_pre_hooks.values()) for module in (attention.query, attention.key, attention.value)]
    assert hooks[0][0] is hooks[1][0] is hooks[2][0]
    dense = smooth.encoder.encoder.layer[0].output.dense
    assert next(iter(dense._forward_pre_hooks.values())) is not hooks[0][0]


def test_an_outlier_channel_costs_less_when_it_is_smoothed():
    import torch

    torch.manual_seed(0)
    rows, weight = torch.randn(256, 16), torch.randn(8, 16)
    rows[:, 3] *= 100
    seen = _Seen(rows.amin(dim=0), rows.amax(dim=0))
    seen.add(rows)
    plain = _loss(seen, weight, _scale(seen, weight, 0.0), 8)
    assert _loss(seen, weight, _scale(seen, weight, 0.5), 8) < plain / 10
