"""Lock a launch for one writer, and record who it is.

The lock is the kernel's (flock, through filelock) and ends with its process, so an owner that died never
blocks anyone. A small file beside it names the owner. On a file system without flock, filelock uses a
lock file, which survives a crash. Then the owner's process decides (same host, pid and start time), and
the lock of a dead owner is taken over.
"""

from __future__ import annotations

import json
import os
import socket
import warnings
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import psutil
from filelock import BaseFileLock, FileLock, Timeout

from readiness_tui import regular_file
from readiness_tui.errors import LaunchLockedError, SessionError
from readiness_tui.store import atomic

LOCK = ".lock"
OWNER = ".lock-owner.json"


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of a lock. since: UTC, ISO 8601. started: start of the process, seconds since 1970."""

    who: str
    host: str
    pid: int
    since: str
    started: float

    @property
    def alive(self) -> bool | None:
        """Whether that process still runs; None if it is on another host."""
        if self.host != socket.gethostname():
            return None
        try:
            return abs(psutil.Process(self.pid).create_time() - self.started) < 1.0
        except psutil.Error:
            return False

    def __str__(self) -> str:
        return f"{self.who} on {self.host} (pid {self.pid}, since {self.since})"


class Lock:
    """A lock held by this process until it is released, or until the process ends.

    taken_over: the previous owner, if it ended without releasing the lock.
    """

    def __init__(self, folder: Path, held: BaseFileLock, taken_over: Owner | None) -> None:
        self.folder = folder
        self.taken_over = taken_over
        self._held = held

    def release(self) -> None:
        """Release the lock. Safe to call twice."""
        if not self._held.is_locked:
            return
        with suppress(OSError):  # a stale owner file is harmless; only the lock counts
            (self.folder / OWNER).unlink(missing_ok=True)
        self._held.release()

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def acquire(folder: Path, who: str) -> Lock:
    """Lock the launch stored in `folder`. who: the operator.

    Raises LaunchLockedError, naming the owner, if another process holds the lock, and SessionError with
    the cause if it cannot be created.
    """
    atomic.make_folder(folder)
    before = holder(folder)
    lock = FileLock(folder / LOCK, timeout=0, mode=0o600, thread_local=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", UserWarning
            )  # filelock's fallback warning must not reach the screen
            lock.acquire()
    except Timeout as error:
        raise _held_by(folder, holder(folder)) from error
    except OSError as error:
        raise atomic.refusal(error, folder / LOCK, "lock the launch") from error
    me = psutil.Process()
    since = datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    owner = Owner(who, socket.gethostname(), os.getpid(), since, me.create_time())
    try:
        atomic.write(folder / OWNER, json.dumps(asdict(owner), ensure_ascii=False).encode())
    except SessionError:
        lock.release()
        raise
    return Lock(folder, lock, before)


def holder(folder: Path) -> Owner | None:
    """The owner named in the owner file; None if there is none or it cannot be read.

    Only the kernel knows whether the lock is held: the owner named here may have ended (`Owner.alive`).
    """
    try:
        owner = json.loads(regular_file.read_text(folder / OWNER, regular_file.SMALL))
        return Owner(**owner) if _is_owner(owner) else None
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def _is_owner(owner: object) -> bool:
    """Whether a document names an owner: its fields, each of its kind, and a process id that may exist."""
    if not isinstance(owner, dict) or set(owner) != set(Owner.__dataclass_fields__):
        return False
    texts = all(isinstance(owner[name], str) for name in ("who", "host", "since"))
    pid, started = owner["pid"], owner["started"]
    return texts and type(pid) is int and 0 < pid < 2**31 and type(started) in (int, float)


def _held_by(folder: Path, owner: Owner | None) -> LaunchLockedError:
    who = str(owner) if owner else "unknown owner"
    return LaunchLockedError(
        f"the launch is already open: {who}",
        where=str(folder),
        hint="open it read-only, or ask them to close it",
    )
