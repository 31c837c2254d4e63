"""Find the folder of the launches for a verb."""

from __future__ import annotations

from pathlib import Path

import click

from readiness_tui import settings
from readiness_tui.store.sessions import Sessions


def folder_at(option: str | None, context: click.Context | None = None) -> Path:
    """The folder of the launches: the verb's option, else the group's option, else the settings."""
    context = context or click.get_current_context()
    return settings.sessions_folder(option or context.find_root().params.get("sessions"))


def sessions_at(option: str | None, context: click.Context | None = None) -> Sessions:
    """The launches in that folder."""
    return Sessions(folder_at(option, context))
