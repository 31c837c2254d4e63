"""Hosts reached through a command line of another tool: the same workers over its standard streams.

`docker exec -i {host} sh`, `kubectl exec -i {host} -- sh`, an `ssh` wrapper: any command that ends in a
shell which reads its script from standard input. `{host}` is the host's name.
"""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import shutil
from collections.abc import Mapping, Sequence

from readiness_tui.errors import TransportError
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.shell import script
from readiness_tui.transports.shell.channel import (
    Channel,
    Ending,
    LinkLostError,
    Listener,
    NoSessionError,
    UntilOver,
)
from readiness_tui.transports.shell.host import ShellHost
from readiness_tui.transports.shell.jobs import WorkerLimits
from readiness_tui.transports.shell.local import LocalShells
from readiness_tui.transports.shell.pool import WORKERS

MARK_S = 5.0
"""Seconds a shell may take to print the mark, after which it watches its input."""

NOISE = 64 * 1024
"""Most bytes printed before the mark."""

KILL_S = 10.0
"""Seconds a kill through the command may take."""


def command_line(template: str, host: str) -> tuple[str, ...]:
    """The words of the command. Raises ValueError for unbalanced quotes."""
    return tuple(word.replace("{host}", host) for word in shlex.split(template))


class _AfterMark:
    """Passes on a shell's output without the mark. `ready` is set when the mark or the end was read."""

    def __init__(self, listener: Listener, mark: str) -> None:
        self._listener = listener
        self._mark = f"\n{mark}\n".encode()
        self._held = b""
        self.ready = asyncio.Event()

    def received(self, data: bytes, *, stderr: bool) -> None:
        """Hold standard output back until the mark can be removed."""
        if stderr or self.ready.is_set():
            self._listener.received(data, stderr=stderr)
            return
        self._held += data
        before, mark_found, after = self._held.partition(self._mark)
        if mark_found or len(self._held) > NOISE:
            self._pass_on(before + after)

    def ended(self, ending: Ending) -> None:
        """The shell ended, possibly before the mark."""
        self._pass_on(self._held)
        self._listener.ended(ending)

    def release(self) -> None:
        """Stop waiting for the mark."""
        self._pass_on(self._held)

    def _pass_on(self, data: bytes) -> None:
        self._held = b""
        self.ready.set()
        if data:
            self._listener.received(data, stderr=False)


class ExecShells(LocalShells):
    """Shells behind a command. A group is killed only if the shell leads it."""

    no_shell_hint = "the command must end in a shell that reads its script from standard input, as `sh`"

    def __init__(self, command: Sequence[str]) -> None:
        super().__init__(command, own_group=False)

    async def start(self, listener: Listener) -> Channel:
        """See `Shells.start`. The shell then watches for the end of its input, if it can."""
        mark = script.new_nonce()
        after = _AfterMark(listener, mark)
        channel = await super().start(after)
        try:
            channel.write(script.restart(mark).encode())
            with contextlib.suppress(TimeoutError):  # the worker reports what is wrong with a silent shell
                async with asyncio.timeout(MARK_S):
                    await after.ready.wait()
        except asyncio.CancelledError:
            await channel.close()
            raise
        after.release()
        return channel

    async def kill(self, group: int, *, elevated: bool) -> None:
        """Kill on the remote side, through the same command. Closing the channel ends the local side."""
        listener = UntilOver()
        text = f"kill -9 -{group} 2>/dev/null\n"
        if elevated:
            text += f"sudo -n kill -9 -- -{group} 2>/dev/null\n"
        with contextlib.suppress(TimeoutError, LinkLostError, NoSessionError):
            async with asyncio.timeout(KILL_S):
                channel = await self.start(listener)
                channel.write(f"{text}exit 0\n".encode())
                try:
                    await listener.over.wait()
                finally:
                    await channel.close()


class ExecTransport(ShellHost):
    """A host reached through a command line."""

    def __init__(
        self, host: str, template: str, *, workers: int = WORKERS, limits: WorkerLimits | None = None
    ) -> None:
        """template: the command line, with `{host}` in place of the host's name."""
        self._template = template
        try:
            self._command = command_line(template, host)
        except ValueError as error:
            self._command = ()
            self._fault = str(error)
        super().__init__(host, ExecShells(self._command or ("false",)), workers=workers, limits=limits)

    async def connect(self) -> None:
        """Check the command. Raises TransportError if it cannot be started."""
        if not self._command:
            raise TransportError(f"exec: {self._fault}", cause=Cause.UNSUPPORTED, hint=self._template)
        if shutil.which(self._command[0]) is None:
            raise TransportError(f"exec: no command {self._command[0]!r} here", cause=Cause.NO_TOOL)

    def facts(self) -> Mapping[str, str]:
        """How the host is reached."""
        return {"transport": "exec", "via": self._command[0] if self._command else ""}

    async def close(self) -> None:
        """Stop what runs."""
        await self.workers.cancel()
