"""The item's detail in place of the list: scrolled, walked through, answered and copied there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from rich.text import Text

from readiness_tui.display.marks import one_line
from readiness_tui.errors import ReadinessError
from readiness_tui.model.checklist import Item
from readiness_tui.model.probe import Reply
from readiness_tui.rules import parameters
from readiness_tui.rules.probing.plan import Plan, probe_of
from readiness_tui.rules.standing import outcomes
from readiness_tui.store.recording import Recording
from readiness_tui.tui.commands import moving
from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.commands.reading import Copy, Open
from readiness_tui.tui.item.clipboard import keep
from readiness_tui.tui.item.detail import asked, conditions, head, history
from readiness_tui.tui.walk.controller import Controller, does
from readiness_tui.tui.walk.missing import ask
from readiness_tui.tui.walk.view import DETAIL, WalkView
from readiness_tui.tui.widgets.lines import Paragraph

LEAVING = frozenset({"evidence.open", "view.quit", "find.clear"})
"""Commands that close the detail while it is shown."""

COPIES = ("evidence", "commands", "id")


class Reading(Controller):
    """Shows the detail, keeps it current, and gives it the keys that scroll."""

    def __init__(self, walk: WalkView) -> None:
        super().__init__(walk)
        self._shown = ""
        self._plan: Plan | None = None
        self._why_no_plan = ""
        self._replies: tuple[Reply, ...] = ()
        self._seen: object = None
        """The outcomes of which the recorded output was read."""

    @property
    def open(self) -> bool:
        """The detail is shown."""
        return self.walk.has_class(DETAIL)

    def _why_nothing(self) -> str:
        return "" if self.state.item is not None else "no item here"

    @does(Open, unless=_why_nothing)
    def _open(self) -> None:
        if ask(self.walk):
            return
        self.walk.add_class(DETAIL)
        self._shown = ""
        self.walk.call_after_refresh(self.draw)

    def close(self) -> None:
        """Show the list again."""
        self.walk.remove_class(DETAIL)
        self.walk.to_list()
        self.walk.call_after_refresh(self.walk.draw)

    def takes(self, command: type[Command]) -> bool:
        """Whether the detail is shown and has a meaning of its own for a command; it then acts."""
        if not self.open:
            return False
        if command.name in LEAVING:
            self.close()
        elif command.name in ("move.next-section", "move.previous-section"):
            self.walk.list.move(1 if command.name == "move.next-section" else -1)
        elif command.name == "evidence.note":
            self.close()
            return False
        elif (lines := self._lines(command)) is not None:
            self.walk.detail.scroll_lines(lines)
        else:
            return False
        return True

    def _lines(self, command: type[Command]) -> int | None:
        """How far a command scrolls; None when it does not."""
        pages = self.walk.detail
        page, whole = max(1, pages.size.height - 1), pages.virtual_size.height
        return {
            moving.Down: 1,
            moving.Up: -1,
            moving.PageDown: page,
            moving.PageUp: -page,
            moving.HalfDown: page // 2,
            moving.HalfUp: -(page // 2),
            moving.First: -whole,
            moving.Last: whole,
        }.get(command)

    def draw(self) -> None:
        """Draw the item under the cursor, from the top when it is another one."""
        item = self.state.item
        if not self.open or item is None:
            return
        found = self.state.assessment.session.record(item.same_as or item.id).outcomes
        fresh, new = self._shown != item.id, self._seen is not found
        self._seen = found
        if fresh:
            self._plan, self._why_no_plan, self._replies = None, "", ()
            self._shown = item.id
        if fresh or new:
            self.walk.run_worker(self._read(item), group="detail", exclusive=True)
        self.walk.detail.show(list(self._paragraphs(item)), top=fresh)

    def _paragraphs(self, item: Item) -> Iterator[Paragraph]:
        assessment, chars = self.state.assessment, self.state.workspace.chars
        yield from head(self.state.sheet(item, ()), max(self.walk.detail.size.width - 3, 20), chars)
        if (spec := probe_of(item, self.state.checklist)) is not None:
            yield Text()
            yield from conditions(spec, parameters.values(self.state.checklist, assessment.session))
            yield from asked(self._plan, self._why_no_plan, self._replies)
        yield Text()
        yield from history(assessment.session.history, item.id, chars)

    async def _read(self, item: Item) -> None:
        """The plan and the recorded replies, off the loop."""
        launch, session = self.state.workspace.launch, self.state.assessment.session
        if probe_of(item, self.state.checklist) is None:
            return
        try:
            self._plan = await asyncio.to_thread(launch.plan, only=(item.id,))
        except ReadinessError as error:
            self._why_no_plan = error.message
        try:
            recording = Recording.beside(launch.sessions.path(session))
            self._replies = await asyncio.to_thread(recording.replies)
        except ReadinessError as error:
            self.walk.say(error.message, bad=True)
        self.draw()

    @does(Copy, unless=_why_nothing)
    def _copy(self) -> None:
        if (item := self.state.item) is None:
            return
        before = self.walk.status.answered
        last = next((n for n, what in enumerate(COPIES) if before.startswith(f"copied the {what}")), -1)
        what = COPIES[(last + 1) % len(COPIES)]
        text = self._copied(item, what)
        self.walk.app.copy_to_clipboard(text)
        path = keep(text)
        kept = f"; also in {path}" if path is not None else ""
        after = COPIES[(COPIES.index(what) + 1) % len(COPIES)]
        self.walk.say(f"copied the {what}, y again copies the {after}{kept}")

    def _copied(self, item: Item, what: str) -> str:
        if what == "id":
            return item.id
        if what == "commands":
            return "\n".join(self.walk.surroundings.commands_of(item)) or "no command"
        found = outcomes(item, self.state.checklist, self.state.assessment.session)
        looked = [(target, outcome) for target, outcome in found.items() if outcome is not None]
        lines = [f"{target}: {outcome.verdict} {one_line(outcome.evidence)}" for target, outcome in looked]
        return "\n".join([item.text, *lines])
