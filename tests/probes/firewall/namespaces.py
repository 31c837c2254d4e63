"""Two network namespaces joined by a cable: a host with rules, and its peer that connects."""

from __future__ import annotations

import ctypes
import errno
import ipaddress
import os
import re
import selectors
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_NEW_NETWORK = 0x40000000
HOST4, HOST6 = "198.51.100.1", "2001:db8::1"
SOURCES = {4: ("198.51.100.2", "203.0.113.77", "10.9.8.7"), 6: ("2001:db8::2", "2001:db8:5::77", "fd00:9::7")}
FIRST_S, AGAIN_S = 0.12, 1.5
"""Seconds without an answer that count as dropped; a disagreement is tried again with the second."""

_ALL_ETHERNET, _IPV4, _IPV6, _TCP, _SYN_ACK = 3, 0x0800, 0x86DD, 6, 0x12


@dataclass(frozen=True, slots=True)
class Point:
    """One attempt: family 4 or 6, protocol, source address, and both ports."""

    family: int
    protocol: str
    source: str
    sport: int
    dport: int


@contextmanager
def inside(name: str) -> Iterator[None]:
    """This thread in a namespace; sockets made there stay there."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net") as home, open(f"/run/netns/{name}") as there:
        _set(libc, there.fileno())
        try:
            yield
        finally:
            _set(libc, home.fileno())


def _set(libc: ctypes.CDLL, descriptor: int) -> None:
    if libc.setns(descriptor, _NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "setns")


def run(name: str, *command: str, text: str = "") -> str:
    """A command in a namespace. Raises CalledProcessError."""
    done = subprocess.run(
        ["ip", "netns", "exec", name, *command], input=text, capture_output=True, text=True, check=True
    )
    return done.stdout


def load(name: str, program: Sequence[str], text: str) -> str:
    """Load a ruleset, without the lines that the program refuses; returns what it took."""
    lines = text.split("\n")
    for _ in range(40):
        done = subprocess.run(
            ["ip", "netns", "exec", name, *program],
            input="\n".join(lines),
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            return "\n".join(lines)
        refused = {int(n) for n in re.findall(r"(?:/dev/stdin:|line:? )(\d+)", done.stderr)}
        assert refused, done.stderr
        lines = [line for at, line in enumerate(lines, 1) if at not in refused]
    raise AssertionError(f"refused again and again: {done.stderr}")


class Cable:
    """The two namespaces. host: where rules are made. Every port asked about has a listener."""

    def __init__(self, mark: str, ports: Sequence[int]) -> None:
        self.host, self.peer = f"fw-{mark}-h", f"fw-{mark}-p"
        self._ports = ports
        self._servers: list[socket.socket] = []
        for name in (self.host, self.peer):
            subprocess.run(["ip", "netns", "add", name], check=True)
        link = ["ip", "link", "add", "eth0", "netns", self.host, "type", "veth"]
        subprocess.run([*link, "peer", "name", "eth0", "netns", self.peer], check=True)
        self._addresses()
        with inside(self.host):
            for port in ports:
                self._servers += [_tcp(port), _udp(port)]

    def _addresses(self) -> None:
        addresses = [(self.host, f"{HOST4}/24"), (self.host, f"{HOST6}/64")]
        addresses += [(self.peer, f"{source}/24") for source in SOURCES[4]]
        addresses += [(self.peer, f"{source}/64") for source in SOURCES[6]]
        for name, address in addresses:
            more = ["nodad"] if ":" in address else []
            run(name, "ip", "addr", "add", address, "dev", "eth0", *more)
        for name in (self.host, self.peer):
            run(name, "ip", "link", "set", "eth0", "up")
            run(name, "ip", "link", "set", "lo", "up")
        self._neighbours()
        run(self.host, "ip", "route", "add", "default", "via", SOURCES[4][0])
        run(self.host, "ip", "-6", "route", "add", "default", "via", SOURCES[6][0])

    def _neighbours(self) -> None:
        """Fixed link addresses: rules that drop ICMPv6 would stop the neighbours' discovery."""
        for name, other, addresses in (
            (self.peer, self.host, (HOST4, HOST6)),
            (self.host, self.peer, (*SOURCES[4], *SOURCES[6])),
        ):
            link = run(other, "cat", "/sys/class/net/eth0/address").strip()
            for goal in addresses:
                run(name, "ip", "neigh", "replace", goal, "lladdr", link, "nud", "permanent", "dev", "eth0")

    def close(self) -> None:
        """End both namespaces."""
        for server in self._servers:
            server.close()
        for name in (self.host, self.peer):
            subprocess.run(["ip", "netns", "del", name], check=True)

    def attempt(self, wanted: Sequence[Point], wait_s: float) -> dict[Point, bool]:
        """Which attempts get through; a source port of 0 is chosen by the kernel and told in the answer.

        TCP got through when the host answered SYN with SYN and ACK, whatever a rule does to the rest.
        """
        with selectors.DefaultSelector() as selector, inside(self.peer):
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL_ETHERNET))
            wire.bind(("eth0", 0))
            wire.setblocking(False)
            plugs: list[socket.socket] = [wire]
            selector.register(wire, selectors.EVENT_READ, "wire")
            for server in self._servers:
                selector.register(server, selectors.EVENT_READ, None)
            reached: dict[Point, bool] = {}
            try:
                for point in wanted:
                    if (started := _start(point)) is not None:
                        plug, exact = started
                        plugs.append(plug)
                        reached[exact] = False
                        if point.protocol == "udp":
                            selector.register(plug, selectors.EVENT_READ, exact)
                _collect(selector, reached, wait_s)
            finally:
                for plug in plugs:
                    plug.close()
            return reached


