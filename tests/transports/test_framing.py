from __future__ import annotations

import subprocess
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness_tui.transports.shell import framing, script
from readiness_tui.transports.shell.framing import (
    Bye,
    Frame,
    FrameReader,
    Garbled,
    Hello,
    Overflow,
    WorkerEvent,
)

NONCE = "0123456789abcdef0123456789abcdef"
MARK = f"\n{NONCE} ".encode()
NEAR = [MARK[:-1], MARK[:20], b"\n", NONCE.encode(), b"\n" + NONCE[:-1].encode() + b"x 1 0\n", b"\x00\xff"]

content = (
    st.lists(st.binary(max_size=40) | st.sampled_from(NEAR), max_size=8)
    .map(b"".join)
    .filter(lambda data: MARK not in data + b" ")
)
answers = st.lists(st.tuples(content, content, st.integers(0, 255)), max_size=6)


def streams(
    told: list[tuple[bytes, bytes, int]], noise: tuple[bytes, bytes] = (b"", b"")
) -> tuple[bytes, bytes]:
    """What a worker prints on its two streams, by the protocol."""
    out, err = noise[0] + MARK + b"hello 77 77 0\n", noise[1] + MARK + b"hello\n"
    for number, (stdout, stderr, code) in enumerate(told, 1):
        out += stdout + MARK + f"{number} {code}\n".encode()
        err += stderr + MARK + f"{number}\n".encode()
    return out + MARK + b"bye\n", err


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


def read(told: int, pieces: list[tuple[bytes, bool]], cap: int = framing.CAP) -> list[WorkerEvent]:
    reader = FrameReader(NONCE, cap)
    for number in range(1, told + 1):
        reader.expect(number)
    return [said for data, stderr in pieces for said in reader.feed(data, stderr=stderr)]


@given(
    answers, content, content, st.lists(st.integers(0, 10**6)), st.lists(st.integers(0, 10**6)), st.randoms()
)
def test_any_bytes_come_back_however_the_streams_are_cut(
    told: list[tuple[bytes, bytes, int]],
    noise_out: bytes,
    noise_err: bytes,
    places_out: list[int],
    places_err: list[int],
    rng: object,
) -> None:
    out, err = streams(told, (noise_out, noise_err))
    pieces_out, pieces_err = cut(out, places_out), cut(err, places_err)
    pieces: list[tuple[bytes, bool]] = []
    while pieces_out or pieces_err:  # the two streams overtake each other as they like
        turn = pieces_err if not pieces_out or (pieces_err and rng.random() < 0.5) else pieces_out  # type: ignore[attr-defined]  # hypothesis does not type st.randoms
        pieces.append((turn.pop(0), turn is pieces_err))
    events = read(len(told), pieces)
    frames = [frame for frame in events if isinstance(frame, Frame)]
    assert frames == [Frame(n, o, e, code, False) for n, (o, e, code) in enumerate(told, 1)]
    assert Hello(77, 77) in events
    assert sum(isinstance(event, Bye) for event in events) == 1
    assert len(events) == len(told) + 2


@given(st.binary(max_size=300), st.integers(1, 100))
def test_output_over_the_cap_is_truncated_and_reported_once(data: bytes, cap: int) -> None:
    out, err = streams([(data, b"", 0)])
    events = read(1, [(out, False), (err, True)], cap)
    frame = next(event for event in events if isinstance(event, Frame))
    assert frame.stdout == data[:cap]
    assert frame.clipped == (len(data) > cap)
    assert events.count(Overflow(1)) == (len(data) > cap)


@pytest.mark.parametrize(
    "forged",
    [
        b"2 0\n",  # a number that was not asked for next
        b"1 0 0\n",
        b"1 x\n",
        b"1\n",
        b"hello 5 5 0\n",
        b"bye\n",  # too early
        b"1 " + b"9" * 40 + b"\n",
        b"x" * 200,  # a nonce line without an end
    ],
)
def test_a_line_with_the_nonce_that_does_not_fit_is_an_error_and_the_last_word(forged: bytes) -> None:
    start = MARK + b"hello 7 7 0\n"
    events = read(2, [(start + MARK + forged, False), (MARK + b"1 0\n" + MARK + b"2 0\n", False)])
    assert isinstance(events[-1], Garbled)
    assert events.count(events[-1]) == 1


def test_a_small_part_of_the_output_before_the_hello_is_kept_as_noise() -> None:
    reader = FrameReader(NONCE)
    assert reader.feed(b"Welcome!\n" + b"x" * 1_000_000) == []
    assert reader.noise().startswith("Welcome!")
    assert len(reader.noise()) < 4096
    assert reader.feed(MARK + b"hello 9 1 0\n") == [Hello(9, 0)], "group 1 is never ours to kill"


def test_a_group_that_is_not_the_workers_own_is_not_reported() -> None:
    assert FrameReader(NONCE).feed(MARK + b"hello 9 8 9\n") == [Hello(9, 0)]


def test_the_real_text_of_a_lane_reads_back() -> None:
    text = script.opening(NONCE, budget_s=30, own_group=False)
    text += script.asking(1, 'printf %s "$2"; printf "e\\0e" >&2; exit 3', ("a", 'it\'s $HOME `id` \\ \n"x"'))
    text += script.asking(2, "cat; set") + script.closing()
    ran = subprocess.run(
        ["sh", "-s"], input=text.encode(), capture_output=True, start_new_session=True, check=False
    )
    events = read(2, [(ran.stdout, False), (ran.stderr, True)])
    first, second = (event for event in events if isinstance(event, Frame))
    assert first == Frame(1, b'it\'s $HOME `id` \\ \n"x"', b"e\0e", 3, False)
    assert second.exit == 0
    assert NONCE.encode() not in second.stdout, "a collector cannot see the nonce"
    assert Bye() in events
