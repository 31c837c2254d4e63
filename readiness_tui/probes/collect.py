"""Collectors as asks: the text of one or several, what it needs, how long it may take."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.probe import CollectorAsk

_PRIV = {
    "binary.elf": "none",
    "command.run": "none",
    "env.dblogin": "none",
    "env.redislogin": "none",
    "env.scan": "root: cat {1}",
    "env.url": "root: cat {1}",
    "fail2ban.state": "root: fail2ban-client",
    "file.copies": "root: ls, stat, readlink",
    "file.stat": "root: stat, ls",
    "firewall.state": "root: ufw, firewall-cmd, nft, iptables, ip6tables",
    "host.updates": "root on dnf",
    "journal.count": "group systemd-journal, else root: journalctl",
    "pg": "pg",
    "postgres.server": "root: readlink",
    "proxy.conf": "root: cat",
    "service.show": "root: readlink",
    "sshd.answers": "root: sshd -T",
    "sshd.daemons": "root: sshd -T, ps, stat",
}
"""What a collector tries through `sudo -n` or `doas -n`; it answers without, too, only less."""

_TIMEOUT_S = {"host.updates": 60.0, "journal.count": 60.0, "proxy.conf": 30.0, "command.run": 30.0}
DEFAULT_TIMEOUT_S = 15.0
"""Seconds a collector may take (catalogue, section 2)."""


@cache
def collector_text(name: str) -> str:
    """The POSIX sh text of a collector, without the prelude. Raises FileNotFoundError."""
    return files("readiness_tui.collectors").joinpath(f"{name}.sh").read_text(encoding="utf-8")


def collect(names: str, *args: str, spec: ProbeSpec | None = None) -> CollectorAsk:
    """The ask for a collector, or for several in one shell joined by `+`.

    The same collector with the same arguments is the same ask whichever item needs it, so that
    a host is asked once; only a `timeout` in the checklist sets one apart.
    """
    parts = names.split("+")
    privs = [_PRIV.get(part, "none").replace("{1}", args[0] if args else "") for part in parts]
    timeout = spec.timeout.total_seconds() if spec is not None and spec.timeout is not None else None
    return CollectorAsk(
        collector=names,
        script="".join(collector_text(part) for part in parts),
        args=args,
        timeout_s=timeout or max(_TIMEOUT_S.get(part, DEFAULT_TIMEOUT_S) for part in parts),
        priv=next((priv for priv in privs if priv != "none"), "none"),
    )
