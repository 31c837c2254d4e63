"""What is wrong with a jail: it does not read what sshd writes, ignores everybody, or bans other ports."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields, number

TOOLS = (("iptables", "iptables"), ("nftables", "nft"), ("ufw", "ufw"), ("firewallcmd", "firewall-cmd"))
"""Actions by the beginning of their name, with the program that bans for them."""

NOTIFIES = re.compile(r"mail|sendmail|complain|xarf|abuseipdb|dshield|mynetwatchman|blocklist|dummy|badips")
"""Actions that tell somebody and ban nobody (fail2ban's action.d)."""

GROUP_HINT = "let this user read the logs: usermod -aG adm,systemd-journal USER"


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence about a jail that does not do its work."""

    text: str


def jail_problem(reply: ParsedReply, jail: str, ports: Sequence[int]) -> Fault | Missing | None:
    """What is wrong with an active jail, or what could not be seen of it.

    ports: those sshd listens on; empty for a jail that does not guard sshd. A fault that is known
    counts even when something else could not be seen.
    """
    problems = [problem for problem in _problems(reply, jail, ports) if problem is not None]
    faults = [problem for problem in problems if isinstance(problem, Fault)]
    return next(iter(faults or problems), None)


def _problems(reply: ParsedReply, jail: str, ports: Sequence[int]) -> Iterator[Fault | Missing | None]:
    for name in ("jail", "jail_ignores", "jail_actions"):
        if any(fields(row, 2)[0] == jail for row in reply.refused(name)):
            yield Missing(Cause.DENIED, f"this user may not ask fail2ban about the jail {jail}")
            return
    yield _ignores(reply, jail)
    yield _bans(reply, jail, ports)
    if ports:
        yield _hears(reply, jail)


def _ignores(reply: ParsedReply, jail: str) -> Fault | None:
    for row in reply.known("jail_ignores"):
        owner, words = fields(row, 2)
        if owner != jail:
            continue
        for version, whole in ((4, "0.0.0.0/0"), (6, "::/0")):
            networks = [each for each in map(_network, words.split()) if each is not None]
            v4 = [each for each in networks if isinstance(each, ipaddress.IPv4Network)]
            v6 = [each for each in networks if isinstance(each, ipaddress.IPv6Network)]
            covered = ipaddress.collapse_addresses(v4) if version == 4 else ipaddress.collapse_addresses(v6)
            if whole in {str(each) for each in covered}:
                return Fault(
                    f"ignoreip of the jail {jail} covers every IPv{version} address, so nobody is banned"
                )
    return None


def _bans(reply: ParsedReply, jail: str, ports: Sequence[int]) -> Fault | Missing | None:
    actions = [fields(row, 3)[1:] for row in reply.known("jail_action") if fields(row, 2)[0] == jail]
    if not actions:
        return Fault(f"the jail {jail} has no action, so nobody is banned")
    banning = [(name, words) for name, words in actions if not NOTIFIES.match(name)]
    if not banning:
        return Fault(f"the actions of the jail {jail} only notify ({', '.join(name for name, _ in actions)})")
    tools = reply.known("tool")
    results = [_action(jail, name, words, ports, tools) for name, words in banning]
    return None if None in results else next(iter(results))


def _action(
    jail: str, name: str, words: str, ports: Sequence[int], tools: Sequence[str]
) -> Fault | Missing | None:
    tool = next((tool for prefix, tool in TOOLS if name.startswith(prefix)), None)
    if tool is None:
        return Missing(Cause.UNSUPPORTED, f"the action {name} of the jail {jail} is not known")
    if tool not in tools:
        return Fault(f"the action {name} of the jail {jail} needs {tool}, which is not installed")
    if "allports" in name or not ports or tool == "ufw":
        return None
    ranges = _ranges(words)
    if ranges is None:
        return Missing(Cause.GARBLED, f"the ports of the jail {jail} are not known ({words or 'none told'})")
    if left := [port for port in ports if not any(low <= port <= high for low, high in ranges)]:
        listening = ", ".join(map(str, left))
        return Fault(f"the jail {jail} bans port {words.strip()}, but sshd listens on port {listening}")
    return None


def _hears(reply: ParsedReply, jail: str) -> Fault | Missing | None:
    """Whether the newest message of sshd reaches the jail."""
    match = next((fields(row, 2)[1] for row in reply.known("jail_journal") if fields(row, 2)[0] == jail), "")
    files = [fields(row, 3)[1:] for row in reply.known("jail_file") if fields(row, 2)[0] == jail]
    closed = [fields(row, 2)[1] for row in reply.refused("jail_file") if fields(row, 2)[0] == jail]
    if not match and not files and not closed:
        return Fault(f"the jail {jail} reads no file and no journal")
    newest = next(iter(reply.known("journal_newest")), "")
    if match:
        if reply.refused("journal_newest"):
            return Missing(
                Cause.DENIED, "the journal can be read by groups adm and systemd-journal only", GROUP_HINT
            )
        if not newest:
            return Missing(
                Cause.UNSUPPORTED, "sshd has not logged anything yet, so what the jail reads is not known"
            )
        heard = next(
            (fields(row, 2)[1] for row in reply.known("jail_newest") if fields(row, 2)[0] == jail), ""
        )
        reached, wanted = number("heard", heard), number("newest", newest)
        if isinstance(wanted, Missing):
            return wanted
        if isinstance(reached, Missing) or reached < wanted:
            return Fault(f"the jail {jail} reads {match}, which misses sshd's newest message")
        return None
    return _reads_files(jail, files, closed)


def _reads_files(
    jail: str, files: Sequence[tuple[str, ...]], closed: Sequence[str]
) -> Fault | Missing | None:
    """Whether sshd's newest message is in one of the jail's files; the collector compared the texts."""
    states = {state for _, state in files}
    if "yes" in states:
        return None
    if "silent" in states:
        return Missing(
            Cause.UNSUPPORTED, "sshd has not logged anything yet, so what the jail reads is not known"
        )
    if closed:
        return Missing(
            Cause.DENIED, f"the log file of the jail {jail} cannot be read: {closed[0]}", GROUP_HINT
        )
    paths = ", ".join(path for path, _ in files)
    if "unknown" in states:
        reason = f"whether sshd's messages arrive in {paths} is not known (the journal cannot be read)"
        return Missing(Cause.DENIED, reason, GROUP_HINT)
    return Fault(f"the jail {jail} reads {paths}, where sshd's messages do not arrive")


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """A word of ignoreip; fail2ban prints 0.0.0.0/0 and ::/0 without their length."""
    if text in ("0.0.0.0", "::"):
        text += "/0"
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _ranges(words: str) -> list[tuple[int, int]] | None:
    """Port ranges such as `22 2222:2230`; None when a word is not one."""
    found: list[tuple[int, int]] = []
    for word in words.split():
        match = re.fullmatch(r"(\d{1,5})(?:[:-](\d{1,5}))?", word)
        if match is None:
            return None
        found.append((int(match[1]), int(match[2] or match[1])))
    return found or None
