"""Files that are whole or absent: a temporary name beside the target, renamed when everything is written."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EXDEV
from pathlib import Path
from typing import Any

from slantwise.errors import AskedWrong, BadSpan, SlantwiseError
from slantwise.fields import json_value

__all__ = [
    "LOCK",
    "alone_at",
    "atomic_folder",
    "atomic_path",
    "check_target",
    "move_file",
    "read_json",
    "read_settings",
    "sha256_of",
    "write_json",
]

LOCK = ".lock"
"""The file that keeps a second process out of a folder."""
_BLOCK = 1 << 20
_LONGEST_SETTINGS = 16_000_000
"""Bytes of a file of settings: a hundred times the longest that was met."""


@contextmanager
def alone_at(folder: Path, name: str = LOCK) -> Iterator[None]:
    """Keep a second process from the same work in a folder. The lock goes with its process, however that ends.

    Args:
        folder: one that exists.
        name: of the file in it that is locked, and left there.

    Raises:
        AskedWrong: another process is at it.

    """
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    with (folder / name).open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            do = "wait for it, or stop it first"
            raise AskedWrong(f"to be alone at {folder}", "another process at the same work", do) from error
        except OSError:  # a file system without locks
            pass
        yield


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Yield an empty temporary file in the target's folder; it takes the target's name when the block ends well.

    On any exception the temporary file is removed and an existing target stays as it was. A symbolic link stays a
    link: the file it names is replaced. The mode of an existing file is kept. A device or a pipe (`/dev/null`) cannot
    be replaced and is yielded itself. The temporary name is hidden and ends in `.part`.

    Raises:
        AskedWrong: the folder does not exist, or the target is a folder.
        SlantwiseError: the target cannot be written.

    """
    asked, target = Path(path), Path(os.path.realpath(path))
    _check_target(asked, target)
    if target.exists() and not target.is_file():
        yield target
        return
    part = _part_of(target)
    try:
        with part.open("xb"):
            pass
        if target.exists():
            part.chmod(stat.S_IMODE(target.stat().st_mode))
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _unwritable(asked, error) from error
    try:
        yield part
        _flush(part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _flush_folder(target.parent)


@contextmanager
def atomic_folder(path: Path | str) -> Iterator[Path]:
    """Yield an empty temporary folder beside the target; it takes the target's name when the block ends well.

    An existing folder is replaced: it is moved aside first and removed last, so a crash between the two renames leaves
    both under hidden names ending in `.part`. On any exception the new folder is removed and the old one stays.

    Raises:
        AskedWrong: the parent folder does not exist, or the target is a file.
        SlantwiseError: the target cannot be written.

    """
    asked, target = Path(path), Path(os.path.realpath(path))
    if target.exists() and not target.is_dir():
        raise AskedWrong(f"a folder to write at {asked}", "a file", "name a folder")
    _check_parent(asked, target)
    part, old = _part_of(target), _part_of(target)
    try:
        part.mkdir()
    except OSError as error:
        raise _unwritable(asked, error) from error
    try:
        yield part
        for file in sorted(part.rglob("*")):
            if file.is_file():
                _flush(file)
        if target.exists():
            target.rename(old)
        try:
            part.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _flush_folder(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def check_target(path: Path | str) -> None:
    """Check that a file can be written, before the work whose result it is to hold.

    Raises:
        AskedWrong: the folder does not exist, or the target is a folder.
        SlantwiseError: the target, or its folder, is read-only.

    """
    asked, target = Path(path), Path(os.path.realpath(path))
    _check_target(asked, target)
    if not os.access(target.parent, os.W_OK):
        raise SlantwiseError(f"to write {asked}", "a read-only folder", "name a place you may write to")


def move_file(made: Path, path: Path | str) -> None:
    """Give a whole file its name, as `atomic_path` would: `made` lies beside or below the target and is gone after.

    Raises:
        SlantwiseError: the target cannot be written.

    """
    asked, target = Path(path), Path(os.path.realpath(path))
    try:
        if target.is_file():
            made.chmod(stat.S_IMODE(target.stat().st_mode))
        if target.exists() and not target.is_file():
            raise OSError(EXDEV, os.strerror(EXDEV))
        made.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        if error.errno != EXDEV:
            raise _unwritable(asked, error) from error
        # a link to another disk, a device or a pipe
        with atomic_path(asked) as part:
            shutil.copyfile(made, part)
        made.unlink()


def sha256_of(path: Path | str) -> str:
    """The sha256 of a file in hexadecimal, or of a folder.

    A folder's is taken over the lines `<sha256>  <relative path>` of its files in path order, hidden files left out.
    """
    path = Path(path)
    digest = hashlib.sha256()
    if path.is_dir():
        names = sorted(p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file())
        for name in names:
            if not any(part.startswith(".") for part in name.split("/")):
                digest.update(f"{sha256_of(path / name)}  {name}\n".encode())
        return digest.hexdigest()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def write_json(path: Path | str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Write a JSON value with two-space indents, atomically, UTF-8, keys in their own order. NaN is refused."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    with atomic_path(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def read_json(path: Path | str) -> Any:  # noqa: ANN401 - any JSON value
    """Read a JSON file.

    Raises:
        AskedWrong: no such file.
        SlantwiseError: not UTF-8, or not JSON; names the line.

    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise AskedWrong(f"a file at {path}", "none", "check the path") from error
    except json.JSONDecodeError as error:
        raise SlantwiseError(f"JSON in {path}", f"{error.msg} at line {error.lineno}", "correct the file") from error
    except UnicodeDecodeError as error:
        found = f"byte 0x{error.object[error.start]:02x} at byte offset {error.start}"
        raise SlantwiseError(f"UTF-8 text in {path}", found, "save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets a thousand deep
        raise SlantwiseError(f"JSON in {path}", str(error), "correct the file") from error


def read_settings(path: Path | str, longest: int = _LONGEST_SETTINGS, do: str = "copy the whole folder again") -> Any:  # noqa: ANN401 - any JSON value
    """Read a JSON file that somebody else may have written: of so many bytes at most, no key twice, no NaN or infinity.

    Args:
        path: the file.
        longest: how many bytes it may have.
        do: what to do about another file.

    Raises:
        AskedWrong: no such file.
        SlantwiseError: it is something else.

    """
    try:
        with Path(path).open("rb") as file:
            # an empty one is not read from: files that the system makes up may never end
            data = file.read(longest + 1) if os.fstat(file.fileno()).st_size else b""
    except FileNotFoundError as error:
        raise AskedWrong(f"a file at {path}", "none", "check the path") from error
    except OSError as error:
        raise SlantwiseError(f"to read {path}", error.strerror or str(error), "check its permissions") from error
    if not data or len(data) > longest:
        found = f"more than {longest // 1_000_000} MB" if data else "an empty file"
        raise SlantwiseError(f"JSON in {path}", found, do)
    try:
        return json_value(data.removeprefix(b"\xef\xbb\xbf"))
    except BadSpan as error:
        raise SlantwiseError(f"{error.expected} in {path}", error.found, do) from None


def _check_target(asked: Path, target: Path) -> None:
    if target.is_dir():
        raise AskedWrong(f"a file to write at {asked}", "a folder", "name a file inside it")
    _check_parent(asked, target)
    if target.exists() and not os.access(target, os.W_OK):
        raise SlantwiseError(f"to write {asked}", "a read-only file", "make it writable or name another file")


def _check_parent(asked: Path, target: Path) -> None:
    if not target.parent.is_dir():
        found = "a file there" if target.parent.exists() else "no such folder"
        raise AskedWrong(f"a folder {asked.parent} to write {asked.name} in", found, "create the folder first")


def _part_of(target: Path) -> Path:
    """A fresh hidden name; cut so that it stays within 255 bytes whatever the target's length."""
    return target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")


def _unwritable(asked: Path, error: OSError) -> SlantwiseError:
    return SlantwiseError(f"to write {asked}", error.strerror or str(error), "name a place you may write to")


def _flush(file: Path) -> None:
    """Wait until the file's bytes are on the disk, so that the rename never outlives its contents."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last. Some systems cannot sync folders; the rename is then as good as they make it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
