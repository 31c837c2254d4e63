"""An open launch on the operator's desk: its truth, its saving, its probing; screens come and go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import copy_context
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from readiness_tui.assessment import utc_now
from readiness_tui.display.marks import Charset
from readiness_tui.errors import ReadinessError, SessionError
from readiness_tui.launch import Launch
from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.store import recovery
from readiness_tui.store.autosave import Autosaver, Light, SaveState
from readiness_tui.workspace.merging_saver import MergeConflict, MergedSave, MergingSaver
from readiness_tui.workspace.prober import Prober
from readiness_tui.workspace.watcher import follow

T = TypeVar("T")

FLUSH_S = 5.0
"""Seconds the program waits for the last save when it ends."""


class Workspace:
    """One open launch. Made on the event loop, closed once.

    listener: set by the screen that shows it; called on the loop after any change.
    say: set by the same screen; takes one line for the operator. block: takes what was tried and
    the error in the way. clash: what both sides changed, undecided; clashed: called when it came.
    kept: the copy of what stands here that was put elsewhere, since it could not be saved.
    """

    def __init__(
        self,
        launch: Launch,
        chars: Charset,
        *,
        clock: Callable[[], datetime] = utc_now,
        conflict_hint: str = "",
    ) -> None:
        """conflict_hint: how the operator sees both sides of a change that others made too."""
        self.launch = launch
        self.assessment = launch.assessment
        self.chars = chars
        self.clock = clock
        self.listener: Callable[[], None] = lambda: None
        self.say: Callable[[str], None] = lambda text: None
        self.block: Callable[[str, ReadinessError], None] = lambda tried, error: None
        self.prober = Prober(
            launch,
            lambda: self.listener(),
            lambda text: self.say(text),
            lambda error: self.block("No probe ran", error),
        )
        self._loop = asyncio.get_running_loop()
        self._context = copy_context()  # the saving thread has none in which a screen can be drawn
        self.clash: MergeConflict | None = None
        self.clashed: Callable[[], None] = lambda: None
        self.kept: recovery.Rescued | None = None
        self._sharer = MergingSaver(
            launch.sessions,
            self.assessment.checklist,
            self.assessment.session,
            lambda joined: self._on_loop(self._joined, joined),
            lambda clash: self._on_loop(self._clashed, clash),
            by=self.assessment.operator,
            clock=clock,
            hint=conflict_hint,
        )
        self._autosaver = Autosaver(self._sharer.save, self._from_thread, clock=clock)
        self.save_state = self._autosaver.state
        self._tasks: set[asyncio.Task[None]] = set()
        self._unwatch = self.assessment.watch(self._on_change)
        self._following = asyncio.create_task(follow(launch, lambda text: self.say(text), self._resave))

    def _on_change(self, before: Session, after: Session) -> None:
        if not self.assessment.read_only:
            self.kept = None
            self.save_state = self._seen(replace(self.save_state, light=Light.SAVING))
            self._autosaver.submit(after)
        self.listener()

    def _seen(self, state: SaveState) -> SaveState:
        """A red light stays red until it is saved."""
        return self.save_state if self.save_state.light is Light.FAILED else state

    def _from_thread(self, state: SaveState) -> None:
        self._on_loop(self._saved, state)

    def _on_loop(self, call: Callable[[T], None], value: T) -> None:
        with suppress(RuntimeError):  # the loop is closed: the program ends, nobody looks any more
            self._loop.call_soon_threadsafe(call, value, context=self._context)

    def _saved(self, state: SaveState) -> None:
        if state.light is Light.SAVED and self._autosaver.unsaved:
            return
        self.save_state = state
        if state.light is Light.SAVED:
            self.clash = None
        self.listener()

    def _resave(self) -> None:
        if self.save_state.light is Light.SAVED:  # a red light is tried again anyway
            self._autosaver.submit(self.assessment.session)

    def _joined(self, joined: MergedSave) -> None:
        """Others wrote into the file: go on from both."""
        session = self._sharer.rebased(joined, self.assessment.session)
        self._sharer.taken_up()
        self.clash = None
        self.assessment.replace(session)
        if joined.items:
            items = f"{joined.items} item{'' if joined.items == 1 else 's'}"
            self.say(f"somebody else changed {items} in the file: merged and saved")

    def _clashed(self, clash: MergeConflict) -> None:
        known, self.clash = self.clash, clash
        if known is None or known.theirs != clash.theirs:
            self.clashed()

    def decide(self, clash: MergeConflict, session: Session) -> None:
        """Go on with what the operator decided. session: the merge with their choices."""
        self._sharer.settle(clash)
        self.clash = None
        self.assessment.replace(
            self._sharer.rebased(MergedSave(clash.ours, session, 0), self.assessment.session)
        )

    def work_as(self, operator: str) -> str:
        """Go on as another operator, who is named in what follows; the name as it is kept.

        Raises UsageError for an empty name.
        """
        name = operator.strip()
        edit = edits.SetOperator(name)
        before, self.assessment.operator = self.assessment.operator, name
        try:
            self.assessment.apply(edit)
        except ReadinessError:
            self.assessment.operator = before
            raise
        self._sharer.by = name
        return name

    def work(self, probing: Coroutine[Any, Any, None]) -> None:
        """Have a probing go on whatever screen is shown; it ends with the desk at the latest."""
        task = asyncio.create_task(probing)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.say(f"probing broke off: {type(error).__name__}: {error}")

    @property
    def unsaved(self) -> bool:
        """Something is not on disk yet."""
        return self._autosaver.unsaved

    async def flush(self) -> bool:
        """Wait until all is on disk. False when it cannot be saved."""
        return await asyncio.to_thread(self._autosaver.flush, FLUSH_S)

    def save_now(self) -> bool:
        """Wait for the last save; for when the loop is gone. False when it could not be saved.

        What could not is then `kept` elsewhere, if that can be.
        """
        done = self._autosaver.close(FLUSH_S)
        if not done:
            self._keep_anyhow()
        return done

    async def close(self, *, without: bool = False) -> bool:
        """Stop the probes, save, close the connections. False when something could not be saved.

        What could not is then `kept` elsewhere, if that can be. without: the operator goes without it.
        """
        self._following.cancel()
        await self.prober.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FLUSH_S)
        self._unwatch()
        done = await asyncio.to_thread(self._autosaver.close, FLUSH_S)
        if not done and (self.clash is not None or not without):
            await asyncio.to_thread(self._keep_anyhow)
        await self.launch.close()
        return done

    @property
    def unsaved_items(self) -> tuple[str, ...]:
        """The ids of the items of which something is not on disk, in checklist order."""
        before, now = self._sharer.base, self.assessment.session
        return tuple(
            item for item in self.assessment.checklist.items if before.record(item) != now.record(item)
        )

    def place(self) -> Path:
        """Where a copy of what stands here goes when nobody names a place."""
        return recovery.place(self.assessment.session, self.clock())

    def keep(self, path: Path) -> None:
        """Write what stands here to another place too: `kept`. Raises SessionError."""
        self.kept = recovery.keep(self.launch.sessions, self._sharer.base, self.assessment.session, path)

    def _keep_anyhow(self) -> None:
        """Nobody can be asked: beside the file while it holds what nobody decided on, else elsewhere."""
        beside = self.launch.sessions.path(self.assessment.session).absolute()
        beside = beside.with_name(f"{beside.stem}.ours-{self.clock():%Y%m%dT%H%M%SZ}.toml")
        for path in ([beside] if self.clash is not None else []) + [self.place()]:
            if self.kept is None:
                with suppress(SessionError):  # the message says that nothing was kept
                    self.keep(path)
