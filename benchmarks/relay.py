"""A TCP relay that makes loopback as far away as asked, in a process of its own.

Every byte is held for half a round trip each way, and a connection counts as set up after one
whole round trip, although the kernel set it up at once: what the client says first leaves one round
trip late, and the server sees the connection half a round trip after that. Bytes are payload; what
TCP and IP add is not counted. Acknowledgements are this kernel's: where Nagle's algorithm makes sshd
wait for one, it waits up to 40 ms for a delayed one, and not for a round trip as over a real line.

Speaks JSON, a line each: it is told `{"rtt": seconds}`, which also sets the counts to 0, or
`{"count": true}`; it answers with its port and its counts. It ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import deque
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import IO, cast

HOST = "127.0.0.1"


@dataclass(slots=True)
class Counts:
    """What went through: bytes from client to server, back, and connections."""

    sent: int = 0
    received: int = 0
    connections: int = 0

    @property
    def wire(self) -> int:
        """Bytes both ways."""
        return self.sent + self.received


class _Way:
    """One direction of a connection: what is on its way, in order, and when each piece arrives."""

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


class Relay:
    """A relay in a process of its own, in front of a loopback port. A context manager."""

    def __init__(self, port: int) -> None:
        self._far = port
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Relay:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.relay", str(self._far)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = self._said()["port"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.communicate()  # closes its standard input, at which it ends

    def move(self, rtt_s: float) -> None:
        """Be so far away from now on, and count from 0. Connections that stand stay as they are."""
        self._tell({"rtt": rtt_s})

    def counts(self) -> Counts:
        """What went through since the last move."""
        return Counts(**self._tell({"count": True}))

    def _tell(self, words: dict[str, object]) -> dict[str, int]:
        told, _ = self._pipes()
        told.write(json.dumps(words) + "\n")
        told.flush()
        return self._said()

    def _said(self) -> dict[str, int]:
        _, says = self._pipes()
        said: dict[str, int] = json.loads(says.readline())
        return said

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("the relay is not started")
        return process.stdin, process.stdout


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
