"""A TCP relay that makes loopback as far away as asked, in a process of its own.

Every byte is held for half a round trip each way, and a connection counts as set up after one
whole round trip, although the kernel set it up at once: what the client says first leaves one round
trip late, and the server sees the connection half a round trip after that. Bytes are payload; what
TCP and IP add is not counted. Acknowledgements are this kernel's: where Nagle's algorithm makes sshd
wait for one, it waits up to 40 ms for a delayed one, and not for a round trip as over a real line.

For who is not root; `wire` is nearer to the truth. Speaks as `distance` says.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import deque
from dataclasses import asdict
from typing import cast

from benchmarks.distance import Counts, Distance

HOST = "127.0.0.1"


class _Way:
    """One direction of a connection: the data in transit, in order, with the time at which each piece
    arrives.
    """

    def __init__(self, delay_s: float) -> None:
        self.delay_s = delay_s
        self._loop = asyncio.get_running_loop()
        self._pieces: deque[tuple[float, bytes | None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self.to: asyncio.Transport | None = None

    def send(self, piece: bytes | None, *, earliest: float = 0.0) -> None:
        """A piece leaves now, or at `earliest`; None: the sender has no more to say."""
        self._pieces.append((max(self._loop.time(), earliest) + self.delay_s, piece))
        self._deliver()

    def arrive(self, to: asyncio.Transport) -> None:
        """The far end is there."""
        self.to = to
        self._deliver()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._pieces.clear()

    def _deliver(self) -> None:
        if self.to is None or self._timer is not None:
            return
        while self._pieces:
            due, piece = self._pieces[0]
            if due > self._loop.time():
                self._timer = self._loop.call_at(due, self._due)
                return
            self._pieces.popleft()
            if piece is None:
                self.to.close()
            elif not self.to.is_closing():
                self.to.write(piece)

    def _due(self) -> None:
        self._timer = None
        self._deliver()


class _End(asyncio.Protocol):
    """One of a connection's two sockets: counts what it hears and sends it on its way."""

    def __init__(self, way: _Way, counts: Counts, *, client: bool, heard_from: float = 0.0) -> None:
        self._way = way
        self._counts = counts
        self._client = client
        self._heard_from = heard_from

    def data_received(self, data: bytes) -> None:
        if self._client:
            self._counts.sent += len(data)
        else:
            self._counts.received += len(data)
        self._way.send(data, earliest=self._heard_from)

    def connection_lost(self, exc: Exception | None) -> None:
        self._way.send(None, earliest=self._heard_from)


class _Relay:
    """Listens, and joins every client to a connection of its own to the server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.rtt_s = 0.0
        self.counts = Counts()
        self._joining: set[asyncio.Task[None]] = set()

    async def listen(self) -> int:
        """The port where clients may come."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._accept, HOST, 0)
        port: int = server.sockets[0].getsockname()[1]
        return port

    def _accept(self) -> asyncio.Protocol:
        up, down = _Way(self.rtt_s / 2), _Way(self.rtt_s / 2)
        self.counts.connections += 1
        set_up = asyncio.get_running_loop().time() + self.rtt_s
        relay = self

        class Client(_End):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                down.arrive(cast(asyncio.Transport, transport))
                task = asyncio.create_task(relay._join(up, down, set_up + relay.rtt_s / 2))
                relay._joining.add(task)
                task.add_done_callback(relay._joining.discard)

        return Client(up, self.counts, client=True, heard_from=set_up)

    async def _join(self, up: _Way, down: _Way, at: float) -> None:
        loop, counts = asyncio.get_running_loop(), self.counts
        await asyncio.sleep(at - loop.time())
        try:
            far, _ = await loop.create_connection(lambda: _End(down, counts, client=False), HOST, self.port)
        except OSError:
            down.send(None)
        else:
            up.arrive(far)

    def told(self, line: str) -> Counts:
        """Do as a line says; the counts, before they are set to 0 if they are."""
        words = json.loads(line)
        before = self.counts
        if "rtt" in words:
            self.rtt_s = words["rtt"]
            self.counts = Counts()
        return before


async def _serve(port: int) -> None:
    relay = _Relay(port)
    print(json.dumps({"port": await relay.listen()}), flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        print(json.dumps(asdict(relay.told(line.decode()))), flush=True)


class Relay(Distance):
    """The relay in front of a loopback port. Connections that stand keep their distance."""

    def __init__(self, port: int) -> None:
        super().__init__("benchmarks.relay", str(port))

    @property
    def port(self) -> int:
        """Where clients may come."""
        port: int = self.ready["port"]
        return port


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
