"""The packet that is sent through the rules, and what earlier rules have done to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

TCP, UDP = 6, 17
IPV4, IPV6 = 4, 6


@dataclass(frozen=True, slots=True)
class Packet:
    """The first packet of a new connection: unicast to `address`, SYN only, no fragment, no options.

    index: the interface's number, None when it is not known. bridged: the interface is a bridge or
    one of its ports, so matches on bridge ports cannot be decided.
    """

    interface: str
    family: int
    address: int
    protocol: int
    index: int | None = None
    bridged: bool = False

    @property
    def bits(self) -> int:
        """How wide an address is."""
        return 32 if self.family == IPV4 else 128

    @property
    def words(self) -> str:
        """The protocol's name."""
        return "tcp" if self.protocol == TCP else "udp"


class Tracking(Enum):
    """What connection tracking knows of the packet at this point."""

    BEFORE = "before"
    PERHAPS = "perhaps"
    NEW = "new"
    UNTRACKED = "untracked"


@dataclass(frozen=True, slots=True)
class State:
    """What the packet carries besides its region; None stands for "not known".

    mark, ct_mark: numbers. address: the destination now. port: the destination port now, -1 while
    it is the one that the sender chose. translated: whether the connection has the status `dnat`.
    """

    mark: int | None = 0
    ct_mark: int | None = 0
    tracking: Tracking = Tracking.BEFORE
    address: int | None = 0
    port: int | None = -1
    translated: bool | None = False
    nat_done: bool = False


SAME_PORT = -1
"""`State.port` of a packet whose destination port nothing has changed."""