def _collect(selector: selectors.BaseSelector, reached: dict[Point, bool], wait_s: float) -> None:
    """Answer what comes to the host and note what comes back, until nothing has happened for a while."""
    shaken = {(p.family, p.sport, p.dport): p for p in reached if p.protocol == "tcp"}
    while events := selector.select(wait_s):
        for key, _ in events:
            end = key.fileobj
            assert isinstance(end, socket.socket)
            if key.data is None:
                _serve(end)
            elif key.data == "wire":
                point = shaken.get(_answered(end.recv(128)))
                if point is not None:
                    reached[point] = True
            else:
                selector.unregister(end)
                with suppress(OSError):
                    reached[key.data] = end.recv(16) == b"?"


def _answered(frame: bytes) -> tuple[int, int, int]:
    """The family and ports (ours, the host's) of an Ethernet frame with SYN and ACK; zeros for others."""
    kind = int.from_bytes(frame[12:14], "big")
    start = 14 + (frame[14] & 15) * 4 if kind == _IPV4 else 54
    protocol = frame[23] if kind == _IPV4 else frame[20] if kind == _IPV6 else 0
    segment = frame[start:]
    if protocol != _TCP or len(segment) < 14 or segment[13] & _SYN_ACK != _SYN_ACK:
        return 0, 0, 0
    ours, theirs = int.from_bytes(segment[2:4], "big"), int.from_bytes(segment[:2], "big")
    return (4 if kind == _IPV4 else 6), ours, theirs


def _serve(server: socket.socket) -> None:
    with suppress(OSError):
        if server.type == socket.SOCK_STREAM:
            server.accept()[0].close()
        else:
            data, whom = server.recvfrom(16)
            server.sendto(data, whom)


def _start(point: Point) -> tuple[socket.socket, Point] | None:
    kind = socket.SOCK_STREAM if point.protocol == "tcp" else socket.SOCK_DGRAM
    family = socket.AF_INET if point.family == 4 else socket.AF_INET6
    plug = socket.socket(family, kind | socket.SOCK_NONBLOCK)
    try:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        plug.bind((point.source, point.sport))
        exact = Point(*_fields(point)[:3], plug.getsockname()[1], point.dport)
        goal = (HOST4 if point.family == 4 else HOST6, point.dport)
        if point.protocol == "tcp":
            code = plug.connect_ex(goal)
            if code not in (0, errno.EINPROGRESS):
                plug.close()
                return None
        else:
            plug.connect(goal)
            plug.send(b"?")
    except OSError:
        plug.close()
        return None
    return plug, exact


def _fields(point: Point) -> tuple[int, str, str, int, int]:
    return point.family, point.protocol, point.source, point.sport, point.dport


def _tcp(port: int) -> socket.socket:
    server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("::", port))
    server.listen(512)
    return server


def _udp(port: int) -> socket.socket:
    server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    server.bind(("::", port))
    return server


def address(text: str) -> int:
    """An address as a number."""
    return int(ipaddress.ip_address(text))


def collector_text() -> str:
    """The prelude and the collector as a host runs them."""
    folder = Path(os.path.dirname(__file__)).parents[2] / "readiness_tui" / "collectors"
    return (folder / "prelude.sh").read_text() + (folder / "firewall.state.sh").read_text()
