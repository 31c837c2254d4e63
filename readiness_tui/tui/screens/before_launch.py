"""What will be stale, ended or due for renewal by the launch time, and the key that probes just that."""

from __future__ import annotations

import asyncio

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult

from readiness_tui.display.marks import one_line
from readiness_tui.model.session import Session
from readiness_tui.rules.decision.before_launch import Due, Kind, due, to_probe
from readiness_tui.rules.times import local
from readiness_tui.tui import commands
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.commands.deciding import ProbeAgain
from readiness_tui.tui.screens.list_screen import Choosing
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.grouped_choices import GroupedChoices
from readiness_tui.tui.widgets.lines import FixedLines, fit
from readiness_tui.workspace.workspace import Workspace


class BeforeLaunchScreen(Choosing):
    """Judged at the launch time; drawn again when a probe has looked."""

    CSS_PATH = "before_launch.tcss"
    OF_A_LAUNCH = True
    OFFERS = (ProbeAgain, *Choosing.MOVES, commands.Help, commands.Close)
    BINDINGS = bindings(OFFERS)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.chars)
        self.workspace = workspace
        self.found: tuple[Due, ...] | None = None

    def compose(self) -> ComposeResult:
        """The heading, the list, bar."""
        yield FixedLines(id="title")
        yield GroupedChoices(id="due")
        yield self.status
        yield KeyBar((ProbeAgain, commands.Down, commands.Help, commands.Close), id="keys")

    def on_mount(self) -> None:
        """Judge now, and after every change."""
        self._unwatch = self.workspace.assessment.watch(self._changed)
        self._said_before, self.workspace.say = self.workspace.say, self.say
        self.set_focus(self.rows)
        self._judge()

    def on_unmount(self) -> None:
        """Stop watching."""
        self._unwatch()
        self.workspace.say = self._said_before

    @property
    def rows(self) -> GroupedChoices:
        """The list."""
        return self.query_one(GroupedChoices)

    def _changed(self, before: Session, after: Session) -> None:
        self._judge()

    def _judge(self) -> None:
        self.run_worker(self._judged(), group="judging", exclusive=True)

    async def _judged(self) -> None:
        review = await asyncio.to_thread(self.workspace.assessment.review)
        self.found = due(review)
        at = review.session.launch_at
        moment = f"the launch, {local(at)}" if at else "now: no launch time is set (the settings, key ,)"
        again = len(to_probe(self.found))
        words = f" {len(self.found)} to mend; r probes {again} again" if self.found else " nothing is due"
        self.query_one("#title", FixedLines).show([Text(f" By {moment}", Style(bold=True)), Text(words)])
        kinds = [(kind, [one for one in self.found if one.kind is kind]) for kind in Kind]
        self.rows.group([(f"{kind}: {len(ones)}", self._lines(ones)) for kind, ones in kinds if ones])

    def _lines(self, ones: list[Due]) -> list[tuple[str, Text]]:
        width, chars = self.size.width - 6, self.workspace.chars
        lines = []
        for number, one in enumerate(ones):
            text = Text(fit(one_line(one.text), max(width // 2, 20), chars).ljust(max(width // 2, 20)))
            text.append("  " + fit(one_line(one.why), max(width - width // 2 - 2, 16), chars), "dim")
            lines.append((f"{one.kind.name}.{number}", text))
        return lines

    @on(ProbeAgain)
    def _probe(self) -> None:
        wanted = to_probe(self.found or ())
        self.say(f"probing {len(wanted)} items again")
        self.workspace.work(self.workspace.prober.probe(wanted))

    @on(commands.Close)
    def _close(self) -> None:
        self.app.pop_screen()

    def why_not(self, command: type[Command]) -> str:
        """Why nothing is probed."""
        if command is ProbeAgain:
            if self.workspace.assessment.read_only:
                return f"read-only: {self.workspace.assessment.read_only}"
            if not to_probe(self.found or ()):
                return "no verdict will be too old by the launch"
        return super().why_not(command)
