"""What every transport is: open once, answer many asks as they finish, cancel, close."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from readiness_tui.model.probe import Ask, Reply

Started = Callable[[Ask], None]
"""Called when an ask begins on the host."""


def nobody(ask: Ask) -> None:
    """A `Started` that does nothing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a run wants a host to be asked; a transport without shells ignores it.

    hosts: how many hosts the run asks side by side. durations: seconds each ask took the last
    time, by `model.probe.asked`, so that the longest is asked first.
    """

    hosts: int = 1
    durations: Mapping[str, float] = field(default_factory=dict)


class Transport(Protocol):
    """A way to one host. One connection, opened once, kept for re-runs until closed.

    A problem of one ask is a reply with a cause; only `open` raises.
    """

    @property
    def host(self) -> str:
        """The host's name in the launch; replies carry it."""
        ...

    async def open(self, pace: Pace | None = None) -> None:
        """Connect; `pace` holds for the asks that follow.

        Raises TransportError with its cause and a hint. Does nothing when open.
        """
        ...

    def ask(self, asks: Sequence[Ask], started: Started = nobody) -> AsyncGenerator[Reply, None]:
        """Exactly one reply for each ask, in the order they finish, longest asked first.

        Never raises for what the host does: a timeout, a refusal or a lost link is a reply with
        its cause. After `cancel` the rest come back `cancelled`. Closing the iterator early
        (`aclose`) ends these asks alone, on the host too.
        """
        ...

    async def cancel(self) -> None:
        """End what runs now, on the host too; asks not finished become `cancelled`."""
        ...

    async def close(self) -> None:
        """Leave nothing behind, here or on the host. Safe to call twice."""
        ...
