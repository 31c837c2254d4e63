"""Moving facts: every kind declares its own, and an outcome's steady text has none of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from readiness_tui.model.base import Frozen
from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.facts import Facts
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.probe import LinkAsk, ProbeResult, Reply
from readiness_tui.probes import registry
from readiness_tui.probes.contract import Kind
from tests.samples import NOW


class Nothing(Frozen):
    """No parameters."""


class Clock(Kind[Nothing]):
    """A kind with one steady and one moving fact."""

    name = "clock"
    Params = Nothing
    facts = {"daemon": "Which.", "offset_ms": "How far off."}
    moving = frozenset({"offset_ms"})

    def asks(self) -> tuple[LinkAsk, ...]:
        return (LinkAsk(),)

    def read(self, replies: object) -> Facts:
        assert isinstance(replies, list)
        return {"daemon": "chronyd", "offset_ms": replies[0].took_ms}


def look(offset: int, show: str = "{daemon}, {offset_ms} ms off") -> ProbeResult:
    spec = ProbeSpec.model_validate(
        {"kind": "clock", "where": ["all"], "show": show, "pass": {"offset_ms": {"le": 200}}}
    )
    reply = Reply(host="web", ask=LinkAsk(), asked_at=NOW + timedelta(seconds=offset), took_ms=offset)
    return Clock(spec, Nothing()).judge([reply])


def test_two_looks_at_a_healthy_host_have_the_same_steady_text() -> None:
    one, two = look(1), look(9)
    assert one.evidence != two.evidence
    assert one.steady == two.steady == "chronyd"
    assert look(300).verdict is Verdict.FAIL
    assert look(1, "{offset_ms} ms").steady == look(9, "{offset_ms} ms").steady != ""


@pytest.mark.parametrize("name", sorted(registry.kinds()))
def test_a_kind_declares_as_moving_only_facts_it_has(name: str) -> None:
    kind = registry.kinds()[name]
    assert kind.moving <= set(kind.facts)
