"""From what the user named (files, folders, quoted globs, `-`) to the list of files to read."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.formats.compression import Compression

__all__ = ["Format", "InputFile", "Inputs", "find_inputs", "format_of"]


class Format(StrEnum):
    """What a file holds; the value is its usual suffix without the dot."""

    TEXT = "txt"
    MARKDOWN = "md"
    HTML = "html"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    PARQUET = "parquet"

    @property
    def is_table(self) -> bool:
        """Whether a file holds many articles, one a row."""
        return self in {Format.JSONL, Format.CSV, Format.TSV, Format.PARQUET}


_SUFFIXES = {f".{each}": each for each in Format} | {
    ".markdown": Format.MARKDOWN,
    ".htm": Format.HTML,
    ".ndjson": Format.JSONL,
}


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read; `path` is None for standard input.

    `name` is the id of its article, or what the ids of its rows start with: the file name without its suffixes, or the
    path below the inputs' common folder where two files would share a name.
    """

    path: Path | None
    name: str
    format: Format
    compression: Compression | None = None

    @property
    def origin(self) -> str:
        """What messages call it."""
        return "stdin" if self.path is None else str(self.path)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files to read, in order, and those of folders and globs that are no articles by their suffix."""

    files: tuple[InputFile, ...]
    skipped: tuple[Path, ...]


def format_of(path: Path) -> tuple[Format | None, Compression | None, str]:
    """A file's format and packing by its suffixes (case ignored), and its name without them."""
    name, compression = path.name, None
    for each in Compression:
        if name.lower().endswith(f".{each}"):
            name, compression = name[: -len(each) - 1], each
            break
    stem, suffix = os.path.splitext(name)
    return _SUFFIXES.get(suffix.lower()), compression, stem


def find_inputs(inputs: Sequence[str], stdin_format: Format = Format.TEXT, leave_out: Collection[Path] = ()) -> Inputs:
    """Find the files that the inputs name.

    A folder is read with its sub-folders in name order; hidden files are left out, linked folders are followed once.
    Folders and globs leave READMEs out, which describe articles and are none.
    A glob (`*`, `?`, `[...]`, `**` for any depth) names files, never folders. A file that is named twice, also through
    a link, is read once. Files of `leave_out`, or below one of its folders, are passed over in silence.

    Raises:
        AskedWrong: no input, a missing file, one that is to be left out by its name, a suffix that is not known, a
            folder or glob without articles, `-` twice.

    """
    if not inputs:
        raise AskedWrong("a file, a folder, a glob or -", "nothing", "name what to read")
    files: dict[str, InputFile] = {}
    skipped: list[Path] = []
    ours = {os.path.realpath(path) for path in leave_out}
    for item in inputs:
        if item == "-":
            if "-" in files:
                raise AskedWrong("- once", "it twice", "name standard input once")
            files["-"] = InputFile(None, "stdin", stdin_format)
            continue
        found = _expand(item)
        if found.by_name and _input_file(found.paths[0]) is None:
            raise AskedWrong(_known(), item, "rename it, or pipe its text to `-`")
        paths = [path for path in found.paths if not ours or not _is_among(path, ours)]
        if found.by_name and not paths:
            raise AskedWrong("inputs that are not written to", f"{item} among both", "name another output")
        articles = [file for path in paths if (file := _input_file(path))]
        if not articles:
            raise AskedWrong(f"articles in {item} ({_known()})", "none", "check the folder or pattern")
        for file in articles:
            files.setdefault(os.path.realpath(file.origin), file)
        skipped += [path for path in paths if _input_file(path) is None]
    return Inputs(_named_apart(list(files.values())), tuple(skipped))


@dataclass(frozen=True, slots=True)
class _Found:
    """Paths for one input; `by_name`: the input is the file's own name, so that an odd suffix is a mistake."""

    paths: list[Path]
    by_name: bool


def _expand(item: str) -> _Found:
    path = Path(item).expanduser() if item.startswith("~/") else Path(item)
    if path.is_dir():
        return _Found(list(_walk(path)), by_name=False)
    if path.exists():
        return _Found([path], by_name=True)
    if not glob.has_magic(item):
        raise AskedWrong(f"a file or folder at {item}", "none", "check the path")
    paths = _match_deep(path) if "**" in path.parts else [Path(each) for each in sorted(glob.glob(str(path)))]
    return _Found([each for each in paths if not each.is_dir() and not _is_readme(each.name)], by_name=False)


def _is_among(path: Path, places: Collection[str]) -> bool:
    """Whether a path is one of the places, or below one."""
    real = os.path.realpath(path)
    return any(real == each or real.startswith(each + os.sep) for each in places)


def _input_file(path: Path) -> InputFile | None:
    format_, compression, stem = format_of(path)
    return InputFile(path, stem, format_, compression) if format_ is not None and path.is_file() else None


def _match_deep(pattern: Path) -> list[Path]:
    """Match a pattern with `**`. Python's own glob walks round and round in linked folders."""
    first = next(i for i, part in enumerate(pattern.parts) if glob.has_magic(part))
    base, wanted = Path(*pattern.parts[:first]), pattern.parts[first:]
    if not base.is_dir():
        return []
    return [path for path in _walk(base) if _matches(path.relative_to(base).parts, wanted)]


def _matches(parts: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    if not wanted:
        return not parts
    if wanted[0] == "**":
        return any(_matches(parts[i:], wanted[1:]) for i in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], wanted[0]) and _matches(parts[1:], wanted[1:])


def _walk(folder: Path, seen: set[str] | None = None) -> Iterator[Path]:
    """The files below a folder in name order, hidden ones and READMEs left out, each real folder entered once."""
    seen = set() if seen is None else seen
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        found = error.strerror or str(error)
        raise SlantwiseError(f"to read the folder {folder}", found, "check its permissions") from error
    for name in names:
        if name.startswith(".") or _is_readme(name):
            continue
        path = folder / name
        if path.is_dir():
            yield from _walk(path, seen)
        else:
            yield path


def _is_readme(name: str) -> bool:
    return name.partition(".")[0] == "README"


def _named_apart(files: list[InputFile]) -> tuple[InputFile, ...]:
    """Give files whose names clash their path below the folder that all files share."""
    count = Counter(file.name for file in files)
    if len(count) == len(files):
        return tuple(files)
    folders = [os.path.dirname(os.path.abspath(file.path)) for file in files if file.path]
    try:
        common = Path(os.path.commonpath(folders))
    except ValueError:  # two drives have no folder in common
        common = Path()
    return tuple(
        replace(file, name=_below(common, file.path)) if file.path and count[file.name] > 1 else file for file in files
    )


def _below(folder: Path, path: Path) -> str:
    absolute = Path(os.path.abspath(path))
    return (absolute.relative_to(folder) if folder.is_absolute() else absolute).as_posix()


def _known() -> str:
    return f"a file ending in {' '.join(_SUFFIXES)}, or with .gz or .zst after it"
