"""Rule: the database listens for this host only, by the kernel's list of sockets."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import fields
from readiness_tui.probes.kinds.database.answers import Answers, Told
from readiness_tui.probes.sentences import settle

POOLER_PORT = 6432
"""pgbouncer's default: it reaches the database for whoever reaches it."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def listening(answers: Answers, topology: str, networks: Sequence[str], port: int) -> Told:
    """Every listener on the database's ports has a loopback address, or one of the networks when private."""
    if answers.reply.trouble is not None:
        return {"listen_problems": answers.reply.trouble, "listeners": answers.reply.trouble}
    if topology == "managed":
        why = Missing(Cause.UNSUPPORTED, "the database is managed: its provider's network rules decide")
        return {"listen_problems": why, "listeners": why}
    if answers.has_url and not answers.here:
        why = Missing(
            Cause.UNSUPPORTED, "DATABASE_URL names another host, whose sockets are not seen from here"
        )
        return {"listen_problems": why, "listeners": why}
    if (refusal := answers.reply.refusal("listen")) is not None:
        return {"listen_problems": refusal, "listeners": refusal}
    allowed = _networks(networks) if topology == "private" else ()
    found = [_listener(row) for row in answers.reply.known("listen")]
    wrong = [
        f"{_shown(address)} port {number}{' (the pooler)' if number == POOLER_PORT != port else ''}"
        for number, address in found
        if not address.is_loopback and not any(address in network for network in allowed)
    ]
    expected = "127.0.0.1 and ::1" if topology != "private" else f"within {', '.join(networks) or 'loopback'}"
    problems = [f"the database listens on {', '.join(wrong)} (expected: {expected})"] if wrong else []
    ours = [address for number, address in found if number != POOLER_PORT or number == port]
    doubts = [] if ours else _silent(answers)
    shown = sorted({str(address) for _, address in found}) or ["the Unix socket alone"]
    return {"listen_problems": settle(problems, doubts), "listeners": " and ".join(shown)}


def _silent(answers: Answers) -> list[Missing]:
    """Nothing has the port: right only if the server says that it listens on no address."""
    settings = answers.settings()
    if not isinstance(settings, Missing) and "listen_addresses" in settings:
        setting = settings["listen_addresses"]
        if not setting.value and not setting.pending and answers.reply.known("socket"):
            return []
    return [Missing(Cause.UNREACHABLE, f"nothing listens on port {answers.port} of this host's own network")]


def _listener(row: str) -> tuple[int, Address]:
    """A row `PORT|ADDRESS` in the hexadecimal of /proc/net/tcp: 32-bit words in the machine's byte order."""
    port, text = fields(row, 2)
    words = bytes.fromhex(text)
    raw = b"".join(words[start : start + 4][::-1] for start in range(0, len(words), 4))
    address = ipaddress.ip_address(raw)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return int(port, 16), mapped or address


def _networks(texts: Sequence[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(text, strict=False) for text in texts]


def _shown(address: Address) -> str:
    return f"every address of IPv{address.version}" if address.is_unspecified else str(address)
