"""`readiness status`: the standing of every item."""

from __future__ import annotations

from collections.abc import Iterable

import click

from readiness_tui.cli.gate import exit_code
from readiness_tui.cli.support.opened import to_read
from readiness_tui.cli.support.options import Place, json_option, place_argument, sessions_option
from readiness_tui.cli.support.printing import data, raw, table
from readiness_tui.errors import ExitCode
from readiness_tui.launch import Launch
from readiness_tui.model.checklist import Item
from readiness_tui.reports import json as status_json
from readiness_tui.rules.decision.gate import counts, progress
from readiness_tui.rules.standing import Standings


@click.command(short_help="Show the standing of every item.")
@place_argument
@json_option
@sessions_option
def command(place: Place, as_json: bool, sessions: str | None) -> ExitCode:
    """Show the standing of every item, by section and role. The exit status is that of the gate.

    `--json` prints the shape of `readiness checklist schema --status`.
    """
    launch = to_read(sessions, place)
    work = launch.assessment
    if as_json:
        raw(status_json.render(work.review()).decode())
    else:
        _print(launch)
    return exit_code(work.checklist, work.gate())


def _print(launch: Launch) -> None:
    work = launch.assessment
    results, gate = work.standings(), work.gate()
    data(f"{work.session.launch}, day {work.session.day}: {gate.decision}, {len(gate.blocking)} blocking")
    data("  ".join(f"{number} {word}" for word, number in counts(results).items() if number))
    data()
    sections = [(section.title, _progress(section.items, results)) for section in work.checklist.sections]
    table(
        [(title, *progress) for title, progress in sections], ("section", "satisfied", "unknown", "against")
    )
    data()
    roles = [
        (role.title, _progress((i for i in work.checklist.items.values() if i.role == role.id), results))
        for role in work.checklist.roles
    ]
    table([(title, *progress) for title, progress in roles], ("role", "satisfied", "unknown", "against"))
    for section in work.checklist.sections:
        for group in section.groups:
            data(f"\n{section.title}, {group.title}")
            table([_row(item, results) for item in group.items])


def _row(item: Item, results: Standings) -> tuple[str, ...]:
    standing = results[item.id]
    reason = f"{standing.reason} (overridden)" if standing.overridden else standing.reason
    return standing.standing.value, item.severity.value, item.id, item.text, reason


def _progress(items: Iterable[Item], results: Standings) -> tuple[str, str, str]:
    """Satisfied items of those due, unknown or stale items, failing items."""
    standings = [results[item.id] for item in items]
    unknown = sum(standing.standing in ("unknown", "stale") for standing in standings)
    against = sum(standing.standing in ("not-ready", "conflict") for standing in standings)
    done, due = progress(standings)
    return f"{done}/{due}", str(unknown), str(against)
