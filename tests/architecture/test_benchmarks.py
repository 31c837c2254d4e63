"""The benchmarks run on a tiny size. The tests check what is measured, not how long it takes."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from benchmarks import load, namespaces, probing, saving
from benchmarks.gates import Gate
from benchmarks.lab import Lab
from benchmarks.measuring import Runs, Sample, interleave
from benchmarks.relay import Relay
from readiness_tui.errors import SessionError

TINY = load.CHECKS[:3]


@pytest.mark.needs("sshd")
def test_probing_measures_ours_and_bare_ssh_near_and_far() -> None:
    options = probing.Options(
        rounds=1, peer_rounds=0, rtts_s=(0.0, 0.02), checks=TINY, fleet=2, warm_up=False
    )
    measured = probing.measure(options)

    assert measured.runs.not_run == {}
    for name in ("ssh-true", "ssh-script", "ours", "ours-warm", "ours-process"):
        for rtt in options.rtts_s:
            (sample,) = measured.runs.samples[name, rtt]
            assert (sample.wire is None) == (rtt == 0), name
            assert sample.connections == (0 if name == "ours-warm" else 1), name
    table = probing.markdown(measured)
    assert "| ours, in-process, cold |" in table
    assert "| ansible / cold, RTT 20 | not run |" in table
    assert {gate["name"] for gate in json.loads(probing.as_json(measured))["gates"]} >= {"shells a host"}


@pytest.mark.needs("sshd")
def test_the_program_measures_over_packets_where_it_may_and_says_over_what() -> None:
    few = "--rounds 1 --peer-rounds 0 --rtt 20 --checks 3 --fleet 2 --json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.probing", *few.split()], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    output = json.loads(done.stdout)

    assert output["line"] == probing.LINE[namespaces.possible()]
    assert output["not_run"] == {}
    assert {sample["contender"] for sample in output["samples"]} >= {"ssh-true", "ours", "ours-first"}
    assert all(sample["wire"] > 1000 for sample in output["samples"])


@pytest.mark.needs("sshd")
def test_a_contender_that_leaves_checks_unanswered_is_not_run_and_says_so() -> None:
    class Lazy:
        name = title = "lazy"

        def prepare(self, lab: Lab, checks: object) -> None:
            """Nothing to prepare."""

        def run(self) -> int:
            return len(TINY) - 1

        def finish(self) -> dict[str, float]:
            return {}

    runs = Runs()
    with Lab() as lab:
        interleave(runs, [Lazy()], lab, TINY, rtts_s=(0.0,), rounds=2, warm_up=False)

    assert runs.samples == {}
    assert runs.not_run == {"lazy": "answered 2 of 3 checks"}


def test_the_relay_holds_every_byte_half_a_round_trip_and_counts_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        echo = threading.Thread(target=_echo_once, args=(server,), daemon=True)
        echo.start()
        with Relay(server.getsockname()[1]) as relay:
            relay.move(0.05)
            with socket.create_connection(("127.0.0.1", relay.port)) as client:
                began = time.monotonic()
                client.sendall(b"question")
                first = _all(client, 8)
                met = time.monotonic()
                client.sendall(b"again")
                second = _all(client, 5)
                ended = time.monotonic()
            counts = relay.counts()
        echo.join()

    assert (first, second) == (b"question", b"again")
    assert met - began >= 0.1  # one round trip to set up, one to ask
    assert ended - met >= 0.05
    assert (counts.sent, counts.received, counts.connections) == (13, 13, 1)


def _echo_once(server: socket.socket) -> None:
    peer, _ = server.accept()
    with peer:
        while heard := peer.recv(100):
            peer.sendall(heard)


def _all(client: socket.socket, length: int) -> bytes:
    heard = b""
    while len(heard) < length:
        heard += client.recv(100)
    return heard


def test_medians_and_goals() -> None:
    runs = Runs()
    runs.samples["ours", 0.0] = [Sample(seconds, 0, 0, None, 1, 4) for seconds in (3.0, 1.0, 2.0)]

    assert runs.seconds("ours", 0.0) == 2.0
    assert runs.seconds("ours", 0.02) is None
    assert Gate("a", 0.6, 0.6, "x").held is True
    assert Gate("a", 49.0, 50, "x", at_least=True).held is False
    assert Gate("a", None, 1, "x").held is None


def test_the_sixty_checks_have_unique_names() -> None:
    assert len(load.CHECKS) == 60
    assert load.script(TINY).count(load.MARK) == 3


def test_saving_measures_a_small_session(tmp_path: Path) -> None:
    took = saving.measure(4, 2, tmp_path, rounds=2)

    assert (took.items, took.hosts) == (4, 2)
    assert took.save > 0
    assert took.plain_load > 0
    assert "| 4 x 2 |" in saving.markdown([took], 2)


def test_saving_does_not_measure_over_a_launch_that_is_there(tmp_path: Path) -> None:
    work = saving.session(4, 2)
    (tmp_path / "bench" / f"{work.day}.toml").mkdir(parents=True)

    with pytest.raises(SessionError, match="already exists"):
        saving.measure(4, 2, tmp_path, rounds=2)


def test_unknown_words_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert probing.options(["--quick"])[0].peer_rounds == 0
    assert probing.options(["--rtt", "5", "--rounds", "2"])[0].rtts_s == (0.005,)
    with pytest.raises(SystemExit):
        probing.options(["--nonsense"])
    assert "--nonsense" in capsys.readouterr().err
