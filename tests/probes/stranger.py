"""A third-party probe kind, for the registry's tests."""

from __future__ import annotations

from collections.abc import Sequence

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Facts
from readiness_tui.model.probe import Ask, LinkAsk, Reply
from readiness_tui.probes.contract import Kind

NAME = "moon"


class MoonParams(Frozen):
    """None."""


class Moon(Kind[MoonParams]):
    """Tells the phase of the moon."""

    name = NAME
    Params = MoonParams
    facts = {"phase": "The phase of the moon."}

    def asks(self) -> tuple[Ask, ...]:
        return (LinkAsk(),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        return {"phase": "full"}
