"""Weight tables: known features find their row, all others the zero row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slantwise.linear.table import WeightTable

hashes = st.lists(st.one_of(st.integers(0, 2**32 - 1), st.integers(0, 40), st.just(2**32 - 1)), max_size=60)


def table_of(values, columns=1):
    known = np.unique(np.array(values, dtype=np.uint32))
    weights = np.arange(1, len(known) * columns + 1, dtype=np.float32).reshape(len(known), columns)
    return WeightTable(known, np.vstack((weights, np.zeros((1, columns), np.float32))))


@settings(max_examples=40)
@given(hashes, hashes)
def test_rows(values, asked):
    table = table_of(values)
    asked += values
    where = {value: i for i, value in enumerate(sorted(set(values)))}
    found = table.rows(np.array(asked, dtype=np.uint32).reshape(1, -1))
    assert found.shape == (1, len(asked))
    assert found[0].tolist() == [where.get(value, len(where)) for value in asked]


def test_rows_of_hashes_that_share_their_leading_bits():
    table = table_of(range(0, 4000, 2))
    assert table.rows(np.arange(4000, dtype=np.uint32)).tolist() == [
        i // 2 if i % 2 == 0 else 2000 for i in range(4000)
    ]


def test_rows_of_many_hashes():
    rng = np.random.default_rng(1)
    table = table_of(rng.integers(0, 2**32, 20_000))
    asked = np.concatenate((table.hashes, rng.integers(0, 2**32, 20_000, dtype=np.uint32)))
    at = np.searchsorted(table.hashes, asked).clip(max=len(table.hashes) - 1)
    assert (table.rows(asked) == np.where(table.hashes[at] == asked, at, len(table.hashes))).all()


def test_an_empty_table_knows_nothing():
    table = table_of([], columns=3)
    assert table.rows(np.array([0, 7, 2**32 - 1], dtype=np.uint32)).tolist() == [0, 0, 0]
    assert table.sums(np.array([[0, 7]], dtype=np.uint32)).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_sums_add_the_weights_of_each_word():
    table = table_of([10, 20, 30], columns=2)
    words = np.array([[10, 99], [30, 20], [99, 20]], dtype=np.uint32)
    assert table.sums(words).tolist() == [[1 + 5, 2 + 6], [3 + 3, 4 + 4]]
    assert table.sums(np.zeros((3, 0), np.uint32)).shape == (0, 2)


def test_sums_are_added_in_the_order_of_the_features_in_any_batch():
    rng = np.random.default_rng(2)
    known = np.unique(rng.integers(0, 2**32, 500, dtype=np.uint32))
    weights = rng.normal(0, 1e4, (len(known) + 1, 5)).astype(np.float32)
    weights[-1] = 0
    table = WeightTable(known, weights)
    words = rng.choice(known, (32, 90))
    whole = table.sums(words)
    for i in range(90):
        total = np.zeros(5, np.float32)
        for feature in words[:, i]:
            total += table.weights[np.searchsorted(known, feature)]
        assert whole[i].tobytes() == table.sums(words[:, i : i + 1])[0].tobytes() == total.tobytes()


def test_packing_keeps_half_precision():
    table = table_of([3, 1, 2], columns=2)
    again = WeightTable.unpacked(table.packed("x"), "x")
    assert again.hashes.tolist() == [1, 2, 3]
    assert again.weights.tolist() == [[1, 2], [3, 4], [5, 6], [0, 0]]
    assert table.packed("x")["x.weights"].dtype == np.float16


@pytest.mark.parametrize(
    ("known", "weights"),
    [
        (np.array([2, 1], np.uint32), np.zeros((3, 1), np.float32)),
        (np.array([1, 1], np.uint32), np.zeros((3, 1), np.float32)),
        (np.array([1, 2], np.uint32), np.zeros((2, 1), np.float32)),
        (np.array([1, 2], np.uint32), np.zeros(3, np.float32)),
        (np.array([[1, 2]], np.uint32), np.zeros((2, 1), np.float32)),
    ],
)
def test_arrays_that_contradict_each_other(known, weights):
    with pytest.raises(ValueError, match="hashes"):
        WeightTable(known, weights)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers(bad):
    packed = table_of([1, 2]).packed("x")
    packed["x.weights"][0, 0] = bad
    with pytest.raises(ValueError, match="finite"):
        WeightTable.unpacked(packed, "x")
