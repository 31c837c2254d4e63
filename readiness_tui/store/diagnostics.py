"""Describe what is wrong with a session file, and on which line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from readiness_tui.errors import SessionError
from readiness_tui.model.answer import Evidence, Signoff, Waiver
from readiness_tui.model.base import Frozen
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Outcome
from readiness_tui.model.session import Change, ChecklistRef, Record, Session
from readiness_tui.suggest import near

SHOWN = 10
"""Most faults listed in one message; the others are counted."""

Place = tuple[str | int, ...]
"""A place in the document: `("items", "a.b", "outcomes", "web", "verdict")`."""

_RESTORE = "restore it from version control, or open an earlier day"

# Comments and one-line strings come first, so that a `\"""` within them begins nothing.
_STRINGS = re.compile(
    r'#[^\n]*|"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
_HEADER = re.compile(r"^\s*\[(\[?)(.+?)\]?\]\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[\w-]+|"(?:\\.|[^"\\])*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"(?:\\.|[^"\\])*"))*)\s*="""
)


def marker(text: str, markers: Sequence[str]) -> int:
    """The first line, from 1, that begins with a merge marker; 0 if there is none."""
    starts = [text.find("\n" + word) + 1 for word in markers if "\n" + word in text]
    if text.startswith(tuple(markers)):
        return 1
    return text.count("\n", 0, min(starts)) + 1 if starts else 0


def empty(source: str) -> SessionError:
    """The error for an empty file."""
    return SessionError("the file is empty", where=f"{source}:1", hint=_RESTORE)


def torn(text: str, source: str, why: str) -> SessionError:
    """The error for a truncated file."""
    return SessionError(f"the file is cut off: {why}", where=f"{source}:{_last(text)}", hint=_RESTORE)


def unparsed(text: str, source: str, error: Exception) -> SessionError:
    """The error for text that is not valid TOML."""
    if isinstance(error, RecursionError):
        return SessionError("not a session file: values nested too deeply", where=f"{source}:1")
    message = str(error)
    if "(at end of document)" in message:
        return torn(text, source, re.sub(r" \(at end of document\)", "", message).lower())
    match = re.search(r" \(at line (\d+), column \d+\)", message)
    line = int(match[1]) if match else 1
    what = message[: match.start()] if match else message.partition(";")[0]
    return SessionError(f"not a session file: {what}", where=f"{source}:{line}", hint=_RESTORE)


def misfits(text: str, source: str, error: ValidationError) -> SessionError:
    """The error for TOML that is not a valid session: every fault with its line, the first in `where`."""
    lines = _Lines(text)
    faults = sorted({(lines.of(place), _fault_text(place, detail)) for place, detail in _placed(error)})
    more = [f"{source}:{line}: {fault}" for line, fault in faults[1:SHOWN]]
    if len(faults) > SHOWN:
        more.append(f"... and {len(faults) - SHOWN} more")
    first_line, first = faults[0]
    return SessionError(
        "\n".join([first, *more]),
        where=f"{source}:{first_line}",
        hint="docs/session-format.md describes every key; the file is unchanged",
    )


def line_of(text: str, place: Place) -> int:
    """The line, from 1, of the nearest key or table of a place."""
    return _Lines(text).of(place)


class _Lines:
    """The line on which each table and key of a TOML text begins."""

    def __init__(self, text: str) -> None:
        self._found: dict[Place, int] = {}
        arrays: dict[Place, int] = {}
        table: Place = ()
        for number, line in enumerate(_masked(text).split("\n"), start=1):
            if (header := _HEADER.match(line)) and (names := _names(header[2])) is not None:
                table = _resolved(names, arrays, opens=bool(header[1]))
                self._found.setdefault(table, number)
            elif (match := _KEY.match(line)) and (names := _names(match[1])) is not None:
                self._found.setdefault((*table, *names), number)

    def of(self, place: Place) -> int:
        for length in range(len(place), 0, -1):
            if place[:length] in self._found:
                return self._found[place[:length]]
        return 1


def _masked(text: str) -> str:
    """The text with multi-line strings emptied but their line ends kept."""
    return _STRINGS.sub(
        lambda match: '""' + "\n" * match[0].count("\n") if "\n" in match[0] else match[0], text
    )


def _names(dotted: str) -> tuple[str, ...] | None:
    """The parts of a dotted key; None if it is not one."""
    try:
        tree: Any = tomllib.loads(f"{dotted} = 0")
    except ValueError:
        return None
    names: list[str] = []
    while isinstance(tree, dict) and len(tree) == 1:
        name, tree = next(iter(tree.items()))
        names.append(name)
    return tuple(names)


def _resolved(names: tuple[str, ...], arrays: dict[Place, int], *, opens: bool) -> Place:
    """The place of a header. An array of tables on the way means its latest member."""
    place: Place = ()
    for index, name in enumerate(names):
        place = (*place, name)
        if opens and index == len(names) - 1:
            arrays[place] = arrays.get(place, -1) + 1
        if place in arrays:
            place = (*place, arrays[place])
    return place


_MODELS: Mapping[tuple[str, ...], type[Frozen]] = {
    (): Session,
    ("checklist",): ChecklistRef,
    ("hosts", "*"): Host,
    ("items", "*"): Record,
    ("items", "*", "evidence", "*"): Evidence,
    ("items", "*", "waiver"): Waiver,
    ("items", "*", "outcomes", "*"): Outcome,
    ("signoffs", "*"): Signoff,
    ("history", "*"): Change,
}


def _keys(parent: Place) -> tuple[str, ...]:
    """The keys that a table at this place may have."""
    for shape, model in _MODELS.items():
        if len(shape) == len(parent) and all(
            want in ("*", have) for want, have in zip(shape, parent, strict=True)
        ):
            return tuple(model.model_fields)
    return ()


def _placed(error: ValidationError) -> Iterator[tuple[Place, ErrorDetails]]:
    for detail in error.errors(include_url=False):
        place = detail["loc"]
        yield place[:-1] if place and place[-1] == "[key]" else place, detail


def _fault_text(place: Place, detail: ErrorDetails) -> str:
    name = str(place[-1]) if place else "the file"
    match detail["type"]:
        case "extra_forbidden":
            return f"unknown key {name!r}{near(name, _keys(place[:-1]))}"
        case "missing":
            return f"the key {name!r} is missing"
        case "value_error":
            return f"{name}: {detail['msg'].removeprefix('Value error, ')}"
        case _:
            return f"{name}: {detail['msg'].removeprefix('Input ')}, not {_given(detail['input'])}"


def _given(value: object) -> str:
    text = repr(value) if isinstance(value, (str, int, float, bool)) else f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def _last(text: str) -> int:
    return text.rstrip("\n").count("\n") + 1
