"""One lane: a shell that runs collectors one after the other, watched by the client's clock."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from readiness_tui.model.outcome import Cause
from readiness_tui.transports import framing, script
from readiness_tui.transports.channel import Channel, Ending, LinkLostError, NoSessionError, Shells
from readiness_tui.transports.framing import FrameReader
from readiness_tui.transports.jobs import Elevation, Job, LaneEnd, LaneLimits, Result

PREFLIGHT_S = 10.0
"""Seconds that `sudo -n -l` may take; without an answer root steps count as refused."""

LAST_WORDS_S = 3.0
"""Seconds given to a lane that is being stopped: to say hello, to end once killed."""


_PREFLIGHT = 0
"""The number of the question about sudo; jobs count from 1."""

_Event = framing.Said | Ending | None


class Lane:
    """Runs its jobs in order. Each is answered through `done`, or left over at the end."""

    def __init__(
        self,
        shells: Shells,
        jobs: Sequence[Job],
        elevation: Elevation,
        limits: LaneLimits,
        started: Callable[[Job], None],
        done: Callable[[Job, Result], None],
    ) -> None:
        self._shells = shells
        self._elevation = elevation
        self._limits = limits
        self._started = started
        self._done = done
        self._left = deque(sorted(jobs, key=lambda job: job.needs_root))
        self._sent: deque[Job] = deque()
        self._held: deque[Job] = deque()
        self._nonce = script.new_nonce()
        self._reader = FrameReader(self._nonce, limits.cap)
        self._events: asyncio.Queue[_Event] = asyncio.Queue()
        self._channel: Channel | None = None
        self._hello: framing.Hello | None = None
        self._ending: Ending | None = None
        self._checking = False
        self._complete = False
        self._running: Job | None = None
        self._answered = False
        self._began = 0.0
        self._began_at = datetime.now(UTC)

    def received(self, data: bytes, *, stderr: bool) -> None:
        """Listener: bytes came."""
        for said in self._reader.feed(data, stderr=stderr):
            self._events.put_nowait(said)

    def ended(self, ending: Ending) -> None:
        """Listener: the shell ended."""
        self._events.put_nowait(ending)

    async def run(self) -> LaneEnd:
        """Run until every job is answered or the lane ends; cancelling it kills what runs."""
        try:
            async with asyncio.timeout(self._limits.hello_s):
                self._channel = await self._shells.start(self)
        except NoSessionError as error:
            return LaneEnd(tuple(self._left), refused=True, detail=str(error))
        except LinkLostError as error:
            return LaneEnd(tuple(self._left), lost=True, detail=str(error))
        except TimeoutError:
            detail = f"no shell within {self._limits.hello_s:g} s"
            return LaneEnd(tuple(self._left), silent=Cause.TIMEOUT, detail=detail)
        try:
            self._write_all(self._channel)
            return await self._listen()
        finally:
            await self._leave(self._channel)

    def _write_all(self, channel: Channel) -> None:
        """Send the opening and every job that need not wait for the answer about sudo."""
        limits, elevation = self._limits, self._elevation
        total = sum(job.ask.timeout_s for job in self._left) + limits.grace_s + PREFLIGHT_S
        budget = limits.budget_s if limits.budget_s is not None else total
        text = [script.opening(self._nonce, budget_s=budget, own_group=self._shells.own_group)]
        ready, rooted = deque[Job](), deque[Job]()
        for job in self._left:
            (rooted if job.needs_root else ready).append(job)
        self._left.clear()
        if rooted and elevation.allowed is None and not elevation.asking:
            elevation.asking = self._checking = True
            self._reader.expect(_PREFLIGHT)
            text.append(script.preflight(_PREFLIGHT))
        elif rooted and elevation.allowed is None:
            elevation.waiting.append(lambda: self._events.put_nowait(None))
            self._held = rooted
        elif rooted and not elevation.allowed:
            text.append(script.NO_ROOT)
        text.extend(map(self._text, ready))
        if not self._held:
            text.extend(map(self._text, rooted))
            text.append(script.closing())
        channel.write("".join(text).encode("utf-8", "surrogatepass"))

    def _text(self, job: Job) -> str:
        self._reader.expect(job.number)
        self._sent.append(job)
        return script.asking(job.number, job.ask.script, job.ask.args)

    def _release(self) -> None:
        """The answer about sudo is known: send what was held back."""
        if self._channel is None or not self._held:
            return
        text = [] if self._elevation.allowed else [script.NO_ROOT]
        text.extend(self._text(job) for job in self._held)
        self._held.clear()
        self._channel.write("".join([*text, script.closing()]).encode("utf-8", "surrogatepass"))
        if self._hello is not None and self._running is None and not self._checking:
            self._begin()

    def _begin(self) -> None:
        """The next job has the shell from now on."""
        loop = asyncio.get_running_loop()
        self._began, self._began_at = loop.time(), datetime.now(UTC)
        self._running = None
        if not self._checking and self._sent:
            self._running = self._sent.popleft()
            self._started(self._running)

    def _deadline(self) -> float | None:
        """When to lose patience, by the loop's clock; None while there is nothing to wait for."""
        if self._hello is None:
            return self._began + self._limits.hello_s
        if self._checking:
            return self._began + PREFLIGHT_S
        if self._running is not None:
            return self._began + self._running.ask.timeout_s
        return None if self._held else self._began + LAST_WORDS_S

    async def _listen(self) -> LaneEnd:
        self._began = asyncio.get_running_loop().time()
        while True:
            try:
                async with asyncio.timeout_at(self._deadline()):
                    event = await self._events.get()
            except TimeoutError:
                return self._too_late()
            match event:
                case None:
                    self._release()
                case framing.Hello():
                    self._hello = event
                    self._begin()
                case framing.Frame():
                    self._framed(event)
                case framing.Overflow():
                    if self._running is None or self._running.number != event.number:
                        return self._end()
                    return self._give_up(Cause.GARBLED, self._too_much(), clipped=True)
                case framing.Bye():
                    self._complete = True
                case framing.Garbled():
                    return self._give_up(Cause.GARBLED, f"the host's answer is garbled: {event.detail}")
                case Ending():
                    self._ending = event
                    return self._stopped(event)

    def _too_much(self) -> str:
        return f"more than {self._limits.cap // 1024} KiB of output"

    def _too_late(self) -> LaneEnd:
        if self._hello is None:
            noise = self._reader.noise().splitlines()
            said = f", it said: {noise[0]}" if noise else ""
            detail = f"the shell did not begin within {self._limits.hello_s:g} s{said}"
            return LaneEnd((*self._sent, *self._held), silent=Cause.TIMEOUT, detail=detail)
        if self._checking:
            self._checking = False
            self._elevation.found(False)
        limit = self._running.ask.timeout_s if self._running else 0
        return self._give_up(Cause.TIMEOUT, f"not finished after {limit:g} s")

    def _stopped(self, ending: Ending) -> LaneEnd:
        """The shell ended: after its last words all is well, before them something broke it."""
        if ending.lost:
            jobs = [job for job in (self._running,) if job]
            self._running = None
            return LaneEnd((*jobs, *self._sent, *self._held), lost=True, detail=ending.detail)
        if self._hello is None:
            noise = self._reader.noise().splitlines()
            how = noise[0] if noise else f"it ended with status {ending.status or ending.signal}"
            return LaneEnd((*self._sent, *self._held), silent=Cause.UNSUPPORTED, detail=how)
        return self._give_up(Cause.ERROR, "the shell was killed while this ran")

    def _framed(self, frame: framing.Frame) -> None:
        if frame.number == _PREFLIGHT:
            self._checking = False
            self._elevation.found(frame.exit == 0, full=b"NOPASSWD: ALL" in frame.stdout)
        elif self._running is not None:
            cause, detail = (Cause.GARBLED, self._too_much()) if frame.clipped else (None, "")
            self._answer(frame.stdout, frame.stderr, frame.exit, cause, detail, clipped=frame.clipped)
        self._begin()

    def _answer(
        self,
        stdout: bytes,
        stderr: bytes,
        status: int | None,
        cause: Cause | None,
        detail: str,
        *,
        clipped: bool = False,
    ) -> None:
        job, self._running = self._running, None
        if job is not None:
            took = asyncio.get_running_loop().time() - self._began
            result = Result(self._began_at, took, stdout, stderr, status, cause, detail, clipped=clipped)
            self._answered = True
            self._done(job, result)

    def _give_up(self, cause: Cause, detail: str, *, clipped: bool = False) -> LaneEnd:
        """The running job is answered with a cause and what it printed; the rest is left over."""
        out, err = self._reader.partial()
        self._answer(out, err, None, cause, detail, clipped=clipped)
        return self._end()

    def _end(self) -> LaneEnd:
        running = () if self._running is None else (self._running,)
        return LaneEnd((*running, *self._sent, *self._held), answered=self._answered)

    async def _leave(self, channel: Channel) -> None:
        """Leave nothing running on the host, then let the channel go; finishes though cancelled."""
        leaving = asyncio.ensure_future(self._stop(channel))
        try:
            await asyncio.shield(leaving)
        except asyncio.CancelledError:
            await leaving
            raise

    async def _stop(self, channel: Channel) -> None:
        if self._checking:
            self._checking = False
            self._elevation.found(None)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS_S):
                await self._until(lambda: self._hello is not None or self._complete)
        clean = self._ending is not None and self._complete
        if self._hello is not None and self._hello.group and not clean and not self._lost():
            await self._shells.kill(self._hello.group, elevated=self._elevation.full)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORDS_S):
                    await self._until(lambda: False)
        await channel.close()

    def _lost(self) -> bool:
        return self._ending is not None and self._ending.lost

    async def _until(self, enough: Callable[[], bool]) -> None:
        """Follow the lane until that holds or the shell has ended."""
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
