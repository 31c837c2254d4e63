"""Parse a parameter's value as typed in the form or after `--set`."""

from __future__ import annotations

import re

import yaml
from pydantic import JsonValue

from readiness_tui.checklist.yaml_tree import cut
from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Parameter, ParameterType
from readiness_tui.rules.parameter_types import is_text, type_of

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
DEPTH = 20
"""Levels of brackets in a value."""

DIGITS = 40
"""Characters of a number; longer ones are text, which no numeric parameter takes."""

_WORDS: dict[str, JsonValue] = {"true": True, "false": False}


def value(text: str) -> JsonValue:
    """Parse `[a, b]` and `{a: 1}` in YAML's flow style, `22` and `true` by type, anything else as text.

    Only text that begins with a bracket, a brace or a quote is parsed as YAML, so that `on`, `12:30:45`
    and `*` stay text. Raises UsageError for an unclosed bracket.
    """
    stripped = text.strip()
    if not stripped.startswith(("[", "{", '"', "'")):
        return _scalar(text)
    try:
        _check_shape(stripped)
        return _plain(yaml.compose(stripped, Loader=yaml.BaseLoader))
    except yaml.YAMLError as error:
        problem = str(getattr(error, "problem", error))
        raise UsageError(
            f"not a value: {cut(text)!r} ({problem})", hint="to enter it as text, quote it: '\"[x\"'"
        ) from None


def read(parameter: Parameter, text: str) -> JsonValue:
    """Parse the value of a parameter. Text, versions and patterns are kept as typed.

    A list may also be written `a, b`. Raises UsageError for an unclosed bracket.
    """
    if is_text(parameter):
        quoted = value(text) if text.strip()[:1] in ('"', "'") else text.strip()
        return quoted if isinstance(quoted, str) else text.strip()
    if type_of(parameter) is ParameterType.LIST and text.strip() and text.strip()[0] not in "[{\"'":
        return [_scalar(member.strip()) for member in text.split(",")]
    return value(text)


def _check_shape(text: str) -> None:
    """Raises UsageError for aliases, which multiply, and for brackets nested too deeply; YAMLError."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent):
            raise UsageError(f"not a value: {cut(text)!r} (an alias is not read here)")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise UsageError(f"not a value: {cut(text)!r} (brackets nested deeper than {DEPTH})")


def _plain(node: yaml.Node | None) -> JsonValue:
    match node:
        case yaml.SequenceNode():
            return [_plain(member) for member in node.value]
        case yaml.MappingNode():
            return {str(key.value): _plain(member) for key, member in node.value}
        case yaml.ScalarNode():
            return node.value if node.style in ("'", '"') else _scalar(node.value)
    return None


def _scalar(text: str) -> JsonValue:
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= DIGITS and (match := _NUMBER.fullmatch(text)):
        return float(text) if match[2] else int(text)
    return text
