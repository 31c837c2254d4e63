"""Collect all faults of a checklist with their places, and word them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from readiness_tui.checklist.yaml_tree import Mistake, Node, cut, reading
from readiness_tui.errors import Fault
from readiness_tui.suggest import near

Place = tuple[str | int, ...]
"""The path from the document's root to a value: keys, and list indexes from 0."""

_WANTED = {
    "string": "expected text",
    "int": "expected a whole number",
    "float": "expected a number",
    "bool": "expected true or false",
    "tuple": "expected a list",
    "list": "expected a list",
    "set": "expected a list",
    "frozen": "expected a list",
    "dict": "expected a mapping",
    "mapping": "expected a mapping",
    "model": "expected a mapping",
}
"""What was expected, by the first word of pydantic's error type."""

_SHAPES = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "lower-case letters and digits, joined by single hyphens",
    r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$": "words of lower-case letters, digits and "
    "hyphens, joined by dots, such as section.group.item",
    r"^[a-z][a-z0-9_]*$": "a lower-case letter, then lower-case letters, digits and underscores",
}


class Faults:
    """The faults found in one file so far."""

    def __init__(self, file: str, root: Node) -> None:
        self._file = file
        self._root = root
        self._found: list[Fault] = []
        self._misread: set[tuple[int, int]] = set()

    def at(self, place: Place, message: str, *, key: bool = False) -> None:
        """Add a fault of the value at a place, or of its key. The nearest existing place is named."""
        line, column = self._spot(place, key)
        self._found.append(Fault(self._file, line, column, path_text(place), message))

    def add_yaml_mistakes(self, mistakes: Sequence[Mistake]) -> None:
        """Add the faults found while parsing the YAML."""
        if not mistakes:
            return
        holders: dict[int, Place] = {}
        scalars: dict[tuple[int, int], Place] = {}
        for place, node in walk(self._root):
            if isinstance(node.value, (dict, list)):
                holders.setdefault(id(node), place)
            else:
                scalars.setdefault((node.line, node.column), place)
        for mistake in mistakes:
            spot = (mistake.line, mistake.column)
            place = scalars.get(spot, ()) if mistake.within is None else holders.get(id(mistake.within), ())
            self._found.append(Fault(self._file, *spot, path_text(place), mistake.message))
            self._misread.add(spot)

    def sorted(self) -> tuple[Fault, ...]:
        """All faults without duplicates, in the order of the file."""
        return tuple(sorted(dict.fromkeys(self._found), key=lambda fault: (fault.line, fault.column)))

    def add_model_errors(
        self,
        error: ValidationError,
        model: type[BaseModel],
        *,
        at: Place = (),
        also: Sequence[str] = (),
        unless: Mapping[str, object] | None = None,
    ) -> None:
        """Add the errors that pydantic reports for the value at a place.

        also: further valid keys to suggest for an unknown key. unless: top-level keys that may be missing;
        if there are any, errors of the value as a whole are not reported.
        """
        for detail in error.errors(include_url=False):
            loc = tuple(detail["loc"])
            if detail["type"] == "too_short" and self._filled((*at, *loc)):
                continue  # its members are invalid, and each has its own fault
            if unless and (not loc or (detail["type"] == "missing" and loc[0] in unless)):
                continue
            place = self._reached((*at, *loc))
            if detail["type"] == "missing":
                self.at(place[:-1] if place == (*at, *loc) else place, f"`{loc[-1]}` is missing")
            elif detail["type"] == "extra_forbidden":
                known = [*_keys(_model_at(model, loc[:-1])), *(also if len(loc) == 1 else ())]
                self.at(place, f"unknown key `{loc[-1]}`{near(str(loc[-1]), known)}", key=True)
            elif self._spot(place, key=False) not in self._misread:
                self.at(place, _words(detail["type"], detail, self._node(place)))

    def _filled(self, place: Place) -> bool:
        node = self._node(place)
        return node is not None and bool(node.value)

    def _reached(self, place: Place) -> Place:
        """A place without the steps that exist only in the model (union members, `params` of a probe)."""
        reached: Place = ()
        for index, step in enumerate(place):
            if self._node((*reached, step)) is not None or index == len(place) - 1:
                reached = (*reached, step)
        return reached

    def _node(self, place: Place) -> Node | None:
        node: Node | None = self._root
        for step in place:
            node = _step(node, step)
        return node

    def _spot(self, place: Place, key: bool) -> tuple[int, int]:
        node = self._root
        line, column = node.line, node.column
        for index, step in enumerate(place):
            within = _step(node, step)
            if within is None:
                break
            line, column = within.line, within.column
            if key and index == len(place) - 1:
                line, column = node.keys.get(str(step), (line, column))
            node = within
        return line, column


