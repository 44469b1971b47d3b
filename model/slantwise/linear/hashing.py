"""CRC-32 of many strings at once, put together from the CRC-32 of their parts.

A feature is a short prefix and a few words. A batch has few different words, so each is hashed once, and a feature's
hash comes from those of its parts by the rule of zlib's `crc32_combine`: with S(n) the effect of n more zero bytes,
crc(a + b) = S(len b)(crc a) xor crc b. S(n) is linear over bits, hence four tables of 256 entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = ["Hashed", "hash_features", "joined"]

_POLYNOMIAL = 0xEDB88320
_SHORT = 64
"""Sizes below this share one array of tables."""


@dataclass(frozen=True, slots=True)
class Hashed:
    """Strings by their hash and their size in bytes, two arrays of one shape."""

    crcs: NDArray[np.uint32]
    sizes: NDArray[np.intp]

    @classmethod
    def of(cls, strings: Sequence[str]) -> Hashed:
        """Hash each string."""
        data = [_bytes(string) for string in strings]
        return cls(np.array([crc32(d) for d in data], dtype=np.uint32), np.array([len(d) for d in data], dtype=np.intp))

    def __getitem__(self, index: NDArray[np.intp] | slice) -> Hashed:
        return Hashed(self.crcs[index], self.sizes[index])


def hash_features(features: Iterable[str]) -> NDArray[np.uint32]:
    """CRC-32 of each feature's UTF-8: a vocabulary is then a sorted array of numbers, the same on every machine."""
    return np.fromiter((crc32(f.encode("utf-8", "surrogatepass")) for f in features), dtype=np.uint32)


def joined(*parts: str | Hashed) -> Hashed:
    """Hash what the parts make when joined, element by element; a plain string is the same in every element.

    Arrays must have one shape. `joined("w=", Hashed.of(words)).crcs` equals `hash_features("w=" + w for w in words)`.
    """
    whole = Hashed(np.zeros((), np.uint32), np.zeros((), np.intp))
    for part in parts:
        if isinstance(part, str):
            data = _bytes(part)
            part = Hashed(np.array(crc32(data), np.uint32), np.array(len(data), np.intp))
        whole = Hashed(_shifted(whole.crcs, part.sizes) ^ part.crcs, whole.sizes + part.sizes)
    return whole


def _bytes(string: str) -> bytes:
    return string.encode("utf-8", "surrogatepass")


def _shifted(crcs: NDArray[np.uint32], sizes: NDArray[np.intp]) -> NDArray[np.uint32]:
    """S(size)(crc) of each pair."""
    if not sizes.size or int(sizes.max()) < _SHORT:
        tables, at = _short_tables(), sizes
    else:
        found, at = np.unique(sizes, return_inverse=True)
        tables, at = np.stack([_table(int(n)) for n in found]), at.reshape(sizes.shape)
    flat, start = tables.reshape(-1), at * 1024
    out = flat.take(start + (crcs & 255))
    for k in (1, 2, 3):
        out ^= flat.take(start + (((crcs >> np.uint32(8 * k)) & 255) + np.uint32(256 * k)))
    return out


@cache
def _short_tables() -> NDArray[np.uint32]:
    return np.stack([_table(n) for n in range(_SHORT)])


@lru_cache(maxsize=1024)
def _table(size: int) -> NDArray[np.uint32]:
    """S(size) of every byte at every place in the hash, shape (4, 256); by doubling."""
    values = np.arange(256, dtype=np.uint32)
    if size == 0:
        return np.stack([values << np.uint32(8 * k) for k in range(4)])
    if size == 1:
        first = values.copy()
        for _ in range(8):
            first = np.where(first & 1, (first >> np.uint32(1)) ^ np.uint32(_POLYNOMIAL), first >> np.uint32(1))
        return np.stack((first, *(values << np.uint32(8 * k) for k in range(3))))
    half = _table(size // 2)
    twice = _applied(half, half)
    return _applied(_table(1), twice) if size % 2 else twice


def _applied(table: NDArray[np.uint32], crcs: NDArray[np.uint32]) -> NDArray[np.uint32]:
    parts = [table[k][(crcs >> np.uint32(8 * k)) & 255] for k in range(4)]
    return np.asarray(parts[0] ^ parts[1] ^ parts[2] ^ parts[3])
