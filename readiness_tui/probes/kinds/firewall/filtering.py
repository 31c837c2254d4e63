"""Which firewall engine of a host denies inbound traffic by default, for IPv4 and for IPv6.

An engine denies when its policy drops or rejects, or its last rule does so unconditionally, and
no rule before accepts everything. Units, exit statuses and numbers of rules prove nothing.
Firewalld's own chains always end in reject, also when its default zone lets everything in: only
firewalld's word counts for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields

_NFT_LAST = re.compile(
    r"^(counter( packets \d+ bytes \d+)? )?(log( \S+ (\"[^\"]*\"|\S+))* )?"
    r"(drop|reject( with \S+( type)? \S+)?)( comment \"[^\"]*\")?$"
)
_IPTABLES_LAST = re.compile(
    r"^-A INPUT( -m comment --comment (\"[^\"]*\"|\S+))? -j (DROP|REJECT( --reject-with \S+)?)"
    r"( -m comment --comment (\"[^\"]*\"|\S+))?$"
)
FIREWALLD_TABLE = "firewalld"
"""The nft table firewalld keeps its rules in."""

OPEN = "open"
"""The collector's mark for a chain that accepts everything before it could drop."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine's word: what it is in a few words, and for which families it denies."""

    said: str
    v4: bool = False
    v6: bool = False


def engines(told: ParsedReply) -> tuple[list[Engine], list[Missing]]:
    """Every engine that could be read, and why the others could not."""
    found: list[Engine] = []
    unread: list[Missing] = []
    for name, read in (("ufw", _ufw), ("firewalld", _firewalld), ("nft", _nft)):
        if (refusal := told.refusal(name)) is not None:
            unread.append(refusal)
        else:
            found += read(told)
    for name in ("iptables", "ip6tables"):
        if (refusal := told.refusal(f"{name}_input")) is not None:
            unread.append(refusal)
        else:
            zoned = "running" in told.known("firewalld") or told.refusal("firewalld") is not None
            found += [_iptables(name, row, zoned) for row in told.known(f"{name}_input")]
    return found, list(dict.fromkeys(unread))


def denies(family: str, found: list[Engine], unread: list[Missing]) -> bool | Missing:
    """Whether any engine denies by default for `v4` or `v6`; unknown when one was not readable."""
    if any(getattr(engine, family) for engine in found):
        return True
    if unread:
        return unread[0]
    if not found:
        return Missing(Cause.NO_TOOL, "neither ufw, firewalld, nft nor iptables is here to ask")
    return False


def _ufw(told: ParsedReply) -> list[Engine]:
    if not told.known("ufw"):
        return []
    status, default = told.known("ufw")[-1], "".join(told.known("ufw_default_in")[-1:])
    on = status == "active" and default in ("deny", "reject")
    return [Engine(f"ufw {status}" + (f", default {default} (incoming)" if default else ""), on, on)]


def _firewalld(told: ParsedReply) -> list[Engine]:
    if not told.known("firewalld"):
        return []
    state, target = told.known("firewalld")[-1], "".join(told.known("firewalld_target")[-1:])
    on = state == "running" and target not in ("", "ACCEPT")
    return [Engine(f"firewalld {state}" + (f", zone target {target}" if target else ""), on, on)]


def _nft(told: ParsedReply) -> list[Engine]:
    if not told.known("nft_rules"):
        return []
    found: list[Engine] = []
    for row in told.known("nft_input"):
        family, table, chain, policy, last = fields(row, 5)
        last, _, mark = last.removeprefix("last").strip().partition("|")
        drops = policy == "policy drop" or bool(_NFT_LAST.match(last))
        on = drops and mark != OPEN and table != FIREWALLD_TABLE
        said = f"nft {family} {table} {chain} {_how(policy, _NFT_LAST.match(last), mark)}"
        found.append(Engine(said, on and family in ("ip", "inet"), on and family in ("ip6", "inet")))
    return found or [Engine("nft without an input chain")]


def _iptables(name: str, row: str, zoned: bool) -> Engine:
    """zoned: firewalld may own the chain, so its last rule proves nothing."""
    policy, last, mark = fields(row, 3)
    last = last.removeprefix("last").strip()
    ends = bool(_IPTABLES_LAST.match(last)) and not zoned
    on = (policy == "policy DROP" or ends) and mark != OPEN
    v4 = name == "iptables"
    return Engine(f"{name} {_how(policy, _IPTABLES_LAST.match(last), mark)}", on and v4, on and not v4)


def _how(policy: str, last: re.Match[str] | None, mark: str) -> str:
    """A chain's default in a few words."""
    verdict = re.search(r"drop|reject", last[0], re.IGNORECASE) if last else None
    said = f"ends in {verdict[0]}" if verdict and policy.lower() == "policy accept" else policy
    return f"{said}, but accepts everything before" if mark == OPEN else said
