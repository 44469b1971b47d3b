"""Networks, tokenizers and settings of an encoder made to harm: refused in one line, with little memory, no waiting."""

import json

import numpy as np
import onnx
import pytest
from hostile_folder import CALIBRATION, DEEP, TAGS, encoder, network, reads, refused
from onnx import TensorProto, helper, numpy_helper
from tiny_export import tiny_tokenizer

from slantwise.encoder.onnx_file import check_network_file
from slantwise.errors import SlantwiseError
from slantwise.model_folder import load_model


def varint(number):
    found = b""
    while number >= 0x80:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])


def field(number, data, beyond=0):
    """A field of bytes; `beyond` sets bits of its key that 32 do not hold, which some readers drop."""
    return varint(number << 3 | 2 | beyond << 32) + varint(len(data)) + data


def test_weights_elsewhere_under_a_key_of_more_than_32_bits(tmp_path):
    tensor = helper.make_tensor("w", TensorProto.FLOAT, [1], [1.0]).SerializeToString()
    tensor += field(13, field(1, b"location") + field(2, b"/etc/hostname"), beyond=1)
    data = network().SerializeToString()
    whole = onnx.ModelProto.FromString(data)
    graph = whole.graph.SerializeToString() + field(5, tensor)
    whole.ClearField("graph")
    refused(encoder(tmp_path / "x", whole.SerializeToString() + field(7, graph)), "more than 29 bits")


def test_a_file_of_two_formats_is_read_as_the_one_that_was_checked(tmp_path):
    """Bytes 4 to 8 say "ORTM", onnxruntime's own format, which is not checked; to ONNX they are a producer's name."""
    sound = field(2, b"\0\0ORTM") + network().SerializeToString()
    assert sound[4:8] == b"ORTM"
    assert len(reads(encoder(tmp_path / "x", sound))) == 3


def with_nodes(*nodes, weights=()):
    changed = network()
    changed.graph.node.extend(nodes)
    changed.graph.initializer.extend(weights)
    return changed.SerializeToString()


def body(*nodes):
    return helper.make_graph(list(nodes), "inner", [], [])


def sparse_weights():
    values = helper.make_tensor("s", TensorProto.FLOAT, [1], [1.0])
    places = helper.make_tensor("i", TensorProto.INT64, [1], [0])
    return helper.make_sparse_tensor(values, places, [10**12])


def sparse_initializer():
    changed = network()
    changed.graph.sparse_initializer.append(sparse_weights())
    return changed.SerializeToString()


LOOP = helper.make_node("Loop", ["", ""], ["x"], body=body())


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: with_nodes(LOOP), "found Loop"),
        (lambda: with_nodes(helper.make_node("Scan", ["h"], ["x"], body=body(), num_scan_inputs=1)), "found Scan"),
        (lambda: with_nodes(helper.make_node("SequenceMap", ["h"], ["x"], body=body())), "found SequenceMap"),
        (lambda: with_nodes(helper.make_node("If", ["h"], ["x"], then_branch=body(LOOP), else_branch=body())), "Loop"),
        (sparse_initializer, "sparse"),
        (lambda: with_nodes(helper.make_node("Constant", [], ["x"], sparse_value=sparse_weights())), "sparse"),
    ],
)
def test_networks_without_end(tmp_path, make, part):
    refused(encoder(tmp_path / "x", make()), part)


def test_more_fields_than_can_be_walked():
    with pytest.raises(SlantwiseError, match="more than 1000000 fields"):
        check_network_file(field(7, field(12, b"") * 1_100_000), "x")


def test_weights_that_are_not_there(tmp_path):
    huge = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[10**6, 10**6], raw_data=b"\0" * 4)
    changed = network(tags=([helper.make_node("MatMul", ["h", "w"], ["tags"])], [huge]))
    refused(encoder(tmp_path / "x", changed.SerializeToString()), "a network that loads")


def spread(size):
    """An output that is computed from a tensor of so many numbers, which the file does not hold."""
    a, b = (
        numpy_helper.from_array(np.ones(shape, np.float32), name)
        for shape, name in (((size, 1), "a"), ((1, size), "b"))
    )
    nodes = [
        helper.make_node("Mul", ["a", "b"], ["ab"]),
        helper.make_node("ReduceSum", ["ab"], ["sum"], keepdims=0),
        helper.make_node("Add", ["all.tags", "sum"], ["tags"]),
    ]
    return nodes, [a, b]


def filled(size):
    shape = numpy_helper.from_array(np.array([size], np.int64), "size")
    nodes = [
        helper.make_node("ConstantOfShape", ["size"], ["zeros"]),
        helper.make_node("ReduceSum", ["zeros"], ["sum"], keepdims=0),
        helper.make_node("Add", ["all.tags", "sum"], ["tags"]),
    ]
    return nodes, [shape]


@pytest.mark.parametrize("make", [lambda: spread(40_000), lambda: filled(1_600_000_000), lambda: filled(10**15)])
def test_memory_that_a_network_makes_up(tmp_path, make):
    refused(encoder(tmp_path / "x", network(tags=make()).SerializeToString()), "export", work=reads)


def node(operator, *inputs, weights=(), **settings):
    return [helper.make_node(operator, inputs, ["tags"], **settings)], list(weights)


