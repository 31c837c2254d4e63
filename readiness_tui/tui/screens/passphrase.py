"""A key file wants its passphrase: typed unseen, and only after the operator said that they type it now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from readiness_tui.display.marks import visible
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.commands.unlocking import GivePassphrase, GoWithout, TypePassphrase
from readiness_tui.tui.screens.text_screen import Reading
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.lines import Labelled, Pages, Paragraph


class Masked(Input):
    """A line that shows how much is typed and not what; nothing of it is ever copied."""

    BINDINGS = bindings((GivePassphrase,))

    def __init__(self) -> None:
        super().__init__(password=True, compact=True, select_on_focus=False, id="passphrase")
        self.cursor_blink = False

    async def action_offer(self, name: str) -> None:
        """Enter is the screen's."""
        if isinstance(self.screen, PassphraseScreen):
            await self.screen.action_offer(name)

    def action_copy(self) -> None:
        """Not a passphrase."""

    def action_cut(self) -> None:
        """Not a passphrase."""


class PassphraseScreen(Reading):
    """One key file; it may be asked more than once, and is taken away by who asked."""

    OFFERS = (TypePassphrase, GivePassphrase, GoWithout)
    BINDINGS = bindings(OFFERS)
    AUTO_FOCUS = ""  # keys typed ahead are not the passphrase

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.over = False
        self._path = path
        self._fault = ""
        self._answer: asyncio.Future[str | None] | None = None

    def compose(self) -> ComposeResult:
        """What is wanted, the line, the bar."""
        yield Pages(id="pages")
        with Horizontal(id="passphrase-line"):
            yield Static(" Passphrase ", markup=False, id="passphrase-label")
            yield Masked()
        yield self.status
        yield KeyBar((TypePassphrase, GoWithout), id="keys")

    def on_mount(self) -> None:
        """Say what is wanted."""
        self.pages.show(list(self._said()))

    def on_screen_resume(self) -> None:
        """What lay on top is gone; so is the question, perhaps."""
        if self.over:
            self.app.pop_screen()

    async def ask(self, fault: str) -> str | None:
        """The passphrase; None to go on without it. fault: why the last one did not fit."""
        self._fault = fault
        self._answer = asyncio.get_running_loop().create_future()
        if fault:
            self.pages.show(list(self._said()))
        return await self._answer

    def _said(self) -> Iterator[Paragraph]:
        yield Text("A key file wants its passphrase", Style(bold=True))
        yield Text()
        yield Labelled("Key", Text(visible(str(self._path))))
        yield Labelled("Kept", Text("the opened key, in memory, until the program ends; nothing is written"))
        if self._fault:
            yield Labelled("Wrong", Text(visible(self._fault), "bold red"))
        yield Text()
        yield Labelled("Enter", Text("then type it; it is not shown"))
        yield Labelled("Esc", Text("go on without it: hosts that let nobody else in stay unknown"))

    @property
    def _line(self) -> Masked:
        return self.query_one(Masked)

    @on(TypePassphrase)
    def _type(self) -> None:
        self.add_class("-typing")
        self.set_focus(self._line)
        self.query_one(KeyBar).offer((GivePassphrase, GoWithout))

    @on(GivePassphrase)
    def _give(self) -> None:
        line = self._line
        passphrase, line.value = line.value, ""
        self.say("opening the key ...")
        self._answered(passphrase)

    @on(GoWithout)
    def _without(self) -> None:
        self._line.value = ""
        self._answered(None)

    def _answered(self, answer: str | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)

    def why_not(self, command: type[Command]) -> str:
        """Nothing is typed yet, or what was typed is being tried."""
        if self._answer is None or self._answer.done():
            return "one moment: the key is being opened"
        if command is GivePassphrase and not self._line.value:
            return "nothing typed; Esc goes on without it"
        return super().why_not(command)
