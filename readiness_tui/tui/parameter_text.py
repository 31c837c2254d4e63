"""What a form says of a parameter. Pure."""

from __future__ import annotations

import json

from pydantic import JsonValue

from readiness_tui.model.checklist import Checklist, Parameter
from readiness_tui.model.facts import plain
from readiness_tui.model.session import Session
from readiness_tui.rules import parameters
from readiness_tui.rules.parameter_types import users

NAMED_ITEMS = 6
"""Items that need the parameter and are named; the others are counted."""


def explained(checklist: Checklist, session: Session, parameter: Parameter) -> list[str]:
    """What the parameter is for, its value now, and the items that need it."""
    now = parameters.values(checklist, session).get(parameter.name)
    lines = [parameter.help]
    if parameter.default is not None:
        lines.append(f"Default: {spelt(parameter.default)}")
    if now is None:
        lines.append("Not set: the items that need it are unknown.")
    elif parameter.name in session.parameters:
        lines.append(f"Set to {spelt(now)}; an empty value goes back to the default.")
    items = users(checklist, parameter.name)
    if not items:
        return [*lines, "No probe needs it."]
    lines.append(f"Needed by {len(items)} item{'' if len(items) == 1 else 's'}:")
    lines += [f"  - {checklist.items[item].text}" for item in items[:NAMED_ITEMS]]
    more = len(items) - NAMED_ITEMS
    return [*lines, f"  and {more} more"] if more > 0 else lines


def spelt(value: JsonValue) -> str:
    """A value as it is typed."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else plain(value)
