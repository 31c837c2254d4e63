"""One host of the launch: its name, address and roles, and whether it lets us in."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on

from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.model.inventory import Host
from readiness_tui.rules import host_roles
from readiness_tui.store import allow
from readiness_tui.tui.commands.base import Command, bindings
from readiness_tui.tui.commands.configuring import TestHost
from readiness_tui.tui.commands.forms import LeaveForm, Onward
from readiness_tui.tui.screens.fields_screen import FieldsScreen, told
from readiness_tui.tui.widgets.form_fields import Entry, SomeOf
from readiness_tui.workspace import launch_settings
from readiness_tui.workspace.host_test import HostTest
from readiness_tui.workspace.workspace import Workspace


class HostScreen(FieldsScreen):
    """Adds a host, or changes one. Ctrl+T connects to it."""

    OFFERS = (*FieldsScreen.OFFERS, TestHost)
    BINDINGS = bindings(OFFERS)

    def __init__(self, workspace: Workspace, changed: Host | None = None) -> None:
        """changed: the host to change; without one a host is added."""
        self._workspace = workspace
        self._assessment = workspace.assessment
        self._changed = changed
        self._test = HostTest(workspace.launch.unlocked_keys)
        roles = host_roles.roles(self._assessment.checklist)
        needed = host_roles.without(self._assessment.checklist, ())
        options = [(role, f"{role} ({needed.get(role, 0)})") for role in roles]
        fields = [
            Entry("Name", changed.name if changed else "", takes="letters, digits, . _ -", id="name"),
            Entry(
                "Address",
                changed.address if changed else "",
                takes="[USER@]ADDR[:PORT], or local",
                id="address",
            ),
            SomeOf(
                "Roles (items that need each)",
                options,
                ",".join(changed.roles) if changed else "",
                takes="space chooses",
                id="roles",
            ),
        ]
        launch = self._assessment.session.launch
        name = f"{launch}/host/{changed.name if changed else ''}"
        title = f"Host {changed.name}" if changed else "Add a host"
        super().__init__(title, fields, workspace.chars, draft=name)

    @property
    def in_bar(self) -> tuple[type[Command], ...]:
        """What the bar shows."""
        return (Onward, TestHost, self.SAVES, LeaveForm)

    def _host(self, values: Mapping[str, str]) -> Host:
        line = ",".join(filter(None, (f"{values['name']}={values['address']}", values["roles"])))
        return launch_settings.host(line)

    def take(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Save the host; an address that runs a program here was typed here, and is allowed."""
        for name in ("name", "address"):
            if not values[name]:
                return {name: f"a host needs {'a name, such as web-1' if name == 'name' else 'an address'}"}
        replaces = self._changed.name if self._changed else ""
        try:
            host = self._host(values)
            edit = launch_settings.with_host(
                self._assessment.checklist, self._assessment.session.hosts, host, replaces=replaces
            )
        except UsageError as error:
            return {_field_of(error): told(error)}
        allow.allow_address(host.address)
        self._assessment.apply(edit)
        return {}

    @on(TestHost)
    def _try(self) -> None:
        self.run_worker(self._connect(), group="test", exclusive=True)

    async def _connect(self) -> None:
        field = self.fields["address"]
        field.say("connecting ...")
        try:
            host = self._host({**self.fields.values, "name": self.fields.values["name"] or "host"})
            allow.allow_address(host.address)
            said, bad = await self._test.reach(host), False
        except ReadinessError as error:
            said, bad = told(error), True
        if self.is_mounted:
            field.say(said, bad=bad)

    async def on_unmount(self) -> None:
        """Close the connections of the tests."""
        await self._test.close()


def _field_of(error: UsageError) -> str:
    """The field that an error is about."""
    words = {"role": "roles", "called": "name", "already": "name", "String should match": "name"}
    return next((field for word, field in words.items() if word in error.message), "address")
