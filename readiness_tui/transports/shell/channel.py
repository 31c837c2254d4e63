"""The seam below the workers: a shell with two output streams, however it is reached."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol


class NoSessionError(Exception):
    """The host gives no further shell now (sshd's MaxSessions); another may get one later."""


class LinkLostError(Exception):
    """The way to the host is gone; what runs there is ended by the deadman."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a shell ended. status: exit status; signal: its name; lost: the link went first."""

    status: int | None = None
    signal: str = ""
    lost: bool = False
    detail: str = ""


class Listener(Protocol):
    """Hears a shell. Both are called on the event loop, `ended` once and last."""

    def received(self, data: bytes, *, stderr: bool) -> None:
        """Bytes came on a stream."""
        ...

    def ended(self, ending: Ending) -> None:
        """The shell ended and both streams are read out."""
        ...


class UntilOver:
    """A listener that only waits for the end."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    def received(self, data: bytes, *, stderr: bool) -> None:
        """Nothing is expected."""

    def ended(self, ending: Ending) -> None:
        """Wake who waits."""
        self.over.set()


class Channel(Protocol):
    """A shell that was started."""

    def write(self, data: bytes) -> None:
        """Send to its standard input; nothing happens when it has ended."""
        ...

    def hold(self) -> None:
        """Take no more of its output for now, so that who floods it has to wait."""
        ...

    def release(self) -> None:
        """Take its output again."""
        ...

    async def close(self) -> None:
        """Give it up. What runs on the host goes on: see `Shells.kill`."""
        ...


class Shells(Protocol):
    """Where shells come from."""

    @property
    def own_group(self) -> bool:
        """Every shell has its process group for itself, so that the group can be killed."""
        ...

    @property
    def no_shell_hint(self) -> str:
        """What an operator can do when no shell comes."""
        ...

    async def start(self, listener: Listener) -> Channel:
        """Start `/bin/sh -s`. Raises NoSessionError or LinkLostError."""
        ...

    async def kill(self, group: int, *, elevated: bool) -> None:
        """Kill a process group of a shell; with elevated, through `sudo -n` too. Never raises."""
        ...
