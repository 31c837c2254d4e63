"""A wire as long as asked: a TUN device in each of two network namespaces, and a process that carries.

Every packet is held for half a round trip: TCP's handshake and acknowledgements are as late as its
bytes, as on a real line. Bytes are those of IP packets. `python -m benchmarks.wire PID` joins its own
namespace with that of a process; speaks as `distance` says.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import struct
import subprocess
import sys
import time
from collections import deque
from dataclasses import asdict

from benchmarks.distance import Counts, Distance

CLIENT, HOST = "10.99.2.1", "10.99.2.2"

_SET_NAME = 0x400454CA
_PLAIN_IP = 0x0001 | 0x1000
"""TUNSETIFF; IFF_TUN | IFF_NO_PI (linux/if_tun.h)."""

_PACKET = 65536


def device(name: str) -> int:
    """Make a TUN device here; its file descriptor, which does not block."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, _SET_NAME, struct.pack("16sH", name.encode(), _PLAIN_IP))
    return descriptor


def ip(words: str, *, of: int | None = None) -> None:
    """Run `ip`, in the network namespace of a process when one is named."""
    there = [] if of is None else ["nsenter", f"--net=/proc/{of}/ns/net"]
    subprocess.run([*there, "ip", *words.split()], check=True)


class Wire(Distance):
    """The wire to the namespace of a process, which is HOST there; CLIENT is here."""

    def __init__(self, pid: int) -> None:
        super().__init__("benchmarks.wire", str(pid))


class _Way:
    """One direction: what is on its way and when it arrives."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._pieces: deque[tuple[float, bytes]] = deque()

    @property
    def due(self) -> float:
        """When the next packet arrives; far away when there is none."""
        return self._pieces[0][0] if self._pieces else float("inf")

    def take(self, descriptor: int, delay_s: float) -> int:
        """Take every packet that waits there; their bytes."""
        total = 0
        while True:
            try:
                packet = os.read(descriptor, _PACKET)
            except BlockingIOError:
                return total
            total += len(packet)
            self._pieces.append((time.monotonic() + delay_s, packet))

    def deliver(self) -> None:
        """Hand over what has arrived; a full queue loses packets, as a line does."""
        while self.due <= time.monotonic():
            _, packet = self._pieces.popleft()
            try:
                os.write(self._to, packet)
            except BlockingIOError:
                continue


def carry(near: int, far: int) -> None:
    """Carry packets until standard input ends."""
    up, down = _Way(far), _Way(near)
    rtt_s, counts = 0.0, Counts()
    while True:
        wait = max(0.0, min(up.due, down.due, time.monotonic() + 60) - time.monotonic())
        ready, _, _ = select.select([near, far, sys.stdin], [], [], wait)
        if near in ready:
            counts.sent += up.take(near, rtt_s / 2)
        if far in ready:
            counts.received += down.take(far, rtt_s / 2)
        if sys.stdin in ready:
            line = sys.stdin.readline()
            if not line:
                return
            print(json.dumps(asdict(counts)), flush=True)
            words = json.loads(line)
            if "rtt" in words:
                rtt_s, counts = words["rtt"], Counts()
        up.deliver()
        down.deliver()


def main(pid: int) -> None:
    """Lay the wire and carry."""
    near, far = device("wire-here"), device("wire-there")
    ip(f"link set wire-there netns {pid}")
    for address, name, of in ((CLIENT, "wire-here", None), (HOST, "wire-there", pid)):
        ip(f"address add {address}/30 dev {name}", of=of)
        ip(f"link set {name} up", of=of)
    print(json.dumps({}), flush=True)
    carry(near, far)


if __name__ == "__main__":
    main(int(sys.argv[1]))
