"""What every screen shares: commands come from keys or the palette; a key that cannot act says why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.events import Event, Key, Mount, ScreenResume
from textual.screen import Screen
from textual.widgets import Input, TextArea

from readiness_tui.display.marks import Charset, charset
from readiness_tui.errors import ReadinessError
from readiness_tui.tui.commands import Command, Palette
from readiness_tui.tui.messages import Blocked
from readiness_tui.tui.palette.matching import Entry
from readiness_tui.tui.widgets.bar import Status


class CommandScreen(Screen[None]):
    """A screen whose keys are commands. OFFERS: them, in the order of the help."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = ()
    OF_A_LAUNCH: ClassVar[bool] = False
    """Whether it is closed when another launch is opened or the list of launches is shown."""
    ASKS_WHETHER_TO_LEAVE: ClassVar[bool] = False
    COMMANDS = set()

    def __init__(self, chars: Charset | None = None) -> None:
        """chars: how the status line is drawn; by the terminal's own characters without."""
        super().__init__()
        self.status = Status(chars or charset(), id="status")

    async def on_event(self, event: Event) -> None:
        """Handle an event, unless it needs the widgets of a screen that was closed before it had any."""
        if isinstance(event, Mount | ScreenResume) and not self.children:
            return
        await super().on_event(event)

    @property
    def typing(self) -> bool:
        """A text is being typed: letters are letters."""
        return isinstance(self.focused, Input | TextArea)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A command acts while a text is typed, or while none is, as it says itself."""
        if action == "offer":
            when = self._named(str(parameters[0])).typing
            return when is None or when is self.typing
        return not self.typing if action in self._digits else super().check_action(action, parameters)

    @property
    def _digits(self) -> set[str]:
        return {command.digits for command in self.OFFERS if command.digits}

    def _named(self, name: str) -> type[Command]:
        return next(command for command in self.OFFERS if command.name == name)

    async def action_offer(self, name: str) -> None:
        """A key asks for a command; before the next key is looked at, it has been answered."""
        if self.is_mounted:
            await self.choose(self._named(name))
        else:  # typed ahead of the screen
            self.call_after_refresh(self.choose, self._named(name))

    async def choose(self, command: type[Command]) -> None:
        """Send a command up, unless it cannot act now; then say why."""
        if reason := self.why_not(command):
            self.say(reason)
        else:
            await self.perform(command)

    async def perform(self, command: type[Command]) -> None:
        """Do what a command asks; here, send it to its handler."""
        await self._dispatch_message(command())

    def palette_entries(self) -> Iterable[Entry]:
        """What the palette finds on this screen besides its commands."""
        return ()

    def why_not(self, command: type[Command]) -> str:
        """Why the command cannot act now; empty when it can."""
        return ""

    def unbound(self, event: Key) -> None:
        """A key that no command has was pressed: say so."""
        if event.character and event.is_printable and not self.typing:
            self.say(f"{event.character.strip() or 'space'} does nothing here; ? shows the keys")

    def keep_all(self) -> None:
        """Hand over what only this screen knows, such as a note being typed: the program ends."""

    def say(self, text: str, *, bad: bool = False) -> None:
        """Tell the operator one line."""
        self.status.say(text, bad=bad)

    def block(self, tried: str, error: ReadinessError) -> None:
        """Show what is in the way, whole; short words are for `say`."""
        self.post_message(Blocked(tried, error))

    @on(Palette)
    def _palette(self) -> None:
        self.app.action_command_palette()
