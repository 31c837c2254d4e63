"""Answers from a recording: what a host said once, without the host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from pydantic import ValidationError

from readiness_tui import regular_file
from readiness_tui.errors import TransportError
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.transports.contract import Pace, Started, nobody
from readiness_tui.transports.replies import refused


class ReplayTransport:
    """A recording (one `Reply` as JSON a line) in a host's place.

    An ask is found by its digest: the reply of the host of that name if there is one, else of any.
    A later line takes the place of an earlier one.
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
        """Read the recording. Raises TransportError naming the line that is not a reply."""
        if self._replies is None:
            self._replies = await asyncio.to_thread(_read, self._path)

    async def ask(self, asks: Sequence[Ask], started: Started = nobody) -> AsyncGenerator[Reply, None]:
        """See the contract; replies keep the time and duration they were recorded with."""
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
        found = replies.get((self.host, ask.digest)) or replies.get(("", ask.digest))
        if found is None:
            return refused(self.host, ask, Cause.UNSUPPORTED, f"not recorded in {self._path.name}")
        return found.model_copy(update={"host": self.host, "ask": ask})

    async def cancel(self) -> None:
        """See the contract."""
        for stop in self._batches:
            stop.set()

    async def close(self) -> None:
        """Forget the recording."""
        self._replies = None


def _read(path: Path) -> dict[tuple[str, str], Reply]:
    """By host and digest, and under no host the last of any. Raises TransportError."""
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
