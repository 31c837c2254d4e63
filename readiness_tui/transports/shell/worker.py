"""One worker: a shell that runs collectors one after the other, with time limits kept by the client."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime

from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Reply
from readiness_tui.transports.shell import framing
from readiness_tui.transports.shell.channel import Channel, Ending, LinkLostError, NoSessionError, Shells
from readiness_tui.transports.shell.jobs import Job, SudoState, WorkerExit, WorkerLimits
from readiness_tui.transports.shell.stdin import PREFLIGHT, PREFLIGHT_S, WorkerInput

LAST_WORDS_S = 3.0
"""Seconds for a worker that is being stopped: to send its hello, to end after a kill."""

_Event = framing.WorkerEvent | Ending | None
"""None: held jobs may be sent."""


class ShellWorker:
    """Runs its jobs in order. Each is answered through `done`, or left over at the end."""

    def __init__(
        self,
        host: str,
        shells: Shells,
        jobs: Sequence[Job],
        elevation: SudoState,
        limits: WorkerLimits,
        started: Callable[[Job], None],
        done: Callable[[Job, Reply], None],
    ) -> None:
        self._host = host
        self._shells = shells
        self._elevation = elevation
        self._limits = limits
        self._started = started
        self._done = done
        self._feed = WorkerInput(jobs, elevation, limits)
        self._events: asyncio.Queue[_Event] = asyncio.Queue()
        self._hello: framing.Hello | None = None
        self._ending: Ending | None = None
        self._complete = False
        self._running: Job | None = None
        self._answered = False
        self._began = 0.0
        self._began_at = datetime.now(UTC)

    def received(self, data: bytes, *, stderr: bool) -> None:
        """Listener: data arrived."""
        for event in self._feed.reader.feed(data, stderr=stderr):
            self._events.put_nowait(event)

    def ended(self, ending: Ending) -> None:
        """Listener: the shell ended."""
        self._events.put_nowait(ending)

    async def run(self) -> WorkerExit:
        """Run until every job is answered or the worker ends. Cancelling it kills what runs."""
        try:
            async with asyncio.timeout(self._limits.hello_s):
                channel = await self._shells.start(self)
        except NoSessionError as error:
            return WorkerExit(self._feed.left, refused=True, detail=str(error))
        except LinkLostError as error:
            return WorkerExit(self._feed.left, lost=True, detail=str(error))
        except TimeoutError:
            detail = f"no shell within {self._limits.hello_s:g} s"
            return WorkerExit(self._feed.left, silent=Cause.TIMEOUT, detail=detail)
        try:
            released = lambda: self._events.put_nowait(None)  # noqa: E731 - a word of its own
            channel.write(self._feed.opening(own_group=self._shells.own_group, released=released))
            return await self._listen(channel)
        finally:
            await _to_the_end(self._leave(channel))

    def _begin(self) -> None:
        """The shell starts the next job."""
        self._began, self._began_at = asyncio.get_running_loop().time(), datetime.now(UTC)
        self._running = self._feed.begin()
        if self._running is not None:
            self._started(self._running)

    def _deadline(self) -> float | None:
        """When to stop waiting, by the loop's clock; None if there is nothing to wait for."""
        if self._hello is None:
            return self._began + self._limits.hello_s
        if self._feed.checking:
            return self._began + PREFLIGHT_S
        if self._running is not None:
            return self._began + self._running.ask.timeout_s
        return None if self._feed.holding else self._began + LAST_WORDS_S

    async def _listen(self, channel: Channel) -> WorkerExit:
        self._began = asyncio.get_running_loop().time()
        while True:
            try:
                async with asyncio.timeout_at(self._deadline()):
                    event = await self._events.get()
            except TimeoutError:
                return self._too_late()
            match event:
                case None:
                    channel.write(self._feed.rest())
                    if self._hello is not None and self._running is None:
                        self._begin()
                case framing.Hello():
                    self._hello = event
                    self._begin()
                case framing.Frame():
                    self._framed(event)
                case framing.Overflow():
                    if self._running is None or self._running.number != event.number:
                        return self._end()
                    channel.hold()
                    return self._give_up(Cause.GARBLED, self._too_much(), clipped=True)
                case framing.Bye():
                    self._complete = True
                case framing.Garbled():
                    return self._give_up(Cause.GARBLED, f"the host's output is garbled: {event.detail}")
                case Ending():
                    self._ending = event
                    return self._stopped(event)

    def _too_much(self) -> str:
        return f"more than {self._limits.cap // 1024} KiB of output"

    def _too_late(self) -> WorkerExit:
        if self._hello is None:
            noise = self._feed.reader.noise().splitlines()
            printed = f"; it printed: {noise[0]}" if noise else ""
            detail = f"the shell did not start within {self._limits.hello_s:g} s{printed}"
            return WorkerExit(self._feed.left, silent=Cause.TIMEOUT, detail=detail)
        self._feed.checked(None)
        limit = self._running.ask.timeout_s if self._running else 0
        return self._give_up(Cause.TIMEOUT, f"not finished after {limit:g} s")

    def _stopped(self, ending: Ending) -> WorkerExit:
        """The shell ended: normally after its last frame, otherwise because something went wrong."""
        if ending.lost:
            left = self._end().left
            self._running = None
            return WorkerExit(left, lost=True, detail=ending.detail)
        if self._hello is None:
            noise = self._feed.reader.noise().splitlines()
            how = noise[0] if noise else f"it ended with status {ending.status or ending.signal}"
            return WorkerExit(self._feed.left, silent=Cause.UNSUPPORTED, detail=how)
        return self._give_up(Cause.ERROR, "the shell was killed while this ran")

    def _framed(self, frame: framing.Frame) -> None:
        if frame.number == PREFLIGHT:
            self._feed.checked(frame)
        elif frame.clipped:
            self._answer(
                frame.stdout, frame.stderr, frame.exit, Cause.GARBLED, self._too_much(), clipped=True
            )
        else:
            self._answer(frame.stdout, frame.stderr, frame.exit)
        self._begin()

    def _answer(
        self,
        stdout: bytes,
        stderr: bytes,
        status: int | None,
        cause: Cause | None = None,
        detail: str = "",
        *,
        clipped: bool = False,
    ) -> None:
        job, self._running = self._running, None
        if job is not None:
            took = asyncio.get_running_loop().time() - self._began
            self._answered = True
            frame = (stdout, stderr, status)
            reply = _reply(self._host, job, self._began_at, took, frame, cause, detail, clipped=clipped)
            self._done(job, reply)

    def _give_up(self, cause: Cause, detail: str, *, clipped: bool = False) -> WorkerExit:
        """Answer the running job with a cause and its output so far. The rest is left over."""
        out, err = self._feed.reader.partial()
        self._answer(out, err, None, cause, detail, clipped=clipped)
        return self._end()

    def _end(self) -> WorkerExit:
        running = () if self._running is None else (self._running,)
        return WorkerExit((*running, *self._feed.left), answered=self._answered)

    async def _leave(self, channel: Channel) -> None:
        """Stop everything on the host, then release the channel, within a few seconds."""
        self._feed.checked(None, sure=False)
        await self._until(lambda: self._hello is not None)
        if self._hello is not None and self._hello.group and not self._finished():
            await self._shells.kill(self._hello.group, elevated=self._elevation.full)
            channel.release()
            await self._until(lambda: False)
        await channel.close()

    def _finished(self) -> bool:
        """Whether there is nothing to kill: the shell ended with its children, or cannot be reached."""
        return self._ending is not None and (self._complete or self._ending.lost)

    async def _until(self, enough: Callable[[], bool]) -> None:
        """Wait a little longer, until `enough` is true or the shell has ended."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS_S):
                while self._ending is None and not enough():
                    match await self._events.get():
                        case framing.Hello() as hello:
                            self._hello = hello
                        case framing.Bye():
                            self._complete = True
                        case Ending() as ending:
                            self._ending = ending
                        case _:
                            continue


def _reply(
    host: str,
    job: Job,
    began_at: datetime,
    took_s: float,
    output: tuple[bytes, bytes, int | None],
    cause: Cause | None,
    detail: str,
    *,
    clipped: bool,
) -> Reply:
    """The reply for a job. output: stdout, stderr and the exit status."""
    stdout, stderr, status = output
    return Reply(
        host=host,
        ask=job.ask,
        asked_at=began_at.replace(microsecond=0),
        took_ms=round(took_s * 1000),
        stdout=stdout.decode("utf-8", "replace"),
        stderr=stderr.decode("utf-8", "replace"),
        exit=status,
        cause=cause,
        detail=detail,
        clipped=clipped,
    )


async def _to_the_end(work: Coroutine[None, None, None]) -> None:
    """Complete the work even if cancelled meanwhile, then raise the cancellation."""
    doing = asyncio.ensure_future(work)
    cancelled = False
    while not doing.done():
        try:
            await asyncio.shield(doing)
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError
