"""The form of a new launch: a name, hosts that can be tried at once, parameters with their help."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from readiness_tui.display.marks import Charset
from readiness_tui.errors import ReadinessError
from readiness_tui.launch import load_checklist
from readiness_tui.model.checklist import Checklist
from readiness_tui.store import allow
from readiness_tui.store.sessions import Sessions
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys
from readiness_tui.tui import commands
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.messages import OpenLaunch
from readiness_tui.tui.screens.form_parameters import FormParameters
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.field import Field
from readiness_tui.tui.widgets.hosts import HostLines
from readiness_tui.tui.widgets.parameters import Parameters
from readiness_tui.tui.widgets.prompt import Prompt
from readiness_tui.workspace import new_launch

PRODUCTION = "production"


class FormScreen(FormParameters):
    """Everything has a default but the name; Ctrl+S creates the launch."""

    CSS_PATH = "form.tcss"
    OF_A_LAUNCH = True
    OFFERS = (
        commands.Create,
        commands.TestHosts,
        commands.NextField,
        commands.PreviousField,
        commands.EditValue,
        commands.Find,
        commands.Help,
        commands.Abandon,
    )
    BINDINGS = bindings(OFFERS)

    def __init__(
        self,
        sessions: Sessions,
        chars: Charset,
        unlocked_keys: UnlockedKeys,
        *,
        operator: str,
        today: Callable[[], date] = date.today,
    ) -> None:
        """unlocked_keys: opens the key files that a host tried from here needs."""
        super().__init__()
        self._keyring = unlocked_keys
        self.sessions = sessions
        self.chars = chars
        self._today = today
        self._checklist: Checklist | None = None
        self._creating = False
        self._name_field = Field("Name", example="payments-2.4", id="name")
        self._checklist_field = Field("Checklist", PRODUCTION, id="checklist")
        self._operator_field = Field("Operator", operator, id="operator")
        self._launch_at_field = Field(
            "Launch at", example="2026-11-27T06:00Z, may stay empty", id="launch_at"
        )

    def compose(self) -> ComposeResult:
        """Fields, hosts, parameters, bar."""
        yield Static("New launch", id="title", markup=False)
        with VerticalScroll(id="fields", can_focus=False):
            yield self._name_field
            yield self._checklist_field
            yield self._operator_field
            yield self._launch_at_field
            yield Static(
                "Hosts: NAME=[USER@]ADDR[:PORT],ROLE,...   ADDR `local` is this machine", markup=False
            )
            yield HostLines(self._keyring, id="hosts")
        with Vertical(id="more"):
            yield Parameters(self.chars, id="parameters")
        yield self.status
        yield Prompt(id="prompt")
        yield KeyBar(
            (
                commands.Create,
                commands.TestHosts,
                commands.NextField,
                commands.EditValue,
                commands.Find,
                commands.Abandon,
            ),
            id="keys",
        )

    def on_mount(self) -> None:
        """Read the checklist; the name is asked first."""
        self._name_field.enter()
        self.run_worker(self._read_checklist(), group="checklist", exclusive=True)

    @property
    def hosts(self) -> HostLines:
        """The hosts."""
        return self.query_one(HostLines)

    async def _read_checklist(self) -> None:
        """The checklist named, off the loop; its parameters and roles fill the form."""
        name = self._checklist_field.value
        try:
            checklist = await asyncio.to_thread(load_checklist, name)
        except ReadinessError as error:
            self._checklist = None
            self._checklist_field.say(str(error).strip(), bad=True)
            return
        self._checklist = checklist
        self._checklist_field.say(f"{len(checklist.items)} items")
        self.parameters.offer(checklist)
        self.hosts.offer(new_launch.this_machine(checklist))

    @on(Field.Entered)
    def _entered(self, event: Field.Entered) -> None:
        event.stop()
        if event.field is self._checklist_field:
            self.run_worker(self._read_checklist(), group="checklist", exclusive=True)

    @on(Field.Edited)
    def _edited_field(self, event: Field.Edited) -> None:
        event.stop()
        if event.field is self._checklist_field:
            self._checklist = None

    @on(commands.NextField)
    def _next_field(self) -> None:
        if not (self.parameters.has_keys and self.parameters.move(1)):
            self.focus_next()

    @on(commands.PreviousField)
    def _previous_field(self) -> None:
        if not (self.parameters.has_keys and self.parameters.move(-1)):
            self.focus_previous()

    @on(commands.TestHosts)
    def _test(self) -> None:
        self.hosts.test()

    @on(commands.Abandon)
    def _abandon(self) -> None:
        self.app.pop_screen()

    @on(commands.Create)
    def _create(self) -> None:
        if not self._creating:
            self._creating = True
            self.run_worker(self._begin(), group="create", exclusive=True)

    async def _begin(self) -> None:
        try:
            if self._checklist is None:
                await self._read_checklist()
            if self._checklist is None:
                self._checklist_field.enter()
                return
            taken = await asyncio.to_thread(self.sessions.launches)
            begun = new_launch.begin(self._typed(), self._checklist, taken, self._today())
            if isinstance(begun, new_launch.Faults):
                self._tell(begun)
                return
            for host in begun.hosts:
                await asyncio.to_thread(allow.allow_address, host.address)
            await asyncio.to_thread(self.sessions.create, begun)
        except ReadinessError as error:
            self.block("The launch was not created", error)
        else:
            self.post_message(OpenLaunch(begun.launch, operator=begun.operator))
        finally:
            self._creating = False

    def _typed(self) -> new_launch.Typed:
        return new_launch.Typed(
            name=self._name_field.value,
            operator=self._operator_field.value,
            launch_at=self._launch_at_field.value,
            hosts=self.hosts.lines,
            values=self.parameters.values,
        )

    def _tell(self, faults: new_launch.Faults) -> None:
        """Every fault beside its field; the first one has the keys."""
        fields = (self._name_field, self._operator_field, self._launch_at_field)
        for field in fields:
            field.say(faults.fields.get(field.id or "", ""), bad=True)
        self.hosts.tell(faults.hosts)
        wrong = [field for field in fields if field.id in faults.fields]
        if wrong:
            wrong[0].enter()
        else:
            self.hosts.enter(min(faults.hosts))

    def why_not(self, command: type[Command]) -> str:
        """Why a key does nothing."""
        if command is commands.EditValue and self.parameters.chosen is None:
            return "no parameter here"
        if command is commands.TestHosts and not any(self.hosts.lines):
            return "no host to test"
        return super().why_not(command)
