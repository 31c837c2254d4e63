"""The settings of a launch: when, who, notes, hosts with their roles, and every parameter."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from readiness_tui.display.marks import one_line
from readiness_tui.errors import ReadinessError
from readiness_tui.model.inventory import Host
from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.tui import commands
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.commands.answering import Redo, Undo
from readiness_tui.tui.commands.configuring import AddHost, Change, ProbeUsers, TakeOut
from readiness_tui.tui.screens import launch_forms
from readiness_tui.tui.screens.host import HostScreen
from readiness_tui.tui.screens.launch_notes import LaunchNotesScreen
from readiness_tui.tui.screens.list_screen import Choosing
from readiness_tui.tui.screens.parameter import ParameterScreen
from readiness_tui.tui.setting_rows import groups, help_of
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.grouped_choices import GroupedChoices
from readiness_tui.tui.widgets.lines import Pages
from readiness_tui.tui.widgets.prompt import Prompt
from readiness_tui.workspace import launch_settings
from readiness_tui.workspace.launch_settings import ParameterState, parameter_states
from readiness_tui.workspace.workspace import Workspace

BAR = (Change, AddHost, TakeOut, ProbeUsers, Undo, commands.Find, commands.Help, commands.Close)


class SettingsScreen(Choosing):
    """One line a setting; Enter changes it, and every change is saved at once and can be undone."""

    CSS_PATH = "settings.tcss"
    OF_A_LAUNCH = True
    OFFERS = (
        Change,
        AddHost,
        TakeOut,
        ProbeUsers,
        Undo,
        Redo,
        commands.Find,
        *Choosing.MOVES,
        commands.Help,
        commands.Close,
    )
    BINDINGS = bindings(OFFERS)

    def __init__(self, workspace: Workspace, sat_down: Callable[[str], None]) -> None:
        """sat_down: called with the name of another operator of this sitting."""
        super().__init__(workspace.chars)
        self.workspace = workspace
        self.assessment = workspace.assessment
        self._sat_down = sat_down
        self._sought = ""
        self._parameters: tuple[ParameterState, ...] = ()

    def compose(self) -> ComposeResult:
        """Title, the list, what the chosen one is, bar."""
        yield Static(f" Settings of {one_line(self.assessment.session.launch)}", markup=False, id="title")
        yield GroupedChoices(id="settings")
        yield Pages(id="pages")
        yield self.status
        yield Prompt(id="prompt")
        yield KeyBar(BAR, id="keys")

    def on_mount(self) -> None:
        """Draw; what others change meanwhile is drawn as it comes."""
        self._unwatch = self.assessment.watch(self._changed)
        self._said_before, self.workspace.say = self.workspace.say, self.say
        self.set_focus(self.rows)
        self.call_after_refresh(self.draw)

    def on_unmount(self) -> None:
        """Stop watching."""
        self._unwatch()
        self.workspace.say = self._said_before

    @property
    def rows(self) -> GroupedChoices:
        """The settings."""
        return self.query_one(GroupedChoices)

    def _changed(self, before: Session, after: Session) -> None:
        if before.items is after.items or before.parameters is not after.parameters:
            self.draw()

    def draw(self) -> None:
        """Draw the list and what the chosen setting is."""
        session = self.assessment.session
        self._parameters = parameter_states(self.assessment.checklist, session)
        shown = groups(
            session, self.assessment.operator, self._parameters, self._sought, self.workspace.chars
        )
        self.rows.group(list(shown))
        self._draw_help()

    def _draw_help(self) -> None:
        lines = help_of(self.rows.key, self.assessment.checklist, self.assessment.session)
        self.query_one(Pages).show([Text(line) for line in lines], top=True)

    @on(GroupedChoices.Chosen)
    def _chosen(self) -> None:
        self._draw_help()

    @property
    def _host(self) -> Host | None:
        field, _, name = self.rows.key.partition(".")
        hosts = self.assessment.session.hosts if field == "host" else ()
        return next((host for host in hosts if host.name == name), None)

    @property
    def _parameter(self) -> ParameterState | None:
        field, _, name = self.rows.key.partition(".")
        return next((p for p in self._parameters if field == "parameter" and p.name == name), None)

    @on(Change)
    def _change(self) -> None:
        chosen = self._parameter
        if chosen is not None:
            self.app.push_screen(ParameterScreen(self.workspace, chosen.name, then=self._told_users))
        elif self._host is not None:
            self.app.push_screen(HostScreen(self.workspace, self._host))
        elif self.rows.key == "notes":
            self.app.push_screen(LaunchNotesScreen(self.workspace))
        elif self.rows.key:
            self.app.push_screen(launch_forms.form_of(self.rows.key, self.workspace, self._sit))

    def _sit(self, name: str) -> None:
        self._sat_down(self.workspace.work_as(name))

    def _told_users(self) -> None:
        state = self._parameter
        if state is not None and (count := len(state.items)):
            self.say(f"{state.name} saved; {count} item{'s use' if count != 1 else ' uses'} it: r probes")

    @on(AddHost)
    def _add_host(self) -> None:
        self.app.push_screen(HostScreen(self.workspace))

    @on(TakeOut)
    def _take_out(self) -> None:
        host, state = self._host, self._parameter
        try:
            if host is not None:
                self.assessment.apply(launch_settings.without_host(self.assessment.session.hosts, host.name))
                self.say(f"host {host.name} removed; u undoes")
            elif state is not None:
                self.assessment.apply(edits.SetParameter(state.name, None))
                self.say(f"{state.name} is back to its default; u undoes")
        except ReadinessError as error:
            self.say(error.message, bad=True)
        self.draw()

    @on(ProbeUsers)
    def _probe(self) -> None:
        users = self._parameter.items if self._parameter is not None else ()
        self.workspace.work(self.workspace.prober.probe(users))
        self.say("probing; the walk shows what is found")

    @on(Undo)
    def _undo(self) -> None:
        self._stepped(self.assessment.undo(), "undone", "nothing to undo")

    @on(Redo)
    def _redo(self) -> None:
        self._stepped(self.assessment.redo(), "done again", "nothing to do again")

    def _stepped(self, item: str | None, done: str, otherwise: str) -> None:
        last = self.assessment.session.history[-1] if item is not None else None
        self.say(f"{done}: {last.what} is {last.new or 'not set'}" if last is not None else otherwise)
        self.draw()

    @on(commands.Find)
    def _find(self) -> None:
        self.query_one(Prompt).ask(
            "find parameter:",
            lambda text: self.set_focus(self.rows),
            text=self._sought,
            typed=self._seek,
            left=lambda: self._seek(""),
        )

    def _seek(self, text: str) -> None:
        self._sought = text
        self.draw()
        if not self.query_one(Prompt).display:
            self.set_focus(self.rows)

    @on(commands.Close)
    def _close(self) -> None:
        if self._sought:
            self._seek("")
        else:
            self.app.pop_screen()

    def why_not(self, command: type[Command]) -> str:
        """Why a setting cannot be changed now."""
        changing = (Change, AddHost, TakeOut, Undo, Redo, ProbeUsers)
        if command in changing and self.assessment.read_only:
            return f"read-only: {self.assessment.read_only}"
        if command is Change and not self.rows.key:
            return "no setting here"
        if command is TakeOut and self._host is None:
            state = self._parameter
            if state is None or not state.given:
                return "nothing to remove here: no host, and no value set for this launch"
        if command is ProbeUsers and (state := self._parameter) is not None and not state.items:
            return "no probe needs this parameter"
        return super().why_not(command)
