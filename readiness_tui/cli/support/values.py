"""`--set K=V`: the value as people type it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist
from readiness_tui.workspace.launch_settings import parameter


def parameters(checklist: Checklist, settings: Sequence[str]) -> dict[str, JsonValue]:
    """The parameters that `K=V` words set, in the checklist's order; the last word on one wins.

    Raises UsageError for a word without `=`, an unknown name, and a value the parameter cannot have.
    """
    given: dict[str, JsonValue] = {}
    for word in settings:
        name, equals, text = word.partition("=")
        if not equals:
            raise UsageError(f"not a setting: {word!r}", hint="write --set NAME=VALUE")
        edit = parameter(checklist, name.strip(), text)
        given[edit.name] = edit.value
    return {one.name: given[one.name] for one in checklist.parameters if one.name in given}
