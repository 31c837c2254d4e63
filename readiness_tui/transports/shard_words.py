"""What a program and its shards say to each other: a line of JSON each, over the shard's two pipes.

Every request has a number of its own, `call`; its answers carry it, the last of them is `Done` or `Failed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter

from readiness_tui.model.base import Frozen
from readiness_tui.model.probe import Ask
from readiness_tui.transports.keyring import Lent


class Open(Frozen):
    """Open a host, or see that it still is. durations: see `Lanes.learned`; lent: for its key files."""

    word: Literal["open"] = "open"
    call: int
    host: str
    address: str
    lanes: int
    durations: Mapping[str, float] = {}
    lent: Lent


class AskAll(Frozen):
    """Ask a host that is open. Answered by `Begun` and `Came`, the asks numbered as they stand here."""

    word: Literal["ask"] = "ask"
    call: int
    host: str
    asks: tuple[Annotated[Ask, Field(discriminator="kind")], ...]


class Stop(Frozen):
    """Nobody waits for the answers of that call any more."""

    word: Literal["stop"] = "stop"
    call: int


class Cancel(Frozen):
    """See `Transport.cancel`."""

    word: Literal["cancel"] = "cancel"
    call: int
    host: str


class Close(Frozen):
    """See `Transport.close`."""

    word: Literal["close"] = "close"
    call: int
    host: str


class Begun(Frozen):
    """An ask begins on the host."""

    word: Literal["begun"] = "begun"
    call: int
    number: int


class Came(Frozen):
    """A reply, without its ask, which the program has."""

    word: Literal["came"] = "came"
    call: int
    number: int
    reply: dict[str, JsonValue]


class Done(Frozen):
    """It is done."""

    word: Literal["done"] = "done"
    call: int


class Failed(Frozen):
    """It cannot be done: a TransportError. locked: the key file that waits for its passphrase."""

    word: Literal["failed"] = "failed"
    call: int
    message: str
    cause: str
    hint: str = ""
    locked: str = ""


Request = Open | AskAll | Stop | Cancel | Close
Answer = Begun | Came | Done | Failed

REQUEST: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="word")])
ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="word")])
"""Read a line."""

LINE = 64 * 1024 * 1024
"""Bytes a line may have: twice the cap of both streams, escaped, and far more."""
