"""Files appear whole or not at all."""

import hashlib
import os
import stat
from pathlib import Path

import pytest

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.files import atomic_folder, atomic_path, read_json, sha256_of, write_json


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def stop_halfway(part: Path, error: type[BaseException] | BaseException) -> None:
    part.write_text("half")
    raise error


def test_target_appears_only_at_the_end(tmp_path):
    target = tmp_path / "out.txt"
    with atomic_path(target) as part:
        assert part.parent == tmp_path
        assert part.name.startswith(".")
        assert part.suffix == ".part"
        part.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole"
    assert names(tmp_path) == ["out.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_exception_leaves_the_old_file_and_no_rest(tmp_path, error):
    target = tmp_path / "out.txt"
    target.write_text("old")
    with pytest.raises(error), atomic_path(target) as part:
        stop_halfway(part, error)
    assert target.read_text() == "old"
    assert names(tmp_path) == ["out.txt"]


def test_mode_and_link_of_an_existing_file_are_kept(tmp_path):
    real = tmp_path / "real.txt"
    real.write_text("old")
    real.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    with atomic_path(link) as part:
        part.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_new_file_has_the_usual_mode(tmp_path):
    (tmp_path / "usual").touch()
    with atomic_path(tmp_path / "new"):
        pass
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_device_is_written_not_replaced():
    with atomic_path("/dev/null") as part:
        part.write_text("gone")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_long_name_still_has_room_for_the_temporary_one(tmp_path):
    target = tmp_path / ("é" * 125 + ".json")
    with atomic_path(target) as part:
        part.write_text("x")
    assert target.read_text() == "x"


def test_targets_that_cannot_be(tmp_path):
    (tmp_path / "file").touch()
    for target, found in [
        (tmp_path, "a folder"),
        (tmp_path / "no" / "out.json", "no such folder"),
        (tmp_path / "file" / "out.json", "a file there"),
    ]:
        with pytest.raises(AskedWrong) as caught, atomic_path(target):
            pytest.fail("the block must not run")
        assert caught.value.found == found
        assert caught.value.exit_code == 2


def test_an_unwritable_folder_is_one_clear_error(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SlantwiseError) as caught, atomic_path(tmp_path / "out.json"):
        pytest.fail("the block must not run")
    assert caught.value.found == "Permission denied"
    assert caught.value.exit_code == 1


def test_a_read_only_file_is_not_replaced(tmp_path, monkeypatch):
    target = tmp_path / "out.json"
    target.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anything, so say that it may not
    with pytest.raises(SlantwiseError, match="read-only"), atomic_path(target):
        pytest.fail("the block must not run")
    assert target.read_text() == "old"


def test_a_folder_replaces_the_old_one_whole(tmp_path):
    target = tmp_path / "model"
    target.mkdir()
    (target / "stale.json").touch()
    with atomic_folder(target) as part:
        (part / "config.json").write_text("{}")
        assert names(target) == ["stale.json"]
    assert names(target) == ["config.json"]
    assert names(tmp_path) == ["model"]


def test_a_failed_folder_leaves_the_old_one(tmp_path):
    target = tmp_path / "model"
    target.mkdir()
    (target / "config.json").write_text("old")
    with pytest.raises(ValueError, match="stop"), atomic_folder(target) as part:
        stop_halfway(part / "config.json", ValueError("stop"))
    assert (target / "config.json").read_text() == "old"
    assert names(tmp_path) == ["model"]


def test_a_folder_cannot_take_a_files_name(tmp_path):
    (tmp_path / "model").touch()
    with pytest.raises(AskedWrong, match="a file"), atomic_folder(tmp_path / "model"):
        pytest.fail("the block must not run")


def test_sha256_of_a_file_and_of_a_folder(tmp_path):
    (tmp_path / "b").write_bytes(b"two")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "c").write_bytes(b"one")
    one, two = hashlib.sha256(b"one").hexdigest(), hashlib.sha256(b"two").hexdigest()
    assert sha256_of(tmp_path / "b") == two
    whole = hashlib.sha256(f"{one}  a/c\n{two}  b\n".encode()).hexdigest()
    assert sha256_of(tmp_path) == whole
    (tmp_path / ".hidden").touch()
    assert sha256_of(tmp_path) == whole
    (tmp_path / "b").rename(tmp_path / "d")
    assert sha256_of(tmp_path) != whole


def test_json_goes_out_and_comes_back(tmp_path):
    value = {"b": "Ünïcode 🙂", "a": [1, 2.5, None]}
    write_json(tmp_path / "x.json", value)
    assert list(read_json(tmp_path / "x.json")) == ["b", "a"]
    assert read_json(tmp_path / "x.json") == value
    assert "🙂" in (tmp_path / "x.json").read_text(encoding="utf-8")


def test_nan_is_refused_and_leaves_the_file(tmp_path):
    write_json(tmp_path / "x.json", 1)
    with pytest.raises(ValueError, match="Out of range"):
        write_json(tmp_path / "x.json", float("nan"))
    assert read_json(tmp_path / "x.json") == 1


def test_bad_json_names_the_line(tmp_path):
    (tmp_path / "x.json").write_text('{\n"a": }')
    with pytest.raises(SlantwiseError, match="at line 2"):
        read_json(tmp_path / "x.json")
    (tmp_path / "y.json").write_bytes(b'"\x93"')
    with pytest.raises(SlantwiseError, match="byte 0x93 at byte offset 1"):
        read_json(tmp_path / "y.json")
    with pytest.raises(AskedWrong):
        read_json(tmp_path / "z.json")
