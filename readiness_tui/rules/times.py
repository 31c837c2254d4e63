"""Times as people read and write them: UTC in files and JSON, local time on screens."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import TypeAdapter

from readiness_tui.errors import UsageError
from readiness_tui.model.base import Moment

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


def moment(text: str) -> datetime:
    """Parse `2026-11-27T06:00Z`, `2026-11-27 07:00+01:00`, or a local time without a zone; the result is
    UTC.

    Raises UsageError for anything else.
    """
    try:
        read = datetime.fromisoformat(text.strip()).astimezone(UTC).replace(microsecond=0)
        return _MOMENT.validate_python(read)
    except (ValueError, OverflowError):
        raise UsageError(
            f"not a time: {text!r} (write 2026-11-27T06:00Z or 2026-11-27T07:00+01:00)"
        ) from None


def local(when: datetime | None) -> str:
    """`2026-11-27 07:00 CET` in the operator's zone; empty if there is no time."""
    return f"{when.astimezone():%Y-%m-%d %H:%M %Z}" if when else ""