def path_text(place: Place) -> str:
    """A place as shown to the operator: `sections[0].groups[1].items[3].mode`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def walk(node: Node, place: Place = ()) -> Iterator[tuple[Place, Node]]:
    """A node and everything below it, each with its place. Recursion is limited by MAX_DEPTH."""
    yield place, node
    if isinstance(node.value, dict):
        for key, within in node.value.items():
            yield from walk(within, (*place, key))
    elif isinstance(node.value, list):
        for index, within in enumerate(node.value):
            yield from walk(within, (*place, index))


def _step(node: Node | None, step: str | int) -> Node | None:
    if node is None:
        return None
    if isinstance(step, str):
        return node.get(step)
    members = node.members()
    return members[step] if step < len(members) else None


def _words(kind: str, detail: Any, node: Node | None) -> str:
    """What is wrong with a value. detail: the error from pydantic."""
    context = detail.get("ctx", {})
    if kind in ("enum", "literal_error"):
        known = re.findall(r"'([^']*)'", context.get("expected", ""))
        if node is not None and isinstance(node.value, str):
            problem = f"`{cut(node.value)}` is not one of {', '.join(known)}"
            return problem + near(node.value, known)
        return _misread(node, f"expected one of {', '.join(known)}")
    if kind == "string_pattern_mismatch":
        shape = _SHAPES.get(context.get("pattern", ""), f"expected: {context.get('pattern', '')}")
        return f"`{cut(str(detail['input']))}` does not fit: {shape}"
    if kind in ("string_too_short", "too_short"):
        return "must not be empty"
    if kind == "value_error":
        return str(context.get("error", detail["msg"]))
    if kind.endswith(("_type", "_parsing", "_from_float", "_attributes_type")):
        wanted = _WANTED.get(kind.split("_")[0], "")
        if wanted:
            return _misread(node, wanted)
    message = str(detail["msg"])
    return message[:1].lower() + message[1:]


def _misread(node: Node | None, wanted: str) -> str:
    """What was expected and what was read. For unquoted text that YAML reads as another type, say to quote
    it.
    """
    if node is None:
        return wanted
    if node.raw and node.value is not None and wanted.startswith(("expected text", "expected one of")):
        return f"YAML reads `{cut(node.raw)}` as {reading(node)}; quote it"
    return f"{wanted}, not {reading(node)}" if node.value is not None else f"{wanted}, but it is empty"


def _keys(model: type[BaseModel] | None) -> list[str]:
    """The keys of a model in a file."""
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _model_at(model: type[BaseModel] | None, loc: Place) -> type[BaseModel] | None:
    """The model at a place."""
    for step in loc:
        if model is None or isinstance(step, int):
            continue
        named = {field.alias or name: field for name, field in model.model_fields.items()}
        model = _within(named[step].annotation) if step in named else None
    return model


def _within(annotation: object) -> type[BaseModel] | None:
    """The first model in an annotation such as `tuple[Section, ...]` or `ProbeSpec | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        if (model := _within(inner)) is not None:
            return model
    return None
