"""Kind `port`: what is open that should not be, and what nobody saw."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from readiness_tui.model.network_asks import PortsAsk
from readiness_tui.model.outcome import Cause, Verdict
from tests.probes.public import Said, answers, judge, probe

PORTS: dict[str, JsonValue] = {
    "kind": "port",
    "hosts": ["shop.example"],
    "ports": [22, 80, 443, 5432],
    "allowed": [22, 80, 443],
    "fails": {"unexpected": {"empty": False}},
    "passes": {"open": {"subset_of": [22, 80, 443]}},
}


def scanned(*opened: int, asked: int = 4, more: str = "") -> str:
    lines = [line for port in opened for line in (f"open={port}", f"open_at={port}|203.0.113.5")]
    counts = [f"asked_count={asked}", f"closed_count={asked - len(opened)}", "filtered_count=0"]
    return "\n".join(["address=203.0.113.5", *lines, *counts, more, ""])


@pytest.mark.parametrize(
    ("said", "words", "verdict", "evidence"),
    [
        (scanned(443, 22), {}, Verdict.PASS, "shop.example: 443 22 open"),
        (scanned(), {}, Verdict.PASS, "shop.example: nothing open"),
        (scanned(443, 5432), {}, Verdict.FAIL, ": shop.example:5432 (203.0.113.5)"),
        (scanned(443), {"vantage": "internal"}, Verdict.UNKNOWN, "seen from inside"),
        (scanned(5432), {"vantage": "internal"}, Verdict.UNKNOWN, "seen from inside"),
        (scanned(22, more="unreachable=2001:db8::1|no route"), {}, Verdict.UNKNOWN, "no way to 2001:db8::1"),
        (scanned(5432, more="unreachable=2001:db8::1|no route"), {}, Verdict.FAIL, "5432"),
        (scanned(22, more="skipped=203.0.113.9"), {}, Verdict.UNKNOWN, "1 more addresses were not tried"),
        (
            scanned(*range(1, 13), asked=12),
            {"ports": list(range(1, 13))},
            Verdict.UNKNOWN,
            "all 12 ports open, so something answers for all",
        ),
        (Cause.UNREACHABLE, {}, Verdict.UNKNOWN, "shop.example: unreachable there"),
    ],
)
def test_ports(said: Said, words: dict[str, JsonValue], verdict: Verdict, evidence: str) -> None:
    found = judge(probe(**PORTS | words), answers({"ports shop.example": said}))
    assert (found.verdict, evidence in found.evidence) == (verdict, True), found


def test_a_scan_has_the_time_that_it_may_take() -> None:
    (ask,) = probe(**PORTS | {"ports": list(range(1, 44))}).asks()
    assert isinstance(ask, PortsAsk)
    assert (ask.wait_s, ask.timeout_s) == (2.0, 80.0)
