"""What connections from outside come to, against the kernel's own filters in two network namespaces."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PORTS = (20001, 41873, 52011)
ADDRESSES = ("10.77.1.2", "fd77::2")
RULES = (
    "table inet f {{\n chain i {{\n type filter hook input priority 0; policy {policy};\n {rule}\n }}\n}}\n"
)
NEIGHBOURS = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept;"
ASK = """
import asyncio
from readiness_tui.transports.outside import outside
print(asyncio.run(outside({address!r}, {ports!r}, 0.7)))
"""

pytestmark = [pytest.mark.needs("root", "ip", "nft")]


def run(*words: str, text: str | None = None) -> str:
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def look(operator: str, address: str) -> list[tuple[str, str]]:
    """What the ports of the address come to from the operator's namespace."""
    text = ASK.format(address=address, ports=PORTS)
    python = ("env", f"PYTHONPATH={Path.cwd()}", sys.executable, "-c", text)
    found: list[tuple[str, str]] = ast.literal_eval(run("ip", "netns", "exec", operator, *python))
    return found


@contextmanager
def two() -> Iterator[tuple[str, str]]:
    """The operator's namespace and the host's, joined by a pair of interfaces."""
    names = operator, host = f"rl-op-{os.getpid()}", f"rl-host-{os.getpid()}"
    try:
        for name in names:
            run("ip", "netns", "add", name)
        run(
            "ip",
            "link",
            "add",
            "op0",
            "netns",
            operator,
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            host,
        )
        for name, link, last in ((operator, "op0", 1), (host, "eth0", 2)):
            run("ip", "-n", name, "addr", "add", f"10.77.1.{last}/24", "dev", link)
            run("ip", "-n", name, "addr", "add", f"fd77::{last}/64", "dev", link, "nodad")
            run("ip", "-n", name, "link", "set", link, "up")
        for address in ADDRESSES:  # a reset comes as soon as the link is up and the neighbour known
            assert any(look(operator, address)[1][0] == "reset" for _ in range(20))
        yield operator, host
    finally:
        for name in names:
            subprocess.run(("ip", "netns", "del", name), capture_output=True, check=False)


@pytest.mark.parametrize(("policy", "rule", "state"), [
    ("accept", "", "reset"),
    ("drop", NEIGHBOURS, "silent"),
    ("accept", "meta l4proto tcp reject with icmpx type port-unreachable;", "silent"),
    ("accept", "meta l4proto tcp reject with icmpx type admin-prohibited;", "silent"),
    ("accept", "meta l4proto tcp reject with tcp reset;", "reset"),
])  # fmt: skip
def test_a_filter_is_told_from_a_reset(policy: str, rule: str, state: str) -> None:
    with two() as (operator, host):
        run("ip", "netns", "exec", host, "nft", "-f", "-", text=RULES.format(policy=policy, rule=rule))
        for address in ADDRESSES:
            assert look(operator, address) == [("address", address), *((state, str(port)) for port in PORTS)]
