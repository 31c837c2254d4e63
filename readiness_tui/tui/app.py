"""The program behind the screens: it opens and closes launches, and leaves nothing unsaved."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.binding import Binding
from textual.scrollbar import ScrollBar, ScrollBarRender

from readiness_tui import settings
from readiness_tui.assessment import utc_now
from readiness_tui.display.marks import charset
from readiness_tui.errors import ExitCode, ReadinessError
from readiness_tui.model.inventory import Address
from readiness_tui.store.sessions import Sessions
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys
from readiness_tui.tui import asking_operator, crash_report
from readiness_tui.tui.commands import Help
from readiness_tui.tui.leaving import Leaving
from readiness_tui.tui.messages import Blocked, EndProgram, GoHome, OpenLaunch, SatDown, StartNew
from readiness_tui.tui.passphrases import OnScreen
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.terminal.ascii_only import AsciiOnly
from readiness_tui.tui.terminal.display import LeanDisplay, lean_display_fits
from readiness_tui.tui.terminal.driver import safe_driver
from readiness_tui.tui.terminal.signals import SignalWatch
from readiness_tui.tui.theme import THEME, PlainScrollBar

if TYPE_CHECKING:
    from readiness_tui.launch import Launch

WARM_S = 0.5
"""Seconds after the first screen at which what an SSH connection needs is imported."""


class ReadinessApp(LeanDisplay, Leaving):
    """The full-screen door."""

    CSS_PATH = "app.tcss"
    TITLE = "readiness"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS = set()
    BINDINGS = [
        Binding("ctrl+c", "interrupt", "quit", priority=True, id="app.interrupt", show=False),
        Binding("ctrl+q", "leave", "quit", priority=True, id="app.leave", show=False),
        Binding("ctrl+z", "suspend_process", "suspend", priority=True, id="app.suspend", show=False),
    ]

    def __init__(
        self,
        folder: Path,
        *,
        launch: str | None = None,
        day: date | None = None,
        operator: str = "",
        stock_display: bool = False,
        clock: Callable[[], datetime] = utc_now,
        today: Callable[[], date] = date.today,
    ) -> None:
        """clock, today: the moment (UTC) and the operator's calendar day; fixed in tests.

        Raises UsageError for a settings file that cannot be read.
        """
        super().__init__(ansi_color=True, driver_class=None if stock_display else safe_driver())
        self.lean = lean_display_fits() and not stock_display
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
        self._filters += [AsciiOnly()] if self._chars.ascii else []
        ScrollBar.renderer = PlainScrollBar if self._chars.ascii else ScrollBarRender
        self._keyring = UnlockedKeys(OnScreen(self))

    async def on_mount(self) -> None:
        """Keys, signals, the first screen."""
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            SignalWatch(lambda status: loop.call_soon_threadsafe(self.signalled, status)).start()
        self.set_timer(WARM_S, gc.enable)  # see start.run_tui
        launch, day = self._asked
        if launch is None:
            await self._show_home()
        else:
            self.post_message(OpenLaunch(launch, day))

    async def _show_home(self) -> None:
        """Show the list of launches."""
        from readiness_tui.tui.screens.home import HomeScreen

        await self.push_screen(HomeScreen(self.sessions, self._chars, clock=self._clock))

    async def on_unmount(self) -> None:
        """However the program ends: what is open is saved and closed."""
        await self.put_away()

    @property
    def wants_mouse(self) -> bool:
        """As the settings say; without a word, not over SSH, where a lost link leaves it on."""
        asked = self._settings.mouse
        return "SSH_CONNECTION" not in os.environ if asked is None else asked

    def _warm(self) -> None:
        """Import what the first SSH connection needs while nobody waits for it."""
        threading.Thread(target=__import__, args=("asyncssh",), daemon=True, name="warm").start()

    @on(OpenLaunch)
    def _open(self, event: OpenLaunch) -> None:
        self.run_worker(self._opened(event), group="open", exclusive=True)

    async def _opened(self, event: OpenLaunch) -> None:
        """Open a launch off the loop; what is wrong with it is said on the screen that asked."""
        from readiness_tui.workspace.opening import open_launch

        name, day = event.name, event.day
        self.operator = event.operator or self.operator
        if day is None and not self.operator and await self._asks_who(event):
            return
        if isinstance(self.screen, CommandScreen):
            self.screen.say(f"opening {name} ...")
        try:
            launch = await asyncio.to_thread(
                open_launch, self.sessions, name, day, self.operator, self._today(), self._clock
            )
        except ReadinessError as error:
            if not isinstance(self.screen, CommandScreen):
                await self._show_home()
            self.post_message(Blocked(f"{name} was not opened", error))
            return
        await self.put_away()
        launch.unlock_with(self._keyring)
        await self._show_walk(launch, event)

    async def _asks_who(self, event: OpenLaunch) -> bool:
        return await asking_operator.ask(self, self.sessions, event, self._chars, self._left_without_name)

    def _left_without_name(self) -> None:
        self.call_later(self._home_unless_shown)

    async def _home_unless_shown(self) -> None:
        """Show the list of launches when no other screen is left."""
        if not isinstance(self.screen, CommandScreen):
            await self._show_home()

    @on(SatDown)
    def _sat_down(self, event: SatDown) -> None:
        self.operator = event.operator

    async def _show_walk(self, launch: Launch, event: OpenLaunch) -> None:
        from readiness_tui.tui.walk.screen import WalkScreen
        from readiness_tui.workspace.workspace import Workspace

        self.workspace = Workspace(launch, self._chars, clock=self._clock, conflict_hint="M shows both sides")
        await self._leave_launch()
        await self.push_screen(WalkScreen(self.workspace, view=event.view, at=event.item))
        self.type_early_keys()
        if any(Address.parse(host.address).transport == "ssh" for host in launch.assessment.session.hosts):
            self.set_timer(WARM_S, self._warm)

    async def _leave_launch(self) -> None:
        """Close the screens of the launch that was open, or of the one that was made."""
        while isinstance(self.screen, CommandScreen) and self.screen.OF_A_LAUNCH:
            await self.pop_screen()

    @on(Help)
    def _help(self) -> None:
        from readiness_tui.tui.screens.help import HelpScreen

        if isinstance(self.screen, CommandScreen):
            self.push_screen(HelpScreen(self.screen.OFFERS))

    @on(Blocked)
    def _blocked(self, event: Blocked) -> None:
        from readiness_tui.tui.screens.notice import NoticeScreen

        self.push_screen(NoticeScreen(event.tried, event.error))

    @on(StartNew)
    def _start_new(self) -> None:
        from readiness_tui.tui.screens.form import FormScreen

        self.push_screen(
            FormScreen(self.sessions, self._chars, self._keyring, operator=self.operator, today=self._today)
        )

    @on(GoHome)
    def _go_home(self) -> None:
        self.run_worker(self._close_walk(), group="open", exclusive=True)

    async def _close_walk(self) -> None:
        if not await self.may_leave(self._go_home):
            return
        await self._leave_launch()
        if not isinstance(self.screen, CommandScreen):
            await self._show_home()
        if not await self.put_away(without=True) and isinstance(self.screen, CommandScreen):
            self.screen.say("the last changes were not saved", bad=True)

    @on(EndProgram)
    def _leave(self) -> None:
        self.end(int(ExitCode.READY))

    def action_command_palette(self) -> None:
        """Show the palette of the screen beneath, unless a text is being typed."""
        from readiness_tui.tui.palette.screen import PaletteScreen

        if isinstance(self.screen, CommandScreen) and not self.screen.typing:
            self.push_screen(PaletteScreen(self.screen, self._chars))

    def _fatal_error(self) -> None:
        """An error of our own: its details go to a file, one plain message to the operator."""
        place = crash_report.record(sys.exc_info()[1])
        self._exit_renderables.append(Text(crash_report.told(place)))
        self._return_code = int(ExitCode.INTERNAL)
        self._close_messages_no_wait()
