"""Sigmoid and softmax at their far ends."""

import numpy as np
import pytest

from slantwise.linear.logistic import sigmoid, softmax


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_sigmoid(kind):
    found = sigmoid(np.array([-1e4, -1, 0, 1, 1e4], dtype=kind))
    assert found.dtype == kind
    assert found.tolist() == pytest.approx([0, 0.268941, 0.5, 0.731059, 1], abs=1e-6)


def test_softmax():
    found = softmax(np.array([[0, 0, 0], [1e4, 0, -1e4], [1, 2, 3]], dtype=np.float32))
    assert found[0].tolist() == pytest.approx([1 / 3] * 3)
    assert found[1].tolist() == [1, 0, 0]
    assert found[2].tolist() == pytest.approx([0.0900, 0.2447, 0.6652], abs=1e-4)
