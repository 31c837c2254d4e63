"""Leaving, by a key, a signal or an error: nothing is lost unless the operator says so."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

from readiness_tui.errors import ExitCode
from readiness_tui.tui.key_order import TypingAhead
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.screens.unsaved import UnsavedScreen
from readiness_tui.tui.screens.walk import WalkScreen
from readiness_tui.workspace.workspace import Workspace

ENDINGS = {signal.SIGHUP: 129, signal.SIGTERM: 143}
"""Signals that end the program, saved and with the terminal restored, and the exit status of each."""

TWICE_S = 2.0
"""Seconds within which a second Ctrl+C quits."""

LAST_RESORT_S = 20.0
"""Seconds after which a signalled program ends whatever still hangs: the save, and the copy that is kept
when the save fails, have had their time by then."""


class Leaving(TypingAhead):
    """An app with at most one launch on its desk.

    parting: what the operator is told when the screen is gone; empty when all is well.
    """

    desk: Workspace | None = None
    parting = ""
    _ending = False
    _status = int(ExitCode.READY)
    _interrupted = False

    def action_leave(self) -> None:
        """Quit."""
        self.end(int(ExitCode.READY))

    def action_interrupt(self) -> None:
        """Ctrl+C: once says how, twice quits."""
        if self._interrupted:
            self.end(int(ExitCode.READY))
            return
        self._interrupted = True
        self.set_timer(TWICE_S, self._forgive)
        if isinstance(self.screen, CommandScreen):
            unsaved = self.desk is not None and self.desk.unsaved
            self.screen.say("Ctrl+C again quits" + ("" if unsaved else "; everything is saved"))

    def _forgive(self) -> None:
        self._interrupted = False

    def signalled(self, status: int) -> None:
        """The terminal went away, or somebody wants us to end: save, restore, exit."""
        last = threading.Timer(LAST_RESORT_S, os._exit, args=(status,))
        last.daemon = True
        last.start()
        self.end(status)

    def end(self, status: int) -> None:
        """Save what is open, then exit with the status. READY: the operator's wish, who can be asked."""
        self._status = status or self._status
        if not self._ending:
            self._ending = True
            self.run_worker(self._end(), group="end")

    async def _end(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, WalkScreen):
                screen.keep_note()
                screen.keep_position()
        if not self._status and not await self.may_leave(self.action_leave) and not self._status:
            self._ending = False
            return
        saved = await self.put_away(without=not self._status)
        self.exit(return_code=self._status or int(ExitCode.READY if saved else ExitCode.USAGE))

    async def may_leave(self, leave: Callable[[], None]) -> bool:
        """Whether all is saved, or the operator was asked and goes without; else they are asked.

        leave: goes on with what was wanted.
        """
        asked = any(isinstance(screen, UnsavedScreen) for screen in self.screen_stack)
        if asked or self.desk is None or await self.desk.flush():
            return True
        self.push_screen(UnsavedScreen(self.desk, leave))
        return False

    async def put_away(self, *, without: bool = False) -> bool:
        """Save and close the open launch. False when something could not be saved.

        That is then kept elsewhere, if it can be. without: the operator goes without it.
        """
        desk, self.desk = self.desk, None
        if desk is None or await desk.close(without=without):
            return True
        self._part(desk)
        return False

    def save_what_is_left(self) -> bool:
        """After the loop has ended: write what may still wait. False when it cannot be written."""
        if self.desk is None or self.desk.save_now():
            return True
        self._part(self.desk)
        return False

    def _part(self, desk: Workspace) -> None:
        told = f"readiness: the last changes of {desk.assessment.session.launch} could not be saved"
        if (kept := desk.kept) is not None:
            told += f"\nthey are in {kept.path}\nmerge them in, before the launch is opened again, with:\n"
            told += f"  {kept.command}"
        self.parting += f"{told}\n"
