"""`readiness probes`: the probe kinds that a checklist may use."""

from __future__ import annotations

import inspect
import json
from typing import Any

import click
from pydantic import BaseModel

from readiness_tui.cli.support.options import json_option
from readiness_tui.cli.support.printing import data, raw, table
from readiness_tui.errors import UsageError
from readiness_tui.probes import registry
from readiness_tui.probes.contract import AnyKind
from readiness_tui.suggest import near


class KindView(BaseModel):
    """A probe kind. parameters: JSON Schema of its YAML keys. facts: the meaning of each."""

    kind: str
    what: str
    parameters: dict[str, Any]
    facts: dict[str, str]


class KindsView(BaseModel):
    """The output of `probes --json`."""

    kinds: tuple[KindView, ...]


@click.command(short_help="List the probe kinds and their parameters.")
@click.argument("kind", required=False)
@json_option
def command(kind: str | None, as_json: bool) -> None:
    """List the probe kinds, or show one KIND with its parameters and facts."""
    known = registry.kinds()
    if kind is not None and kind not in known:
        raise UsageError(
            f"no probe kind {kind!r}{near(kind, tuple(known))}", hint="readiness probes lists them"
        )
    views = [_view(known[name]) for name in sorted(known) if kind in (None, name)]
    if as_json:
        raw(KindsView(kinds=tuple(views)).model_dump_json(indent=2) + "\n")
    elif kind is None:
        rows = [(v.kind, ", ".join(v.parameters.get("properties", {})) or "-", v.what) for v in views]
        table(rows, ("kind", "parameters", "what"))
    else:
        _print(views[0])


def _view(kind: type[AnyKind]) -> KindView:
    docstring = inspect.getdoc(inspect.getmodule(kind)) or ""
    what = docstring.partition("\n")[0].removeprefix(f"Kind `{kind.name}`: ")
    return KindView(
        kind=kind.name, what=what, parameters=kind.Params.model_json_schema(), facts=dict(kind.facts)
    )


def _print(view: KindView) -> None:
    data(f"{view.kind}: {view.what}")
    required = view.parameters.get("required", [])
    rows = [
        (name, "required" if name in required else f"default {json.dumps(shape.get('default'))}")
        for name, shape in view.parameters.get("properties", {}).items()
    ]
    data("\nparameters")
    table(rows or [("none", "")])
    data("\nfacts")
    table(list(view.facts.items()))
