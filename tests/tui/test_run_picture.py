"""The picture of a run: three hosts over real sshds, one dead, a worker that takes its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from textual.pilot import Pilot

from readiness_tui.display.rows import Running
from readiness_tui.launch import load_checklist
from readiness_tui.store import allow
from readiness_tui.tui.app import ReadinessApp
from tests.engine.fleet import Fleet
from tests.sshd import Sshd
from tests.tui.driving import app_on, begin, said, until, walk

pytestmark = pytest.mark.needs("sshd")

SERVER = "infrastructure.server"
DEAD_PORT = 1
"""Nobody listens there, on any machine; a free port would be another one in each picture."""


class Clock:
    """Stands still until it is put forward. In the place of the module `time`."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which a run measures how quick it is, and the screen how long an item takes."""
    clock = Clock()
    monkeypatch.setattr("readiness_tui.engine.run.time", clock)
    monkeypatch.setattr("readiness_tui.workspace.prober.time", clock)
    return clock


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Programs that tell their version; the worker does so when the file `open` is there."""
    folder = tmp_path / "programs"
    folder.mkdir()
    waits = f"while [ ! -e {folder}/open ]; do sleep 0.1; done\n"
    for name, before in (("payments", ""), ("payments-worker", waits), ("ship-logs", "")):
        (folder / name).write_text(f"#!/bin/sh\n{before}echo {name} 2.4.1\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def app(
    tmp_path: Path, sessions: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ReadinessApp]:
    """A launch on four hosts, app-3 of which is dead."""
    checklist = tmp_path / "fleet.yaml"
    text = Path(__file__).with_name("fleet.yaml").read_text()
    checklist.write_text(text.replace("PROGRAMS", str(programs)))
    allow.allow(load_checklist(str(checklist)).digest, checklist)
    fleet = Fleet(tmp_path)
    with ExitStack() as servers:
        for name in ("app-1", "app-2", "app-4"):
            fleet.add(name, servers.enter_context(Sshd(tmp_path / name)))
        fleet.place("app-3", DEAD_PORT)
        monkeypatch.setenv("READINESS_SSH_CONFIG", str(fleet.config))
        begin(
            sessions, checklist, name="payments-2.4", hosts=tuple(f"{n}={n},app" for n in sorted(fleet.hosts))
        )
        yield app_on(sessions, "payments-2.4")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
def test_one_dead_host_among_four(
    snap_compare: Callable[..., bool],
    app: ReadinessApp,
    size: tuple[int, int],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The hosts are asked by the real clock, which the card would show.
    monkeypatch.setattr("readiness_tui.display.sentences.moment", lambda at: "24 Nov 14:02")

    async def run(pilot: Pilot[None]) -> None:
        screen = await walk(pilot)
        screen.list.move_to(f"{SERVER}.exporter")
        await pilot.press("P")
        await until(pilot, lambda: "probing 13/16," in screen.workspace.prober.words())
        await until(pilot, lambda: screen.workspace.prober.running(f"{SERVER}.worker") == Running(0))
        clock.now += 4
        await until(pilot, lambda: "~1 s left" in said(screen))
        await until(pilot, lambda: not screen.workspace.unsaved)
        screen.draw()

    assert snap_compare(app, terminal_size=size, run_before=run)
