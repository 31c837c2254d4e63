"""Leaving, by a key, a signal or an error: nothing is lost unless the operator says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from readiness_tui.errors import ExitCode
from readiness_tui.tui.key_order import TypingAhead
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.terminal.signals import HANG_UP_STATUS

if TYPE_CHECKING:
    from readiness_tui.workspace.workspace import Workspace

TWICE_S = 2.0
"""Seconds within which a second Ctrl+C quits."""


class Leaving(TypingAhead):
    """An app with at most one launch on its workspace.

    parting: what the operator is told when the screen is gone; empty when all is well.
    """

    workspace: Workspace | None = None
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
            unsaved = self.workspace is not None and self.workspace.unsaved
            self.screen.say("Ctrl+C again quits" + ("" if unsaved else "; everything is saved"))

    def _forgive(self) -> None:
        self._interrupted = False

    def signalled(self, status: int) -> None:
        """A signal asked the program to end: save, restore the terminal, exit."""
        self.end(status)

    def terminal_gone(self) -> None:
        """The terminal was closed: save and exit."""
        self.end(HANG_UP_STATUS)

    def end(self, status: int) -> None:
        """Save what is open, then exit with the status. READY: the operator's wish, who can be asked."""
        self._status = status or self._status
        if not self._ending:
            self._ending = True
            self.run_worker(self._end(), group="end")

    async def _end(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, CommandScreen):
                screen.keep_all()
        if not self._status and not await self.may_leave(self.action_leave) and not self._status:
            self._ending = False
            return
        saved = await self.put_away(without=not self._status)
        self.exit(return_code=self._status or int(ExitCode.READY if saved else ExitCode.USAGE))

    async def may_leave(self, leave: Callable[[], None]) -> bool:
        """Whether all is saved, or the operator was asked and goes without; else they are asked.

        leave: goes on with what was wanted.
        """
        screens = (screen for screen in self.screen_stack if isinstance(screen, CommandScreen))
        asked = any(screen.ASKS_WHETHER_TO_LEAVE for screen in screens)
        if asked or self.workspace is None or await self.workspace.flush():
            return True
        from readiness_tui.tui.screens.unsaved import UnsavedScreen

        self.push_screen(UnsavedScreen(self.workspace, leave))
        return False

    async def put_away(self, *, without: bool = False) -> bool:
        """Save and close the open launch. False when something could not be saved.

        That is then kept elsewhere, if it can be. without: the operator goes without it.
        """
        workspace, self.workspace = self.workspace, None
        if workspace is None or await workspace.close(without=without):
            return True
        self._part(workspace)
        return False

    def save_what_is_left(self) -> bool:
        """After the loop has ended: write what may still wait. False when it cannot be written."""
        if self.workspace is None or self.workspace.save_now():
            return True
        self._part(self.workspace)
        return False

    def _part(self, workspace: Workspace) -> None:
        told = f"readiness: the last changes of {workspace.assessment.session.launch} could not be saved"
        if (kept := workspace.kept) is not None:
            told += f"\nthey are in {kept.path}\nmerge them in, before the launch is opened again, with:\n"
            told += f"  {kept.command}"
        self.parting += f"{told}\n"
