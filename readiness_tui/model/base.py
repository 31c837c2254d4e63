"""What all models share: frozen, unknown keys refused, durations and digests written one way."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    JsonValue,
    PlainSerializer,
    WithJsonSchema,
)


class Frozen(BaseModel):
    """A model that never changes and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some values changed, not validated; what was computed from the old ones is not kept."""
        copy = super().model_copy(update=update, deep=deep)
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy


_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"^(\d{1,12}(?:\.\d{1,9})?)\s*(ms|s|m|h|d|w)$")


LONGEST = timedelta(days=36525)
"""100 years; a longer duration is a mistake, and dates computed with it do not exist."""


def parse_duration(value: object) -> timedelta:
    """Read `90s`, `15m`, `24h`, `7d` or `2w`.

    Raises ValueError for anything else; a bare number has no unit and is refused.
    """
    if isinstance(value, timedelta):
        return value
    match = _DURATION.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"not a duration: {value!r} (write 90s, 15m, 24h, 7d or 2w)")
    seconds = float(match[1]) * _UNITS[match[2]]
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"a duration of more than 100 years: {value!r}")
    return timedelta(seconds=seconds)


def format_duration(value: timedelta) -> str:
    """Write a duration in the largest unit that loses nothing: `7d`, `24h`, `90s`."""
    seconds = value.total_seconds()
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        if seconds and seconds % size == 0 and not (unit == "d" and seconds == size):
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:g}s"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration),
    WithJsonSchema({"type": "string", "pattern": _DURATION.pattern}),
]


def digest(text: str) -> str:
    """The `sha256:<64 hex digits>` of a text's UTF-8 bytes."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


FIRST_YEAR, LAST_YEAR = 1970, 2200
"""The years of dates that are kept: within them every zone's arithmetic works."""


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone, such as 2026-11-24T09:20:11Z")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"a year outside {FIRST_YEAR} to {LAST_YEAR}")
    utc = moment.astimezone(UTC)
    if not FIRST_YEAR <= utc.year <= LAST_YEAR:
        raise ValueError(f"a year outside {FIRST_YEAR} to {LAST_YEAR} in UTC")
    return utc


Moment = Annotated[datetime, AfterValidator(_in_utc)]
"""A moment, kept in UTC; one without a zone is refused."""


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"a year outside {FIRST_YEAR} to {LAST_YEAR}")
    return day


Day = Annotated[date, AfterValidator(_in_range)]
"""A calendar day."""


def _text(text: str) -> str:
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError(f"not text that can be kept: {text!r}")
    return text


Text = Annotated[str, AfterValidator(_text)]
"""What a human wrote; a byte of a terminal or file name that is no character is refused."""


def one_line_ending(text: str) -> str:
    """The text with every line ended by `\\n`. Raises ValueError for what no file can keep."""
    if "\x00" in text:
        raise ValueError("a NUL character cannot be kept in a session file")
    return _text(text).replace("\r\n", "\n").replace("\r", "\n")


def keepable(value: JsonValue) -> JsonValue:
    """The value, if a session file can keep it. Raises ValueError for null within it, or no text."""
    match value:
        case None:
            raise ValueError("null cannot be kept in a session file")
        case str():
            _text(value)
        case list():
            for member in value:
                keepable(member)
        case dict():
            for key, member in value.items():
                keepable(key)
                keepable(member)
    return value
