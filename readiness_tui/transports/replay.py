"""Replay a recording: the replies of earlier runs, without the hosts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from pydantic import ValidationError

from readiness_tui import regular_file
from readiness_tui.errors import TransportError
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.transports.contract import Pace, Started, ignore_start
from readiness_tui.transports.replies import refused


class ReplayTransport:
    """A recording (one `Reply` as JSON per line) in place of a host.

    Asks are looked up by digest: the reply of the host with that name, else the reply of any host. A
    later line replaces an earlier one.
    """

    def __init__(self, host: str, path: Path) -> None:
        self._host = host
        self._path = path
        self._replies: dict[tuple[str, str], Reply] | None = None
        self._batches: set[asyncio.Event] = set()

    @property
    def host(self) -> str:
        """The host's name in the launch."""
        return self._host

    async def open(self, pace: Pace | None = None) -> None:
        """Read the recording. Raises TransportError with the line that is not a reply."""
        if self._replies is None:
            self._replies = await asyncio.to_thread(_read, self._path)

    async def ask(self, asks: Sequence[Ask], started: Started = ignore_start) -> AsyncGenerator[Reply, None]:
        """See the contract. Replies keep their recorded time and duration."""
        stop = asyncio.Event()
        self._batches.add(stop)
        try:
            for ask in asks:
                if stop.is_set():
                    yield refused(self.host, ask, Cause.CANCELLED, "cancelled")
                    continue
                started(ask)
                yield self._answer(ask)
        finally:
            self._batches.discard(stop)

    def _answer(self, ask: Ask) -> Reply:
        replies = self._replies or {}
        recorded = replies.get((self.host, ask.digest)) or replies.get(("", ask.digest))
        if recorded is None:
            return refused(self.host, ask, Cause.UNSUPPORTED, f"not recorded in {self._path.name}")
        return recorded.model_copy(update={"host": self.host, "ask": ask})

    async def cancel(self) -> None:
        """See the contract."""
        for stop in self._batches:
            stop.set()

    async def close(self) -> None:
        """Release the recording."""
        self._replies = None


def _read(path: Path) -> dict[tuple[str, str], Reply]:
    """The replies by host and digest, and under an empty host the last of any host. Raises TransportError."""
    try:
        lines = regular_file.read_text(path.expanduser(), regular_file.RECORDING).split("\n")
    except (OSError, RuntimeError, UnicodeDecodeError) as error:
        why = (
            "not UTF-8"
            if isinstance(error, UnicodeDecodeError)
            else getattr(error, "strerror", None) or error
        )
        detail = f"the recording {path} cannot be read: {why}"
        raise TransportError(detail, cause=Cause.UNREACHABLE) from error
    replies: dict[tuple[str, str], Reply] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            reply = Reply.model_validate_json(line)
        except ValidationError as error:
            raise TransportError(f"{path}:{number}: not a reply", cause=Cause.GARBLED) from error
        replies[reply.host, reply.ask.digest] = replies["", reply.ask.digest] = reply
    return replies
