"""Parse the values of `--set K=V`."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from readiness_tui.checklist.values import read
from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist
from readiness_tui.rules.parameter_types import check
from readiness_tui.suggest import near


def parameters(checklist: Checklist, settings: Sequence[str]) -> dict[str, JsonValue]:
    """The parameters set by `K=V` arguments, in the checklist's order. The last value for a name applies.

    Raises UsageError for an argument without `=`, an unknown name, and an invalid value.
    """
    known = {parameter.name: parameter for parameter in checklist.parameters}
    given: dict[str, JsonValue] = {}
    for word in settings:
        name, equals, text = word.partition("=")
        name = name.strip()
        if not equals:
            raise UsageError(f"not a setting: {word!r}", hint="write --set NAME=VALUE")
        if name not in known:
            raise UsageError(
                f"no parameter {name!r} in checklist {checklist.id}{near(name, tuple(known))}",
                hint="readiness checklist show lists them",
            )
        given[name] = check(checklist, known[name], read(known[name], text))
    return {name: given[name] for name in known if name in given}
