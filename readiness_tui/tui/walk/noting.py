"""Notes, written here or in an editor, and everything about one item."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from textual.app import SuspendNotSupported
from textual.timer import Timer

from readiness_tui.rules import edits
from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.walk.controller import Controller, does
from readiness_tui.tui.walk.view import WalkView

NOTE_S = 0.25
"""Seconds after which a note being typed is saved."""

NOTING = "-noting"
"""The screen's class while a note is written: a small screen then shows the card in place of the list."""


class Note(Command):
    """Write the note here; Esc or Ctrl+S ends, and it is saved either way."""

    name, keys, spelt, label, topic = "evidence.note", "i,tab", "i Tab", "note", "Evidence"
    title, aliases = "Note...", ("comment", "write", "insert")


class EndNote(Command):
    """Leave the note; it is saved."""

    name, keys, spelt, label, topic = (
        "evidence.end-note",
        "escape,ctrl+s",
        "Esc Ctrl+s",
        "end the note (saved)",
        "Evidence",
    )
    typing = True


class Editor(Command):
    """Write the note in your editor ($VISUAL, else $EDITOR)."""

    name, keys, spelt, label, topic = "evidence.editor", "e", "e", "editor", "Evidence"
    title, aliases = "Note in editor...", ("edit", "vim", "nano")


class Noting(Controller):
    """Saves a note while it is typed and whenever it is left."""

    def __init__(self, walk: WalkView) -> None:
        super().__init__(walk)
        self._typed: tuple[str, str] | None = None
        self._timer: Timer | None = None
        self._continued = ""
        """The item whose note was saved since the note was opened: more typing continues that change."""

    def _why_no_note(self) -> str:
        return self.state.why_read_only or ("" if self.state.item else "no item here")

    @does(Note, unless=_why_no_note)
    def _note(self) -> None:
        if not self.walk.card.display:
            self.walk.add_class(NOTING)
            if (item := self.state.item) is not None:
                self.walk.surroundings.draw_card(item)
        self.walk.card.write_note()

    @does(EndNote)
    def _end_note(self) -> None:
        self.keep_note()
        self.walk.remove_class(NOTING)
        self.walk.to_list()
        self.walk.draw()

    def _why_no_editor(self) -> str:
        if reason := self._why_no_note():
            return reason
        if not editor():
            return "neither VISUAL nor EDITOR is set; i writes the note here"
        if self.state.workspace.prober.busy:
            return "probes would stand still while the editor is open: x stops them, i writes the note here"
        return ""

    @does(Editor, unless=_why_no_editor)
    def _editor(self) -> None:
        if (item := self.state.item) is None:
            return
        self.keep_note()
        note = self.state.assessment.session.record(item.id).note
        try:
            with self.walk.app.suspend():
                changed = edit_text(note, editor())
        except SuspendNotSupported:
            self.walk.say("this terminal cannot be handed to an editor; i writes the note here")
            return
        except OSError as error:
            self.walk.say(f"the editor did not start: {error}", bad=True)
            return
        if changed is not None:
            self.walk.apply(edits.SetNote(item.id, changed.replace("\x00", "")))
        self.walk.draw()

    def begin(self) -> None:
        """The note has the keys: what is typed from here on is one change."""
        self._continued = ""

    def leave(self) -> None:
        """The note lost the keys: save it."""
        self.keep_note()
        self._continued = ""

    def typed(self, item: str, text: str) -> None:
        """Remember what is typed, and save it soon."""
        self._typed = (item, text)
        if self._timer is None:
            self._timer = self.walk.set_timer(NOTE_S, self.keep_note)

    def keep_note(self) -> None:
        """Save what was typed so far."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        drafts = (self._typed, self.walk.card.draft)
        self._typed = None
        if self.state.assessment.read_only:
            return
        for item, text in dict(draft for draft in drafts if draft is not None).items():
            before = self.state.assessment.session
            self.walk.apply(edits.SetNote(item, text.replace("\x00", ""), continues=item == self._continued))
            if self.state.assessment.session is not before:
                self._continued = item
        self.walk.card.kept()


def editor() -> list[str]:
    """The operator's editor as a command; empty when none is set."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    return shlex.split(command)


def edit_text(text: str, command: list[str]) -> str | None:
    """Have a text edited in a file of its own; None when the editor failed. Raises OSError."""
    with tempfile.TemporaryDirectory(prefix="readiness-") as folder:
        path = Path(folder, "note.md")
        path.write_text(text, encoding="utf-8")
        done = subprocess.run([*command, str(path)], check=False)
        if done.returncode != 0:
            return None
        return path.read_text(encoding="utf-8", errors="replace").rstrip("\n")
