"""Training of the linear family."""

from slantwise_training.linear.train import TrainReport, train_linear

__all__ = ["TrainReport", "train_linear"]
