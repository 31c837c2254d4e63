"""Go or no-go: the decision, why, what was accepted, and one line a lead, from where they sign."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from textual import on
from textual.app import ComposeResult

from readiness_tui.errors import UsageError
from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.rules.decision.review import Review
from readiness_tui.tui import commands
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.commands.deciding import BeforeLaunch, OpenLine, SignAs, TakeIn, Waive, Withdraw
from readiness_tui.tui.gate_rows import groups, head
from readiness_tui.tui.screens.before_launch import BeforeLaunchScreen
from readiness_tui.tui.screens.list_screen import Choosing
from readiness_tui.tui.screens.page import PageScreen
from readiness_tui.tui.screens.single_value import SingleValueScreen
from readiness_tui.tui.screens.waiver import WaiverScreen
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.grouped_choices import GroupedChoices
from readiness_tui.tui.widgets.lines import FixedLines
from readiness_tui.workspace import signing_off
from readiness_tui.workspace.workspace import Workspace

BAR = (OpenLine, SignAs, Waive, BeforeLaunch, TakeIn, Withdraw, commands.Help, commands.Close)


class GateScreen(Choosing):
    """Judged as every report is; drawn again when anything changes."""

    CSS_PATH = "gate.tcss"
    OF_A_LAUNCH = True
    OFFERS = (
        OpenLine,
        SignAs,
        Waive,
        BeforeLaunch,
        TakeIn,
        Withdraw,
        *Choosing.MOVES,
        commands.Help,
        commands.Close,
    )
    BINDINGS = bindings(OFFERS)

    def __init__(self, workspace: Workspace, go_to: Callable[[str], None]) -> None:
        """go_to: shows an item in the walk."""
        super().__init__(workspace.chars)
        self.workspace = workspace
        self.assessment = workspace.assessment
        self.review: Review | None = None
        self._go_to = go_to

    def compose(self) -> ComposeResult:
        """The decision, the list, bar."""
        yield FixedLines(id="decision")
        yield GroupedChoices(id="gate")
        yield self.status
        yield KeyBar(BAR, id="keys")

    def on_mount(self) -> None:
        """Judge, and judge again after every change."""
        self._unwatch = self.assessment.watch(self._changed)
        self.set_focus(self.rows)
        self._judge()

    def on_unmount(self) -> None:
        """Stop watching."""
        self._unwatch()

    def on_resize(self) -> None:
        """Fit the new width."""
        self.call_after_refresh(self.draw)

    @property
    def rows(self) -> GroupedChoices:
        """The list."""
        return self.query_one(GroupedChoices)

    def _changed(self, before: Session, after: Session) -> None:
        self._judge()

    def _judge(self) -> None:
        self.run_worker(self._judged(), group="judging", exclusive=True)

    async def _judged(self) -> None:
        """The review takes long enough to be made off the loop."""
        self.review = await asyncio.to_thread(self.assessment.review)
        self.draw()

    def draw(self) -> None:
        """Draw what was judged."""
        if (review := self.review) is None:
            return
        width = self.size.width
        self.query_one(FixedLines).show(head(review, width))
        self.rows.group(list(groups(review, self.workspace.chars, width - 4)))

    @property
    def _folder(self) -> Path:
        return self.workspace.launch.sessions.folder_of(self.assessment.session.launch)

    @property
    def _item(self) -> str:
        field, _, name = self.rows.key.partition(".")
        return name if field == "item" else ""

    @property
    def _role(self) -> str:
        """The role on the line, else the first that has not signed."""
        field, _, name = self.rows.key.partition(".")
        if field == "role":
            return name
        signed = self.assessment.signoffs(self.assessment.now())
        return next((each.role for each in signed if not each.go), "")

    @on(OpenLine)
    def _open(self) -> None:
        if self._item:
            self.app.pop_screen()
            self._go_to(self._item)
        else:
            self.app.push_screen(PageScreen(self.workspace, self._role))

    @on(SignAs)
    def _sign(self) -> None:
        """As the lead on the line, unless they have signed this page: then as the first who has not."""
        signed = self.assessment.signoffs(self.assessment.now())
        done = any(each.role == self._role and each.go for each in signed)
        waiting = next((each.role for each in signed if not each.go), self._role)
        self.app.push_screen(PageScreen(self.workspace, waiting if done else self._role))

    @on(Waive)
    def _waive(self) -> None:
        self.app.push_screen(WaiverScreen(self.workspace, self.assessment.checklist.items[self._item]))

    @on(BeforeLaunch)
    def _before_launch(self) -> None:
        self.app.push_screen(BeforeLaunchScreen(self.workspace))

    @on(TakeIn)
    def _take_in(self) -> None:
        def save(text: str) -> None:
            if not text:
                raise UsageError("name the signature's file, ROLE.txt.sig")
            signoff = signing_off.accepted(Path(text).expanduser())
            signing_off.take_in(self.assessment, self._folder, signoff)

        title = "Take in a signature made elsewhere"
        help = "The statement ROLE.txt lies beside it."
        form = SingleValueScreen(
            title, "Signature", save, self.workspace.chars, takes="path of ROLE.txt.sig", help=help
        )
        self.app.push_screen(form)

    @on(Withdraw)
    def _withdraw(self) -> None:
        role = self._role

        def withdraw(reason: str) -> None:
            self.assessment.apply(edits.WithdrawSignoff(role, reason))

        form = SingleValueScreen(
            f"Withdraw the sign-off of {role}",
            "Reason",
            withdraw,
            self.workspace.chars,
            takes="one line why",
            help="The history keeps the sign-off and the reason.",
        )
        self.app.push_screen(form)

    @on(commands.Close)
    def _close(self) -> None:
        self.app.pop_screen()

    def why_not(self, command: type[Command]) -> str:
        """Why a key does nothing here."""
        if self.review is None and command not in (commands.Close, commands.Help):
            return "judging ..."
        signing = command in (SignAs, TakeIn, Withdraw, Waive)
        if signing and self.assessment.read_only:
            return f"read-only: {self.assessment.read_only}"
        if command is Waive and not self._item:
            return "no item on this line"
        if command is OpenLine and self.rows.key.startswith("text"):
            return "nothing to open here"
        if command in (SignAs, OpenLine) and not self._item and not self._role:
            return "every lead has signed this page; choose a lead's line to sign again"
        if command is Withdraw and not any(s.role == self._role for s in self.assessment.session.signoffs):
            return "choose the line of a lead who has signed"
        return super().why_not(command)
