"""Atomic writes with real full disks, real read-only folders and real links."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from readiness_tui.errors import SessionError
from readiness_tui.store import atomic

NOBODY = 65534


def leftovers(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.endswith(".tmp")]


def test_the_new_text_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"old")
    path.chmod(0o644)
    before = path.stat().st_ino
    atomic.write(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_ino != before  # another file, so a reader of the old one goes on undisturbed
    assert leftovers(tmp_path) == []


@pytest.mark.needs("root")
def test_a_full_disk_leaves_the_old_text(small_disk: Path) -> None:
    path = small_disk / "a.toml"
    atomic.write(path, b"old" * 100)
    (small_disk / "ballast").write_bytes(b"x" * 40_000)
    with pytest.raises(SessionError, match="cannot write: the disk is full") as caught:
        atomic.write(path, b"n" * 50_000)
    assert caught.value.where == str(path)
    assert caught.value.hint == "free some space"
    assert path.read_bytes() == b"old" * 100
    assert leftovers(small_disk) == []
    (small_disk / "ballast").unlink()
    atomic.write(path, b"n" * 20_000)
    assert path.read_bytes() == b"n" * 20_000


@pytest.mark.needs("root")
def test_a_read_only_file_system_says_so(small_disk: Path) -> None:
    path = small_disk / "a.toml"
    atomic.write(path, b"old")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(SessionError, match="the file system is read-only"):
        atomic.write(path, b"new")
    with pytest.raises(SessionError, match="the file system is read-only"):
        atomic.make_folder(small_disk / "x")
    assert path.read_bytes() == b"old"


def test_a_folder_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="the file or its folder does not exist"):
        atomic.write(tmp_path / "gone" / "a.toml", b"x")


def test_a_folder_in_the_files_place_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()
    with pytest.raises(SessionError, match="a folder has the name of the file"):
        atomic.write(tmp_path / "a.toml", b"x")
    assert leftovers(tmp_path) == []


def test_a_file_in_a_folders_place_says_so(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(SessionError, match="a part of the path is not a folder"):
        atomic.make_folder(tmp_path / "a" / "b")
    with pytest.raises(SessionError, match="cannot make the folder"):
        atomic.make_folder(tmp_path / "a")


def test_a_link_is_neither_followed_nor_replaced(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"theirs")
    link = tmp_path / "a.toml"
    link.symlink_to(outside)
    with pytest.raises(SessionError, match="the file is a symbolic link"):
        atomic.write(link, b"ours")
    assert outside.read_bytes() == b"theirs"
    assert link.is_symlink()


@pytest.mark.needs("root")
def test_a_folder_of_someone_else_says_so() -> None:
    with TemporaryDirectory() as name:
        path = Path(name) / "a.toml"
        atomic.write(path, b"old")
        Path(name).chmod(0o755)
        os.seteuid(NOBODY)
        try:
            with pytest.raises(SessionError, match="cannot write: permission denied"):
                atomic.write(path, b"new")
        finally:
            os.seteuid(0)
        assert path.read_bytes() == b"old"


def test_a_refusal_names_place_cause_and_way_out(tmp_path: Path) -> None:
    error = atomic.refusal(PermissionError(errno.EACCES, "Permission denied"), tmp_path, "read")
    assert str(error).startswith(f"{tmp_path}: cannot read: permission denied\n  hint: check who owns")


def test_an_unforeseen_error_keeps_the_systems_words(tmp_path: Path) -> None:
    assert (
        "Stale file handle"
        in atomic.refusal(OSError(errno.ESTALE, "Stale file handle"), tmp_path, "read").message
    )


def test_folders_are_private(tmp_path: Path) -> None:
    atomic.make_folder(tmp_path / "a" / "b")
    atomic.make_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_only_leftovers_of_the_dead_are_swept(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    dead = tmp_path / f".a.toml.{gone.pid}-0123abcd.tmp"
    alive = tmp_path / f".a.toml.{os.getpid()}-0123abcd.tmp"
    other = tmp_path / ".a.toml.tmp"
    for path in (dead, alive, other):
        path.write_text("x")
    atomic.sweep(tmp_path)
    assert sorted(os.listdir(tmp_path)) == sorted([alive.name, other.name])
    atomic.sweep(tmp_path / "gone")
