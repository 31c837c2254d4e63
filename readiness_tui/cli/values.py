"""`--set K=V`: the value as people type it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml
from pydantic import JsonValue

from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist
from readiness_tui.rules.matchers import near

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_WORDS: dict[str, JsonValue] = {"true": True, "false": False}


def parameters(checklist: Checklist, settings: Sequence[str]) -> dict[str, JsonValue]:
    """The parameters that `K=V` words set, in the checklist's order; the last word on one wins.

    Raises UsageError for a word without `=` or a name the checklist does not have.
    """
    known = tuple(parameter.name for parameter in checklist.parameters)
    given: dict[str, JsonValue] = {}
    for word in settings:
        name, equals, text = word.partition("=")
        name = name.strip()
        if not equals:
            raise UsageError(f"not a setting: {word!r}", hint="write --set NAME=VALUE")
        if name not in known:
            raise UsageError(
                f"no parameter {name!r} in checklist {checklist.id}{near(name, known)}",
                hint="readiness checklist show lists them",
            )
        given[name] = value(text)
    return {name: given[name] for name in known if name in given}


def value(text: str) -> JsonValue:
    """`[a, b]` and `{a: 1}` as YAML's flow style, `22` and `true` as such, all else as text.

    Only what opens with a bracket, a brace or a quote is YAML, so that `on`, `12:30:45` or `*` stay
    the text they are. Raises UsageError for a bracket that does not close.
    """
    stripped = text.strip()
    if not stripped.startswith(("[", "{", '"', "'")):
        return _scalar(text)
    try:
        node = yaml.compose(stripped, Loader=yaml.BaseLoader)
        return _plain(node)
    except yaml.YAMLError as error:
        said = str(getattr(error, "problem", error))
        raise UsageError(
            f"not a value: {text!r} ({said})", hint="quote it for a text, as in '\"[x\"'"
        ) from None


def _plain(node: yaml.Node | None) -> JsonValue:
    match node:
        case yaml.SequenceNode():
            return [_plain(member) for member in node.value]
        case yaml.MappingNode():
            return {key.value: _plain(member) for key, member in node.value}
        case yaml.ScalarNode():
            return node.value if node.style in ("'", '"') else _scalar(node.value)
    return None


def _scalar(text: str) -> JsonValue:
    if text in _WORDS:
        return _WORDS[text]
    if match := _NUMBER.fullmatch(text):
        return float(text) if match[2] else int(text)
    return text
