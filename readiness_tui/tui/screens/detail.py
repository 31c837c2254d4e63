"""Everything about one item: verdicts first, then the rule, the command, its output, the history."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from readiness_tui.display.marks import Charset, mark_of, one_line, visible
from readiness_tui.errors import ReadinessError
from readiness_tui.model.checklist import Item, ProbeSpec
from readiness_tui.model.privilege import NONE
from readiness_tui.model.probe import CollectorAsk, Reply
from readiness_tui.model.session import Change, Session
from readiness_tui.rules.probing.plan import Plan, probe_of
from readiness_tui.rules.standing import outcomes
from readiness_tui.store.recording import Recording
from readiness_tui.tui import commands
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.screens.text_screen import Reading
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.card import Sheet, body, title_line
from readiness_tui.tui.widgets.lines import FixedLines, Labelled, Pages, Paragraph
from readiness_tui.workspace.workspace import Workspace

FRAME_S = 0.1
OUTPUT_LINES = 60
"""Lines of one reply that are shown; the recording has all of them."""


class DetailScreen(Reading):
    """One item; what probes find meanwhile is shown as it comes."""

    OFFERS = (*Reading.SCROLLS, commands.Probe, commands.CancelProbes, commands.Help, commands.Close)
    BINDINGS = bindings(OFFERS)

    def __init__(self, workspace: Workspace, item: Item) -> None:
        super().__init__()
        self.workspace = workspace
        self.item = item
        self._plan: Plan | None = None
        self._why_no_plan = ""
        self._replies: tuple[Reply, ...] = ()
        self._frame: Timer | None = None
        self._was_busy = False

    def compose(self) -> ComposeResult:
        """Title, pages, bar."""
        yield FixedLines(id="title")
        yield Pages(id="pages")
        yield self.status
        yield KeyBar(
            (commands.Down, commands.PageDown, commands.Probe, commands.Help, commands.Close), id="keys"
        )

    def on_mount(self) -> None:
        """Draw what is known, then read what must be read."""
        self._said_before, self.workspace.say = self.workspace.say, self.say
        self._unwatch = self.workspace.assessment.watch(self._watch)
        self._was_busy = self._flying
        self.call_after_refresh(self.draw)
        self.run_worker(self._read(), group="reading", exclusive=True)
        self.set_interval(1.0, self._second)

    def on_unmount(self) -> None:
        """Stop watching."""
        self._unwatch()
        self.workspace.say = self._said_before

    def on_resize(self) -> None:
        """Fit the new width."""
        self.call_after_refresh(self.draw)

    @property
    def _flying(self) -> bool:
        return self.workspace.prober.running(self.item.same_as or self.item.id) is not None

    def _second(self) -> None:
        """After a probe has ended its output is read; nothing is drawn while nothing happens."""
        flying = self._flying
        if self._was_busy and not flying:
            self.run_worker(self._read(), group="reading", exclusive=True)
        if flying or self._was_busy:
            self.draw()
        self._was_busy = flying

    def _watch(self, before: Session, after: Session) -> None:
        if self._frame is None:
            self._frame = self.set_timer(FRAME_S, self.draw)

    async def _read(self) -> None:
        """The plan and the recorded replies, off the loop."""
        launch, session = self.workspace.launch, self.workspace.assessment.session
        if probe_of(self.item, self.workspace.assessment.checklist) is None:
            return
        try:
            self._plan = await asyncio.to_thread(launch.plan, only=(self.item.id,))
        except ReadinessError as error:
            self._why_no_plan = error.message
        try:
            recording = Recording.beside(launch.sessions.path(session))
            self._replies = await asyncio.to_thread(recording.replies)
        except ReadinessError as error:
            self.say(error.message, bad=True)
        self.draw()

    def draw(self) -> None:
        """Draw everything; only lines that differ are sent."""
        self._frame = None
        if not self.is_mounted or not self.size.width:
            return
        assessment = self.workspace.assessment
        one = assessment.standings()[self.item.id]
        mark = mark_of(one, running=self._flying)
        found = outcomes(self.item, assessment.checklist, assessment.session)
        record = assessment.session.record(self.item.id)
        sheet = Sheet(self.item, record, one, mark, found, shared=self.item.same_as or "")
        self.query_one("#title", FixedLines).show([title_line(sheet, self.size.width, self.workspace.chars)])
        self.pages.show([*body(sheet, self.workspace.chars), *self._rest()])

    def _rest(self) -> Iterator[Paragraph]:
        assessment = self.workspace.assessment
        if note := assessment.session.record(self.item.id).note:
            yield Text()
            yield _heading("Note")
            yield Text(visible(note))
        if (spec := probe_of(self.item, assessment.checklist)) is not None:
            yield Text()
            yield from rule(spec)
            yield from asked(self._plan, self._why_no_plan, self._replies)
        yield Text()
        yield from history(assessment.session.history, self.item.id, self.workspace.chars)

    def why_not(self, command: type[Command]) -> str:
        """Why no probe can run."""
        if command is commands.Probe:
            if self.workspace.assessment.read_only:
                return f"read-only: {self.workspace.assessment.read_only}"
            if probe_of(self.item, self.workspace.assessment.checklist) is None:
                return f"a {self.item.mode} item: no probe looks at it"
            return "already being probed; x stops it" if self._flying else ""
        if command is commands.CancelProbes and not self.workspace.prober.busy:
            return "no probe runs"
        return super().why_not(command)

    @on(commands.Probe)
    def _probe(self) -> None:
        self._was_busy = True
        self.workspace.work(self.workspace.prober.probe((self.item.id,)))

    @on(commands.CancelProbes)
    def _cancel(self) -> None:
        self.workspace.work(self.workspace.prober.cancel())

    @on(commands.Close)
    def _close(self) -> None:
        self.app.pop_screen()


def _heading(text: str) -> Text:
    return Text(text, Style(bold=True))


def rule(spec: ProbeSpec) -> Iterator[Paragraph]:
    """The probe's kind, place and conditions, as in the checklist."""
    yield _heading("Probe")
    yield Labelled("Kind", Text(f"{spec.kind} on {', '.join(spec.where)}"))
    trees: tuple[tuple[str, Mapping[str, object] | None], ...] = (
        ("Fail if", spec.fail_if),
        ("Pass if", spec.pass_if),
        ("Info if", spec.info_if),
    )
    for label, tree in trees:
        if tree is not None:
            yield Labelled(label, Text(one_line(json.dumps(tree, ensure_ascii=False, default=str))))


