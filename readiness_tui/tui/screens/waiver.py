"""A waiver: the reason, who mends the item, who agreed, and until which day."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from textual import on

from readiness_tui.display.marks import one_line
from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.model.answer import Waiver
from readiness_tui.model.checklist import Item
from readiness_tui.rules import edits
from readiness_tui.rules.item_standing import waiver_ends
from readiness_tui.rules.times import day
from readiness_tui.tui import key_signature
from readiness_tui.tui.commands.base import Command, bindings
from readiness_tui.tui.commands.deciding import EndWaiver
from readiness_tui.tui.commands.forms import LeaveForm, Onward, Save
from readiness_tui.tui.screens.fields_screen import FieldsScreen, told
from readiness_tui.tui.widgets.form_fields import Entry
from readiness_tui.workspace import waiving
from readiness_tui.workspace.workspace import Workspace


class WaiverScreen(FieldsScreen):
    """Gives, changes or ends the waiver of one item; the approver may sign it with a key file."""

    OFFERS = (*FieldsScreen.OFFERS, EndWaiver)
    BINDINGS = bindings(OFFERS)

    def __init__(self, workspace: Workspace, item: Item) -> None:
        self.assessment = workspace.assessment
        self._workspace = workspace
        self._item = item
        self._signature: tuple[Waiver, str] | None = None
        session = self.assessment.session
        self._held = held = session.record(item.id).waiver
        ended = held is not None and self.assessment.now() >= waiver_ends(held, session)
        longest = self.assessment.checklist.max_waiver_days
        fields = [
            Entry("Reason", held.reason if held else "", takes="why the risk is accepted", id="reason"),
            Entry("Owner", held.owner if held else "", takes="who mends it", id="owner"),
            Entry(
                "Approver",
                held.approver if held and not ended else "",  # one that ran out needs a new word
                takes="who agreed; never the owner",
                id="approver",
            ),
            Entry("Until", "" if ended or not held else str(held.expires), takes="YYYY-MM-DD", id="until"),
            Entry("Approver's key, if they sign here", takes="key file, or .pub: the agent's", id="key"),
        ]
        help = f"The waiver ends at 23:59:59 of that day ({session.zone}); at most {longest} days ahead."
        if ended and held is not None:
            help += f"\nIt ran out after {held.expires}: the approver must agree again."
        super().__init__(
            f"Waive: {one_line(item.text)}",
            fields,
            workspace.chars,
            draft=f"{session.launch}/waiver/{item.id}",
            help=help,
        )

    @property
    def in_bar(self) -> tuple[type[Command], ...]:
        """What the bar shows."""
        return (Onward, Save, EndWaiver, LeaveForm) if self._held else (Onward, Save, LeaveForm)

    def take(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Waive the item."""
        for name, word in (("reason", "a reason"), ("owner", "an owner"), ("approver", "an approver")):
            if not values[name]:
                return {name: f"a waiver needs {word}"}
        try:
            until = day(values["until"])
        except UsageError as error:
            return {"until": told(error)}
        try:
            given = waiving.waiver(
                self.assessment, values["reason"], values["owner"], values["approver"], until
            )
        except UsageError as error:
            return {"owner" if values["owner"] in error.message else "approver": told(error)}
        if values["key"]:
            if not self._signature:
                self.run_worker(self._sign(given, Path(values["key"]).expanduser()), group="signing")
                return {"key": "signing ..."}
            signature, self._signature = self._signature, None
            given, text = signature
            try:
                given = waiving.with_signature(self.assessment, self._item.id, given, text)
            except UsageError as error:
                return {"key": told(error)}
        try:
            waiving.give(self.assessment, self._item.id, given)
        except UsageError as error:
            return {"until" if "day" in error.message else "approver": told(error)}
        self._workspace.say(f"waived until {until}")
        return {}

    async def _sign(self, given: Waiver, key: Path) -> None:
        """Sign as the approver, then save."""
        try:
            message = waiving.message(self.assessment, self._item.id, given)
            self._signature = given, await key_signature.made(self, message, key)
        except ReadinessError as error:
            self.fields.tell({"key": told(error)})
        else:
            self.submit()

    @on(EndWaiver)
    def _end(self) -> None:
        self.assessment.apply(edits.SetWaiver(self._item.id, None))
        self._workspace.say("waiver ended; u undoes")
        self.close()

    def why_not(self, command: type[Command]) -> str:
        """Why there is nothing to end."""
        if command is EndWaiver and self._held is None:
            return "this item has no waiver"
        return super().why_not(command)
