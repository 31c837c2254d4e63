"""Cuts a worker's two streams into frames, one for each collector (`script` writes the other side).

Nothing that a collector prints can look like a frame, because it cannot know the nonce.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

CAP = 256 * 1024
"""Bytes kept of each stream of one collector."""

_MARK_LINE = 64
"""Bytes the rest of a nonce line may have; ours have fewer than 30."""

_NOISE = 2048
"""Bytes kept of what a stream said before the worker's first words."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The worker runs. group: the process group to kill, 0 when it is not the worker's own."""

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
    """A collector printed more than the cap; the rest is dropped. ParsedReply once for each."""

    number: int


@dataclass(frozen=True, slots=True)
class Bye:
    """The worker has said all."""


@dataclass(frozen=True, slots=True)
class Garbled:
    """What came is not what a worker says; nothing after it can be trusted."""

    detail: str


Said = Hello | Frame | Overflow | Bye | Garbled


class _Cutter:
    """Cuts one stream at its nonce lines: yields bytes between them, and each line's words."""

    def __init__(self, nonce: str) -> None:
        self._mark = f"\n{nonce} ".encode("ascii")
        self._held = b""

    def feed(self, data: bytes) -> Iterator[bytes | tuple[str, ...]]:
        """Raises ValueError for a nonce line that does not end."""
        self._held += data
        while (at := self._held.find(self._mark)) >= 0:
            if at:
                yield self._held[:at]
                self._held = self._held[at:]
            begin = len(self._mark)
            end = self._held.find(b"\n", begin)
            if end < 0:
                if len(self._held) > begin + _MARK_LINE:
                    raise ValueError("a nonce line that does not end")
                return
            words = self._held[begin:end].decode("ascii", "replace").split()
            self._held = self._held[end + 1 :]
            yield tuple(words)
        keep = len(self._mark) - 1
        if len(self._held) > keep:
            yield self._held[:-keep]
            self._held = self._held[-keep:]

    def rest(self) -> bytes:
        """What is held back because it could have become a nonce line."""
        return self._held


class _Stream:
    """One of a worker's two streams: noise, hello, then one content after the other."""

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
        """Take content; True when it goes over the cap for the first time."""
        if not self.greeted:
            self.noise += data[: _NOISE - len(self.noise)]
            return False
        room = self.cap - len(self.content)
        self.content += data[:room]
        first = len(data) > room and not self.clipped
        self.clipped = self.clipped or len(data) > room
        return first

    def finish(self, exit_code: int) -> None:
        """The content so far belongs to the next number asked."""
        self.ended.append((self.asked.popleft(), bytes(self.content), exit_code, self.clipped))
        self.content.clear()
        self.clipped = False

    def partial(self) -> bytes:
        """What the running collector has printed so far."""
        return bytes(self.content + self.cutter.rest())[: self.cap] if self.greeted else b""


class FrameReader:
    """Turns the bytes of a worker's two streams, in pieces of any size, into what the worker said.

    Numbers are the client's own, announced with `expect` in the order of their texts; a frame for
    any other is `Garbled`, and after that nothing more is told.
    """

    def __init__(self, nonce: str, cap: int = CAP) -> None:
        self._out = _Stream(nonce, cap)
        self._err = _Stream(nonce, cap)
        self._broken = False

    def expect(self, number: int) -> None:
        """A collector's text goes to the worker next."""
        self._out.asked.append(number)
        self._err.asked.append(number)

    def partial(self) -> tuple[bytes, bytes]:
        """Both streams of the running collector so far."""
        return self._out.partial(), self._err.partial()

    def noise(self) -> str:
        """What was said before the hello, for people: a banner, or why there is no shell."""
        text = bytes(self._out.noise + self._err.noise)
        if not self._out.greeted:
            text += self._out.cutter.rest() + self._err.cutter.rest()
        return text.decode("utf-8", "replace").strip()

    def feed(self, data: bytes, *, stderr: bool = False) -> list[Said]:
        """What the worker said with these bytes."""
        said: list[Said] = []
        if self._broken:
            return said
        try:
            stream = self._err if stderr else self._out
            for piece in stream.cutter.feed(data):
                if isinstance(piece, tuple):
                    said.extend(self._line(stream, piece))
                elif stream.add(piece) and stream.asked:
                    said.append(Overflow(stream.asked[0]))
        except ValueError as error:
            self._broken = True
            said.append(Garbled(str(error)))
        return said

    def _line(self, stream: _Stream, words: tuple[str, ...]) -> Iterator[Said]:
        if not stream.greeted:
            yield from self._hello(stream, words)
        elif words == ("bye",) and stream is self._out and not stream.asked:
            yield Bye()
        else:
            number, *status = (_number(word) for word in words)
            if not stream.asked or number != stream.asked[0]:
                raise ValueError(f"a frame that was not asked for: {number}")
            if len(status) != (1 if stream is self._out else 0):
                raise ValueError("a frame of the wrong shape")
            stream.finish(status[0] if status else 0)
            yield from self._pairs()

    def _hello(self, stream: _Stream, words: tuple[str, ...]) -> Iterator[Said]:
        if not words or words[0] != "hello":
            raise ValueError("a frame before the hello")
        stream.greeted = True
        if stream is self._out:
            if len(words) != 4:
                raise ValueError("a hello of the wrong shape")
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
