"""Asked before leaving what is not saved: what and why, and what can be done about it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult

from readiness_tui.display.marks import one_line, visible
from readiness_tui.errors import SessionError
from readiness_tui.tui import commands
from readiness_tui.tui.commands import bindings
from readiness_tui.tui.screens.text_screen import Reading
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.lines import Labelled, Pages, Paragraph
from readiness_tui.tui.widgets.prompt import Prompt
from readiness_tui.workspace.workspace import Workspace

NAMED = 3
"""How many of the items that are not saved are named; the others are counted."""

LOOK_S = 0.5
"""Seconds between two looks at whether the retries have saved it meanwhile."""


class UnsavedScreen(Reading):
    """Try again, keep a copy elsewhere, leave without, or stay."""

    WAYS = (commands.TryAgain, commands.KeepCopy, commands.LeaveWithout, commands.Stay)
    OF_A_LAUNCH = True
    ASKS_WHETHER_TO_LEAVE = True
    OFFERS = (*WAYS, *Reading.SCROLLS)
    BINDINGS = bindings(OFFERS)
    AUTO_FOCUS = ""  # the line that asks has the keys only while it asks

    def __init__(self, workspace: Workspace, leave: Callable[[], None]) -> None:
        """leave: goes on with the leaving that was asked for."""
        super().__init__()
        self.workspace = workspace
        self._leave = leave
        self._offered = ""
        self._refused: SessionError | None = None

    def compose(self) -> ComposeResult:
        """The pages, the line that asks for a path, the bar."""
        yield Pages(id="pages")
        yield self.status
        yield Prompt(id="prompt")
        yield KeyBar(self.WAYS, id="keys")

    def on_mount(self) -> None:
        """Tell it, and keep it true."""
        self._draw()
        self.set_interval(LOOK_S, self._draw)

    def _draw(self) -> None:
        said = self._is_saved() if not self.workspace.unsaved else self._is_not()
        ways = (Labelled(way.spelt.split()[0], Text(way.meaning())) for way in self.WAYS)
        self.pages.show([*said, Text(), *ways])

    def _is_saved(self) -> Iterator[Paragraph]:
        yield Text("Everything is saved now", Style(bold=True))

    def _is_not(self) -> Iterator[Paragraph]:
        workspace, state = self.workspace, self.workspace.save_state
        yield Text(
            f"Still here: the last changes of {one_line(self._launch)} are not saved", Style(bold=True)
        )
        yield Text()
        yield Labelled("Why", Text(visible(state.reason)))
        if state.hint:
            yield Labelled("Hint", Text(visible(state.hint)))
        yield Labelled("Unsaved", Text("; ".join(self._what())))
        if (kept := workspace.kept) is not None:
            yield Text()
            yield Labelled("Copy", Text(visible(str(kept.path)), Style(bold=True)))
            yield Labelled("", Text("X leaves now. Merge the copy in before the launch is opened again:"))
            yield Labelled("", Text(visible(kept.command)))
        if self._offered:
            yield Text()
            yield Labelled("Copy to", Text(visible(self._offered)))
        if (refused := self._refused) is not None:
            yield Labelled("No copy", Text(visible(f"{refused.where}: {refused.message}"), "bold red"))

    @property
    def _launch(self) -> str:
        return self.workspace.assessment.session.launch

    def _what(self) -> Iterator[str]:
        items = self.workspace.unsaved_items
        yield from (one_line(self.workspace.assessment.checklist.items[item].text) for item in items[:NAMED])
        if more := items[NAMED:]:
            yield f"and {len(more)} more"
        if not items:
            yield "no item; only the place where you are, or what stands about the launch itself"

    @on(commands.TryAgain)
    def _again(self) -> None:
        self.say("saving ...")
        self.run_worker(self._try(), group="again", exclusive=True)

    async def _try(self) -> None:
        if await self.workspace.flush():
            self._leave()
        else:
            self.say("it cannot be saved", bad=True)
            self._draw()

    @on(commands.KeepCopy)
    def _copy(self) -> None:
        self._ask(str(self.workspace.place()))

    def _ask(self, path: str) -> None:
        self._offered = path
        self._draw()
        prompt = self.query_one(Prompt)
        prompt.ask("copy to:", self._taken, text=path, left=self._back, required="a path:")

    def _back(self) -> None:
        self._offered, self._refused = "", None
        self.set_focus(None)
        self._draw()

    def _taken(self, path: str) -> None:
        self._back()
        self.run_worker(self._keep(path), group="copy", exclusive=True)

    async def _keep(self, path: str) -> None:
        """Write the copy; a path that is refused is asked for again."""
        try:
            await asyncio.to_thread(self.workspace.keep, self._wanted(path))
        except SessionError as error:
            self._refused = error
            self._ask(path)
        else:
            self._draw()

    def _wanted(self, path: str) -> Path:
        """What was typed, as a file: in a folder it has the name it would have had."""
        wanted = Path(os.path.expanduser(path.replace("\x00", ""))).absolute()
        return wanted / self.workspace.place().name if os.path.isdir(wanted) else wanted

    @on(commands.LeaveWithout)
    def _without(self) -> None:
        self._leave()

    @on(commands.Stay)
    def _stay(self) -> None:
        self.app.pop_screen()
