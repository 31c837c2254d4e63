"""The hosts of a form: one line each, an empty one always at the end, and each can be tried."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from readiness_tui.errors import LockedKeyError, TransportError, UsageError
from readiness_tui.transports.pool import Connections
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys
from readiness_tui.tui.widgets.field import Field
from readiness_tui.workspace.new_launch import host

PATIENCE_S = 30.0
"""Seconds a host has to let us in."""


@dataclass(slots=True)
class _Trial:
    """A host being tried since then."""

    field: Field
    since: float


class HostLines(Vertical):
    """Fields of hosts; nothing here waits for a host."""

    def __init__(self, unlocked_keys: UnlockedKeys, *, id: str | None = None) -> None:
        """unlocked_keys: opens the key files that a host needs."""
        super().__init__(id=id)
        self._connections = Connections()
        self._connections.unlocked_keys = unlocked_keys
        self._trials: dict[str, _Trial] = {}
        self._touched = False

    def compose(self) -> ComposeResult:
        """The first, empty line."""
        yield Field("Host")

    def on_mount(self) -> None:
        """Show how long a trial takes."""
        self._tick = self.set_interval(1.0, self._second, pause=True)

    @property
    def fields(self) -> list[Field]:
        """The lines as fields."""
        return list(self.query(Field))

    @property
    def lines(self) -> tuple[str, ...]:
        """What is typed, line by line."""
        return tuple(field.value for field in self.fields)

    def offer(self, line: str) -> None:
        """Fill in a first host, unless something was typed already."""
        if not self._touched and self.fields:
            self.fields[0].fill(line)
            self._grow()

    @on(Field.Edited)
    def _edited(self, event: Field.Edited) -> None:
        event.stop()
        self._touched = True
        self._grow()

    @on(Field.Entered)
    def _entered(self, event: Field.Entered) -> None:
        """Enter tries the host."""
        event.stop()
        self._try(event.field)

    def _grow(self) -> None:
        if self.fields and self.fields[-1].value:
            self.mount(Field("", example="another host, may stay empty"))

    def enter(self, index: int) -> None:
        """Give a line the keys."""
        self.fields[index].enter()

    def tell(self, faults: Mapping[int, str]) -> None:
        """Say what is wrong beside each line."""
        for index, field in enumerate(self.fields):
            if index in faults:
                field.say(faults[index], bad=True)

    def test(self) -> None:
        """Try every host at once."""
        for field in self.fields:
            self._try(field)

    def _try(self, field: Field) -> None:
        if field.value and field.value not in self._trials:
            self.run_worker(self._connect(field, field.value), group="trials")

    async def _connect(self, field: Field, line: str) -> None:
        self._trials[line] = _Trial(field, time.monotonic())
        self._tick.resume()
        field.say("connecting")
        began = time.monotonic()
        try:
            said, bad = await self._open(line, began), False
        except UsageError as error:
            said, bad = error.message, True
        except TransportError as error:
            said, bad = f"{error.cause}: {error.message}" + (f"\n{error.hint}" if error.hint else ""), True
        except TimeoutError:
            said, bad = f"timeout: no answer within {PATIENCE_S:.0f} s", True
        finally:
            self._trials.pop(line, None)
        if field.value == line and field.is_mounted:
            field.say(said, bad=bad)

    async def _open(self, line: str, began: float) -> str:
        read = host(line)
        while True:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    transport = await self._connections.get(read.name, read)
                    await transport.open()
                break
            except LockedKeyError as locked:
                await self._connections.unlocked_keys.unlock(locked.path)
                began = time.monotonic()
        roles = "" if read.roles else "; it plays no role, so few probes look at it"
        return f"reached in {int((time.monotonic() - began) * 1000)} ms{roles}"

    def _second(self) -> None:
        if not self._trials:
            self._tick.pause()
        for trial in self._trials.values():
            trial.field.say(f"connecting {int(time.monotonic() - trial.since)} s")

    async def on_unmount(self) -> None:
        """Close what was opened for the trials."""
        await self._connections.close()
