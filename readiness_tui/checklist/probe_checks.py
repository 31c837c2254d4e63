"""Check that the probes of a checklist can be built: kind, parameters, conditions, targets."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import JsonValue, TypeAdapter, ValidationError

from readiness_tui.checklist.checks import items, parameter_names
from readiness_tui.checklist.diagnostics import Faults, Place, walk
from readiness_tui.checklist.yaml_tree import Node
from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.inventory import RoleName
from readiness_tui.model.probe import KindSchema
from readiness_tui.rules import matchers
from readiness_tui.rules.parameters import HOSTS, used
from readiness_tui.suggest import near

OWN_KEYS = tuple(field.alias or name for name, field in ProbeSpec.model_fields.items() if name != "params")
"""The keys of a probe that are not parameters of its kind."""

CONDITIONS = ("fail", "pass", "info")

_RoleName: TypeAdapter[str] = TypeAdapter(RoleName)
_SHOWN = re.compile(r"\{(\w+)\}")


def check(root: Node, kinds: Mapping[str, KindSchema], faults: Faults) -> None:
    """Add the faults of the probes."""
    known = parameter_names(root)
    for place, item in items(root):
        probe = item.get("probe")
        if probe is None or not isinstance(probe.value, dict):
            continue
        at = (*place, "probe")
        shape = _kind(at, probe, kinds, faults)
        _where(at, probe, faults)
        _conditions(at, probe, shape, faults)
        _references(at, probe, known, faults)
        if shape is not None:
            _params(at, probe, shape, faults)
            _show(at, probe, shape, faults)


def _kind(at: Place, probe: Node, kinds: Mapping[str, KindSchema], faults: Faults) -> KindSchema | None:
    kind = probe.get("kind")
    if kind is None or not isinstance(kind.value, str):
        return None
    shape = kinds.get(kind.value)
    if shape is None:
        faults.at((*at, "kind"), f"no probe kind `{kind.value}`{near(kind.value, tuple(kinds))}")
    return shape


def _where(at: Place, probe: Node, faults: Faults) -> None:
    where = probe.get("where")
    for index, node in enumerate(where.members() if where else ()):
        try:
            _RoleName.validate_python(node.value if isinstance(node.value, str) else "all")
        except ValidationError:
            message = f"`{node.value}` is not a valid role: lower-case letters, digits and hyphens"
            faults.at((*at, "where", index), message)


def _conditions(at: Place, probe: Node, shape: KindSchema | None, faults: Faults) -> None:
    given = [
        (name, node)
        for name in CONDITIONS
        if (node := probe.get(name)) is not None and node.value is not None
    ]
    if not given:
        message = "a probe needs one of fail, pass and info: an empty expectation would pass everything"
        faults.at(at, message)
    for name, node in given:
        if not isinstance(node.value, dict):
            continue  # reported by the model
        for place, message in matchers.faults(node.plain(), shape.facts if shape else ()):
            faults.at((*at, name, *place), message, key=bool(place) and isinstance(place[-1], str))


def _references(at: Place, probe: Node, known: tuple[str, ...], faults: Faults) -> None:
    for place, node in walk(probe, at):
        for name in used(node.value if isinstance(node.value, str) else None):
            if name not in known and name != HOSTS:
                faults.at(place, f"no parameter `{name}`{near(name, known)}")


def _params(at: Place, probe: Node, shape: KindSchema, faults: Faults) -> None:
    """Check the kind's parameters. Values with `$name` can only be checked once they are filled in."""
    inner = probe.get("params")
    holder = inner if inner is not None else probe
    if not isinstance(holder.value, dict):
        return
    given: dict[str, JsonValue] = {
        key: node.plain() for key, node in holder.value.items() if inner is not None or key not in OWN_KEYS
    }
    fields = {field.alias or name for name, field in shape.params.model_fields.items()}
    later = {key: value for key, value in given.items() if used(value) and key in fields}
    now = {key: value for key, value in given.items() if key not in later}
    try:
        shape.params.model_validate(now)
    except ValidationError as error:
        place = (*at, "params") if inner is not None else at
        also = () if inner is not None else OWN_KEYS
        faults.add_model_errors(error, shape.params, at=place, also=also, unless=later)


def _show(at: Place, probe: Node, shape: KindSchema, faults: Faults) -> None:
    show = probe.get("show")
    if show is None or not isinstance(show.value, str):
        return
    for name in _SHOWN.findall(show.value):
        if name not in shape.facts:
            faults.at((*at, "show"), f"no such fact: `{name}`{near(name, shape.facts)}")
