"""Jobs in cron and systemd's timers, as `schedule` prints them (crontab(5), systemd.time(7))."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.probes.facts import ParsedReply, fields

FLAGS = {
    "name": "cron skips it, because its name has a dot",
    "mode": "cron skips it, because it is not executable",
    "writable": "cron skips the file, because others than root may write to it",
    "no-newline": "cron skips the file, because its last line does not end",
    "no-user": "it names a user that does not exist",
    "percent": "a % in its command is not escaped, and cron ends the command there",
}
"""Why cron does not run an entry that is there (cron(8), crontab(5), run-parts(8) of Debian)."""

DAILY = ("@hourly", "@daily", "@midnight")
RARE = ("@weekly", "@monthly", "@yearly", "@annually", "@reboot")

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
WEEKDAYS = "sun mon tue wed thu fri sat"


@dataclass(frozen=True, slots=True)
class Job:
    """One entry. place: where it stands. daily: whether it runs every day; None when that is not understood.

    faults: why it does not run. onfailure: the unit that reports a failure of a timer's. last: seconds since
    1970.
    """

    place: str
    daily: bool | None
    faults: tuple[str, ...] = ()
    cron: bool = True
    onfailure: str = ""
    last: int | None = None


def jobs(reply: ParsedReply) -> list[Job]:
    """Every entry found, those that do not run with why."""
    found = [_cron(row) for row in reply.known("cron")]
    found += [_parts(row) for row in reply.known("parts")]
    return found + [_timer(row) for row in reply.known("timer")]


def unseen(reply: ParsedReply) -> Missing | None:
    """Which of the places where a job may stand could not be looked at."""
    if reply.trouble is not None:
        return reply.trouble
    return next((why for name in ("usercron", "cron", "timer") if (why := reply.refusal(name))), None)


def daemon(reply: ParsedReply) -> bool | Missing:
    """Whether a cron daemon runs."""
    if reply.known("crond"):
        return True
    return reply.refusal("crond") or False


def _cron(row: str) -> Job:
    table, user, when, flags = fields(row, 4)
    return Job(f"{table} ({user})", _every_day(when), _faults(flags))


def _parts(row: str) -> Job:
    path, period, flags = fields(row, 3)
    return Job(path, period in DAILY, _faults(flags))


def _faults(flags: str) -> tuple[str, ...]:
    return tuple(FLAGS.get(flag, "cron skips it") for flag in flags.split())


def _every_day(when: str) -> bool | None:
    """`15 2 * * *` runs every day: neither day nor month nor weekday is restricted."""
    if when in DAILY:
        return True
    if when in RARE:
        return False
    parts = when.split()
    if len(parts) != 5 or when.startswith("@"):
        return None
    _, _, day, month, weekday = parts
    whole = (_whole(day, 1, 31), _whole(month, 1, 12, MONTHS), _whole(weekday, 0, 6, WEEKDAYS))
    return None if None in whole else all(whole)


def _whole(text: str, low: int, high: int, names: str = "") -> bool | None:
    """Whether a field of a crontab names every value from low to high; None when it is not understood."""
    named: set[int] = set()
    for part in text.lower().split(","):
        match = re.fullmatch(r"(?:\*|(\w{1,3})(?:-(\w{1,3}))?)(?:/(\d{1,2}))?", part)
        if match is None:
            return None
        first, last, step = match[1], match[2], int(match[3] or 1)
        start = low if first is None else _value(first, names, low)
        end = high if first is None else start if last is None else _value(last, names, low)
        if start is None or end is None or not step:
            return None
        named.update(range(start, end + 1, step))
    if 7 in named and names == WEEKDAYS:
        named.add(0)
    return named.issuperset(range(low, high + 1))


def _value(word: str, names: str, low: int) -> int | None:
    if word.isdecimal():
        return int(word)
    known = names.split()
    return known.index(word) + low if word in known else None


def _timer(row: str) -> Job:
    unit, enabled, active, calendar, last, _, result, onfailure = fields(row, 8)
    faults = []
    if active != "active":
        faults.append(f"the timer is {active or 'not active'}")
    elif enabled == "disabled":
        faults.append("the timer is not enabled, so it does not start with the host")
    if result not in ("", "success"):
        faults.append(f"its last run ended with {result}")
    return Job(
        unit,
        _calendar(calendar.split(",")),
        tuple(faults),
        cron=False,
        onfailure=onfailure,
        last=int(last) if last.isdecimal() and int(last) else None,
    )


_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s{0,9}(d|h|min|s|us|ms|w|month|y)\b")
_SECONDS = {
    "us": 1e-6,
    "ms": 1e-3,
    "s": 1,
    "min": 60,
    "h": 3600,
    "d": 86400,
    "w": 604800,
    "month": 2629800,
    "y": 31557600,
}


def _calendar(lines: Sequence[str]) -> bool | None:
    """Whether one of a timer's lines comes every day; systemd prints OnCalendar in its long form."""
    verdicts: list[bool | None] = []
    for line in lines:
        name, _, value = line.strip().partition("=")
        if name == "OnCalendar":
            words = value.split()
            dates = [word for word in words[:2] if word.count("-") == 2]
            weekday = bool(words) and words[0][:1].isupper()
            verdicts.append(dates == ["*-*-*"] and not weekday if dates else None)
        elif name.startswith(("OnUnitActive", "OnUnitInactive")):
            spans = _SPAN.findall(value)
            seconds = sum(float(number) * _SECONDS[unit] for number, unit in spans)
            verdicts.append(seconds <= 90000 if spans else None)
    if True in verdicts:
        return True
    if len(verdicts) > 1:  # together they may come every day
        return None
    return None if None in verdicts or not verdicts else False


def described(job: Job) -> str:
    """An entry in words, for the evidence."""
    when = "" if job.daily else " (not every day)" if job.daily is False else " (how often is not understood)"
    return f"{job.place}{when}"
