"""Model folders made to harm: refused in one line, with nothing run, little memory and no waiting."""

import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hostile_folder import DEEP, encoder, reads, reconfigured, refused, signed

from slantwise.check.precision import FILE_NAME, read_precision
from slantwise.files import sha256_of
from slantwise.model_folder import load_model, model_name
from slantwise.partisanship.features import FEATURES
from slantwise.partisanship.head import FILE_NAME as HEAD_NAME
from slantwise.partisanship.head import WORDS_NAME, find_head
from slantwise.score import ModelName

SHA256 = "ab" * 32


@pytest.fixture
def linear(tiny_model, tmp_path):
    """A sound model folder of the linear family that a test may spoil."""
    return shutil.copytree(tiny_model, tmp_path / "linear")


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
