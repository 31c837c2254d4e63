"""A shard: a process that holds the connections of some hosts, so that the screen's does no cryptography.

`python -m readiness_tui.transports.ssh_shard CONFIG SHARE` is started by `sharded`, is told what to do on
standard input and ends with it. CONFIG: an ssh_config or nothing; SHARE: how many shards there are.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from functools import partial
from pathlib import Path

from readiness_tui.errors import LockedKeyError, TransportError
from readiness_tui.model.inventory import Address
from readiness_tui.model.outcome import Cause
from readiness_tui.transports import shard_words as words
from readiness_tui.transports.keyring import Keyring
from readiness_tui.transports.ssh import SshTransport
from readiness_tui.transports.ssh_connect import Connector
from readiness_tui.transports.ssh_route import SshSettings


class Shard:
    """Does what it is told, all at once, each request in a task of its own."""

    def __init__(self, settings: SshSettings, share: int, says: asyncio.WriteTransport) -> None:
        self._says = says
        self._keyring = Keyring()
        self._connector = Connector(settings, self._keyring, share=share)
        self._transports: dict[str, SshTransport] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def serve(self, told: asyncio.StreamReader) -> None:
        """Until nobody tells anything any more; then nothing is left on any host."""
        while line := await told.readline():
            request = words.REQUEST.validate_json(line)
            if isinstance(request, words.Stop):
                if request.call in self._tasks:
                    self._tasks[request.call].cancel()
                continue
            task = self._tasks[request.call] = asyncio.create_task(self._answer(request))
            task.add_done_callback(partial(self._forget, request.call))
        for task in tuple(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*(transport.close() for transport in self._transports.values()))
        await self._connector.close()

    def _forget(self, call: int, task: asyncio.Task[None]) -> None:
        del self._tasks[call]

    async def _answer(self, request: words.Request) -> None:
        end: words.Answer = words.Done(call=request.call)
        try:
            await self._do(request)
        except LockedKeyError as error:
            end = _failed(request.call, error, locked=str(error.path))
        except TransportError as error:
            end = _failed(request.call, error)
        except asyncio.CancelledError:
            pass  # nobody waits any more; what ran on the host has been ended
        finally:
            self._say(end)

    async def _do(self, request: words.Request) -> None:
        match request:
            case words.Open():
                self._keyring.take(request.lent)
                await self._transport(request).open()
            case words.AskAll():
                await self._ask(request)
            case words.Cancel():
                if request.host in self._transports:
                    await self._transports[request.host].cancel()
            case words.Close():
                if (transport := self._transports.pop(request.host, None)) is not None:
                    await transport.close()

    def _transport(self, request: words.Open) -> SshTransport:
        transport = self._transports.get(request.host)
        if transport is None:
            address = Address.parse(request.address)
            transport = SshTransport(request.host, address, self._connector, lanes=request.lanes)
            transport.lanes.learned.update(request.durations)
            self._transports[request.host] = transport
        return transport

    async def _ask(self, request: words.AskAll) -> None:
        transport = self._transports.get(request.host)
        if transport is None:
            raise TransportError("the host is not open", cause=Cause.ERROR)
        numbers = {id(ask): number for number, ask in enumerate(request.asks)}
        begun = lambda ask: self._say(words.Begun(call=request.call, number=numbers[id(ask)]))  # noqa: E731
        async with aclosing(transport.ask(request.asks, begun)) as replies:
            async for reply in replies:
                told = reply.model_dump(mode="json", exclude={"ask"})
                self._say(words.Came(call=request.call, number=numbers[id(reply.ask)], reply=told))

    def _say(self, answer: words.Answer) -> None:
        self._says.write(answer.model_dump_json().encode() + b"\n")


def _failed(call: int, error: TransportError, locked: str = "") -> words.Failed:
    return words.Failed(call=call, message=error.message, cause=error.cause, hint=error.hint, locked=locked)


async def main(config: str, share: int) -> None:
    """Serve on the standard streams."""
    loop = asyncio.get_running_loop()
    told = asyncio.StreamReader(limit=words.LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    says, _ = await loop.connect_write_pipe(asyncio.Protocol, sys.stdout)
    await Shard(SshSettings(config=Path(config) if config else None), share, says).serve(told)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
