"""The card of one item: what is asked, how it stands, what to do next, and the note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Paste
from textual.message import Message
from textual.widgets import Static, TextArea

from readiness_tui.display.marks import RUNNING, VERDICTS, Charset, Mark, one_line, style_of, visible
from readiness_tui.display.sentences import last_time, standing_sentence
from readiness_tui.model.checklist import Item
from readiness_tui.model.outcome import Outcome
from readiness_tui.model.session import Record
from readiness_tui.rules.standing import ItemStanding
from readiness_tui.tui.widgets.lines import Clipped, FixedLines, Labelled, Paragraph, fit


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the card shows of an item.

    outcomes: per target, None where it was not checked. next_step: what to do, with its key. role: who
    signs for it. commands: what will run, one line each. shared: the id whose verdict this one shares.
    """

    item: Item
    record: Record
    standing: ItemStanding
    mark: Mark
    outcomes: Mapping[str, Outcome | None]
    next_step: str = ""
    role: str = ""
    commands: tuple[str, ...] = ()
    shared: str = ""


NOTE_LENGTH = 20_000
"""Characters that can be pasted into a note; wrapping and saving more takes seconds."""


class NoteField(TextArea):
    """The note. A paste that is too long is cut."""

    class Cut(Message):
        """A paste was cut at NOTE_LENGTH characters."""

    def on_paste(self, event: Paste) -> None:
        """Cut what does not fit, before Textual inserts it."""
        room = max(0, NOTE_LENGTH - len(self.text))
        if len(event.text) > room:
            event.text = event.text[:room]
            self.post_message(self.Cut())


class Card(Vertical):
    """A fixed-size pane; the note field is always there and keeps what is being typed."""

    class Noted(Message):
        """The note was typed in. item: whose note it is."""

        def __init__(self, item: str, text: str) -> None:
            self.item = item
            self.text = text
            super().__init__()

    def __init__(self, chars: Charset, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chars = chars
        self._sheet: Sheet | None = None
        self._given = self._loaded = ""  # the note as the session has it, and as the field has it
        self._title = FixedLines(id="card-title")
        self._body = Clipped("Enter shows the rest", id="card-body")
        self._note = NoteField("", id="note", soft_wrap=True, tab_behavior="focus", compact=True)
        self._note.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Title, body, and the note."""
        yield self._title
        yield self._body
        with Horizontal(id="note-row"):
            yield Static("Note", id="note-label", markup=False)
            yield self._note

    @property
    def item(self) -> str:
        """The id of the item shown, empty at first."""
        return self._sheet.item.id if self._sheet else ""

    @property
    def typing(self) -> bool:
        """The note field has the keys."""
        return self.screen.focused is self._note

    @property
    def note(self) -> str:
        """The note as it stands in the field."""
        return self._note.text

    @property
    def draft(self) -> tuple[str, str] | None:
        """The item and its note, when something was typed since it was shown or kept."""
        return (self.item, self._note.text) if self._note.text != self._loaded else None

    def kept(self) -> None:
        """What is in the field is kept now."""
        self._loaded = self._given = self._note.text

    @property
    def texts(self) -> tuple[str, ...]:
        """What title and body say."""
        return (*self._title.texts, *self._body.texts)

    def tell(self, sheet: Sheet) -> None:
        """Show an item; the note being typed is never touched while it is the same item's."""
        fresh = self._sheet is None or self._sheet.item.id != sheet.item.id
        if fresh and (draft := self.draft) is not None:
            self.post_message(self.Noted(*draft))
        self._sheet = sheet
        self._draw()
        if fresh or (sheet.record.note != self._given and self.draft is None and not self.typing):
            with self.prevent(TextArea.Changed):
                self._note.load_text(sheet.record.note)
            self._given, self._loaded = sheet.record.note, self._note.text

    def allow_typing(self, allowed: bool) -> None:
        """Whether the note may be changed."""
        self._note.read_only = not allowed

    def write_note(self) -> None:
        """Give the keys to the note field, at its end."""
        self.screen.set_focus(self._note)
        self._note.move_cursor(self._note.document.end)

    def on_resize(self) -> None:
        """Fit the new size."""
        self._draw()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Pass what was typed on to the screen."""
        event.stop()
        if (draft := self.draft) is not None:
            self.post_message(self.Noted(*draft))

    def _draw(self) -> None:
        if self._sheet is None or not self.size.width:
            return
        self._title.show([title_line(self._sheet, self.size.width, self.chars)])
        self._body.tell(list(body(self._sheet, self.chars)))


def title_line(sheet: Sheet, width: int, chars: Charset) -> Text:
    """The rule above the card: id, severity, mode."""
    item, rule = sheet.item, chars.rule
    full = f"{item.id} {rule} {item.severity} {rule} {item.mode}"
    left = f"{rule * 2} {full if len(full) <= width - 5 else fit(item.id, width - 5, chars)} "
    text = Text(left, Style(bold=True))
    return text.append(rule * max(0, width - cell_len(left)), Style(bold=True))


def body(sheet: Sheet, chars: Charset) -> Iterator[Paragraph]:
    """The card's text in the order in which it is needed; the widget wraps it."""
    item, record, one = sheet.item, sheet.record, sheet.standing
    yield Text(one_line(item.text), Style(bold=True))
    word, reason = standing_sentence(item, record, one, sheet.outcomes)
    word = sheet.mark.word if sheet.mark is RUNNING else word
    said = Text().append(f" {word} ", Style.parse(f"bold {style_of(sheet.mark, critical=False)}"))
    yield said.append(f" {reason}" if reason else "")
    yield from verdicts(sheet.outcomes, chars)
    if sheet.next_step:
        yield Labelled("Next", Text(sheet.next_step, Style(bold=True)))
    yield _labelled("How to check", one_line(item.how))
    yield _labelled("Why", one_line(item.why))
    for index, command in enumerate(sheet.commands):
        yield _labelled("Runs" if index == 0 else "", one_line(command))
    if sheet.shared:
        yield _labelled("Same as", sheet.shared)
    for evidence in record.evidence:
        yield _labelled("Evidence", one_line(evidence.path or evidence.url or ""))
    if last := last_time(record, sheet.outcomes):
        yield _labelled("Last time", last)
    due = f" {chars.dot} due {item.phase} after launch" if item.phase.value != "launch" else ""
    weight = f" {chars.dot} {item.severity} {chars.dot} {item.mode}"
    yield Text(f"Signed off by {sheet.role or item.role}{weight}{due}", Style(dim=True))


def verdicts(outcomes: Mapping[str, Outcome | None], chars: Charset) -> Iterator[Paragraph]:
    """One paragraph a target: its verdict, its evidence, and the hint when it could not be checked."""
    for target, outcome in outcomes.items():
        name = visible(target)
        if outcome is None:
            yield _labelled(name, "not checked yet", Style(dim=True))
            continue
        mark = VERDICTS[outcome.verdict]
        cause = f" ({outcome.cause})" if outcome.cause else ""
        said = Text().append(f"{chars.of(mark)} {mark.word}{cause}", mark.style)
        yield Labelled(name, said.append(f" {one_line(outcome.evidence)}" if outcome.evidence else ""))
        if outcome.hint:
            yield _labelled("", f"{chars.arrow} {visible(outcome.hint)}")


def _labelled(label: str, text: str, style: Style | str = "") -> Labelled:
    return Labelled(label, Text(text, style))
