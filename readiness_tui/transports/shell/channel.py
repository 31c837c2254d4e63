"""The interface below the workers: a shell with two output streams, however it is reached."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol


class NoSessionError(Exception):
    """The host allows no further shell at present (sshd's MaxSessions). A later attempt may succeed."""


class LinkLostError(Exception):
    """The connection to the host is lost. The watchdog on the host ends what runs there."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a shell ended. status: exit status. signal: its name. lost: the connection was lost first."""

    status: int | None = None
    signal: str = ""
    lost: bool = False
    detail: str = ""


class Listener(Protocol):
    """Receives a shell's output. Called on the event loop; `ended` is called once and last."""

    def received(self, data: bytes, *, stderr: bool) -> None:
        """Data arrived on a stream."""
        ...

    def ended(self, ending: Ending) -> None:
        """The shell ended and both streams are fully read."""
        ...


class UntilOver:
    """A listener that only waits for the end."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    def received(self, data: bytes, *, stderr: bool) -> None:
        """Output is ignored."""

    def ended(self, ending: Ending) -> None:
        """Wake the waiting task."""
        self.over.set()


class Channel(Protocol):
    """A started shell."""

    def write(self, data: bytes) -> None:
        """Write to its standard input. Does nothing if the shell has ended."""
        ...

    def hold(self) -> None:
        """Stop reading its output for now, so that the sender has to wait."""
        ...

    def release(self) -> None:
        """Resume reading its output."""
        ...

    async def close(self) -> None:
        """Release the channel. Processes on the host continue: see `Shells.kill`."""
        ...


class Shells(Protocol):
    """Starts shells."""

    @property
    def own_group(self) -> bool:
        """Whether every shell has a process group of its own, so that the group can be killed."""
        ...

    @property
    def no_shell_hint(self) -> str:
        """What an operator can do if no shell starts."""
        ...

    async def start(self, listener: Listener) -> Channel:
        """Start `/bin/sh -s`. Raises NoSessionError or LinkLostError."""
        ...

    async def kill(self, group: int, *, elevated: bool) -> None:
        """Kill a shell's process group; with elevated, also through `sudo -n`. Never raises."""
        ...
