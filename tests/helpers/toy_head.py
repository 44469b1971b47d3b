"""An article head with weights set by hand."""

import numpy as np

from slantwise.linear.classify import Classifier
from slantwise.linear.hashing import hash_features
from slantwise.linear.table import WeightTable
from slantwise.partisanship import ArticleHead, Measured
from slantwise.partisanship.features import FEATURES
from slantwise.score import ModelName

MODEL = ModelName("toy", "ab" * 32)
DATA = "toy <b>articles</b>"


def toy_head(fewest_words=10, weight=2.0, right=80):
    """It knows the word "harbour"; the intercept is .5, and every feature weighs a hundredth."""
    table = WeightTable(hash_features(["harbour"]), np.array([[weight, 1.0], [0.0, 0.0]], np.float32))
    words = Classifier(table, np.array([0.5], np.float32), np.ones(1, np.float32), np.zeros(1, np.float32))
    count = len(FEATURES)
    means, scales = np.linspace(0, 1, count), np.linspace(1, 2, count)
    return ArticleHead(means, scales, np.full(count, 0.01), words, 2, fewest_words, Measured(right, 100, DATA))
