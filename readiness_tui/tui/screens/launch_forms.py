"""The forms of a launch's single settings: launch time, time zone, operator."""

from __future__ import annotations

from collections.abc import Callable

from readiness_tui.rules import edits
from readiness_tui.tui.screens.single_value import SingleValueScreen
from readiness_tui.tui.setting_rows import HELP
from readiness_tui.workspace import launch_settings
from readiness_tui.workspace.workspace import Workspace


def form_of(key: str, workspace: Workspace, sit: Callable[[str], None]) -> SingleValueScreen:
    """The form of `launch_at`, `zone` or `operator`. sit: another operator works from now on."""
    assessment, chars = workspace.assessment, workspace.chars
    session = assessment.session

    def apply(edit: edits.Edit) -> None:
        assessment.apply(edit)

    if key == "launch_at":
        return SingleValueScreen(
            "Launch time",
            "T0",
            lambda text: apply(launch_settings.launch_at(text)),
            chars,
            value=f"{session.launch_at:%Y-%m-%dT%H:%MZ}" if session.launch_at else "",
            takes="2026-11-27T06:00Z or a local time",
            help=f"{HELP[key]}\nAn empty value removes it.",
        )
    if key == "zone":
        return SingleValueScreen(
            "Time zone of waivers",
            "Zone",
            lambda text: apply(edits.SetZone(text)),
            chars,
            value=session.zone,
            takes="UTC or Europe/Berlin",
            help=HELP[key],
        )
    return SingleValueScreen(
        "Operator of this sitting",
        "Operator",
        sit,
        chars,
        value=assessment.operator,
        takes="your name",
        help=HELP["operator"],
    )
