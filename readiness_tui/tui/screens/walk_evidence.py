"""The walk's evidence: notes here or in an editor, and probes that run while one goes on."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import SuspendNotSupported
from textual.events import DescendantBlur, DescendantFocus
from textual.timer import Timer

from readiness_tui.rules import edits
from readiness_tui.rules.plan import probe_of
from readiness_tui.tui import commands
from readiness_tui.tui.screens.detail import DetailScreen
from readiness_tui.tui.screens.walk_answers import WalkAnswers
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.card import Card

NOTE_S = 0.25
"""Seconds after which a note being typed is saved."""


class WalkEvidence(WalkAnswers):
    """The note never waits for a probe, nor a probe for the note. IN_BAR: the keys of the bar."""

    IN_BAR: ClassVar[tuple[type[commands.Command], ...]] = ()

    _typed: tuple[str, str] | None = None
    _note_timer: Timer | None = None
    _continued: str = ""
    """The item whose note was saved since the note was opened: more typing goes on with that change."""

    @on(commands.Note)
    def _note(self) -> None:
        self.add_class("-noting")
        self.card.display = True
        if (item := self.item) is not None:
            self.card.tell(self._sheet(item))
        self.card.write_note()

    @on(commands.EndNote)
    def _end_note(self) -> None:
        self.keep_note()
        self.remove_class("-noting")
        self.to_list()
        self.draw()

    @on(DescendantFocus, "#note")
    def _note_begun(self) -> None:
        self._continued = ""
        self.query_one(KeyBar).offer((commands.EndNote,))

    @on(DescendantBlur, "#note")
    def _note_left(self) -> None:
        self.keep_note()
        self._continued = ""
        self.query_one(KeyBar).offer(self.IN_BAR)

    @on(Card.Noted)
    def _noted(self, event: Card.Noted) -> None:
        self._typed = (event.item, event.text)
        if self._note_timer is None:
            self._note_timer = self.set_timer(NOTE_S, self.keep_note)

    def keep_note(self) -> None:
        """Save what was typed so far."""
        if self._note_timer is not None:
            self._note_timer.stop()
            self._note_timer = None
        cards = self.query(Card)
        drafts = (self._typed, cards.first().draft if cards else None)
        self._typed = None
        if self.assessment.read_only:
            return
        for item, text in dict(draft for draft in drafts if draft is not None).items():
            before = self.assessment.session
            self.apply(edits.SetNote(item, text.replace("\x00", ""), continues=item == self._continued))
            if self.assessment.session is not before:
                self._continued = item
        if cards:
            cards.first().kept()

    @on(commands.Editor)
    def _editor(self) -> None:
        if (item := self.item) is None:
            return
        self.keep_note()
        note = self.assessment.session.record(item.id).note
        try:
            with self.app.suspend():
                changed = edit_text(note, editor())
        except SuspendNotSupported:
            self.say("this terminal cannot be handed to an editor; i writes the note here")
            return
        except OSError as error:
            self.say(f"the editor did not start: {error}", bad=True)
            return
        if changed is not None:
            self.apply(edits.SetNote(item.id, changed.replace("\x00", "")))
        self.draw()

    @on(commands.Open)
    def _open_detail(self) -> None:
        if (item := self.item) is not None:
            self.app.push_screen(DetailScreen(self.desk, item))

    @on(commands.Probe)
    def _probe(self) -> None:
        if (item := self.item) is not None:
            self._start(item.id)

    @on(commands.ProbeSection)
    def _probe_section(self) -> None:
        section = self.checklist.sections[self.list.section]
        self._start(*(item.id for item in section.items if probe_of(item, self.checklist)))

    @on(commands.ProbeAll)
    def _probe_all(self) -> None:
        self._start()

    def _start(self, *only: str) -> None:
        self.desk.work(self.desk.prober.probe(only))

    @on(commands.CancelProbes)
    def _cancel(self) -> None:
        self.say("stopping the probes")
        self.desk.work(self.desk.prober.cancel())

    def why_not(self, command: type[commands.Command]) -> str:
        """Why a probe or a note cannot be."""
        probes = (commands.Probe, commands.ProbeSection, commands.ProbeAll)
        if command in (commands.Note, commands.Editor) and self.item is None:
            return "no item here"
        if command in (*probes, commands.Note, commands.Editor) and self.assessment.read_only:
            return f"read-only: {self.assessment.read_only}; T opens it to work on"
        if command is commands.Probe:
            return self._why_no_probe()
        if command is commands.ProbeSection:
            items = self.checklist.sections[self.list.section].items if self.list.section >= 0 else ()
            probed = any(probe_of(item, self.checklist) for item in items)
            return "" if probed else "no item of this section has a probe"
        if command is commands.CancelProbes and not self.desk.prober.busy:
            return "no probe runs"
        if command is commands.Editor and not editor():
            return "neither VISUAL nor EDITOR is set; i writes the note here"
        if command is commands.Editor and self.desk.prober.busy:
            return "probes would stand still while the editor is open: x stops them, i writes the note here"
        return super().why_not(command)

    def _why_no_probe(self) -> str:
        if (item := self.item) is None:
            return "no item here"
        if probe_of(item, self.checklist) is None:
            return f"a {item.mode} item: no probe looks at it"
        if self.desk.prober.running(item.same_as or item.id) is not None:
            return "already being probed; x stops it"
        return ""


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
