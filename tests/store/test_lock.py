"""One writer per launch, with real processes that really die."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import psutil
import pytest

import readiness_tui
from readiness_tui.errors import SessionError
from readiness_tui.store import lock

HOLDER = """
import sys
from pathlib import Path
from readiness_tui.store import lock
held = lock.acquire(Path(sys.argv[1]), sys.argv[2])
print("held", flush=True)
sys.stdin.read()
held.release()
"""


@contextmanager
def another(folder: Path, who: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the launch until its standard input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), who],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(readiness_tui.__file__).parents[1],
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def test_the_second_process_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    with another(tmp_path, "lee") as process:
        with pytest.raises(SessionError, match="the launch is already open: lee on ") as caught:
            lock.acquire(tmp_path, "ana")
        assert f"pid {process.pid}" in caught.value.message
        owner = lock.holder(tmp_path)
        assert owner is not None
        assert (owner.who, owner.pid, owner.host) == ("lee", process.pid, socket.gethostname())
        assert owner.alive


def test_once_released_it_can_be_held_again(tmp_path: Path) -> None:
    with another(tmp_path, "lee"):
        pass
    assert lock.holder(tmp_path) is None
    with lock.acquire(tmp_path, "ana") as held:
        assert held.taken_over is None
    with lock.acquire(tmp_path, "ana"):
        pass


def test_a_dead_owner_is_taken_over_and_named(tmp_path: Path) -> None:
    with another(tmp_path, "lee") as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        dead = lock.holder(tmp_path)
        assert dead is not None
        assert dead.alive is False
        with lock.acquire(tmp_path, "ana") as held:
            assert held.taken_over == dead
            now = lock.holder(tmp_path)
            assert now is not None
            assert now.who == "ana"


@contextmanager
def without_flock(folder: Path, who: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The same where the kernel has no flock; the process and what it said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.noflock", str(folder), who],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # a warning would stand where the words are expected
        text=True,
        cwd=Path(readiness_tui.__file__).parents[1],
    )
    with process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()


def test_without_flock_the_lock_of_a_running_owner_holds_and_of_a_dead_one_is_taken_over(
    tmp_path: Path,
) -> None:
    with without_flock(tmp_path, "lee") as (process, said):
        assert said == "mine, before nobody"
        with without_flock(tmp_path, "ana") as (_, said):
            assert said.startswith(f"the launch is already open: lee on {socket.gethostname()}")
        process.send_signal(signal.SIGKILL)
        process.wait()
    with without_flock(tmp_path, "ana") as (_, said):
        assert said == "mine, before lee"
    with without_flock(tmp_path, "kim") as (_, said):
        assert said == "mine, before nobody", "left in order, nobody's"


def test_within_one_process_too(tmp_path: Path) -> None:
    with lock.acquire(tmp_path, "ana") as held:
        with pytest.raises(SessionError, match="already open"):
            lock.acquire(tmp_path, "ana")
        held.release()
        with lock.acquire(tmp_path, "lee"):
            held.release()
            owner = lock.holder(tmp_path)
            assert owner is not None
            assert owner.who == "lee"


def test_it_can_be_released_by_another_thread(tmp_path: Path) -> None:
    held = lock.acquire(tmp_path, "ana")
    thread = threading.Thread(target=held.release)
    thread.start()
    thread.join()
    with lock.acquire(tmp_path, "lee"):
        pass


def test_each_launch_has_its_own_lock(tmp_path: Path) -> None:
    with lock.acquire(tmp_path / "one", "ana"), lock.acquire(tmp_path / "two", "ana"):
        pass


@pytest.mark.parametrize("text", ["", "[]", "5", "{}", '{"who": "x"}', "\x00"])
def test_an_unreadable_owner_file_blocks_no_one(text: str, tmp_path: Path) -> None:
    (tmp_path / lock.OWNER).write_text(text)
    assert lock.holder(tmp_path) is None
    with lock.acquire(tmp_path, "ana"):
        (tmp_path / lock.OWNER).write_text(text)
        with pytest.raises(SessionError, match="unknown owner"):
            lock.acquire(tmp_path, "lee")


class TestAlive:
    def me(self) -> lock.Owner:
        started = psutil.Process().create_time()
        return lock.Owner("ana", socket.gethostname(), os.getpid(), "2026-11-24T12:00:00Z", started)

    def test_this_very_process_is(self) -> None:
        assert self.me().alive is True

    def test_another_process_with_its_pid_is_not(self) -> None:
        assert replace(self.me(), started=self.me().started - 60).alive is False

    def test_an_owner_on_another_host_is_unknown(self) -> None:
        assert replace(self.me(), host="elsewhere.example").alive is None

    def test_the_owner_file_holds_all_of_it(self, tmp_path: Path) -> None:
        (tmp_path / lock.OWNER).write_text(json.dumps(asdict(self.me())))
        assert lock.holder(tmp_path) == self.me()


@pytest.mark.needs("root")
def test_a_folder_that_cannot_be_written_says_so(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(SessionError, match="cannot lock the launch: the file system is read-only"):
        lock.acquire(small_disk, "ana")


@pytest.mark.needs("root")
def test_a_full_disk_keeps_no_lock(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(b"x" * 65_536)
    with pytest.raises(SessionError, match="the disk is full"):
        lock.acquire(small_disk, "ana")
    (small_disk / "ballast").unlink()
    with lock.acquire(small_disk, "ana"):
        pass
