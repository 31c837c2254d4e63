"""The words, arguments and options that verbs share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click
from click.shell_completion import CompletionItem
from pydantic import TypeAdapter

from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.model.base import FIRST_YEAR, LAST_YEAR
from readiness_tui.model.base import Day as CalendarDay
from readiness_tui.rules.times import moment

if TYPE_CHECKING:
    AnyType = click.ParamType[Any]
else:  # generic for the type checker alone: click became so in a later version than the oldest we take
    AnyType = click.ParamType

F = TypeVar("F", bound=Callable[..., Any])

_DAY = re.compile(r"^(?P<launch>.+)@(?P<day>\d{4}-\d{2}-\d{2})$", re.DOTALL)


class Place(NamedTuple):
    """A launch and perhaps one of its days, as `LAUNCH[@DAY]` names them."""

    launch: str
    day: date | None = None


class LaunchName(AnyType):
    """The name of a launch; completed from those there are."""

    name = "launch"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The launches whose names begin so."""
        from readiness_tui.cli.support.folder import sessions_at

        try:
            known = sessions_at(ctx.params.get("sessions"), ctx).launches()
        except ReadinessError:
            return []  # a message would land in the line that is being typed
        return [CompletionItem(name) for name in known if name.startswith(incomplete)]


class LaunchDay(LaunchName):
    """`LAUNCH` or `LAUNCH@DAY`; the value is a `Place`."""

    name = "launch[@day]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Place:
        """Take the day off the name."""
        if isinstance(value, Place):
            return value
        if (found := _DAY.match(str(value))) is None:
            return Place(str(value))
        return Place(found["launch"], Day().convert(found["day"], param, ctx))


_IN_RANGE: TypeAdapter[date] = TypeAdapter(CalendarDay)


class Day(AnyType):
    """A calendar day, `2026-11-24`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day."""
        if isinstance(value, date):
            return value
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value), re.ASCII):
                raise ValueError(value)
            return _IN_RANGE.validate_python(date.fromisoformat(str(value)))
        except ValueError:
            said = f"not a day: {value!r} (write 2026-11-24; years {FIRST_YEAR} to {LAST_YEAR})"
            self.fail(said, param, ctx)


class Moment(AnyType):
    """A point in time, ISO 8601; without a zone it is local time. The value is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the time."""
        if isinstance(value, datetime):
            return value
        try:
            return moment(str(value))
        except UsageError as error:
            self.fail(error.message, param, ctx)


launch_argument = click.argument("launch", type=LaunchName())
place_argument = click.argument("place", type=LaunchDay(), metavar="LAUNCH[@DAY]")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for a program to read.")


def sessions_option(verb: F) -> F:
    """`--sessions DIR`, on every verb that touches launches."""
    return click.option("--sessions", metavar="DIR", help="Where launches are kept.")(verb)


def operator_option(verb: F) -> F:
    """`--operator WHO`, on every verb that changes a launch."""
    words = "Who does this; else READINESS_OPERATOR, else your login."
    return click.option("--operator", metavar="WHO", help=words)(verb)


def narrowing(verb: F) -> F:
    """`--host` and `--only`, for what may concern a part of the plan."""
    chosen = click.option(
        "--only",
        multiple=True,
        metavar="GLOB",
        help="Only these items: a glob over ids, or a section or group (repeatable).",
    )
    where = click.option(
        "--host",
        "hosts",
        multiple=True,
        metavar="NAME",
        help="Only on this host, `local` or `network` (repeatable).",
    )
    return chosen(where(verb))
