"""The linear family: TF-IDF and logistic regression for labels, an averaged perceptron for spans. numpy at scoring."""

from slantwise.linear.backend import WEIGHTS, LinearBackend

__all__ = ["WEIGHTS", "LinearBackend"]
