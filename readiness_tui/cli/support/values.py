"""Parse the values of `--set K=V`."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist
from readiness_tui.workspace.launch_settings import parameter


def parameters(checklist: Checklist, settings: Sequence[str]) -> dict[str, JsonValue]:
    """The parameters set by `K=V` arguments, in the checklist's order. The last value for a name applies.

    Raises UsageError for an argument without `=`, an unknown name, and an invalid value.
    """
    given: dict[str, JsonValue] = {}
    for word in settings:
        name, equals, text = word.partition("=")
        if not equals:
            raise UsageError(f"not a setting: {word!r}", hint="write --set NAME=VALUE")
        edit = parameter(checklist, name.strip(), text)
        given[edit.name] = edit.value
    return {one.name: given[one.name] for one in checklist.parameters if one.name in given}
