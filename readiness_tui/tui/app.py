"""The program behind the screens: it opens and closes launches, and leaves nothing unsaved."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from rich.text import Text
from textual import on
from textual.binding import Binding

from readiness_tui import settings
from readiness_tui.assessment import utc_now
from readiness_tui.errors import ExitCode, ReadinessError, SessionError
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui import broken
from readiness_tui.tui.commands import Help
from readiness_tui.tui.desk import Desk
from readiness_tui.tui.messages import Blocked, EndProgram, GoHome, OpenLaunch, StartNew
from readiness_tui.tui.opening import open_launch
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.screens.form import FormScreen
from readiness_tui.tui.screens.help import HelpScreen
from readiness_tui.tui.screens.home import HomeScreen
from readiness_tui.tui.screens.notice import NoticeScreen
from readiness_tui.tui.screens.walk import WalkScreen
from readiness_tui.tui.theme import THEME
from readiness_tui.tui.typing_ahead import TypingAhead
from readiness_tui.tui.vocabulary import charset

ENDINGS = {signal.SIGHUP: 129, signal.SIGTERM: 143}
"""Signals that end the program, saved and with the terminal restored, and the exit status of each."""

TWICE_S = 2.0
"""Seconds within which a second Ctrl+C quits."""

LAST_RESORT_S = 8.0
"""Seconds after which a signalled program ends whatever still hangs; the save has had its time by then."""


class ReadinessApp(TypingAhead):
    """The full-screen door."""

    CSS_PATH = "app.tcss"
    TITLE = "readiness"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS = set()
    BINDINGS = [
        Binding("ctrl+c", "interrupt", "quit", priority=True, id="app.interrupt", show=False),
        Binding("ctrl+q", "leave", "quit", priority=True, id="app.leave", show=False),
    ]

    def __init__(
        self,
        folder: Path,
        *,
        launch: str | None = None,
        day: date | None = None,
        operator: str = "",
        clock: Callable[[], datetime] = utc_now,
        today: Callable[[], date] = date.today,
    ) -> None:
        """clock, today: the moment (UTC) and the operator's calendar day; fixed in tests.

        Raises UsageError for a settings file that cannot be read.
        """
        super().__init__(ansi_color=True)
        self.register_theme(THEME)
        self.theme = THEME.name
        self._settings = settings.load()
        self.set_keymap(self._settings.keys)
        self.sessions = Sessions(folder)
        self.operator = operator
        self._asked = (launch, day)
        self._clock = clock
        self._today = today
        self._chars = charset()
        self._desk: Desk | None = None
        self._leaving = False
        self._warned = False
        self._interrupted = False

    async def on_mount(self) -> None:
        """Keys, signals, the first screen."""
        loop = asyncio.get_running_loop()
        if not self.is_headless:
            for number, status in ENDINGS.items():
                loop.add_signal_handler(number, self._signalled, status)
        launch, day = self._asked
        await self.push_screen(self._home())
        if launch is not None:
            self.post_message(OpenLaunch(launch, day))
        self.set_timer(0.5, self._warm)

    async def on_unmount(self) -> None:
        """However the program ends: what is open is saved and closed."""
        await self._put_away()

    @property
    def wants_mouse(self) -> bool:
        """As the settings say; without a word, not over SSH, where a lost link leaves it on."""
        asked = self._settings.mouse
        return "SSH_CONNECTION" not in os.environ if asked is None else asked

    def _warm(self) -> None:
        """Import what the first SSH connection needs while nobody waits for it."""
        threading.Thread(target=__import__, args=("asyncssh",), daemon=True, name="warm").start()

    def _home(self) -> HomeScreen:
        return HomeScreen(self.sessions, self._chars, clock=self._clock)

    @on(OpenLaunch)
    def _open(self, event: OpenLaunch) -> None:
        self.run_worker(self._opened(event), group="open", exclusive=True)

    async def _opened(self, event: OpenLaunch) -> None:
        """Open a launch off the loop; what is wrong with it is said on the screen that asked."""
        name, day = event.name, event.day
        try:
            launch = await asyncio.to_thread(
                open_launch, self.sessions, name, day, self.operator, self._today(), self._clock
            )
        except ReadinessError as error:
            if isinstance(self.screen, CommandScreen):
                self.screen.block(f"{name} was not opened", error)
            return
        await self._put_away()
        self._desk = Desk(launch, self._chars, clock=self._clock)
        while isinstance(self.screen, FormScreen | WalkScreen):
            await self.pop_screen()
        await self.push_screen(WalkScreen(self._desk, view=event.view, at=event.item))

    @on(Help)
    def _help(self) -> None:
        if isinstance(self.screen, CommandScreen):
            self.push_screen(HelpScreen(self.screen.OFFERS))

    @on(Blocked)
    def _blocked(self, event: Blocked) -> None:
        self.push_screen(NoticeScreen(event.tried, event.error))

    @on(StartNew)
    def _start_new(self) -> None:
        form = FormScreen(self.sessions, self._chars, operator=self.operator, today=self._today)
        self.push_screen(form)

    @on(GoHome)
    def _go_home(self) -> None:
        self.run_worker(self._close_walk(), group="open", exclusive=True)

    async def _close_walk(self) -> None:
        while isinstance(self.screen, WalkScreen):
            await self.pop_screen()
        await self._put_away()

    async def _put_away(self) -> bool:
        """Save and close the open launch; True when there is nothing left to save."""
        desk, self._desk = self._desk, None
        return await desk.close() if desk is not None else True

    @on(EndProgram)
    def _leave(self) -> None:
        self.end(int(ExitCode.READY))

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
            self.screen.say("Ctrl+C again quits; everything is saved")

    def _forgive(self) -> None:
        self._interrupted = False

    def action_command_palette(self) -> None:
        """The palette belongs to screens that offer commands."""
        if isinstance(self.screen, CommandScreen):
            super().action_command_palette()

    def _signalled(self, status: int) -> None:
        """The terminal went away, or somebody wants us to end: save, restore, exit."""
        last = threading.Timer(LAST_RESORT_S, os._exit, args=(status,))
        last.daemon = True
        last.start()
        self.end(status)

    def _fatal_error(self) -> None:
        """An error of our own: its details go to a file, one plain message to the operator."""
        place = broken.record(sys.exc_info()[1])
        self._exit_renderables.append(Text(broken.told(place)))
        self._close_messages_no_wait()

    def save_what_is_left(self) -> bool:
        """After the loop has ended: write what may still wait. False when it cannot be written."""
        return self._desk is None or self._desk.save_now()

    def end(self, status: int) -> None:
        """Save what is open, then exit with the status."""
        if not self._leaving:
            self._leaving = True
            self.run_worker(self._end(status), group="end")

    async def _end(self, status: int) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, WalkScreen):
                screen.keep_note()
                screen.keep_position()
        desk = self._desk
        asked = status == ExitCode.READY and not self._warned
        if desk is not None and asked and not await desk.flush():
            self._leaving, self._warned = False, True
            self._tell_unsaved(desk)
        elif await self._put_away():
            self.exit(return_code=status)
        else:
            told = "readiness: the last changes could not be saved"
            if desk is not None and desk.kept is not None:
                told += f"; yours are in {desk.kept}"
            self.exit(return_code=status or int(ExitCode.USAGE), message=told)

    def _tell_unsaved(self, desk: Desk) -> None:
        """Nobody leaves without what they typed unless they say so twice."""
        why = SessionError(
            desk.save_state.reason, hint=f"{desk.save_state.hint}; leaving again loses it".lstrip("; ")
        )
        self.push_screen(NoticeScreen("Still here: the last changes are not saved", why))
