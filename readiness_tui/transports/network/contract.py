"""What every kind of network ask is: one `look`, from an ask to lines of facts.

`network_<kind>.py` holds the `look` of each ask kind; it raises `TransportError` when nobody could
look, and leaves deadlines, pacing and the reply to `network.py`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Lines = Sequence[tuple[str, str]]
"""Facts as they go into a reply: name and value, a name as often as it was found; `!name` and why."""


class Trust:
    """Whom to believe; made off the event loop, because it reads files.

    Each kind of ask has a context of its own: what one sets on it (ALPN) must not reach another.
    """

    def __init__(self, make: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> None:
        """make: gives a context; the system's authorities unless told otherwise."""
        self._make = make
        self._made: dict[str, ssl.SSLContext] = {}

    async def context(self, kind: str) -> ssl.SSLContext:
        """The context for one kind of ask."""
        if kind not in self._made:
            self._made[kind] = await asyncio.to_thread(self._make)
        return self._made[kind]


Look = Callable[[Any, Trust], Awaitable[Lines]]
