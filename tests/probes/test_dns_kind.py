"""Kind `dns`: names and resolvers that differ, and what is silent."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from readiness_tui.model.outcome import Cause, Verdict
from tests.probes.public import Said, answers, judge, probe

DNS: dict[str, JsonValue] = {
    "kind": "dns",
    "domains": ["shop.example"],
    "resolvers": ["system", "192.0.2.53"],
    "expected": ["203.0.113.5", "2001:DB8:0::1"],
    "port": 443,
    "passes": {
        "consistent": True,
        "nxdomain": {"empty": True},
        "addressless": {"empty": True},
        "unexpected": {"empty": True},
        "absent": {"empty": True},
        "silent": {"empty": True},
    },
}
RECORDS = "rcode=NOERROR\nA=203.0.113.5\nttl_A=300\nAAAA=2001:db8::1\nttl_AAAA=60\n"
BOTH = "address=203.0.113.5\naddress=2001:db8::1\nopen=443\nopen_at=443|203.0.113.5\n"
ANSWER = "open_at=443|2001:db8::1\nasked_count=2\nclosed_count=0\nfiltered_count=0\n"


@pytest.mark.parametrize(
    ("second", "ports", "verdict", "evidence"),
    [
        (RECORDS, BOTH + ANSWER, Verdict.PASS, "shop.example A 203.0.113.5, AAAA 2001:db8::1, no CAA"),
        (
            RECORDS.replace("113.5", "113.9"),
            BOTH + ANSWER,
            Verdict.FAIL,
            ": 203.0.113.9",
        ),
        ("rcode=NXDOMAIN\n", BOTH + ANSWER, Verdict.FAIL, ": shop.example"),
        ("rcode=NOERROR\n", BOTH + ANSWER, Verdict.FAIL, ": shop.example"),
        (
            RECORDS + "!CAA=SERVFAIL\n",
            BOTH + ANSWER,
            Verdict.UNKNOWN,
            "shop.example, 192.0.2.53: CAA: SERVFAIL",
        ),
        (Cause.TIMEOUT, BOTH + ANSWER, Verdict.UNKNOWN, "timeout there"),
        (RECORDS, BOTH + "asked_count=2\n", Verdict.FAIL, ": 2001:db8::1"),
        (
            RECORDS,
            "address=203.0.113.5\nunreachable=2001:db8::1|Network is unreachable\n"
            "open_at=443|203.0.113.5\nasked_count=1\n",
            Verdict.UNKNOWN,
            "2001:db8::1 port 443 was not tried: Network is unreachable",
        ),
        (RECORDS, Cause.UNREACHABLE, Verdict.UNKNOWN, "unreachable there"),
    ],
)
def test_names(second: Said, ports: Said, verdict: Verdict, evidence: str) -> None:
    said: dict[str, Said] = {
        "shop.example@system": RECORDS,
        "shop.example@192.0.2.53": second,
        "ports shop.example": ports,
    }
    found = judge(probe(**DNS), answers(said))
    assert (found.verdict, evidence in found.evidence) == (verdict, True), found


def test_resolvers_that_differ_speak_against_it_although_a_third_is_silent() -> None:
    made = probe(
        kind="dns",
        domains=["shop.example"],
        types=["A"],
        resolvers=["system", "192.0.2.1", "192.0.2.2"],
        passes={"consistent": True},
        show="{differing}; {ttl}; {A}",
    )
    said: dict[str, Said] = {
        "shop.example@system": "rcode=NOERROR\nA=203.0.113.5\nA=203.0.113.6\nttl_A=300\n",
        "shop.example@192.0.2.1": "rcode=NOERROR\nA=203.0.113.6\nA=203.0.113.5\nttl_A=20\n",
        "shop.example@192.0.2.2": Cause.TIMEOUT,
    }
    assert judge(made, answers(said)).verdict is Verdict.UNKNOWN
    said["shop.example@192.0.2.2"] = said["shop.example@system"]
    found = judge(made, answers(said))
    assert (found.verdict, found.facts["ttl"]) == (Verdict.PASS, "20")
    said |= {"shop.example@192.0.2.1": "rcode=NOERROR\n", "shop.example@192.0.2.2": Cause.TIMEOUT}
    found = judge(made, answers(said))
    assert found.verdict is Verdict.FAIL
    assert found.facts["differing"] == (
        "shop.example A: system says 203.0.113.5, 203.0.113.6, 192.0.2.1 says nothing"
    )
