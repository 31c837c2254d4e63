"""The base of all models (frozen, unknown keys refused), and the formats of durations and digests."""

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
    """An immutable model that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some values replaced, without validation. Cached properties are not copied."""
        copy = super().model_copy(update=update, deep=deep)
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy


_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"^(\d{1,12}(?:\.\d{1,9})?)\s*(ms|s|m|h|d|w)$")


LONGEST = timedelta(days=36525)
"""100 years. A longer duration is an error, and dates computed with it would overflow."""


def parse_duration(value: object) -> timedelta:
    """Parse `90s`, `15m`, `24h`, `7d` or `2w`.

    Raises ValueError for anything else, including a number without a unit.
    """
    if isinstance(value, timedelta):
        return value
    match = _DURATION.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"not a duration: {value!r} (write 90s, 15m, 24h, 7d or 2w)")
    seconds = float(match[1]) * _UNITS[match[2]]
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"duration longer than 100 years: {value!r}")
    return timedelta(seconds=seconds)


def format_duration(value: timedelta) -> str:
    """Format a duration in the largest unit that keeps it exact: `7d`, `24h`, `90s`."""
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
        raise ValueError("a time needs a time zone, such as 2026-11-24T09:20:11Z")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"year outside {FIRST_YEAR} to {LAST_YEAR}")
    utc = moment.astimezone(UTC)
    if not FIRST_YEAR <= utc.year <= LAST_YEAR:
        raise ValueError(f"year outside {FIRST_YEAR} to {LAST_YEAR} in UTC")
    return utc


Moment = Annotated[datetime, AfterValidator(_in_utc)]
"""A time, converted to UTC. A time without a zone is refused."""


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"year outside {FIRST_YEAR} to {LAST_YEAR}")
    return day


Day = Annotated[date, AfterValidator(_in_range)]
"""A calendar day."""


def _text(text: str) -> str:
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError(f"not valid Unicode text: {text!r}")
    return text


Text = Annotated[str, AfterValidator(_text)]
"""Text written by a human. Undecodable bytes (lone surrogates) are refused."""


def one_line_ending(text: str) -> str:
    r"""The text with all line endings as `\n`. Raises ValueError for text that TOML cannot hold."""
    if "\x00" in text:
        raise ValueError("a session file cannot contain a NUL character")
    return _text(text).replace("\r\n", "\n").replace("\r", "\n")


def keepable(value: JsonValue) -> JsonValue:
    """Return the value if a session file can hold it. Raises ValueError for null or invalid text in it."""
    match value:
        case None:
            raise ValueError("a session file cannot contain null")
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
