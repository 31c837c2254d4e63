"""The targets of an iptables rule as steps (iptables-extensions(8))."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from readiness_tui.probes.kinds.firewall.packets.rules import (
    Accept,
    CopyMark,
    Drop,
    Jump,
    Mark,
    Match,
    Obscure,
    Queue,
    Return,
    Step,
    Test,
    Translate,
    Untrack,
)

_GOAL = re.compile(r"(\d[\d.]*)?(?::(\d+))?")
_GOAL6 = re.compile(r"\[?([0-9a-f:.]+)?\]?(?:(?<=\]):(\d+))?")

_WITHOUT_EFFECT = frozenset(
    [
        "LOG",
        "NFLOG",
        "ULOG",
        "TRACE",
        "TCPMSS",
        "TOS",
        "DSCP",
        "CLASSIFY",
        "SET",
        "TTL",
        "HL",
        "CHECKSUM",
        "AUDIT",
        "IDLETIMER",
        "LED",
        "RATEEST",
        "CONNSECMARK",
        "SECMARK",
        "TEE",
        "ECN",
        "TCPOPTSTRIP",
    ]
)
_PLAIN: dict[str, Step] = {
    "ACCEPT": Accept(),
    "DROP": Drop(),
    "RETURN": Return(),
    "QUEUE": Queue(),
    "NFQUEUE": Queue(),
    "NOTRACK": Untrack(),
    "SNAT": Accept(),
    "MASQUERADE": Accept(),
}


def target(words: Sequence[str], family: str, chains: frozenset[str]) -> list[Step]:
    """The target and its options, from -j or -g; chains: those of the table. None does nothing."""
    if len(words) < 2:
        return []
    name, rest = words[1], list(words[2:])
    if name in chains:
        return [Jump(name, goto=words[0] in ("-g", "--goto"))]
    if name in _PLAIN:
        return [_PLAIN[name]]
    if name in _WITHOUT_EFFECT:
        return []
    try:
        return _with_options(name, rest, family)
    except (ValueError, IndexError) as error:
        return [Obscure(f"-j {name} is not understood ({str(error)[:40]})")]


def _with_options(name: str, rest: list[str], family: str) -> list[Step]:
    match name:
        case "REJECT":
            reset = "tcp-reset" in rest
            return [*((Match(Test("l4proto", ((6, 6),))),) if reset else ()), Drop()]
        case "MARK":
            return [_mark(rest, connection=False)]
        case "CONNMARK":
            return [_connmark(rest)]
        case "CT":
            return [Untrack()] if "--notrack" in rest else []
        case "REDIRECT":
            return [_redirect(rest)]
        case "DNAT":
            return [_dnat(rest, family)]
        case "NETMAP":
            return [Translate(unknown_address=True)]
        case _:
            return [Obscure(f"-j {name}")]


def _value(rest: list[str]) -> tuple[int, int]:
    value, _, mask = rest[1].partition("/")
    return int(value, 0), int(mask, 0) if mask else 0xFFFFFFFF


def _mark(rest: list[str], *, connection: bool) -> Step:
    value, mask = _value(rest)
    match rest[0]:
        case "--set-xmark":
            return Mark(value, 0xFFFFFFFF & ~mask, connection)
        case "--set-mark":
            return Mark(value, 0xFFFFFFFF & ~(mask | value), connection)
        case "--and-mark":
            return Mark(0, value, connection)
        case "--xor-mark":
            return Mark(value, 0xFFFFFFFF, connection)
        case _:
            return Mark(None, connection=connection)


def _connmark(rest: list[str]) -> Step:
    if rest[0] in ("--save-mark", "--restore-mark"):
        save = rest[0] == "--save-mark"
        masks = [int(rest[at + 1], 0) for at, word in enumerate(rest) if word.endswith("mask")]
        if all(mask == 0xFFFFFFFF for mask in masks):
            return CopyMark(to_connection=save)
        return Mark(None, connection=save)
    return _mark(rest, connection=True)


def _redirect(rest: list[str]) -> Step:
    if "--to-ports" not in rest:
        return Translate(own=True)
    ports = rest[rest.index("--to-ports") + 1]
    fixed = int(ports) if ports.isdecimal() else None
    return Translate(port=fixed, own=True, unknown_port=fixed is None)


def _dnat(rest: list[str], family: str) -> Step:
    goal = rest[rest.index("--to-destination") + 1]
    match = (_GOAL if family == "ip" else _GOAL6).fullmatch(goal)
    if match is None:
        return Translate(unknown_address=True, unknown_port=True)
    address = int(ipaddress.ip_address(match[1])) if match[1] else None
    return Translate(address, int(match[2]) if match[2] else None)
