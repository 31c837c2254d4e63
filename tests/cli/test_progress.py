"""The progress of a run: a bar on a real terminal, plain lines elsewhere."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from readiness_tui.cli.support.progress import QUIET_S, Lines
from readiness_tui.engine.events import Progress
from readiness_tui.store.sessions import Sessions
from tests.cli.conftest import Readiness
from tests.tui.terminal import Terminal

SERVER = ("--only", "infrastructure.server")


def test_on_a_terminal_a_bar_counts_beside_the_hosts_and_what_went_wrong(
    readiness: Readiness, home: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and never says a word
        port = silent.getsockname()[1]
        readiness("new", "demo", "--host", "me=local,app", "--host", f"mute=127.0.0.1:{port},app")
        terminal = Terminal("probe", "demo", *SERVER, columns=120, environ={"TERM": "xterm-256color"})
        try:
            terminal.shows("16 checks on 2 targets")
            bar = re.compile(r"[━╸╺]+ +8/16 .*1 of 2 targets, \d+/(s|min), ~\d+ (s|min) left 0:00:\d\d")
            shown = terminal.until(lambda text: bar.search(text) is not None)
            assert "infrastructure.server.timezone" in shown, "what was found scrolls by above it"
            terminal.send("\x03")
            assert terminal.ended() == 130
        finally:
            terminal.close()
    assert "8/16" not in terminal.text, "the bar is gone"
    outcomes = Sessions(home / "kept").load("demo").record("infrastructure.server.timezone").outcomes
    assert "mute" not in outcomes, "a cancelled check is not an outcome"


def test_without_a_terminal_each_hosts_end_says_how_far_it_is(program: Readiness) -> None:
    program("new", "demo", "--host", "me=local,app", "--host", "broken=exec:/no/such/command,app")
    done = program("probe", "demo", *SERVER)
    told = [line for line in done.err.splitlines() if " of 16 checks: " in line]
    assert len(told) == 2
    assert re.fullmatch(r"\d+ of 16 checks: .*1 of 2 targets.*", told[0])
    assert re.fullmatch(r"16 of 16 checks: (\d+ failed, )?\d+ unknown, 2 of 2 targets(, .*)?", told[1])
    assert "\x1b" not in done.err


def test_plain_lines_are_not_silent_for_long(capfd: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    lines = Lines(clock=lambda: now)
    standing = Progress(3, 8, 0, 2, unknown=1)
    lines.event(standing)
    now = QUIET_S - 0.1
    lines.event(standing)
    assert capfd.readouterr().err == ""
    now = QUIET_S
    lines.event(standing)
    lines.event(standing)
    assert capfd.readouterr().err == "3 of 8 checks: 1 unknown, 0 of 2 targets\n"
