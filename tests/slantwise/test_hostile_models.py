"""Model folders made to harm: refused in one line, with nothing run, little memory and no waiting."""

import io
import json
import os
import resource
import shutil
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tiny_export import tiny_tokenizer

from slantwise.check.precision import FILE_NAME, read_precision
from slantwise.encoder.onnx_file import check_network_file
from slantwise.errors import SlantwiseError
from slantwise.files import sha256_of
from slantwise.model_folder import load_model, model_name
from slantwise.partisanship.features import FEATURES
from slantwise.partisanship.head import FILE_NAME as HEAD_NAME
from slantwise.partisanship.head import WORDS_NAME, find_head
from slantwise.score import ModelName

TAGS = ["O", "B-hedge", "I-hedge"]
CONFIG = {"tasks": ["wording"], "layers": [{"name": "hedge", "tags": TAGS}], "max_tokens": 32, "stance": True}
CALIBRATION = {"tasks": {}, "raised": {}, "spans": {}, "stance": {}, "stance_margin": 0.1}
WIDTHS = {"tasks": 1, "tags": 3, "stance": 3}
SHA256 = "ab" * 32
DEEP = "[" * 200_000


def network(**outputs):
    """Sums of embeddings; `outputs` gives other nodes, and weights, for some of the three outputs."""
    random = np.random.default_rng(0)
    size = tiny_tokenizer().get_vocab_size()
    weights = [numpy_helper.from_array(random.standard_normal((size, 4)).astype(np.float32), "embeddings")]
    nodes = [helper.make_node("Gather", ["embeddings", "input_ids"], ["h"])]
    for name, width in WIDTHS.items():
        weights.append(numpy_helper.from_array(random.standard_normal((4, width)).astype(np.float32), f"w.{name}"))
        nodes.append(helper.make_node("MatMul", ["h", f"w.{name}"], [f"all.{name}"]))
        if name in outputs:
            more, own = outputs[name]
            nodes += more
            weights += own
        elif name == "tasks":
            nodes.append(helper.make_node("ReduceMean", ["all.tasks"], ["tasks"], axes=[1], keepdims=0))
        else:
            nodes.append(helper.make_node("Identity", [f"all.{name}"], [name]))
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["rows", "tokens"])
    answers = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in WIDTHS]
    graph = helper.make_graph(nodes, "g", [ids], answers, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def encoder(folder, data=None, tokenizer=None, calibration=CALIBRATION, **config):
    """A model folder of the encoder family, its hashes right."""
    folder.mkdir()
    (folder / "model.onnx").write_bytes(network().SerializeToString() if data is None else data)
    (folder / "tokenizer.json").write_text(tiny_tokenizer().to_str() if tokenizer is None else tokenizer)
    (folder / "calibration.json").write_text(json.dumps(calibration))
    files = {path.name: sha256_of(path) for path in folder.iterdir()}
    whole = {"schema": "slantwise-model/1", "name": "x", "family": "encoder", "model": CONFIG | config, "files": files}
    (folder / "config.json").write_text(json.dumps(whole))
    return folder


@pytest.fixture
def linear(tiny_model, tmp_path):
    """A sound model folder of the linear family that a test may spoil."""
    return shutil.copytree(tiny_model, tmp_path / "linear")


def reconfigured(folder, **changes):
    config = json.loads((folder / "config.json").read_text())
    config |= changes
    (folder / "config.json").write_text(json.dumps(config))


def signed(folder, name, data):
    """Change a file as somebody would who knows about the hashes."""
    (folder / name).write_bytes(data)
    config = json.loads((folder / "config.json").read_text())
    config["files"][name] = sha256_of(folder / name)
    (folder / "config.json").write_text(json.dumps(config))


def refused(folder, *parts, work=load_model):
    """The refusal's message: one line that a terminal can show."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SlantwiseError) as caught:
        work(folder)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 1000
    assert caught.value.do
    for part in parts:
        assert part in message
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 400_000, f"{grown} KB"


def reads(folder):
    return load_model(folder).backend.read(["The mayor opens the road.", "", "漢 ¼"])


def test_the_network_that_others_are_made_of_is_sound(tmp_path):
    assert len(reads(encoder(tmp_path / "sound"))) == 3


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (DEEP, "nested too deeply"),
        ('{"schema": "slantwise-model/1", "name": ' + "9" * 5000 + "}", "thousands of digits"),
        ('{"schema": "slantwise-model/1", "schema": "slantwise-model/1", "name": "x"}', "twice"),
        ('{"schema": "slantwise-model/1", "name": NaN}', "NaN"),
        ('{"schema": ["slantwise-model/1"], "name": "x"}', "slantwise-model/1"),
        ("\xff", "UTF-8"),
        ("", "an empty file"),
        ("\ufeff{}", "slantwise-model/1"),
        ("\0" * 100, "JSON"),
    ],
    ids=["deep", "digits", "twice", "nan", "list", "bytes", "empty", "mark", "zeros"],
)
def test_configurations(linear, text, part):
    (linear / "config.json").write_bytes(text.encode("latin-1" if text == "\xff" else "utf-8"))
    refused(linear, part)
    refused(linear, part, work=model_name)


@pytest.mark.parametrize("text", [DEEP, "9" * 5000, '{"tasks": {}, "tasks": {}}', "[NaN]", "null", "3", "[]"])
def test_calibrations(linear, text):
    signed(linear, "calibration.json", text.encode())
    refused(linear)


@pytest.mark.parametrize("name", ["config.json", "calibration.json"])
def test_settings_without_end(linear, name):
    if name == "config.json":
        os.truncate(linear / name, 1 << 40)
        refused(linear, "more than 16 MB")
    else:
        signed(linear, name, b" " * 17_000_000)
        refused(linear, "more than 16 MB")


NAMES = {
    "number": 3,
    "none": None,
    "list": ["x"],
    "empty": "",
    "long": "x" * 10**6,
    "lines": "x\ny",
    "escape": "\x1b[2J",
}
NAMES |= {"direction": "x\u202ey", "half": "\ud800"}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_that_steer_what_shows_them(linear, name):
    reconfigured(linear, name=name)
    refused(linear, "printable characters")
    refused(linear, "printable characters", work=model_name)


@pytest.mark.parametrize("family", [["linear"], {"a": 1}, "\x1b[2J", "x" * 10**6, None])
def test_families(linear, family):
    reconfigured(linear, family=family)
    refused(linear, "family linear or encoder")


@pytest.mark.parametrize(
    "name", ["x" * 5000, "a\0b", "a\nb", "\ud800", "\x1b[2J", "./README.md", "README.md/", "a/../b"]
)
def test_names_of_files(linear, name):
    files = json.loads((linear / "config.json").read_text())["files"]
    reconfigured(linear, files={**files, name: "0" * 64})
    refused(linear, "no such file")


@pytest.mark.parametrize("expected", [None, 3, ["x"], "\x1b[2J\n", "x" * 10**6])
def test_hashes_that_are_none(linear, expected):
    files = json.loads((linear / "config.json").read_text())["files"]
    reconfigured(linear, files={**files, "README.md": expected})
    refused(linear, "README.md", "the file was altered")


def test_more_files_than_any_model_has(linear):
    files = json.loads((linear / "config.json").read_text())["files"]
    reconfigured(linear, files=files | {f"{n}.txt": "0" for n in range(100)})
    refused(linear, "at most 64 files")


def test_a_file_of_a_terabyte_is_not_hashed(linear):
    os.truncate(linear / "README.md", 1 << 40)
    refused(linear, "at most 4 GiB")


@pytest.mark.parametrize("name", ["weights.npz", "calibration.json"])
def test_an_empty_file_is_not_read(linear, name):
    # the system's own files that never end are empty by their size
    signed(linear, name, b"")
    refused(linear, name, "an empty file")


@pytest.mark.parametrize("target", ["/dev/zero", "/dev/stdin", "/proc/self/mem", ".", "nowhere", "README.md"])
@pytest.mark.parametrize("name", ["README.md", "weights.npz", "config.json"])
def test_links_that_lead_astray(linear, name, target):
    (linear / name).unlink()
    os.symlink(linear if target == "." else target, linear / name)
    refused(linear)


@pytest.mark.parametrize("name", ["README.md", "weights.npz", "config.json"])
def test_a_pipe_is_not_waited_for(linear, name):
    (linear / name).unlink()
    os.mkfifo(linear / name)
    refused(linear)


def test_links_to_the_same_bytes_are_what_hubs_keep(linear, tmp_path):
    expected = model_name(linear)
    (tmp_path / "blobs").mkdir()
    for path in list(linear.iterdir()):
        shutil.move(path, tmp_path / "blobs" / path.name)
        os.symlink(f"../blobs/{path.name}", path)
    assert load_model(linear).name == expected


def archive(*members, method=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as opened:
        for name, content in members:
            opened.writestr(name, content)
    return data.getvalue()


def array(shape="(2,)", descr="<f4", content=b"\0" * 8):
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + content


def bomb():
    """Says, rightly or not, that a member unpacks to 2 GiB."""
    data = bytearray(archive(("a.npy", array())))
    at = data.rindex(b"PK\1\2") + 24
    data[at : at + 4] = (1 << 31).to_bytes(4, "little")
    return bytes(data)


def long_list():
    data = bytearray(archive(("a.npy", array())))
    data[-10:-6] = (1 << 30).to_bytes(4, "little")
    return bytes(data)


def zip64_list():
    data = archive(("a.npy", array()))
    return data[:-22] + b"PK\6\7" + b"\xff" * 16 + data[-22:]


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@pytest.mark.parametrize(
    ("make", "part"),
    [
        (bomb, "more than 1 GiB"),
        (long_list, "more than 1000 arrays"),
        (zip64_list, "no archive that numpy wrote"),
        (lambda: archive(("a.npy", array()), ("a.npy", array())), "twice"),
        (lambda: archive(("a.npy", array()), method=zipfile.ZIP_LZMA), "way of packing"),
        (lambda: archive(("a.npy", array()), method=zipfile.ZIP_BZIP2), "way of packing"),
        (lambda: archive(("a.npy", array("(10**13,)"))), "a sound model"),
        (lambda: archive(("a.npy", array("(10000000000000,)"))), "a sound model"),
        (lambda: archive(("a.npy", array("(100000000,)"))), "a sound model"),
        (lambda: archive(("a.npy", array("(-1,)"))), "a sound model"),
        (lambda: archive(("a.npy", array("(2,)", "|O"))), "a sound model"),
        (lambda: archive(("a.npy", array("(2,)", "__import__('os').getpid()"))), "a sound model"),
        (lambda: archive(("../../a.npy", array()), ("/etc/a.npy", array())), "a sound model"),
        (lambda: archive(("a.npy", b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535)), "a sound model"),
        (lambda: archive(), "a sound model"),
        (lambda: array(), "no archive that numpy wrote"),
    ],
)
def test_archives(linear, make, part):
    signed(linear, "weights.npz", make())
    before = sorted(linear.parent.rglob("*"))
    refused(linear, part, "train it anew")
    assert sorted(linear.parent.rglob("*")) == before


def test_numbers_that_would_overflow(linear):
    with np.load(linear / "weights.npz") as opened:
        arrays = dict(opened)
    arrays["hedges.transitions"] = arrays["hedges.transitions"].astype(np.float64) + 1e300
    data = io.BytesIO()
    np.savez(data, **arrays)
    signed(linear, "weights.npz", data.getvalue())
    refused(linear, "hedges.transitions of type float64")


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


ROWS = '{"schema": "slantwise-precision/1", "model": {"sha256": "%s"}, "data": {"name": %s}, "rules": {"SLW101": %s}}'
ROW = '{"right": %s, "found": %s, "missed": 0}'


@pytest.mark.parametrize(
    "text",
    [
        DEEP,
        ROWS % (SHA256, '"x"', ROW % ("9" * 5000, 1)),
        ROWS % (SHA256, '"x"', ROW % ("1", "1" + "0" * 400)),
        ROWS % (SHA256, '"x"', ROW % ("1e400", "1e400")),
        ROWS % (SHA256, '"x"', ROW % ('"1"', 1)),
        ROWS % (SHA256, '"x"', ROW % ("-1", 1)),
        ROWS % (SHA256, "[[3]]", ROW % (1, 1)),
        ROWS % (SHA256, '"x"', "3"),
        "",
    ],
    ids=["deep", "digits", "huge", "infinite", "words", "negative", "name", "number", "empty"],
)
def test_precisions(tmp_path, text):
    (tmp_path / FILE_NAME).write_text(text)
    refused(tmp_path, FILE_NAME, work=lambda folder: read_precision(folder, SHA256))


def test_a_precision_steers_no_terminal(tmp_path):
    (tmp_path / FILE_NAME).write_text(ROWS % (SHA256, '"a\\u001b[2J"', ROW % (1, 1)))
    assert read_precision(tmp_path, SHA256).data.isprintable()


@pytest.mark.parametrize("target", ["/dev/zero", "nowhere"])
def test_a_precision_that_leads_astray_is_none(tmp_path, target):
    os.symlink(target, tmp_path / FILE_NAME)
    assert read_precision(tmp_path, SHA256).rules == {}


HEAD = {
    "schema": "slantwise-article-head/1",
    "model": {"name": "x", "sha256": SHA256},
    "measured": {"right": 1, "of": 2, "data": "x"},
    "fewest_words": 100,
    "words": {"sha256": SHA256, "longest": 2},
    "features": [{"name": name, "mean": 0.0, "scale": 1.0, "weight": 1.0} for name in FEATURES],
}


@pytest.mark.parametrize(
    "text", [DEEP, "", "[]", json.dumps(HEAD | {"features": [{}] * 10**5}), json.dumps(HEAD | {"words": []})]
)
def test_heads(tmp_path, text):
    (tmp_path / HEAD_NAME).write_text(text)
    refused(tmp_path, HEAD_NAME, work=lambda folder: find_head(folder, ModelName("x", SHA256)))


@pytest.mark.parametrize("target", ["/dev/zero", "nowhere", "altered", "bomb"])
def test_words_of_a_head(tmp_path, target):
    (tmp_path / "altered").write_bytes(b"x")
    (tmp_path / "bomb").write_bytes(bomb())
    os.symlink(target, tmp_path / WORDS_NAME)
    head = HEAD | {"words": {"sha256": sha256_of(tmp_path / "bomb"), "longest": 2}}
    (tmp_path / HEAD_NAME).write_text(json.dumps(head))
    part = {"altered": "sha256", "bomb": "more than 1 GiB"}.get(target, "no hyperpartisan.npz")
    refused(tmp_path, part, work=lambda folder: find_head(folder, ModelName("x", SHA256)))


def test_the_command_line_says_it_in_one_line(slantwise, linear, tmp_path):
    (tmp_path / "a.txt").write_text("Rain fell.")
    (linear / "config.json").write_text(DEEP)
    done = slantwise("read", str(tmp_path / "a.txt"), "--model", str(linear))
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert done.err.startswith("slantwise: expected JSON in ")
    assert not Path(tmp_path / "run").exists()
