"""Anything but a regular file is refused at once by every reader."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from readiness_tui import regular_file, settings
from readiness_tui.compare import read_file
from readiness_tui.errors import ReadinessError, SessionError
from readiness_tui.signing import bundle, signature
from readiness_tui.signing.trust import Trust
from readiness_tui.store import allow, atomic, attachments, checklists, signed
from readiness_tui.store.lock import OWNER, holder
from readiness_tui.store.recording import Recording
from readiness_tui.transports.replay import ReplayTransport
from readiness_tui.transports.ssh import config_copy, keys
from readiness_tui.transports.ssh.known_hosts import KnownHostsFiles
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys


def fifo(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def bound(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # a socket's whole path has at most 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10 << 30)


KINDS = {"fifo": fifo, "folder": folder, "device": device, "socket": bound, "10 GiB": huge}


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_regular_file_of_some_size_is_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "it"
    KINDS[kind](path)
    with pytest.raises(OSError, match=r"regular file|larger than 1 MiB|[Dd]irectory") as caught:
        regular_file.read_bytes(path, regular_file.SMALL)
    assert caught.value.strerror


def test_a_file_that_grows_is_read_no_further_than_the_limit() -> None:
    with pytest.raises(OSError, match="larger than"):
        regular_file.read_bytes(Path("/proc/self/maps"), 10)


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a\r\n")
    assert regular_file.read_text(tmp_path / "a", 3) == "a\r\n"


@pytest.mark.parametrize("kind", ["fifo", "folder", "device", "socket"])
def test_what_stands_in_the_place_of_a_kept_page_is_never_replaced(kind: str, tmp_path: Path) -> None:
    KINDS[kind](tmp_path / "it")
    with pytest.raises(SessionError):
        keep_page(tmp_path / "it")


@pytest.mark.parametrize("kind", KINDS)
def test_an_ssh_key_of_another_kind_is_no_key(kind: str, tmp_path: Path) -> None:
    KINDS[kind](tmp_path / "it")
    assert keys.read_identities({"IdentityFile": [str(tmp_path / "it")]}, UnlockedKeys()).pairs == ()


async def replay(path: Path) -> None:
    await ReplayTransport("web", path).open()


def launch_with(path: Path, name: str) -> Path:
    """A launch's folder in which the thing stands in a file's place."""
    place = path.parent / "launch" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    path.rename(place)
    return path.parent / "launch"


def keep_page(path: Path) -> None:
    seal = "sha256:" + "a" * 64
    folder = launch_with(path, f"signed/{'a' * 16}/page.txt")
    signed.keep(folder, seal, {"page.txt": b"page"})


READERS: dict[str, Callable[[Path], object]] = {
    "session": read_file,
    "settings": settings.load,
    "allowed": lambda path: allow.allowed("sha256:0", file=path),
    "checklist": lambda path: checklists.keep(path.parent / "launch", "sha256:0", path),
    "recording": lambda path: Recording(path).replies(),
    "allowed_signers": Trust.at,
    "signing key": lambda path: signature.sign_with_file(b"text", path),
    "bundle": bundle.read,
    "attachment": attachments.read,
    "ssh_config": lambda path: config_copy.check([path]),
    "what is written over": lambda path: atomic.write(path, b""),
}


LIMITLESS = {"what is written over"}  # of what is written the size does not matter


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_refuses_it_with_its_path(reader: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "it"
    KINDS[kind](path)
    if reader in LIMITLESS and kind == "10 GiB":
        return
    with pytest.raises(ReadinessError) as caught:
        READERS[reader](path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_recording_of_another_kind_is_an_unreachable_host(kind: str, tmp_path: Path) -> None:
    KINDS[kind](tmp_path / "it")
    with pytest.raises(ReadinessError, match="cannot be read"):
        await replay(tmp_path / "it")


@pytest.mark.parametrize("kind", KINDS)
def test_an_owner_file_or_known_hosts_of_another_kind_says_nothing(kind: str, tmp_path: Path) -> None:
    KINDS[kind](tmp_path / OWNER)
    assert holder(tmp_path) is None
    assert KnownHostsFiles().read([tmp_path / OWNER]).trusted("web", 22).keys == ()


@pytest.mark.parametrize("kind", ["fifo", "folder", "device"])
@pytest.mark.parametrize(
    "words", [["new", "x", "--no-hosts", "--from"], ["diff", "it"], ["checklist", "lint"]]
)
def test_a_verb_ends_with_a_usage_error(words: list[str], kind: str, tmp_path: Path) -> None:
    KINDS[kind](tmp_path / "it.toml")
    done = subprocess.run(
        [sys.executable, "-m", "readiness_tui", *words, str(tmp_path / "it.toml")],
        capture_output=True,
        timeout=60,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), "HOME": str(tmp_path)},
    )
    assert done.returncode == 2, done.stderr
