"""The contract of all transports: open once, answer asks as they finish, cancel, close."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from readiness_tui.model.probe import Ask, Reply

Started = Callable[[Ask], None]
"""Called when an ask starts on the host."""


def ignore_start(ask: Ask) -> None:
    """A `Started` that does nothing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a run wants a host to be queried. Transports without shells ignore it.

    hosts: number of hosts that the run queries in parallel. durations: seconds that each ask took last
    time, by `model.probe.asked`, so that the longest is sent first.
    """

    hosts: int = 1
    durations: Mapping[str, float] = field(default_factory=dict)


class Transport(Protocol):
    """A connection to one host, opened once and kept for further runs until it is closed.

    A failure of one ask is a reply with a cause. Only `open` raises.
    """

    @property
    def host(self) -> str:
        """The host's name in the launch, as used in replies."""
        ...

    async def open(self, pace: Pace | None = None) -> None:
        """Connect. `pace` applies to the asks that follow.

        Raises TransportError with cause and hint. Does nothing if it is open.
        """
        ...

    def ask(self, asks: Sequence[Ask], started: Started = ignore_start) -> AsyncGenerator[Reply, None]:
        """Yield exactly one reply for each ask, as they finish. The longest is sent first.

        Never raises for a fault of the host: a timeout, a refusal or a lost connection is a reply with a
        cause. After `cancel` the remaining replies are `cancelled`. Closing the iterator early (`aclose`)
        ends only these asks, also on the host.
        """
        ...

    async def cancel(self) -> None:
        """Stop everything that runs, also on the host. Unfinished asks become `cancelled`."""
        ...

    async def close(self) -> None:
        """Release everything, here and on the host. Safe to call twice."""
        ...
