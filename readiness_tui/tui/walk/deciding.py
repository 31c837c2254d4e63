"""The decision from the walk: the gate, waivers, attachments, pins, what is due by the launch."""

from __future__ import annotations

from readiness_tui.model.checklist import Mode
from readiness_tui.rules import edits
from readiness_tui.rules.item_standing import found_by_target
from readiness_tui.tui.commands.deciding import Attach, BeforeLaunch, Gate, Pin, Waive
from readiness_tui.tui.walk.controller import Controller, does


class Deciding(Controller):
    """Opens the screens of the decision."""

    @does(Gate)
    def _gate(self) -> None:
        from readiness_tui.tui.screens.gate import GateScreen

        self.walk.app.push_screen(GateScreen(self.state.workspace, self._show_item))

    def _show_item(self, item: str) -> None:
        self.walk.jump(item)

    @does(BeforeLaunch)
    def _before_launch(self) -> None:
        from readiness_tui.tui.screens.before_launch import BeforeLaunchScreen

        self.walk.app.push_screen(BeforeLaunchScreen(self.state.workspace))

    def _why_not_waive(self) -> str:
        if reason := self.state.why_read_only:
            return reason
        if (item := self.state.item) is None:
            return "no item here"
        return "computed from the other items; cannot be waived" if item.mode is Mode.DERIVED else ""

    @does(Waive, unless=_why_not_waive)
    def _waive(self) -> None:
        from readiness_tui.tui.screens.waiver import WaiverScreen

        if (item := self.state.item) is not None:
            self.walk.app.push_screen(WaiverScreen(self.state.workspace, item))

    def _why_not_attach(self) -> str:
        return self.state.why_read_only or ("" if self.state.item else "no item here")

    @does(Attach, unless=_why_not_attach)
    def _attach(self) -> None:
        from readiness_tui.tui.screens.attachment import AttachmentScreen

        if (item := self.state.item) is not None:
            self.walk.app.push_screen(AttachmentScreen(self.state.workspace, item))

    def _why_not_pin(self) -> str:
        if reason := self.state.why_no_answer():
            return reason
        item, session = self.state.item, self.state.assessment.session
        if item is None or session.record(item.id).answer is None:
            return "no answer here to pin"
        if session.record(item.id).pinned or found_by_target(item, self.state.checklist, session):
            return ""
        return "no probe has found anything here: nothing to pin the answer to"

    @does(Pin, unless=_why_not_pin)
    def _pin(self) -> None:
        if (item := self.state.item) is None:
            return
        record = self.state.assessment.session.record(item.id)
        pin = not record.pinned
        if self.walk.apply(edits.SetAnswer(item.id, record.answer, record.reason, pin)):
            found = (
                "the answer is pinned to what the probes find now" if pin else "the answer is not pinned now"
            )
            self.walk.say(found)
            self.walk.draw()
