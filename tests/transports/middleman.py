"""A TCP proxy that can cut a connection, make it hang, or send data before the server does."""

from __future__ import annotations

import asyncio
import contextlib


class Middleman:
    """Listens on `port` of the loopback, passes everything to another port there.

    connections: how many came. passed: bytes that came from the server.
    """

    def __init__(self, to: int, *, first: bytes = b"") -> None:
        """first: what everybody is told before the server's own words."""
        self._to = to
        self._first = first
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self.port = 0
        self.connections = 0
        self.passed = 0

    async def __aenter__(self) -> Middleman:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(self._first)
        there, out = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers += [writer, out]
        for source, sink, counts in ((reader, out, False), (there, writer, True)):
            task = asyncio.create_task(self._pass(source, sink, counts=counts))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, counts: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                await self._flows.wait()
                self.passed += len(data) if counts else 0
                sink.write(data)
                await sink.drain()
        sink.close()

    def hang(self) -> None:
        """From now on nothing is forwarded, without closing."""
        self._flows.clear()

    def flow(self) -> None:
        """What comes now passes again; what hung is lost."""
        self.cut()
        self._flows.set()

    def cut(self) -> None:
        """Reset every connection."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
