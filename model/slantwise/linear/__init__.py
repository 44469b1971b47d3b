"""The linear family: TF-IDF and logistic regression for labels, an averaged perceptron for spans. numpy at scoring."""

from slantwise.linear.backend import LinearBackend

__all__ = ["LinearBackend"]
