"""The corpora manifest: where each public corpus comes from, what may be done with it, what was published on it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from slantwise.errors import AskedWrong

__all__ = ["Corpus", "CorpusFile", "Published", "Weights", "find_corpus", "load_manifest"]


class Weights(StrEnum):
    """Whether a corpus may train weights that ship."""

    YES = "yes"
    """Its licence allows it."""
    OPEN = "open"
    """No licence is stated; posted publicly for research. Allowed, and listed in the model card."""
    NO = "no"
    """Non-commercial, copyleft or gated terms: research recipes and evaluation only."""


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file of a corpus: its path below the corpus folder, checksum, and pinned address.

    `url` is None for files that were prepared from others and have no address of their own.
    """

    path: str
    sha256: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """A number somebody printed (or, as a floor, that we measured with a simple method) on one split."""

    system: str
    split: str
    metric: str
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """One corpus of the manifest. `splits` counts records; `classes` counts labels or span labels per split."""

    name: str
    title: str
    reader: str
    folder: str
    repository: str
    commit: str
    licence: str
    weights: Weights
    lenses: tuple[str, ...]
    note: str = ""
    url: str | None = None
    splits: dict[str, int] = field(default_factory=dict)
    classes: dict[str, dict[str, int]] = field(default_factory=dict)
    published: tuple[Published, ...] = ()
    floor: tuple[Published, ...] = ()
    files: tuple[CorpusFile, ...] = ()


def find_corpus(name: str) -> Corpus:
    """The corpus with this name.

    Raises:
        AskedWrong: no such corpus; the message lists the names.

    """
    corpora = load_manifest()
    if name not in corpora:
        raise AskedWrong(f"a corpus of the manifest ({', '.join(corpora)})", repr(name), "see `slantwise data list`")
    return corpora[name]


@cache
def load_manifest() -> dict[str, Corpus]:
    """All corpora of the manifest by name, in its order."""
    folder = _data_folder()
    raw = tomllib.loads((folder / "corpora.toml").read_text(encoding="utf-8"))
    return {name: _corpus(name, entry, folder / "checksums") for name, entry in raw.items()}


def _data_folder() -> Path:
    """Inside the wheel the manifest lies beside this module; in a checkout, in the top-level data folder."""
    packed = Path(__file__).parent / "data"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "data"


def _corpus(name: str, entry: dict[str, Any], checksums: Path) -> Corpus:
    rows = {kind: tuple(Published(**row) for row in entry.pop(kind, ())) for kind in ("published", "floor")}
    url = entry.get("url")
    return Corpus(
        name=name,
        weights=Weights(entry.pop("weights")),
        lenses=tuple(entry.pop("lenses")),
        files=tuple(_files(checksums / f"{entry.pop('checksums', name)}.sha256", url)),
        published=rows["published"],
        floor=rows["floor"],
        **entry,
    )


def _files(path: Path, url: str | None) -> list[CorpusFile]:
    """Read a `sha256sum` listing: a checksum, two spaces, a path (after ` <- ` the upstream path where it differs)."""
    files = []
    for line in path.read_text(encoding="utf-8").splitlines():
        sha256, _, rest = line.partition("  ")
        here, _, upstream = rest.partition(" <- ")
        files.append(CorpusFile(here, sha256, _address(url, upstream or here)))
    return files


def _address(url: str | None, upstream: str) -> str | None:
    """A file from another repository than the corpus's own is listed with its whole address."""
    if upstream.startswith("https://"):
        return upstream
    return None if url is None or upstream == "prepared" else url + _quote(upstream)


def _quote(path: str) -> str:
    from urllib.parse import quote

    return quote(path)