def asked(made: Plan | None, why_not: str, replies: Sequence[Reply]) -> Iterator[Paragraph]:
    """Per target and ask: the command, and what came back the last time."""
    if why_not:
        yield Labelled("Runs", Text(one_line(why_not)))
    if made is None:
        return
    latest = {(reply.host, reply.ask.digest): reply for reply in replies}
    for check in made.checks:
        if check.not_configured:
            yield Labelled("Runs", Text(f"nothing on {check.target}: {one_line(check.not_configured)}"))
        for ask in check.asks:
            yield Text()
            yield Labelled("Runs", Text(f"{one_line(ask.command)}  on {check.target}"))
            if isinstance(ask, CollectorAsk) and ask.privilege != NONE:
                yield Labelled("As", Text(one_line(str(ask.privilege))))
            yield from _came_back(latest.get((check.target, ask.digest)))


def _came_back(reply: Reply | None) -> Iterator[Paragraph]:
    if reply is None:
        yield Labelled("Output", Text("not run yet", Style(dim=True)))
        return
    when = f"{reply.asked_at.astimezone():%d %b %H:%M:%S}, {reply.took_ms} ms"
    end = f"{reply.cause}: {one_line(reply.detail)}" if reply.cause else f"exit {reply.exit}"
    yield Labelled("Ran", Text(f"{when}, {end}"))
    if reply.hint:
        yield Labelled("Hint", Text(visible(reply.hint)))
    lines = visible(reply.stdout).splitlines()
    for index, text in enumerate(lines[:OUTPUT_LINES]):
        yield Labelled("Output" if index == 0 else "", Text(text))
    if len(lines) > OUTPUT_LINES or reply.clipped:
        yield Labelled("", Text(f"... {len(lines)} lines in all", Style(dim=True)))
    if reply.stderr.strip():
        yield Labelled("Errors", Text(visible(reply.stderr.strip())))


def history(changes: Sequence[Change], item: str, chars: Charset) -> Iterator[Paragraph]:
    """Who changed what of this item, newest first."""
    yield _heading("History of this day")
    mine = [change for change in changes if change.item == item]
    if not mine:
        yield Text("nothing changed by hand", Style(dim=True))
    for change in reversed(mine):
        why = f" because {change.why}" if change.why else ""
        before = f"{change.old} {chars.arrow} " if change.old else ""
        said = f"{change.by}: {change.what} {before}{change.new or 'taken back'}{why}"
        yield Labelled(f"{change.at.astimezone():%H:%M}", Text(one_line(said)))
