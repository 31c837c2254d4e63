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


class Call(Frozen):
    """What belongs to one request. call: its number."""

    call: int


class HostCall(Call):
    """What belongs to a request about a host. host: its name in the launch."""

    host: str


class Open(HostCall):
    """Open a host, or see that it still is. durations: see `Lanes.learned`; lent: for its key files."""

    word: Literal["open"] = "open"
    address: str
    lanes: int
    durations: Mapping[str, float] = {}
    lent: Lent


class AskAll(HostCall):
    """Ask a host that is open. Answered by `Begun` and `Came`, the asks numbered as they stand here."""

    word: Literal["ask"] = "ask"
    asks: tuple[Annotated[Ask, Field(discriminator="kind")], ...]


class Stop(Call):
    """Nobody waits for the answers of that call any more."""

    word: Literal["stop"] = "stop"


class Cancel(HostCall):
    """See `Transport.cancel`."""

    word: Literal["cancel"] = "cancel"


class Close(HostCall):
    """See `Transport.close`."""

    word: Literal["close"] = "close"


class Begun(Call):
    """An ask begins on the host."""

    word: Literal["begun"] = "begun"
    number: int


class Came(Call):
    """A reply, without its ask, which the program has."""

    word: Literal["came"] = "came"
    number: int
    reply: dict[str, JsonValue]


class Done(Call):
    """It is done."""

    word: Literal["done"] = "done"


class Failed(Call):
    """It cannot be done: a TransportError. locked: the key file that waits for its passphrase."""

    word: Literal["failed"] = "failed"
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
