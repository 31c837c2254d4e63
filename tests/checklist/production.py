"""The built-in checklist, and a session of it without anything done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache

from pydantic import JsonValue

from readiness_tui.checklist.find import find
from readiness_tui.checklist.read import read
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import ChecklistRef, Session
from readiness_tui.probes import registry

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@cache
def production() -> Checklist:
    return read(find("production"), kinds=registry.schemas())


def session(parameters: Mapping[str, JsonValue]) -> Session:
    held = production()
    ref = ChecklistRef(id=held.id, version=held.version, digest=held.digest)
    return Session(launch="pay", day=date(2026, 11, 24), checklist=ref, operator="ana", parameters=parameters)
