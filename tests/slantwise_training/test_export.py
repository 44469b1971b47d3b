"""From torch to ONNX: the same numbers in float, near ones in int8, a report that says how near."""

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from tiny_export import sentences, tiny_network

from slantwise.encoder import EncoderBackend
from slantwise.encoder.alignment import align
from slantwise.errors import SlantwiseError
from slantwise_training import export as exporting
from slantwise_training.export import PARITY, Precision, export, settings_of

TEXTS = sentences(32)


@pytest.fixture(scope="module")
def trained():
    return tiny_network()


@pytest.fixture(scope="module")
def exports(trained, tmp_path_factory):
    """Folder and report of each precision."""
    found = {}
    for precision in Precision:
        folder = tmp_path_factory.mktemp(str(precision))
        found[precision] = folder, export(*trained, TEXTS, folder, precision)
    return found


def backend_of(exports, trained, precision):
    return EncoderBackend.load(exports[precision][0], settings_of(trained[1]))


def initializers(folder):
    return {each.name: numpy_helper.to_array(each) for each in onnx.load(folder / "model.onnx").graph.initializer}


def test_float_onnx_gives_the_logits_of_torch(exports, trained):
    import torch

    network, shape, tokenizer = trained
    texts = [*sentences(), "It may.", "x"]
    raws = backend_of(exports, trained, Precision.FP32).raw([(text, "") for text in texts])
    for text, raw in zip(texts, raws, strict=True):
        [aligned] = align(tokenizer, [(text, "")], shape.max_tokens)
        ids, cases = torch.tensor([aligned.ids]), torch.tensor([aligned.cases])
        with torch.no_grad():
            tasks, tags, stance = (each[0].numpy() for each in network(ids, torch.ones_like(ids), cases))
        np.testing.assert_allclose(raw.tasks, tasks, rtol=PARITY, atol=PARITY)
        firsts = [first for first in aligned.first if first >= 0]
        np.testing.assert_allclose(raw.tags, tags[firsts], rtol=PARITY, atol=PARITY)
        np.testing.assert_allclose(raw.stance, stance[1:-1], rtol=PARITY, atol=PARITY)
    assert 0 < exports[Precision.FP32][1].parity <= PARITY


def test_a_float_network_that_is_not_the_same_is_refused(trained, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "PARITY", 1e-12)
    with pytest.raises(SlantwiseError, match="ONNX within 1e-12 of torch"):
        export(*trained, TEXTS, tmp_path, Precision.FP32)
    assert list(tmp_path.iterdir()) == []


def test_the_report_says_how_near_small_and_fast(exports):
    reports = {precision: report for precision, (_, report) in exports.items()}
    assert set(reports[Precision.FP32].drift.values()) == {0.0}
    for precision in (Precision.INT8, Precision.INT8_FULL):
        report = reports[precision]
        assert report.precision is precision
        assert report.drift.keys() == {"tasks", "tags", "stance"}
        assert all(0 < drift < 0.25 for drift in report.drift.values()), report.drift
        assert report.sentences > 0
        assert report.sentences_fp32 > 0
        size = (exports[precision][0] / "model.onnx").stat().st_size
        assert report.megabytes == size / 1e6
    assert reports[Precision.INT8_FULL].drift["tags"] < reports[Precision.INT8].drift["tags"]


@pytest.mark.parametrize("precision", [Precision.INT8, Precision.INT8_FULL])
def test_int8_holds_weights_and_embeddings_in_8_bits(exports, precision):
    folder, _ = exports[precision]
    tables = initializers(folder)
    weights = [table for table in tables.values() if table.dtype == np.int8 and table.ndim == 2]
    # query, key, value, output, up and down of two layers; positions are 300 rows, the tiny vocabulary fewer than 256
    assert len(weights) == 12 + 1
    most = max(int(np.abs(table.astype(int)).max()) for table in weights if len(table) != 300)
    assert most == (64 if precision is Precision.INT8 else 127)
    nodes = {node.op_type for node in onnx.load(folder / "model.onnx").graph.node}
    assert "QuantizeLinear" in nodes
    assert "DynamicQuantizeLinear" not in nodes
    rounded = [node for node in onnx.load(folder / "model.onnx").graph.node if node.op_type == "QuantizeLinear"]
    assert all(tables[node.input[1]].size == 1 for node in rounded), "an activation has one fixed scale"


def test_int8_decides_as_fp32_does(exports, trained):
    texts = [(text, "") for text in sentences()]
    plain = backend_of(exports, trained, Precision.FP32).raw(texts)
    for precision in (Precision.INT8, Precision.INT8_FULL):
        small = backend_of(exports, trained, precision).raw(texts)
        same = [(a.tags.argmax(1) == b.tags.argmax(1)).mean() for a, b in zip(plain, small, strict=True)]
        assert np.mean(same) > 0.9


@pytest.mark.parametrize("precision", list(Precision))
def test_every_precision_gives_the_same_bits_alone_and_in_a_batch(exports, trained, precision):
    backend = backend_of(exports, trained, precision)
    pairs = [(text, "the tax" if i % 3 == 0 else "") for i, text in enumerate(sentences())]
    for together, pair in zip(backend.raw(pairs), pairs, strict=True):
        [alone] = backend.raw([pair])
        for name in ("tasks", "tags", "stance", "second"):
            assert np.array_equal(getattr(alone, name), getattr(together, name)), (name, pair)


def test_exporting_leaves_the_network_as_it_was(trained, tmp_path):
    before = {name: each.clone() for name, each in trained[0].state_dict().items()}
    export(*trained, sentences(12), tmp_path, "int8")
    assert all((before[name] == each).all() for name, each in trained[0].state_dict().items())
    assert not any(module._forward_pre_hooks for module in trained[0].modules())


def test_exports_of_one_network_are_the_same_bytes(exports, trained, tmp_path):
    export(*trained, TEXTS, tmp_path, Precision.INT8)
    assert (tmp_path / "model.onnx").read_bytes() == (exports[Precision.INT8][0] / "model.onnx").read_bytes()


def test_too_few_texts(trained, tmp_path):
    with pytest.raises(SlantwiseError, match="8 or more different texts to calibrate on; found 2"):
        export(*trained, ["a", "b", "a", " "], tmp_path)


def test_exporting_says_nothing_on_stderr(trained, tmp_path, capfd):
    export(*trained, sentences(12), tmp_path, "int8")
    assert capfd.readouterr().err == ""
