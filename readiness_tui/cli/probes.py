"""`readiness probes`: the kinds of probes a checklist may use."""

from __future__ import annotations

import json
from typing import Any

import click
from pydantic import BaseModel

from readiness_tui import probes
from readiness_tui.cli.options import json_option
from readiness_tui.cli.printing import data, raw, table
from readiness_tui.errors import UsageError
from readiness_tui.model.probe import KindShape
from readiness_tui.rules.matchers import near


class KindView(BaseModel):
    """A probe kind. parameters: JSON Schema of what the YAML may set; facts: what it can tell."""

    kind: str
    parameters: dict[str, Any]
    facts: tuple[str, ...]


class KindsView(BaseModel):
    """What `probes --json` prints."""

    kinds: tuple[KindView, ...]


@click.command(short_help="List the kinds of probes and their parameters.")
@click.argument("kind", required=False)
@json_option
def command(kind: str | None, as_json: bool) -> None:
    """List the kinds of probes, or one KIND with its parameters and the facts it can tell."""
    shapes = probes.shapes()
    if kind is not None and kind not in shapes:
        raise UsageError(
            f"no probe kind {kind!r}{near(kind, tuple(shapes))}", hint="readiness probes lists them"
        )
    views = [_view(name, shape) for name, shape in sorted(shapes.items()) if kind in (None, name)]
    if as_json:
        raw(KindsView(kinds=tuple(views)).model_dump_json(indent=2) + "\n")
    elif kind is None:
        rows = [(view.kind, ", ".join(view.parameters.get("properties", {})) or "-") for view in views]
        table(rows, ("kind", "parameters"))
    else:
        _told(views[0])


def _view(name: str, shape: KindShape) -> KindView:
    return KindView(kind=name, parameters=shape.params.model_json_schema(), facts=shape.facts)


def _told(view: KindView) -> None:
    data(f"{view.kind}: {view.parameters.get('description') or 'no parameters'}")
    required = view.parameters.get("required", [])
    rows = [
        (name, "required" if name in required else f"default {json.dumps(shape.get('default'))}")
        for name, shape in view.parameters.get("properties", {}).items()
    ]
    data("\nparameters")
    table(rows or [("none", "")])
    data("\nfacts")
    data(", ".join(view.facts))
