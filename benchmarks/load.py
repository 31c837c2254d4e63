"""The one load all contenders carry: 60 read-only checks as lines of sh, each with some output.

None needs root by way of sudo, none reads a secret, none writes. One waits 0.2 s, as a sample of
processor time does; where a tool is missing the check says so and is still a check.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

SLOWEST_S = 0.2
"""Seconds that the one waiting check waits."""

MARK = "@@check"
"""Begins the line that the plain script prints behind each check."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of sh, known by a name."""

    name: str
    text: str


_PROC = {
    "memory-total": "grep MemTotal /proc/meminfo",
    "memory-available": "grep MemAvailable /proc/meminfo",
    "swap-total": "grep SwapTotal /proc/meminfo",
    "processors": "nproc",
    "load": "cat /proc/loadavg",
    "uptime": "cat /proc/uptime",
    "kernel": "uname -srm",
    "host-name": "uname -n",
    "processor-model": "grep -m1 'model name' /proc/cpuinfo || echo none",
    "mounts": "grep -c . /proc/mounts",
    "open-files": "cat /proc/sys/fs/file-nr",
    "file-max": "cat /proc/sys/fs/file-max",
    "swappiness": "cat /proc/sys/vm/swappiness",
    "overcommit": "cat /proc/sys/vm/overcommit_memory",
    "somaxconn": "cat /proc/sys/net/core/somaxconn",
    "syn-cookies": "cat /proc/sys/net/ipv4/tcp_syncookies 2>/dev/null || echo none",
    "ports-range": "cat /proc/sys/net/ipv4/ip_local_port_range",
    "forwarding": "cat /proc/sys/net/ipv4/ip_forward",
    "core-pattern": "cat /proc/sys/kernel/core_pattern",
    "aslr": "cat /proc/sys/kernel/randomize_va_space",
    "entropy": "cat /proc/sys/kernel/random/entropy_avail",
    "processor-time": f"head -n 1 /proc/stat; sleep {SLOWEST_S}; head -n 1 /proc/stat",
    "sockets": "cat /proc/net/sockstat",
    "interfaces": "cat /proc/net/dev",
    "routes": "cat /proc/net/route",
    "limits": "cat /proc/self/limits",
}

_SYSTEM = {
    "disk-of-slash": "df -Pk /",
    "inodes-of-slash": "df -Pi /",
    "disk-of-var": "df -Pk /var",
    "disk-of-tmp": "df -Pk /tmp",
    "disks": "df -Pk 2>/dev/null | head -n 20",
    "listening": "ss -ltn 2>/dev/null || cat /proc/net/tcp",
    "listening-udp": "ss -lun 2>/dev/null || cat /proc/net/udp",
    "sockets-in-all": "ss -s 2>/dev/null || cat /proc/net/sockstat",
    "who-am-i": "id",
    "group-names": "id -Gn",
    "release": "cat /etc/os-release",
    "time": "date -u +%s",
    "time-zone": "date +%Z",
    "locale": "locale 2>/dev/null || echo none",
    "umask": "umask",
    "shells": "cat /etc/shells",
    "processes": "ps -e -o pid= | wc -l",
    "zombies": "ps -e -o stat= | grep -c '^Z' || true",
    "cron": "ls /etc/cron.d 2>/dev/null || echo none",
    "certificates": "ls /etc/ssl/certs | wc -l",
}

_FILES = {
    "mode-of-passwd": "stat -c '%a %U:%G' /etc/passwd",
    "mode-of-shadow": "stat -c '%a %U:%G' /etc/shadow",
    "mode-of-tmp": "stat -c '%a %U:%G' /tmp",
    "mode-of-sshd-config": "stat -c '%a %U:%G' /etc/ssh/sshd_config 2>/dev/null || echo none",
    "accounts": "grep -c . /etc/passwd",
    "accounts-with-id-0": "awk -F: '$3 == 0 {print $1}' /etc/passwd",
    "login-shells": "grep -c 'sh$' /etc/passwd",
    "name-servers": "grep '^nameserver' /etc/resolv.conf || echo none",
}

_TOOLS = {
    "sshd-effective": "sshd -T 2>&1 || /usr/sbin/sshd -T 2>&1 || true",
    "sshd-passwords": "{ sshd -T 2>&1 || /usr/sbin/sshd -T 2>&1; } | grep -i passwordauth || echo none",
    "packages": "dpkg-query -W -f '${Status}\\n' 2>/dev/null | wc -l",
    "package-openssl": "dpkg-query -W openssl 2>/dev/null || echo none",
    "package-bash": "dpkg-query -W bash 2>/dev/null || echo none",
    "broken-packages": "dpkg --audit 2>/dev/null | head -n 5; echo asked",
}

CHECKS = tuple(Check(name, text) for name, text in (_PROC | _SYSTEM | _FILES | _TOOLS).items())
"""Ordered as an operator may have written them; nobody is told which one is slow."""


def script(checks: tuple[Check, ...] = CHECKS) -> str:
    """All of them as one script, each in a subshell of its own, as `ssh host sh -s` is given it."""
    parts = [
        f"( {check.text}\n) </dev/null; echo '{MARK}' {shlex.quote(check.name)} $?\n" for check in checks
    ]
    return "".join(parts)
