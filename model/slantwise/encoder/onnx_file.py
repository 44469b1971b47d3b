"""What an ONNX file may hold to be loaded: standard operators over weights of its own, and nothing that reaches out.

The file is walked in protocol buffers' wire format, so that scoring needs no onnx package. Field numbers are those of
onnx.proto (ONNX 1.x), which never change.
"""

from __future__ import annotations

from collections.abc import Iterator

from slantwise.errors import SlantwiseError

__all__ = ["check_network_file"]

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_DOMAINS = (b"", b"ai.onnx")
_DEPTH = 8
_MOST_FIELDS = 1_000_000
"""Walking more takes minutes; the largest encoders have a hundred thousand, their weights being one field each."""
_ENDLESS = (b"Loop", b"Scan", b"SequenceMap")
_DO = "do not use it: get the model anew from a source you trust"


def check_network_file(data: bytes, name: str) -> None:
    """Refuse a network that names files outside itself, operators outside the ONNX standard, or loops.

    Args:
        data: the whole file.
        name: what messages call it.

    Raises:
        SlantwiseError: weights lie in another file, an operator is not standard or repeats others, functions are
            defined, the file is no ONNX.
    """
    try:
        graphs, left = 0, [_MOST_FIELDS]
        for field, value in _fields(memoryview(data), left):
            if field == 8:  # ModelProto.opset_import
                _check_domain(dict(_fields(value, left)).get(1, memoryview(b"")), name)
            elif field in (20, 25):  # training_info, functions
                raise SlantwiseError(f"a plain network in {name}", "functions or training code in it", _DO)
            elif field == 7:  # graph
                graphs += 1
                _check_graph(value, name, 0, left)
        if graphs != 1:
            raise ValueError("no graph")
    except (ValueError, IndexError, TypeError) as error:
        found = f"something else ({error})"
        raise SlantwiseError(f"an ONNX network in {name}", found, "copy the model folder again") from error


def _check_graph(graph: memoryview, name: str, depth: int, left: list[int]) -> None:
    if depth > _DEPTH:
        raise SlantwiseError(f"a plain network in {name}", "graphs within graphs within graphs", _DO)
    for field, value in _fields(graph, left):
        if field == 1:  # node
            for part, content in _fields(value, left):
                if part == 4 and bytes(content) in _ENDLESS:  # op_type
                    raise SlantwiseError(f"a network without loops in {name}", bytes(content).decode(), _DO)
                if part == 7:  # domain
                    _check_domain(content, name)
                elif part == 5:  # attribute
                    _check_attribute(content, name, depth, left)
        elif field == 5:  # initializer
            _check_tensor(value, name, left)
        elif field == 15:  # sparse_initializer: few bytes, and a tensor of any size
            raise _sparse(name)


def _check_attribute(attribute: memoryview, name: str, depth: int, left: list[int]) -> None:
    for field, value in _fields(attribute, left):
        if field in (5, 10):  # t, tensors
            _check_tensor(value, name, left)
        elif field in (6, 11):  # g, graphs
            _check_graph(value, name, depth + 1, left)
        elif field in (22, 23):  # sparse_tensor, sparse_tensors
            raise _sparse(name)


def _check_tensor(tensor: memoryview, name: str, left: list[int]) -> None:
    for field, value in _fields(tensor, left):
        if field == 13 or (field == 14 and any(value)):  # external_data, data_location
            raise SlantwiseError(f"all weights inside {name}", "weights in another file", _DO)


def _check_domain(domain: memoryview, name: str) -> None:
    if bytes(domain) not in _DOMAINS:
        found = f"operators of {bytes(domain).decode('utf-8', 'replace')[:60]!r}"
        raise SlantwiseError(f"standard ONNX operators in {name}", found, _DO)


def _sparse(name: str) -> SlantwiseError:
    return SlantwiseError(f"plain weights in {name}", "sparse ones", _DO)


def _fields(data: memoryview, left: list[int]) -> Iterator[tuple[int, memoryview]]:
    """The fields of a message: number and content. A varint's content is its bytes, most of them one.

    `left` holds how many more fields the whole file may have.
    """
    at, end = 0, len(data)
    while at < end:
        left[0] -= 1
        if left[0] < 0:
            raise ValueError(f"more than {_MOST_FIELDS} fields")
        key, at = _varint(data, at)
        if key >> 32:
            # some readers drop the upper bits and find a field that we would not
            raise ValueError("a field number of more than 29 bits")
        number, kind = key >> 3, key & 7
        start = at
        if kind == _VARINT:
            _, at = _varint(data, at)
        elif kind == _BYTES:
            size, start = _varint(data, at)
            at = start + size
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"wire type {kind}")
        if at > end:
            raise ValueError("a field beyond the file's end")
        yield number, data[start:at]


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number of more than 64 bits")
