"""What of a corpus is on this disk, and whether it is what the manifest pins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path

from slantwise_training.corpora.manifest import Corpus, CorpusFile, find_corpus

__all__ = ["CorpusStatus", "FileState", "Presence", "corpus_status", "file_state", "sha256_of"]


class FileState(StrEnum):
    """One file on disk against its checksum."""

    RIGHT = "right"
    MISSING = "missing"
    ALTERED = "altered"


class Presence(StrEnum):
    """A whole corpus on disk; altered outweighs incomplete."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    ALTERED = "altered"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    """A corpus in one folder: paths are below it, `bytes` is the size of its listed files that are there.

    `verified` is false where only the files' existence was looked at; `altered` is empty then.
    """

    corpus: str
    folder: Path
    files: int
    missing: tuple[str, ...]
    altered: tuple[str, ...]
    bytes: int
    verified: bool

    @property
    def presence(self) -> Presence:
        """The status in one word."""
        if self.altered:
            return Presence.ALTERED
        if not self.missing:
            return Presence.COMPLETE
        return Presence.ABSENT if len(self.missing) == self.files else Presence.INCOMPLETE

    @property
    def summary(self) -> str:
        """The status in a few words: "complete", "absent" or, say, "altered 1, missing 2 of 8 files"."""
        if self.presence in (Presence.COMPLETE, Presence.ABSENT):
            return str(self.presence)
        counts = (("altered", len(self.altered)), ("missing", len(self.missing)))
        return ", ".join(f"{word} {count}" for word, count in counts if count) + f" of {self.files} files"


def corpus_status(name: str, root: Path, *, verify: bool = True) -> CorpusStatus:
    """Look for a corpus's files.

    Args:
        name: a name of the manifest.
        root: the folder that holds the corpora.
        verify: compare checksums, which reads every byte; without, a file that is there counts as right.

    Raises:
        AskedWrong: no such corpus.

    """
    corpus = find_corpus(name)
    folder = root / corpus.folder
    states = {file.path: file_state(folder, file, verify=verify) for file in corpus.files}
    return CorpusStatus(
        corpus=name,
        folder=folder,
        files=len(corpus.files),
        missing=_in_state(states, FileState.MISSING),
        altered=_in_state(states, FileState.ALTERED),
        bytes=_size(corpus, folder),
        verified=verify,
    )


def file_state(folder: Path, file: CorpusFile, *, verify: bool = True) -> FileState:
    """Compare one file below `folder` with its checksum."""
    path = folder / file.path
    if not path.is_file():
        return FileState.MISSING
    return FileState.RIGHT if not verify or sha256_of(path) == file.sha256 else FileState.ALTERED


def sha256_of(path: Path) -> str:
    """The file's sha256 in hexadecimal digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _in_state(states: dict[str, FileState], wanted: FileState) -> tuple[str, ...]:
    return tuple(path for path, state in states.items() if state is wanted)


def _size(corpus: Corpus, folder: Path) -> int:
    paths = (folder / file.path for file in corpus.files)
    return sum(path.stat().st_size for path in paths if path.is_file())
