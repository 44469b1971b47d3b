"""The encoder family: one transformer encoder as int8 ONNX, a head per task and layer. onnxruntime at scoring."""

from slantwise.encoder.backend import FILES, EncoderBackend
from slantwise.encoder.calibration import Calibration, Line

__all__ = ["FILES", "Calibration", "EncoderBackend", "Line"]
