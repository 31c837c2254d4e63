"""Launch parameters: the operator's values, the checklist's defaults, and `$name` in probes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from readiness_tui.model.checklist import Checklist, Derivation, Item, Parameter
from readiness_tui.model.inventory import Address
from readiness_tui.model.session import Session

Values = Mapping[str, JsonValue]
"""Every parameter that has a value, by name."""

_BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_DOLLAR = re.compile(r"^\$([a-z][a-z0-9_]*)$")


_VIA = re.compile(r"^(https?://\S+) via:? +(\S+)$")

HOSTS = "hosts"
"""A name that probes may refer to although no checklist declares it."""


class UnsetError(Exception):
    """A probe needs a parameter that has no value. `name`: the parameter."""

    def __init__(self, name: str) -> None:
        super().__init__(f"parameter {name} is not set")
        self.name = name


def values(checklist: Checklist, session: Session) -> Values:
    """The effective values: the session's value, else the default with its `{other}` filled in.

    A parameter without a value is left out, also if its default refers to one without a value.
    """
    known: dict[str, JsonValue] = {}
    waiting: dict[str, str] = {}
    for parameter in checklist.parameters:
        given = session.parameters.get(parameter.name)
        value = parameter.default if given is None else given
        if value is None:
            continue
        if given is None and isinstance(value, str) and _BRACES.search(value):
            waiting[parameter.name] = value
        else:
            known[parameter.name] = value
    while ready := [n for n, text in waiting.items() if all(o in known for o in _BRACES.findall(text))]:
        for name in ready:
            known[name] = _BRACES.sub(lambda match: str(known[match[1]]), waiting.pop(name))
    return known


def for_probes(checklist: Checklist, session: Session) -> Values:
    """The values in force, and under `hosts` the application's and database's hosts as `NAME=HOST`."""
    hosts: list[JsonValue] = [
        f"{host.name}={_machine(host.address)}" for host in session.hosts if _watched(host.roles)
    ]
    return {**values(checklist, session), HOSTS: hosts}


def _watched(roles: Sequence[str]) -> bool:
    return not roles or bool({"app", "db"} & set(roles))


def _machine(address: str) -> str:
    """The host's name or address; `localhost` for this machine, empty where it has none."""
    parsed = Address.parse(address)
    return "localhost" if parsed.transport == "local" else parsed.host


def via(value: JsonValue) -> str:
    """The host through which a URL is reached, of `URL via HOST`; empty for any other value."""
    match = _VIA.match(value) if isinstance(value, str) else None
    return match[2] if match else ""


def is_template(parameter: Parameter) -> bool:
    """Its default is made from other parameters, as `{app_name}.service` is."""
    return isinstance(parameter.default, str) and bool(_BRACES.search(parameter.default))


def unset(checklist: Checklist, known: Values, name: str) -> str:
    """Why a parameter has no value: it is not set, or the parameter that its default refers to is not set."""
    message = f"parameter {name} is not set"
    default = next((p.default for p in checklist.parameters if p.name == name), None)
    needed = _BRACES.findall(default) if isinstance(default, str) else []
    missing = [other for other in needed if other not in known]
    return f"parameter {missing[0]} is not set ({name} is made from it)" if missing else message


def fill(tree: JsonValue, known: Values) -> JsonValue:
    """Replace every `$name` in a JSON-like tree by the value of that parameter.

    In a list, the members of a list parameter are inserted in place. Raises UnsetError for a parameter
    without a value.
    """
    if isinstance(tree, str):
        if (match := _DOLLAR.match(tree)) is None:
            return tree
        if match[1] not in known:
            raise UnsetError(match[1])
        return known[match[1]]
    if isinstance(tree, list):
        filled: list[JsonValue] = []
        for branch in tree:
            value = fill(branch, known)
            spread = isinstance(value, list) and isinstance(branch, str)
            filled.extend(value if spread and isinstance(value, list) else [value])
        return filled
    if isinstance(tree, dict):
        return {key: fill(branch, known) for key, branch in tree.items()}
    return tree


def used(tree: JsonValue) -> frozenset[str]:
    """The names of the parameters that a JSON-like tree refers to."""
    if isinstance(tree, str):
        match = _DOLLAR.match(tree)
        return frozenset([match[1]]) if match else frozenset()
    branches = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return frozenset().union(*(used(branch) for branch in branches))


def missing(checklist: Checklist, session: Session, item: Item) -> tuple[str, ...]:
    """The parameters that somebody must set before the item's probe can run, in the checklist's order.

    An item that is the same as another needs what that one's probe needs.
    """
    source = checklist.items.get(item.same_as or item.id, item)
    if source.derive is Derivation.CRITERIA_MET:
        needed = {"launch_criteria"}
    elif (spec := source.probe) is not None:
        trees = (spec.params, spec.fail_if, spec.pass_if, spec.info_if)
        needed = {name for tree in trees if tree is not None for name in used(dict(tree))}
    else:
        return ()
    known = values(checklist, session)
    roots = {root for name in needed - set(known) for root in _roots(checklist, known, name)}
    return tuple(parameter.name for parameter in checklist.parameters if parameter.name in roots)


def _roots(checklist: Checklist, known: Values, name: str) -> set[str]:
    """The parameter itself, or those without a value that its default is made from."""
    default = next((parameter.default for parameter in checklist.parameters if parameter.name == name), None)
    made_from = _BRACES.findall(default) if isinstance(default, str) else []
    lacking = [other for other in made_from if other not in known and other != name]
    return {root for other in lacking for root in _roots(checklist, known, other)} if lacking else {name}
