"""Probes: of one item, of a section, of all; and stopping them."""

from __future__ import annotations

from readiness_tui.display.checks import unchecked
from readiness_tui.rules.probing.plan import probe_of
from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.commands.probing import CancelProbes, Probe
from readiness_tui.tui.walk.controller import Controller, does


class ProbeSection(Command):
    """Run every probe of this section."""

    name, keys, spelt, label, topic = "probe.section", "R", "R", "probe section", "Probe"
    aliases = ("check section", "run section")


class ProbeAll(Command):
    """Run every probe of the checklist."""

    name, keys, spelt, label, topic = "probe.all", "P", "P", "probe all", "Probe"
    aliases = ("check all", "run all", "rerun")


class Probing(Controller):
    """Starts and stops probes; what they find arrives through the assessment."""

    def _why_no_probe(self) -> str:
        if reason := self.state.why_read_only:
            return reason
        if (item := self.state.item) is None:
            return "no item here"
        if probe_of(item, self.state.checklist) is None:
            return f"no probe: a person answers this item ({item.mode})"
        if self.state.workspace.prober.running(item.same_as or item.id) is not None:
            return "already being probed; x stops it"
        return ""

    @does(Probe, unless=_why_no_probe)
    def _probe(self) -> None:
        if (item := self.state.item) is not None:
            self._start(item.id)

    def _probed(self) -> list[str]:
        """The items with a probe in the section under the cursor."""
        section = self.state.section
        items = section.items if section is not None else ()
        return [item.id for item in items if probe_of(item, self.state.checklist)]

    def _why_no_section(self) -> str:
        return self.state.why_read_only or ("" if self._probed() else "no item of this section has a probe")

    @does(ProbeSection, unless=_why_no_section)
    def _probe_section(self) -> None:
        self._start(*self._probed())

    def _why_read_only(self) -> str:
        return self.state.why_read_only

    @does(ProbeAll, unless=_why_read_only)
    def _probe_all(self) -> None:
        self._start()

    def _start(self, *only: str) -> None:
        workspace = self.state.workspace
        workspace.work(workspace.prober.probe(only))

    def on_open(self) -> None:
        """Offer the checks that are missing or stale, or run them where the launch says so."""
        state = self.state
        waiting = unchecked(state.checklist, state.assessment.session, state.found)
        if state.assessment.read_only or not waiting.words:
            return
        if not state.assessment.session.probe_on_open:
            self.walk.say(f"{waiting.words}: P runs them, about {waiting.seconds} s")
            return
        self.walk.say(f"{waiting.words}: running, about {waiting.seconds} s; x stops")
        self._start(*waiting.items)

    def _why_no_cancel(self) -> str:
        return "" if self.state.workspace.prober.busy else "no probe runs"

    @does(CancelProbes, unless=_why_no_cancel)
    def _cancel(self) -> None:
        self.walk.say("stopping the probes")
        workspace = self.state.workspace
        workspace.work(workspace.prober.cancel())
