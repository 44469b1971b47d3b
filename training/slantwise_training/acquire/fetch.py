"""Download a corpus by its pinned addresses, and keep only what has the pinned checksum."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise_training.acquire.status import FileState, file_state, sha256_of
from slantwise_training.corpora.manifest import CorpusFile, find_corpus

__all__ = ["FetchProgress", "FetchReport", "FetchedWrong", "fetch"]

TIMEOUT_S = 60
CHUNK_BYTES = 1 << 16


class FetchedWrong(SlantwiseError):
    """A file could not be had, or is not the one that was pinned. What was fetched before it is kept."""


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """A file is done: `path` is below the corpus folder, `done` of `total` files are there, `bytes` is its size."""

    path: str
    done: int
    total: int
    bytes: int


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What a fetch did: files downloaded, files that were there already, and the bytes downloaded."""

    corpus: str
    folder: Path
    fetched: tuple[str, ...]
    kept: tuple[str, ...]
    bytes: int


def fetch(
    name: str,
    into: Path,
    *,
    base_url: str | None = None,
    progress: Callable[[FetchProgress], None] | None = None,
) -> FetchReport:
    """Download every file of a corpus that is not there with the right checksum, so that a second call resumes.

    A file appears under its name only when it is whole and right. An altered one is replaced.

    Args:
        name: a name of the manifest.
        into: the folder that holds the corpora.
        base_url: scheme and host (and a path before theirs) to use instead of the addresses' own: a mirror or proxy.
        progress: called after each file.

    Raises:
        AskedWrong: no such corpus, or it needs files that were prepared from others and cannot be downloaded.
        FetchedWrong: no connection, no such file, or another checksum.

    """
    corpus = find_corpus(name)
    folder = into / corpus.folder
    states = {file.path: file_state(folder, file) for file in corpus.files}
    wanted = [file for file in corpus.files if states[file.path] is not FileState.RIGHT]
    _refuse_prepared(name, wanted)
    kept = tuple(file.path for file in corpus.files if states[file.path] is FileState.RIGHT)
    size = 0
    for number, file in enumerate(wanted, 1):
        downloaded = _fetch_file(file, folder / file.path, base_url)
        size += downloaded
        if progress is not None:
            progress(FetchProgress(file.path, len(kept) + number, len(corpus.files), downloaded))
    return FetchReport(name, folder, tuple(file.path for file in wanted), kept, size)


def _refuse_prepared(name: str, wanted: list[CorpusFile]) -> None:
    prepared = [file.path for file in wanted if file.url is None]
    if prepared:
        listed = ", ".join(prepared[:3]) + (f" and {len(prepared) - 3} more" if len(prepared) > 3 else "")
        raise AskedWrong(
            f"files of {name} that have an address",
            f"some that were prepared from others: {listed}",
            "bring the corpora folder that holds them with `--from FOLDER`",
        )


def _fetch_file(file: CorpusFile, path: Path, base_url: str | None) -> int:
    """Download to a temporary name beside `path`, check, rename; return the size in bytes."""
    assert file.url is not None
    url = file.url if base_url is None else base_url.rstrip("/") + urlsplit(file.url).path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _download(url, part)
        found = sha256_of(part)
        if found != file.sha256:
            raise FetchedWrong(
                f"sha256 {file.sha256} of {url}",
                f"sha256 {found} ({part.stat().st_size} bytes)",
                "fetch again; if it stays so, the file was changed upstream: bring a right copy with `--from FOLDER`",
            )
        size = part.stat().st_size
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return size


def _download(url: str, path: Path) -> None:
    try:
        import pooch
    except ImportError as error:
        raise AskedWrong("pooch, which downloads", "no such package", "run `pip install 'slantwise[train]'`") from error
    import requests

    downloader = pooch.HTTPDownloader(timeout=TIMEOUT_S, chunk_size=CHUNK_BYTES)
    try:
        downloader(url, str(path), None)
    except requests.HTTPError as error:
        answer = error.response
        assert answer is not None  # raise_for_status gives it
        raise FetchedWrong(
            f"the file {url}",
            f"the answer {answer.status_code} {answer.reason}",
            "see whether the repository has moved; otherwise bring the file with `--from FOLDER`",
        ) from error
    except requests.RequestException as error:
        raise FetchedWrong(
            f"an answer from {urlsplit(url).netloc}",
            f"{type(error).__name__}: no whole answer",
            "check the network and fetch again: files that are already right are kept",
        ) from error
