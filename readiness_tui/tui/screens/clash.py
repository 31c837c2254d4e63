"""Both sides changed the same: what it was, ours and theirs side by side, one decision each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from readiness_tui.display.marks import Charset, one_line, visible
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Record, Session
from readiness_tui.rules.merging import Conflict
from readiness_tui.rules.resolve import take
from readiness_tui.tui import commands
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.screens.list_screen import Choosing
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.choices import Choices
from readiness_tui.tui.widgets.lines import FixedLines, Pages
from readiness_tui.workspace.merging_saver import MergeConflict

SIDES = ("base", "ours", "theirs")
TITLES = {"base": "last saved", "ours": "ours (o)", "theirs": "theirs, in the file (t)"}


class ClashScreen(Choosing):
    """Decide every conflict for one side, then save."""

    CSS_PATH = "clash.tcss"
    OFFERS = (
        commands.TakeOurs,
        commands.TakeTheirs,
        commands.SaveMerged,
        *Choosing.MOVES,
        commands.Help,
        commands.Close,
    )
    BINDINGS = bindings(OFFERS)

    def __init__(
        self,
        clash: MergeConflict,
        checklist: Checklist,
        chars: Charset,
        decided: Callable[[MergeConflict, Session], None],
    ) -> None:
        """decided: takes the clash and the session to go on with."""
        super().__init__()
        self.clash = clash
        self.chars = chars
        self._checklist = checklist
        self._decided = decided
        self._theirs: dict[str, bool] = {}

    def compose(self) -> ComposeResult:
        """Title, conflicts, three columns, bar."""
        yield FixedLines(id="title")
        yield Choices(id="rows")
        with Horizontal(id="sides"):
            for side in SIDES:
                yield Pages(id=side, classes="side")
        yield self.status
        yield KeyBar((*self.OFFERS[:3], commands.Down, commands.Help, commands.Close), id="keys")

    def on_mount(self) -> None:
        """Nothing is decided yet."""
        count = len(self.clash.merged.conflicts)
        self.query_one("#title", FixedLines).show(
            [
                Text(f" {count} changed here and in the file", Style(bold=True)),
                Text(" Nothing of yours is saved until each is decided; all else is merged already."),
            ]
        )
        self.set_focus(self.rows)
        self._draw()

    def _draw(self) -> None:
        conflicts = self.clash.merged.conflicts
        self.rows.show([self._row(conflict) for conflict in conflicts])
        left = len(conflicts) - len(self._theirs)
        self.status.tell(f"{left} to decide" if left else "all decided: Enter saves")
        self._draw_sides()

    def _row(self, conflict: Conflict) -> Text:
        taken = self._theirs.get(conflict.what)
        word = "?" if taken is None else "theirs" if taken else "ours"
        item = self._checklist.items.get(conflict.what)
        return Text(f"{word:7}", Style(bold=True)).append(
            one_line(item.text if item else conflict.what), Style(bold=False)
        )

    def _draw_sides(self) -> None:
        conflict = self.clash.merged.conflicts[self.rows.index]
        is_item = conflict.what in self._checklist.items
        for side in SIDES:
            title = Text(TITLES[side], Style(bold=True))
            if is_item:
                session: Session = getattr(self.clash, side)
                lines = list(said(session.record(conflict.what)))
            else:
                lines = [Text(visible(getattr(conflict, side)) or "-")]
            self.query_one(f"#{side}", Pages).show([title, *lines], top=True)

    @on(Choices.Chosen)
    def _chosen(self) -> None:
        self._draw_sides()

    @on(commands.TakeOurs)
    def _ours(self) -> None:
        self._take(theirs=False)

    @on(commands.TakeTheirs)
    def _theirs_taken(self) -> None:
        self._take(theirs=True)

    def _take(self, *, theirs: bool) -> None:
        conflicts = self.clash.merged.conflicts
        here = self.rows.index
        self._theirs[conflicts[here].what] = theirs
        self._draw()
        order = [*range(here + 1, len(conflicts)), *range(here)]
        undecided = next((at for at in order if conflicts[at].what not in self._theirs), here)
        self.rows.choose(undecided)

    def why_not(self, command: type[Command]) -> str:
        """Why it cannot be saved yet."""
        if command is commands.SaveMerged:
            left = len(self.clash.merged.conflicts) - len(self._theirs)
            return f"{left} to decide first: o ours, t theirs" if left else ""
        return super().why_not(command)

    @on(commands.SaveMerged)
    def _save(self) -> None:
        wanted = [what for what, theirs in self._theirs.items() if theirs]
        self.app.pop_screen()
        self._decided(self.clash, take(self.clash.merged.session, self.clash.theirs, wanted))

    @on(commands.Close)
    def _later(self) -> None:
        self.app.pop_screen()


def said(record: Record) -> Iterator[Text]:
    """The human half of a record, a line each."""
    if record.answer is not None:
        yield Text(record.answer.value, Style(bold=True))
        yield Text(f"by {one_line(record.by)}, {record.at:%d %b %H:%M} UTC" if record.at else "")
    else:
        yield Text("not answered")
    if record.reason:
        yield Text(f"because {visible(record.reason)}")
    if record.note:
        yield Text("note:")
        yield from (Text(line) for line in visible(record.note).splitlines())
    for proof in record.evidence:
        yield Text(f"evidence: {visible(proof.url or proof.path or '')}")
    if (waiver := record.waiver) is not None:
        yield Text(f"waived to {waiver.expires} by {visible(waiver.approver)}: {visible(waiver.reason)}")
