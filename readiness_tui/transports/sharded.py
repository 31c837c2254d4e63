"""Hosts whose connections are held by a few processes of our own (engine.md, section 5.10)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from itertools import count, cycle
from pathlib import Path

from readiness_tui.errors import LockedKeyError, TransportError
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.transports import shard_words as words
from readiness_tui.transports.contract import Started, nobody
from readiness_tui.transports.keyring import Keyring
from readiness_tui.transports.lanes import LANES
from readiness_tui.transports.shell_host import refused

SHARDS = 4
"""Processes at most; no more than processors."""

END_S = 10.0
"""Seconds a shard may take to leave its hosts."""

_GONE = "the process that held the connection has ended"


class Shards:
    """The processes, started when the first host is opened, and hosts dealt out among them."""

    def __init__(self, config: Path | None, keyring: Keyring, *, number: int = 0) -> None:
        """config: another ssh_config. number: of processes; 0: as many as this machine can use."""
        number = number or min(os.cpu_count() or 1, SHARDS)
        self._processes = [_Process(config, number) for _ in range(number)]
        self._next = cycle(self._processes)
        self._keyring = keyring

    def transport(
        self, host: str, address: str, durations: Mapping[str, float], *, lanes: int = LANES
    ) -> ShardedTransport:
        """A host of the process whose turn it is."""
        return ShardedTransport(host, address, next(self._next), self._keyring, durations, lanes)

    async def close(self) -> None:
        """End the processes, which leave nothing on any host."""
        await asyncio.gather(*(process.close() for process in self._processes))


class ShardedTransport:
    """See `contract.Transport`; everything is passed on to the shard, in the same words."""

    def __init__(
        self,
        host: str,
        address: str,
        process: _Process,
        keyring: Keyring,
        durations: Mapping[str, float],
        lanes: int,
    ) -> None:
        self._host = host
        self._address = address
        self._process = process
        self._keyring = keyring
        self._durations = durations
        self._lanes = lanes

    @property
    def host(self) -> str:
        """The host's name in the launch."""
        return self._host

    async def open(self) -> None:
        """Connect. Raises TransportError with its cause and a hint; idempotent when open."""
        request = words.Open(
            call=self._process.number(),
            host=self._host,
            address=self._address,
            lanes=self._lanes,
            durations=self._durations,
            lent=self._keyring.lend(),
        )
        answer = await self._process.last(request)
        if isinstance(answer, words.Failed):
            if answer.locked:
                raise LockedKeyError(Path(answer.locked))
            raise TransportError(answer.message, cause=answer.cause, hint=answer.hint)

    async def ask(self, asks: Sequence[Ask], started: Started = nobody) -> AsyncGenerator[Reply, None]:
        """See the contract; ending the iteration early ends its asks on the host."""
        request = words.AskAll(call=self._process.number(), host=self._host, asks=tuple(asks))
        waiting = dict(enumerate(asks))
        async with contextlib.aclosing(self._process.answers(request)) as answers:
            async for answer in answers:
                match answer:
                    case words.Begun():
                        started(waiting[answer.number])
                    case words.Came():
                        ask = waiting.pop(answer.number)
                        yield Reply.model_validate({**answer.reply, "ask": ask})
                    case words.Failed():
                        for ask in waiting.values():
                            yield refused(self._host, ask, Cause(answer.cause), answer.message, answer.hint)

    async def cancel(self) -> None:
        """See the contract."""
        if self._process.runs:
            await self._process.last(words.Cancel(call=self._process.number(), host=self._host))

    async def close(self) -> None:
        """See the contract; the process goes on for its other hosts."""
        if self._process.runs:
            await self._process.last(words.Close(call=self._process.number(), host=self._host))


class _Process:
    """One shard as seen from here: calls go in, the answers to each come out."""

    def __init__(self, config: Path | None, share: int) -> None:
        self._arguments = (str(config or ""), str(share))
        self._numbers = count(1)
        self._calls: dict[int, asyncio.Queue[words.Answer]] = {}
        self._starting = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def runs(self) -> bool:
        """It was started and has not ended."""
        return self._process is not None

    def number(self) -> int:
        """A number for a call."""
        return next(self._numbers)

    async def answers(self, request: words.Request) -> AsyncGenerator[words.Answer, None]:
        """All answers to a call; ending the iteration early stops it and waits until it has stopped."""
        await self._start()
        queue = self._calls[request.call] = asyncio.Queue()
        ended = False
        self._send(request)
        try:
            while not ended:
                answer = await queue.get()
                ended = isinstance(answer, (words.Done, words.Failed))
                yield answer
        finally:
            if not ended:
                self._send(words.Stop(call=request.call))
            while not ended:
                ended = isinstance(await queue.get(), (words.Done, words.Failed))
            del self._calls[request.call]

    async def last(self, request: words.Request) -> words.Answer:
        """The last answer to a call."""
        return [answer async for answer in self.answers(request)][-1]

    async def close(self) -> None:
        """End it; it leaves its hosts first."""
        process, reading = self._process, self._reading
        if process is None or process.stdin is None or reading is None:
            return
        process.stdin.close()
        try:
            async with asyncio.timeout(END_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        await reading

    async def _start(self) -> None:
        async with self._starting:
            if self._process is not None:
                return
            try:
                process = self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "readiness_tui.transports.ssh_shard",
                    *self._arguments,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                    limit=words.LINE,
                    start_new_session=True,  # Ctrl+C is for the program, which ends its runs in order
                )
            except OSError as error:
                raise TransportError(f"no process for the connection: {error}", cause=Cause.ERROR) from error
            assert process.stdout is not None
            self._reading = asyncio.create_task(self._read(process.stdout))

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while line := await stream.readline():
            answer = words.ANSWER.validate_json(line)
            if answer.call in self._calls:
                self._calls[answer.call].put_nowait(answer)
        self._process = None
        for call, queue in self._calls.items():
            queue.put_nowait(words.Failed(call=call, message=_GONE, cause=Cause.ERROR))

    def _send(self, request: words.Request) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(request.model_dump_json().encode() + b"\n")
