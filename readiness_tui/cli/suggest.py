"""`readiness suggest`: look at the hosts for parameter values; adopt those that are accepted."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

import click
from pydantic import BaseModel, JsonValue

from readiness_tui.cli.support.opened import Work, to_work
from readiness_tui.cli.support.options import json_option, launch_argument, operator_option, sessions_option
from readiness_tui.cli.support.passphrases import OnTerminal, can_ask
from readiness_tui.cli.support.printing import data, raw, say, table
from readiness_tui.cli.support.progress import narrator
from readiness_tui.engine.events import Event, HostChanged
from readiness_tui.errors import ExitCode, UsageError
from readiness_tui.model.facts import plain
from readiness_tui.probes.suggestions.proposal import Suggestion
from readiness_tui.rules import edits
from readiness_tui.suggest import near
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys
from readiness_tui.workspace.suggesting import Looked, look, suggestion_plan


class ChoiceView(BaseModel):
    """One value. seen: where, in words. host: on which hosts."""

    value: JsonValue
    seen: str
    host: str


class SuggestionView(BaseModel):
    """A parameter. now: its present value, null when it is not set. accepted: whether it was adopted."""

    parameter: str
    now: JsonValue
    choices: tuple[ChoiceView, ...]
    accepted: bool


class SuggestionsView(BaseModel):
    """What `suggest --json` prints. unreached: why a host could not be looked at, by its name."""

    suggestions: tuple[SuggestionView, ...]
    unreached: dict[str, str]


@click.command(short_help="Look at the hosts and propose parameter values.")
@launch_argument
@click.option("--host", "hosts", multiple=True, metavar="NAME", help="Only this host (repeatable).")
@click.option(
    "--accept", multiple=True, metavar="NAME", help="Adopt the value of this parameter (repeatable)."
)
@click.option("--accept-all", is_flag=True, help="Adopt every parameter for which one value was seen.")
@json_option
@operator_option
@sessions_option
def command(
    launch: str,
    hosts: tuple[str, ...],
    accept: tuple[str, ...],
    accept_all: bool,
    as_json: bool,
    operator: str | None,
    sessions: str | None,
) -> ExitCode:
    """Look at the hosts and propose values for the launch's parameters, each with where it was seen.

    Nothing is adopted without --accept, --accept-all or a yes on the terminal, and nothing is changed on
    a host. A parameter for which several values were seen is set with `readiness set`. Exit status 3
    when no host could be looked at.
    """
    with to_work(sessions, launch, operator) as work:
        looked = asyncio.run(_look(work, hosts))
        wanted = _wanted(looked, accept, accept_all=accept_all)
        if not (accept or accept_all or as_json) and sys.stdin.isatty() and sys.stdout.isatty():
            _told(work, looked)
            wanted = [one for one in looked.suggestions if one.clear and _yes(one)]
        elif not as_json:
            _told(work, looked)
        before = dict(work.assessment.session.parameters)
        for one in wanted:
            work.assessment.apply(edits.SetParameter(one.parameter, one.choices[0].value, why="suggested"))
        if wanted:
            work.save()
    if as_json:
        raw(_view(looked, before, wanted).model_dump_json(indent=2) + "\n")
    for one in wanted:
        say(f"{one.parameter} = {plain(one.choices[0].value)}")
    if not looked.suggestions and looked.unreached:
        return ExitCode.COULD_NOT_CHECK
    return ExitCode.READY


async def _look(work: Work, names: Sequence[str]) -> Looked:
    session = work.assessment.session
    known = {host.name: host for host in session.hosts}
    if strangers := [name for name in names if name not in known]:
        raise UsageError(f"no host {strangers[0]!r}{near(strangers[0], tuple(known))}")
    chosen = [known[name] for name in names] or list(known.values())
    if not chosen:
        raise UsageError("the launch has no host to look at", hint="readiness host LAUNCH add ...")
    made = suggestion_plan(chosen, session.parameters)
    try:
        with narrator() as show:
            if can_ask():
                work.launch.unlock_with(UnlockedKeys(OnTerminal(show.aside)))

            def told(event: Event) -> None:
                if isinstance(event, HostChanged):
                    show.event(event)

            return await look(work.launch.run(made), session.parameters, told)
    finally:
        await work.launch.close_connections()


def _wanted(looked: Looked, accept: Sequence[str], *, accept_all: bool) -> list[Suggestion]:
    """What --accept names. Raises UsageError for a parameter without one clear value."""
    by_name = {one.parameter: one for one in looked.suggestions}
    for name in accept:
        if name not in by_name:
            raise UsageError(f"nothing was seen for {name}{near(name, tuple(by_name))}")
        if not by_name[name].clear:
            values = ", ".join(plain(choice.value) for choice in by_name[name].choices)
            raise UsageError(
                f"several values were seen for {name}: {values}", hint="readiness set chooses one"
            )
    return [one for one in looked.suggestions if one.clear and (accept_all or one.parameter in accept)]


def _yes(one: Suggestion) -> bool:
    return click.confirm(f"{one.parameter} = {plain(one.choices[0].value)}: adopt it?", err=True)


def _told(work: Work, looked: Looked) -> None:
    now = work.assessment.session.parameters
    rows = []
    for one in looked.suggestions:
        for choice in one.choices:
            held = now.get(one.parameter)
            kept = f" (now: {plain(held)})" if held is not None else ""
            rows.append((one.parameter, plain(choice.value) + kept, f"{choice.seen} on {choice.host}"))
    if rows:
        table(rows, ("parameter", "value", "seen"))
    else:
        data("nothing new was seen")
    for host, why in looked.unreached.items():
        say(f"{host} could not be looked at: {why}")


def _view(looked: Looked, now: dict[str, JsonValue], wanted: Sequence[Suggestion]) -> SuggestionsView:
    adopted = {one.parameter for one in wanted}
    return SuggestionsView(
        suggestions=tuple(
            SuggestionView(
                parameter=one.parameter,
                now=now.get(one.parameter),
                choices=tuple(ChoiceView(value=c.value, seen=c.seen, host=c.host) for c in one.choices),
                accepted=one.parameter in adopted,
            )
            for one in looked.suggestions
        ),
        unreached=dict(looked.unreached),
    )
