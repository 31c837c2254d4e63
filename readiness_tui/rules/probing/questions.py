"""The question asked of a target. An outcome is valid only for the question it answers."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import JsonValue

from readiness_tui.model.base import digest
from readiness_tui.model.checklist import Checklist, Item, ProbeSpec
from readiness_tui.model.session import Session
from readiness_tui.rules import parameters


class Questions:
    """The questions of a checklist with a session's parameters and hosts.

    A question is a digest of the probe with its parameters filled in, the target's address and user, and
    this version's collectors.
    """

    def __init__(self, checklist: Checklist, session: Session) -> None:
        self._checklist = checklist
        self._values = parameters.for_probes(checklist, session)
        self._addresses = {host.name: host.address for host in session.hosts}
        self._specs: dict[str, str] = {}

    def of(self, item: Item, target: str) -> str:
        """The question that the item's probe asks of a target; empty for an item without a probe."""
        source = self._checklist.items.get(item.same_as or item.id, item)
        if source.probe is None:
            return ""
        if source.id not in self._specs:
            self._specs[source.id] = _written(source.probe, self._values)
        address = self._addresses.get(target, target)
        return digest("\0".join((self._specs[source.id], address, self._checklist.collectors)))


def filled(spec: ProbeSpec, known: parameters.Values) -> ProbeSpec:
    """The probe with each `$name` replaced. Raises parameters.UnsetError."""

    def tree(value: Mapping[str, JsonValue] | None) -> Mapping[str, JsonValue] | None:
        filled_tree = parameters.fill(dict(value), known) if value is not None else None
        return filled_tree if isinstance(filled_tree, dict) else None

    update = {name: tree(getattr(spec, name)) for name in ("fail_if", "pass_if", "info_if", "params")}
    return spec.model_copy(update=update)


def _written(spec: ProbeSpec, known: parameters.Values) -> str:
    """A probe as canonical JSON. If a parameter is not set, `$name` is kept."""
    try:
        spec = filled(spec, known)
    except parameters.UnsetError as unset:
        return f"parameter {unset.name} is not set"
    kept = spec.model_dump(mode="json", exclude={"show", "timeout", "where"})
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
