"""The operator's own machine: the same workers, each a local `/bin/sh -s` in its own session."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from readiness_tui.errors import TransportError
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.network.through import Way, straight
from readiness_tui.transports.shell import script
from readiness_tui.transports.shell.channel import Channel, Ending, LinkLostError, Listener, NoSessionError
from readiness_tui.transports.shell.host import ShellHost
from readiness_tui.transports.shell.jobs import WorkerLimits
from readiness_tui.transports.shell.pool import WORKERS

SHELL = ("/bin/sh", "-s")

DRAIN_S = 1.0
"""Seconds to wait for output after a shell's end, since a leftover child may hold the pipe open forever."""

_STARTUP = ("ENV", "BASH_ENV", "SHELLOPTS", "BASHOPTS", "PS4", "CDPATH", "IFS")


def environment() -> dict[str, str]:
    """This process's environment without variables that make a shell read or run a file first."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in _STARTUP and not name.startswith("BASH_FUNC_")
    }


class _Protocol(asyncio.SubprocessProtocol):
    """Passes a process's output and end to its listener."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._transport: asyncio.SubprocessTransport | None = None
        self._draining: asyncio.TimerHandle | None = None
        self.gone = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._listener.received(data, stderr=fd == 2)

    def process_exited(self) -> None:
        assert self._transport is not None
        self._draining = asyncio.get_running_loop().call_later(DRAIN_S, self._transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._draining is not None:
            self._draining.cancel()
        status = self._transport.get_returncode() if self._transport else None
        if status is not None and status < 0:
            self._listener.ended(Ending(signal=signal.Signals(-status).name))
        else:
            self._listener.ended(Ending(status=status))
        if not self.gone.done():
            self.gone.set_result(None)


class _LocalChannel:
    """A running local shell."""

    def __init__(self, transport: asyncio.SubprocessTransport, protocol: _Protocol) -> None:
        self._transport = transport
        self._protocol = protocol

    def write(self, data: bytes) -> None:
        stdin = self._transport.get_pipe_transport(0)
        if isinstance(stdin, asyncio.WriteTransport) and not stdin.is_closing():
            stdin.write(data)

    def hold(self) -> None:
        for pipe in self._pipes():
            pipe.pause_reading()

    def release(self) -> None:
        for pipe in self._pipes():
            pipe.resume_reading()

    def _pipes(self) -> Iterator[asyncio.ReadTransport]:
        """The pipes of its output that are still open."""
        for number in (1, 2):
            pipe = self._transport.get_pipe_transport(number)
            if isinstance(pipe, asyncio.ReadTransport) and not pipe.is_closing():
                yield pipe

    async def close(self) -> None:
        """Kill its process group and wait until the process has ended."""
        if self._transport.get_returncode() is None:
            _kill_group(self._transport.get_pid())
        if not self._protocol.gone.done():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2 * DRAIN_S):
                    await asyncio.shield(self._protocol.gone)
        self._transport.close()


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


class LocalShells:
    """Starts a shell that reads its script from standard input."""

    no_shell_hint = "a POSIX shell is needed at /bin/sh"

    def __init__(self, command: Sequence[str] = SHELL, *, own_group: bool = True) -> None:
        self._command = tuple(command)
        self._own_group = own_group
        if own_group:
            self._command = ("/bin/sh", "-c", script.RELAY % '"$@" $$', "sh", *command)

    @property
    def own_group(self) -> bool:
        """Each local shell is started in its own session."""
        return self._own_group

    async def start(self, listener: Listener) -> Channel:
        """See `Shells.start`."""
        starting = asyncio.ensure_future(self._start(listener))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            with contextlib.suppress(LinkLostError, NoSessionError):
                await (await starting).close()
            raise

    async def _start(self, listener: Listener) -> _LocalChannel:
        loop = asyncio.get_running_loop()
        try:
            transport, protocol = await loop.subprocess_exec(
                lambda: _Protocol(listener), *self._command, env=environment(), start_new_session=True
            )
        except BlockingIOError as error:
            raise NoSessionError(f"no further process: {error.strerror}") from error
        except OSError as error:
            raise LinkLostError(f"{self._command[0]}: {error.strerror}") from error
        return _LocalChannel(transport, protocol)

    async def kill(self, group: int, *, elevated: bool) -> None:
        """See `Shells.kill`."""
        _kill_group(group)
        if elevated and os.geteuid() != 0:
            process = await asyncio.create_subprocess_exec(
                *("sudo", "-n", "kill", "-9", "--", f"-{group}"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            await process.wait()


class LocalTransport(ShellHost):
    """This machine, without SSH."""

    def __init__(
        self,
        host: str,
        *,
        command: Sequence[str] = SHELL,
        workers: int = WORKERS,
        limits: WorkerLimits | None = None,
    ) -> None:
        """command: the shell, for tests with shells other than /bin/sh."""
        self._shell = Path(command[0])
        super().__init__(host, LocalShells(command), workers=workers, limits=limits)

    async def connect(self) -> None:
        """Check the shell. Raises TransportError if there is no POSIX shell."""
        if not self._shell.exists():
            raise TransportError(f"no shell at {self._shell}", cause=Cause.UNSUPPORTED)

    def facts(self) -> Mapping[str, str]:
        """There is no connection and therefore no authentication."""
        return {"transport": "local", "user": getpass.getuser()}

    def way(self) -> Way | None:
        """Connections of this machine."""
        return straight

    async def close(self) -> None:
        """Stop what runs."""
        await self.workers.cancel()
