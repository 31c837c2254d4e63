"""The argument types and options shared by verbs."""

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
else:  # generic only for the type checker: the oldest supported click is not
    AnyType = click.ParamType

F = TypeVar("F", bound=Callable[..., Any])

_DAY = re.compile(r"^(?P<launch>.+)@(?P<day>\d{4}-\d{2}-\d{2})$", re.DOTALL)


class Place(NamedTuple):
    """A launch and optionally one of its days, given as `LAUNCH[@DAY]`."""

    launch: str
    day: date | None = None


class LaunchName(AnyType):
    """The name of a launch, completed from the existing ones."""

    name = "launch"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The launches whose names start with the given text."""
        from readiness_tui.cli.support.folder import sessions_at

        try:
            known = sessions_at(ctx.params.get("sessions"), ctx).launches()
        except ReadinessError:
            return []  # a message would corrupt the line that is being typed
        return [CompletionItem(name) for name in known if name.startswith(incomplete)]


class LaunchDay(LaunchName):
    """`LAUNCH` or `LAUNCH@DAY`; the value is a `Place`."""

    name = "launch[@day]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Place:
        """Split the day from the name."""
        if isinstance(value, Place):
            return value
        if (match := _DAY.match(str(value))) is None:
            return Place(str(value))
        return Place(match["launch"], Day().convert(match["day"], param, ctx))


_IN_RANGE: TypeAdapter[date] = TypeAdapter(CalendarDay)


class Day(AnyType):
    """A calendar day, `2026-11-24`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Parse the day."""
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
    """A point in time, ISO 8601; local time if there is no zone. The value is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Parse the time."""
        if isinstance(value, datetime):
            return value
        try:
            return moment(str(value))
        except UsageError as error:
            self.fail(error.message, param, ctx)


launch_argument = click.argument("launch", type=LaunchName())
place_argument = click.argument("place", type=LaunchDay(), metavar="LAUNCH[@DAY]")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def sessions_option(verb: F) -> F:
    """`--sessions DIR`, for every verb that reads or writes launches."""
    return click.option("--sessions", metavar="DIR", help="The folder of the launches.")(verb)


def operator_option(verb: F) -> F:
    """`--operator WHO`, for every verb that changes a launch."""
    words = "Your name (default: READINESS_OPERATOR, else your login)."
    return click.option("--operator", metavar="WHO", help=words)(verb)


def narrowing(verb: F) -> F:
    """`--host` and `--only`, for verbs that can be limited to a part of the plan."""
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
