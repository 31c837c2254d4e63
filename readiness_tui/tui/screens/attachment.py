"""An attachment: a file that is copied into the launch, or a URL, and the day it speaks of."""

from __future__ import annotations

from collections.abc import Mapping

from readiness_tui.display.marks import one_line
from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.model.checklist import Item
from readiness_tui.rules.times import day
from readiness_tui.store import attachments
from readiness_tui.tui.screens.fields_screen import FieldsScreen, told
from readiness_tui.tui.widgets.form_fields import Entry
from readiness_tui.workspace.attaching import attach
from readiness_tui.workspace.workspace import Workspace


class AttachmentScreen(FieldsScreen):
    """Lists what is attached already, and whether its file is still what was attached."""

    def __init__(self, workspace: Workspace, item: Item) -> None:
        self._workspace = workspace
        self._item = item
        session = workspace.assessment.session
        self._folder = workspace.launch.sessions.folder_of(session.launch)
        fields = [
            Entry("File or URL", takes="a path, or https://...", id="place"),
            Entry("As of", takes="the day it speaks of, YYYY-MM-DD; may stay empty", id="as_of"),
        ]
        lines = ["A file is copied into the launch under its sha256; at most 32 MiB."]
        for proof in session.record(item.id).evidence:
            place, digest = proof.path or "", proof.sha256 or ""
            changed = attachments.trouble(self._folder, place, digest) if place and digest else ""
            name = proof.url or place.rpartition("/")[2]
            lines.append(f"- {one_line(name)}{f' as of {proof.as_of}' if proof.as_of else ''}")
            if changed:
                lines.append(f"  CHANGED: {changed}")
        super().__init__(
            f"Attach to: {one_line(item.text)}",
            fields,
            workspace.chars,
            draft=f"{session.launch}/attachment/{item.id}",
            help="\n".join(lines),
        )

    def take(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Attach it."""
        if not values["place"]:
            return {"place": "name a file or a URL"}
        try:
            as_of = day(values["as_of"]) if values["as_of"] else None
        except UsageError as error:
            return {"as_of": told(error)}
        try:
            proof = attach(self._workspace.assessment, self._folder, self._item.id, values["place"], as_of)
        except ReadinessError as error:
            return {"place": told(error)}
        self._workspace.say(f"attached: {proof.url or proof.path}")
        return {}
