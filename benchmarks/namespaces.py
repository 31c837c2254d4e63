"""A network of the benchmark's own: the client in one namespace, the host in another.

Needs root and /dev/net/tun; without them everything happens on loopback.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence

from benchmarks.wire import ip

_INSIDE = "READINESS_BENCH_NAMESPACE"
"""Set in the process that was begun anew in a namespace."""

HOST_PREFIX = ("unshare", "--net")
"""Starts the host's server in a namespace of its own, as the same process."""

CLIENT, HOST = "10.99.1.1", "10.99.1.2"
"""The two ends of the cable with nothing between."""

_TRY = "ip link set lo up && ip link add try0 type veth peer name try1 && ip tuntap add mode tun name try2"


def inside() -> bool:
    """Whether this process has its own network."""
    return bool(os.environ.get(_INSIDE))


def possible() -> bool:
    """Such a network can be made here."""
    if os.geteuid() != 0:
        return False
    return subprocess.run(["unshare", "--net", "sh", "-c", _TRY], capture_output=True).returncode == 0


def enter(module: str, words: Sequence[str]) -> None:
    """Restart in a namespace if that is possible; else continue."""
    if not inside() and possible():
        os.environ[_INSIDE] = "1"
        command = f'ip link set lo up && exec {shlex.quote(sys.executable)} -m {module} "$@"'
        os.execvp("unshare", ["unshare", "--net", "sh", "-c", command, "sh", *words])


def cable(pid: int) -> None:
    """Join this namespace with that of a process, with nothing between."""
    ip(f"link add here type veth peer name there netns {pid}")
    for address, name, of in ((CLIENT, "here", None), (HOST, "there", pid)):
        ip(f"address add {address}/30 dev {name}", of=of)
        ip(f"link set {name} up", of=of)
