"""An exported model as a network again."""

import json

import numpy as np
import pytest
import torch
from tiny_export import sentences, tiny_network

from slantwise.encoder import EncoderBackend
from slantwise.encoder.alignment import align
from slantwise.errors import SlantwiseError
from slantwise.model_folder import DEFAULT_MODEL, save_model
from slantwise_training.encoder.base import load_base
from slantwise_training.encoder.reopen import architecture, reopen
from slantwise_training.export import export, settings_of


def saved(folder, precision, about=None):
    network, shape, tokenizer = tiny_network()
    place = folder / "place"
    place.mkdir()
    export(network, shape, tokenizer, sentences(), place, precision)
    backend = EncoderBackend.load(place, settings_of(shape))
    about = about or {"encoder": architecture(network)}
    save_model(folder / "model", backend, "tiny", 'name = "tiny"\n', "# tiny\n", about)
    return network, folder / "model"


def logits(network, tokenizer, max_tokens=32):
    found = []
    for aligned in align(tokenizer, [(text, "") for text in sentences(12)], max_tokens):
        ids = torch.tensor([aligned.ids])
        with torch.no_grad():
            outputs = network(ids, torch.ones_like(ids), torch.tensor([aligned.cases]))
        found.append(np.concatenate([each.numpy().ravel() for each in outputs]))
    return np.concatenate(found)


def test_a_float_model_comes_back_as_it_was(tmp_path):
    network, folder = saved(tmp_path, "fp32")
    again, shape, tokenizer = reopen(folder)
    assert shape.layers == tiny_network()[1].layers
    state = again.state_dict()
    for name, wanted in network.state_dict().items():
        torch.testing.assert_close(state[name], wanted)
    np.testing.assert_allclose(logits(again, tokenizer), logits(network, tokenizer), atol=1e-5)


def test_an_int8_model_comes_back_nearly(tmp_path):
    network, folder = saved(tmp_path, "int8-full")
    again, _, tokenizer = reopen(folder)
    assert np.corrcoef(logits(again, tokenizer), logits(network, tokenizer))[0, 1] > 0.98


def test_a_model_is_a_base(tmp_path):
    _, folder = saved(tmp_path, "fp32")
    base = load_base(str(folder))
    assert base.network is not None
    assert base.hidden == 32


@pytest.mark.parametrize("about", [{"trained": "today"}], ids=["no architecture"])
def test_what_cannot_be_reopened_is_said(tmp_path, about):
    _, folder = saved(tmp_path, "fp32", about)
    with pytest.raises(SlantwiseError, match="without its architecture"):
        reopen(folder)


def test_an_altered_model_is_refused(tmp_path):
    _, folder = saved(tmp_path, "fp32")
    with (folder / "model.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(SlantwiseError, match="sha256"):
        reopen(folder)


def test_the_shipped_model_by_its_name():
    if json.loads((DEFAULT_MODEL / "config.json").read_text())["family"] != "encoder":
        with pytest.raises(SlantwiseError, match="a model to go on from"):
            load_base("default")
    else:
        assert load_base("default").network is not None
