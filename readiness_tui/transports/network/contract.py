"""The interface of every kind of network ask: one `look`, from an ask to lines of facts.

The file of each ask kind contains its `look`. It raises `TransportError` if the check was not possible.
Deadlines, pacing and the reply are handled by `transport.py`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Lines = Sequence[tuple[str, str]]
"""Facts for a reply: name and value, a name once for each value; `!name` and the reason."""


class Trust:
    """The trusted certificate authorities, loaded outside the event loop, because files are read.

    Each kind of ask has its own context, so that what one sets on it (ALPN) does not affect another.
    """

    def __init__(self, make: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> None:
        """make: creates a context; by default with the system's authorities."""
        self._make = make
        self._made: dict[str, ssl.SSLContext] = {}

    async def context(self, kind: str) -> ssl.SSLContext:
        """The context for one kind of ask."""
        if kind not in self._made:
            self._made[kind] = await asyncio.to_thread(self._make)
        return self._made[kind]


Look = Callable[[Any, Trust], Awaitable[Lines]]
