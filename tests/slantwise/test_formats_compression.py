"""Packed files read like plain ones, and a damaged one never ends early."""

import gzip
import io
import random

import pytest
import zstandard

from slantwise.errors import SlantwiseError
from slantwise.formats.compression import Compression, open_bytes, packing

NOISE = random.Random(7).randbytes(100_000) + b"line\n" * 50_000
PACK = {Compression.GZIP: lambda data: gzip.compress(data, mtime=0), Compression.ZSTD: zstandard.compress}


@pytest.fixture(params=list(Compression))
def compression(request):
    return request.param


def test_one_frame_and_several(tmp_path, compression):
    path = tmp_path / "x"
    path.write_bytes(PACK[compression](NOISE) + PACK[compression](b"") + PACK[compression](b"end"))
    with open_bytes(path, compression) as stream:
        assert stream.read() == NOISE + b"end"


def test_lines(tmp_path, compression):
    path = tmp_path / "x"
    path.write_bytes(PACK[compression](b"one\ntwo\nthree"))
    with open_bytes(path, compression) as stream:
        assert list(stream) == [b"one\n", b"two\n", b"three"]


@pytest.mark.parametrize("cut", [10, 5000, 90_000])
def test_a_cut_off_file_raises(tmp_path, compression, cut):
    path = tmp_path / "x"
    path.write_bytes(PACK[compression](NOISE)[:-cut])
    with open_bytes(path, compression) as stream, pytest.raises(SlantwiseError) as caught:
        stream.read()
    assert caught.value.expected == f"a whole .{compression} file at {path}"
    assert caught.value.found == "the end of the file in the middle"


def test_a_file_that_is_not_packed_raises(tmp_path, compression):
    path = tmp_path / "x"
    path.write_bytes(b"just words, not packed at all")
    with open_bytes(path, compression) as stream, pytest.raises(SlantwiseError, match="a whole"):
        stream.read()


def test_a_missing_file_raises(tmp_path):
    with pytest.raises(SlantwiseError, match="No such file"):
        open_bytes(tmp_path / "x", None)


def test_packing_comes_back_and_is_the_same_each_time(tmp_path, compression):
    packed = []
    for _ in range(2):
        file = io.BytesIO()
        with packing(file, compression) as stream:
            stream.write(NOISE)
        packed.append(file.getvalue())
    assert packed[0] == packed[1]
    assert len(packed[0]) < len(NOISE)
    (tmp_path / "x").write_bytes(packed[0])
    with open_bytes(tmp_path / "x", compression) as stream:
        assert stream.read() == NOISE
