"""`readiness checklist`: list, show, check and allow checklists."""

from __future__ import annotations

import json
from pathlib import Path

import click

from readiness_tui.checklist.find import find, names
from readiness_tui.checklist.schema import checklist_schema
from readiness_tui.cli.support.checklist_views import ChecklistView, checklist_view
from readiness_tui.cli.support.options import json_option
from readiness_tui.cli.support.printing import CELL, data, raw, say, table
from readiness_tui.cli.support.schemas import session_schema, status_schema
from readiness_tui.errors import FAULTS_SHOWN, ChecklistError, ExitCode, first_faults
from readiness_tui.launch import load_checklist
from readiness_tui.probes import registry
from readiness_tui.reports.parts.text import cut, one_line
from readiness_tui.rules.probing.plan import wanted
from readiness_tui.store import allow


@click.group(short_help="List, show, check and allow checklists.")
def command() -> None:
    """List, show, check and allow checklists. A checklist is given by a built-in name or a path."""


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the built-in checklists."""
    views = [checklist_view(load_checklist(name)) for name in names()]
    if as_json:
        rows = [view.model_dump(mode="json", include={"id", "title", "version"}) for view in views]
        raw(json.dumps({"checklists": rows}, indent=2) + "\n")
    else:
        rows_ = [(view.id, f"version {view.version}", str(len(view.items)), view.title) for view in views]
        table(rows_, ("name", "version", "items", "title"))


@command.command(short_help="Show a checklist: items and parameters.")
@click.argument("checklist", default="production")
@json_option
def show(checklist: str, as_json: bool) -> None:
    """Show a checklist: its items with ids, modes, severities and roles, and its parameters."""
    view = checklist_view(load_checklist(checklist))
    if as_json:
        raw(view.model_dump_json(indent=2) + "\n")
    else:
        _shown(view)


def _shown(view: ChecklistView) -> None:
    data(f"{cut(one_line(view.title), CELL)} ({view.id}, version {view.version}): {len(view.items)} items")
    for section in view.sections:
        for group in section.groups:
            data(f"\n{cut(one_line(section.title), CELL)}, {cut(one_line(group.title), CELL)}")
            inside = (item for item in view.items if (item.section, item.group) == (section.id, group.id))
            table([(i.id, i.mode, i.severity, i.role, i.text) for i in inside])
    data("\nParameters")
    table([(p.name, "-" if p.default is None else json.dumps(p.default), p.help) for p in view.parameters])


@command.command(short_help="Check a checklist file: every fault as FILE:LINE:COLUMN.")
@click.argument("checklist")
@json_option
def lint(checklist: str, as_json: bool) -> ExitCode:
    """Check a checklist file and print every fault as FILE:LINE:COLUMN. Exit status 2 if there is any."""
    path = find(checklist)
    try:
        checklist_ = load_checklist(str(path))
    except ChecklistError as error:
        if as_json:
            first = error.faults[:FAULTS_SHOWN]
            faults = [{name: getattr(f, name) for name in f.__slots__} for f in first]
            body = {"file": str(path), "faults": faults, "fault_count": len(error.faults)}
            raw(json.dumps(body, indent=2) + "\n")
        else:
            for line in first_faults(error.faults):
                data(line)
        return ExitCode.USAGE
    if as_json:
        raw(json.dumps({"file": str(path), "faults": [], "fault_count": 0}, indent=2) + "\n")
    else:
        say(f"{path}: no faults, {len(checklist_.items)} items")
    return ExitCode.READY


@command.command(short_help="Print a JSON Schema: of the checklist, the session or the status.")
@click.option("--session", "which", flag_value="session", help="Of the session file.")
@click.option(
    "--status", "which", flag_value="status", help="Of what `status --json` and `probe --json` print."
)
def schema(which: str | None) -> None:
    """Print the JSON Schema of a checklist file, for editors and programs."""
    match which:
        case "session":
            made = session_schema()
        case "status":
            made = status_schema()
        case _:
            made = checklist_schema(registry.schemas())
    raw(json.dumps(made, indent=2) + "\n")


@command.command("allow", short_help="Allow a checklist file to run its probes.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def allow_(file: str) -> None:
    """Allow a third-party checklist to run its probes. They are printed first, with all their parameters.

    The permission applies to the present content: a changed file must be allowed again.
    """
    checklist = load_checklist(file if "/" in file else f"./{file}")
    for item in wanted(checklist):
        if item.probe is not None:
            data(f"{item.id}: {item.probe.kind} on {', '.join(item.probe.where)}")
            for name, value in item.probe.params.items():
                for entry in value if isinstance(value, list) else [value]:
                    data(f"    {name}: {entry if isinstance(entry, str) else json.dumps(entry)}")
    allow.allow(checklist.digest, Path(file).resolve())
    say(f"allowed: {file} ({checklist.digest}); readiness plan LAUNCH shows the commands")
