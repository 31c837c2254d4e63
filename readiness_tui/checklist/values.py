"""A parameter's value as people type it, in the form and behind `--set`."""

from __future__ import annotations

import re

import yaml
from pydantic import JsonValue

from readiness_tui.errors import UsageError

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_WORDS: dict[str, JsonValue] = {"true": True, "false": False}


def value(text: str, like: JsonValue = None) -> JsonValue:
    """`[a, b]` and `{a: 1}` as YAML's flow style, `22` and `true` as such, all else as text.

    like: the parameter's default; where that is text (a version, a name), a number stays text, so
    that `1.80` does not become 1.8.

    Only what opens with a bracket, a brace or a quote is YAML, so that `on`, `12:30:45` or `*` stay
    the text they are. Raises UsageError for a bracket that does not close.
    """
    stripped = text.strip()
    if not stripped.startswith(("[", "{", '"', "'")):
        return text if isinstance(like, str) else _scalar(text)
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
