"""The walk's predictions against real connections between two network namespaces."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest

from readiness_tui.engine import sanitize
from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.probe import Reply
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.firewall import interfaces, listing
from readiness_tui.probes.kinds.firewall.kind import Firewall, FirewallParams
from readiness_tui.probes.kinds.firewall.packets.hooks import Passage
from readiness_tui.probes.kinds.firewall.packets.region import covers
from readiness_tui.probes.kinds.firewall.pairs import pairs
from tests.probes.firewall import rulesets
from tests.probes.firewall.namespaces import (
    AGAIN_S,
    FIRST_S,
    SOURCES,
    Cable,
    Point,
    address,
    collector_text,
    load,
    run,
)

ROUNDS = int(os.environ.get("READINESS_FIREWALL_RULESETS", "12"))
"""Rulesets of each backend; the seed of the first by READINESS_FIREWALL_SEED."""
SEED = int(os.environ.get("READINESS_FIREWALL_SEED", "1"))
EMPTY = "".join(
    f"*{table}\n" + "".join(f":{chain} ACCEPT [0:0]\n" for chain in chains.split()) + "COMMIT\n"
    for table, chains in (
        ("raw", "PREROUTING OUTPUT"),
        ("mangle", "PREROUTING INPUT FORWARD OUTPUT POSTROUTING"),
        ("nat", "PREROUTING INPUT OUTPUT POSTROUTING"),
        ("filter", "INPUT FORWARD OUTPUT"),
    )
)


@pytest.fixture
def cable() -> Iterator[Cable]:
    made = Cable(f"{os.getpid()}", rulesets.PORTS)
    try:
        yield made
    finally:
        made.close()


def predict(host: str, points: list[Point]) -> dict[Point, str]:
    """What the listings say of each attempt: denied, accepted, at times or unknown."""
    ran = subprocess.run(
        ["ip", "netns", "exec", host, "sh", "-s"], input=collector_text(), capture_output=True, text=True
    )
    probe = Firewall(ProbeSpec(kind="firewall", where=("all",)), FirewallParams())
    raw = Reply(
        host="h", ask=probe.asks()[0], asked_at=datetime.now(UTC), stdout=ran.stdout, exit=ran.returncode
    )
    reply = ParsedReply(sanitize.clean(raw))
    assert reply.trouble is None, reply.trouble
    routes = [(family, line) for family in (4, 6) for line in reply.known(f"route{family}")]
    found, _ = interfaces.places(interfaces.read(reply.known("addr"), reply.known("link"), routes))
    rules = listing.read(reply)
    assert not rules.unread, rules.unread
    by_kind: dict[tuple[int, str], Passage] = {
        (pair.place.address.version, pair.protocol): pair.passage for pair in pairs(found, rules)
    }
    said = {}
    for point in points:
        passage = by_kind[point.family, point.protocol]
        where = (address(point.source), point.sport, point.dport)
        if not covers(passage.accepted, *where):
            said[point] = "denied"
        elif not covers(passage.dropped, *where):
            said[point] = "accepted"
        else:
            said[point] = "at times" if covers(passage.sure, *where) else "unknown"
    return said


def points(random: Random) -> list[Point]:
    chosen = random.sample(rulesets.PORTS, 6)
    every = [
        Point(family, protocol, source, 0, port)
        for family, sources in SOURCES.items()
        for source in sources
        for protocol in ("tcp", "udp")
        for port in chosen
    ]
    return [*every, *(Point(4, name, SOURCES[4][0], 53, chosen[0]) for name in ("tcp", "udp"))]


def compare(cable: Cable, seed: int, text: str) -> Counter[str]:
    """Attempts by what was said; a wrong one is tried again, and fails with the rules in the message."""
    reached = cable.attempt(points(Random(seed)), FIRST_S)
    said = predict(cable.host, list(reached))
    assert reached
    wrong = [point for point, got in reached.items() if said[point] == ("denied" if got else "accepted")]
    if wrong:
        tried = cable.attempt([Point(p.family, p.protocol, p.source, 0, p.dport) for p in wrong], AGAIN_S)
        again = predict(cable.host, list(tried))
        still = [
            (point, got) for point, got in tried.items() if again[point] == ("denied" if got else "accepted")
        ]
        assert not still, f"seed {seed}: {still}\n{text}"
    return Counter(said.values())


def report(name: str, counts: Counter[str], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{name}: {ROUNDS} rulesets, {sum(counts.values())} attempts: {dict(counts)}")


@pytest.mark.timeout(60 + 5 * ROUNDS)
@pytest.mark.needs("nft", "ip", "root")
def test_nft_rulesets_do_what_the_walk_says(cable: Cable, capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[str] = Counter()
    for seed in range(SEED, SEED + ROUNDS):
        text = rulesets.nft(Random(seed))
        text = load(cable.host, ["nft", "-f", "-"], f"flush ruleset\n{text}\n")
        counts += compare(cable, seed, text)
    report("nft", counts, capsys)
    assert counts["denied"]
    assert counts["accepted"]


@pytest.mark.timeout(60 + 5 * ROUNDS)
@pytest.mark.needs("nft", "ip", "iptables", "ipset", "root")
@pytest.mark.parametrize("backend", ["nft", "legacy"])
def test_iptables_rulesets_do_what_the_walk_says(
    cable: Cable, backend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    counts: Counter[str] = Counter()
    run(cable.host, "ipset", "-exist", "create", "fwset", "hash:net")
    run(cable.host, "ipset", "-exist", "add", "fwset", "203.0.113.0/24")
    for seed in range(SEED, SEED + ROUNDS):
        random = Random(seed)
        texts = {"iptables": rulesets.iptables(random, 4), "ip6tables": rulesets.iptables(random, 6)}
        for program, text in texts.items():
            run(cable.host, f"{program}-{backend}-restore", text=EMPTY)
            texts[program] = load(cable.host, [f"{program}-{backend}-restore"], text)
        counts += compare(cable, seed, "\n".join(texts.values()))
    report(f"iptables-{backend}", counts, capsys)
    assert counts["denied"]
    assert counts["accepted"]
