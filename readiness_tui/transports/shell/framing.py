"""Split a worker's two streams into frames, one for each collector (`script` is the other side).

A collector's output cannot contain a frame, because the collector does not know the nonce.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

CAP = 256 * 1024
"""Most bytes kept of each stream of one collector."""

_MARK_LINE = 64
"""Most bytes of the rest of a nonce line; ours have fewer than 30."""

_NOISE = 2048
"""Most bytes kept of a stream's output before the hello."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The worker runs. group: the process group to kill, 0 if the worker does not have its own."""

    pid: int
    group: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One collector ended: both streams, complete unless clipped, and its exit status."""

    number: int
    stdout: bytes
    stderr: bytes
    exit: int
    clipped: bool


@dataclass(frozen=True, slots=True)
class Overflow:
    """A collector printed more than the cap; the rest is dropped. Reported once per stream."""

    number: int


@dataclass(frozen=True, slots=True)
class Bye:
    """The worker's last frame."""


@dataclass(frozen=True, slots=True)
class Garbled:
    """The stream does not follow the protocol. Everything after it is ignored."""

    detail: str


WorkerEvent = Hello | Frame | Overflow | Bye | Garbled


class _Cutter:
    """Splits one stream at its nonce lines: yields the bytes between them, and each line's words."""

    def __init__(self, nonce: str) -> None:
        self._mark = f"\n{nonce} ".encode("ascii")
        self._held = b""

    def feed(self, data: bytes) -> Iterator[bytes | tuple[str, ...]]:
        """Raises ValueError for an unterminated nonce line."""
        self._held += data
        while (at := self._held.find(self._mark)) >= 0:
            if at:
                yield self._held[:at]
                self._held = self._held[at:]
            begin = len(self._mark)
            end = self._held.find(b"\n", begin)
            if end < 0:
                if len(self._held) > begin + _MARK_LINE:
                    raise ValueError("unterminated nonce line")
                return
            words = self._held[begin:end].decode("ascii", "replace").split()
            self._held = self._held[end + 1 :]
            yield tuple(words)
        keep = len(self._mark) - 1
        if len(self._held) > keep:
            yield self._held[:-keep]
            self._held = self._held[-keep:]

    def rest(self) -> bytes:
        """The bytes held back because they could become a nonce line."""
        return self._held


class _Stream:
    """One of a worker's two streams: noise, hello, then the output of one collector after the other."""

    def __init__(self, nonce: str, cap: int) -> None:
        self.cutter = _Cutter(nonce)
        self.cap = cap
        self.greeted = False
        self.noise = bytearray()
        self.content = bytearray()
        self.clipped = False
        self.ended: deque[tuple[int, bytes, int, bool]] = deque()
        self.asked: deque[int] = deque()

    def add(self, data: bytes) -> bool:
        """Add output. True if it exceeds the cap for the first time."""
        if not self.greeted:
            self.noise += data[: _NOISE - len(self.noise)]
            return False
        room = self.cap - len(self.content)
        self.content += data[:room]
        first = len(data) > room and not self.clipped
        self.clipped = self.clipped or len(data) > room
        return first

    def finish(self, exit_code: int) -> None:
        """The output so far belongs to the next expected number."""
        self.ended.append((self.asked.popleft(), bytes(self.content), exit_code, self.clipped))
        self.content.clear()
        self.clipped = False

    def partial(self) -> bytes:
        """The output of the running collector so far."""
        return bytes(self.content + self.cutter.rest())[: self.cap] if self.greeted else b""


class FrameReader:
    """Turns the bytes of a worker's two streams, in chunks of any size, into events.

    The client assigns the numbers and announces them with `expect`, in the order in which it sends the
    scripts. A frame with another number is `Garbled`, and nothing is reported after that.
    """

    def __init__(self, nonce: str, cap: int = CAP) -> None:
        self._out = _Stream(nonce, cap)
        self._err = _Stream(nonce, cap)
        self._broken = False

    def expect(self, number: int) -> None:
        """The script with this number is sent to the worker next."""
        self._out.asked.append(number)
        self._err.asked.append(number)

    def partial(self) -> tuple[bytes, bytes]:
        """Both streams of the running collector so far."""
        return self._out.partial(), self._err.partial()

    def noise(self) -> str:
        """The output before the hello, for messages: a banner, or why there is no shell."""
        text = bytes(self._out.noise + self._err.noise)
        if not self._out.greeted:
            text += self._out.cutter.rest() + self._err.cutter.rest()
        return text.decode("utf-8", "replace").strip()

    def feed(self, data: bytes, *, stderr: bool = False) -> list[WorkerEvent]:
        """The events in these bytes."""
        events: list[WorkerEvent] = []
        if self._broken:
            return events
        try:
            stream = self._err if stderr else self._out
            for piece in stream.cutter.feed(data):
                if isinstance(piece, tuple):
                    events.extend(self._line(stream, piece))
                elif stream.add(piece) and stream.asked:
                    events.append(Overflow(stream.asked[0]))
        except ValueError as error:
            self._broken = True
            events.append(Garbled(str(error)))
        return events

    def _line(self, stream: _Stream, words: tuple[str, ...]) -> Iterator[WorkerEvent]:
        if not stream.greeted:
            yield from self._hello(stream, words)
        elif words == ("bye",) and stream is self._out and not stream.asked:
            yield Bye()
        else:
            number, *status = (_number(word) for word in words)
            if not stream.asked or number != stream.asked[0]:
                raise ValueError(f"unexpected frame: {number}")
            if len(status) != (1 if stream is self._out else 0):
                raise ValueError("malformed frame")
            stream.finish(status[0] if status else 0)
            yield from self._pairs()

    def _hello(self, stream: _Stream, words: tuple[str, ...]) -> Iterator[WorkerEvent]:
        if not words or words[0] != "hello":
            raise ValueError("frame before the hello")
        stream.greeted = True
        if stream is self._out:
            if len(words) != 4:
                raise ValueError("malformed hello")
            pid, group, alone = (_number(word) for word in words[1:])
            yield Hello(pid, group if alone == 0 and group > 1 else 0)

    def _pairs(self) -> Iterator[Frame]:
        while self._out.ended and self._err.ended:
            number, out, code, clipped = self._out.ended.popleft()
            _, err, _, also = self._err.ended.popleft()
            yield Frame(number, out, err, code, clipped or also)


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 10):
        raise ValueError(f"not a number in a nonce line: {word[:20]!r}")
    return int(word)
