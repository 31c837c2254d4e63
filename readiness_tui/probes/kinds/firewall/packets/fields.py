"""The values that a packet's fields have, apart from its source and its ports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from readiness_tui.probes.kinds.firewall.packets.packet import IPV4, IPV6, TCP, Packet, State, Tracking


@dataclass(frozen=True, slots=True)
class Value:
    """A field's value: a number, or names that each equal it.

    absent: the packet has no such field. never_equal: it equals nothing, and what "unequal" does
    depends on the kernel.
    """

    number: int | None = None
    words: frozenset[str] = frozenset()
    absent: bool = False
    never_equal: bool = False


ABSENT = Value(absent=True)
SYN = 0x02


def value_of(field: str, packet: Packet, state: State) -> Value | None:
    """The field's value; None when it is not known, or the field not understood."""
    read = _FIELDS.get(field)
    return read(packet, state) if read is not None else None


def _number(number: int | None) -> Value | None:
    return Value(number) if number is not None else None


def _words(*words: str) -> Value:
    return Value(words=frozenset(words))


def _destination(family: int) -> Callable[[Packet, State], Value | None]:
    return lambda packet, state: _number(state.address) if packet.family == family else ABSENT


def _index(packet: Packet, _state: State) -> Value | None:
    return _number(packet.index)


def _ct_state(_packet: Packet, state: State) -> Value | None:
    words = {
        Tracking.BEFORE: "invalid",
        Tracking.NEW: "new",
        Tracking.UNTRACKED: "untracked",
    }.get(state.tracking)
    return _words(words) if words else None


def _tracked(read: Callable[[State], Value | None]) -> Callable[[Packet, State], Value | None]:
    """Fields of the connection: absent before tracking and without it."""

    def value(_packet: Packet, state: State) -> Value | None:
        if state.tracking is Tracking.PERHAPS:
            return None
        return read(state) if state.tracking is Tracking.NEW else ABSENT

    return value


def _ct_status(state: State) -> Value | None:
    if state.translated is None:
        return None
    return _words("dnat") if state.translated else Value()


def _xt_ct_state(_packet: Packet, state: State) -> Value | None:
    """`-m conntrack --ctstate`: the state, and DNAT for a translated connection."""
    plain = _ct_state(_packet, state)
    if plain is None or (state.translated is None and state.tracking is Tracking.NEW):
        return None
    return Value(words=plain.words | ({"dnat"} if state.translated else set()))


def _destination_type(packet: Packet, state: State) -> Value | None:
    return _words("local") if state.address == packet.address else None


_FIELDS: Mapping[str, Callable[[Packet, State], Value | None]] = {
    "l4proto": lambda packet, _: Value(packet.protocol),
    "ip protocol": lambda packet, _: Value(packet.protocol) if packet.family == IPV4 else ABSENT,
    "ip6 nexthdr": lambda packet, _: Value(packet.protocol) if packet.family == IPV6 else ABSENT,
    "nfproto": lambda packet, _: Value(2 if packet.family == IPV4 else 10),
    "ethertype": lambda packet, _: Value(0x0800 if packet.family == IPV4 else 0x86DD),
    "ip version": lambda packet, _: Value(4) if packet.family == IPV4 else ABSENT,
    "ip6 version": lambda packet, _: Value(6) if packet.family == IPV6 else ABSENT,
    "ip hdrlength": lambda packet, _: Value(5) if packet.family == IPV4 else ABSENT,
    "ip daddr": _destination(IPV4),
    "ip6 daddr": _destination(IPV6),
    "iifname": lambda packet, _: _words(packet.interface),
    "iif": _index,
    "oif": lambda _packet, _state: Value(never_equal=True),
    "pkttype": lambda _packet, _state: _words("host", "unicast"),
    "mark": lambda _, state: _number(state.mark),
    "tcp flags": lambda packet, _: Value(SYN) if packet.protocol == TCP else ABSENT,
    "ct state": _ct_state,
    "xt ctstate": _xt_ct_state,
    "ct mark": _tracked(lambda state: _number(state.ct_mark)),
    "ct direction": _tracked(lambda _: _words("original")),
    "ct status": _tracked(_ct_status),
    "daddr type": _destination_type,
    "saddr type": lambda _packet, _state: _words("unicast"),
    "absent": lambda _packet, _state: ABSENT,
}
"""By the names that the readers give to fields. Words are lower case except interfaces."""
