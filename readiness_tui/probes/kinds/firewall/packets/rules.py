"""Chains and rules in one form, whichever program printed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from readiness_tui.probes.kinds.firewall.packets.intervals import Intervals


class Often(Enum):
    """How often a condition with a counter or a rate holds for a first packet."""

    ALWAYS = auto()
    AT_TIMES = auto()
    RARELY = auto()


@dataclass(frozen=True, slots=True)
class Test:
    """A packet's field against a set of values.

    numbers: for fields that are numbers. words: for names (interfaces, states, types); `eth*`
    stands for all names that begin so. mask: applied to the field first. Where the packet has no
    such field (`ip saddr` in IPv6), the test does not match, negated or not.
    """

    field: str
    numbers: Intervals = ()
    words: frozenset[str] = frozenset()
    negated: bool = False
    mask: int | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every condition holds; of none, it is always true."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one condition holds; of none, it is never true. needs: fields the packet must have."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold, and the packet has every field that it names."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Unclear:
    """A condition that cannot be decided from a listing. reason: it in the listing's words."""

    reason: str


Condition = Test | All | Any | Not | Unclear
ALWAYS: Condition = All()
NEVER: Condition = Any()


@dataclass(frozen=True, slots=True)
class Match:
    """Goes on with the rule only for packets that meet the condition."""

    condition: Condition
    often: Often = Often.ALWAYS


@dataclass(frozen=True, slots=True)
class Accept:
    """Ends the base chain; the packet goes on to the next one."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Ends everything; reject is one, after its families and protocols were matched."""


@dataclass(frozen=True, slots=True)
class Return:
    """Back to the calling chain, in a base chain to its policy."""


@dataclass(frozen=True, slots=True)
class Jump:
    """To another chain; with `goto`, its end is this chain's end too."""

    chain: str
    goto: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """To a program, which may accept or drop."""


@dataclass(frozen=True, slots=True)
class Obscure:
    """A statement not understood: it may accept, drop or go on. reason: it in the listing's words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Sets the packet's or the connection's mark to `value`, outside `keep` (a mask); None: unknown."""

    value: int | None
    keep: int = 0
    connection: bool = False


@dataclass(frozen=True, slots=True)
class CopyMark:
    """Copies the mark between packet and connection, whole."""

    to_connection: bool


@dataclass(frozen=True, slots=True)
class Untrack:
    """Keeps connection tracking away from the packet."""


@dataclass(frozen=True, slots=True)
class Translate:
    """Changes the destination, and accepts. own: to the address of the interface (redirect).

    address, port: None leaves it as it is; unknown: says that the listing does not tell it.
    """

    address: int | None = None
    port: int | None = None
    own: bool = False
    unknown_address: bool = False
    unknown_port: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A verdict map: the first condition that holds decides; without one the rule goes on."""

    branches: tuple[tuple[Condition, Step], ...]


Step = (
    Match | Accept | Drop | Return | Jump | Queue | Obscure | Mark | CopyMark | Untrack | Translate | Choice
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. label: what an operator finds it by: its text, or chain and number."""

    label: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a base chain stands: hook, priority, type, policy (accept or drop), devices of ingress."""

    name: str
    priority: int
    kind: str = "filter"
    policy: str = "accept"
    devices: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """Rules in order. hook: None for a chain that is only jumped to."""

    name: str
    rules: tuple[Rule, ...] = ()
    hook: Hook | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Chains by name. family: ip, ip6, inet, netdev, bridge or arp.

    legacy: of iptables-legacy.
    """

    family: str
    name: str
    chains: Mapping[str, Chain] = field(default_factory=dict)
    legacy: bool = False

    @property
    def words(self) -> str:
        """Family and name, as nft writes them."""
        return f"{self.family} {self.name}"
