"""Check the values of launch parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from pydantic import JsonValue

from readiness_tui import bounded_regex
from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist, Parameter, ParameterType
from readiness_tui.model.facts import plain
from readiness_tui.rules import parameters
from readiness_tui.suggest import near

MAX_TEXT = 4096
"""Most characters of a text value."""

MAX_INTEGER = 2**63 - 1

_TEXTS = (
    ParameterType.TEXT,
    ParameterType.VERSION,
    ParameterType.REGEX,
    ParameterType.PATH,
    ParameterType.URL,
    ParameterType.TIME,
)
_VERSION = re.compile(r"\d+(\.\d+){0,5}([-+~.a-zA-Z0-9]{0,40})")


def type_of(parameter: Parameter) -> ParameterType | None:
    """The declared type, else the type of the default. None (any value) if there is neither."""
    if parameter.type is not None:
        return parameter.type
    default = parameter.default
    if isinstance(default, bool):
        return ParameterType.FLAG
    if isinstance(default, int):
        return ParameterType.INTEGER
    if isinstance(default, float):
        return ParameterType.NUMBER
    if isinstance(default, list):
        return ParameterType.LIST
    if isinstance(default, dict):
        return ParameterType.MAPPING
    return ParameterType.TEXT if isinstance(default, str) else None


def is_text(parameter: Parameter) -> bool:
    """Whether the value is kept exactly as typed: `1.80` stays `1.80`."""
    return type_of(parameter) in _TEXTS


def check(checklist: Checklist, parameter: Parameter, value: JsonValue) -> JsonValue:
    """Return the value if it is valid for the parameter.

    Raises UsageError that says what is expected and names the item that needs the value.
    """
    kind = type_of(parameter)
    wrong = (_CHECKS[kind](value) if kind else "") or _bounds(parameter, value) or _choice(parameter, value)
    if not wrong:
        return value
    raise UsageError(f"{parameter.name}: {_shown(value)} {wrong}", hint=needed_by(checklist, parameter.name))


def needed_by(checklist: Checklist, name: str) -> str:
    """`it is needed by ITEM (and N more)`; empty if no probe uses the parameter."""
    items = users(checklist, name)
    if not items:
        return ""
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""
    return f"it is needed by {items[0]}{more}"


def users(checklist: Checklist, name: str) -> tuple[str, ...]:
    """The ids of the items whose probe uses the parameter, directly or through another default."""
    names = {name} | {
        other.name
        for other in checklist.parameters
        if isinstance(other.default, str) and f"{{{name}}}" in other.default
    }
    user_ids = []
    for item in checklist.items.values():
        if (spec := item.probe) is None:
            continue
        trees: tuple[Mapping[str, JsonValue] | None, ...] = (
            spec.params,
            spec.fail_if,
            spec.pass_if,
            spec.info_if,
        )
        if any(tree is not None and names & parameters.used(dict(tree)) for tree in trees):
            user_ids.append(item.id)
    return tuple(user_ids)


def _shown(value: JsonValue) -> str:
    text = plain(value)
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _text(value: JsonValue) -> str:
    if not isinstance(value, str):
        return "is not text"
    return f"is longer than {MAX_TEXT} characters" if len(value) > MAX_TEXT else ""


def _version(value: JsonValue) -> str:
    known = isinstance(value, str) and _VERSION.fullmatch(value)
    return "" if known else "is not a version, such as 1.80 or 14.2"


def _integer(value: JsonValue) -> str:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_INTEGER:
        return "is not a whole number"
    return ""


def _number(value: JsonValue) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "is not a number"
    return "is too large" if abs(value) > MAX_INTEGER else ""


def _flag(value: JsonValue) -> str:
    return "" if isinstance(value, bool) else "is neither true nor false"


def _port(value: JsonValue) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return "" if whole and 1 <= int(plain(value)) <= 65535 else "is not a port (1 to 65535)"


def _list(value: JsonValue) -> str:
    return "" if isinstance(value, list) else "is not a list, such as [a, b]"


def _mapping(value: JsonValue) -> str:
    return "" if isinstance(value, dict) else "is not a mapping, such as {a: 1, b: 2}"


def _regex(value: JsonValue) -> str:
    if not isinstance(value, str):
        return "is not a pattern"
    try:
        bounded_regex.check(value)
    except bounded_regex.PatternError as error:
        return f"is {error}"
    return ""


def _path(value: JsonValue) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return "is not a path"
    absolute = value.startswith(("/", "{"))
    return "" if absolute and "\0" not in value else "is not an absolute path: it must begin with /"


def _url(value: JsonValue) -> str:
    if not isinstance(value, str):
        return "is not a URL"
    try:
        parts = urlsplit(re.sub(r" via:? +[a-z0-9][a-z0-9-]*$", "", value))
    except ValueError:
        return "is not a URL"
    return "" if parts.scheme in ("http", "https") and parts.netloc else "is not an http or https URL"


def _time(value: JsonValue) -> str:
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return "is not a time, such as 2026-11-27T06:00Z"
    return ""


_CHECKS: Mapping[ParameterType, Callable[[JsonValue], str]] = {
    ParameterType.TEXT: _text,
    ParameterType.VERSION: _version,
    ParameterType.INTEGER: _integer,
    ParameterType.NUMBER: _number,
    ParameterType.FLAG: _flag,
    ParameterType.PORT: _port,
    ParameterType.LIST: _list,
    ParameterType.MAPPING: _mapping,
    ParameterType.REGEX: _regex,
    ParameterType.PATH: _path,
    ParameterType.URL: _url,
    ParameterType.TIME: _time,
}


def _bounds(parameter: Parameter, value: JsonValue) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if parameter.min is not None and value < parameter.min:
        return f"is less than {plain(parameter.min)}"
    if parameter.max is not None and value > parameter.max:
        return f"is more than {plain(parameter.max)}"
    return ""


def _choice(parameter: Parameter, value: JsonValue) -> str:
    if not parameter.choices or value in parameter.choices:
        return ""
    return f"is not one of {', '.join(parameter.choices)}{near(plain(value), parameter.choices)}"
