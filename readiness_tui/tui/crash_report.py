"""An error of the program itself: where its details are kept, and what the operator is told."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from readiness_tui import settings


def record(error: BaseException | None, folder: Path | None = None) -> Path | None:
    """Write the traceback to a file of its own; None when that cannot be written either."""
    folder = folder or platformdirs.user_state_path(settings.APP)
    place = folder / f"error-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.txt"
    lines = traceback.format_exception(error) if error is not None else ["no exception is known\n"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o600)
        place.write_text("".join(lines), encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None
    return place


def told(place: Path | None) -> str:
    """What the operator reads after the screen is gone."""
    where = f"details: {place}" if place is not None else "its details could not be written"
    return f"readiness stopped because of an error of its own; the session is saved ({where})"
