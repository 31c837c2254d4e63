"""Small loopback servers: HTTP with responses set by the test, and ports that do not answer."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """What came in. headers: names in lower case."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Site:
    """A server that is up. requests: in the order they came."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)


Answer = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


def says(status: int, *headers: str, body: bytes = b"ok") -> Answer:
    """Answers everything so, its length told."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} Because", f"Content-Length: {len(body)}", "Connection: close", *headers]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    return answer


@asynccontextmanager
async def site(
    answer: Answer, *, context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[Site]:
    """An HTTP server; `answer` may also say nothing, or anything but HTTP."""
    found = Site()
    busy: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, _ = head[0].split(" ")
            pairs = (line.partition(":") for line in head[1:] if line)
            request = Request(method, path, {name.lower(): value.strip() for name, _, value in pairs})
            found.requests.append(request)
            await answer(request, writer)
            with contextlib.suppress(ConnectionError):
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            busy.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, host, 0, ssl=context)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        try:
            yield found
        finally:
            for task in tuple(busy):
                task.cancel()


@contextmanager
def filtered_port() -> Iterator[int]:
    """A port that leaves connections without an answer, as behind a firewall: its queue is full."""
    with contextlib.ExitStack() as held:
        listener = held.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port: int = listener.getsockname()[1]
        while True:
            plug = held.enter_context(socket.socket())
            plug.settimeout(0.2)
            try:
                plug.connect(("127.0.0.1", port))
            except TimeoutError:
                break
        yield port