WRONG = {
    "nan": lambda: node("Log", "all.tags"),
    "infinite": lambda: node("Div", "all.tags", "zero", weights=[numpy_helper.from_array(np.float32(0), "zero")]),
    "narrow": lambda: node("Identity", "w.tags"),
    "wide": lambda: node("Concat", "all.tags", "all.tags", axis=2),
    "twice the rows": lambda: node("Concat", "all.tags", "all.tags", axis=0),
    "one number": lambda: node("ReduceSum", "all.tags", keepdims=0),
    "whole numbers": lambda: node("Cast", "all.tags", to=TensorProto.INT64),
    "words": lambda: node("Cast", "all.tags", to=TensorProto.STRING),
    "a sequence": lambda: node("SequenceConstruct", "all.tags"),
}


@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG)
def test_answers_of_another_kind(tmp_path, make):
    changed = network(tags=make())
    for output in changed.graph.output:
        if output.name == "tags":
            output.ClearField("type")
    refused(encoder(tmp_path / "x", changed.SerializeToString()), work=reads)


CONFIGS = {
    "tags of the square of their number": {"layers": [{"name": "hedge", "tags": ["O"] + ["B-hedge"] * 10**5}]},
    "a tag twice": {"layers": [{"name": "hedge", "tags": ["O", "B-hedge", "B-hedge"]}]},
    "a layer twice": {"layers": [{"name": "hedge", "tags": TAGS}] * 2},
    "a task twice": {"tasks": ["wording", "wording"]},
    "long windows": {"max_tokens": 10**9},
    "endless windows": {"max_tokens": 1e400},
    "true windows": {"max_tokens": True},
    "worded windows": {"max_tokens": "32"},
    "worded stance": {"stance": "false"},
    "tasks of another type": {"tasks": {"wording": 1}, "layers": 3},
}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_settings_of_an_encoder(tmp_path, config):
    refused(encoder(tmp_path / "x", **config))


FITTED = {
    "words": {"tasks": {"wording": {"slope": "1", "shift": 0}}},
    "true": {"tasks": {"wording": {"threshold": True, "margin": 0}}},
    "large": {"spans": {"hedge": {"hedge": [1e30, 0]}}},
    "huge": {"stance_margin": 10**400},
    "no layer": {"tasks": {"hedging": {"layer": "x"}}},
    "raised layer": {"raised": {"x": {}}},
    "three of two": {"spans": {"hedge": {"hedge": [1, 2, 3]}}},
    "list": {"tasks": [1]},
}


@pytest.mark.parametrize("fitted", FITTED.values(), ids=FITTED)
def test_calibrations_of_an_encoder(tmp_path, fitted):
    refused(encoder(tmp_path / "x", calibration=CALIBRATION | fitted), "a sound model", "train it anew")


def with_tokenizer(**changes):
    whole = json.loads(tiny_tokenizer().to_str())
    for name, change in changes.items():
        whole[name] = {**(whole[name] or {}), **change}
    return json.dumps(whole)


def replacing(count, content="aa"):
    each = {"type": "Replace", "pattern": {"String": "a"}, "content": content}
    return {"type": "Sequence", "normalizers": [each] * count}


def nested(depth):
    found = {"type": "Sequence", "normalizers": []}
    for _ in range(depth):
        found = {"type": "Sequence", "normalizers": [found]}
    return found


SPECIAL = {"[CLS]": {"id": "[CLS]", "ids": [2] * 10**4, "tokens": ["[CLS]"] * 10**4}}
TOKENIZERS = {
    "doubling": lambda: with_tokenizer(normalizer=replacing(50)),
    "long": lambda: with_tokenizer(normalizer=replacing(1, "a" * 10**6)),
    "prepending": lambda: with_tokenizer(normalizer={"type": "Prepend", "prepend": "a" * 10**6}),
    "nested": lambda: with_tokenizer(normalizer=nested(200)),
    "long words": lambda: with_tokenizer(model={"max_input_chars_per_word": 10**9}),
    "long prefix": lambda: with_tokenizer(model={"continuing_subword_prefix": "#" * 10**6}),
    "many sequences": lambda: with_tokenizer(
        post_processor={"single": [{"Sequence": {"id": "A", "type_id": 0}}] * 10**4}
    ),
    "many special": lambda: with_tokenizer(post_processor={"special_tokens": SPECIAL}),
    "chance": lambda: with_tokenizer(
        model={"type": "BPE", "dropout": 0.5, "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}
    ),
    "panic": lambda: with_tokenizer(normalizer={"type": "Precompiled", "precompiled_charsmap": "AAAA"}),
    "deep": lambda: DEEP,
    "zeros": lambda: "\0" * 100,
}


@pytest.mark.parametrize("make", TOKENIZERS.values(), ids=TOKENIZERS)
def test_tokenizers(tmp_path, make):
    refused(encoder(tmp_path / "x", tokenizer=make()), "a tokenizer in")


@pytest.mark.parametrize(
    "changes",
    [
        {"model": {"unk_token": "[NONE]"}},
        {"model": {"type": "Unigram", "unk_id": None, "vocab": []}},
        {"pre_tokenizer": {"type": "FixedLength", "length": 0}},
    ],
)
def test_tokenizers_that_fail_at_work(tmp_path, changes):
    refused(encoder(tmp_path / "x", tokenizer=with_tokenizer(**changes)), "that cuts any text", work=reads)


def test_an_expression_without_end_is_ended(tmp_path):
    """The library panics, which is no `Exception`."""
    endless = {"type": "Replace", "pattern": {"Regex": "(a+)+$"}, "content": "x"}
    folder = encoder(tmp_path / "x", tokenizer=with_tokenizer(normalizer=endless))
    refused(folder, "that cuts any text", work=lambda _: load_model(folder).backend.read(["a" * 40 + "b"]))
