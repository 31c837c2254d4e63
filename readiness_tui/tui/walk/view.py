"""The walk's widgets and how they are drawn."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer

from readiness_tui.display.filters import View
from readiness_tui.errors import UsageError
from readiness_tui.rules import edits
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.walk.keybar import keys_now
from readiness_tui.tui.walk.state import WalkState
from readiness_tui.tui.walk.surroundings import Panes, Surroundings
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.card import Card
from readiness_tui.tui.widgets.header import Alert, Header
from readiness_tui.tui.widgets.item_list import ItemList
from readiness_tui.tui.widgets.lines import Pages
from readiness_tui.tui.widgets.prompt import Prompt
from readiness_tui.tui.widgets.sections import Sections
from readiness_tui.workspace.workspace import Workspace

FRAME_S = 0.1
"""Seconds between two repaints while results stream in."""


WORDS_FROM = 110
"""Columns of the screen from which words stand beside the glyphs, unless the operator chose."""

DETAIL = "-detail"
"""The screen's class while the detail is shown in place of the list and the card."""

PANES = ("Items", "Item", "Sections")


class WalkView(CommandScreen):
    """Header, sections, list, card, status and keys. The widgets live as long as the screen.

    words: whether words stand beside the glyphs; None as the width says.
    """

    def __init__(self, workspace: Workspace, view: View = View.ALL) -> None:
        super().__init__(workspace.chars)
        chars = workspace.chars
        self.workspace = workspace
        self.assessment = workspace.assessment
        self.checklist = workspace.assessment.checklist
        self.state = WalkState(workspace, view)
        self.header = Header(chars, id="header")
        self.alert = Alert(chars, id="alert")
        self.sections = Sections(chars, id="sections")
        self.list = ItemList(chars, id="list")
        self.card = Card(chars, id="card")
        self.detail = Pages(id="detail")
        self.prompt = Prompt(id="prompt")
        self.key_bar = KeyBar((), id="keys")
        self._frame: Timer | None = None
        self.words: bool | None = None
        panes = Panes(self.header, self.alert, self.sections, self.list, self.card)
        self.surroundings = Surroundings(self, self.state, panes)
        self.list.border_title, self.card.border_title, self.sections.border_title = PANES
        self.set_class(chars.ascii, "-ascii")

    def compose(self) -> ComposeResult:
        """Header, panes, status or prompt, keys."""
        yield self.header
        yield self.alert
        yield Container(self.sections, Container(self.list, self.card, self.detail, id="body"), id="panes")
        yield self.status
        yield self.prompt
        yield self.key_bar

    def to_list(self) -> None:
        """Give the keys back to the list."""
        self.set_focus(self.list)

    def apply(self, edit: edits.Edit) -> bool:
        """Make a change; the bar says why one was refused."""
        try:
            self.assessment.apply(edit)
        except UsageError as error:
            self.say(error.message + (f" - {error.hint}" if error.hint else ""), bad=True)
            return False
        return True

    def agreed(self, question: str) -> bool:
        """Whether the key was pressed while this question was in the bar; else ask it."""
        return not self.status.asks(question)

    def draw_keys(self) -> None:
        """Show the keys that matter now; while the note is written, that field has its own."""
        if not self.card.typing:
            self.key_bar.offer(keys_now(self.state, self.OFFERS, detail=self.has_class(DETAIL)))

    def draw_range(self) -> None:
        """Mark the rows of the range that is selected."""
        anchor, key = self.state.anchor, self.state.key
        keys = self.list.between(anchor, key) if anchor and key else []
        self.list.choose(frozenset(keys))

    def end_range(self) -> None:
        """Select nothing any more."""
        self.state.anchor = ""
        self.draw_range()

    def jump(self, key: str) -> bool:
        """Go to an item, remembering where we were; all items are shown if the filter hides it."""
        here = self.state.key
        if key and not self.list.move_to(key):
            self.state.view, self.state.sought = View.ALL, ""
            self.relist(key)
        if key and key != here:
            self.state.before = here
        return bool(key)

    def soon(self) -> None:
        """Draw what changed, at most ten times a second."""
        if self._frame is None and self.is_mounted:
            self._frame = self.set_timer(FRAME_S, self.draw)

    def draw(self) -> None:
        """Draw what changed, now."""
        if self._frame is not None:
            self._frame.stop()
            self._frame = None
        touched = self.state.refresh(self.list.keys)
        self.list.update({key: self.state.line(key) for key in touched})
        self.draw_around()
        self.draw_keys()

    def relist(self, key: str = "") -> None:
        """Apply view and filter anew; the cursor goes to `key`, else stays, else goes on to what is shown."""
        state = self.state
        state.anchor = ""
        self.list.choose(frozenset())
        state.refresh([])
        rows = state.rows()
        lines = {row.key: state.line(row.key) for row in rows if row.key}
        self.list.show(rows, lines, state.nearest(key or state.key, set(lines)))

    def fit_words(self) -> None:
        """Show words beside the glyphs, as the operator chose or as there is room."""
        self.list.show_words(self.size.width >= WORDS_FROM if self.words is None else self.words)

    def draw_around(self) -> None:
        """Draw all but the list; for a moved cursor this is enough."""
        self.surroundings.draw()
