"""Checks between the parts of a checklist: unique ids, defined roles, valid references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from readiness_tui.checklist.diagnostics import Faults, Place
from readiness_tui.checklist.yaml_tree import Node
from readiness_tui.suggest import near

READER_KEYS = ("source", "builtin", "digest")
"""Fields of the model that the reader computes. A file must not set them."""

_BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def check(root: Node, faults: Faults) -> None:
    """Add the faults between the parts. Nodes of an unexpected type are skipped."""
    for key in READER_KEYS:
        if root.get(key) is not None:
            faults.at((key,), f"unknown key `{key}`: it is computed and must not be set", key=True)
    places = tuple(items(root))
    _once((((*place, "id"), item.get("id")) for place, item in places), "item id", faults)
    _once(_listed(root, "parameters", "name"), "parameter", faults)
    _once(_listed(root, "roles", "id"), "role", faults)
    _once(_listed(root, "sections", "id"), "section id", faults)
    for index, section in enumerate(_list(root, "sections")):
        within = _listed(section, "groups", "id")
        _once(
            ((("sections", index, *place), node) for place, node in within), "group id of the section", faults
        )
    _one_line(root, places, faults)
    _roles(root, places, faults)
    _references(places, faults)
    _defaults(root, faults)


def items(root: Node) -> Iterator[tuple[Place, Node]]:
    """Every item's place and node."""
    for s, section in enumerate(_list(root, "sections")):
        for g, group in enumerate(_list(section, "groups")):
            for i, item in enumerate(_list(group, "items")):
                yield ("sections", s, "groups", g, "items", i), item


def parameter_names(root: Node) -> tuple[str, ...]:
    """The names of the parameters that the file defines."""
    return tuple(_texts(_listed(root, "parameters", "name")))


def _once(entries: Iterable[tuple[Place, Node | None]], what: str, faults: Faults) -> None:
    first_lines: dict[str, int] = {}
    for place, node in entries:
        if node is None or not isinstance(node.value, str):
            continue
        if node.value in first_lines:
            faults.at(place, f"{what} `{node.value}` is given twice, first on line {first_lines[node.value]}")
        first_lines.setdefault(node.value, node.line)


def _one_line(root: Node, places: tuple[tuple[Place, Node], ...], faults: Faults) -> None:
    """Titles and texts must be one line: they are rows of lists on screens and in exports."""
    titled = [((*place, "text"), item.get("text")) for place, item in places]
    titled += [(("title",), root.get("title"))]
    titled += list(_listed(root, "roles", "title"))
    for s, section in enumerate(_list(root, "sections")):
        titled.append((("sections", s, "title"), section.get("title")))
        for place, node in _listed(section, "groups", "title"):
            titled.append((("sections", s, *place), node))
    for place, node in titled:
        if (
            node is not None
            and isinstance(node.value, str)
            and ("\n" in node.value or not node.value.strip())
        ):
            faults.at(place, "must be one line of text" if node.value.strip() else "must not be empty")


def _roles(root: Node, places: tuple[tuple[Place, Node], ...], faults: Faults) -> None:
    known = tuple(dict.fromkeys(_texts(_listed(root, "roles", "id"))))
    if not known:
        return
    for place, item in places:
        role = item.get("role")
        if role is not None and isinstance(role.value, str) and role.value not in known:
            message = (
                f"no sign-off role `{role.value}`; the roles are {', '.join(known)}{near(role.value, known)}"
            )
            faults.at((*place, "role"), message)


def _references(places: tuple[tuple[Place, Node], ...], faults: Faults) -> None:
    """`same_as` must name an item with its own verdict; `was` must not name an item that exists."""
    known = {
        node.value: item for _, item in places if (node := item.get("id")) and isinstance(node.value, str)
    }
    for place, item in places:
        same = item.get("same_as")
        if same is not None and isinstance(same.value, str):
            other = known.get(same.value)
            if other is None:
                message = f"no item `{same.value}`{near(same.value, tuple(known))}"
                faults.at((*place, "same_as"), message)
            elif other is item:
                faults.at((*place, "same_as"), "an item cannot be the same as itself")
            elif (further := other.get("same_as")) is not None and further.value is not None:
                message = f"`{same.value}` has itself a `same_as`; use `{further.value}`"
                faults.at((*place, "same_as"), message)
        former = item.get("was")
        for index, node in enumerate(former.members() if former else ()):
            if isinstance(node.value, str) and node.value in known:
                faults.at((*place, "was", index), f"`{node.value}` is the id of an item that still exists")


def _defaults(root: Node, faults: Faults) -> None:
    known = parameter_names(root)
    for index, parameter in enumerate(_list(root, "parameters")):
        default = parameter.get("default")
        if default is None or not isinstance(default.value, str):
            continue
        for name in _BRACES.findall(default.value):
            if name not in known:
                faults.at(("parameters", index, "default"), f"no parameter `{name}`{near(name, known)}")


def _list(node: Node, key: str) -> tuple[Node, ...]:
    within = node.get(key)
    return within.members() if within is not None else ()


def _listed(node: Node, key: str, name: str) -> Iterator[tuple[Place, Node | None]]:
    for index, member in enumerate(_list(node, key)):
        yield (key, index, name), member.get(name)


def _texts(entries: Iterable[tuple[Place, Node | None]]) -> Iterator[str]:
    for _, node in entries:
        if node is not None and isinstance(node.value, str):
            yield node.value
