"""An open launch with its assessment, its saving and its probing, shared by all screens."""

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
"""Seconds to wait for the last save at exit."""


class Workspace:
    """One open launch. Made on the event loop, closed once.

    listener: set by the screen that shows it; called on the event loop after every change.
    say: set by the same screen; takes one line for the operator. block: takes what was tried and
    the error. clash: an unresolved conflict; clashed: called when one occurs.
    kept: the copy of the session that was written elsewhere because it could not be saved.
    """

    def __init__(
        self,
        launch: Launch,
        chars: Charset,
        *,
        clock: Callable[[], datetime] = utc_now,
        conflict_hint: str = "",
    ) -> None:
        """conflict_hint: how the operator can see both sides of a conflict."""
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
        self._context = copy_context()  # screens cannot be drawn from the saving thread
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
        """A failed state stays until the session is saved."""
        return self.save_state if self.save_state.light is Light.FAILED else state

    def _from_thread(self, state: SaveState) -> None:
        self._on_loop(self._saved, state)

    def _on_loop(self, call: Callable[[T], None], value: T) -> None:
        with suppress(RuntimeError):  # the event loop is closed: the program is ending
            self._loop.call_soon_threadsafe(call, value, context=self._context)

    def _saved(self, state: SaveState) -> None:
        if state.light is Light.SAVED and self._autosaver.unsaved:
            return
        self.save_state = state
        if state.light is Light.SAVED:
            self.clash = None
        self.listener()

    def _resave(self) -> None:
        if self.save_state.light is Light.SAVED:  # a failed save is retried anyway
            self._autosaver.submit(self.assessment.session)

    def _joined(self, joined: MergedSave) -> None:
        """Merge the changes that others wrote to the file into the open session."""
        session = self._sharer.rebased(joined, self.assessment.session)
        self._sharer.taken_up()
        self.clash = None
        self.assessment.replace(session)
        if joined.items:
            items = f"{joined.items} item{'' if joined.items == 1 else 's'}"
            self.say(f"merged and saved: someone else changed {items} in the file")

    def _clashed(self, clash: MergeConflict) -> None:
        known, self.clash = self.clash, clash
        if known is None or known.theirs != clash.theirs:
            self.clashed()

    def decide(self, clash: MergeConflict, session: Session) -> None:
        """Apply the operator's resolution of a conflict. session: the merge with their choices."""
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
        """Run a probing independent of the screens. It ends with the workspace at the latest."""
        task = asyncio.create_task(probing)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.say(f"probing failed: {type(error).__name__}: {error}")

    @property
    def unsaved(self) -> bool:
        """Whether something is not on disk yet."""
        return self._autosaver.unsaved

    async def flush(self) -> bool:
        """Wait until everything is on disk. False if it cannot be saved."""
        return await asyncio.to_thread(self._autosaver.flush, FLUSH_S)

    def save_now(self) -> bool:
        """Wait for the last save, without an event loop. False if it could not be saved.

        What could not be saved is then `kept` elsewhere, if possible.
        """
        done = self._autosaver.close(FLUSH_S)
        if not done:
            self._keep_anyhow()
        return done

    async def close(self, *, without: bool = False) -> bool:
        """Stop the probes, save, close the connections. False if something could not be saved.

        What could not be saved is then `kept` elsewhere, if possible. without: the operator chose not to
        save it.
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
        """The ids of the items with unsaved changes, in checklist order."""
        before, now = self._sharer.base, self.assessment.session
        return tuple(
            item for item in self.assessment.checklist.items if before.record(item) != now.record(item)
        )

    def place(self) -> Path:
        """The default path of a copy of the session."""
        return recovery.place(self.assessment.session, self.clock())

    def keep(self, path: Path) -> None:
        """Write a copy of the session to another path: `kept`. Raises SessionError."""
        self.kept = recovery.keep(self.launch.sessions, self._sharer.base, self.assessment.session, path)

    def _keep_anyhow(self) -> None:
        """Write a copy without asking: beside the file if there is an unresolved conflict, else elsewhere."""
        beside = self.launch.sessions.path(self.assessment.session).absolute()
        beside = beside.with_name(f"{beside.stem}.ours-{self.clock():%Y%m%dT%H%M%SZ}.toml")
        for path in ([beside] if self.clash is not None else []) + [self.place()]:
            if self.kept is None:
                with suppress(SessionError):  # the message reports that there is no copy
                    self.keep(path)
