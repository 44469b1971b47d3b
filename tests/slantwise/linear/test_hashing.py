"""Feature hashes: CRC-32 of UTF-8, however a string is put together. Saved models know features by nothing else."""

from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slantwise.linear.hashing import Hashed, hash_features, joined

strings = st.lists(st.text(max_size=8), min_size=1, max_size=6)


def test_hashes_never_change():
    assert hash_features(["1", "w=said", "pw=he said", "b3=Ång", ""]).tolist() == [
        0x83DCEFB7,
        crc32(b"w=said"),
        crc32(b"pw=he said"),
        crc32("b3=Ång".encode()),
        0,
    ]
    assert hash_features(["w=said", "global warming is a serious concern: we"]).tolist() == [808139559, 423887615]


def test_no_features():
    assert hash_features([]).dtype == np.uint32
    assert hash_features([]).shape == (0,)


@given(strings, strings, st.text(max_size=5), st.text(max_size=5))
def test_joined_hashes_are_those_of_the_joined_strings(left, right, prefix, between):
    size = min(len(left), len(right))
    left, right = left[:size], right[:size]
    found = joined(prefix, Hashed.of(left), between, Hashed.of(right))
    whole = [prefix + a + between + b for a, b in zip(left, right, strict=True)]
    assert found.crcs.tolist() == hash_features(whole).tolist()
    assert found.sizes.tolist() == [len(s.encode()) for s in whole]


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 255, 1000, 1_000_003])
def test_joined_strings_of_any_size(size):
    parts = Hashed.of(["é", "x" * size])
    assert (
        joined("w=", parts, " ", parts).crcs.tolist()
        == hash_features(["w=é é", f"w={'x' * size} {'x' * size}"]).tolist()
    )


def test_joined_constants_and_lone_surrogates():
    assert int(joined("a", "b").crcs) == crc32(b"ab")
    assert joined("\ud800", Hashed.of(["\udfff"])).crcs.tolist() == hash_features(["\ud800\udfff"]).tolist()


def test_hashed_strings_can_be_picked():
    picked = Hashed.of(["a", "bb", "ccc"])[np.array([2, 0, 2])]
    assert picked.sizes.tolist() == [3, 1, 3]
    assert picked.crcs.tolist() == hash_features(["ccc", "a", "ccc"]).tolist()
