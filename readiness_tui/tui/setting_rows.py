"""The lines of the launch's settings and what each of them is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from readiness_tui.display.marks import Charset, one_line
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session
from readiness_tui.rules import host_roles
from readiness_tui.rules.times import local
from readiness_tui.tui.parameter_text import explained, spelt
from readiness_tui.tui.widgets.lines import fit
from readiness_tui.workspace.launch_settings import ParameterState

NAME_WIDTH, VALUE_WIDTH = 28, 30
"""Cells of a setting's name and of its value in the list; the text below has both whole."""

HELP = {
    "launch_at": "The moment T0 for which freshness, waivers and certificates are judged.",
    "zone": "A waiver holds until 23:59:59 of its last day in this zone.",
    "operator": "Who works here now: named in answers, in the history and on the sign-off page.",
    "notes": "Free notes of the launch; on the page that leads sign.",
}

Group = tuple[str, Sequence[tuple[str, Text]]]
"""A heading and its lines, each with its key: `launch_at`, `host.<name>`, `parameter.<name>`."""


def groups(
    session: Session, operator: str, states: Sequence[ParameterState], sought: str, chars: Charset
) -> Iterator[Group]:
    """The settings under their headings; with words sought, the parameters that hold them alone."""
    if not sought:
        yield "Launch", list(_launch(session, operator, chars))
        hosts = [
            (f"host.{host.name}", _line(host.name, host.address, chars, ", ".join(host.roles) or "no role"))
            for host in session.hosts
        ]
        yield f"Hosts: {len(hosts)}   (a adds one)", hosts
    words = sought.casefold().split()
    shown = [s for s in states if all(word in f"{s.name} {s.help}".casefold() for word in words)]
    heading = f"Parameters: {len(states)}, {sum(state.lacking for state in states)} needed and not set"
    heading += f", {len(shown)} found for {sought!r}" if sought else ""
    yield heading, [(f"parameter.{state.name}", _parameter(state, chars)) for state in shown]


def _launch(session: Session, operator: str, chars: Charset) -> Iterator[tuple[str, Text]]:
    notes = len(session.notes.splitlines())
    yield "launch_at", _line("Launch time", local(session.launch_at) or "not set", chars)
    yield "zone", _line("Time zone of waivers", session.zone, chars)
    yield "operator", _line("Operator of this sitting", operator, chars)
    said = f"{notes} line{'' if notes == 1 else 's'}" if notes else "none"
    yield "notes", _line("Launch notes", said, chars)


def _parameter(state: ParameterState, chars: Charset) -> Text:
    users = f"needed by {len(state.items)}" if state.items else "no probe needs it"
    if state.value is None:
        return _line(state.name, "not set", chars, users, "bold red" if state.lacking else "dim")
    return _line(state.name, spelt(state.value), chars, users, "bold" if state.given else "")


def _line(name: str, value: str, chars: Charset, beside: str = "", style: str = "") -> Text:
    text = Text(fit(one_line(name), NAME_WIDTH, chars).ljust(NAME_WIDTH) + "  ")
    text.append(fit(one_line(value), VALUE_WIDTH, chars).ljust(VALUE_WIDTH), style or "not dim")
    return text.append(f"  {one_line(beside)}", "dim") if beside else text


def help_of(key: str, checklist: Checklist, session: Session) -> list[str]:
    """What a setting is, line by line."""
    field, _, name = key.partition(".")
    if field == "parameter":
        parameter = next(p for p in checklist.parameters if p.name == name)
        return explained(checklist, session, parameter)
    if field == "host":
        missing = host_roles.without(checklist, session.hosts)
        lines = [
            f"{host.name}: {host.address}; roles: {', '.join(host.roles) or 'none'}"
            for host in session.hosts
            if host.name == name
        ]
        return [
            *lines,
            *(f"no host has the role {role}: {n} items stay unknown" for role, n in missing.items()),
        ]
    if field == "notes" and session.notes:
        return session.notes.splitlines()[:8]
    return [HELP[field]] if field in HELP else []
